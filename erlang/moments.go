package erlang

import "math"

// offeredWait is the law of the offered wait V (that of a caller who never gives
// up) given V > 0, up to a factor: V has density e^h(u) with
//
//	h(u) = c(1-e^-u) - s*u   with patience, u in units of the mean patience
//	h(u) = -d*u              without, u in units of the server time
//
// where s = n*mu, c = lambda and d = s-c in that unit. h is concave, so every
// integral below has one peak, known in closed form.
type offeredWait struct {
	s, c, d   float64
	logCS     float64 // ln(c/s): where h peaks if that is positive
	impatient bool
	never     bool // V is infinite: no servers, or no steady state
}

// moments holds natural logarithms of integrals over a range of V. Served means
// that patience outlasts V; its probability e^-u stands inside the integral.
//
// All of them lack the summit of h and the term top, which may be so large that
// adding them would cost digits; they drop out of ratios.
type moments struct {
	top float64
	j   float64 // e^h
	jx  float64 // u e^h                            offered wait
	h   float64 // e^-u e^h                         served
	hx  float64 // u e^-u e^h                       served: wait
	f   float64 // (1-e^-u) e^h                     abandoned; also wait of all, min(V, R)
	g   float64 // (1-(1+u)e^-u) e^h                abandoned: wait
}

func allMoments(x float64) moments { return moments{0, x, x, x, x, x, x} }

// over returns the moments of V in [lo, hi], hi may be +Inf. Without patience jx
// and hx are right for [0, +Inf] only, where alone they are asked for.
func (w offeredWait) over(lo, hi float64) moments {
	none := math.Inf(-1)
	switch {
	case math.IsNaN(w.s + w.d + lo + hi):
		return allMoments(math.NaN())
	case !(lo < hi):
		return allMoments(none)
	case w.never && hi < math.Inf(1):
		return allMoments(none)
	case w.never && w.impatient: // all abandon, when their patience ends
		return moments{j: 0, jx: math.Inf(1), h: none, hx: none, f: 0, g: 0}
	case w.never:
		return moments{j: 0, jx: math.Inf(1), h: 0, hx: math.Inf(1), f: none, g: none}
	case !w.impatient:
		logD := math.Log(w.d)
		j := logGap(w.d*(hi-lo)) - logD
		return moments{top: -w.d * lo, j: j, jx: -2 * logD, h: j, hx: -2 * logD, f: none, g: none}
	}
	p := w.peak(lo, hi)
	p.rightward(hi)
	p.leftward(lo)
	return p.logs()
}

// peak is the point m of [lo, hi] where h is highest, and what the integration
// needs to know there. With v = u-m,
//
//	h(m+v) - h(m) = -d*v - c*(e^-v - 1 + v)
//
// with d and c taken at m. Inside the range d = 0; at an end d*v >= 0: the two
// terms never cancel.
type peak struct {
	m, hm, c, d float64    // hm is h(m) less the summit
	sum         [6]float64 // j, jx, h, hx, f, g; e^h over e^h(m), and h, hx over e^-m besides
}

func (w offeredWait) peak(lo, hi float64) peak {
	p := peak{m: w.logCS, c: w.s}
	if m := min(max(w.logCS, lo), hi); m != w.logCS {
		p.m = m
		p.c = w.c * math.Exp(-m)
		p.d = w.d - w.c*math.Expm1(-m)
	}
	p.hm = w.height(p.m)
	return p
}

// height returns h(u) less its greatest value over u >= 0, in a form that keeps
// its digits near that peak even where h itself is huge.
func (w offeredWait) height(u float64) float64 {
	if w.logCS > 0 {
		return -w.s * expRest(u-w.logCS)
	}
	return -w.d*u - w.c*expRest(u)
}

// summit returns the greatest value of h over u >= 0, 0 unless c > s.
func (w offeredWait) summit() float64 {
	if w.impatient && w.logCS > 0 {
		return -w.d*w.logCS - w.c*expRest(w.logCS)
	}
	return 0
}

