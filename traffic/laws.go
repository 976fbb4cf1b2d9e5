package traffic

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

func valid(l Law, err error) (Law, error) {
	if err != nil {
		return Law{}, err
	}
	return l, nil
}

// Deterministic is always d seconds, d >= 0.
func Deterministic(d float64) (Law, error) {
	return valid(Law{kind: deterministic, a: d}, check("deterministic", within("length", d, 0, 1e12)))
}

// Exponential has a mean in seconds, > 0, and CV 1: the law of Erlang's formulas.
func Exponential(mean float64) (Law, error) {
	return valid(Law{kind: exponential, a: mean}, check("exponential", length("mean", mean)))
}

// Lognormal has a mean in seconds, > 0, and a coefficient of variation of at most
// 100: the usual law of measured talk times. With cv 0 it is Deterministic.
func Lognormal(mean, cv float64) (Law, error) {
	if err := check("lognormal", length("mean", mean), within("cv", cv, 0, 100)); err != nil || cv == 0 {
		return valid(Law{a: mean}, err)
	}
	v := math.Log1p(cv * cv)
	return Law{kind: lognormal, a: mean, b: cv, c: math.Log(mean) - v/2, d: math.Sqrt(v)}, nil
}

// Gamma has a mean in seconds, > 0, and a coefficient of variation from 0.001 to
// 10; its shape is 1/cv². With cv 0 it is Deterministic.
//
// Making one computes a table of quantiles: about a millisecond and 20 kB, shared
// by copies and scaled copies.
func Gamma(mean, cv float64) (Law, error) {
	if err := check("gamma", length("mean", mean), gammaCV("cv", cv)); err != nil || cv == 0 {
		return valid(Law{a: mean}, err)
	}
	shape := 1 / (cv * cv)
	return Law{kind: gamma, a: mean, b: cv, c: mean / shape, d: shape, more: gammaTable(shape)}, nil
}

// Weibull has a mean in seconds, > 0, and a shape from 0.1 to 100: below 1 those
// who have waited long wait longer still, above 1 their patience runs out.
func Weibull(mean, shape float64) (Law, error) {
	if err := check("weibull", length("mean", mean), within("shape", shape, 0.1, 100)); err != nil {
		return Law{}, err
	}
	return Law{kind: weibull, a: mean, b: shape, c: mean / math.Gamma(1+1/shape), d: 1 / shape}, nil
}

// Hyperexponential is exponential with mean m1 for a part p of all, with mean m2
// for the others. p is in [0, 1], the means are > 0.
func Hyperexponential(p, m1, m2 float64) (Law, error) {
	err := check("hyperexponential", probability("p", p), length("m1", m1), length("m2", m2))
	if m1 > m2 {
		p, m1, m2 = 1-p, m2, m1
	}
	return valid(Law{kind: hyperexponential, a: p, b: m1, c: m2}, err)
}

// Never is the patience of those who do not give up: always +Inf.
func Never() Law { return Law{kind: never} }

// Balking is 0 with probability p, in [0, 1], and otherwise as law says: the
// patience of callers of whom some hang up as soon as they must wait.
func Balking(p float64, law Law) (Law, error) {
	if err := check("balking", probability("p", p)); err != nil || p == 0 {
		return valid(law, err)
	}
	if law.kind != balking {
		law.of, law.kind = law.kind, balking
	}
	law.zero += float64(p * (1 - law.zero))
	if law.zero == 1 {
		return Law{}, nil
	}
	return law, nil
}

// Empirical has the quantiles of a sample in seconds, none negative: the smallest
// at 0, the greatest at 1, straight lines between neighbours.
func Empirical(sample []float64) (Law, error) {
	if len(sample) == 0 {
		return Law{}, errors.New("empirical: no values; want at least one length in seconds")
	}
	t := &table{x: slices.Clone(sample)}
	for i, x := range t.x {
		if err := within("value "+strconv.Itoa(i), x, 0, 1e12); err != nil {
			return Law{}, check("empirical", err)
		}
	}
	slices.Sort(t.x)
	return t.law(), nil
}

