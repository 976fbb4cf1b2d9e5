package output

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Kind says what an interval is about.
type Kind string

// The kinds.
const (
	Confidence Kind = "confidence"
	Prediction Kind = "prediction"
	None       Kind = "none" // too few replications for one
)

// Estimate is a value with an interval. Low and High are NaN if Kind is None;
// all are NaN where the measure is undefined.
type Estimate struct {
	Value, Low, High float64
	Kind             Kind
	N                int // replications or batches it rests on
}

// Half returns half the interval's width.
func (e Estimate) Half() float64 { return (e.High - e.Low) / 2 }

// Undefined is the estimate of a measure over nothing.
func Undefined() Estimate {
	return Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Kind: None}
}

// Sums holds the numerators and denominators of one measure, one of each for a
// replication.
type Sums struct{ Num, Den []float64 }

// Add appends one replication.
func (s *Sums) Add(num, den float64) { s.Num, s.Den = append(s.Num, num), append(s.Den, den) }

// Ratio returns sum over sum with a confidence interval at the given level by
// the delta method over replications:
//
//	s^2 = 1/(n(n-1)) sum (x_i - r y_i)^2 / ybar^2,   r -+ t(n-1) s
//
// Constant denominators make it the mean with Student's interval. Replications
// must be independent; n of at least 2 is needed for an interval. (Asmussen
// and Glynn 2007, section III.4.)
func (s *Sums) Ratio(level float64) Estimate {
	n := len(s.Num)
	var x, y float64
	for i := range n {
		x += s.Num[i]
		y += s.Den[i]
	}
	if n == 0 || y == 0 {
		return Undefined()
	}
	r := x / y
	e := Estimate{Value: r, Low: math.NaN(), High: math.NaN(), Kind: None, N: n}
	if n < 2 {
		return e
	}
	var ss float64
	for i := range n {
		d := s.Num[i] - r*s.Den[i]
		ss += d * d
	}
	ybar := y / float64(n)
	half := Student(level, n-1) * math.Sqrt(ss/float64(n)/float64(n-1)) / ybar
	e.Low, e.High, e.Kind = r-half, r+half, Confidence
	return e
}

// Each returns the ratio of every replication in which it is defined.
func (s *Sums) Each() []float64 {
	var v []float64
	for i := range s.Num {
		if s.Den[i] != 0 {
			v = append(v, s.Num[i]/s.Den[i])
		}
	}
	return v
}

// Predict returns the mean of single replications' ratios with a prediction
// interval for one more, by order statistics: with n sorted values, the j-th
// smallest and largest enclose a new one with probability 1 - 2j/(n+1)
// whatever the distribution. It needs n >= 2/(1-level) - 1; with fewer it
// takes all there are and the interval's level is lower: the returned level
// tells.
func (s *Sums) Predict(level float64) (e Estimate, reached float64) {
	v := s.Each()
	n := len(v)
	if n < 2 {
		return Undefined(), 0
	}
	slices.Sort(v)
	j := int(math.Floor((1 - level) / 2 * float64(n+1)))
	j = max(j, 1)
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return Estimate{Value: sum / float64(n), Low: v[j-1], High: v[n-j], Kind: Prediction, N: n}, 1 - 2*float64(j)/float64(n+1)
}

// Difference returns b minus a, replication by replication the same callers
// (common random numbers), with a confidence interval by the delta method on
// the pairs.
func Difference(a, b *Sums, level float64) Estimate {
	n := min(len(a.Num), len(b.Num))
	a, b = a.first(n), b.first(n) // one that was interrupted has fewer
	ra, rb := a.Ratio(level), b.Ratio(level)
	if n == 0 || math.IsNaN(ra.Value) || math.IsNaN(rb.Value) {
		return Undefined()
	}
	e := Estimate{Value: rb.Value - ra.Value, Low: math.NaN(), High: math.NaN(), Kind: None, N: n}
	if n < 2 {
		return e
	}
	ya, yb := mean(a.Den), mean(b.Den)
	var ss float64
	for i := range n {
		d := (b.Num[i]-rb.Value*b.Den[i])/yb - (a.Num[i]-ra.Value*a.Den[i])/ya
		ss += d * d
	}
	half := Student(level, n-1) * math.Sqrt(ss/float64(n)/float64(n-1))
	e.Low, e.High, e.Kind = e.Value-half, e.Value+half, Confidence
	return e
}

func (s *Sums) first(n int) *Sums { return &Sums{Num: s.Num[:n], Den: s.Den[:n]} }

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// Student returns the two-sided quantile of Student's distribution: the t for
// which -t..t holds level. A level of 1 - 1e-6 works as well as 0.95.
func Student(level float64, df int) float64 {
	return -distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile((1 - level) / 2)
}

// Wilson returns the proportion k/n with Wilson's score interval, which stays
// in [0, 1] and is honest at k = 0 and k = n (Wilson 1927).
func Wilson(k, n int, level float64) Estimate {
	if n == 0 {
		return Undefined()
	}
	z := -distuv.UnitNormal.Quantile((1 - level) / 2)
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	e := Estimate{Value: p, Low: max(mid-half, 0), High: min(mid+half, 1), Kind: Confidence, N: n}
	if k == 0 {
		e.Low = 0 // exactly: rounding leaves some 1e-17
	}
	if k == n {
		e.High = 1
	}
	return e
}
