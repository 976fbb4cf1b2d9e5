package traffic

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func mustProfile(p Profile, err error) Profile {
	if err != nil {
		panic(err)
	}
	return p
}

// profiles are of all kinds, with pauses, jumps, and lines that touch 0.
func profiles() map[string]Profile {
	day := mustProfile(Steps([]float64{0, 28800, 32400, 43200, 46800}, []float64{0, 0.2, 0.35, 0.15, 0.3}, 64800))
	spot := mustProfile(Spike{Onset: 36000, Volume: 800, Ramp: 60, Hold: 30, Decay: 600}.Profile())
	outage := mustProfile(Spike{Onset: 40000, Volume: 300, Ramp: 10, Decay: 900, Exponential: true}.Profile())
	return map[string]Profile{
		"constant": Constant(0.25),
		"steps":    day,
		"pauses":   mustProfile(Steps([]float64{10, 20, 30, 40}, []float64{0, 1, 0, 2}, 50)),
		"linear":   mustProfile(Linear([]Point{{100, 0}, {200, 3}, {300, 3}, {300, 1}, {500, 0}, {700, 0}, {800, 2}})),
		"spot":     spot,
		"outage":   outage,
		"sum":      Sum(day, spot, outage),
		"forever":  Sum(Constant(0.01), spot),
		"noisy":    mustProfile(Sum(day, spot).Times([]float64{30000, 36100, 50000}, []float64{1.3, 0, 0.7})),
		"scaled":   Sum(day, spot).Scaled(1.1),
		"none":     {},
	}
}

func TestInverseUndoesCumulative(t *testing.T) {
	for name, p := range profiles() {
		total := min(p.Total(), 1e6)
		for i := range 10001 {
			x := total * float64(i) / 10000
			at, ok := p.Inverse(x)
			if !ok {
				if i == 10000 {
					continue // the sum to the very end may round down
				}
				t.Fatalf("%s: nobody is number %v of %v", name, x, total)
			}
			near(t, name+": Cumulative(Inverse(x))", p.Cumulative(at), x, 1e-9)
			if r := p.Rate(at); r > 1e-3*p.mostRate() { // where nearly nobody comes, many times are as good
				back, _ := p.Inverse(p.Cumulative(at))
				near(t, name+": Inverse(Cumulative(t))", back, at, 1e-9)
			}
		}
	}
}

func (p Profile) mostRate() float64 {
	m := 0.0
	for i := range p.pieces {
		m = max(m, p.pieces[i].rate, p.pieces[i].at(min(p.pieces[i].to, 1e12)))
	}
	return m
}

func TestCumulativeIsTheIntegralOfRate(t *testing.T) {
	for name, p := range profiles() {
		const n = 100_000
		h := min(p.End(), 70000) / n
		sum := 0.0
		for i := range n {
			sum += h * p.Rate((float64(i)+0.5)*h)
		}
		// the midpoint rule errs by at most half a step at each jump
		if got := p.Cumulative(n * h); math.Abs(got-sum) > 12*h*p.mostRate() {
			t.Errorf("%s: Cumulative is %v, the sum of rates %v", name, got, sum)
		}
	}
}

