package traffic

import (
	"math"

	"callwright/realcore"
)

// Stream is one source of arrivals: a Poisson process with a rate profile and
// a forecast error, or a trace of instants.
type Stream struct {
	Name        string // addresses its chance: two streams of a run need two names
	Rate        Profile
	Uncertainty Uncertainty
	Trace       []realcore.Instant // if not nil, arrivals happen exactly then; must rise
}

var drawGap = PurposeOf("gap")

// Start returns the arrivals of one replication.
func (s *Stream) Start(seed uint64, rep uint32) Cursor {
	stream := PurposeOf(s.Name)
	c := Cursor{seed: seed, rep: rep, stream: stream, luck: NewLuck(seed, rep, stream, 0), trace: s.Trace, traced: s.Trace != nil}
	if !c.traced {
		c.pieces = s.Rate.pieces
		if !s.Uncertainty.None() {
			c.pieces = s.Uncertainty.apply(s.Rate, seed, rep, stream).pieces
		}
		c.enter()
	}
	return c
}

// Cursor walks through the arrivals of one stream in one replication.
//
// The k-th arrival is where the cumulative rate reaches the k-th point of a
// unit-rate Poisson process whose gaps are addressed by k. With 10 % more
// volume the same callers come, each a little earlier.
type Cursor struct {
	seed   uint64
	rep    uint32
	stream Purpose
	luck   Luck
	n      uint64
	last   realcore.Instant

	pieces []piece
	i      int
	base   realcore.Instant // the piece's beginning, or later on an endless piece
	x      float64          // seconds from base
	used   float64          // contacts expected from base to here

	trace  []realcore.Instant
	traced bool
}

// enter begins the piece at c.i.
func (c *Cursor) enter() {
	if c.i < len(c.pieces) {
		c.base = realcore.Instant(math.Round(c.pieces[c.i].from * 1e9))
		c.x, c.used = 0, 0
	}
}

// Next returns the next arrival: its instant, its number in the stream from 1,
// and its caller's luck. Instants never go back. It allocates nothing.
func (c *Cursor) Next() (at realcore.Instant, key uint64, luck Luck, ok bool) {
	if c.traced {
		at, ok = c.nextTraced()
	} else {
		at, ok = c.nextDrawn()
	}
	if !ok {
		return 0, 0, Luck{}, false
	}
	c.n++
	c.last = max(c.last, at)
	return c.last, c.n, NewLuck(c.seed, c.rep, c.stream, c.n), true
}

func (c *Cursor) nextTraced() (realcore.Instant, bool) {
	if c.n >= uint64(len(c.trace)) {
		return 0, false
	}
	return c.trace[c.n], true
}

func (c *Cursor) nextDrawn() (realcore.Instant, bool) {
	e := negLog(c.luck.Uniform(drawGap, uint32(c.n)))
	for c.i < len(c.pieces) {
		p := &c.pieces[c.i]
		if math.IsInf(p.to, 1) {
			return c.endless(p.r0, e)
		}
		if left := p.area() - c.used; e > left {
			e -= left
			c.i++
			c.enter()
			continue
		}
		c.used += e
		c.x = p.inverse(c.used)
		return c.base + realcore.Instant(math.Round(c.x*1e9)), true
	}
	return 0, false
}

// endless moves on by e expected contacts at a constant rate without end. Whole
// seconds go to the integer base, so that a million days lose no precision.
func (c *Cursor) endless(rate, e float64) (realcore.Instant, bool) {
	if rate <= 0 {
		return 0, false
	}
	c.x += e / rate
	if whole := math.Floor(c.x); whole > 0 {
		c.x -= whole
		c.base += realcore.Instant(whole) * 1e9
	}
	return c.base + realcore.Instant(c.x*1e9+0.5), true
}
