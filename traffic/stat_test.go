package traffic

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// level is the probability with which a right program fails one of the
// statistical tests here. Seeds are fixed, so it fails always or never.
const level = 1e-6

var sink float64

// near fails unless got and want agree to the relative tolerance.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	d := math.Abs(got - want)
	if want != 0 && !math.IsInf(want, 0) {
		d /= math.Abs(want)
	}
	if got != want && !(d <= tol) {
		t.Errorf("%s: got %.17g, want %.17g, distance %.3g, tolerance %g", what, got, want, d, tol)
	}
}

// uniform fails if a Kolmogorov-Smirnov test rejects that us are uniform.
func uniform(t *testing.T, what string, us []float64) {
	t.Helper()
	s := slices.Sorted(slices.Values(us))
	n := float64(len(s))
	d := 0.0
	for i, u := range s {
		d = max(d, u-float64(i)/n, float64(i+1)/n-u)
	}
	if limit := math.Sqrt(-math.Log(level/2) / 2 / n); !(d <= limit) {
		t.Errorf("%s: Kolmogorov-Smirnov distance of %d from uniform is %.4g, want at most %.4g (level %g)", what, len(us), d, limit, level)
	}
}

// independent fails if pairs of uniforms are correlated, or if a chi-square test
// rejects that they fill a 16 x 16 grid evenly.
func independent(t *testing.T, what string, n int, pair func(i int) (x, y float64)) {
	t.Helper()
	const g = 16
	var grid [g * g]float64
	r := 0.0
	for i := range n {
		x, y := pair(i)
		grid[int(x*g)*g+int(y*g)]++
		r += 12 * (x - 0.5) * (y - 0.5)
	}
	if z, limit := r/math.Sqrt(float64(n)), -mathext.NormalQuantile(level/2); !(math.Abs(z) <= limit) {
		t.Errorf("%s: correlation is %.2f standard errors, want at most %.2f (level %g)", what, z, limit, level)
	}
	even(t, what, grid[:])
}

// even fails if a chi-square test rejects that counts have equal means.
func even(t *testing.T, what string, counts []float64) {
	t.Helper()
	want := 0.0
	for _, c := range counts {
		want += c / float64(len(counts))
	}
	x := 0.0
	for _, c := range counts {
		x += (c - want) * (c - want) / want
	}
	df := float64(len(counts) - 1)
	if limit := 2 * mathext.GammaIncRegCompInv(df/2, level); !(x <= limit) {
		t.Errorf("%s: chi-square with %g degrees of freedom is %.1f, want at most %.1f (level %g)", what, df, x, limit, level)
	}
}

// meanIs fails if the mean of xs is further from want than its standard error
// allows.
func meanIs(t *testing.T, what string, xs []float64, want, sd float64) {
	t.Helper()
	s := 0.0
	for _, x := range xs {
		s += x
	}
	n := float64(len(xs))
	if z, limit := (s/n-want)/(sd/math.Sqrt(n)), -mathext.NormalQuantile(level/2); !(math.Abs(z) <= limit) {
		t.Errorf("%s: mean is %.6g, want %.6g; %.2f standard errors, at most %.2f (level %g)", what, s/n, want, z, limit, level)
	}
}
