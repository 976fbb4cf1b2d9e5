package netio

import (
	"net"
	"net/netip"
)

// Reaching returns the address of ours that the system would send from to a peer; loopback
// if it knows none. Nothing is sent.
func Reaching(to netip.AddrPort) netip.Addr {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
