package rtp

import (
	"errors"

	pion "github.com/pion/rtp"
)

// MaxPayload bounds the payload of a packet: 120 ms of G.711. What is longer no
// telephone sends, and is dropped whole.
const MaxPayload = 6 * FrameSize

// MaxPacket is what a buffer must hold: the longest header (15 CSRC), an extension
// of up to 256 bytes, the longest payload and padding.
const MaxPacket = 12 + 60 + 4 + 256 + MaxPayload + 255

// What is wrong with a packet.
var (
	ErrShort   = errors.New("rtp: shorter than its header says")
	ErrVersion = errors.New("rtp: version is not 2")
	ErrPadding = errors.New("rtp: padding is longer than the payload, or 0")
	ErrLong    = errors.New("rtp: longer than 120 ms of audio")
	ErrRTCP    = errors.New("rtp: an RTCP packet on the RTP port")
)

// Packet is one RTP packet that passed the checks of RFC 3550 A.1. Payload points
// into the bytes it was parsed from.
type Packet struct {
	Seq       uint16
	Timestamp uint32
	SSRC      uint32
	Type      uint8
	Marker    bool
	Payload   []byte
}

// Parser turns bytes into packets. It keeps the header's lists between packets, so
// that it allocates nothing once warm. The zero Parser is ready.
type Parser struct{ h pion.Header }

// Parse checks and parses one datagram. The payload may be empty: then there is
// nothing to play, but the packet counts.
func (p *Parser) Parse(b []byte) (Packet, error) {
	if len(b) < 12 {
		return Packet{}, ErrShort
	}
	if b[0]>>6 != 2 {
		return Packet{}, ErrVersion
	}
	if b[1] >= 192 && b[1] <= 223 { // RFC 5761 section 4
		return Packet{}, ErrRTCP
	}
	n, err := p.h.Unmarshal(b)
	if err != nil {
		return Packet{}, ErrShort // its own words are allocated, and a flood would pay for them
	}
	end := len(b)
	if p.h.Padding {
		pad := int(b[end-1])
		if pad == 0 || n+pad > end {
			return Packet{}, ErrPadding
		}
		end -= pad
	}
	if end-n > MaxPayload {
		return Packet{}, ErrLong
	}
	return Packet{
		Seq: p.h.SequenceNumber, Timestamp: p.h.Timestamp, SSRC: p.h.SSRC,
		Type: p.h.PayloadType, Marker: p.h.Marker, Payload: b[n:end:end],
	}, nil
}

// Append appends the packet's bytes to b: a header without CSRC, extension or
// padding, and the payload.
func (p *Packet) Append(b []byte) []byte {
	h := pion.Header{Version: 2, Marker: p.Marker, PayloadType: p.Type,
		SequenceNumber: p.Seq, Timestamp: p.Timestamp, SSRC: p.SSRC}
	var head [12]byte
	h.MarshalTo(head[:]) // cannot fail: it has the room
	return append(append(b, head[:]...), p.Payload...)
}
