package fit

import "math"

// Estimate is a value with its 95 % confidence interval. Low and High are NaN
// where the history is too short for one.
type Estimate struct{ Value, Low, High float64 }

const z95 = 1.959963984540054 // normal quantile at 0.975

// around is an estimate with a normal interval.
func around(x, se float64) Estimate { return Estimate{x, x - z95*se, x + z95*se} }

// positive is an estimate of a positive number whose logarithm has the error se.
func positive(x, se float64) Estimate {
	return Estimate{x, x * math.Exp(-z95*se), x * math.Exp(z95*se)}
}

func mean(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

// meanOf is the mean of independent values with its interval.
func meanOf(x []float64) Estimate {
	m, s := mean(x), 0.0
	for _, v := range x {
		s += (v - m) * (v - m)
	}
	n := float64(len(x))
	return around(m, math.Sqrt(s/(n-1)/n))
}

// quantile returns the p-quantile of sorted values, straight between neighbours.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	j := min(i+1, len(sorted)-1)
	return sorted[i] + (at-float64(i))*(sorted[j]-sorted[i])
}
