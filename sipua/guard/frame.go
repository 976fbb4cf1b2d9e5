package guard

import (
	"bytes"
	"strconv"
	"strings"
)

// Framer cuts a stream into messages (RFC 3261 18.3). It holds what has come of the
// next one, never more than MaxMessage.
type Framer struct{ buf []byte }

// Frame is what a stream held next.
type Frame struct {
	Verdict
	KeepAlive bool // an empty line twice: to be answered with one (RFC 5626 3.5.1)
	Close     bool // where the next message would begin cannot be told
}

// Write adds what was read.
func (f *Framer) Write(b []byte) { f.buf = append(f.buf, b...) }

// Waiting reports whether a message has begun and not ended.
func (f *Framer) Waiting() bool { return len(f.buf) > 0 }

// Next returns the next message; ok is false when more must come first.
func (f *Framer) Next() (fr Frame, ok bool) {
	if bytes.HasPrefix(f.buf, []byte("\r\n\r\n")) {
		f.drop(4)
		return Frame{KeepAlive: true}, true
	}
	if len(f.buf) >= 3 && f.buf[0] == '\r' && f.buf[1] == '\n' && f.buf[2] != '\r' { // empty lines before a message (7.5)
		f.drop(2)
		return f.Next()
	}
	end := bytes.Index(f.buf, []byte("\r\n\r\n"))
	if end < 0 {
		if len(f.buf) >= MaxMessage || len(f.buf) >= 16 && !possible(f.buf) {
			return Frame{Verdict: Verdict{Why: "no end of headers"}, Close: true}, true
		}
		return Frame{}, false
	}
	n, good := lengthOf(f.buf[:end])
	if !good || end+4+n > MaxMessage {
		fr = Frame{Verdict: message(f.buf[:end+4], true), Close: true}
		fr.Message = nil
		if fr.Code == 0 && fr.Why == "" {
			fr.Why = "length"
		}
		return fr, true
	}
	if len(f.buf) < end+4+n {
		return Frame{}, false
	}
	fr.Verdict = message(f.buf[:end+4+n:end+4+n], true)
	fr.Close = fr.Message == nil && fr.Why == "no SIP"
	f.drop(end + 4 + n)
	return fr, true
}

// possible reports whether a SIP message can begin so.
func possible(b []byte) bool {
	line, _, whole := bytes.Cut(b, []byte("\r\n"))
	if whole {
		return looksLikeSIP(b)
	}
	return len(line) <= maxLine && bytes.IndexFunc(bytes.TrimSuffix(line, []byte("\r")), forbidden) < 0
}

func (f *Framer) drop(n int) { f.buf = append(f.buf[:0], f.buf[n:]...) }

// lengthOf finds the one Content-Length of a head; two, or none that is a number, say
// that the end cannot be told.
func lengthOf(head []byte) (n int, ok bool) {
	for line := range strings.SplitSeq(string(head), "\r\n") {
		name, v, found := strings.Cut(line, ":")
		if !found || canonical(strings.TrimRight(name, " \t")) != "content-length" {
			continue
		}
		v = strings.Trim(v, " \t")
		x, err := strconv.ParseUint(v, 10, 31)
		if ok || err != nil || !digits(v) {
			return 0, false
		}
		n, ok = int(x), true
	}
	return n, ok
}
