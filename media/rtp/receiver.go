package rtp

import "time"

// RFC 3550 A.1's limits: how far a sequence number may jump ahead or back before it
// is another stream's, and how many packets in order a new source must show.
const (
	maxDropout  = 3000
	maxMisorder = 100
	probation   = 2
)

// settled is how many packets later a missing one is counted as lost in a burst:
// what is reordered by more is of no use to anybody.
const settled = 64

// Arrival says what a packet is to the stream.
type Arrival uint8

const (
	Good      Arrival = iota // play it
	First                    // play it: the first of a source, or after a jump; older audio is another stream's
	Duplicate                // came before
	Probation                // of a source, or after a jump, that has not shown two in order
	TooOld                   // older than the window that tells late from duplicate
)

// Receiver is one incoming stream: whether a packet belongs to it, and RFC 3550's
// figures. It follows one SSRC at a time; another takes over when it has shown two
// packets in order, and until then costs one slot of memory however many there are.
// The zero Receiver is ready.
type Receiver struct {
	ssrc  uint32
	valid bool
	next  candidate

	max    uint16 // highest seen
	base   uint32 // first, extended
	cycles uint32 // high half of max, extended
	judged uint32 // up to here bursts are counted, extended
	seen   [16]uint64
	events bool // the packet before was an event: no jitter across it

	transit int64 // of the packet before, timestamp units
	jitter  int64 // 16 times RFC 3550's J, timestamp units
	peak    int64
	apart   int64 // sum of |D|, timestamp units, of all streams
	pairs   int64 // of how many

	// Of all streams so far, this one's included after close.
	past    tally
	current tally
	run     uint32
	bursts  burstCount

	reports reported
	counts  Counts
}

// tally is what was due and what came.
type tally struct{ expected, received uint32 }

type candidate struct {
	ssrc uint32
	seq  uint16 // wanted next
	n    int
}

type burstCount struct{ n, lost, longest uint32 }

// reported is what the last report block said (RFC 3550 A.3's priors).
type reported struct{ expected, received uint32 }

// Counts are packets a receiver did not take as new.
type Counts struct {
	Duplicates uint32
	Reordered  uint32 // came after a later one, in time or not
	TooOld     uint32
	Probation  uint32
	Switches   uint32 // changes of SSRC
	Resyncs    uint32 // jumps of the sequence number
}

// SSRC returns the source that is followed; ok is false before there is one.
func (r *Receiver) SSRC() (ssrc uint32, ok bool) { return r.ssrc, r.valid }

// Counts returns what was not taken as new.
func (r *Receiver) Counts() Counts { return r.counts }

// Packet judges a packet that arrived at the instant now: RFC 3550 A.1, with a
// window of 1,024 packets beside it that tells duplicates from late ones. The very
// first source needs no probation: its address has been judged by a Source.
// event says that the payload is RFC 4733's; such packets share a timestamp and
// say nothing of jitter.
func (r *Receiver) Packet(now time.Duration, p *Packet, event bool) Arrival {
	switch {
	case !r.valid:
		r.start(p)
		r.note(now, p, event, First)
		return First
	case p.SSRC != r.ssrc:
		if !r.probate(p) {
			return Probation
		}
		r.counts.Switches++
		r.start(p)
		r.note(now, p, event, First)
		return First
	}
	ahead := p.Seq - r.max
	switch {
	case ahead == 0:
		r.counts.Duplicates++
		return Duplicate
	case ahead < maxDropout:
		r.advance(ahead)
		r.mark(r.max)
		r.current.received++
		r.note(now, p, event, Good)
		return Good
	case ahead <= 1<<16-1-maxMisorder: // a jump
		if !r.probate(p) {
			return Probation
		}
		r.counts.Resyncs++
		r.start(p)
		r.note(now, p, event, First)
		return First
	}
	if r.extend(p.Seq) < r.base { // from before the stream as we know it
		r.counts.TooOld++
		return TooOld
	}
	if r.has(p.Seq) {
		r.counts.Duplicates++
		return Duplicate
	}
	r.mark(p.Seq)
	r.current.received++
	r.counts.Reordered++
	r.note(now, p, event, Good)
	return Good
}

// probate reports whether p is in order after others of its source.
func (r *Receiver) probate(p *Packet) bool {
	c := &r.next
	if c.n == 0 || c.ssrc != p.SSRC || c.seq != p.Seq {
		*c = candidate{ssrc: p.SSRC, n: 0}
	}
	c.seq = p.Seq + 1
	c.n++
	if c.n < probation {
		r.counts.Probation++
		return false
	}
	*c = candidate{}
	return true
}

