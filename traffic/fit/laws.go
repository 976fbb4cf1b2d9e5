package fit

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"callwright/traffic"
)

// Sample is lengths of time in seconds, some of them cut off. Equal ones are held
// once, with how often they occur.
type Sample struct {
	X, N     []float64 // observed lengths, rising, and how many of each
	CutX     []float64 // cut on the right: longer than this
	CutN     []float64
	Rounding float64 // lengths were written to this: 1 for whole seconds
	Zeros    float64 // of X, how many are 0
}

// newSample makes a Sample; rounding is 1 if all are whole seconds, else 0.001.
func newSample(x, cut []float64) *Sample {
	s := &Sample{Rounding: 1}
	for _, list := range [][]float64{x, cut} {
		for _, v := range list {
			if v != math.Trunc(v) {
				s.Rounding = 0.001
			}
		}
	}
	s.X, s.N = distinct(x)
	s.CutX, s.CutN = distinct(cut)
	if len(s.X) > 0 && s.X[0] == 0 {
		s.Zeros = s.N[0]
	}
	return s
}

func distinct(x []float64) (v, n []float64) {
	x = slices.Sorted(slices.Values(x))
	for i, y := range x {
		if i == 0 || y != x[i-1] {
			v, n = append(v, y), append(n, 0)
		}
		n[len(n)-1]++
	}
	return v, n
}

// Observed and Cut are how many there are.
func (s *Sample) Observed() float64 { return total(s.N) }

// Cut is how many were cut off.
func (s *Sample) Cut() float64 { return total(s.CutN) }

func total(n []float64) float64 {
	t := 0.0
	for _, x := range n {
		t += x
	}
	return t
}

// mean of the observed, and the standard error of it.
func (s *Sample) mean() (m, se float64) {
	n := s.Observed()
	for i, x := range s.X {
		m += x * s.N[i]
	}
	m /= n
	v := 0.0
	for i, x := range s.X {
		v += (x - m) * (x - m) * s.N[i]
	}
	return m, math.Sqrt(v / (n - 1) / n)
}

// constant reports whether all lengths are the same, and none was cut off: two at
// least, or nothing but zeros.
func (s *Sample) constant() bool {
	return len(s.X) == 1 && s.Cut() == 0 && (s.Observed() > 1 || s.X[0] == 0)
}

// logLikelihood of a law: an observed x contributes P(x - r/2 < X <= x + r/2),
// as it was written down to r, so that zeros and rounding need no tricks; a cut
// one P(X > x). (Kalbfleisch and Prentice 2002, section 3.2.)
func (s *Sample) logLikelihood(survival func(float64) float64) float64 {
	sum, last, left := 0.0, math.Inf(-1), 1.0
	for i, x := range s.X {
		lo, hi := x-s.Rounding/2, x+s.Rounding/2
		if lo < 0 {
			left = 1
		} else if lo != last { // whole seconds often follow each other
			left = survival(lo)
		}
		after := survival(hi)
		sum += s.N[i] * math.Log(max(left-after, 1e-300))
		last, left = hi, after
	}
	for i, x := range s.CutX {
		sum += s.CutN[i] * math.Log(max(survival(x), 1e-300))
	}
	return sum
}

// Fitted is a law fitted to a Sample by maximum likelihood.
type Fitted struct {
	Law        traffic.Law
	Parameters []Estimate // as Law.Params names them
	LogLik     float64
	AIC, BIC   float64
	KS         float64 // largest distance to the sample's distribution (Kaplan-Meier's, if some are cut)
	Mean       float64 // of the law
}

// family is a set of laws with free parameters, each a positive number on a
// logarithmic scale or a fraction on a logistic one.
type family struct {
	name  string
	start func(s *Sample, m, cv float64) []float64
	law   func(p []float64) (traffic.Law, error)
	part  []bool // which parameters are fractions
}

// survival is that of the law with parameters p. A gamma law's is computed here:
// to make the law takes a table, which a thousand trials need not.
func (f *family) survival(p []float64) (func(float64) float64, error) {
	if !strings.HasPrefix(f.name, "gamma") {
		l, err := f.law(p)
		return l.Survival, err
	}
	cv, stay := math.Exp(p[1]), 1.0
	if len(p) > 2 {
		stay = 1 - logistic(p[2])
	}
	if !(cv > 0.001 && cv < 10) {
		return nil, errors.New("cv out of bounds")
	}
	shape := 1 / (cv * cv)
	scale := math.Exp(p[0]) / shape
	return func(x float64) float64 { return stay * mathext.GammaIncRegComp(shape, x/scale) }, nil
}

