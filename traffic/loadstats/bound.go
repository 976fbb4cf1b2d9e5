package loadstats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Upper returns the exact one-sided upper bound of a share, with a confidence in (0, 1),
// after k of n: the share at which so few would come with probability 1 - confidence.
// Upper(n, n) = 1, and NaN unless 0 <= k <= n, n > 0.
//
// Source: Clopper and Pearson, Biometrika 26 (1934): a quantile of the beta distribution.
func Upper(k, n int64, confidence float64) float64 {
	switch {
	case n <= 0 || k < 0 || k > n || !(confidence > 0 && confidence < 1):
		return math.NaN()
	case k == n:
		return 1
	}
	return mathext.InvRegIncBeta(float64(k+1), float64(n-k), confidence)
}

// Lower is the other side: Lower(0, n) = 0.
func Lower(k, n int64, confidence float64) float64 {
	switch {
	case n <= 0 || k < 0 || k > n || !(confidence > 0 && confidence < 1):
		return math.NaN()
	case k == 0:
		return 0
	}
	return mathext.InvRegIncBeta(float64(k), float64(n-k+1), 1-confidence)
}

// CleanCalls returns how many calls without a failure prove a share below p: the least n
// with (1-p)^n <= 1 - confidence. p and confidence are in (0, 1).
func CleanCalls(p, confidence float64) int64 {
	n := int64(math.Ceil(math.Log1p(-confidence) / math.Log1p(-p)))
	for n > 1 && float64(n-1)*math.Log1p(-p) <= math.Log1p(-confidence) { // the quotient may be a hair above
		n--
	}
	return n
}

// Allowed returns the greatest k with which n calls still prove a share below p: -1 if not
// even 0 do. It rises with n, and Upper with k, so bisection finds it.
func Allowed(n int64, p, confidence float64) int64 {
	if n <= 0 || Upper(0, n, confidence) >= p {
		return -1
	}
	lo, hi := int64(0), n
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		if Upper(mid, n, confidence) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
