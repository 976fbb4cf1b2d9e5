package calllog

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

const (
	windowSize   = 128 << 10 // look-ahead for guessing; larger than a field may be
	defaultField = 64 << 10
	maxColumns   = 1024
	maxRecord    = 1 << 20 // bytes of one row
	maxBlank     = 1 << 20 // blank lines in a row: a file of line breaks ends
)

// scanner splits a stream into rows of fields. It holds one row and a window
// of the stream, whatever the size of the file.
type scanner struct {
	src      io.Reader
	win      []byte
	r, w     int
	srcErr   error // io.EOF or what the source said
	partial  bool  // win is a sample: its end is not the file's
	file     string
	enc      textEncoding
	wasUTF16 bool
	dec      *encoding.Decoder
	sep      byte
	maxField int
	line     int // of the next byte
	row      int // of the last record

	rec     []byte // fields of the current record, unquoted, one after another
	ends    []int
	recLine int
	high    bool // rec holds bytes beyond ASCII
	nul     bool
	fields  []string
}

var errPartial = errors.New("calllog: the sample ends inside a row")

// open unpacks and looks at the beginning of the stream.
func (s *scanner) open(r io.Reader) error {
	s.win = make([]byte, windowSize)
	s.line = 1
	s.src = r
	s.fill()
	if b := s.win[s.r:s.w]; len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b {
		z, err := gzip.NewReader(&joined{bytes.Clone(b), s.src, s.srcErr})
		if err != nil {
			return fmt.Errorf("%s: begins like gzip but is not: %w; unpack it first", s.file, err)
		}
		s.src, s.r, s.w, s.srcErr = z, 0, 0, nil
		s.fill()
	}
	b := s.win[s.r:s.w]
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		s.r += 3
		if s.enc == undecided {
			s.enc = utf8Enc
		}
	case bytes.HasPrefix(b, []byte("\xff\xfe")) && (s.enc == undecided || s.enc == utf16LE):
		s.r += 2
		s.enc = utf16LE
	case bytes.HasPrefix(b, []byte("\xfe\xff")) && (s.enc == undecided || s.enc == utf16BE):
		s.r += 2
		s.enc = utf16BE
	}
	if s.enc == utf16LE || s.enc == utf16BE {
		j := &joined{bytes.Clone(s.win[s.r:s.w]), s.src, s.srcErr}
		s.src = transform.NewReader(j, s.enc.decoder())
		s.wasUTF16 = true
		s.r, s.w, s.srcErr = 0, 0, nil
		s.fill()
	}
	if s.enc == undecided {
		s.decide(nil)
	}
	if s.srcErr != nil && s.srcErr != io.EOF && s.w == s.r {
		return fmt.Errorf("%s: %w", s.file, s.srcErr)
	}
	return nil
}

// joined reads what was looked at already, then the rest.
type joined struct {
	head []byte
	rest io.Reader
	err  error // what rest has said already
}

func (j *joined) Read(p []byte) (int, error) {
	if len(j.head) > 0 {
		n := copy(p, j.head)
		j.head = j.head[n:]
		return n, nil
	}
	if j.err != nil {
		return 0, j.err
	}
	return j.rest.Read(p)
}

// fill moves what is left to the front of the window and reads until the
// window is full or the source ends.
func (s *scanner) fill() {
	if s.r > 0 {
		copy(s.win, s.win[s.r:s.w])
		s.w -= s.r
		s.r = 0
	}
	for idle := 0; s.w < len(s.win) && s.srcErr == nil; {
		n, err := s.src.Read(s.win[s.w:])
		s.w += n
		if err != nil {
			s.srcErr = err
		}
		if n > 0 {
			idle = 0
		} else if idle++; idle > 100 {
			s.srcErr = io.ErrNoProgress
		}
	}
}

// decide settles the encoding by the record at hand and what lies ahead; it
// leaves it undecided while everything is ASCII. Where no encoding fits all of
// it, the one that fits most lines will name the row when it comes to it.
func (s *scanner) decide(rec []byte) {
	both := append(bytes.Clone(rec), s.win[s.r:s.w]...)
	if ascii(both) {
		return
	}
	if enc, ok := detect(both, s.srcErr == nil || s.partial); ok {
		s.enc = enc
		return
	}
	s.enc = utf8Enc
	if invalid(both, likelyShiftJIS) < invalid(both, validUTF8) {
		s.enc = shiftJIS
	}
}

