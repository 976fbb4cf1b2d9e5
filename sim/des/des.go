// Package des is the event calendar of the simulator: what will happen, in
// order of time and, at one instant, in the order in which it was scheduled.
// It knows nothing of contact centres. sim/world is its only user.
package des

import "callwright/realcore"

// Calendar is a 4-ary heap of 16-byte entries over a slab of payloads of type
// T. Four children lie in one cache line, which is why it beats a binary heap;
// payloads stay where they are while entries move. The zero Calendar is empty
// and ready. It allocates only to grow.
type Calendar[T any] struct {
	heap []entry
	slab []T
	free []uint32
	seq  uint32
}

type entry struct {
	at  realcore.Instant
	seq uint32 // wraps: order holds among entries within 2^31 schedulings of each other
	id  uint32
}

func (a entry) before(b entry) bool {
	return a.at < b.at || a.at == b.at && int32(a.seq-b.seq) < 0
}

// Len returns the number of scheduled events.
func (c *Calendar[T]) Len() int { return len(c.heap) }

// Next returns the instant of the next event, or Never.
func (c *Calendar[T]) Next() realcore.Instant {
	if len(c.heap) == 0 {
		return realcore.Never
	}
	return c.heap[0].at
}

// Schedule adds an event.
func (c *Calendar[T]) Schedule(at realcore.Instant, what T) {
	var id uint32
	if n := len(c.free); n > 0 {
		id = c.free[n-1]
		c.free = c.free[:n-1]
		c.slab[id] = what
	} else {
		id = uint32(len(c.slab))
		c.slab = append(c.slab, what)
	}
	c.seq++
	c.heap = append(c.heap, entry{})
	c.up(len(c.heap)-1, entry{at, c.seq, id})
}

// Pop removes and returns the next event. It panics if there is none.
func (c *Calendar[T]) Pop() (realcore.Instant, T) {
	e := c.heap[0]
	n := len(c.heap) - 1
	last := c.heap[n]
	c.heap = c.heap[:n]
	if n > 0 {
		c.down(last)
	}
	c.free = append(c.free, e.id)
	return e.at, c.slab[e.id]
}

// Reset empties the calendar and keeps its memory.
func (c *Calendar[T]) Reset() {
	c.heap, c.slab, c.free, c.seq = c.heap[:0], c.slab[:0], c.free[:0], 0
}

func (c *Calendar[T]) up(i int, e entry) {
	h := c.heap
	for i > 0 {
		p := (i - 1) >> 2
		if !e.before(h[p]) {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = e
}

func (c *Calendar[T]) down(e entry) {
	h := c.heap
	i, n := 0, len(h)
	for {
		k := i<<2 + 1
		if k >= n {
			break
		}
		m := k
		for j := k + 1; j < min(k+4, n); j++ {
			if h[j].before(h[m]) {
				m = j
			}
		}
		if !h[m].before(e) {
			break
		}
		h[i] = h[m]
		i = m
	}
	h[i] = e
}
