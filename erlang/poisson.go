package erlang

import "math"

// logPoisson returns ln(a^x e^-a / x!), the logarithm of the Poisson probability
// of x at mean a > 0, for an integer x >= 0.
//
// Saddle-point expansion of C. Loader, Fast and Accurate Computation of Binomial
// Probabilities (2000): the large terms of x ln a - a - ln x! cancel on paper,
// not in the machine.
func logPoisson(x, a float64) float64 {
	if x == 0 {
		return -a
	}
	return -stirlingError(x) - deviance(x, a) - 0.5*math.Log(2*math.Pi*x)
}

// deviance returns x ln(x/a) + a - x >= 0 without cancellation near x = a.
func deviance(x, a float64) float64 {
	d := x - a
	if math.Abs(d) >= 0.1*(x+a) {
		return x*logRatio(x, a) - d
	}
	// x ln(x/a) = 2x artanh(v) with v = (x-a)/(x+a), and a - x = -v(x+a).
	v := d / (x + a)
	sum := d * v
	term := 2 * x * v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := sum + term/j
		if next == sum {
			return sum
		}
		sum = next
	}
}

// stirlingError returns ln x! - (x+1/2) ln x + x - ln(2 pi)/2, what Stirling's
// formula leaves out, for an integer x >= 1.
func stirlingError(x float64) float64 {
	if x < float64(len(stirlingErrors)) {
		return stirlingErrors[int(x)]
	}
	y := 1 / (x * x)
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-y/1188)*y)*y)*y) / x
}

// Computed with 40 digits; the series takes over where it has 16.
var stirlingErrors = [...]float64{
	0,
	0.08106146679532725822,
	0.041340695955409294094,
	0.027677925684998339149,
	0.020790672103765093112,
	0.016644691189821192163,
	0.013876128823070747999,
	0.011896709945891770095,
	0.010411265261972096497,
	0.0092554621827127329177,
	0.0083305634333628712565,
	0.007573675487951840795,
	0.0069428401072095298657,
	0.0064089941880042070684,
	0.0059513701127588477356,
	0.005554733551962801371,
}

// logSum returns ln(e^x + e^y).
func logSum(x, y float64) float64 {
	if x < y {
		x, y = y, x
	}
	if math.IsInf(x, 0) {
		return x
	}
	return x + math.Log1p(math.Exp(y-x))
}

// logGap returns ln(1 - e^-x) for x >= 0.
func logGap(x float64) float64 {
	if x > 1 {
		return math.Log1p(-math.Exp(-x))
	}
	return math.Log(-math.Expm1(-x))
}

// softplus returns ln(1 + e^x).
func softplus(x float64) float64 {
	if x > 40 {
		return x
	}
	return math.Log1p(math.Exp(x))
}

// logRatio returns ln(x/y) for x >= 0 and y > 0, accurate also near 0 and where
// x/y leaves the range of a float64.
func logRatio(x, y float64) float64 {
	r := x / y
	switch {
	case r > 0.5 && r < 2:
		return math.Log1p((x - y) / y)
	case r < 1e-300 || r > 1e300:
		return math.Log(x) - math.Log(y)
	}
	return math.Log(r)
}

// logPoissonFrom returns ln P(X >= k) for X Poisson with mean x > 0 and an
// integer k >= 1, in O(sqrt(k)) time.
func logPoissonFrom(k, x float64) float64 {
	if k > x {
		return logPoisson(k, x) + math.Log1p(above(int(k), x))
	}
	// P(X <= k-1) = P(X = k-1)/B(k-1, x), at most about 0.6 here.
	return math.Log1p(-math.Exp(logPoisson(k-1, x) - LogB(int(k)-1, x)))
}
