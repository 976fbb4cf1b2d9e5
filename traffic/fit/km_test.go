package fit

import (
	"math"
	"testing"
	"time"

	"callwright/traffic"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= within) {
		t.Errorf("%s: got %v, want %v within %v (off by %v)", what, got, want, within, d)
	}
}

// Remission times of 21 patients given 6-MP, weeks (Freireich et al. 1963), with
// survival and Greenwood's errors as in Kalbfleisch and Prentice 2002, section 1.4.
func TestKaplanMeier(t *testing.T) {
	km := kaplanMeier(newSample([]float64{6, 6, 6, 7, 10, 13, 16, 22, 23}, []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}))
	want := []struct{ t, s, se float64 }{{6, .857, .0764}, {7, .807, .0869}, {10, .753, .0963}, {13, .690, .1068}, {16, .627, .1141}, {22, .538, .1282}, {23, .448, .1346}}
	if len(km.T) != len(want) {
		t.Fatalf("%d steps, want %d", len(km.T), len(want))
	}
	for i, w := range want {
		near(t, "time", km.T[i], w.t, 0)
		near(t, "survival", km.S[i], w.s, 0.0005) // printed to three digits
		near(t, "error", km.SE[i], w.se, 0.00005)
	}
	near(t, "before the first", km.At(5), 1, 0)
}

// Lengths 1 and 3, and one of at most 2. Of the three at most 3, one is 3: a third
// of all. The one that is known of those at most 1 has the rest.
func TestReversed(t *testing.T) {
	x, f := reversed([]float64{1, 3}, []float64{2})
	if len(x) != 2 || x[0] != 1 || x[1] != 3 {
		t.Fatalf("steps at %v", x)
	}
	near(t, "F(1)", f[0], 2.0/3, 1e-15)
	near(t, "F(3)", f[1], 1, 0)
	near(t, "mean", reversedMean(x, f, 2).Value, 5.0/3, 1e-15)
}

// The distance of a law to itself is what rounding leaves.
func TestDistance(t *testing.T) {
	var x []float64
	law, _ := traffic.Exponential(100)
	for i := range 10_000 {
		x = append(x, math.Round(law.Quantile((float64(i)+0.5)/10_000)))
	}
	s := newSample(x, nil)
	if d := s.distance(&law); d > 1e-4 { // half a step of the sample
		t.Errorf("distance %v", d)
	}
	other, _ := traffic.Exponential(200)
	near(t, "distance of means 100 and 200", s.distance(&other), 0.25, 0.001) // e^-x - e^-2x at ln 2
}

func sec(x int) time.Duration { return time.Duration(x) * time.Second }

func TestSplit(t *testing.T) {
	list := []service{{start: sec(0), end: sec(100)}, {start: sec(400), end: sec(500)}, {start: sec(450), end: sec(480)}, {start: sec(801), end: sec(900)}}
	for _, c := range []struct {
		gap  int
		want []session
	}{
		{300, []session{{7, sec(0), sec(500)}, {7, sec(801), sec(900)}}}, // 300 is no longer than 300; 301 is
		{301, []session{{7, sec(0), sec(900)}}},
		{10, []session{{7, sec(0), sec(100)}, {7, sec(400), sec(500)}, {7, sec(801), sec(900)}}},
	} {
		got := split(list, 7, sec(c.gap))
		if len(got) != len(c.want) {
			t.Fatalf("gap %d: %v, want %v", c.gap, got, c.want)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("gap %d: %v, want %v", c.gap, got, c.want)
			}
		}
	}
	if got := covered(list); got != sec(100+100+99) {
		t.Errorf("covered %v, want 299s: the overlap counts once", got)
	}
}

// A nameless service goes to whoever on duty was free longest; to an agent of its
// own where nobody was free.
func TestAssign(t *testing.T) {
	a := []service{{start: sec(0), end: sec(100)}, {start: sec(300), end: sec(400)}}
	b := []service{{start: sec(0), end: sec(150)}, {start: sec(310), end: sec(400)}}
	var d Duty
	all := d.assign([][]service{a, b}, []service{{start: sec(200), end: sec(250)}, {start: sec(210), end: sec(240)}, {start: sec(220), end: sec(230)}, {start: sec(600), end: sec(700)}}, sec(300))
	if len(all) != 4 || len(all[0]) != 3 || len(all[1]) != 3 || d.Assigned != 2 || d.Extra != 2 {
		t.Errorf("%v: %d assigned, %d of their own; want one each and two of their own", all, d.Assigned, d.Extra)
	}
}

func TestWhole(t *testing.T) {
	got := whole([][]float64{{0, 1.4, 1.4, 1.4, 0, 0.5}, {0, 0.3, 0.3, 0.3, 0, 0.4}})
	carried, sum := 0.0, 0
	for k, x := range []float64{0, 1.7, 1.7, 1.7, 0, 0.9} {
		n := got[0][k] + got[1][k]
		carried, sum = carried+x, sum+n
		if math.Abs(carried-float64(sum)) > 0.5+1e-9 && x > 0 && k < 4 {
			t.Errorf("slot %d: %d agents so far, want %.1f", k, sum, carried)
		}
		if x == 0 && n != 0 {
			t.Errorf("slot %d: %d agents while closed", k, n)
		}
	}
}
