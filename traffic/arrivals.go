package traffic

import (
	"errors"
	"fmt"
	"math"

	"callwright/realcore"
)

// Stream is a source of contacts: a Poisson process with a rate that changes, and
// a forecast that errs.
type Stream struct {
	// Name is part of every caller's luck: two streams of a run need two names,
	// and a renamed stream has other callers.
	Name        string
	Rate        Profile
	Uncertainty Uncertainty
	Trace       []realcore.Instant // if not nil, arrivals are these and Rate counts for nothing
}

// Validate reports what is wrong with s.
func (s *Stream) Validate() error {
	var errs []error
	if s.Name == "" {
		errs = append(errs, errors.New("Name is empty; want one that no other stream of the run has"))
	}
	errs = append(errs, s.Uncertainty.Validate())
	for i, at := range s.Trace {
		if at < 0 || i > 0 && at < s.Trace[i-1] {
			errs = append(errs, fmt.Errorf("Trace[%d] is %v; want instants from 0 on that do not fall", i, at))
			break
		}
	}
	return check("stream "+s.Name, errs...)
}

// Start returns a Cursor before the first arrival of s in one replication of one
// seed. s must not change while the Cursor is used, and be as Validate wants it.
func (s *Stream) Start(seed uint64, rep uint32) Cursor {
	p := PurposeOf(s.Name)
	c := Cursor{root: newRoot(seed, rep, p), trace: s.Trace, pieces: s.Rate.pieces}
	if s.Trace == nil {
		c.noise = newNoise(&s.Uncertainty, seed, rep, p)
	}
	c.draw()
	return c
}

// Cursor walks through the arrivals of a stream, forward only. A copy goes on by
// itself, unless the stream has an Uncertainty.
//
// Arrival number k comes when the expected number of arrivals reaches the sum of
// the first k gaps of a Poisson process with rate 1, and gap k belongs to caller
// k's own luck. So a greater rate brings the same callers in the same order,
// sooner, and a rate that changes at noon leaves the morning as it was.
//
// That sum is kept as an integer, in units of 2^-42 of an arrival, and starts anew
// with each piece and each million arrivals: it is exact, and so no rounding error
// grows with their number. An instant is right to its nanosecond or to 2^-52 of
// the time since the run began, whichever is more (7 ns after a year); under a
// rate without end each million arrivals may add half as much again.
type Cursor struct {
	root root
	key  uint64
	last realcore.Instant

	pieces []piece // not yet passed
	noise  *noise
	seg    segment
	x      uint64 // how far into seg, in units

	coming Luck   // of the next caller
	gap    uint64 // before him, in units

	trace []realcore.Instant
}

// segment is a stretch with one rate or slope.
type segment struct {
	from, to    float64
	rate, slope float64
	count       uint64 // arrivals expected in it, in units
}

const (
	unit = 1 << 42 // of an arrival; segmentMost of them and a gap fit into 64 bits

	// A segment is cut where so many arrivals are expected, so that a rate without
	// end needs no special case.
	segmentMost = 1 << 20
)

var forGap = PurposeOf("gap before arrival")

// Next returns the next arrival: when, its number in the stream from 1 on, and
// its luck. ok is false when there is none, and stays so. Instants never go back;
// two arrivals may share one.
//
// It takes constant time but for the pieces and intervals passed, and allocates
// nothing.
func (c *Cursor) Next() (at realcore.Instant, key uint64, luck Luck, ok bool) {
	if c.trace != nil {
		return c.replay()
	}
	c.x += c.gap
	for c.x >= c.seg.count {
		if !c.advance() {
			return 0, 0, Luck{}, false
		}
	}
	luck = c.coming
	t := c.seg.from + after(c.seg.rate, c.seg.slope, float64(c.x)/unit)
	c.key++
	if t > c.seg.to {
		t = c.seg.to
	}
	c.last = max(c.last, realcore.Instant(float64(t*1e9)+0.5))
	c.draw()
	return c.last, c.key, luck, true
}

// draw draws the next caller's luck and the gap before him. It is done one caller
// ahead since each of its steps waits for the one before: nobody needs the answer
// soon, so the processor can go on with other work.
func (c *Cursor) draw() {
	c.coming = c.root.luck(c.key + 1)
	c.gap = uint64(float64(-unit*ln(c.coming.Uniform(forGap, 0))) + 0.5)
}

func (c *Cursor) replay() (at realcore.Instant, key uint64, luck Luck, ok bool) {
	if c.key >= uint64(len(c.trace)) {
		return 0, 0, Luck{}, false
	}
	c.last = max(c.last, c.trace[c.key])
	c.key++
	return c.last, c.key, c.root.luck(c.key), true
}

// advance moves on to the next segment and reports whether there is one.
func (c *Cursor) advance() bool {
	from := c.seg.to
	for len(c.pieces) > 0 && c.pieces[0].to <= from {
		c.pieces = c.pieces[1:]
	}
	if len(c.pieces) > 0 {
		from = max(from, c.pieces[0].from)
	}
	if len(c.pieces) == 0 || from >= lastSecond {
		c.pieces, c.seg = nil, segment{} // the next call comes here again
		return false
	}
	c.x -= c.seg.count
	p := &c.pieces[0]
	s := segment{from: from, to: p.to, rate: p.at(from), slope: p.slope}
	if c.noise != nil {
		f, until := c.noise.at(from)
		s.rate *= f
		s.slope *= f
		s.to = min(s.to, until)
	}
	s.cut()
	c.seg = s
	return true
}

// lastSecond is the last that an Instant can hold, after 292 years.
const lastSecond = math.MaxInt64/1e9 - 1

// cut shortens a segment to segmentMost arrivals and counts those.
func (s *segment) cut() {
	s.to = min(s.to, lastSecond)
	d := s.to - s.from
	n := d * (s.rate + max(0, s.rate+float64(s.slope*d))) / 2
	if n > segmentMost {
		if to := s.from + after(s.rate, s.slope, segmentMost); to > s.from {
			s.to, n = to, segmentMost
		} else {
			n = segmentMost // more than a float64 second resolves: they come at once
			s.to = math.Nextafter(s.from, math.Inf(1))
		}
	}
	s.count = uint64(float64(n*unit) + 0.5)
}
