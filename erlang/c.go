package erlang

import "math"

// C returns the probability that a contact must wait when the offered load is a
// erlangs on n servers: Poisson arrivals, exponential service time, unlimited
// room, nobody gives up (M/M/n). It is a fraction in [0, 1]; below about 1e-308
// it is 0, see LogC. For waits and service levels see MMn.
//
// C = 1/(1 + (n-a)/a * 1/B(n-1, a)): positive terms only; cost and accuracy are
// those of B. Reference: ITU Teletraffic Engineering Handbook, chapter on
// Erlang's delay system.
//
// Special cases are:
//
//	C(n, a) = 1 for a >= n: the queue grows without limit (so C(0, a) = 1)
//	C(n, 0) = 0 for n > 0
//	C(n, a) = NaN if n < 0, a < 0 or a is NaN
func C(n int, a float64) float64 {
	switch x := float64(n); {
	case n < 0 || a < 0 || math.IsNaN(a):
		return math.NaN()
	case a >= x:
		return 1
	case a == 0:
		return 0
	case n <= 64:
		return 1 / (1 + (x-a)/a*inverseB(n-1, a))
	}
	return math.Exp(LogC(n, a))
}

// LogC returns the natural logarithm of C(n, a), also where C itself underflows.
// Assumptions, method and source are those of C, accuracy is that of LogB.
//
// Special cases are:
//
//	LogC(n, a) = 0 for a >= n
//	LogC(n, 0) = -Inf for n > 0
//	LogC(n, a) = NaN if n < 0, a < 0 or a is NaN
func LogC(n int, a float64) float64 {
	switch x := float64(n); {
	case n < 0 || a < 0 || math.IsNaN(a):
		return math.NaN()
	case a >= x:
		return 0
	case a == 0:
		return math.Inf(-1)
	default:
		return -softplus(logRatio(x-a, a) - LogB(n-1, a))
	}
}
