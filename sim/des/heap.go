package des

import (
	"math/bits"

	"callwright/realcore"
)

// heap is a 4-ary heap by time and, at one instant, by when it was pushed. Four
// children lie in one cache line.
type heap struct {
	a   []entry
	seq uint64
}

// entry is an event's time and, in one word, its number and its node: comparing
// two words as one 128-bit number orders by (time, number) without a branch.
type entry struct {
	at  uint64
	ord uint64 // number << idBits | node
}

const idBits = 24

func (a entry) before(b entry) bool {
	_, borrow := bits.Sub64(a.ord, b.ord, 0)
	_, borrow = bits.Sub64(a.at, b.at, borrow)
	return borrow != 0
}

func (h *heap) push(at realcore.Instant, id uint32) {
	h.seq++
	e := entry{uint64(at), h.seq<<idBits | uint64(id)}
	h.a = append(h.a, e)
	i := len(h.a) - 1
	for i > 0 {
		p := (i - 1) >> 2
		if !e.before(h.a[p]) {
			break
		}
		h.a[i] = h.a[p]
		i = p
	}
	h.a[i] = e
}

func (h *heap) pop() (realcore.Instant, uint32) {
	top := h.a[0]
	n := len(h.a) - 1
	e := h.a[n]
	h.a = h.a[:n]
	for i := 0; ; {
		k := i<<2 + 1
		if k >= n {
			if n > 0 {
				h.a[i] = e
			}
			break
		}
		m := k
		for j := k + 1; j < min(k+4, n); j++ {
			if h.a[j].before(h.a[m]) {
				m = j
			}
		}
		if e.before(h.a[m]) {
			h.a[i] = e
			break
		}
		h.a[i] = h.a[m]
		i = m
	}
	return realcore.Instant(top.at), uint32(top.ord & (1<<idBits - 1))
}
