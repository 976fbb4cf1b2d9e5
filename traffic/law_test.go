package traffic

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"
)

var inf, nan = math.Inf(1), math.NaN()

func must(l Law, err error) Law {
	if err != nil {
		panic(err)
	}
	return l
}

// continuous are laws of all families with a density on (0, +Inf).
func continuous() []Law {
	laws := []Law{
		must(Exponential(240)), must(Exponential(0.001)),
		must(Lognormal(240, 1.2)), must(Lognormal(60, 0.05)), must(Lognormal(60, 5)),
		must(Weibull(120, 0.6)), must(Weibull(120, 1)), must(Weibull(120, 3)),
		must(Hyperexponential(0.3, 20, 400)), must(Hyperexponential(0.999, 400, 1)), must(Hyperexponential(0.5, 100, 100)),
		must(Hyperexponential(0, 100, 50)), must(Hyperexponential(1, 100, 50)),
	}
	for _, cv := range []float64{0.001, 0.01, 0.07, 0.1, 0.3, 0.5, 0.8, 1, 1.4, 2, 4} {
		laws = append(laws, must(Gamma(180, cv)))
	}
	for _, l := range laws[:9] {
		laws = append(laws, must(Scaled(l, 1.3)))
	}
	return laws
}

func TestQuantileUndoesCDF(t *testing.T) {
	for _, l := range continuous() {
		for _, u := range []float64{0x1p-53, 1e-12, 1e-6, 0.001, 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98, 0.999} {
			x := l.Quantile(u)
			near(t, l.String()+" CDF", l.CDF(x), u, 1e-9*max(1, 1/l.CV()))
			near(t, l.String()+" CDF + Survival", l.CDF(x)+l.Survival(x), 1, 1e-13)
		}
		for _, v := range []float64{0x1p-53, 0x1p-40, 0x1p-20, 0x1p-10} { // 1-v is exact
			near(t, l.String()+" Survival", l.Survival(l.Quantile(1-v)), v, 1e-9*max(1, 1/l.CV()))
		}
	}
}

// The relative error of a gamma quantile is what is promised, judged by the
// incomplete gamma function and the density at 40,000 places of 23 shapes: not
// only at the points of the table.
func TestGammaQuantile(t *testing.T) {
	worst, at := 0.0, ""
	for e := -4; e <= 18; e++ {
		cv := math.Pow(2, -float64(e)/1.9+1)
		if cv < 0.001 {
			continue
		}
		l := must(Gamma(1/(cv*cv), cv)) // scale 1
		a := l.d
		for i := 1; i < 2000; i++ {
			u := float64(i) / 2000
			if i < 60 {
				u = math.Ldexp(1, -i+1) * 0.7
			} else if i < 100 {
				u = 1 - math.Ldexp(1, -(i-55))
			}
			if u < 0x1p-53 {
				continue
			}
			x := l.Quantile(u)
			if x < 1e-290 {
				continue
			}
			var d float64
			f := math.Exp(gammaLogDensity(a, math.Log(x)))
			if u < 0.5 {
				d = (mathext.GammaIncReg(a, x) - u) / f
			} else {
				d = (mathext.GammaIncRegComp(a, x) - (1 - u)) / f
			}
			if d = math.Abs(d); !(d <= worst) {
				worst, at = d, l.String()
			}
		}
	}
	t.Logf("worst relative error %.2g, %s", worst, at)
	if !(worst < 1e-10) {
		t.Errorf("worst relative error of a gamma quantile is %.2g at %s, want below 1e-10", worst, at)
	}
}

// Values independent of the incomplete gamma function underneath: shape 1 is
// exponential, shape 1/2 half a squared normal, shape 2 from x e^-x by hand.
func TestGammaKnownValues(t *testing.T) {
	one, half, two := must(Gamma(1, 1)), must(Gamma(0.5, math.Sqrt2)), must(Gamma(2, math.Sqrt2/2))
	for i := 1; i < 1000; i++ {
		u := float64(i) / 1000
		near(t, "shape 1", one.Quantile(u), -math.Log1p(-u), 1e-10)
		z := mathext.NormalQuantile((1 + u) / 2)
		near(t, "shape 1/2", half.Quantile(u), z*z/2, 1e-10)
		x := two.Quantile(u)
		near(t, "shape 2", (1+x)*math.Exp(-x), 1-u, 1e-10*max(1, x*x))
	}
}

