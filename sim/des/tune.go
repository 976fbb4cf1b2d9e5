package des

import (
	"math/bits"

	"callwright/realcore"
)

// tuner decides how long the buckets are and how many: about one event in each
// of those next to come, and twice as many buckets as events, so that by
// Little's law they reach two mean delays ahead.
type tuner struct {
	left  int              // pops until the next look
	look  int              // pops between the last look and the next
	since realcore.Instant // the last look
}

const (
	fewest = 64 // buckets: one word of bits
	most   = 1 << 20
	rarest = 4096 // pops between two looks
)

// tune looks at the pace since the last time and cuts time anew if the buckets
// are four times too long or too short, or too few or far too many.
func (c *Calendar[T]) tune(now realcore.Instant) {
	t := &c.tuner
	gap := uint64(now-t.since) / uint64(t.look)
	t.since, t.look = now, min(2*t.look, rarest)
	t.left = t.look
	shift := min(max(bits.Len64(gap), 1)-1, 50)
	n := fewest
	for n < 2*c.n && n < most {
		n *= 2
	}
	if shift > int(c.shift)+1 || shift < int(c.shift)-1 || n > len(c.head) || 8*n < len(c.head) {
		c.rebuild(n, uint(shift), now)
	}
}

func (c *Calendar[T]) buckets(n int, shift uint) {
	c.head, c.some, c.shift = make([]uint32, n), make([]uint64, n/64), shift
}

// rebuild cuts time into n buckets of 2^shift ns from now on. Events are put in
// by time, those of one instant as they were scheduled.
func (c *Calendar[T]) rebuild(n int, shift uint, now realcore.Instant) {
	old := c.all()
	c.now, c.near = c.now[:0], 0
	if n == len(c.head) {
		clear(c.head)
		clear(c.some)
		c.shift = shift
	} else {
		c.buckets(n, shift)
	}
	c.bucket = int64(now) >> shift
	for _, e := range old {
		c.put(e.at, e.id)
	}
	for len(c.far.a) > 0 && int64(c.far.a[0].at)>>shift-c.bucket < int64(n) {
		at, id := c.far.pop()
		c.put(at, id)
	}
}

// all lists the events that are not far away; those of one instant in the order
// in which they were scheduled.
func (c *Calendar[T]) all() []due {
	var list []due
	for i := len(c.now) - 1; i >= 0; i-- {
		list = append(list, c.now[i])
	}
	for d := 1; d < len(c.head); d++ {
		first := len(list)
		for id := c.head[uint64(c.bucket+int64(d))&uint64(len(c.head)-1)]; id != 0; id = c.nodes[id-1].next {
			list = append(list, due{c.nodes[id-1].at, id - 1})
		}
		for i, k := first, len(list)-1; i < k; i, k = i+1, k-1 {
			list[i], list[k] = list[k], list[i]
		}
	}
	return list
}
