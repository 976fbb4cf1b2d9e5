package sipload

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// Resolve finds where a SIP URI is (RFC 3263 4): an address as it is, a name with a port by
// its addresses, a name without one by its SRV records first. The list is in the order in
// which it is to be tried.
func Resolve(ctx context.Context, uri string, transport dialog.Transport) ([]netip.AddrPort, error) {
	var u sip.Uri
	if err := sip.ParseUri(uri, &u); err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is no SIP address; want one as sip:500@192.0.2.1:5060", uri)
	}
	port := uint16(5060)
	if u.Port != 0 {
		port = uint16(u.Port)
	}
	if a, err := netip.ParseAddr(strings.Trim(u.Host, "[]")); err == nil {
		return []netip.AddrPort{netip.AddrPortFrom(a.Unmap(), port)}, nil
	}
	type host struct {
		name string
		port uint16
	}
	var res net.Resolver
	hosts := []host{{u.Host, port}}
	if u.Port == 0 {
		proto := map[dialog.Transport]string{dialog.UDP: "udp", dialog.TCP: "tcp"}[transport]
		if _, list, err := res.LookupSRV(ctx, "sip", proto, u.Host); err == nil && len(list) > 0 {
			hosts = nil
			for _, s := range list {
				hosts = append(hosts, host{strings.TrimSuffix(s.Target, "."), s.Port})
			}
		}
	}
	var out []netip.AddrPort
	var errs []error
	for _, h := range hosts {
		list, err := res.LookupNetIP(ctx, "ip", h.name)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", net.JoinHostPort(h.name, strconv.Itoa(int(h.port))), err))
		}
		for _, a := range list {
			out = append(out, netip.AddrPortFrom(a.Unmap(), h.port))
		}
	}
	if len(out) == 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}