// start begins a stream at p; what went before is added up first.
func (r *Receiver) start(p *Packet) {
	r.closeStream()
	r.valid, r.ssrc, r.max = true, p.SSRC, p.Seq
	r.cycles = 1 << 16 // so that a late one of before the wrap is no negative number
	r.base = r.cycles | uint32(p.Seq)
	r.judged = r.base
	r.seen = [len(r.seen)]uint64{}
	r.mark(p.Seq)
	r.current = tally{expected: 1, received: 1}
	r.transit, r.jitter = 0, 0
	r.events = true // no transit to compare with
}

func (r *Receiver) closeStream() {
	if !r.valid {
		return
	}
	r.judge(r.cycles | uint32(r.max))
	r.endRun()
	r.past.expected += r.current.expected
	r.past.received += r.current.received
	r.current = tally{}
}

// advance moves the highest number seen, clearing the window as it goes.
func (r *Receiver) advance(by uint16) {
	for range by {
		r.max++
		if r.max == 0 {
			r.cycles += 1 << 16
		}
		r.clear(r.max)
		if top := r.cycles | uint32(r.max); top-r.judged >= settled {
			r.judge(top - settled)
		}
	}
	r.current.expected = (r.cycles | uint32(r.max)) - r.base + 1
}

// judge counts bursts up to and with number to.
func (r *Receiver) judge(to uint32) {
	for ; r.judged <= to; r.judged++ {
		if r.has(uint16(r.judged)) {
			r.endRun()
			continue
		}
		r.run++
	}
}

func (r *Receiver) endRun() {
	if r.run == 0 {
		return
	}
	r.bursts.n++
	r.bursts.lost += r.run
	r.bursts.longest = max(r.bursts.longest, r.run)
	r.run = 0
}

// extend returns the extended number of one that is not ahead of max.
func (r *Receiver) extend(seq uint16) uint32 {
	x := r.cycles | uint32(seq)
	if seq > r.max {
		x -= 1 << 16
	}
	return x
}

func (r *Receiver) mark(seq uint16)  { r.seen[seq>>6&15] |= 1 << (seq & 63) }
func (r *Receiver) clear(seq uint16) { r.seen[seq>>6&15] &^= 1 << (seq & 63) }
func (r *Receiver) has(seq uint16) bool {
	return r.seen[seq>>6&15]>>(seq&63)&1 != 0
}

// note takes the packet into RFC 3550 6.4.1's interarrival jitter, as A.8 does in
// integers: J grows by a sixteenth of how much further off this packet's transit is.
func (r *Receiver) note(now time.Duration, p *Packet, event bool, a Arrival) {
	transit := units(now) - int64(p.Timestamp)
	if a == First || r.events || event {
		r.transit, r.events = transit, event
		return
	}
	d := int64(int32(transit - r.transit))
	r.transit = transit
	if d < 0 {
		d = -d
	}
	if d > Rate { // the timestamps jumped: no jitter, another time line
		return
	}
	r.apart, r.pairs = r.apart+d, r.pairs+1
	r.jitter += d - (r.jitter+8)>>4
	r.peak = max(r.peak, r.jitter)
}

// Jitter returns RFC 3550's interarrival jitter as it stands, and its highest.
func (r *Receiver) Jitter() (now, peak time.Duration) { return span(r.jitter) / 16, span(r.peak) / 16 }

// MeanJitter returns the mean of |D| over all packets: what the interarrival jitter, which
// follows the last sixteen or so, swings about.
func (r *Receiver) MeanJitter() time.Duration {
	if r.pairs == 0 {
		return 0
	}
	return span(r.apart) / time.Duration(r.pairs)
}

// Loss returns how many packets were due, by the sequence numbers of all streams
// so far, and how many of these never came; a duplicate makes up for nothing.
func (r *Receiver) Loss() (expected, lost uint32) {
	e := r.past.expected + r.current.expected
	return e, e - r.past.received - r.current.received
}

// Bursts returns how many runs of consecutive packets were lost, what they sum to
// and the longest. The last 64 packets are not judged before End.
func (r *Receiver) Bursts() (n, lost, longest uint32) {
	return r.bursts.n, r.bursts.lost, r.bursts.longest
}

// End judges what is still open. The next packet, of whatever source, is a First.
func (r *Receiver) End() {
	r.closeStream()
	r.valid = false
}
