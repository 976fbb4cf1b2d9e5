package wire

import "bytes"

// via is the top Via, as far as answers go by it (18.2.2).
type via struct {
	all      span // the value, without those behind a comma
	host     span
	port     uint16 // 0: none
	params   span
	branch   span
	rport    bool
	received bool // somebody has written one already
}

// readVia reads the top Via between at and end. "SIP / 2.0 / UDP" is allowed, and blanks
// around colons and semicolons (25.1).
func (m *Message) readVia(at, end int) error {
	b, v := m.b, &m.via
	end = viaEnd(b, at, end)
	v.all = trimmed(b, at, end)
	i := v.all.at
	i, ok := protocol(b, i, v.all.end)
	if !ok {
		return errVia
	}
	semi := bytes.IndexByte(b[i:v.all.end], ';')
	if semi < 0 {
		semi = v.all.end
	} else {
		semi += i
	}
	v.params = span{semi, v.all.end}
	sentBy := trimmed(b, i, semi)
	host := sentBy
	colon := -1
	if sentBy.at < sentBy.end && b[sentBy.at] == '[' {
		k := bytes.IndexByte(m.of(sentBy), ']')
		if k < 0 {
			return errVia
		}
		host.end = sentBy.at + k + 1
		if rest := trimmed(b, host.end, sentBy.end); rest.at < rest.end {
			if b[rest.at] != ':' {
				return errVia
			}
			colon = rest.at
		}
	} else if k := bytes.IndexByte(m.of(sentBy), ':'); k >= 0 {
		colon = sentBy.at + k
		host = trimmed(b, sentBy.at, colon)
	}
	if v.host = host; host.at == host.end || spaced(m.of(host)) {
		return errVia
	}
	if colon >= 0 {
		n, ok := number(trim(b[colon+1:sentBy.end]), 65535)
		if !ok || n == 0 {
			return errVia
		}
		v.port = uint16(n)
	}
	m.viaParams()
	return nil
}

// viaParams looks for the parameters that matter, in one walk.
func (m *Message) viaParams() {
	v := &m.via
	for i := v.params.at; i < v.params.end; {
		var k, value span
		k, value, i = nextParam(m.b, i, v.params.end)
		switch name := m.of(k); {
		case fold(name, "branch"):
			v.branch = value
		case fold(name, "rport"):
			v.rport = true
		case fold(name, "received"):
			v.received = true
		}
	}
}

// viaEnd is where the first value of a Via header ends.
func viaEnd(b []byte, at, end int) int {
	if bytes.IndexByte(b[at:end], ',') < 0 {
		return end
	}
	quoted := false
	for i := at; i < end; i++ {
		switch c := b[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case c == ',' && !quoted:
			return i
		}
	}
	return end
}

// protocol reads "SIP/2.0/UDP " and returns what is after it.
func protocol(b []byte, i, end int) (int, bool) {
	const plain = "SIP/2.0/UDP "
	if end-i > len(plain) && string(b[i:i+len(plain)]) == plain {
		return i + len(plain), true
	}
	for n, want := range [...]string{"sip", "2.0", ""} {
		for i < end && blank(b[i]) {
			i++
		}
		at := i
		for i < end && tokenByte[b[i]] {
			i++
		}
		if i == at || want != "" && !fold(b[at:i], want) {
			return 0, false
		}
		spaces := i
		for i < end && blank(b[i]) {
			i++
		}
		if n == 2 {
			return i, i > spaces
		}
		if i == end || b[i] != '/' {
			return 0, false
		}
		i++
	}
	return 0, false
}
