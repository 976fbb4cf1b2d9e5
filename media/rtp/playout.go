package rtp

import "time"

// Playout tells which packets a jitter buffer of a fixed delay would have had in time:
// those that took at most Delay longer than the fastest of the last 10 to 20 s. It holds
// no audio, so thousands of streams cost next to nothing, and the same packets give the
// same figure whatever else the listener does.
//
// A timestamp a second or more off twice in order, and a late packet with the marker,
// which begins a talkspurt (RFC 3551 4.1), begin a new time line, as they would in a
// telephone.
//
// The zero Playout has no delay.
type Playout struct {
	Delay time.Duration

	begun bool
	ts    uint32 // of the packet before
	line  int64  // likewise, without its wrap
	minNow, minBefore,
	minSince int64 // transit, and when its window began: as in JitterBuffer
	off  bool // the packet before was a second off
	late uint32
}

// Packet takes in a packet of audio that arrived at the instant now, and reports whether
// it came in time. Events, whose timestamps stand still, must be left out.
func (o *Playout) Packet(now time.Duration, p *Packet) (inTime bool) {
	at := units(now)
	if !o.begun {
		o.begin(at, p.Timestamp)
		return true
	}
	line := o.line + int64(int32(p.Timestamp-o.ts))
	transit := at - line
	extra := transit - min(o.minNow, o.minBefore)
	if off := extra > Rate || extra < -Rate; off || p.Marker && extra > units(o.Delay) {
		if o.off || p.Marker {
			o.begin(at, p.Timestamp)
			return true
		}
		o.off = true
		o.late++ // whatever it is, it is not to be heard now
		return false
	}
	o.off = false
	o.ts, o.line = p.Timestamp, line
	if at-o.minSince > minWindow {
		o.minBefore, o.minNow, o.minSince = o.minNow, transit, at
	}
	o.minNow = min(o.minNow, transit)
	if extra > units(o.Delay) {
		o.late++
		return false
	}
	return true
}

func (o *Playout) begin(at int64, ts uint32) {
	o.begun, o.off, o.ts, o.line = true, false, ts, 0
	o.minNow, o.minBefore, o.minSince = at, at, at
}

// Late returns how many packets did not come in time.
func (o *Playout) Late() uint32 { return o.late }
