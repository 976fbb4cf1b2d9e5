package rtp

import (
	"math"
	"testing"
	"time"
)

// TestR: G.107's default rating, and G.113's table of loss for G.711 with concealment,
// recomputed by hand from Ie,eff = 95 Ppl / (Ppl + 25.1).
func TestR(t *testing.T) {
	for _, x := range []struct {
		delay time.Duration
		loss  float64
		burst float64
		want  float64
		tol   float64
		why   string
	}{
		{0, 0, 1, 93.2, 0.05, "G.107: all defaults give 93.2"},
		{0, 0.01, 1, 93.2 - 95./26.1, 0.05, "1 % independent loss"},
		{0, 0.05, 1, 93.2 - 95*5/30.1, 0.05, "5 %"},
		{0, 0.05, 2, 93.2 - 95*5/27.6, 0.05, "5 % in bursts twice as long"},
		{0, 1, 1, 93.2 - 95*100/125.1, 0.05, "everything lost"},
		// The Cole-Rosenbluth line 0.024 d + 0.11 (d - 177.3) H(d - 177.3) approximates Id at
		// TELR 65 within about 2 (Computer Communication Review 31:2, 2001).
		{100 * time.Millisecond, 0, 1, 93.2 - 2.4, 1.5, "100 ms"},
		{150 * time.Millisecond, 0, 1, 93.2 - 3.6, 1.5, "150 ms"},
		{250 * time.Millisecond, 0, 1, 93.2 - 6.0 - 8.0, 2.5, "250 ms"},
		{400 * time.Millisecond, 0, 1, 93.2 - 9.6 - 24.5, 3.5, "400 ms"},
	} {
		if got := R(x.delay, x.loss, x.burst); math.Abs(got-x.want) > x.tol {
			t.Errorf("%s: R = %.2f, want %.2f +- %v", x.why, got, x.want, x.tol)
		}
	}
	for d := time.Duration(0); d < time.Second; d += 10 * time.Millisecond {
		if R(d+10*time.Millisecond, 0, 1) > R(d, 0, 1) {
			t.Errorf("R grows with the delay at %v", d)
		}
	}
}

// G.107 table B.1: the lower limits of its classes.
func TestMOS(t *testing.T) {
	for _, x := range []struct{ r, want float64 }{{90, 4.34}, {80, 4.03}, {70, 3.60}, {60, 3.10}, {50, 2.58}, {93.2, 4.41}, {0, 1}, {3, 1}, {100, 4.5}} {
		if got := MOS(x.r); math.Abs(got-x.want) > 0.0065 { // the table rounds up
			t.Errorf("MOS(%v) = %.3f, want %.2f", x.r, got, x.want)
		}
	}
}

func TestQuality(t *testing.T) {
	q := Quality{Sent: 1000, Received: 960, Expected: 1000, Lost: 40, Bursts: 10, Late: 10, Buffer: 30 * time.Millisecond, RoundTrip: 100 * time.Millisecond, Measured: true}
	q.Rate()
	if q.MeanBurst != 4 || math.Abs(q.BurstRatio-3.84) > 1e-9 || q.Delay != 100*time.Millisecond || q.OneWay {
		t.Errorf("mean burst %v, ratio %v, delay %v, one-way %v; want 4, 3.84, 100ms, false", q.MeanBurst, q.BurstRatio, q.Delay, q.OneWay)
	}
	if want := R(100*time.Millisecond, 0.05, 3.84); q.R != want || q.MOS != MOS(want) {
		t.Errorf("R %v, MOS %v; want %v, %v", q.R, q.MOS, want, MOS(want))
	}
	dead := Quality{Sent: 50}
	if dead.Rate(); !dead.OneWay || !math.IsNaN(dead.MOS) {
		t.Errorf("50 sent, none received: one-way %v, MOS %v; want true, NaN", dead.OneWay, dead.MOS)
	}
}
