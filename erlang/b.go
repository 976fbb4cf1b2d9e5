package erlang

import "math"

// cutoff is the exponent at which a positive sum is cut: e^-42 is 6e-19, far
// below the rounding of a float64.
const cutoff = 42

// B returns the probability that a contact offered to n servers is lost when
// the offered load is a erlangs: Poisson arrivals, any service-time
// distribution, no waiting room (M/G/n/n). It is a fraction in [0, 1]; below
// about 1e-308 it is 0, see LogB.
//
// For n <= a it runs the recursion 1/B(k) = 1 + (k/a)/B(k-1), positive terms
// only, begun so far below n that the start is forgotten; for n > a it divides
// the Poisson probability of n by that of at most n. Time is O(sqrt(n)), some
// 10 µs at a million. Relative error is about 1e-13, and for n > a near that of
// LogB. References: ITU Teletraffic Engineering Handbook, chapter on Erlang's
// loss system; C. Loader, Fast and Accurate Computation of Binomial
// Probabilities (2000), for the Poisson probability.
//
// Special cases are:
//
//	B(0, a) = 1 for a >= 0
//	B(n, 0) = 0 for n > 0
//	B(n, +Inf) = 1
//	B(n, a) = NaN if n < 0, a < 0 or a is NaN
func B(n int, a float64) float64 {
	switch {
	case n < 0 || a < 0 || math.IsNaN(a):
		return math.NaN()
	case n == 0 || math.IsInf(a, 1):
		return 1
	case a == 0:
		return 0
	case float64(n) <= a || n <= 64:
		return 1 / inverseB(n, a)
	}
	return math.Exp(LogB(n, a))
}

// LogB returns the natural logarithm of B(n, a), also where B itself underflows.
// Its absolute error is about 1e-13 + |LogB|*1e-16. Assumptions, method and
// source are those of B.
//
// Special cases are:
//
//	LogB(0, a) = 0 for a >= 0
//	LogB(n, 0) = -Inf for n > 0
//	LogB(n, +Inf) = 0
//	LogB(n, a) = NaN if n < 0, a < 0 or a is NaN
func LogB(n int, a float64) float64 {
	switch {
	case n < 0 || a < 0 || math.IsNaN(a):
		return math.NaN()
	case n == 0 || math.IsInf(a, 1):
		return 0
	case a == 0:
		return math.Inf(-1)
	case float64(n) <= a:
		return -math.Log(inverseB(n, a))
	}
	// B = p/(1-P(X>n)), X Poisson; P(X>n) = p*above < 0.6 for n > a.
	lp := logPoisson(float64(n), a)
	return lp - math.Log1p(-math.Exp(lp)*above(n, a))
}

// inverseB returns 1/B(n, a) by the recursion. For n > a it starts at 0 and may
// overflow to +Inf.
func inverseB(n int, a float64) float64 {
	start := 0
	inv := 1.0
	if m := memory(float64(n), math.Log(a/float64(n))); m < float64(n) && float64(n) <= a {
		start = n - int(m)
	}
	for k := start + 1; k <= n; k++ {
		inv = 1 + float64(k)/a*inv
	}
	return inv
}

// above returns P(X > n)/P(X = n) for X Poisson with mean a < n: the sum of
// a^j/((n+1)...(n+j)) over j >= 1, innermost bracket first.
func above(n int, a float64) float64 {
	x := float64(n)
	// The factors a/(n+j) shrink a little slower than the a/(n-j) that memory
	// counts: 2n in place of n covers it up to j = 4n, the 20 covers small n.
	m := memory(2*x, math.Log(x/a)) + 20
	sum := 0.0
	for j := m; j >= 1; j-- {
		sum = a / (x + j) * (1 + sum)
	}
	return sum
}

// memory returns after how many factors a product that begins with e^-slope and
// whose logarithm falls by 1/n more at each step is below e^-cutoff: the root of
// m*slope + m*m/(2n) = cutoff, rounded up.
func memory(n, slope float64) float64 {
	return math.Ceil(2*cutoff/(slope+math.Sqrt(slope*slope+2*cutoff/n))) + 2
}

// Carried returns the load that n servers without waiting room carry of a erlangs
// offered, a(1 - B(n, a)), in erlangs, in [0, min(n, a)]. Where nearly all is
// lost it is a(1-B) = n less the mean number of free servers, without the
// cancellation of 1 - B.
//
// Special cases are those of B; Carried(n, +Inf) = n.
func Carried(n int, a float64) float64 {
	b := B(n, a)
	switch {
	case math.IsNaN(b):
		return b
	case n == 0 || a == 0:
		return 0
	case math.IsInf(a, 1):
		return float64(n)
	case b < 0.5:
		return a * (1 - b)
	}
	// B(n) = a B(n-1)/(n + a B(n-1)), hence 1 - B(n) = n B(n)/(a B(n-1)).
	return float64(n) * b / B(n-1, a)
}