// The moments are the integrals of the quantile function and its square over u
// in (0, 1), taken over the normal score z of u so that the ends are tame.
func TestMomentsAreIntegrals(t *testing.T) {
	laws := append(continuous(),
		must(Empirical([]float64{3, 1, 4, 1, 5, 9, 2, 6})),
		must(Quantiles(QuantilePoint{0, 10}, QuantilePoint{0.25, 60}, QuantilePoint{0.9, 300}, QuantilePoint{1, 900})))
	for _, l := range laws {
		if l.Kind() == "lognormal" && l.CV() > 4 {
			continue // a fifth of the second moment lies beyond the last u below 1
		}
		moment := func(k float64) float64 {
			m, steps := 0.0, 400
			for i := range steps { // 3-point rules on short stretches
				a := -8 + 16*float64(i)/float64(steps)
				m += quad.Fixed(func(z float64) float64 {
					u := math.Erfc(-z/math.Sqrt2) / 2
					return math.Pow(l.Quantile(u), k) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
				}, a, a+16/float64(steps), 3, quad.Legendre{}, 0)
			}
			return m
		}
		m, m2 := moment(1), moment(2)
		// kinks of the empirical laws, and tails cut at z = 8, decide the tolerance
		near(t, l.String()+" mean", l.Mean(), m, 1e-5)
		near(t, l.String()+" mean square", l.Variance()+l.Mean()*l.Mean(), m2, 1e-4)
	}
}

func TestQuantileNeverFalls(t *testing.T) {
	laws := append(continuous(),
		must(Empirical([]float64{3, 1, 4, 1, 5, 9, 2, 6})),
		must(Quantiles(QuantilePoint{0, 1}, QuantilePoint{0.3, 1}, QuantilePoint{0.3, 7}, QuantilePoint{1, 8})),
		must(Deterministic(5)), Never(), must(Balking(0.1, must(Gamma(100, 2)))))
	for _, l := range laws {
		last := 0.0
		lastD := int64(0)
		for i := range 1 << 15 {
			u := (float64(i) + 0.5) / (1 << 15)
			x := l.Quantile(u)
			if !(x >= last) {
				t.Fatalf("%v: quantile falls from %v to %v at %v", l, last, x, u)
			}
			if d := int64(nanoseconds(x)); d < lastD {
				t.Fatalf("%v: %d ns after %d ns", l, d, lastD)
			} else {
				lastD = d
			}
			last = x
		}
	}
}

