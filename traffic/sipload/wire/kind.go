package wire

import "strings"

// kind is which header a line is, of those that are looked at.
type kind uint8

const (
	otherKind kind = iota
	viaKind
	fromKind
	toKind
	callIDKind
	cseqKind
	contactKind
	recordRouteKind
	routeKind
	maxForwardsKind
	contentLengthKind
	contentTypeKind
	expiresKind
	authorizationKind
	proxyAuthorizationKind
	kinds
)

// kindOf knows a header by its name, long or compact (7.3.3).
func kindOf(name []byte) kind {
	switch len(name) {
	case 1:
		return compactKind(name[0] | 0x20)
	case 2:
		return when(name, "to", toKind)
	case 3:
		return when(name, "via", viaKind)
	case 4:
		if name[0]|0x20 == 'f' {
			return when(name, "from", fromKind)
		}
		return when(name, "cseq", cseqKind)
	case 5:
		return when(name, "route", routeKind)
	case 7:
		if name[1]|0x20 == 'a' {
			return when(name, "call-id", callIDKind)
		}
		if name[0]|0x20 == 'e' {
			return when(name, "expires", expiresKind)
		}
		return when(name, "contact", contactKind)
	case 12:
		switch name[0] | 0x20 {
		case 'c':
			return when(name, "content-type", contentTypeKind)
		case 'm':
			return when(name, "max-forwards", maxForwardsKind)
		}
		return when(name, "record-route", recordRouteKind)
	case 13:
		return when(name, "authorization", authorizationKind)
	case 14:
		return when(name, "content-length", contentLengthKind)
	case 19:
		return when(name, "proxy-authorization", proxyAuthorizationKind)
	}
	return otherKind
}

func when(name []byte, s string, k kind) kind {
	if fold(name, s) {
		return k
	}
	return otherKind
}

func compactKind(c byte) kind {
	switch c {
	case 'v':
		return viaKind
	case 'f':
		return fromKind
	case 't':
		return toKind
	case 'i':
		return callIDKind
	case 'm':
		return contactKind
	case 'l':
		return contentLengthKind
	case 'c':
		return contentTypeKind
	}
	return otherKind
}

// compactOf is the compact form of the names that are no kind of their own; 0: none.
func compactOf(name string) byte {
	for _, c := range compacts {
		if strings.EqualFold(name, c.long) {
			return c.short
		}
	}
	return 0
}

var compacts = [...]struct {
	long  string
	short byte
}{{"content-encoding", 'e'}, {"subject", 's'}, {"supported", 'k'}, {"event", 'o'}, {"refer-to", 'r'}, {"referred-by", 'b'}, {"allow-events", 'u'}, {"session-expires", 'x'}}

// addressed reports whether a header that is no kind of its own holds addresses.
func addressed(name []byte) bool {
	switch len(name) {
	case 1:
		return name[0]|0x20 == 'r' || name[0]|0x20 == 'b'
	case 8:
		return fold(name, "refer-to")
	case 9:
		return fold(name, "diversion")
	case 11:
		return fold(name, "referred-by")
	case 19:
		return fold(name, "p-asserted-identity")
	}
	return false
}
