package rtp

import "math/bits"

// Codec is one of the two laws of ITU-T G.711. Its number is the static payload
// type of RFC 3551 table 4; SDP may give another for either direction.
type Codec uint8

const (
	PCMU Codec = 0 // mu-law: North America, Japan
	PCMA Codec = 8 // A-law: everywhere else
)

func (c Codec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case PCMA:
		return "PCMA"
	}
	return "unknown codec"
}

// Silence is the byte which decodes to (next to) nothing: +0 of the mu-law, the
// smallest positive step of the A-law, which has no zero.
func (c Codec) Silence() byte {
	if c == PCMA {
		return 0xd5
	}
	return 0xff
}

// Encode writes one byte a sample to dst, which must be at least as long as pcm.
// Samples lose their 2 (mu-law) or 4 (A-law) lowest bits first, as in G.711's
// 14- and 13-bit uniform code.
func (c Codec) Encode(dst []byte, pcm []int16) {
	dst = dst[:len(pcm)]
	if c == PCMA {
		for i, s := range pcm {
			dst[i] = toA[uint16(s)>>4]
		}
		return
	}
	for i, s := range pcm {
		dst[i] = toMu[uint16(s)>>2]
	}
}

// Decode writes one sample a byte to dst, which must be at least as long as payload.
func (c Codec) Decode(dst []int16, payload []byte) {
	dst = dst[:len(payload)]
	t := &fromMu
	if c == PCMA {
		t = &fromA
	}
	for i, b := range payload {
		dst[i] = t[b]
	}
}

// The tables: 20 KiB to encode, 1 KiB to decode, so that both stay in the cache
// beside the sockets' buffers.
var (
	toMu   = muEncoder()
	toA    = aEncoder()
	fromMu = muDecoder()
	fromA  = aDecoder()
)

// muEncoder fills the table by G.711 table 2a. A magnitude of 14 bits plus the
// bias of 33 has its leading one in one of eight places, the segment; the four
// bits below it are the step. All bits are inverted on the line.
func muEncoder() (t [1 << 14]byte) {
	for i := range t {
		s := int(int16(i<<2)) >> 2
		sign := 0
		if s < 0 {
			s, sign = ^s, 0x80 // ones' complement, as the Recommendation's -0 and +0
		}
		s = min(s+33, 1<<13-1)
		seg := bits.Len(uint(s)) - 6
		t[i] = byte(^(sign | seg<<4 | s>>(seg+1)&15))
	}
	return t
}

// aEncoder fills the table by G.711 table 1a: 12 bits of magnitude, the two lowest
// segments with the same step. Even bits are inverted on the line.
func aEncoder() (t [1 << 12]byte) {
	for i := range t {
		s := int(int16(i<<4)) >> 4
		sign := 0x80
		if s < 0 {
			s, sign = ^s, 0
		}
		code := s
		if seg := bits.Len(uint(s)) - 4; seg > 1 {
			code = seg<<4 | s>>(seg-1)&15
		}
		t[i] = byte(sign|code) ^ 0x55
	}
	return t
}

func muDecoder() (t [256]int16) {
	for i := range t {
		b := ^byte(i)
		seg := b >> 4 & 7
		s := ((int(b&15)<<1+33)<<seg - 33) << 2
		if b&0x80 != 0 {
			s = -s
		}
		t[i] = int16(s)
	}
	return t
}

func aDecoder() (t [256]int16) {
	for i := range t {
		b := byte(i) ^ 0x55
		seg := b >> 4 & 7
		s := int(b&15)<<1 + 1
		if seg > 0 {
			s = (s + 32) << (seg - 1)
		}
		s <<= 3
		if b&0x80 == 0 {
			s = -s
		}
		t[i] = int16(s)
	}
	return t
}

// Power returns the sum of the squares of the payload's samples, without decoding it.
func (c Codec) Power(payload []byte) (sum int64) {
	t := &muSquares
	if c == PCMA {
		t = &aSquares
	}
	for _, b := range payload {
		sum += int64(t[b])
	}
	return sum
}

var muSquares, aSquares = squares(&fromMu), squares(&fromA)

func squares(t *[256]int16) (s [256]uint32) {
	for i, x := range t {
		s[i] = uint32(int32(x) * int32(x))
	}
	return s
}
