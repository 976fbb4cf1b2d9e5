// Package netio is what media and load generation need of the operating system:
// UDP sockets that are read when they have something, many packets a call, with the
// kernel's time of arrival; and a clock that sleeps until an instant, not for a while.
// It also says how well that went: how late ([Lateness]), how busy ([Watch]), what the
// kernel dropped ([Conn.Drops]).
//
// The one idea in it: one goroutine serves many sockets by the clock. It sleeps until
// its next instant, asks a [Poller] which sockets have something, reads each with a
// [Batch], and sends. No goroutine waits for a socket, so a thousand streams cost
// a thousand system calls a frame, and no switch between goroutines.
//
// On Linux the calls are recvmmsg, sendmmsg, epoll and clock_nanosleep, made directly:
// package net would put each socket into the runtime's own poller, and golang.org/x/net
// allocates an address for each packet read. Elsewhere there is a plain version on
// package net, for development: it builds and works, at a fraction of the speed.
//
// It knows nothing of RTP or SIP. media and sipload import it.
package netio

import (
	"net/netip"
	"time"
)

// Datagram is one UDP packet.
type Datagram struct {
	B    []byte         // its bytes
	Addr netip.AddrPort // where it came from, or goes to
	At   time.Duration  // when it arrived, by the Clock it was received with
}

// Options of a socket. 0 leaves the system's default.
type Options struct {
	ReceiveBuffer int // bytes
	SendBuffer    int // bytes
}
