package traffic

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"
)

// Law is a distribution of a non-negative time, in seconds. It is a value
// without an interface, since the simulator draws from it millions of times a
// second. The zero Law is deterministic 0.
type Law struct {
	kind   lawKind
	a, b   float64
	c      float64
	points []float64 // empirical: sorted values
	inner  *Law      // mixture and scaled
}

type lawKind uint8

const (
	deterministic lawKind = iota // a = value
	exponential                  // a = mean
	lognormal                    // a = mu, b = sigma of the logarithm
	gamma                        // a = shape, b = scale
	weibull                      // a = scale, b = shape
	hyperexp                     // a = p, b = m1, c = m2
	balking                      // a = probability of 0, else inner
	empirical                    // points
	never                        // +Inf
	scaled                       // a = factor, of inner
)

var lawNames = [...]string{"deterministic", "exponential", "lognormal", "gamma", "weibull", "hyperexponential", "balking", "empirical", "never", "scaled"}

func positive(what string, x float64) error {
	if !(x > 0) || math.IsInf(x, 1) {
		return fmt.Errorf("%s is %v; want a positive finite number", what, x)
	}
	return nil
}

// Deterministic returns the law that is always d seconds.
func Deterministic(d float64) (Law, error) {
	if !(d >= 0) || math.IsInf(d, 1) {
		return Law{}, fmt.Errorf("deterministic value is %v; want seconds, 0 or more", d)
	}
	return Law{kind: deterministic, a: d}, nil
}

// Exponential returns the exponential law with a mean in seconds.
func Exponential(mean float64) (Law, error) {
	return Law{kind: exponential, a: mean}, positive("exponential mean", mean)
}

// Lognormal returns the lognormal law with a mean in seconds and a coefficient
// of variation (standard deviation over mean) of the time itself.
func Lognormal(mean, cv float64) (Law, error) {
	if err := errors.Join(positive("lognormal mean", mean), positive("lognormal cv", cv)); err != nil {
		return Law{}, err
	}
	s2 := math.Log1p(cv * cv)
	return Law{kind: lognormal, a: math.Log(mean) - s2/2, b: math.Sqrt(s2)}, nil
}

// Gamma returns the gamma law with a mean in seconds and a coefficient of
// variation; its shape is 1/cv^2.
func Gamma(mean, cv float64) (Law, error) {
	if err := errors.Join(positive("gamma mean", mean), positive("gamma cv", cv)); err != nil {
		return Law{}, err
	}
	shape := 1 / (cv * cv)
	return Law{kind: gamma, a: shape, b: mean / shape}, nil
}

// Weibull returns the Weibull law with a mean in seconds and a shape: below 1
// those who have waited long wait on, above 1 they tire.
func Weibull(mean, shape float64) (Law, error) {
	if err := errors.Join(positive("weibull mean", mean), positive("weibull shape", shape)); err != nil {
		return Law{}, err
	}
	return Law{kind: weibull, a: mean / math.Gamma(1+1/shape), b: shape}, nil
}

// Hyperexponential returns the mixture of two exponential laws: mean m1 with
// probability p, else m2.
func Hyperexponential(p, m1, m2 float64) (Law, error) {
	err := errors.Join(fraction("hyperexponential p", p), positive("hyperexponential m1", m1), positive("hyperexponential m2", m2))
	return Law{kind: hyperexp, a: p, b: m1, c: m2}, err
}

// Balking returns the law that is 0 with probability p and follows l else.
func Balking(p float64, l Law) (Law, error) {
	return Law{kind: balking, a: p, inner: &l}, fraction("balking probability", p)
}

// Empirical returns the law of observed values in seconds: its quantile
// function joins the order statistics, the i-th of n at (i-1/2)/n.
func Empirical(values []float64) (Law, error) {
	if len(values) == 0 {
		return Law{}, errors.New("empirical law has no values; want at least one")
	}
	s := slices.Clone(values)
	slices.Sort(s)
	if !(s[0] >= 0) || math.IsInf(s[len(s)-1], 1) {
		return Law{}, fmt.Errorf("empirical values range from %v to %v; want seconds, 0 or more", s[0], s[len(s)-1])
	}
	return Law{kind: empirical, points: s}, nil
}