func TestSpecialLaws(t *testing.T) {
	var zero Law
	balk := must(Balking(0.2, must(Exponential(100))))
	twice := must(Balking(0.5, balk))
	steps := must(Quantiles(QuantilePoint{0, 2}, QuantilePoint{0.5, 2}, QuantilePoint{0.5, 4}, QuantilePoint{1, 8}))
	sample := must(Empirical([]float64{30, 10, 20}))
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"zero Law quantile", zero.Quantile(0.5), 0},
		{"zero Law CDF at 0", zero.CDF(0), 1},
		{"zero Law CDF below", zero.CDF(-1), 0},
		{"zero Law CV", zero.CV(), 0},
		{"deterministic CDF below", must(Deterministic(5)).CDF(4.9), 0},
		{"deterministic survival at", must(Deterministic(5)).Survival(5), 0},
		{"deterministic variance", must(Deterministic(5)).Variance(), 0},
		{"never quantile", Never().Quantile(0.1), inf},
		{"never survival", Never().Survival(1e9), 1},
		{"never mean", Never().Mean(), inf},
		{"never variance", Never().Variance(), nan},
		{"balking below p", balk.Quantile(0.2), 0},
		{"balking above p", balk.Quantile(0.6), 100 * math.Ln2},
		{"balking CDF at 0", balk.CDF(0), 0.2},
		{"balking mean", balk.Mean(), 80},
		{"balking variance", balk.Variance(), 0.8*20000 - 6400},
		{"balking twice, CDF at 0", twice.CDF(0), 0.6},
		{"balking twice, mean", twice.Mean(), 40},
		{"all balk", must(Balking(1, Never())).Quantile(1), 0},
		{"never, if not balking", must(Balking(0.3, Never())).Quantile(0.31), inf},
		{"scaled balking", must(Scaled(balk, 2)).Quantile(0.6), 200 * math.Ln2},
		{"scaled never", must(Scaled(Never(), 2)).Quantile(0.6), inf},
		{"scaled to nothing", must(Scaled(balk, 0)).Quantile(0.6), 0},
		{"scaled lognormal mean", must(Scaled(must(Lognormal(10, 2)), 3)).Mean(), 30},
		{"scaled lognormal cv", must(Scaled(must(Lognormal(10, 2)), 3)).CV(), 2},
		{"weibull variance", must(Weibull(120, 1)).Variance(), 14400},
		{"gamma without variance", must(Gamma(7, 0)).Quantile(0.99), 7},
		{"exponential at 0", must(Exponential(3)).Quantile(0), 0},
		{"exponential at 1", must(Exponential(3)).Quantile(1), inf},
		{"exponential above 1", must(Exponential(3)).Quantile(1.1), nan},
		{"exponential at NaN", must(Exponential(3)).Quantile(nan), nan},
		{"exponential CDF of NaN", must(Exponential(3)).CDF(nan), nan},
		{"exponential CDF of +Inf", must(Exponential(3)).CDF(inf), 1},
		{"exponential, small u", must(Exponential(3)).Quantile(1e-18), 3e-18},
		{"gamma, u below every Luck", must(Gamma(1, 1)).Quantile(1e-30), 1e-30},
		{"empirical least", sample.Quantile(0), 10},
		{"empirical middle", sample.Quantile(0.5), 20},
		{"empirical between", sample.Quantile(0.75), 25},
		{"empirical greatest", sample.Quantile(1), 30},
		{"empirical CDF", sample.CDF(25), 0.75},
		{"empirical CDF above", sample.CDF(31), 1},
		{"empirical of one value", must(Empirical([]float64{4})).Quantile(0.3), 4},
		{"atom", steps.CDF(2), 0.5},
		{"below the atom", steps.CDF(1.9), 0},
		{"gap", steps.CDF(3), 0.5},
		{"at the jump", steps.Quantile(0.5), 2},
		{"after the jump", steps.Quantile(0.75), 6},
		{"mean with atom and gap", steps.Mean(), 4},
	} {
		if math.IsNaN(c.want) {
			if !math.IsNaN(c.got) {
				t.Errorf("%s: got %v, want NaN", c.what, c.got)
			}
			continue
		}
		near(t, c.what, c.got, c.want, 1e-14)
	}
	if !zero.IsZero() || !must(Deterministic(0)).IsZero() || balk.IsZero() {
		t.Error("IsZero must hold for the zero Law and Deterministic(0) only")
	}
	never, fixed := Never(), must(Deterministic(1.5))
	if d := never.Draw(Luck{}, ForPatience, 0); d != math.MaxInt64 {
		t.Errorf("Never drawn is %d, want math.MaxInt64", d)
	}
	if d := fixed.Draw(Luck{}, ForTalk, 0); d != 1_500_000_000 {
		t.Errorf("1.5 s drawn is %d ns", d)
	}
}

func TestDrawIsTheQuantileOfItsNumber(t *testing.T) {
	for _, l := range append(continuous(), must(Balking(0.4, must(Exponential(9))))) {
		for i := range uint32(200) {
			luck := NewLuck(4, i, 5, 6)
			if got, want := l.Draw(luck, ForTalk, i), nanoseconds(l.Quantile(luck.Uniform(ForTalk, i))); got != want {
				t.Fatalf("%v: drawn %v, quantile %v", l, got, want)
			}
		}
	}
}

// A slower group is slower for each call.
func TestScaledIsTheSameCallSlower(t *testing.T) {
	for _, l := range continuous() {
		s := must(Scaled(l, 1.3))
		for i := range 200 {
			u := (float64(i) + 0.5) / 200
			near(t, s.String(), s.Quantile(u), 1.3*l.Quantile(u), 1e-13)
		}
	}
}

