package wire

import (
	"bytes"
	"net/netip"
)

// address is a name-addr or addr-spec in a header (20.10).
type address struct {
	uri    span
	params span // the header's own, from the first semicolon on
	tag    span // of From and To
}

// readAddress reads the address that begins at i, up to its comma or the header's end. next
// is after the comma, or at the end.
func readAddress(b []byte, i, end int) (a address, stop, next int, err error) {
	quoted, start, close, semi, at := false, -1, -1, -1, i
loop:
	for ; i < end; i++ {
		c := b[i]
		if !addressByte[c] {
			continue
		}
		switch {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '<':
			k := bytes.IndexByte(b[i:end], '>')
			if start >= 0 || k < 0 {
				return a, 0, 0, errAddress
			}
			start, close, semi = i+1, i+k, -1
			i = close
		case c == '>':
			return a, 0, 0, errAddress
		case c == ';' && semi < 0:
			semi = i
		case c == ',':
			break loop
		}
	}
	if i = min(i, end); quoted {
		return a, 0, 0, errAddress
	}
	if semi < 0 {
		semi = i
	}
	if a.params = (span{semi, i}); start >= 0 {
		if a.uri = (span{start, close}); close+1 < semi && len(trim(b[close+1:semi])) > 0 {
			return a, 0, 0, errAfter
		}
	} else if a.uri = trimmed(b, at, semi); bytes.IndexByte(a.uri.of(b), '?') >= 0 { // a URI with headers must be in brackets (20)
		return a, 0, 0, errAddress
	}
	if next = i; i < end {
		if next = trimmed(b, i+1, end).at; next == end {
			return a, 0, 0, errAddress // a comma and nothing after it
		}
	}
	return a, i, next, uriError(a.uri.of(b))
}

// addressByte is what matters in an address outside of its URI.
var addressByte = [256]bool{'"': true, '\\': true, '<': true, '>': true, ';': true, ',': true}

// trimmed is a span without blanks at its ends.
func trimmed(b []byte, at, end int) span {
	for at < end && blank(b[at]) {
		at++
	}
	for at < end && blank(b[end-1]) {
		end--
	}
	return span{at, end}
}

// nextParam reads the parameter whose semicolon is at i: names are of any case, there may
// be blanks around the marks, and values may be quoted (25.1).
func nextParam(b []byte, i, end int) (key, value span, next int) {
	i++
	at, eq, quoted := i, -1, false
	for ; i < end; i++ {
		c := b[i]
		if c > '=' && c != '\\' {
			continue
		}
		if c == ';' && !quoted {
			break
		}
		switch {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case c == '=' && eq < 0 && !quoted:
			eq = i
		}
	}
	i = min(i, end)
	if eq < 0 {
		return trimmed(b, at, i), span{}, i
	}
	return trimmed(b, at, eq), trimmed(b, eq+1, i), i
}

// param finds a parameter by its name, in lower case. Of two the last one counts.
func param(b []byte, p span, name string) (value span, ok bool) {
	for i := p.at; i < p.end; {
		var k, v span
		if k, v, i = nextParam(b, i, p.end); fold(k.of(b), name) {
			value, ok = v, true
		}
	}
	return value, ok
}

// uriError checks what a sip or sips URI must have; others pass (19.1.1).
func uriError(uri []byte) error {
	colon := bytes.IndexByte(uri, ':')
	if colon <= 0 || !token(uri[:colon]) {
		return errURI
	}
	host, semi, question := colon+1, -1, -1
	for i := colon + 1; i < len(uri); i++ {
		switch uriByte[uri[i]] {
		case 0:
		case '@':
			if question < 0 {
				host, semi = i+1, -1
			}
		case ';':
			if question < 0 && semi < 0 {
				semi = i
			}
		case '?':
			if question < 0 {
				question = i
			}
		default:
			return errURI
		}
	}
	if !isSIP(uri[:colon]) {
		return nil
	}
	if question < 0 {
		question = len(uri)
	}
	if semi < 0 {
		semi = question
	}
	return hostError(uri[host:semi])
}

// uriByte is what matters in a URI, and with 'x' what must not be in one.
var uriByte = [256]byte{'@': '@', ';': ';', '?': '?', ' ': 'x', '\t': 'x', '<': 'x', '>': 'x', '"': 'x'}

func isSIP(scheme []byte) bool { return fold(scheme, "sip") || fold(scheme, "sips") }

// hostError checks a host with or without a port.
func hostError(s []byte) error {
	host, port, ok := splitHost(s)
	if !ok || len(host) == 0 {
		return errURI
	}
	for _, c := range host {
		if c == '/' || c == '\\' {
			return errURI
		}
	}
	if port != nil {
		if n, ok := number(port, 65535); !ok || n == 0 {
			return errURI
		}
	}
	return nil
}

// splitHost cuts a port off; port is nil without a colon.
func splitHost(s []byte) (host, port []byte, ok bool) {
	if len(s) == 0 || s[0] != '[' {
		if i := bytes.IndexByte(s, ':'); i >= 0 {
			return s[:i], s[i+1:], true
		}
		return s, nil, true
	}
	i := bytes.IndexByte(s, ']')
	if i < 0 {
		return nil, nil, false
	}
	// RFC 5954 corrects the grammar; three colons are what the old one allowed.
	a, err := netip.ParseAddr(string(bytes.ReplaceAll(s[1:i], []byte(":::"), []byte("::"))))
	if err != nil || a.Zone() != "" {
		return nil, nil, false
	}
	if rest := s[i+1:]; len(rest) > 0 && rest[0] == ':' {
		port = rest[1:]
	}
	return s[:i+1], port, true
}

// hasHost reports whether a URI is one that a SIP request can be sent to.
func hasHost(uri []byte) bool {
	i := bytes.IndexByte(uri, ':')
	return i > 0 && isSIP(uri[:i])
}

// loose reports whether a route's URI has the parameter lr (19.1.1).
func loose(uri []byte) bool {
	if i := bytes.LastIndexByte(uri, '@'); i >= 0 {
		uri = uri[i+1:]
	}
	if i := bytes.IndexByte(uri, '?'); i >= 0 {
		uri = uri[:i]
	}
	i := bytes.IndexByte(uri, ';')
	if i < 0 {
		return false
	}
	_, ok := param(uri, span{i, len(uri)}, "lr")
	return ok
}