// Never returns the law of a patience that has no end.
func Never() Law { return Law{kind: never} }

// Scaled returns l with every quantile times f: a novice is f times slower for
// the same call.
func Scaled(l Law, f float64) (Law, error) {
	return Law{kind: scaled, a: f, inner: &l}, positive("scale factor", f)
}

func fraction(what string, p float64) error {
	if !(p >= 0 && p <= 1) {
		return fmt.Errorf("%s is %v; want a fraction in [0, 1]", what, p)
	}
	return nil
}

// IsZero reports whether l is the zero Law.
func (l *Law) IsZero() bool { return l.kind == deterministic && l.a == 0 }

// IsNever reports whether l never ends.
func (l *Law) IsNever() bool { return l.kind == never }

// Kind returns the law's name.
func (l *Law) Kind() string { return lawNames[l.kind] }

// Draw returns the law's quantile at luck's uniform for (p, k), rounded once
// to whole nanoseconds; an infinite time is math.MaxInt64.
func (l *Law) Draw(luck Luck, p Purpose, k uint32) time.Duration {
	if l.kind == deterministic {
		return time.Duration(l.a*1e9 + 0.5)
	}
	if l.kind == exponential {
		return toDuration(l.a * negLog(1-luck.Uniform(p, k)))
	}
	return toDuration(l.Quantile(luck.Uniform(p, k)))
}

func toDuration(s float64) time.Duration {
	if ns := s*1e9 + 0.5; ns < math.MaxInt64 {
		return time.Duration(ns)
	}
	return math.MaxInt64
}

// Quantile returns the time that is exceeded with probability 1-u, for u in
// (0, 1). It rises with u. The gamma quantile is gonum's inverse of the
// regularised incomplete gamma function; the hyperexponential one is found by
// Newton's method inside a bracket, to 1e-14 relative.
func (l *Law) Quantile(u float64) float64 {
	switch l.kind {
	case deterministic:
		return l.a
	case exponential:
		return -l.a * math.Log1p(-u)
	case lognormal:
		return math.Exp(l.a - l.b*math.Sqrt2*math.Erfcinv(2*u))
	case gamma:
		return l.b * mathext.GammaIncRegInv(l.a, u)
	case weibull:
		return l.a * math.Pow(-math.Log1p(-u), 1/l.b)
	case hyperexp:
		return l.hyperQuantile(u)
	case balking:
		if u <= l.a {
			return 0
		}
		return l.inner.Quantile((u - l.a) / (1 - l.a))
	case empirical:
		return l.empiricalQuantile(u)
	case never:
		return math.Inf(1)
	default:
		return l.a * l.inner.Quantile(u)
	}
}

func (l *Law) hyperQuantile(u float64) float64 {
	e := -math.Log1p(-u)
	lo, hi := e*min(l.b, l.c), e*max(l.b, l.c) // the survival lies between those of its parts
	x := e * (l.a*l.b + (1-l.a)*l.c)
	for range 100 {
		x = min(max(x, lo), hi)
		s1, s2 := l.a*math.Exp(-x/l.b), (1-l.a)*math.Exp(-x/l.c)
		f := s1 + s2 - (1 - u)
		if f > 0 {
			lo = x
		} else {
			hi = x
		}
		next := x + f/(s1/l.b+s2/l.c)
		if !(next > lo && next < hi) {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-x) <= 1e-14*x {
			return next
		}
		x = next
	}
	return x
}

func (l *Law) empiricalQuantile(u float64) float64 {
	n := len(l.points)
	x := u*float64(n) - 0.5
	i := int(math.Floor(x))
	switch {
	case i < 0:
		return l.points[0]
	case i >= n-1:
		return l.points[n-1]
	}
	f := x - float64(i)
	return l.points[i] + f*(l.points[i+1]-l.points[i])
}

// CDF returns the probability of a time of at most x seconds.
func (l *Law) CDF(x float64) float64 { return 1 - l.Survival(x) }

