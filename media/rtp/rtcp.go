package rtp

import (
	"errors"
	"time"

	"github.com/pion/rtcp"
)

// ErrControl says that a datagram is no compound RTCP packet of RFC 3550 A.2, or one
// of more than maxParts parts.
var ErrControl = errors.New("rtp: not a compound RTCP packet")

// maxParts bounds what one datagram can make us allocate. A telephone sends three.
const maxParts = 16

// maxRoundTrip is what is believed of a round trip: a larger one is another clock's.
const maxRoundTrip = 10 * time.Second

// ReportEvery is the mean time between our reports; RFC 3550 6.2's minimum. Each wait
// is to be drawn from half to one and a half times that (6.3.1).
const ReportEvery = 5 * time.Second

// Control is the RTCP half of a stream in both directions: when the other side's last
// report came, and what it said of us. The zero Control is ready.
type Control struct {
	lastSR uint32 // the middle 32 bits of its NTP time; 0: none came
	lastAt time.Duration

	roundTrip time.Duration // last
	best      time.Duration
	sum       time.Duration
	trips     int

	far FarEnd
}

// FarEnd is how the other side receives us, as it reported.
type FarEnd struct {
	Reports uint32
	Lost    int32         // of all our packets
	Highest uint32        // extended sequence number of ours that it has seen
	Jitter  time.Duration // of the last report
	Loss    float64       // fraction, between its last two reports
	Worst   float64       // highest of these
	Bye     bool          // it said that its stream ends; the call is SIP's to end
}

// FarEnd returns what the other side's reports said.
func (c *Control) FarEnd() FarEnd { return c.far }

// RoundTrip returns the mean and the shortest round trip; ok is false when no report
// block with a time of ours came.
func (c *Control) RoundTrip() (mean, shortest time.Duration, ok bool) {
	if c.trips == 0 {
		return 0, 0, false
	}
	return c.sum / time.Duration(c.trips), c.best, true
}

// Packet takes in a datagram that arrived at the instant now; wall is the Unix time
// of that instant by the clock our sender reports were stamped with. ours and theirs
// are the streams' SSRCs: what is said of others is not listened to.
func (c *Control) Packet(now, wall time.Duration, b []byte, ours, theirs uint32) error {
	if !compound(b) {
		return ErrControl
	}
	parts, err := rtcp.Unmarshal(b)
	if err != nil {
		return ErrControl
	}
	for _, part := range parts {
		switch p := part.(type) {
		case *rtcp.SenderReport:
			if p.SSRC == theirs {
				c.lastSR, c.lastAt = uint32(p.NTPTime>>16), now
			}
			c.blocks(wall, p.Reports, ours)
		case *rtcp.ReceiverReport:
			c.blocks(wall, p.Reports, ours)
		case *rtcp.Goodbye:
			for _, ssrc := range p.Sources {
				c.far.Bye = c.far.Bye || ssrc == theirs
			}
		}
	}
	return nil
}

func (c *Control) blocks(wall time.Duration, blocks []rtcp.ReceptionReport, ours uint32) {
	for i := range blocks {
		b := &blocks[i]
		if b.SSRC != ours {
			continue
		}
		f := &c.far
		f.Reports++
		f.Lost = int32(b.TotalLost<<8) >> 8 // 24 bits with a sign: doubles make it negative
		f.Highest = b.LastSequenceNumber
		f.Jitter = span(int64(b.Jitter))
		f.Loss = float64(b.FractionLost) / 256
		f.Worst = max(f.Worst, f.Loss)
		if b.LastSenderReport != 0 {
			c.trip(uint32(NTP(wall)>>16) - b.LastSenderReport - b.Delay)
		}
	}
}

