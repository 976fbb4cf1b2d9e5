package rtp

import "testing"

// The two laws once more, by search instead of bit positions: the code of a sample is
// the one whose interval holds it, as the tables of G.711 (11/88) list them.

// muCode walks table 2a: segments whose upper ends are 31, 95, 223, ... 8,159 in
// 14-bit units, sixteen intervals each (the first of segment 1 is half as wide).
func muCode(sample int16) byte {
	v, sign := int(sample)>>2, byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	lower, width := -1, 2 // the biased first interval: [-1, 1)
	for seg := range 8 {
		for step := range 16 {
			if v < lower+width {
				return sign | ^byte(seg<<4|step)&0x7f
			}
			lower += width
		}
		width *= 2
	}
	return sign // the last interval is open
}

func muValue(code byte) int {
	lower, width := -1, 2
	inv := ^code & 0x7f
	for range int(inv) >> 4 {
		lower += 16 * width
		width *= 2
	}
	lower += int(inv&15) * width
	mid := 4*lower + 2*width
	if code&0x80 == 0 {
		return -mid
	}
	return mid
}

// aCode walks table 1a in 12-bit units of magnitude: 32 intervals of 1, then 16 each
// of 2, 4, ... 64.
func aCode(sample int16) byte {
	v, sign := int(sample)>>4, byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	lower, width := 0, 1
	for n := range 128 {
		if n >= 32 && n%16 == 0 {
			width *= 2
		}
		if v < lower+width {
			return (sign | byte(n)) ^ 0x55
		}
		lower += width
	}
	panic("A-law has an interval for every magnitude")
}

func aValue(code byte) int {
	lower, width := 0, 1
	n := int(code^0x55) & 0x7f
	for i := range n {
		if i >= 32 && i%16 == 0 {
			width *= 2
		}
		lower += width
	}
	if n >= 32 && n%16 == 0 {
		width *= 2
	}
	mid := 16*lower + 8*width
	if code&0x80 == 0 {
		return -mid
	}
	return mid
}

func TestG711(t *testing.T) {
	laws := []struct {
		c     Codec
		code  func(int16) byte
		value func(byte) int
	}{{PCMU, muCode, muValue}, {PCMA, aCode, aValue}}
	for _, l := range laws {
		wrong := 0
		var b [1]byte
		for s := -1 << 15; s < 1<<15; s++ {
			l.c.Encode(b[:], []int16{int16(s)})
			if want := l.code(int16(s)); b[0] != want {
				if wrong++; wrong < 5 {
					t.Errorf("%v: Encode(%d) = %#02x, want %#02x", l.c, s, b[0], want)
				}
			}
		}
		var pcm [1]int16
		for i := range 256 {
			l.c.Decode(pcm[:], []byte{byte(i)})
			if want := l.value(byte(i)); int(pcm[0]) != want {
				t.Errorf("%v: Decode(%#02x) = %d, want %d", l.c, i, pcm[0], want)
			}
			again := b
			l.c.Encode(again[:], pcm[:])
			if again[0] != byte(i) && !(l.c == PCMU && i == 0x7f) { // -0 comes back as +0
				t.Errorf("%v: %#02x decodes to %d, which encodes to %#02x", l.c, i, pcm[0], again[0])
			}
		}
	}
}

// The values that readers know by heart.
func TestG711Known(t *testing.T) {
	for _, x := range []struct {
		c      Codec
		sample int16
		code   byte
	}{{PCMU, 0, 0xff}, {PCMU, 32767, 0x80}, {PCMU, -32768, 0x00}, {PCMA, 0, 0xd5}, {PCMA, 32767, 0xaa}, {PCMA, -32768, 0x2a}} {
		var b [1]byte
		x.c.Encode(b[:], []int16{x.sample})
		if b[0] != x.code {
			t.Errorf("%v: Encode(%d) = %#02x, want %#02x", x.c, x.sample, b[0], x.code)
		}
	}
}
