package loadstats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference is one figure of two runs beside each other.
type Difference struct {
	Name     string // "p99(srd)", "failed"
	Measure  Measure
	IsRatio  bool // A and B are shares, and the change is their difference; else B / A
	A, B     float64
	Change   float64
	Low, Up  float64 // its interval at the level asked for; NaN: too little to tell
	Batches  int     // of each run, that the interval is from
	Conclude string  // "higher", "lower" or "": the interval holds no change
}

// batches is into how many pieces a run is cut: enough for a t-interval, and each with
// seconds enough that neighbours matter little.
const batches = 20

// Diff sets two runs side by side, for builds: B over A of the quantiles of all measures
// that both have, with the interval that a jackknife over 20 batches of seconds gives its
// logarithm (Welch), and the shares of failed and answered calls with the interval of their
// difference (Newcombe, Statistics in Medicine 17, 1998, method 10: two Wilson intervals).
// level is the confidence in (0, 1). The first and the last second of each run, in which
// it begins and ends, are left out of batches.
func Diff(a, b *Story, level float64) (out []Difference) {
	for m := range NumMeasures {
		if m == Lateness || m == SDT || m == SDTFailed || a.Total.N(m) == 0 || b.Total.N(m) == 0 {
			continue
		}
		ps := []float64{0.5, 0.95, 0.99}
		if m == MOS {
			ps = []float64{0.5, 0.05}
		}
		la, lb := logs(a.Seconds, m, ps), logs(b.Seconds, m, ps)
		for i, p := range ps {
			out = append(out, quantiles(a, b, m, p, la[i], lb[i], level))
		}
	}
	fa, fb := a.Total.Figures(), b.Total.Figures()
	for _, x := range []struct {
		name string
		a, b Ratio
	}{{"ser", fa.SER, fb.SER}, {"failed", fa.Fail, fb.Fail}, {"ira", fa.IRA, fb.IRA}} {
		if x.a.Of > 0 && x.b.Of > 0 {
			out = append(out, shares(x.name, x.a, x.b, level))
		}
	}
	return out
}

func quantiles(a, b *Story, m Measure, p float64, la, lb []float64, level float64) Difference {
	d := Difference{Name: quantileName(p) + "(" + m.String() + ")", Measure: m, A: a.Total.Quantile(m, p), B: b.Total.Quantile(m, p), Low: math.NaN(), Up: math.NaN()}
	if d.Change = d.B / d.A; d.A <= 0 || d.B <= 0 {
		d.Change = math.NaN()
		return d
	}
	na, sa := jackknife(la)
	nb, sb := jackknife(lb)
	if d.Batches = min(na, nb); d.Batches < 5 {
		return d
	}
	se := math.Sqrt(sa + sb)
	freedom := (sa + sb) * (sa + sb) / (sa*sa/float64(na-1) + sb*sb/float64(nb-1)) // Welch and Satterthwaite
	if se == 0 {
		freedom = float64(na + nb - 2)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile(1 - (1-level)/2)
	d.Low, d.Up = d.Change*math.Exp(-t*se), d.Change*math.Exp(t*se)
	d.conclude(1)
	return d
}

func (d *Difference) conclude(none float64) {
	switch {
	case d.Low > none:
		d.Conclude = "higher"
	case d.Up < none:
		d.Conclude = "lower"
	}
}

func quantileName(p float64) string {
	switch p {
	case 0.05:
		return "p5"
	case 0.5:
		return "p50"
	case 0.95:
		return "p95"
	}
	return "p99"
}

// logs returns, for each quantile, the logarithms of what it is without each batch in turn.
func logs(seconds []Interval, m Measure, ps []float64) [][]float64 {
	out := make([][]float64, len(ps))
	if len(seconds) < 4 {
		return out
	}
	seconds = seconds[1 : len(seconds)-1]
	k := min(batches, len(seconds))
	each := make([]Histograms, k)
	for i := range k {
		for j := i * len(seconds) / k; j < (i+1)*len(seconds)/k; j++ {
			each[i].merge(m, &seconds[j].Histograms)
		}
	}
	after := make([]Histograms, k+1) // the sum of those from i on
	for i := k - 1; i >= 0; i-- {
		after[i].merge(m, &after[i+1])
		after[i].merge(m, &each[i])
	}
	var before Histograms
	for i := range k {
		var rest Histograms
		rest.merge(m, &before)
		rest.merge(m, &after[i+1])
		before.merge(m, &each[i])
		if each[i].N(m) == 0 { // it would change nothing
			continue
		}
		for n, p := range ps {
			if q := rest.Quantile(m, p); q > 0 {
				out[n] = append(out[n], math.Log(q))
			}
		}
	}
	return out
}

// jackknife returns how many values without a batch there are, and the variance of the
// whole's that follows from them (Shao and Tu, The Jackknife and Bootstrap, 1995, 2.3: of
// a quantile it is consistent where batches, and not single values, are left out).
func jackknife(x []float64) (n int, variance float64) {
	n = len(x)
	mean := 0.0
	for _, v := range x {
		mean += v / float64(n)
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) * float64(n-1) / float64(n)
	}
	return n, variance
}

func shares(name string, a, b Ratio, level float64) Difference {
	d := Difference{Name: name, IsRatio: true, A: a.Value(), B: b.Value(), Change: b.Value() - a.Value()}
	la, ua := wilson(a, level)
	lb, ub := wilson(b, level)
	d.Low = d.Change - math.Hypot(d.B-lb, ua-d.A)
	d.Up = d.Change + math.Hypot(ub-d.B, d.A-la)
	d.conclude(0)
	return d
}

// wilson is the score interval of a share.
func wilson(r Ratio, level float64) (low, up float64) {
	z := distuv.UnitNormal.Quantile(1 - (1-level)/2)
	n, p := float64(r.Of), r.Value()
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}
