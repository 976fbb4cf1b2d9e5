package rtp

import "time"

// endTimeout is how long after an event's last packet it counts as over when no end
// came: longer than three lost packets, shorter than the pause people make.
const endTimeout = 100 * time.Millisecond

// tolerance is how far before the full length of 65,535 units a segment may end: as
// many units as senders send between packets, 200 ms at most.
const tolerance = Rate / 5

// DTMFReceiver finds keys in a stream of RFC 4733 events: each press once, whatever
// is lost, doubled or out of order, as long as one of its packets arrives.
//
// A press is an event's timestamp, so it is reported with the first packet of it that
// comes, be it the last one sent: nothing waits for an end that may be lost. The last
// eight timestamps are remembered against packets that come late. A segment of a
// long event has a timestamp of its own, and is known by where the one before ended.
//
// The zero DTMFReceiver is ready.
type DTMFReceiver struct {
	past [8]uint32
	n    int // how many of past are valid
	next int // where in past the next goes

	ts      uint32 // of the newest event or segment
	code    byte
	seen    uint16 // its longest duration so far
	ended   bool
	at      time.Duration // when its last packet came
	ignored uint32
}

// Reset forgets the stream: another source begins.
func (d *DTMFReceiver) Reset() { *d = DTMFReceiver{ignored: d.ignored} }

// Ignored returns how many packets held no key.
func (d *DTMFReceiver) Ignored() uint32 { return d.ignored }

// Packet takes in a packet of the event payload type that arrived at the instant
// now, and returns the key when it is the first of a press.
func (d *DTMFReceiver) Packet(now time.Duration, p *Packet) (key byte, ok bool) {
	e, ok := parseEvent(p.Payload)
	if !ok {
		d.ignored++
		return 0, false
	}
	if d.known(p.Timestamp) {
		if p.Timestamp == d.ts {
			d.update(now, e)
		}
		return 0, false
	}
	later := d.n == 0 || int32(p.Timestamp-d.ts) > 0
	if later && d.continues(p, e) {
		d.begin(now, p.Timestamp, e)
		return 0, false
	}
	if later {
		d.begin(now, p.Timestamp, e)
	} else {
		d.keep(p.Timestamp) // all of it was overtaken: late, but no reason to lose it
	}
	return keys[e.code], true
}

// Held reports whether a key is down: its end has not come, nor has it been silent
// for so long that the end must have been lost.
func (d *DTMFReceiver) Held(now time.Duration) bool {
	return d.n > 0 && !d.ended && now-d.at < endTimeout
}

// continues reports whether p is a further segment of the newest event. Packets lost
// at the end of a segment leave its duration unknown, but not its full length.
func (d *DTMFReceiver) continues(p *Packet, e event) bool {
	if d.n == 0 || d.ended || p.Marker || e.code != d.code {
		return false
	}
	gap := p.Timestamp - d.ts
	return gap == uint32(d.seen) || gap <= longest && gap >= longest-tolerance && d.seen > longest/2
}

func (d *DTMFReceiver) begin(now time.Duration, ts uint32, e event) {
	d.keep(ts)
	d.ts, d.code, d.seen, d.ended = ts, e.code, 0, false
	d.update(now, e)
}

func (d *DTMFReceiver) update(now time.Duration, e event) {
	d.at = now
	d.seen = max(d.seen, e.duration)
	d.ended = d.ended || e.end
}

func (d *DTMFReceiver) keep(ts uint32) {
	d.past[d.next] = ts
	d.next = (d.next + 1) % len(d.past)
	d.n = min(d.n+1, len(d.past))
}

func (d *DTMFReceiver) known(ts uint32) bool {
	for _, t := range d.past[:d.n] {
		if t == ts {
			return true
		}
	}
	return false
}
