package wire

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// lineEnd returns where the line that begins at i ends: at its CRLF. ok is false if there
// is none, or a control character other than a tab before it: a bare CR or LF, NUL, DEL.
// It looks at eight bytes at once.
func lineEnd(b []byte, i int) (end int, ok bool) {
	for i+8 <= len(b) {
		w := binary.LittleEndian.Uint64(b[i:])
		del := w ^ 0x7f7f7f7f7f7f7f7f
		// The lowest bit set is exact in both: a borrow begins at a byte that is one.
		found := ((w - 0x20*ones) &^ w & highs) | ((del - ones) &^ del & highs)
		if found == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(found) >> 3
		if b[i] != '\t' {
			return i, crlf(b, i)
		}
		i++
	}
	for ; i < len(b); i++ {
		if c := b[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return i, crlf(b, i)
		}
	}
	return i, false
}

func crlf(b []byte, i int) bool { return b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' }

// trim cuts linear whitespace off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && blank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && blank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// spaced reports whether there is a blank in b.
func spaced(b []byte) bool {
	for _, c := range b {
		if blank(c) {
			return true
		}
	}
	return false
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

// fold reports whether b is s in any case; s is in lower case.
func fold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

// number reads digits alone, up to most.
func number(b []byte, most uint64) (n uint64, ok bool) {
	if len(b) == 0 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + uint64(c-'0'); n > most {
			return 0, false
		}
	}
	return n, true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// token reports whether b is one (25.1).
func token(b []byte) bool {
	for _, c := range b {
		if !tokenByte[c] {
			return false
		}
	}
	return len(b) > 0
}

var tokenByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") {
		t[c] = true
	}
	return t
}()
