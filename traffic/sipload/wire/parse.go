package wire

import (
	"bytes"
	"errors"
)

// What is wrong with a message. None of them says anything of its content.
var (
	errLong      = errors.New("wire: too long")
	errStart     = errors.New("wire: no SIP start line")
	errLine      = errors.New("wire: a line that is no header")
	errEnd       = errors.New("wire: no empty line after the headers, or a control character before it")
	errMissing   = errors.New("wire: not one of each header that every message has")
	errTwice     = errors.New("wire: two of a header that there may be one of")
	errVia       = errors.New("wire: Via")
	errCSeq      = errors.New("wire: CSeq")
	errCallID    = errors.New("wire: Call-ID")
	errAddress   = errors.New("wire: an address that does not close")
	errAfter     = errors.New("wire: something between an address and its parameters")
	errURI       = errors.New("wire: URI")
	errNumber    = errors.New("wire: a number that is none")
	errTruncated = errors.New("wire: the body ends too soon")
)

// Parse reads a datagram. It takes what sipua/guard takes, copies nothing and allocates
// nothing; where a header is folded (7.3.1) it writes spaces over the CRLF. After an error
// the Message holds nothing of use.
func (m *Message) Parse(b []byte) error { return m.parse(b, false) }

// parse reads a datagram, or its head alone where the rest of it has been let go.
func (m *Message) parse(b []byte, head bool) error {
	if len(b) > MaxMessage {
		return errLong
	}
	m.b, m.n, m.vias, m.code, m.seq, m.method = b, 0, 0, 0, 0, ""
	m.first, m.via, m.from, m.to, m.target = [kinds]uint16{}, via{}, address{}, address{}, address{}
	m.uri, m.reason = span{}, span{}
	end, ok := lineEnd(b, 0)
	if !ok {
		return errEnd
	}
	if err := m.startLine(end); err != nil {
		return err
	}
	at := end + 2
	for {
		if end, ok = lineEnd(b, at); !ok {
			return errEnd
		}
		if end == at {
			break
		}
		for end+2 < len(b) && blank(b[end+2]) {
			b[end], b[end+1] = ' ', ' '
			if end, ok = lineEnd(b, end+2); !ok {
				return errEnd
			}
		}
		if err := m.header(at, end); err != nil {
			return err
		}
		at = end + 2
	}
	return m.rest(at+2, head)
}

func (m *Message) startLine(end int) error {
	l := m.b[:end]
	one := bytes.IndexByte(l, ' ')
	if one <= 0 {
		return errStart
	}
	if m.request = !(len(l) > 4 && fold(l[:4], "sip/")); !m.request {
		if !fold(l[:one], "sip/2.0") || len(l) < one+4 || len(l) > one+4 && l[one+4] != ' ' {
			return errStart
		}
		n, ok := number(l[one+1:one+4], 699)
		if !ok || n < 100 {
			return errStart
		}
		m.code, m.reason = int(n), span{min(one+5, end), end}
		return nil
	}
	two := bytes.LastIndexByte(l, ' ')
	m.uri = span{one + 1, two}
	if two <= one+1 || !token(l[:one]) || !fold(l[two+1:], "sip/2.0") || two-one > maxURI {
		return errStart
	}
	m.method = methodOf(l[:one])
	return uriError(m.of(m.uri))
}

// methods are those whose names are not written anew for each message.
var methods = [...]string{"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO", "REFER", "NOTIFY", "SUBSCRIBE", "MESSAGE", "UPDATE", "PRACK", "PUBLISH"}

func methodOf(b []byte) string {
	for _, s := range methods {
		if string(b) == s {
			return s
		}
	}
	return string(b)
}