// QuantilePoint is one point of a quantile function: a part P of all lengths is at most X
// seconds.
type QuantilePoint struct{ P, X float64 }

// Quantiles has straight lines between the points of its quantile function. The
// points rise in P, from 0 to 1, and do not fall in X. Two points with equal P
// leave out the lengths between; two with equal X put weight on one length.
func Quantiles(points ...QuantilePoint) (Law, error) {
	if len(points) < 2 || points[0].P != 0 || points[len(points)-1].P != 1 {
		return Law{}, errors.New("quantiles: want two or more points, the first with P 0, the last with P 1")
	}
	t := &table{}
	last := QuantilePoint{}
	for i, q := range points {
		if !(q.P >= last.P && q.X >= last.X && q.P <= 1 && q.X <= 1e12) {
			return Law{}, fmt.Errorf("quantiles: point %d is P %g, X %g after P %g, X %g; want neither to fall, and X at most 1e12", i, q.P, q.X, last.P, last.X)
		}
		t.p, t.x = append(t.p, q.P), append(t.x, q.X)
		last = q
	}
	return t.law(), nil
}

// Scaled is law with all its quantiles times factor, finite and >= 0: novices at
// 1.3 take 30 % longer for the very same call. Never stays Never.
func Scaled(law Law, factor float64) (Law, error) {
	if err := check("scaled", nonNegative("factor", factor)); err != nil {
		return Law{}, err
	}
	k := law.kind
	if k == balking {
		k = law.of
	}
	if k == never {
		return law, nil
	}
	if factor == 0 {
		return Law{}, nil
	}
	if m := law.Mean() * factor; m != 0 {
		if err := check("scaled", length("mean times factor", m)); err != nil {
			return Law{}, err
		}
	}
	switch k {
	case hyperexponential:
		law.b *= factor
		law.c *= factor
		return law, nil
	case lognormal:
		law.c += math.Log(factor)
	case gamma, weibull:
		law.c *= factor
	}
	law.a *= factor
	return law, nil
}

// Param is a parameter of a law, for printing: seconds, or a plain number.
type Param struct {
	Name  string
	Value float64
}

// Params returns the parameters in the order of the constructor. Those of
// Balking are p and what it balks; Empirical gives n, mean and cv.
func (l Law) Params() []Param {
	switch l.kind {
	case deterministic:
		return []Param{{"length", l.a}}
	case exponential:
		return []Param{{"mean", l.a}}
	case lognormal, gamma:
		return []Param{{"mean", l.a}, {"cv", l.b}}
	case weibull:
		return []Param{{"mean", l.a}, {"shape", l.b}}
	case hyperexponential:
		return []Param{{"p", l.a}, {"m1", l.b}, {"m2", l.c}}
	case empirical:
		return []Param{{"n", float64(len(l.more.x))}, {"mean", l.Mean()}, {"cv", l.CV()}}
	case balking:
		p, rest := l.Balks()
		return append([]Param{{"p", p}}, rest.Params()...)
	}
	return nil
}

// Balks returns the part that has length 0 by Balking, and the law of the rest: 0
// and l itself of a law without.
func (l Law) Balks() (p float64, rest Law) {
	if l.kind != balking {
		return 0, l
	}
	p = l.zero
	l.kind, l.zero = l.of, 0
	return p, l
}

// String prints l as its constructor would be called: "gamma(mean=240, cv=0.8)".
func (l Law) String() string {
	if p, rest := l.Balks(); l.kind == balking {
		return fmt.Sprintf("balking(p=%g, %s)", p, rest)
	}
	var b strings.Builder
	for i, p := range l.Params() {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s=%g", p.Name, p.Value)
	}
	return l.Kind() + "(" + b.String() + ")"
}