func TestProfileValues(t *testing.T) {
	p := profiles()
	late := func(q Profile, x float64) float64 { t, _ := q.Inverse(x); return t }
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"constant rate", p["constant"].Rate(1e9), 0.25},
		{"constant before the run", p["constant"].Rate(-1), 0},
		{"constant total", p["constant"].Total(), inf},
		{"constant inverse", late(p["constant"], 1e9), 4e9},
		{"pauses rate in one", p["pauses"].Rate(35), 0},
		{"pauses rate at a jump", p["pauses"].Rate(40), 2},
		{"pauses rate at the end", p["pauses"].Rate(50), 0},
		{"pauses total", p["pauses"].Total(), 30},
		{"pauses first", late(p["pauses"], 0.5), 20.5},
		{"pauses at the end of a step", late(p["pauses"], 10), 30},
		{"pauses after it", late(p["pauses"], 11), 40.5},
		{"pauses last", late(p["pauses"], 30), 50},
		{"pauses beyond", late(p["pauses"], 30.1), inf},
		{"pauses none", late(p["pauses"], 0), 0},
		{"linear rate", p["linear"].Rate(150), 1.5},
		{"linear rate falling", p["linear"].Rate(400), 0.5},
		{"linear total", p["linear"].Total(), 150 + 300 + 100 + 100},
		{"linear quarter", late(p["linear"], 37.5), 150},
		{"spot volume", p["spot"].Total(), 800},
		{"spot peak", p["spot"].Rate(36075), 800 / (30 + 30 + 300.0)},
		{"outage volume", p["outage"].Total(), 300},
		{"scaled total", p["scaled"].Total(), 1.1 * (p["steps"].Total() + 800)},
		{"sum total", p["sum"].Total(), p["steps"].Total() + 1100},
		{"sum of nothing", Sum().Total(), 0},
		{"noise at 0", p["noisy"].Rate(36101), 0},
		{"noise before the first", p["noisy"].Rate(29000), 0.2},
		{"noise in the last", p["noisy"].Rate(60000), 0.3 * 0.7},
		{"end", p["steps"].End(), 64800},
		{"no end", p["forever"].End(), inf},
		{"none ends", p["none"].End(), 0},
		{"none beyond", late(p["none"], 1), inf},
	} {
		near(t, c.what, c.got, c.want, 1e-12)
	}
}

// An exponential spike in straight lines stays close to the curve it stands for.
func TestExponentialSpike(t *testing.T) {
	p := profiles()["outage"]
	peak := p.Rate(40010)
	for i := range 1000 {
		x := float64(i) / 100
		if d := p.Rate(40010+900*x)/peak - math.Exp(-x); math.Abs(d) > 6e-4 {
			t.Fatalf("after %v time constants the rate is %.3g of the peak off, want 6e-4", x, d)
		}
	}
}

func TestProfileErrors(t *testing.T) {
	second := func(_ Profile, err error) error { return err }
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(Steps([]float64{0, 10}, []float64{1}, 20)), "2 starts and 1 rates"},
		{second(Steps([]float64{0, 10, 5}, []float64{1, -2, 3}, 20)), "rates[1] is -2; want a finite number >= 0"},
		{second(Steps([]float64{0, 10, 5}, []float64{1, -2, 3}, 20)), "starts[1] is 10 and its step ends at 5"},
		{second(Steps([]float64{-1}, []float64{1}, 20)), "starts[0] is -1"},
		{second(Linear([]Point{{0, 1}})), "1 points"},
		{second(Linear([]Point{{0, 1}, {10, inf}, {5, 1}})), "points[1].Rate is +Inf"},
		{second(Linear([]Point{{0, 1}, {10, inf}, {5, 1}})), "points[2].At is 5 after 10"},
		{second(Spike{Volume: 3}.Profile()), "want one of them > 0"},
		{second(Spike{Volume: nan, Ramp: 1}.Profile()), "Volume is NaN"},
		{second(Spike{Onset: 1e12, Volume: 3, Ramp: 1e-9}.Profile()), "too short"},
		{second(Constant(1).Times([]float64{0, 0}, []float64{1, 1})), "starts[1] is 0 after 0"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want an error with %q", c.err, c.want)
		}
	}
}

// Sums of random profiles are sums of rates at random times.
func TestSumAddsRates(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var parts []Profile
		for range 1 + g.IntN(4) {
			pts := []Point{{float64(g.IntN(20)), float64(g.IntN(3))}}
			for range 1 + g.IntN(6) {
				pts = append(pts, Point{pts[len(pts)-1].At + float64(g.IntN(8)), float64(g.IntN(3))})
			}
			parts = append(parts, mustProfile(Linear(pts)))
		}
		sum := Sum(parts...)
		for range 50 {
			at, want, count := 70*g.Float64(), 0.0, 0.0
			for _, p := range parts {
				want += p.Rate(at)
				count += p.Cumulative(at)
			}
			if math.Abs(sum.Rate(at)-want) > 1e-12 || math.Abs(sum.Cumulative(at)-count) > 1e-10 {
				t.Fatalf("at %v: rate %v, want %v; count %v, want %v", at, sum.Rate(at), want, sum.Cumulative(at), count)
			}
		}
	}
}
