package fit

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a value with its 95 % confidence interval. Low and High are NaN
// where the history is too short for one, Value too where it tells nothing.
type Estimate struct{ Value, Low, High float64 }

const z95 = 1.959963984540054 // normal quantile at 0.975

// unknown is what the history does not tell.
func unknown() Estimate { return Estimate{math.NaN(), math.NaN(), math.NaN()} }

// t95 is Student's quantile at 0.975; NaN with less than one degree of freedom.
func t95(df float64) float64 {
	switch {
	case !(df >= 1):
		return math.NaN()
	case df > 1e5: // the normal one to five digits
		return z95
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(0.975)
}

// around is an estimate whose error se was itself estimated with df degrees of
// freedom: Student's interval, none with less than one.
func around(x, se, df float64) Estimate {
	t := t95(df)
	return Estimate{x, x - t*se, x + t*se}
}

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

// meanOf is the mean of values with its interval; lost is how many parameters were
// estimated from the same history before.
func meanOf(x []float64, lost float64) Estimate {
	m, s := mean(x), 0.0
	for _, v := range x {
		s += (v - m) * (v - m)
	}
	n := float64(len(x))
	return around(m, math.Sqrt(s/(n-1)/n), n-max(1, lost))
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