// Survival returns the probability of a time longer than x seconds.
func (l *Law) Survival(x float64) float64 {
	if x < 0 {
		return 1
	}
	switch l.kind {
	case deterministic:
		if x >= l.a {
			return 0
		}
		return 1
	case exponential:
		return math.Exp(-x / l.a)
	case lognormal:
		if x == 0 {
			return 1
		}
		return math.Erfc((math.Log(x)-l.a)/(l.b*math.Sqrt2)) / 2
	case gamma:
		return mathext.GammaIncRegComp(l.a, x/l.b)
	case weibull:
		return math.Exp(-math.Pow(x/l.a, l.b))
	case hyperexp:
		return l.a*math.Exp(-x/l.b) + (1-l.a)*math.Exp(-x/l.c)
	case balking:
		return (1 - l.a) * l.inner.Survival(x)
	case empirical:
		return l.empiricalSurvival(x)
	case never:
		return 1
	default:
		return l.inner.Survival(x / l.a)
	}
}

func (l *Law) empiricalSurvival(x float64) float64 {
	p := l.points
	n := len(p)
	i, _ := slices.BinarySearch(p, math.Nextafter(x, math.Inf(1))) // values at most x
	switch {
	case i == 0:
		return 1
	case i == n:
		return 0
	}
	f := (x - p[i-1]) / (p[i] - p[i-1])
	return 1 - (float64(i-1)+f+0.5)/float64(n)
}

// Mean returns the mean in seconds; +Inf for Never.
func (l *Law) Mean() float64 {
	switch l.kind {
	case deterministic, exponential:
		return l.a
	case lognormal:
		return math.Exp(l.a + l.b*l.b/2)
	case gamma:
		return l.a * l.b
	case weibull:
		return l.a * math.Gamma(1+1/l.b)
	case hyperexp:
		return l.a*l.b + (1-l.a)*l.c
	case balking:
		return (1 - l.a) * l.inner.Mean()
	case empirical:
		s := 0.0
		for _, v := range l.points {
			s += v
		}
		return s / float64(len(l.points))
	case never:
		return math.Inf(1)
	default:
		return l.a * l.inner.Mean()
	}
}

// Variance returns the variance in seconds squared; NaN for Never.
func (l *Law) Variance() float64 {
	switch l.kind {
	case deterministic:
		return 0
	case exponential:
		return l.a * l.a
	case lognormal:
		m := l.Mean()
		return m * m * math.Expm1(l.b*l.b)
	case gamma:
		return l.a * l.b * l.b
	case weibull:
		m := l.Mean()
		return l.a*l.a*math.Gamma(1+2/l.b) - m*m
	case hyperexp:
		m := l.Mean()
		return 2*(l.a*l.b*l.b+(1-l.a)*l.c*l.c) - m*m
	case balking:
		m, v := l.inner.Mean(), l.inner.Variance()
		mean := (1 - l.a) * m
		return (1-l.a)*(v+m*m) - mean*mean
	case empirical:
		m, s := l.Mean(), 0.0
		for _, v := range l.points {
			s += (v - m) * (v - m)
		}
		return s / float64(len(l.points))
	case never:
		return math.NaN()
	default:
		return l.a * l.a * l.inner.Variance()
	}
}

// CV returns the coefficient of variation; NaN where it has none.
func (l *Law) CV() float64 { return math.Sqrt(l.Variance()) / l.Mean() }

// String prints the law as scenario files write it.
func (l *Law) String() string {
	sec := func(x float64) string { return fmt.Sprintf("%.6gs", x) }
	switch l.kind {
	case deterministic:
		return sec(l.a)
	case exponential:
		return "exponential mean " + sec(l.a)
	case hyperexp:
		return fmt.Sprintf("hyperexponential %.4g x %s, else %s", l.a, sec(l.b), sec(l.c))
	case balking:
		return fmt.Sprintf("0 with probability %.4g, else %s", l.a, l.inner)
	case empirical:
		return fmt.Sprintf("empirical, %d values, mean %s", len(l.points), sec(l.Mean()))
	case never:
		return "never"
	case weibull:
		return fmt.Sprintf("weibull mean %s shape %.4g", sec(l.Mean()), l.b)
	case scaled:
		return fmt.Sprintf("%.4g x (%s)", l.a, l.inner)
	}
	return fmt.Sprintf("%s mean %s cv %.4g", l.Kind(), sec(l.Mean()), l.CV())
}
