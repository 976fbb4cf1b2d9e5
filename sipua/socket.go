package sipua

import (
	"errors"
	"net"
	"net/netip"

	"callwright/sipua/dialog"
	"callwright/sipua/guard"
)

// listen opens all listeners, or none.
func (s *Server) listen() error {
	for i := range s.cfg.Listeners {
		l := &s.cfg.Listeners[i]
		if l.Transport == dialog.UDP {
			c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(l.Addr))
			if err != nil {
				return err
			}
			_ = c.SetReadBuffer(4 << 20) // a burst of INVITEs waits here; the kernel may give less
			s.udp[i] = c
			s.addrs = append(s.addrs, c.LocalAddr().(*net.UDPAddr).AddrPort())
			continue
		}
		c, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(l.Addr))
		if err != nil {
			return err
		}
		s.tcp[i] = c
		s.addrs = append(s.addrs, c.Addr().(*net.TCPAddr).AddrPort())
	}
	return nil
}

// readUDP reads datagrams until the socket is closed. What is no message is refused
// or dropped here, before the loop.
func (s *Server) readUDP(i int, c *net.UDPConn) {
	defer s.readers.Done()
	buf := make([]byte, guard.MaxMessage+1)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP answer to what we sent
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		s.arrived(guard.Datagram(buf[:n]), dialog.Flow{Transport: dialog.UDP, Listener: i, Remote: from})
	}
}

// arrived takes what the guard made of bytes; it is called by sockets' readers.
func (s *Server) arrived(v guard.Verdict, flow dialog.Flow) {
	if v.Message == nil {
		s.counts.unread.Add(1)
		if v.Answer != nil && s.admit.allow(flow.Remote.Addr(), s.trunkFrom(flow.Remote.Addr()) >= 0) {
			s.do(true, func() { s.write(replyTo(flow, v.Reply), v.Answer) })
		}
		return
	}
	if !s.do(true, func() { s.receive(v.Message, flow) }) {
		s.counts.overrun.Add(1)
	}
}

func replyTo(flow dialog.Flow, r guard.ReplyTo) dialog.Flow {
	if flow.Transport != dialog.UDP || r.Rport {
		return flow
	}
	port := uint16(5060)
	if r.Port != 0 {
		port = uint16(r.Port)
	}
	flow.Remote = netip.AddrPortFrom(flow.Remote.Addr(), port)
	return flow
}

// write sends bytes by a flow.
func (s *Server) write(flow dialog.Flow, b []byte) {
	if !flow.Remote.IsValid() || flow.Remote.Port() == 0 || flow.Remote.Addr().IsMulticast() {
		s.counts.unsent.Add(1)
		return
	}
	if flow.Transport != dialog.UDP {
		s.writeStream(flow, b)
		return
	}
	c := s.udp[flow.Listener]
	if c == nil {
		c = s.anyUDP()
	}
	if c == nil {
		s.counts.unsent.Add(1)
		return
	}
	if _, err := c.WriteToUDPAddrPort(b, flow.Remote); err != nil {
		s.counts.unsent.Add(1)
	}
}

func (s *Server) anyUDP() *net.UDPConn {
	for i := range s.cfg.Listeners {
		if c := s.udp[i]; c != nil {
			return c
		}
	}
	return nil
}
