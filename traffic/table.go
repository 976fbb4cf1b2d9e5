package traffic

import "sort"

// table is a quantile function by its points. p is nil if they are evenly spaced
// from 0 to 1. A gamma law keeps its polynomials in fit instead.
type table struct {
	p, x []float64
	fit  []quintic
}

func (t *table) law() Law {
	if t.x[0] == t.x[len(t.x)-1] {
		return Law{a: t.x[0]}
	}
	return Law{kind: empirical, a: 1, more: t}
}

// at returns the quantile at u in [0, 1].
func (t *table) at(u float64) float64 {
	n := len(t.x) - 1
	var i int
	var f float64
	if t.p == nil {
		y := float64(u * float64(n))
		i = min(int(y), n-1)
		f = y - float64(i)
	} else {
		i = sort.SearchFloat64s(t.p, u) - 1 // p[i] < u <= p[i+1]
		if i < 0 {
			return t.x[0]
		}
		f = (u - t.p[i]) / (t.p[i+1] - t.p[i])
	}
	lo, hi := t.x[i], t.x[i+1]
	return min(lo+float64(f*(hi-lo)), hi) // rounding must not pass the next point
}

func (t *table) prob(i int) float64 {
	if t.p == nil {
		return float64(i) / float64(len(t.x)-1)
	}
	return t.p[i]
}

// below returns the greatest u whose quantile is at most x, 0 if there is none.
func (t *table) below(x float64) float64 {
	i := sort.Search(len(t.x), func(i int) bool { return t.x[i] > x })
	switch i {
	case 0:
		return 0
	case len(t.x):
		return 1
	}
	lo, hi := t.prob(i-1), t.prob(i)
	return lo + (hi-lo)*((x-t.x[i-1])/(t.x[i]-t.x[i-1]))
}

// moments are exact for the straight lines, in a second pass around the mean.
func (t *table) moments() (mean, variance float64) {
	for i := range len(t.x) - 1 {
		mean += (t.prob(i+1) - t.prob(i)) * (t.x[i] + t.x[i+1]) / 2
	}
	for i := range len(t.x) - 1 {
		a, b := t.x[i]-mean, t.x[i+1]-mean
		variance += (t.prob(i+1) - t.prob(i)) * (a*a + a*b + b*b) / 3
	}
	return mean, variance
}
