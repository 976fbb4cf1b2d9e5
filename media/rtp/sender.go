package rtp

import "time"

// Sender is the state of one outgoing stream: one SSRC, sequence numbers without a
// gap of our own making, timestamps that follow the clock. Own packets (a clip, a
// mix, digits) and relayed ones share it, so that the other side sees a single
// source whichever it hears.
type Sender struct {
	ssrc   uint32
	seq    uint16 // of the next packet
	ts     uint32 // of the instant 0
	lastTS uint32 // highest sent
	begun  bool
	talk   bool // the packet before went out one frame ago: no marker

	packets, octets uint32 // RFC 3550 6.4.1: payload octets

	relay relay
}

// relay maps another stream onto this one: adding keeps its gaps and its timing, so
// that the far side conceals and reports what was lost on the way to us.
type relay struct {
	on   bool
	ssrc uint32
	dSeq uint16
	dTS  uint32
	last uint16 // highest sequence number relayed, as it came
	ts   uint32 // its timestamp, as it came
}

// NewSender returns a stream that begins at a sequence number and timestamp, both
// of which, and the SSRC, must be random (RFC 3550 5.1): chance is handed in.
func NewSender(ssrc uint32, seq uint16, ts uint32) Sender {
	return Sender{ssrc: ssrc, seq: seq, ts: ts}
}

// SSRC returns the stream's source identifier.
func (s *Sender) SSRC() uint32 { return s.ssrc }

// Sent returns the packets and payload octets sent so far.
func (s *Sender) Sent() (packets, octets uint32) { return s.packets, s.octets }

// Timestamp returns the RTP timestamp of an instant, for a sender report.
func (s *Sender) Timestamp(now time.Duration) uint32 { return s.ts + uint32(units(now)) }

// Packet appends a packet of audio to b: the frame that begins now. The marker is
// set on the first after a pause (RFC 3551 4.1).
func (s *Sender) Packet(b []byte, now time.Duration, pt uint8, payload []byte) []byte {
	s.relay.on = false
	p := Packet{Seq: s.seq, Timestamp: s.next(now), SSRC: s.ssrc, Type: pt, Marker: !s.talk, Payload: payload}
	s.talk = true
	return s.append(b, &p)
}

// Event appends a packet of an RFC 4733 event. All packets of one event, or of one
// segment of it, bear the timestamp at which it began.
func (s *Sender) Event(b []byte, ts uint32, pt uint8, marker bool, payload []byte) []byte {
	s.relay.on = false
	p := Packet{Seq: s.seq, Timestamp: ts, SSRC: s.ssrc, Type: pt, Marker: marker, Payload: payload}
	s.talk = true
	return s.append(b, &p)
}

// Begin returns the timestamp for an event that begins now.
func (s *Sender) Begin(now time.Duration) uint32 { return s.next(now) }

// Pause says that the frame of this instant was not sent.
func (s *Sender) Pause() { s.talk = false }

// next returns the timestamp of now, but one that is later than any sent: a relayed
// source's clock may have run ahead of ours.
func (s *Sender) next(now time.Duration) uint32 {
	ts := s.Timestamp(now)
	if s.begun && int32(ts-s.lastTS) < FrameSize/2 {
		ts = s.lastTS + FrameSize
	}
	return ts
}

// Relay appends another stream's packet to b, with our SSRC, the payload type pt,
// and its sequence number and timestamp moved by a constant. It begins anew, with a
// marker, after packets of our own, when the source has changed its SSRC, and when
// its numbers jump (RFC 3550 A.1's limits): the receiver behind us sees no jump.
// ok is false for what is too old to be sent on.
func (s *Sender) Relay(b []byte, now time.Duration, in *Packet, pt uint8) (out []byte, ok bool) {
	r := &s.relay
	p := *in
	ahead := in.Seq - r.last
	fresh := !r.on || in.SSRC != r.ssrc ||
		ahead >= maxDropout && ahead < 1<<16-maxMisorder ||
		abs32(in.Timestamp-r.ts) > 10*Rate
	if fresh {
		*r = relay{on: true, ssrc: in.SSRC, dSeq: s.seq - in.Seq, dTS: s.next(now) - in.Timestamp, last: in.Seq, ts: in.Timestamp}
		p.Marker = true
	} else if ahead < 1<<15 {
		r.last, r.ts = in.Seq, in.Timestamp
	}
	p.SSRC, p.Type = s.ssrc, pt
	p.Seq += r.dSeq
	p.Timestamp += r.dTS
	if !fresh && ahead >= 1<<15 && s.seq-p.Seq > maxMisorder {
		return b, false
	}
	s.talk = false
	next := s.seq
	b = s.append(b, &p)
	if int16(p.Seq+1-next) < 0 {
		s.seq = next // a late one does not set the count back
	}
	return b, true
}

func (s *Sender) append(b []byte, p *Packet) []byte {
	s.seq = p.Seq + 1
	if !s.begun || int32(p.Timestamp-s.lastTS) > 0 {
		s.lastTS = p.Timestamp
	}
	s.begun = true
	s.packets++
	s.octets += uint32(len(p.Payload))
	return p.Append(b)
}

func abs32(d uint32) uint32 {
	if int32(d) < 0 {
		return -d
	}
	return d
}
