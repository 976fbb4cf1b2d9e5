package traffic

import (
	"math"
	"time"

	"gonum.org/v1/gonum/mathext"
)

// Law is a distribution of lengths of time, in seconds, none negative: talk,
// wrap-up, patience, answer time, delay of a redial.
//
// It is a small comparable value; copy it. The zero Law is always 0. Laws come
// from Exponential, Lognormal, Gamma, Weibull, Hyperexponential, Deterministic,
// Empirical, Quantiles and Never; Balking and Scaled change one.
type Law struct {
	kind kind
	of   kind    // of what, if kind is balking
	zero float64 // probability of 0 before anything else
	a, b float64 // as each kind says
	c, d float64
	more *table // gamma, empirical
}

type kind uint8

const (
	deterministic    kind = iota // a = length
	exponential                  // a = mean
	lognormal                    // a = mean, b = cv, c = mean of the logarithm, d = its standard deviation
	gamma                        // a = mean, b = cv, c = scale, d = shape, more = quantiles of scale 1
	weibull                      // a = mean, b = shape, c = scale, d = 1/shape
	hyperexponential             // a = probability of mean b, else mean c >= b
	empirical                    // a = factor, more = points
	never                        // always +Inf
	balking
)

var kindNames = [...]string{"deterministic", "exponential", "lognormal", "gamma", "weibull", "hyperexponential", "empirical", "never", "balking"}

// Kind names the family of l, in the word its constructor has.
func (l Law) Kind() string { return kindNames[l.kind] }

// IsZero reports whether l is the zero Law, which is also Deterministic(0).
func (l Law) IsZero() bool { return l == Law{} }

// Quantile returns the length in seconds that a part u of all are not longer
// than. It never falls as u grows.
//
// Exponential, deterministic and lognormal are closed forms, as is Weibull.
// Gamma is interpolated between exact points to a relative 1e-10.
// Hyperexponential is solved by Newton's method from below.
//
// Special cases are:
//
//	Quantile(0) = the least length, 0 for the continuous families
//	Quantile(1) = the greatest, +Inf for the continuous families
//	Quantile(u) = NaN if u is not in [0, 1]
func (l Law) Quantile(u float64) float64 {
	if l.kind == exponential && u < 1 && u >= 0 {
		return -l.a * ln1m(u)
	}
	return l.quantile(u)
}

func (l *Law) quantile(u float64) float64 {
	if !(u >= 0 && u <= 1) {
		return math.NaN()
	}
	k := l.kind
	if k == balking {
		if u <= l.zero {
			return 0
		}
		k = l.of
		if u < 1 {
			u = min((u-l.zero)/(1-l.zero), 1-0x1p-53) // rounding must not make +Inf of it
		}
	}
	switch k {
	case deterministic:
		return l.a
	case empirical:
		return l.a * l.more.at(u)
	case never:
		return math.Inf(1)
	}
	switch u { // the continuous families reach from 0 to +Inf
	case 0:
		return 0
	case 1:
		return math.Inf(1)
	}
	switch k {
	case exponential:
		return -l.a * ln1m(u)
	case lognormal:
		return math.Exp(l.c + l.d*mathext.NormalQuantile(u))
	case gamma:
		return l.c * l.more.gamma(l.d, u)
	case weibull:
		return l.c * math.Exp(l.d*math.Log(-ln1m(u))) // math.Pow takes three times as long
	}
	return hyperQuantile(l.a, l.b, l.c, u)
}

// Draw returns the length that luck has for purpose p, k-th time, by inversion,
// rounded once to whole nanoseconds. Lengths of 292 years and more, +Inf among
// them, are math.MaxInt64. It allocates nothing.
func (l *Law) Draw(luck Luck, p Purpose, k uint32) time.Duration {
	if l.kind == exponential {
		return nanoseconds(-l.a * ln(1-luck.Uniform(p, k)))
	}
	return l.draw(luck, p, k)
}

func (l *Law) draw(luck Luck, p Purpose, k uint32) time.Duration {
	if l.kind == deterministic {
		return nanoseconds(l.a)
	}
	return nanoseconds(l.quantile(luck.Uniform(p, k)))
}

// CDF returns the probability of a length of at most x seconds: 0 for negative
// x, NaN for NaN.
func (l Law) CDF(x float64) float64 {
	f, _ := l.split(x)
	return f
}

// Survival returns the probability of a length of more than x seconds, exact also
// where CDF has rounded to 1.
func (l Law) Survival(x float64) float64 {
	_, s := l.split(x)
	return s
}

// split returns both, each computed without taking the other from 1.
func (l *Law) split(x float64) (cdf, survival float64) {
	switch {
	case math.IsNaN(x):
		return x, x
	case x < 0:
		return 0, 1
	case l.kind == balking:
		in := *l
		in.kind, in.zero = l.of, 0
		f, s := in.split(x)
		return l.zero + (1-l.zero)*f, (1 - l.zero) * s
	case l.kind == deterministic:
		if x < l.a {
			return 0, 1
		}
		return 1, 0
	case l.kind == empirical:
		f := l.more.below(x / l.a)
		return f, 1 - f
	case l.kind == never:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	case x == 0:
		return 0, 1
	}
	switch l.kind {
	case lognormal:
		z := (math.Log(x) - l.c) / l.d / math.Sqrt2
		return math.Erfc(-z) / 2, math.Erfc(z) / 2
	case gamma:
		return mathext.GammaIncReg(l.d, x/l.c), mathext.GammaIncRegComp(l.d, x/l.c)
	case hyperexponential:
		e, f := -x/l.b, -x/l.c
		return -(l.a*math.Expm1(e) + (1-l.a)*math.Expm1(f)), l.a*math.Exp(e) + (1-l.a)*math.Exp(f)
	}
	h := x / l.a // exponential
	if l.kind == weibull {
		h = math.Pow(x/l.c, l.b)
	}
	return -math.Expm1(-h), math.Exp(-h)
}

// Mean returns the mean length in seconds, +Inf for Never.
func (l Law) Mean() float64 {
	m, _ := l.moments()
	return m
}

// Variance returns the variance in seconds squared, NaN where the mean is +Inf.
func (l Law) Variance() float64 {
	_, v := l.moments()
	return v
}

// CV returns the coefficient of variation, the standard deviation over the mean;
// 0 where the mean is 0.
func (l Law) CV() float64 {
	m, v := l.moments()
	if m == 0 {
		return 0
	}
	return math.Sqrt(v) / m
}

func (l *Law) moments() (mean, variance float64) {
	switch l.kind {
	case exponential:
		return l.a, l.a * l.a
	case lognormal, gamma:
		return l.a, l.a * l.a * l.b * l.b
	case weibull:
		// Γ(1+2k)/Γ(1+k)² - 1, k = 1/shape, in a form that does not overflow
		g1, _ := math.Lgamma(1 + l.d)
		g2, _ := math.Lgamma(1 + 2*l.d)
		return l.a, l.a * l.a * math.Expm1(g2-2*g1)
	case hyperexponential:
		mean = l.a*l.b + (1-l.a)*l.c
		d := l.c - l.b
		return mean, l.a*l.b*l.b + (1-l.a)*l.c*l.c + l.a*(1-l.a)*d*d
	case empirical:
		m, v := l.more.moments()
		return l.a * m, l.a * l.a * v
	case never:
		return math.Inf(1), math.NaN()
	case balking:
		in := *l
		in.kind, in.zero = l.of, 0
		m, v := in.moments()
		return (1 - l.zero) * m, (1-l.zero)*v + l.zero*(1-l.zero)*m*m
	}
	return l.a, 0
}
