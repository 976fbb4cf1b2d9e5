//go:build !linux

package netio

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"time"
)

// Conn is a UDP socket. One goroutine at a time may use it.
type Conn struct {
	udp   *net.UDPConn
	local netip.AddrPort
}

// Listen opens a socket at an address; port 0 takes any.
func Listen(at netip.AddrPort, o Options) (*Conn, error) {
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	if o.ReceiveBuffer > 0 {
		_ = udp.SetReadBuffer(o.ReceiveBuffer) // sizes are wishes
	}
	if o.SendBuffer > 0 {
		_ = udp.SetWriteBuffer(o.SendBuffer)
	}
	bound := udp.LocalAddr().(*net.UDPAddr).AddrPort()
	return &Conn{udp, netip.AddrPortFrom(at.Addr(), bound.Port())}, nil
}

// Local returns the socket's address, with its port even if 0 was asked for.
func (c *Conn) Local() netip.AddrPort { return c.local }

// Port returns the socket's port.
func (c *Conn) Port() int { return int(c.local.Port()) }

// Close closes the socket.
func (c *Conn) Close() error { return c.udp.Close() }

// Send sends one datagram.
func (c *Conn) Send(b []byte, to netip.AddrPort) error {
	_, err := c.udp.WriteToUDPAddrPort(b, to)
	return err
}

// Batch is room for several datagrams that are received or sent in one go.
type Batch struct {
	in      []Datagram
	buffers []byte
	size    int
}

// NewBatch returns room for n datagrams of up to size bytes. A longer one is cut.
func NewBatch(n, size int) *Batch {
	return &Batch{in: make([]Datagram, n), buffers: make([]byte, n*size), size: size}
}

// brief is how long a read may wait: package net cannot look without waiting.
const brief = 50 * time.Microsecond

// Receive returns what has arrived at the socket, nearly without waiting. It is valid
// until the next call. clock stamps the arrival: here, the reading.
func (b *Batch) Receive(c *Conn, clock Clock) ([]Datagram, error) {
	if err := c.udp.SetReadDeadline(time.Now().Add(brief)); err != nil {
		return nil, err
	}
	for i := range b.in {
		buf := b.buffers[i*b.size : (i+1)*b.size]
		n, from, err := c.udp.ReadFromUDPAddrPort(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return b.in[:i], nil
		}
		if err != nil {
			return b.in[:i], err
		}
		b.in[i] = Datagram{B: buf[:n], Addr: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), At: clock.Now()}
	}
	return b.in, nil
}

// Send sends datagrams from one socket and returns how many went.
func (b *Batch) Send(c *Conn, out []Datagram) (sent int, err error) {
	for _, d := range out {
		if err := c.Send(d.B, d.Addr); err != nil {
			return sent, err
		}
		sent++
	}
	return sent, nil
}

// Drops is 0: this system does not tell of what its receive buffers dropped.
func (c *Conn) Drops() int64 { return 0 }
