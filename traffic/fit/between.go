package fit

import (
	"math"
	"slices"
	"time"
)

// Between is the time from the end of a service until its agent is ready for the
// next one, told from the gap between two services of a session, the first of
// which ended while somebody waited: agents who end a call with nobody waiting
// take longer, and a scenario has one law for both; it is under load that it
// decides how long callers wait. Where the next customer waited too, nobody was
// free when he came, and the gap is that time. Where he did not, the agent had been
// idle: the time was shorter than the gap, which is cut on the left. The
// distribution is Kaplan and Meier's with time reversed (Gomez, Julia and Utzet
// 1994): F(t) = product over t_i > t of 1 - d_i/n_i, n_i the gaps of at most t_i.
type Between struct {
	Waiting int     // gaps before a customer who was waiting when the service ended
	Median  float64 // seconds, of these; NaN if there are none
	Exact   int     // after a service that ended while somebody waited: gaps before a customer who waited
	Cut     int     // gaps before one who did not
	All     Estimate
	Idle    Estimate  // the same after services that ended while nobody waited
	T, F    []float64 // the reversed estimate: a part F of all is at most T seconds
}

// waiting is when customers waited: entries to the queue and exits, each rising.
type waiting struct{ in, out []time.Duration }

func (h *History) waiting() *waiting {
	w := &waiting{}
	for i := range h.calls {
		if c := &h.calls[i]; c.wait > 0 {
			w.in, w.out = append(w.in, c.entry), append(w.out, c.entry+c.wait)
		}
	}
	slices.Sort(w.in)
	slices.Sort(w.out)
	return w
}

// at is how many waited at t: those who came at t count, those who left do not.
func (w *waiting) at(t time.Duration) int {
	in, _ := slices.BinarySearch(w.in, t+1)
	out, _ := slices.BinarySearch(w.out, t+1)
	return in - out
}

// between looks at the gaps within sessions.
func between(known [][]service, w *waiting, gap time.Duration) Between {
	var b Between
	var already []float64
	var exact, cut [2][]float64 // 0: after a service that ended while somebody waited
	for _, list := range known {
		end := time.Duration(math.MinInt64)
		for i, s := range list {
			if g := s.start - end; i > 0 && g <= gap {
				x, k := max(0, g).Seconds(), 0
				if w.at(end) == 0 {
					k = 1
				}
				if s.waited {
					exact[k] = append(exact[k], x)
				} else {
					cut[k] = append(cut[k], x)
				}
				if s.waited && s.entry <= end {
					already = append(already, x)
				}
			}
			end = max(end, s.end)
		}
	}
	slices.Sort(already)
	b.Waiting, b.Median = len(already), quantile(already, 0.5)
	b.Exact, b.Cut = len(exact[0]), len(cut[0])
	t, f := reversed(exact[1], cut[1])
	b.Idle = reversedMean(t, f, len(exact[1]))
	b.T, b.F = reversed(exact[0], cut[0])
	b.All = reversedMean(b.T, b.F, len(exact[0]))
	return b
}

// reversed is Kaplan and Meier's estimate with time reversed, of lengths of which
// some are only known to be at most so long.
func reversed(exact, cut []float64) (t, f []float64) {
	if len(exact) == 0 {
		return nil, nil
	}
	minus := func(list []float64) []float64 {
		out := make([]float64, len(list))
		for i, x := range list {
			out[i] = -x
		}
		return out
	}
	// Reversed, a length at most c is one cut at -c; ends come before cuts at equal
	// times there, as here a length of exactly c is at most c.
	km := kaplanMeier(newSample(minus(exact), minus(cut)))
	before := 1.0
	for i := range km.T {
		t, f = append(t, -km.T[i]), append(f, before)
		before = km.S[i]
	}
	slices.Reverse(t)
	slices.Reverse(f)
	return t, f
}

// reversedMean is the mean of the estimate, with the error of so many lengths.
func reversedMean(t, f []float64, n int) Estimate {
	m, square, before := 0.0, 0.0, 0.0
	for i, x := range t {
		p := f[i] - before
		m, square, before = m+p*x, square+p*x*x, f[i]
	}
	if n == 0 {
		return unknown()
	}
	return around(m, math.Sqrt(max(0, square-m*m)/float64(n)), float64(n-1))
}