// header notes a line.
func (m *Message) header(at, end int) error {
	b := m.b
	i := at
	for i < end && tokenByte[b[i]] {
		i++
	}
	name := i
	for i < end && blank(b[i]) {
		i++
	}
	if name == at || i == end || b[i] != ':' || blank(b[at]) {
		return errLine
	}
	if m.n == maxHeaders || end-at > maxLine {
		return errLong
	}
	v := trimmed(b, i+1, end)
	k := kindOf(b[at:name])
	m.lines[m.n] = line{name: uint16(at), nameEnd: uint16(name), value: uint16(v.at), valueEnd: uint16(v.end), kind: k}
	m.n++
	if m.first[k] == 0 {
		m.first[k] = uint16(m.n)
	} else if k >= fromKind && k <= cseqKind || k >= maxForwardsKind && k <= contentTypeKind {
		return errTwice
	}
	return m.value(k, v, b[at:name])
}

// value reads what a line says where that is needed, and checks it where it may not be
// wrong.
func (m *Message) value(k kind, v span, name []byte) error {
	switch k {
	case viaKind:
		if m.vias += 1 + bytes.Count(m.of(v), []byte{','}); m.vias > maxVias {
			return errLong
		}
		if int(m.first[viaKind]) == m.n {
			return m.readVia(v.at, v.end)
		}
	case fromKind:
		return m.one(&m.from, v)
	case toKind:
		return m.one(&m.to, v)
	case cseqKind:
		return m.cseq(m.of(v))
	case contactKind:
		if string(m.of(v)) == "*" {
			if int(m.first[contactKind]) == m.n {
				m.target.uri = v
			}
			return nil
		}
		return m.list(v, int(m.first[contactKind]) == m.n)
	case recordRouteKind, routeKind:
		return m.list(v, false)
	case otherKind:
		if addressed(name) {
			return m.list(v, false)
		}
	}
	return nil
}

// one reads a header that is one address.
func (m *Message) one(a *address, v span) (err error) {
	var next int
	if *a, _, next, err = readAddress(m.b, v.at, v.end); err == nil && next < v.end {
		err = errAddress
	}
	a.tag, _ = param(m.b, a.params, "tag")
	return err
}

// list checks a header of one or more addresses, and notes the first one's URI if it is
// the Contact.
func (m *Message) list(v span, contact bool) error {
	for n, at := 0, v.at; n == 0 || at < v.end; n++ {
		a, _, next, err := readAddress(m.b, at, v.end)
		if n >= maxVias {
			return errAddress
		}
		if err != nil {
			return err
		}
		if n == 0 && contact {
			m.target = a
		}
		at = next
	}
	return nil
}

// cseq reads the number, below 2^31 (8.1.1.5), and the method.
func (m *Message) cseq(v []byte) error {
	i := 0
	for i < len(v) && !blank(v[i]) {
		i++
	}
	n, ok := number(v[:i], 1<<31-1)
	method := trim(v[i:])
	if !ok || !token(method) {
		return errCSeq
	}
	if m.seq = uint32(n); !m.request {
		m.method = methodOf(method)
	} else if string(method) != m.method {
		return errCSeq
	}
	return nil
}

// rest checks what can be checked once all headers are known, and measures the body: what is
// beyond Content-Length is no part of it (18.3).
func (m *Message) rest(at int, head bool) error {
	for _, k := range [...]kind{viaKind, fromKind, toKind, callIDKind, cseqKind} {
		if m.first[k] == 0 {
			return errMissing
		}
	}
	if id := m.CallID(); len(id) == 0 || len(id) > maxCallID || spaced(id) || bytes.IndexByte(id, ',') >= 0 {
		return errCallID
	}
	if m.first[maxForwardsKind] > 0 {
		if _, ok := number(m.only(maxForwardsKind), 255); !ok {
			return errNumber
		}
	}
	if m.first[expiresKind] > 0 && !digits(m.only(expiresKind)) {
		return errNumber
	}
	m.bodyAt, m.bodyEnd = at, len(m.b)
	if m.first[contentLengthKind] > 0 && !head {
		n, ok := number(m.only(contentLengthKind), MaxMessage)
		if !ok {
			return errNumber
		}
		if n > uint64(len(m.b)-at) {
			return errTruncated
		}
		m.bodyEnd = at + int(n)
	}
	return nil
}