func TestLawErrorsNameFieldValueAndRemedy(t *testing.T) {
	second := func(_ Law, err error) error { return err }
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(Exponential(-3)), "exponential: mean is -3; want seconds in [1e-12, 1e12]"},
		{second(Exponential(nan)), "mean is NaN"},
		{second(Lognormal(240, -1)), "lognormal: cv is -1; want a number in [0, 100]"},
		{second(Lognormal(0, -1)), "cv is -1"},
		{second(Gamma(240, 50)), "gamma: cv is 50; want 0, or a number in [0.001, 10]"},
		{second(Weibull(240, 0)), "shape is 0"},
		{second(Hyperexponential(80, 1, 2)), "p is 80; want a fraction in [0, 1], not a percentage"},
		{second(Hyperexponential(0.5, 1, inf)), "m2 is +Inf"},
		{second(Deterministic(-1)), "length is -1"},
		{second(Balking(1.5, Never())), "p is 1.5"},
		{second(Empirical(nil)), "no values"},
		{second(Empirical([]float64{1, -2})), "value 1 is -2"},
		{second(Quantiles(QuantilePoint{0, 1}, QuantilePoint{0.5, 2})), "the last with P 1"},
		{second(Quantiles(QuantilePoint{0, 3}, QuantilePoint{1, 2})), "point 1 is P 1, X 2 after P 0, X 3"},
		{second(Scaled(Never(), -1)), "factor is -1"},
		{second(Scaled(must(Exponential(1e11)), 1e11)), "mean times factor is 1e+22"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want an error with %q", c.err, c.want)
		}
	}
}

// No argument that a constructor accepts makes NaN of a number in [0, 1], or a
// negative length, or a CDF outside [0, 1].
func FuzzLaw(f *testing.F) {
	f.Add(uint8(3), 240.0, 0.8, 3.0, 0.5, 100.0)
	f.Add(uint8(5), 0.3, 20.0, 400.0, 0x1p-53, 0.0)
	f.Add(uint8(4), 1e-12, 0.1, 1e12, 1-0x1p-53, 1e300)
	f.Add(uint8(3), 1e12, 10.0, 1e-10, 1e-300, -1.0)
	f.Fuzz(func(t *testing.T, kind uint8, a, b, c, u, x float64) {
		var l Law
		var err error
		switch kind % 8 {
		case 0:
			l, err = Deterministic(a)
		case 1:
			l, err = Exponential(a)
		case 2:
			l, err = Lognormal(a, b)
		case 3:
			l, err = Gamma(a, b)
		case 4:
			l, err = Weibull(a, b)
		case 5:
			l, err = Hyperexponential(a, b, c)
		case 6:
			l, err = Empirical([]float64{a, b, c})
		case 7:
			l, err = Balking(a, must(Weibull(100, 0.5)))
		}
		if err == nil {
			l, err = Scaled(l, math.Abs(c))
		}
		if err != nil {
			if !l.IsZero() {
				t.Errorf("an error and the law %v", l)
			}
			return
		}
		if q := l.Quantile(u); u >= 0 && u <= 1 {
			if !(q >= 0) {
				t.Errorf("%v: quantile at %v is %v", l, u, q)
			}
		} else if !math.IsNaN(q) {
			t.Errorf("%v: quantile at %v is %v, want NaN", l, u, q)
		}
		if F, S := l.CDF(x), l.Survival(x); !math.IsNaN(x) && !(F >= 0 && F <= 1+1e-12 && S >= 0 && S <= 1+1e-12 && math.Abs(F+S-1) < 1e-9) {
			t.Errorf("%v: at %v, CDF %v and survival %v", l, x, F, S)
		}
		if !(l.Mean() >= 0) || !(l.Variance() >= 0) {
			t.Errorf("%v: mean %v, variance %v", l, l.Mean(), l.Variance())
		}
		if d := l.Draw(NewLuck(1, 2, 3, uint64(kind)), ForTalk, 0); d < 0 {
			t.Errorf("%v: drawn %v", l, d)
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	for _, l := range []Law{must(Deterministic(5)), must(Exponential(240)), must(Lognormal(240, 1)), must(Gamma(240, 0.8)), must(Weibull(240, 0.7)),
		must(Hyperexponential(0.3, 20, 400)), must(Empirical([]float64{3, 1, 4, 1, 5, 9, 2, 6})), must(Balking(0.1, must(Exponential(100))))} {
		b.Run(l.Kind(), func(b *testing.B) {
			b.ReportAllocs()
			luck, k, s := NewLuck(1, 2, 3, 4), uint32(0), int64(0)
			for b.Loop() {
				k++
				s += int64(l.Draw(luck, ForTalk, k))
			}
			sink = float64(s)
		})
	}
}

func BenchmarkMakeGamma(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		must(Gamma(240, 0.8))
	}
}
