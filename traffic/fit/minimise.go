package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// minimise finds the least value of f near start by Nelder and Mead's simplex
// (Nelder and Mead 1965), twice: the second start gets out of a simplex that has
// become flat. ok is false if there is no finite value.
func minimise(f func([]float64) float64, start []float64) (p []float64, least float64, ok bool) {
	p = start
	for range 2 {
		r, err := optimize.Minimize(optimize.Problem{Func: f}, p, &optimize.Settings{MajorIterations: 400,
			Converger: &optimize.FunctionConverge{Absolute: 1e-5, Iterations: 30}}, &optimize.NelderMead{SimplexSize: 0.3})
		if r == nil || err != nil && math.IsInf(r.F, 0) {
			return p, 0, false
		}
		p, least = r.X, r.F
	}
	return p, least, !math.IsInf(least, 0) && !math.IsNaN(least)
}

// standardErrors are the roots of the diagonal of the inverse of the observed
// information, by second differences; NaN where it is not positive definite.
func standardErrors(f func([]float64) float64, p []float64) []float64 {
	const h = 2e-2
	n := len(p)
	at := func(i, j int, a, b float64) float64 {
		q := append([]float64(nil), p...)
		q[i] += a
		q[j] += b
		return f(q)
	}
	info := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			info.SetSym(i, j, (at(i, j, h, h)-at(i, j, h, -h)-at(i, j, -h, h)+at(i, j, -h, -h))/(4*h*h))
		}
	}
	se := make([]float64, n)
	var c mat.Cholesky
	var inverse mat.SymDense
	ok := c.Factorize(info) && c.InverseTo(&inverse) == nil
	for i := range se {
		se[i] = math.NaN()
		if ok {
			se[i] = math.Sqrt(inverse.At(i, i))
		}
	}
	return se
}
