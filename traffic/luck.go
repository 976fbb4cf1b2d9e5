package traffic

import "math/bits"

// Purpose says what a random number is for: "talk", "patience", "ring".
type Purpose uint64

// PurposeOf returns the purpose with a name: a hash, so that no list of numbers
// has to be kept. Make it once per name, never per contact.
func PurposeOf(name string) Purpose {
	h := uint64(0xcbf29ce484222325) // FNV-1a, 64 bits
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return Purpose(mix(h)) // FNV alone leaves the upper bits of short names alike
}

// Luck is the chance a contact carries with it: all its random numbers follow
// from these 128 bits. The zero Luck is a valid one.
type Luck struct{ hi, lo uint64 }

// NewLuck returns the luck of contact number key of a stream, in one replication
// of one seed. Neighbours in any of the four are independent.
func NewLuck(seed uint64, rep uint32, stream Purpose, key uint64) Luck {
	return newRoot(seed, rep, stream).luck(key)
}

// root is what the lucks of one stream have in common, so that a Cursor hashes
// seed, replication and name once.
type root struct{ hi, lo uint64 }

func newRoot(seed uint64, rep uint32, stream Purpose) root {
	r := root{hi: 0x243f6a8885a308d3, lo: 0x13198a2e03707344} // pi, after the point
	for _, v := range [...]uint64{seed, uint64(rep), uint64(stream)} {
		r.hi = mix(r.hi ^ v)
		r.lo = mix(r.lo + v)
	}
	return r
}

func (r root) luck(key uint64) Luck {
	return Luck{hi: mix(r.hi ^ key), lo: mix(r.lo + key*golden)}
}

// Uniform returns the number in (0, 1) that l has for purpose p, k-th time: one
// of the 2^52 odd multiples of 2^-53, so that 1-u is exact and never 0.
//
// The same arguments give the same number in every design, on every machine.
func (l Luck) Uniform(p Purpose, k uint32) float64 {
	g := pcg{l.hi ^ uint64(p), l.lo ^ uint64(k)*golden}
	x, _ := g.next()
	return (float64(x>>12) + 0.5) / (1 << 52)
}

// Child returns the luck of the k-th contact that follows from this one, such as
// a redial: independent of l's own numbers, and the same in every design.
func (l Luck) Child(p Purpose, k uint32) Luck {
	g := pcg{l.hi ^ uint64(p), l.lo ^ uint64(k)*golden}
	_, g = g.next() // Uniform's
	a, g := g.next()
	b, _ := g.next()
	return Luck{hi: mix(a), lo: mix(b)}
}

// pcg is the state of O'Neill's PCG-DXSM generator with 128 bits, as it is in
// math/rand/v2: the same numbers, but a value that stays in registers while one
// number is drawn from it, where rand.PCG goes through memory.
type pcg struct{ hi, lo uint64 }

func (g pcg) next() (x uint64, after pcg) {
	const (
		mulHi, mulLo = 2549297995355413924, 4865540595714422341
		incHi, incLo = 6364136223846793005, 1442695040888963407
		cheap        = 0xda942042e4dd58b5
	)
	hi, lo := bits.Mul64(g.lo, mulLo)
	hi += g.hi*mulLo + g.lo*mulHi
	lo, carry := bits.Add64(lo, incLo, 0)
	hi += incHi + carry
	x = hi ^ hi>>32
	x *= cheap
	x ^= x >> 48
	return x * (lo | 1), pcg{hi, lo}
}

const golden = 0x9e3779b97f4a7c15 // 2^64 / golden ratio, odd: multiples spread over all bits

// mix is the finaliser of SplitMix64 (Stafford's variant 13): a bijection in
// which each input bit turns half of the output bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
