package dialog

import (
	"errors"
	"strconv"
	"strings"
)

// description is a session description as far as a call needs it (RFC 8866): the
// connection, the media lines, and the attributes of each. It is read here, by lines,
// since pion/sdp refuses media types and transports that it does not know, such as a
// fax's (m=image udptl t38), and with them the audio beside them.
type description struct {
	conn  string // address of c=, as written
	attrs []attribute
	media []mediaLine
}

// mediaLine is an m= line and what follows it.
type mediaLine struct {
	media, proto string
	port         int // -1: not a number from 0 to 65535
	formats      []string
	conn         string
	attrs        []attribute
}

type attribute struct{ key, value string }

// ErrBadSDP says that a description is none: 400.
var ErrBadSDP = errors.New("not a session description")

const (
	longestSDP  = 1 << 16
	mostLines   = 16 // m= lines; a description with more is refused
	mostFormats = 64 // looked at in a line
)

// parse reads a description within limits: hostile ones are long. Lines end with CRLF
// or LF; v, o, s and t must be there in their order, before the first m= line.
func parse(b []byte) (*description, error) {
	if len(b) == 0 || len(b) > longestSDP || strings.ContainsRune(string(b), 0) {
		return nil, ErrBadSDP
	}
	d, order := &description{}, ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" {
			continue
		}
		if len(line) < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z' || strings.ContainsRune(line, '\r') {
			return nil, ErrBadSDP
		}
		kind, v := line[0], line[2:]
		if strings.IndexByte("vost", kind) >= 0 && len(d.media) == 0 {
			order += string(kind)
		}
		if !d.take(kind, v) {
			return nil, ErrBadSDP
		}
	}
	if !strings.HasPrefix(order, "vost") || len(d.media) == 0 {
		return nil, ErrBadSDP
	}
	return d, nil
}

func (d *description) take(kind byte, v string) bool {
	switch kind {
	case 'v':
		return v == "0"
	case 'o':
		return len(strings.Fields(v)) == 6
	case 'c':
		return d.connection(v)
	case 'm':
		return len(d.media) < mostLines && d.line(v)
	case 'a':
		a := attribute{}
		a.key, a.value, _ = strings.Cut(v, ":")
		if n := len(d.media); n > 0 {
			d.media[n-1].attrs = append(d.media[n-1].attrs, a)
		} else {
			d.attrs = append(d.attrs, a)
		}
	}
	return true
}

func (d *description) connection(v string) bool {
	f := strings.Fields(v)
	if len(f) != 3 || f[0] != "IN" || f[1] != "IP4" && f[1] != "IP6" {
		return false
	}
	addr, _, _ := strings.Cut(f[2], "/")
	if n := len(d.media); n > 0 {
		d.media[n-1].conn = addr
	} else {
		d.conn = addr
	}
	return true
}

// line reads "audio 4000 RTP/AVP 0 8"; the port may have a count after a slash.
func (d *description) line(v string) bool {
	f := strings.Fields(v)
	if len(f) < 4 {
		return false
	}
	port, _, _ := strings.Cut(f[1], "/")
	n, err := strconv.ParseUint(port, 10, 16)
	m := mediaLine{media: f[0], port: int(n), proto: f[2], formats: f[3:min(len(f), 3+mostFormats)]}
	if err != nil {
		m.port = -1
	}
	d.media = append(d.media, m)
	return true
}

func (m *mediaLine) attribute(key string) (string, bool) {
	for _, a := range m.attrs {
		if a.key == key {
			return a.value, true
		}
	}
	return "", false
}
