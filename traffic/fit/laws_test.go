package fit

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"callwright/traffic"
)

func law(l traffic.Law, err error) traffic.Law {
	if err != nil {
		panic(err)
	}
	return l
}

// draws are n lengths in whole seconds.
func draws(l traffic.Law, n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Round(l.Quantile(r.Float64()))
	}
	return x
}

// covers requires the parameter to lie within 3.3 standard errors of the estimate,
// a two-sided level of 0.1 %, seeds being fixed.
func covers(t *testing.T, what string, e Estimate, want float64, log bool) {
	t.Helper()
	se := (e.High - e.Low) / 2 / z95
	d := e.Value - want
	if log {
		se, d = math.Log(e.High/e.Low)/2/z95, math.Log(e.Value/want)
	}
	if !(math.Abs(d) <= 3.3*se) {
		t.Errorf("%s: %v, want %v", what, e, want)
	}
}

// Each family is found by AIC among all, with its parameters.
func TestHandleLaws(t *testing.T) {
	for i, c := range []struct {
		law  traffic.Law
		want []float64
	}{
		{law(traffic.Lognormal(200, 1.2)), []float64{200, 1.2}},
		{law(traffic.Gamma(200, 0.5)), []float64{200, 0.5}},
		{law(traffic.Weibull(200, 2)), []float64{200, 2}},
		{law(traffic.Hyperexponential(0.6, 20, 400)), []float64{0.6, 20, 400}},
	} {
		s := newSample(draws(c.law, 4000, uint64(i)), nil)
		best := fitLaws(s, false)[0]
		if best.Law.Kind() != c.law.Kind() {
			t.Errorf("%v was taken for %v", c.law, best.Law)
			continue
		}
		for k, want := range c.want {
			covers(t, c.law.Kind()+" "+best.Law.Params()[k].Name, best.Parameters[k], want, !(c.law.Kind() == "hyperexponential" && k == 0))
			near(t, "parameter as estimate", best.Parameters[k].Value, best.Law.Params()[k].Value, 1e-9*want)
		}
		// The largest distance of n draws to their own law is below 1.95/sqrt(n) with
		// probability 0.999 (Kolmogorov); fitted parameters make it smaller.
		if best.KS > 1.95/math.Sqrt(4000) {
			t.Errorf("%v: distance %v", c.law, best.KS)
		}
	}
}

// A law whose mean misses the measured one is passed over, whatever its AIC.
func TestHandleKeepsMean(t *testing.T) {
	x := draws(law(traffic.Lognormal(200, 1)), 4000, 9)
	for range 400 {
		x = append(x, 0) // hang-ups, as in the bank's log: they bend a lognormal law
	}
	got := fitTimes(newSample(x, nil), false)
	if got.Chosen.Mean < got.Mean.Low || got.Chosen.Mean > got.Mean.High {
		t.Errorf("%v has mean %v, measured %v", got.Chosen.Law, got.Chosen.Mean, got.Mean)
	}
}

// kindOf is the law's name, with what it balks.
func kindOf(law string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, law)
}

// Patience is found although three in four are answered before it ends, with a part
// that balks.
func TestPatienceCensored(t *testing.T) {
	for i, c := range []struct {
		law  traffic.Law
		want []float64
	}{
		{law(traffic.Weibull(300, 0.6)), []float64{300, 0.6}},
		{law(traffic.Balking(0.1, law(traffic.Lognormal(300, 1)))), []float64{0.1, 300, 1}},
	} {
		patience, offered := draws(c.law, 8000, uint64(10+i)), draws(law(traffic.Exponential(80)), 8000, uint64(20+i))
		var ends, cuts []float64
		for k, p := range patience {
			if p <= offered[k] {
				ends = append(ends, p)
			} else {
				cuts = append(cuts, offered[k])
			}
		}
		s := newSample(ends, cuts)
		if part := s.Cut() / 8000; part < 0.5 {
			t.Fatalf("only %.2f cut", part)
		}
		list := fitLaws(s, true)
		best := list[slices.IndexFunc(list, func(f Fitted) bool { return kindOf(f.Law.String()) == kindOf(c.law.String()) })]
		if best.AIC > list[0].AIC+10 { // ten behind: no support left (Burnham and Anderson 2002, section 2.6)
			t.Errorf("%v: AIC %.1f, that of %v is %.1f", best.Law, best.AIC, list[0].Law, list[0].AIC)
		}
		for k, want := range c.want {
			covers(t, c.law.Kind()+" "+best.Law.Params()[k].Name, best.Parameters[k], want, c.law.Kind() != "balking" || k > 0)
		}
		km := kaplanMeier(s)
		for i, x := range km.T {
			if x == 10 || x == 40 || x == 80 {
				near(t, "Kaplan-Meier", km.S[i], c.law.Survival(x+0.5), 3.3*km.SE[i])
			}
		}
	}
}
