package guard

import (
	"bytes"
	"strings"
)

// head is a message's start line and headers as they were written.
type head struct {
	start   string
	headers []field
	body    []byte // what follows the empty line
}

type field struct{ name, value string }

// Limits of a message. A phone's longest is some kilobytes, with much to say.
const (
	MaxMessage = 65535 // bytes, as a UDP datagram
	maxHeaders = 256
	maxLine    = 8192 // bytes of a header, folded lines joined
	maxVias    = 70   // as Max-Forwards begins with
)

// fault is why a message is none: a status code, or 0 for one not worth an answer.
type fault struct {
	code int
	why  string
}

func bad(why string) *fault { return &fault{400, why} }

// read splits a message. It takes linear time, and copies the head once.
func read(b []byte) (*head, *fault) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return partial(b), bad("no empty line after the headers")
	}
	h := &head{body: b[end+4:]}
	f := h.lines(string(b[:end]))
	return h, f
}

// partial reads as much of a head as there is, so that its sender may be answered.
func partial(b []byte) *head {
	h := &head{}
	h.lines(string(b))
	return h
}

func (h *head) lines(text string) (wrong *fault) {
	note := func(f *fault) {
		if wrong == nil {
			wrong = f
		}
	}
	first := true
	for text != "" {
		line, rest, _ := strings.Cut(text, "\r\n")
		text = rest
		if i := strings.IndexFunc(line, forbidden); i >= 0 {
			note(bad("control character in a header"))
			if first {
				return wrong
			}
			continue
		}
		switch {
		case first:
			h.start, first = line, false
		case line[:min(1, len(line))] == " " || line[:min(1, len(line))] == "\t":
			note(h.fold(line))
		default:
			note(h.field(line))
		}
		if len(h.headers) > maxHeaders {
			note(&fault{513, "too many headers"})
			return wrong
		}
	}
	return wrong
}

func forbidden(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (h *head) field(line string) *fault {
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || !token(name) {
		return bad("a line that is no header")
	}
	h.headers = append(h.headers, field{canonical(name), strings.Trim(value, " \t")})
	if len(line) > maxLine {
		return &fault{513, "a header is too long"}
	}
	return nil
}

// fold joins a continuation line (7.3.1). The start line cannot be folded.
func (h *head) fold(line string) *fault {
	n := len(h.headers)
	if n == 0 {
		return bad("folded start line")
	}
	f := &h.headers[n-1]
	if len(f.value)+len(line) > maxLine {
		return &fault{513, "a header is too long"}
	}
	f.value = strings.Trim(f.value+" "+strings.Trim(line, " \t"), " \t")
	return nil
}

// get returns the values of a header by its full lower-case name.
func (h *head) get(name string) (out []string) {
	for i := range h.headers {
		if h.headers[i].name == name {
			out = append(out, h.headers[i].value)
		}
	}
	return out
}

// canonical is a header's full name in lower case (compact forms, 7.3.3).
func canonical(name string) string {
	name = strings.ToLower(name)
	if full, ok := compact[name]; ok {
		return full
	}
	return name
}

var compact = map[string]string{"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
	"e": "content-encoding", "s": "subject", "k": "supported", "o": "event", "r": "refer-to", "b": "referred-by", "u": "allow-events", "x": "session-expires"}

// token reports whether s is one (25.1).
func token(s string) bool {
	for i := range len(s) {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return s != ""
}

var tokenByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") {
		t[c] = true
	}
	return t
}()