// invalid counts the lines of b that are not ASCII and not valid.
func invalid(b []byte, valid func([]byte, bool) bool) (n int) {
	for line := range bytes.Lines(b) {
		if !ascii(line) && !valid(bytes.TrimRight(line, "\r\n"), true) {
			n++
		}
	}
	return n
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fault is an error at the current record.
func (s *scanner) fault(col int, want string) *Error {
	return &Error{File: s.file, Row: s.row, Line: s.recLine, Col: col, Want: want}
}

// next reads a record; io.EOF at the end. bad is a fault of this row alone;
// after err the rows that follow cannot be found.
func (s *scanner) next() (fields []string, bad *Error, err error) {
	for blank := 0; ; blank++ {
		if err := s.split(); err != nil {
			return nil, nil, err
		}
		if len(s.ends) > 1 || len(s.rec) > 0 {
			break
		}
		if blank > maxBlank {
			return nil, nil, s.fault(0, "over a million blank lines; want rows")
		}
	}
	bad = s.decode()
	return s.fields, bad, nil
}

func (s *scanner) split() error {
	s.rec, s.ends = s.rec[:0], s.ends[:0]
	s.high, s.nul = false, false
	s.recLine = s.line
	if s.r == s.w {
		s.fill()
		if s.r == s.w {
			return s.ended()
		}
	}
	s.row++
	for {
		more, err := s.field()
		if err != nil {
			return err
		}
		s.ends = append(s.ends, len(s.rec))
		if !more {
			return nil
		}
		if len(s.ends) >= maxColumns {
			return s.fault(0, fmt.Sprintf("more than %d columns; want a CSV file with a header: is the separator right?", maxColumns))
		}
	}
}

// ended says why there is no more.
func (s *scanner) ended() error {
	if s.partial {
		return errPartial
	}
	if s.srcErr != io.EOF {
		return fmt.Errorf("%s:%d: %w; is the file damaged or cut off?", s.file, s.line, s.srcErr)
	}
	return io.EOF
}

// peek returns the next byte without taking it; ok is false at the end.
func (s *scanner) peek() (c byte, ok bool) {
	if s.r == s.w {
		s.fill()
		if s.r == s.w {
			return 0, false
		}
	}
	return s.win[s.r], true
}

// field takes one field and its end; more says that a separator ended it.
func (s *scanner) field() (more bool, err error) {
	start := len(s.rec)
	if c, ok := s.peek(); ok && c == '"' {
		s.r++
		if err := s.quoted(start); err != nil {
			return false, err
		}
	}
	for {
		i := s.r
		for i < s.w {
			c := s.win[i]
			if c == s.sep || c == '\n' || c == '\r' {
				break
			}
			if c >= utf8.RuneSelf {
				s.high = true
			} else if c == 0 {
				s.nul = true
			}
			i++
		}
		s.rec = append(s.rec, s.win[s.r:i]...)
		s.r = i
		if err := s.tooLong(start); err != nil {
			return false, err
		}
		if i < s.w {
			break
		}
		if _, ok := s.peek(); !ok {
			if err := s.ended(); err != io.EOF {
				return false, err
			}
			return false, nil
		}
	}
	c := s.win[s.r]
	s.r++
	if c == s.sep {
		return true, nil
	}
	s.line++
	if c == '\r' {
		if c, ok := s.peek(); ok && c == '\n' {
			s.r++
		}
	}
	return false, nil
}

// quoted takes a quoted field up to and with its closing quote. What follows
// the closing quote up to the separator is kept, as spreadsheets do.
func (s *scanner) quoted(start int) error {
	for {
		c, ok := s.peek()
		if !ok {
			if err := s.ended(); err != io.EOF {
				return err
			}
			e := s.fault(len(s.ends)+1, `the quote (") that opens this field is never closed; close it, or double a quote that belongs to the text ("")`)
			e.Value = short(strings.ToValidUTF8(string(s.rec[start:]), "?"))
			return e
		}
		s.r++
		switch {
		case c == '"':
			if c, ok := s.peek(); !ok || c != '"' {
				return nil
			}
			s.r++
		case c == '\n':
			s.line++
		case c == '\r':
			if c, ok := s.peek(); !ok || c != '\n' {
				s.line++
			}
		case c >= utf8.RuneSelf:
			s.high = true
		case c == 0:
			s.nul = true
		}
		s.rec = append(s.rec, c)
		if err := s.tooLong(start); err != nil {
			return err
		}
	}
}

func (s *scanner) tooLong(start int) error {
	if len(s.rec)-start <= s.maxField && len(s.rec) <= maxRecord {
		return nil
	}
	e := s.fault(len(s.ends)+1, fmt.Sprintf("the field is too long: want at most %d bytes in a field and %d in a row; is a quote left open, or the separator wrong?", s.maxField, maxRecord))
	e.Value = short(strings.ToValidUTF8(string(s.rec[start:start+min(len(s.rec)-start, 200)]), "?"))
	return e
}

// decode makes strings of the record's bytes.
func (s *scanner) decode() *Error {
	s.fields = s.fields[:0]
	if s.high && s.enc == undecided {
		s.decide(s.rec)
	}
	if s.nul {
		return s.fault(0, "the row holds a NUL byte; want text: if the file is UTF-16 without a byte order mark, name the encoding")
	}
	if !s.high || s.enc == utf8Enc && utf8.Valid(s.rec) && !s.wasUTF16 {
		all, from := string(s.rec), 0
		for _, to := range s.ends {
			s.fields = append(s.fields, strings.TrimSpace(all[from:to]))
			from = to
		}
		return nil
	}
	from := 0
	for i, to := range s.ends {
		f, ok := s.text(s.rec[from:to])
		if !ok {
			e := s.fault(i+1, fmt.Sprintf("not valid %s; want the whole file in one encoding: save it as UTF-8, or name its encoding (%s)", s.enc, strings.Join(encodingNames[1:], ", ")))
			e.Value = short(latin(s.rec[from:to]))
			return e
		}
		s.fields = append(s.fields, strings.TrimSpace(f))
		from = to
	}
	return nil
}

func (s *scanner) text(b []byte) (string, bool) {
	switch {
	case ascii(b):
		return string(b), true
	case s.wasUTF16:
		return string(b), !bytes.Contains(b, []byte("\uFFFD"))
	case s.enc == utf8Enc:
		return string(b), utf8.Valid(b)
	}
	if s.dec == nil {
		s.dec = s.enc.decoder()
	}
	out, err := s.dec.Bytes(b)
	// None of these encodings has U+FFFD: it stands for what is invalid.
	return string(out), err == nil && !bytes.Contains(out, []byte("\uFFFD"))
}

// latin shows bytes of unknown encoding: what is not ASCII as \xNN.
func latin(b []byte) string {
	var w strings.Builder
	for _, c := range b {
		if c < utf8.RuneSelf {
			w.WriteByte(c)
		} else {
			fmt.Fprintf(&w, "\\x%02X", c)
		}
	}
	return w.String()
}
