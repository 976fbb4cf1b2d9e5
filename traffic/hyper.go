package traffic

import "math"

// hyperQuantile solves -ln S(x) = -ln(1-u), S(x) = p e^(-x/m1) + (1-p) e^(-x/m2),
// m1 <= m2, u in (0, 1).
//
// The left side is concave: the hazard falls from p/m1 + (1-p)/m2 to 1/m2. It
// lies below its tangent at 0 and below its asymptote, so both give a first guess
// that is not too great, and Newton's method rises to the root from there.
func hyperQuantile(p, m1, m2, u float64) float64 {
	e := -ln1m(u)
	x := e / (p/m1 + (1-p)/m2)
	if p < 1 {
		x = max(x, m2*(e+math.Log1p(-p)))
	}
	for range 60 {
		s1, s2 := p*math.Exp(-x/m1), (1-p)*math.Exp(-x/m2)
		s := s1 + s2
		g := -math.Log(s)
		if s > 0.9 { // near 1 a logarithm of the sum forgets its last digits
			g = -math.Log1p(p*math.Expm1(-x/m1) + (1-p)*math.Expm1(-x/m2))
		}
		step := (e - g) * s / (s1/m1 + s2/m2)
		x += step
		if !(step > 1e-9*x) { // the next step would be about the square of this one
			break
		}
	}
	return x
}
