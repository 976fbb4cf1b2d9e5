package preflight

import (
	"math"

	"callwright/erlang"
)

// Trunk is the load of the trunk's lines and what they lose of it: Erlang B.
type Trunk struct {
	Load     float64 // erlangs
	Blocking float64 // share of attempts that find all lines busy
	Need     []Need
}

// Need is how many lines lose at most a share of all attempts.
type Need struct {
	Blocking float64
	Lines    int
}

func (p *Plan) trunk() Trunk {
	a := p.CallsPerHour * p.Holding.Sum().Seconds() / 3600
	t := Trunk{Load: a, Blocking: erlang.B(p.Lines, a)}
	for _, b := range p.Blocking {
		t.Need = append(t.Need, Need{b, linesFor(a, b)})
	}
	return t
}

// linesFor returns the least n with B(n, a) <= share. B falls with n.
func linesFor(a, share float64) int {
	high := 1
	for erlang.B(high, a) > share {
		high *= 2
	}
	low := high / 2 // loses more, or is 0 lines, which lose all
	for high-low > 1 {
		if mid := low + (high-low)/2; erlang.B(mid, a) > share {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Peak is how many INVITEs come in a second: Poisson.
type Peak struct {
	Rate     float64 // calls/s, mean
	AtLeast  float64 // P(Plan.PeakCalls or more in one second)
	Quantile int     // not exceeded in one second with probability Plan.PeakWithin
}

func (p *Plan) peak() Peak {
	m := p.perSecond()
	k := int(m) // P(N > k) falls with k; the median is near the mean
	for k > 0 && poissonFrom(k, m) <= 1-p.PeakWithin {
		k--
	}
	for poissonFrom(k+1, m) > 1-p.PeakWithin {
		k++
	}
	return Peak{Rate: m, AtLeast: poissonFrom(p.PeakCalls, m), Quantile: k}
}

// poissonFrom returns P(N >= k) at mean m > 0, as the sum of its terms: a small tail is as
// accurate as a large one.
func poissonFrom(k int, m float64) float64 {
	if k <= 0 {
		return 1
	}
	lg, _ := math.Lgamma(float64(k) + 1)
	term := math.Exp(float64(k)*math.Log(m) - m - lg)
	if float64(k) < m { // the complement is the smaller sum, and terms only fall on the way down
		below := 0.0
		for i := k; i > 0; i-- {
			term *= float64(i) / m
			if below += term; term < 1e-18*below {
				break
			}
		}
		return 1 - below
	}
	sum := 0.0
	for i := k; term > 1e-18*sum; i++ {
		sum += term
		term *= m / float64(i+1)
	}
	return sum
}
