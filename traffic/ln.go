package traffic

import (
	"math"
	"time"
)

// ln returns the natural logarithm of x, positive and normal, to about one unit in
// the last place, the same on every processor: products are rounded before they
// are added, which package math does not promise.
//
// x = 2^k z with z in [0.705, 1.41); z is met to 1/256 by one of 128 centres c,
// and ln(z/c) = ln(1+r) by its series. There is no branch to mispredict and no
// division to wait for, so it takes half as long as math.Log for the arguments
// that matter here, which are random. The centre next to 1 is 1 itself, so that
// small logarithms keep all their digits. After log.c of Arm's optimized-routines.
func ln(x float64) float64 {
	b := math.Float64bits(x)
	d := b - lnLeast
	t := &lnTable[d>>45&127]
	k := float64(int64(d) >> 52)
	z := math.Float64frombits(b - d&(0xfff<<52))
	r := float64((z - t.c) * t.inv)
	r2 := float64(r * r)
	p := float64(r2*(float64(r*(1.0/3))-1.0/2)) +
		float64(float64(r2*r2)*((float64(r*(1.0/5))-1.0/4)+float64(r2*(float64(r*(1.0/7))-1.0/6))))
	return (float64(k*ln2Hi) + t.ln) + (r + (p + float64(k*ln2Lo)))
}

// ln 2 in two parts: k times the first is exact.
const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10

	lnLeast = 0x3fe6900000000000 // bits of the least z; puts 1 into the middle of a 128th part
)

type lnCentre struct{ c, inv, ln float64 }

var lnTable = makeLnTable() // never written again

func makeLnTable() (t [128]lnCentre) {
	for i := range t {
		c := math.Float64frombits(lnLeast + uint64(2*i+1)<<44)
		t[i] = lnCentre{c, 1 / c, lnByDivision(c)}
	}
	return t
}

// lnByDivision returns ln(x) for x in [sqrt(1/2), sqrt(2)] as FreeBSD's e_log.c
// does. It makes the table, on every processor the same.
func lnByDivision(x float64) float64 {
	const (
		l1 = 6.666666666666735130e-01
		l2 = 3.999999999940941908e-01
		l3 = 2.857142874366239149e-01
		l4 = 2.222219843214978396e-01
		l5 = 1.818357216161805012e-01
		l6 = 1.531383769920937332e-01
		l7 = 1.479819860510658591e-01
	)
	f := x - 1
	s := f / (2 + f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	t1 := float64(s2 * (l1 + float64(s4*(l3+float64(s4*(l5+float64(s4*l7)))))))
	t2 := float64(s4 * (l2 + float64(s4*(l4+float64(s4*l6)))))
	h := float64(0.5 * f * f)
	return f - (h - float64(s*(h+(t1+t2))))
}

// ln1m returns ln(1-u) for u in [0, 1), also where 1-u is not exact.
func ln1m(u float64) float64 {
	v := 1 - u
	if e := (1 - v) - u; e != 0 { // never for the numbers Luck draws
		return ln(v) + e/v
	}
	return ln(v)
}

// nanoseconds rounds a length in seconds, once; what does not fit is for ever.
func nanoseconds(sec float64) time.Duration {
	ns := float64(sec*1e9) + 0.5
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(ns)
}
