package impair

import (
	"net"
	"net/netip"
)

// A relay is a port pair of ours that stands for one side of a call: the other side was told
// its port, and what comes to it is for the one it stands for. That one was told the
// relay of the other side, so it is from there that packets are sent to him: many
// telephones drop what comes from anywhere else.
type relay struct {
	to   netip.AddrPort // whom it stands for
	port int
	rtp  *net.UDPConn
	rtcp *net.UDPConn
	way  direction
	ctl  direction
}

type relayKey struct{ to netip.AddrPort }

// relayTo returns the port of the relay that stands for an address, and makes it if need be.
func (p *Proxy) relayTo(to netip.AddrPort) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.relays[relayKey{to}]; r != nil {
		return r.port, nil
	}
	if p.closed {
		return 0, net.ErrClosed
	}
	r, err := p.openRelay(to)
	if err != nil {
		return 0, err
	}
	p.relays[relayKey{to}] = r
	return r.port, nil
}

// openRelay opens an even port and the next (RFC 3550 11); p.mu is held.
func (p *Proxy) openRelay(to netip.AddrPort) (*relay, error) {
	var last error
	for range 100 {
		a, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.at.Addr(), 0)))
		if err != nil {
			return nil, err
		}
		port := a.LocalAddr().(*net.UDPAddr).Port
		if port%2 == 1 {
			a.Close()
			continue
		}
		b, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.at.Addr(), uint16(port+1))))
		if err != nil {
			a.Close()
			last = err
			continue
		}
		_ = a.SetReadBuffer(1 << 20) // the kernel may give less
		r := &relay{to: to, port: port, rtp: a, rtcp: b}
		r.way.stream, r.ctl.stream = p.stream(), p.stream()
		p.ended.Go(func() { p.read(a, func(x []byte, from netip.AddrPort) { p.passRTP(r, &r.way, x, from, false) }) })
		p.ended.Go(func() { p.read(b, func(x []byte, from netip.AddrPort) { p.passRTP(r, &r.ctl, x, from, true) }) })
		return r, nil
	}
	return nil, last
}

func (r *relay) close() {
	r.rtp.Close()
	r.rtcp.Close()
}

// passRTP passes a packet on to whom the relay stands for, from the relay that stands for
// its sender; before that one is known, from the relay that it came to.
func (p *Proxy) passRTP(r *relay, d *direction, b []byte, src netip.AddrPort, control bool) {
	f := p.cfg.RTP.Fate(d.stream, d.n.Add(1))
	if f.Lost {
		p.counts.LostRTP.Add(1)
		return
	}
	p.counts.PassedRTP.Add(1)
	to, key := r.to, src
	if control {
		to, key = netip.AddrPortFrom(to.Addr(), to.Port()+1), netip.AddrPortFrom(src.Addr(), src.Port()-1)
	}
	p.mu.Lock()
	other := p.relays[relayKey{key}]
	p.mu.Unlock()
	if other == nil {
		p.counts.Early.Add(1)
		other = r
	}
	from := other.rtp
	if control {
		from = other.rtcp
	}
	send := func() { _, _ = from.WriteToUDPAddrPort(b, to) }
	p.line.after(f.After, send)
	if f.Twice {
		p.line.after(f.Again, send)
	}
}
