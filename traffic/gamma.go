package traffic

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The quantile of a gamma law of scale 1 is kept as y = ln x over the normal
// quantile z of u: a smooth, nearly straight curve whose slope and curvature
// follow from the density. Between points 1/32 apart, a polynomial of degree five
// meets value, slope and curvature at both ends; what it misses in y, which is
// the relative error of x, is of order (1/32)^6/46080 = 2e-14 times the sixth
// derivative.

const (
	zReach = 8.25 // Luck's least and greatest numbers lie at 8.21
	zStep  = 1.0 / 32
)

// quintic is a polynomial in the distance from a point, in steps.
type quintic [6]float64

func gammaTable(shape float64) *table {
	n := int(2 * zReach / zStep)
	t := &table{fit: make([]quintic, n)}
	y0, d0, c0 := gammaPoint(shape, -zReach)
	for i := range t.fit {
		y1, d1, c1 := gammaPoint(shape, -zReach+float64(i+1)*zStep)
		r := y1 - y0 - d0 - c0/2
		s := d1 - d0 - c0
		q := c1 - c0
		t.fit[i] = quintic{y0, d0, c0 / 2, 10*r - 4*s + q/2, -15*r + 7*s - q, 6*r - 3*s + q/2}
		y0, d0, c0 = y1, d1, c1
	}
	return t
}

// gammaPoint returns ln x at z with its first and second derivative, in steps.
func gammaPoint(shape, z float64) (y, slope, curve float64) {
	y = gammaLog(shape, math.Erfc(-z/math.Sqrt2)/2, math.Erfc(z/math.Sqrt2)/2)
	x := math.Exp(y)
	slope = math.Exp(-z*z/2-gammaLogDensity(shape, y)) / math.Sqrt(2*math.Pi)
	curve = slope * (-z - (shape-x)*slope)
	return y, slope * zStep, curve * zStep * zStep
}

// gammaLogDensity returns the logarithm of the density of ln x at y, which is
// shape y - e^y - ln Γ(shape). For great shapes those cancel, so it takes out
// the peak, where Stirling's series is known.
func gammaLogDensity(shape, y float64) float64 {
	if shape < 100 {
		g, _ := math.Lgamma(shape)
		return shape*y - math.Exp(y) - g
	}
	d := y - math.Log(shape)
	i := 1 / (shape * shape)
	stirling := (1.0/12 - i*(1.0/360-i/1260)) / shape
	return 0.5*math.Log(shape/(2*math.Pi)) - shape*(math.Expm1(d)-d) - stirling
}

// gammaLog returns ln x such that a gamma law of scale 1 is below x with
// probability u and above with v = 1-u, both > 0.
//
// Newton's method on the logarithm of the smaller of the two as a function of
// ln x. Both are concave, so from the second step on it comes from one side; the
// first guess below the median lies on that side for u, as x^a/Γ(a+1) >= u.
func gammaLog(shape, u, v float64) float64 {
	g, _ := math.Lgamma(shape + 1)
	y := (math.Log(u) + g) / shape
	if y < -40 {
		return y // the next term of the series is lost in rounding
	}
	if w := wilsonHilferty(shape, u, v); w > 0 && shape > 0.5 {
		y = math.Log(w)
	}
	for range 100 {
		x := math.Exp(y)
		f := math.Exp(gammaLogDensity(shape, y))
		var step float64
		if u <= v {
			p := mathext.GammaIncReg(shape, x)
			step = p / f * math.Log(p/u)
		} else {
			q := mathext.GammaIncRegComp(shape, x)
			step = -q / f * math.Log(q/v)
		}
		if math.IsNaN(step) || math.IsInf(step, 0) {
			break
		}
		step = max(-1, min(step, 1))
		y -= step
		if math.Abs(step) < 1e-15*max(1, math.Abs(y)) {
			break
		}
	}
	return y
}

func wilsonHilferty(shape, u, v float64) float64 {
	z := mathext.NormalQuantile(u)
	if v < 0.5 {
		z = -mathext.NormalQuantile(v)
	}
	c := 1 - 1/(9*shape) + z/(3*math.Sqrt(shape))
	return shape * c * c * c
}

// gamma returns the quantile at u, in (0, 1).
func (t *table) gamma(shape, u float64) float64 {
	s := (mathext.NormalQuantile(u) + zReach) / zStep
	if !(s >= 0 && s < float64(len(t.fit))) {
		return math.Exp(gammaLog(shape, u, 1-u)) // no number of a Luck is so small
	}
	i := int(s)
	s -= float64(i)
	q := &t.fit[i]
	return math.Exp(q[0] + s*(q[1]+s*(q[2]+s*(q[3]+s*(q[4]+s*q[5])))))
}
