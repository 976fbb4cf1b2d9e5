package rtp

import (
	"net/netip"
	"time"
)

// Kind says what came of a datagram.
type Kind uint8

const (
	Bad       Kind = iota // no RTP packet
	Foreign               // not from the leg's peer
	Unknown               // of a payload type that SDP did not agree on
	Unwanted              // a duplicate, or of a source that is still to prove itself
	Voice                 // audio, to be played or relayed
	Telephone             // an RFC 4733 event, to be relayed; Key is set with the first of a press
)

// Arrived is one datagram after all checks.
type Arrived struct {
	Kind   Kind
	Key    byte // '0'-'9', '*', '#', 'A'-'D'; 0: none begins here
	Packet Packet
}

// Inbound is all that a leg does with the datagrams of its RTP port: it parses, asks
// whether they are the peer's, follows the stream, finds keys and fills the buffer.
// The zero Inbound listens to nobody: Set and Source.Set come first.
type Inbound struct {
	Source   Source
	Receiver Receiver
	Buffer   JitterBuffer
	Keys     DTMFReceiver

	parser Parser
	codec  Codec
	audio  uint8 // payload types
	event  uint8
	bad    uint32

	ended uint32 // timestamp of the event whose ends are counted
	ends  uint32
}

// Set takes in what SDP agreed on: the codec, its payload type, and that of events;
// 0 for none (0 is PCMU, so no event can have it).
func (in *Inbound) Set(c Codec, audio, event uint8) {
	in.codec, in.audio, in.event = c, audio, event
}

// Bad returns how many datagrams were no RTP, or of a payload type not agreed on.
func (in *Inbound) Bad() uint32 { return in.bad }

// Datagram takes in what arrived from an address at the instant now. With play the
// audio goes into the Buffer; without, it is only relayed, and the Buffer is left
// alone. The result's payload points into b.
func (in *Inbound) Datagram(now time.Duration, from netip.AddrPort, b []byte, play bool) Arrived {
	p, err := in.parser.Parse(b)
	if err != nil {
		in.bad++
		return Arrived{Kind: Bad}
	}
	event := in.event != 0 && p.Type == in.event
	known := event || p.Type == in.audio
	if !in.Source.Packet(now, from, &p, known) {
		return Arrived{Kind: Foreign}
	}
	if !known {
		in.bad++
		return Arrived{Kind: Unknown}
	}
	before, _ := in.Receiver.SSRC()
	switch in.Receiver.Packet(now, &p, event) {
	case Good:
	case First:
		in.Buffer.Reset()
		if ssrc, _ := in.Receiver.SSRC(); ssrc != before {
			in.Keys.Reset()
		}
	default:
		return Arrived{Kind: Unwanted}
	}
	if event {
		key, _ := in.Keys.Packet(now, &p)
		if play {
			in.silence(now, &p)
		}
		return Arrived{Kind: Telephone, Key: key, Packet: p}
	}
	if play {
		in.Buffer.Put(now, &p, in.codec)
	}
	return Arrived{Kind: Voice, Packet: p}
}

// silence tells the buffer which time an event's packet stands for: up to its duration.
// The ends that are sent again, 20 ms apart, take time too, although their duration
// stays: each stands for a frame more. Audio that comes after all takes its place.
func (in *Inbound) silence(now time.Duration, p *Packet) {
	e, ok := parseEvent(p.Payload)
	if !ok {
		return
	}
	if !e.end {
		in.Buffer.PutSilence(now, p.Timestamp+uint32(max(e.duration, FrameSize))-FrameSize, FrameSize)
		return
	}
	if in.ended != p.Timestamp {
		in.ended, in.ends = p.Timestamp, 0
	}
	if in.ends < 3 {
		in.Buffer.PutSilence(now, p.Timestamp+uint32(max(e.duration, FrameSize))-FrameSize+FrameSize*in.ends, 2*FrameSize)
		in.ends++
	}
}