// Panels are so narrow that h changes by no more than about nine within one, and
// e^-v by a factor of e: there 16 points are exact to rounding.
const panelDrop = 3

// rightward integrates from the peak to hi, or until nothing is left.
func (p *peak) rightward(hi float64) {
	end := hi - p.m
	for v := 0.0; v < end; {
		ev := math.Exp(-v)
		if -p.d*v-p.c*expRest(v) < -cutoff-18 { // 18: the weight u may still grow
			return
		}
		slope := math.Abs(p.c*math.Expm1(-v) - p.d)
		width := min(panelDrop/slope, math.Sqrt(panelDrop/(p.c*ev)))
		if v < cutoff || p.c*ev > 1e-18 {
			width = min(width, 1)
		}
		next := min(v+width, end)
		p.panel(v, next)
		v = next
	}
}

// leftward integrates from the peak down to lo, or until nothing is left. The
// curvature of h may grow by a factor of e within a panel.
func (p *peak) leftward(lo float64) {
	end := lo - p.m
	for v := 0.0; v > end; {
		if -p.d*v-p.c*expRest(v) < -cutoff-18 {
			return
		}
		slope := math.Abs(p.c*math.Expm1(-v) - p.d)
		width := min(panelDrop/slope, math.Sqrt(panelDrop/(p.c*math.Exp(-v))), 1)
		next := max(v-width, end)
		p.panel(next, v)
		v = next
	}
}

// panel adds the integrals over [v0, v1] by 16-point Gauss-Legendre quadrature.
func (p *peak) panel(v0, v1 float64) {
	mid, half := v0+(v1-v0)/2, (v1-v0)/2
	for _, node := range gaussLegendre {
		p.point(mid-half*node.x, half*node.weight)
		p.point(mid+half*node.x, half*node.weight)
	}
}

func (p *peak) point(v, weight float64) {
	u := p.m + v
	e := weight * math.Exp(-p.d*v-p.c*expRest(v))
	served := e * math.Exp(-v)
	p.sum[0] += e
	p.sum[1] += e * u
	p.sum[2] += served
	p.sum[3] += served * u
	p.sum[4] -= e * math.Expm1(-u)
	if u < 1 {
		p.sum[5] += e * math.Exp(-u) * expRest(-u)
	} else {
		p.sum[5] += e * (1 - (1+u)*math.Exp(-u))
	}
}

func (p *peak) logs() moments {
	return moments{
		top: p.hm,
		j:   math.Log(p.sum[0]),
		jx:  math.Log(p.sum[1]),
		h:   math.Log(p.sum[2]) - p.m,
		hx:  math.Log(p.sum[3]) - p.m,
		f:   math.Log(p.sum[4]),
		g:   math.Log(p.sum[5]),
	}
}

// expRest returns e^-v - 1 + v >= 0, by its series where the terms would cancel.
func expRest(v float64) float64 {
	if math.Abs(v) > 0.5 {
		return math.Exp(-v) - 1 + v
	}
	sum := 1.0
	for k := 14.0; k >= 3; k-- {
		sum = 1 - v/k*sum
	}
	return v * v / 2 * sum
}

// gaussLegendre holds the positive half of the 16-point rule on [-1, 1].
var gaussLegendre = [...]struct{ x, weight float64 }{
	{0.9894009349916499326, 0.027152459411754094852},
	{0.94457502307323257608, 0.062253523938647892863},
	{0.86563120238783174388, 0.09515851168249278481},
	{0.7554044083550030339, 0.12462897125553387205},
	{0.61787624440264374845, 0.14959598881657673208},
	{0.45801677765722738634, 0.16915651939500253819},
	{0.28160355077925891323, 0.18260341504492358887},
	{0.095012509837637440185, 0.18945061045506849629},
}
