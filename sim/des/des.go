// Package des is the event calendar of the simulator: what will happen, in
// order of time and, at one instant, in the order in which it was scheduled.
// It knows nothing of contact centres. sim/world is its only user.
package des

import (
	"math/bits"

	"callwright/realcore"
)

// Calendar is a 4-ary heap of 16-byte entries over a slab of payloads of type
// T. Four children lie in one cache line, which is why it beats a binary heap;
// payloads stay where they are while entries move. The zero Calendar is empty
// and ready. It allocates only to grow.
type Calendar[T any] struct {
	heap []entry
	hole bool // heap[0] has been popped; the next Schedule may take its place
	slab []T
	free []uint32
	seq  uint64
}

// entry is an event's time and, in one word, its number and its place in the
// slab: comparing two words as one 128-bit number orders by (time, number)
// without a branch that the processor could guess wrong.
type entry struct {
	at  uint64
	ord uint64 // number << idBits | place
}

const idBits = 24

// before returns 1 if a comes before b, else 0.
func (a entry) before(b entry) uint64 {
	_, borrow := bits.Sub64(a.ord, b.ord, 0)
	_, borrow = bits.Sub64(a.at, b.at, borrow)
	return borrow
}

// Len returns the number of scheduled events.
func (c *Calendar[T]) Len() int {
	if c.hole {
		return len(c.heap) - 1
	}
	return len(c.heap)
}

// Next returns the instant of the next event, or Never.
func (c *Calendar[T]) Next() realcore.Instant {
	if c.hole {
		c.fill()
	}
	if len(c.heap) == 0 {
		return realcore.Never
	}
	return realcore.Instant(c.heap[0].at)
}

// Schedule adds an event, at an instant that is not negative, and returns the
// place for its payload, to be filled in before the next call; what it held
// before is still there. It panics if more than 16 million events are pending.
func (c *Calendar[T]) Schedule(at realcore.Instant) *T {
	var id uint32
	if n := len(c.free); n > 0 {
		id = c.free[n-1]
		c.free = c.free[:n-1]
	} else {
		id = uint32(len(c.slab))
		if id >= 1<<idBits {
			panic("des: too many events pending")
		}
		var zero T
		c.slab = append(c.slab, zero)
	}
	c.seq++
	if c.hole { // the simulator's heartbeat: one event ends, the next of its kind is planned
		c.hole = false
		c.down(entry{uint64(at), c.seq<<idBits | uint64(id)})
		return &c.slab[id]
	}
	c.heap = append(c.heap, entry{})
	c.up(len(c.heap)-1, entry{uint64(at), c.seq<<idBits | uint64(id)})
	return &c.slab[id]
}

// Pop removes and returns the next event. It panics if there is none.
func (c *Calendar[T]) Pop() (realcore.Instant, T) {
	if c.hole {
		c.fill()
	}
	e := c.heap[0]
	c.hole = true
	id := uint32(e.ord & (1<<idBits - 1))
	c.free = append(c.free, id)
	return realcore.Instant(e.at), c.slab[id]
}

// fill closes the hole that Pop left.
func (c *Calendar[T]) fill() {
	c.hole = false
	n := len(c.heap) - 1
	last := c.heap[n]
	c.heap = c.heap[:n]
	if n > 0 {
		c.down(last)
	}
}

func (c *Calendar[T]) up(i int, e entry) {
	h := c.heap
	for i > 0 {
		p := (i - 1) >> 2
		if e.before(h[p]) == 0 {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = e
}

// down lets the hole at the top sink to the bottom along the smallest
// children, then puts e there and lets it rise: e came from the bottom and
// mostly belongs there, so this compares less than asking on every level.
func (c *Calendar[T]) down(e entry) {
	h := c.heap
	i, n := 0, len(h)
	for {
		k := i<<2 + 1
		if k+4 > n {
			break
		}
		q := h[k : k+4 : k+4]
		m := int(q[1].before(q[0]))
		m3 := 2 + int(q[3].before(q[2]))
		m += (m3 - m) * int(q[m3&3].before(q[m&3]))
		h[i] = q[m&3]
		i = k + m
	}
	if k := i<<2 + 1; k < n {
		m := k
		for j := k + 1; j < n; j++ {
			m += (j - m) * int(h[j].before(h[m]))
		}
		h[i] = h[m]
		i = m
	}
	c.up(i, e)
}
