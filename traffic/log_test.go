package traffic

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestNegLogAgainstMath(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	worst := 0.0
	check := func(u float64) {
		got, want := negLog(u), -math.Log(u)
		d := math.Abs(got-want) / (math.Abs(want) + 1e-3)
		if d > worst {
			worst = d
		}
		if d > 5e-15 {
			t.Fatalf("negLog(%v) = %v, want %v (%.3g)", u, got, want, d)
		}
	}
	for range 2_000_000 {
		check((float64(r.Uint64()>>12) + 0.5) / (1 << 52))
	}
	for i := range 128 { // the seams
		m := 0.5 + float64(i)/256
		check(m)
		check(math.Nextafter(m, 0))
		check(math.Nextafter(m, 1))
	}
	check(0.5 / (1 << 52))
	check(1 - 0.5/(1<<52))
	t.Logf("worst relative distance %.3g", worst)
}

func TestNegLogFallsMonotonically(t *testing.T) {
	last := math.Inf(1)
	for i := range 1 << 20 {
		u := (float64(i) + 0.5) / (1 << 20)
		x := negLog(u)
		if !(x < last) {
			t.Fatalf("negLog(%v) = %v after %v", u, x, last)
		}
		last = x
	}
}

func BenchmarkNegLog(b *testing.B) {
	u, s := 0.123, 0.0
	for b.Loop() {
		s += negLog(u)
		u = u*0.9 + 0.05
	}
	_ = s
}

func BenchmarkMathLog(b *testing.B) {
	u, s := 0.123, 0.0
	for b.Loop() {
		s += math.Log(u)
		u = u*0.9 + 0.05
	}
	_ = s
}
