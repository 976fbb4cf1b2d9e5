package traffic

import (
	"math/bits"
	"math/rand/v2"
)

// Purpose names what a draw is for, as a hash of the name. Make it once, in a
// package variable, never per contact.
type Purpose uint64

// PurposeOf returns the purpose with a name (FNV-1a, then mixed).
func PurposeOf(name string) Purpose {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return Purpose(mix(h))
}

// Luck is everything that chance has in store for one caller: 128 bits from
// which any number of draws are made, each by address.
type Luck struct{ hi, lo uint64 }

// NewLuck returns the luck of number key of a stream in one replication of one
// seed. It is a hash of all four, so neighbours have nothing in common.
func NewLuck(seed uint64, rep uint32, stream Purpose, key uint64) Luck {
	a := mix(seed ^ 0x9e3779b97f4a7c15)
	b := mix(a ^ uint64(rep)<<32 ^ uint64(stream))
	hi := mix(b ^ key)
	return Luck{hi: hi, lo: mix(hi ^ 0xd1b54a32d192ed03 ^ bits.RotateLeft64(b, 23))}
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection
// in which each bit of the argument moves about half the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Uniform returns the uniform in (0, 1) that this luck has for purpose p, k-th
// time. The same arguments give the same number in every design, on every
// machine. It reseeds one PCG and allocates nothing.
func (l Luck) Uniform(p Purpose, k uint32) float64 {
	var g rand.PCG
	g.Seed(l.hi^uint64(p), l.lo^uint64(k)*0x9e3779b97f4a7c15)
	return (float64(g.Uint64()>>12) + 0.5) / (1 << 52)
}

// Child returns the luck of the k-th person or attempt that comes from this
// one: a redial is a child of its caller.
func (l Luck) Child(p Purpose, k uint32) Luck {
	hi := mix(l.hi ^ uint64(p) ^ uint64(k)<<40)
	return Luck{hi: hi, lo: mix(hi ^ l.lo)}
}
