package sipua

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/netio"
	"callwright/sipua/dialog"
)

// hostFor is the address that a peer of a flow is told to send to: the advertised one,
// unless it is in a network that reaches the listener's own.
func (s *Server) hostFor(flow dialog.Flow) string {
	a := s.addrFor(flow)
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

func (s *Server) addrFor(flow dialog.Flow) netip.Addr {
	own := s.addrs[min(flow.Listener, len(s.addrs)-1)].Addr()
	local := !s.cfg.Advertised.IsValid() || flow.Remote.Addr().IsLoopback()
	for _, p := range s.cfg.Local {
		local = local || p.Contains(flow.Remote.Addr())
	}
	if !local {
		return s.cfg.Advertised
	}
	if own.IsUnspecified() {
		own = netio.Reaching(flow.Remote)
	}
	return own.Unmap()
}

// sentBy is what our Via has on a flow.
func (s *Server) sentBy(flow dialog.Flow) string {
	return netip.AddrPortFrom(s.addrFor(flow), s.portOf(flow)).String()
}

func (s *Server) portOf(flow dialog.Flow) uint16 {
	return s.addrs[min(flow.Listener, len(s.addrs)-1)].Port()
}

// contactFor is our Contact on a flow.
func (s *Server) contactFor(flow dialog.Flow, user string) string {
	v := "<sip:"
	if user != "" {
		v += user + "@"
	}
	v += s.sentBy(flow)
	if flow.Transport != dialog.UDP {
		v += ";transport=" + strings.ToLower(flow.Transport.String())
	}
	return v + ">"
}

// route says where a request in a dialog goes: to the next hop if that is an address,
// or else by what the peer was last heard, which also is how a phone behind an address
// translator is reached, whose Contact is an address that leads nowhere.
func (s *Server) route(hop *sip.Uri, recorded bool, was dialog.Flow) dialog.Flow {
	addr, err := netip.ParseAddr(strings.Trim(hop.Host, "[]"))
	if err != nil || !recorded && translated(addr, was) {
		return was
	}
	f := was
	f.Remote = netip.AddrPortFrom(addr.Unmap(), portOf(hop, was.Transport))
	if t, ok := hop.UriParams.Get("transport"); ok {
		f = s.over(f, t)
	}
	if f.Remote != was.Remote || f.Transport != was.Transport {
		f.Conn = 0
	}
	return f
}

// translated reports whether a peer's own address is a private one that it was not heard
// from: there is a translator between (RFC 1918, and RFC 6598's of carriers).
func translated(addr netip.Addr, was dialog.Flow) bool {
	return addr.Unmap() != was.Remote.Addr() && (addr.IsPrivate() || carriers.Contains(addr.Unmap()))
}

var carriers = netip.MustParsePrefix("100.64.0.0/10")

func portOf(u *sip.Uri, t dialog.Transport) uint16 {
	switch {
	case u.Port > 0 && u.Port <= 65535:
		return uint16(u.Port)
	case t == dialog.TLS:
		return 5061
	}
	return 5060
}

// over changes a flow to a transport by name, with a listener of that kind.
func (s *Server) over(f dialog.Flow, name string) dialog.Flow {
	want := f.Transport
	switch strings.ToLower(name) {
	case "udp":
		want = dialog.UDP
	case "tcp":
		want = dialog.TCP
	case "tls":
		want = dialog.TLS
	}
	if want == f.Transport {
		return f
	}
	for i := range s.cfg.Listeners {
		if s.cfg.Listeners[i].Transport == want {
			f.Transport, f.Listener, f.Conn = want, i, 0
			return f
		}
	}
	return f
}

// userOf is a URI's user with escapes undone, as a number or name is compared.
func userOf(u *sip.Uri) string {
	user, _, _ := strings.Cut(u.User, ";")
	if !strings.Contains(user, "%") {
		return user
	}
	var b strings.Builder
	for i := 0; i < len(user); i++ {
		if user[i] == '%' && i+2 < len(user) {
			if n, err := strconv.ParseUint(user[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(user[i])
	}
	return b.String()
}
