package journal

import (
	"fmt"
	"math/bits"

	"callwright/realcore"
)

// Digest names a sequence of effects: two runs decided the same exactly when
// their digests agree (up to chance of 2^-64). Effects are hashed one by one,
// so it does not matter which calls returned them. The zero Digest is empty.
type Digest struct {
	h uint64
	n uint64
}

// Add appends effects.
func (d *Digest) Add(effects []realcore.Effect) {
	for i := range effects {
		d.add(&effects[i])
	}
}

func (d *Digest) add(e *realcore.Effect) {
	d.n++
	h := d.h
	h = fold(h^uint64(e.At), 0x9e3779b97f4a7c15)
	h = fold(h^(uint64(e.Kind)|uint64(e.Code)<<8|uint64(e.Chan)<<16|uint64(e.Dir)<<24|uint64(uint32(e.Queue))<<32), 0xbf58476d1ce4e5b9)
	h = fold(h^(uint64(uint32(e.Agent))|uint64(uint32(e.Trunk))<<32), 0x94d049bb133111eb)
	h = fold(h^(uint64(uint32(e.Prompt))|uint64(uint32(e.Node))<<32), 0x589965cc75374cc3)
	h = fold(h^(uint64(e.Contact.Index)<<32|uint64(e.Contact.Gen)), 0xd6e8feb86659fd93)
	h = fold(h^(uint64(e.Offer.Index)<<32|uint64(e.Offer.Gen)), 0xa0761d6478bd642f)
	h = fold(h^uint64(e.Key), 0xe7037ed1a0b428db)
	d.h = fold(h^uint64(e.Arg), 0x8ebc6af09c88c6e3)
}

// fold mixes by the two halves of a 128-bit product (as wyhash does); the odd
// constants are arbitrary. x is offset so that zero does not stay zero.
func fold(x, k uint64) uint64 {
	hi, lo := bits.Mul64(x+0x2545f4914f6cdd1d, k)
	return hi ^ lo
}

// Sum returns the digest as a number.
func (d *Digest) Sum() uint64 { return d.h ^ d.n }

// Count returns the number of effects.
func (d *Digest) Count() uint64 { return d.n }

func (d *Digest) String() string { return fmt.Sprintf("%016x/%d", d.Sum(), d.n) }
