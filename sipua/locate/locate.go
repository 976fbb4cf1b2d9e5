// Package locate finds where a SIP server is (RFC 3263 4): an address as it is, a name with a
// port by its addresses, a name without one by its SRV records first. It keeps nothing and
// chooses nothing: the list is in the order in which it is to be tried. sipua, for its
// trunks, and traffic/sipload, for its targets, import it.
package locate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"callwright/sipua/dialog"
)

// Literal returns the address of a host that is one; false for a name. Port 0 is the
// transport's own.
func Literal(host string, port int, t dialog.Transport) (netip.AddrPort, bool) {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return netip.AddrPortFrom(a.Unmap(), portOf(port, t)), err == nil
}

// portOf is a port, or the transport's own (RFC 3261 19.1.2).
func portOf(port int, t dialog.Transport) uint16 {
	switch {
	case port != 0:
		return uint16(port)
	case t == dialog.TLS:
		return 5061
	}
	return 5060
}

// services are what SRV records are asked for (RFC 3263 4.1).
var services = map[dialog.Transport][2]string{dialog.UDP: {"sip", "udp"}, dialog.TCP: {"sip", "tcp"}, dialog.TLS: {"sips", "tcp"}}

// Addrs asks a resolver. The error says what could not be found; where some was, it is
// beside the list.
func Addrs(ctx context.Context, r *net.Resolver, host string, port int, t dialog.Transport) (out []netip.AddrPort, err error) {
	if a, ok := Literal(host, port, t); ok {
		return []netip.AddrPort{a}, nil
	}
	type server struct {
		name string
		port uint16
	}
	servers := []server{{host, portOf(port, t)}}
	if port == 0 {
		s := services[t]
		if _, list, err := r.LookupSRV(ctx, s[0], s[1], host); err == nil && len(list) > 0 { // by priority, and by weight at random
			servers = nil
			for _, x := range list {
				servers = append(servers, server{strings.TrimSuffix(x.Target, "."), x.Port})
			}
		}
	}
	var errs []error
	for _, s := range servers {
		list, err := r.LookupNetIP(ctx, "ip", s.name)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", net.JoinHostPort(s.name, strconv.Itoa(int(s.port))), err))
		}
		for _, a := range list {
			out = append(out, netip.AddrPortFrom(a.Unmap(), s.port))
		}
	}
	return out, errors.Join(errs...)
}
