package guard

import (
	"net/netip"
	"strconv"
	"strings"
)

// addresses checks that quotes and angle brackets close, and the ports and hosts of
// addresses, in the headers that have them.
func (h *head) addresses() *fault {
	for i := range h.headers {
		f := &h.headers[i]
		switch f.name {
		case "from", "to", "contact", "route", "record-route", "refer-to", "referred-by", "p-asserted-identity", "diversion":
		default:
			continue
		}
		if f.value == "*" && f.name == "contact" {
			continue
		}
		if fault := address(f.value, f.name == "from" || f.name == "to"); fault != nil {
			return fault
		}
	}
	return nil
}

// address walks over one or more addresses, and looks at each URI.
func address(v string, one bool) *fault {
	if v == "" {
		return bad("empty address")
	}
	for n := 0; v != ""; n++ {
		if n > maxVias || one && n > 0 {
			return bad("too many addresses")
		}
		uri, rest, f := next(v)
		if f == nil {
			f = checkURI(uri)
		}
		if f != nil {
			return f
		}
		v = rest
	}
	return nil
}

// next cuts the first address off a list and returns its URI.
func next(v string) (uri, rest string, f *fault) {
	quoted, angle, start, end := false, false, -1, -1
	i := 0
loop:
	for ; i < len(v); i++ {
		switch c := v[i]; {
		case quoted && c == '\\':
			i++
		case c == '"' && !angle:
			quoted = !quoted
		case quoted:
		case c == '<':
			if angle || start >= 0 {
				return "", "", bad("angle brackets")
			}
			angle, start = true, i+1
		case c == '>':
			if !angle {
				return "", "", bad("angle brackets")
			}
			angle, end = false, i
		case c == ',' && !angle:
			break loop
		}
	}
	if quoted || angle {
		return "", "", bad("a quote or bracket that does not close")
	}
	if start < 0 { // no brackets: what follows a semicolon is the header's
		uri, _, _ = strings.Cut(v[:i], ";")
		uri = strings.TrimSpace(uri)
		if strings.ContainsAny(uri, " \t\"?") { // a URI with headers must be in brackets (20)
			return "", "", bad("address")
		}
	} else {
		uri = v[start:end]
	}
	if i < len(v) {
		if rest = strings.TrimSpace(v[i+1:]); rest == "" {
			return "", "", bad("a comma and nothing after it")
		}
	}
	return uri, rest, nil
}

// checkURI checks what a sip or sips URI must have; others pass.
func checkURI(uri string) *fault {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok || !token(scheme) || strings.ContainsAny(uri, " \t<>\"") {
		return bad("URI")
	}
	if s := strings.ToLower(scheme); s != "sip" && s != "sips" {
		return nil
	}
	rest, _, _ = strings.Cut(rest, "?")
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	hostPort, _, _ := strings.Cut(rest, ";")
	return checkHost(hostPort)
}

func checkHost(s string) *fault {
	host, port, hasPort := s, "", false
	if strings.HasPrefix(s, "[") {
		i := strings.IndexByte(s, ']')
		if i < 0 {
			return bad("address of version 6")
		}
		if a, err := netip.ParseAddr(strings.ReplaceAll(s[1:i], ":::", "::")); err != nil || a.Zone() != "" {
			return bad("address of version 6")
		}
		host = s[:i+1]
		port, hasPort = strings.CutPrefix(s[i+1:], ":")
	} else {
		host, port, hasPort = strings.Cut(s, ":")
	}
	if host == "" || strings.ContainsAny(host, "@/\\\"<>") {
		return bad("host")
	}
	if hasPort {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || !digits(port) {
			return bad("port")
		}
	}
	return nil
}
