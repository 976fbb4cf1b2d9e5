// Package des is the event calendar of the simulator: what will happen, in
// order of time and, at one instant, in the order in which it was scheduled.
// It knows nothing of contact centres. sim/world is its only user.
package des

import (
	"math/bits"

	"callwright/realcore"
)

// Calendar is a calendar queue (Brown 1988): time is cut into buckets, an event
// is put into its bucket unsorted, and sorted with the one or two others there
// when their time has come. So scheduling and popping take constant time, where
// a heap of as many events takes the logarithm of their number in steps that
// wait for each other. What lies beyond the last bucket waits in a heap; the
// buckets' length and number follow what is seen.
//
// The order does not depend on the buckets. The zero Calendar is empty and
// ready. It allocates only to grow.
type Calendar[T any] struct {
	nodes  []node[T]
	unused uint32 // a list of nodes; like all links one more than the index, 0 for none
	n      int

	now  []due    // the events of the current bucket and of all before it, the next one last
	head []uint32 // the other buckets' events, the newest first; the current one's place is empty
	some []uint64 // a bit for each bucket that is not empty
	near int      // events in them
	far  heap     // events that come after the last bucket

	bucket int64 // number of the current bucket: time >> shift
	shift  uint
	tuner  tuner
}

type node[T any] struct {
	at   realcore.Instant
	next uint32
	what T
}

type due struct {
	at realcore.Instant
	id uint32
}

// Len returns the number of scheduled events.
func (c *Calendar[T]) Len() int { return c.n }

// Next returns the instant of the next event, or Never.
func (c *Calendar[T]) Next() realcore.Instant {
	if len(c.now) == 0 && !c.turn() {
		return realcore.Never
	}
	return c.now[len(c.now)-1].at
}

// Schedule adds an event, at an instant that is not negative, and returns the
// place for its payload, to be filled in before the next call; what it held
// before is still there. It panics if more than 16 million events are pending.
func (c *Calendar[T]) Schedule(at realcore.Instant) *T {
	if c.unused == 0 {
		c.grow()
	}
	id := c.unused - 1
	p := &c.nodes[id]
	c.unused, p.at = p.next, at
	c.n++
	c.put(at, id)
	return &p.what
}

// put puts an event where it belongs: it is the latest scheduled of its instant.
func (c *Calendar[T]) put(at realcore.Instant, id uint32) {
	d := int64(at)>>(c.shift&63) - c.bucket
	switch {
	case d <= 0:
		c.soon(at, id)
	case d < int64(len(c.head)):
		b := uint64(c.bucket+d) & uint64(len(c.head)-1)
		c.nodes[id].next = c.head[b]
		c.head[b] = id + 1
		c.some[b>>6] |= 1 << (b & 63)
		c.near++
	default:
		c.far.push(at, id)
	}
}

// soon puts an event among those of the current bucket, after its equals.
func (c *Calendar[T]) soon(at realcore.Instant, id uint32) {
	c.now = append(c.now, due{})
	i := len(c.now) - 1
	for i > 0 && c.now[i-1].at <= at {
		c.now[i] = c.now[i-1]
		i--
	}
	c.now[i] = due{at, id}
}

// Pop removes and returns the next event; the payload is good until the next
// Schedule. It panics if there is none.
func (c *Calendar[T]) Pop() (realcore.Instant, *T) {
	if len(c.now) == 0 && !c.turn() {
		panic("des: nothing is scheduled")
	}
	e := c.now[len(c.now)-1]
	c.now = c.now[:len(c.now)-1]
	p := &c.nodes[e.id]
	p.next, c.unused = c.unused, e.id+1
	c.n--
	if c.tuner.left--; c.tuner.left <= 0 {
		c.tune(e.at)
	}
	return e.at, &p.what
}

// turn makes the next bucket that is not empty the current one. It reports
// false if nothing is scheduled.
func (c *Calendar[T]) turn() bool {
	switch {
	case c.near > 0:
		c.bucket += c.distance()
	case len(c.far.a) > 0:
		c.bucket = int64(c.far.a[0].at) >> (c.shift & 63)
	default:
		return false
	}
	for len(c.far.a) > 0 && int64(c.far.a[0].at)>>(c.shift&63)-c.bucket < int64(len(c.head)) {
		at, id := c.far.pop()
		c.put(at, id)
	}
	c.open()
	return true
}

// distance returns how many buckets ahead the next one is that is not empty.
func (c *Calendar[T]) distance() int64 {
	first := uint64(c.bucket+1) & uint64(len(c.head)-1)
	w := first >> 6
	if x := c.some[w] >> (first & 63); x != 0 {
		return 1 + int64(bits.TrailingZeros64(x))
	}
	d := int64(65 - first&63)
	for {
		w = (w + 1) & uint64(len(c.some)-1)
		if x := c.some[w]; x != 0 {
			return d + int64(bits.TrailingZeros64(x))
		}
		d += 64
	}
}

// open sorts the current bucket's events into now. The list has the newest
// first, so each is older than its equals that are there already.
func (c *Calendar[T]) open() {
	b := uint64(c.bucket) & uint64(len(c.head)-1)
	id := c.head[b]
	c.head[b] = 0
	c.some[b>>6] &^= 1 << (b & 63)
	for id != 0 {
		p := &c.nodes[id-1]
		c.now = append(c.now, due{})
		i := len(c.now) - 1
		for i > 0 && c.now[i-1].at < p.at {
			c.now[i] = c.now[i-1]
			i--
		}
		c.now[i] = due{p.at, id - 1}
		id = p.next
		c.near--
	}
}

func (c *Calendar[T]) grow() {
	if len(c.nodes) >= 1<<idBits {
		panic("des: too many events pending")
	}
	if c.head == nil {
		c.buckets(fewest, 30)
		c.tuner.left, c.tuner.look = fewest, fewest
	}
	c.nodes = append(c.nodes, node[T]{})
	c.unused = uint32(len(c.nodes))
}
