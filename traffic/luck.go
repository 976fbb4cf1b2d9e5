package traffic

import "math/rand/v2"

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
	var g rand.PCG
	g.Seed(l.hi^uint64(p), l.lo^uint64(k)*golden)
	return (float64(g.Uint64()>>12) + 0.5) / (1 << 52)
}

// Child returns the luck of the k-th contact that follows from this one, such as
// a redial: independent of l's own numbers, and the same in every design.
func (l Luck) Child(p Purpose, k uint32) Luck {
	var g rand.PCG
	g.Seed(l.hi^uint64(p), l.lo^uint64(k)*golden)
	g.Uint64() // Uniform's
	return Luck{hi: mix(g.Uint64()), lo: mix(g.Uint64())}
}

const golden = 0x9e3779b97f4a7c15 // 2^64 / golden ratio, odd: multiples spread over all bits

// mix is the finaliser of SplitMix64 (Stafford's variant 13): a bijection in
// which each input bit turns half of the output bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
