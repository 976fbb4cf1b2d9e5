package output

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.Abs(got-want) > tol {
		t.Errorf("%s = %.9g, want %.9g (%.2g apart)", what, got, want, got-want)
	}
}

// Quantiles as printed in tables of Student's distribution.
func TestStudent(t *testing.T) {
	for _, c := range []struct {
		level float64
		df    int
		want  float64
	}{{0.95, 1, 12.7062}, {0.95, 9, 2.26216}, {0.95, 30, 2.04227}, {0.99, 10, 3.16927}, {0.9, 5, 2.01505}} {
		near(t, "Student", Student(c.level, c.df), c.want, 5e-5)
	}
}

func TestRatioOfConstantDenominatorsIsStudentsInterval(t *testing.T) {
	s := Sums{Num: []float64{3, 5, 4, 8}, Den: []float64{1, 1, 1, 1}}
	e := s.Ratio(0.95)
	sd := math.Sqrt((4 + 0 + 1 + 9) / 3.)
	near(t, "mean", e.Value, 5, 1e-12)
	near(t, "half-width", e.Half(), Student(0.95, 3)*sd/2, 1e-9)
}

func TestUndefined(t *testing.T) {
	for _, s := range []Sums{{}, {Num: []float64{0, 0}, Den: []float64{0, 0}}} {
		if e := s.Ratio(0.95); !math.IsNaN(e.Value) || e.Kind != None {
			t.Errorf("ratio over nothing is %+v", e)
		}
	}
	if e := (&Sums{Num: []float64{1}, Den: []float64{2}}).Ratio(0.95); e.Value != 0.5 || e.Kind != None {
		t.Errorf("one replication gives %+v; want a value without interval", e)
	}
}

// Common random numbers: what both designs share has no part in the interval.
func TestDifferenceOfPairs(t *testing.T) {
	a, b := &Sums{}, &Sums{}
	for i := range 20 {
		x := float64(i * i % 17)
		a.Add(x, 1)
		b.Add(x+2, 1)
	}
	e := Difference(a, b, 0.95)
	near(t, "difference", e.Value, 2, 1e-12)
	near(t, "half-width", e.Half(), 0, 1e-12)
}

// 0 of 10 and 10 of 10 by Wilson 1927: the bound is z^2/(n+z^2).
func TestWilson(t *testing.T) {
	z2 := 1.959963984540054 * 1.959963984540054
	e := Wilson(0, 10, 0.95)
	near(t, "0 of 10, high", e.High, z2/(10+z2), 1e-12)
	near(t, "10 of 10, low", Wilson(10, 10, 0.95).Low, 10/(10+z2), 1e-12)
	if e.Low != 0 {
		t.Errorf("0 of 10, low = %v, want 0", e.Low)
	}
}

// With 39 days the smallest and largest enclose the 40th with probability 38/40.
func TestPrediction(t *testing.T) {
	s := &Sums{}
	for i := range 39 {
		s.Add(float64((i*7)%39), 1)
	}
	e, level := s.Predict(0.95)
	if e.Low != 0 || e.High != 38 || e.Kind != Prediction {
		t.Errorf("got %+v", e)
	}
	near(t, "level", level, 0.95, 1e-12)
}