// trip takes in one round trip in units of 2^-16 s, RFC 3550 6.4.1. Two clocks that
// round may make a short one negative.
func (c *Control) trip(units uint32) {
	d := time.Duration(int32(units)) * time.Second >> 16
	if d < -time.Millisecond || d > maxRoundTrip {
		return
	}
	d = max(d, 0)
	if c.trips == 0 || d < c.best {
		c.best = d
	}
	c.roundTrip = d
	c.sum += d
	c.trips++
}

// Report returns our compound packet at the instant now, Unix time wall: a sender
// report when anything was sent, a receiver report if not, what r received, and the
// name. bye ends our stream.
func (c *Control) Report(now, wall time.Duration, s *Sender, r *Receiver, name string, bye bool) []byte {
	var blocks []rtcp.ReceptionReport
	if b, ok := r.block(); ok {
		if c.lastSR != 0 {
			b.LastSenderReport = c.lastSR
			b.Delay = uint32((now - c.lastAt) << 16 / time.Second)
		}
		blocks = []rtcp.ReceptionReport{b}
	}
	parts := make([]rtcp.Packet, 1, 3)
	if packets, octets := s.Sent(); packets > 0 {
		parts[0] = &rtcp.SenderReport{SSRC: s.ssrc, NTPTime: NTP(wall), RTPTime: s.Timestamp(now),
			PacketCount: packets, OctetCount: octets, Reports: blocks}
	} else {
		parts[0] = &rtcp.ReceiverReport{SSRC: s.ssrc, Reports: blocks}
	}
	parts = append(parts, rtcp.NewCNAMESourceDescription(s.ssrc, name))
	if bye {
		parts = append(parts, &rtcp.Goodbye{Sources: []uint32{s.ssrc}})
	}
	b, err := rtcp.Marshal(parts)
	if err != nil {
		panic("rtp: RTCP name longer than 255 bytes") // nothing else in it can be wrong
	}
	return b
}

// block returns the report block about the stream that is followed: RFC 3550 A.3.
// Loss is of this SSRC since it began, or since its numbers last jumped.
func (r *Receiver) block() (rtcp.ReceptionReport, bool) {
	if !r.valid {
		return rtcp.ReceptionReport{}, false
	}
	b := rtcp.ReceptionReport{SSRC: r.ssrc, LastSequenceNumber: r.cycles - 1<<16 | uint32(r.max), Jitter: uint32(r.jitter >> 4)}
	lost := r.current.expected - r.current.received
	b.TotalLost = min(lost, 1<<23-1)
	e, _ := r.Loss()
	got := r.past.received + r.current.received
	due, came := e-r.reports.expected, got-r.reports.received
	r.reports = reported{e, got}
	if due > came {
		b.FractionLost = uint8(min(255, (due-came)*256/due))
	}
	return b, true
}

// NTP returns the 64-bit NTP timestamp of a Unix time: seconds since 1900 and a binary
// fraction (RFC 3550 section 4).
func NTP(unix time.Duration) uint64 {
	sec, ns := uint64(unix/time.Second), uint64(unix%time.Second)
	return (sec+2208988800)<<32 | ns<<32/uint64(time.Second)
}

// compound checks a datagram by RFC 3550 A.2 before anything is allocated for it:
// version 2 throughout, a report first, lengths that add up, padding at the end only.
func compound(b []byte) bool {
	if len(b) < 8 || len(b)%4 != 0 || len(b) > 1500 || b[1] != 200 && b[1] != 201 {
		return false
	}
	for n := 0; len(b) > 0; n++ {
		if n == maxParts || len(b) < 4 || b[0]>>6 != 2 {
			return false
		}
		size := 4 * (int(b[2])<<8 + int(b[3]) + 1)
		if size > len(b) {
			return false
		}
		if b[0]&0x20 != 0 {
			pad := int(b[len(b)-1])
			if size != len(b) || pad == 0 || pad%4 != 0 || pad > size-8 {
				return false
			}
		}
		if (b[1] == 200 && size < 28) || (b[1] == 201 && size < 8) {
			return false
		}
		b = b[size:]
	}
	return true
}
