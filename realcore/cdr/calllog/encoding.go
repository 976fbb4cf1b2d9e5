package calllog

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// An encoding of text. Except for UTF-16, which is turned into UTF-8 as a
// stream, fields are split first and decoded one by one: in all of these no
// byte of a longer character is a comma, tab, semicolon, quote or line break,
// and an invalid byte is found in the row and column where it stands.
type textEncoding uint8

const (
	undecided textEncoding = iota // only ASCII seen so far
	utf8Enc
	utf16LE
	utf16BE
	shiftJIS
	eucJP
	latin1
	windows1252
	numEncodings
)

var encodingNames = [numEncodings]string{"", "utf-8", "utf-16le", "utf-16be", "shift_jis", "euc-jp", "iso-8859-1", "windows-1252"}

func (e textEncoding) String() string {
	if e == undecided {
		return "ascii"
	}
	return encodingNames[e]
}

// encodingByName reads the names of encodings as people write them.
func encodingByName(s string) (textEncoding, error) {
	n := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
	switch n {
	case "", "auto":
		return undecided, nil
	case "utf8", "ascii":
		return utf8Enc, nil
	case "utf16", "utf16le":
		return utf16LE, nil
	case "utf16be":
		return utf16BE, nil
	case "shiftjis", "sjis", "cp932", "windows31j", "ms932":
		return shiftJIS, nil
	case "eucjp":
		return eucJP, nil
	case "iso88591", "latin1":
		return latin1, nil
	case "windows1252", "cp1252":
		return windows1252, nil
	}
	return 0, fmt.Errorf("encoding is %q; want one of %s, or none to have it detected", s, strings.Join(encodingNames[1:], ", "))
}

func (e textEncoding) decoder() *encoding.Decoder {
	switch e {
	case utf16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case utf16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	case shiftJIS:
		return japanese.ShiftJIS.NewDecoder()
	case eucJP:
		return japanese.EUCJP.NewDecoder()
	case latin1:
		return charmap.ISO8859_1.NewDecoder()
	case windows1252:
		return charmap.Windows1252.NewDecoder()
	}
	return encoding.Nop.NewDecoder()
}

// detect decides between UTF-8 and Shift_JIS by bytes that hold something
// beyond ASCII. cut says that b may end in the middle of a character.
func detect(b []byte, cut bool) (textEncoding, bool) {
	if validUTF8(b, cut) {
		return utf8Enc, true
	}
	if likelyShiftJIS(b, cut) {
		return shiftJIS, true
	}
	return undecided, false
}

func validUTF8(b []byte, cut bool) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return cut && !utf8.FullRune(b)
		}
		b = b[n:]
	}
	return true
}

// likelyShiftJIS requires valid byte pairs throughout and, because a Latin-1
// text may pass for pairs of rare kanji, at least one pair from the rows that
// hold kana and everyday kanji (lead byte 0x81 to 0x9F, control codes in
// Latin-1) or two half-width kana in a row.
func likelyShiftJIS(b []byte, cut bool) bool {
	likely := false
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c < 0x80:
		case c >= 0xA1 && c <= 0xDF:
			likely = likely || i > 0 && b[i-1] >= 0xA1 && b[i-1] <= 0xDF
		case c >= 0x81 && c <= 0x9F, c >= 0xE0 && c <= 0xFC:
			if i+1 == len(b) {
				return cut && likely
			}
			i++
			if t := b[i]; t < 0x40 || t == 0x7F || t > 0xFC {
				return false
			}
			likely = likely || c <= 0x9F
		default:
			return false
		}
	}
	return likely
}