func families(balking bool) []family {
	exp := func(x float64) float64 { return math.Exp(max(-30, min(x, 30))) }
	list := []family{
		{"exponential", func(_ *Sample, m, cv float64) []float64 { return []float64{math.Log(m)} },
			func(p []float64) (traffic.Law, error) { return traffic.Exponential(exp(p[0])) }, []bool{false}},
		{"lognormal", func(_ *Sample, m, cv float64) []float64 { return []float64{math.Log(m), math.Log(cv)} },
			func(p []float64) (traffic.Law, error) { return traffic.Lognormal(exp(p[0]), exp(p[1])) }, []bool{false, false}},
		{"gamma", func(_ *Sample, m, cv float64) []float64 { return []float64{math.Log(m), math.Log(cv)} },
			func(p []float64) (traffic.Law, error) { return traffic.Gamma(exp(p[0]), exp(p[1])) }, []bool{false, false}},
		{"weibull", func(_ *Sample, m, cv float64) []float64 { return []float64{math.Log(m), -math.Log(cv)} },
			func(p []float64) (traffic.Law, error) { return traffic.Weibull(exp(p[0]), exp(p[1])) }, []bool{false, false}},
		{"hyper", func(_ *Sample, m, cv float64) []float64 {
			return []float64{math.Log(0.3 / 0.7), math.Log(m / 4), math.Log(m * 1.3)}
		}, func(p []float64) (traffic.Law, error) {
			return traffic.Hyperexponential(logistic(p[0]), exp(p[1]), exp(p[2]))
		}, []bool{true, false, false}},
	}
	if !balking {
		return list
	}
	for _, f := range list[:len(list):len(list)] {
		list = append(list, family{f.name + " with balking",
			func(s *Sample, m, cv float64) []float64 { return append(f.start(s, m, cv), math.Log(0.02/0.98)) },
			func(p []float64) (traffic.Law, error) {
				l, err := f.law(p[:len(p)-1])
				if err != nil {
					return l, err
				}
				return traffic.Balking(logistic(p[len(p)-1]), l)
			}, append(slices.Clone(f.part), true)})
	}
	return list
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// fitLaws fits every family that the scenario file can name, best AIC first.
// Families that have no maximum inside their bounds, or whose best is one of
// another family, as a mixture of one, are left out.
func fitLaws(s *Sample, balking bool) []Fitted {
	m, cv := s.rough()
	var list []Fitted
	for _, f := range families(balking) {
		if x, ok := s.fit(&f, m, cv); ok {
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(a, b Fitted) int { return cmp.Compare(a.AIC, b.AIC) })
	return list
}

// rough returns where to begin: the mean time per observed end, and CV 1 or the
// sample's own.
func (s *Sample) rough() (m, cv float64) {
	exposure := 0.0
	for i, x := range s.X {
		exposure += x * s.N[i]
	}
	for i, x := range s.CutX {
		exposure += x * s.CutN[i]
	}
	m = max(exposure/s.Observed(), 1e-3)
	if s.Cut() > 0 {
		return m, 1
	}
	_, se := s.mean()
	return m, max(0.05, min(se*math.Sqrt(s.Observed())/m, 5))
}

func (s *Sample) fit(f *family, m, cv float64) (Fitted, bool) {
	cost := func(p []float64) float64 {
		survival, err := f.survival(p)
		if err != nil {
			return math.Inf(1)
		}
		return -s.logLikelihood(survival)
	}
	p, least, ok := minimise(cost, f.start(s, m, cv))
	if !ok {
		return Fitted{}, false
	}
	law, err := f.law(p)
	if err != nil {
		return Fitted{}, false
	}
	for i, part := range f.part {
		if x := logistic(p[i]); part && (x < 1e-6 || x > 1-1e-6) {
			return Fitted{}, false
		}
	}
	k, n := float64(len(p)), s.Observed()+s.Cut()
	x := Fitted{Law: law, LogLik: -least, AIC: 2*k + 2*least, BIC: k*math.Log(n) + 2*least, Mean: law.Mean()}
	x.KS = s.distance(&law)
	se := standardErrors(cost, p)
	for i, v := range p {
		e := positive(math.Exp(v), se[i])
		if f.part[i] {
			e = Estimate{logistic(v), logistic(v - z95*se[i]), logistic(v + z95*se[i])}
		}
		x.Parameters = append(x.Parameters, e)
	}
	x.order(f)
	return x, true
}

// order puts the parameters into the order of Law.Params: balking comes first
// there, and hyperexponential names the shorter mean first.
func (x *Fitted) order(f *family) {
	p := x.Parameters
	if n := len(p); n > 1 && f.part[n-1] {
		p = append([]Estimate{p[n-1]}, p[:n-1]...)
	}
	if k := len(p) - 3; k >= 0 && f.part[0] && p[k+1].Value > p[k+2].Value {
		q := p[k]
		p[k], p[k+1], p[k+2] = Estimate{1 - q.Value, 1 - q.High, 1 - q.Low}, p[k+2], p[k+1]
	}
	x.Parameters = p
}
