package netio

import (
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Conn is a UDP socket which never blocks and is in no poller but ours. One goroutine
// at a time may use it.
type Conn struct {
	fd    int
	local netip.AddrPort
	six   bool // AF_INET6
	to    unix.RawSockaddrInet6
}

// Listen opens a socket at an address; port 0 takes any.
func Listen(at netip.AddrPort, o Options) (*Conn, error) {
	c := &Conn{six: at.Addr().Is6() && !at.Addr().Is4In6()}
	family := unix.AF_INET
	if c.six {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("netio: socket: %w", err)
	}
	c.fd = fd
	if err := c.open(at, o); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("netio: %v: %w", at, err)
	}
	return c, nil
}

func (c *Conn) open(at netip.AddrPort, o Options) error {
	// What the system allows below these is still a socket: sizes are wishes.
	if o.ReceiveBuffer > 0 {
		_ = unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, o.ReceiveBuffer)
	}
	if o.SendBuffer > 0 {
		_ = unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, o.SendBuffer)
	}
	// Without the kernel's time of arrival, that of reading must do.
	_ = unix.SetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	var sa unix.Sockaddr
	if c.six {
		_ = unix.SetsockoptInt(c.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
		sa = &unix.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()}
	} else {
		sa = &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().Unmap().As4()}
	}
	if err := unix.Bind(c.fd, sa); err != nil {
		return err
	}
	name, err := unix.Getsockname(c.fd)
	if err != nil {
		return err
	}
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		c.local = netip.AddrPortFrom(at.Addr(), uint16(n.Port))
	case *unix.SockaddrInet6:
		c.local = netip.AddrPortFrom(at.Addr(), uint16(n.Port))
	}
	return nil
}

// Local returns the socket's address, with its port even if 0 was asked for.
func (c *Conn) Local() netip.AddrPort { return c.local }

// Port returns the socket's port.
func (c *Conn) Port() int { return int(c.local.Port()) }

// Close closes the socket. A Poller forgets it by itself.
func (c *Conn) Close() error { return unix.Close(c.fd) }

// Send sends one datagram. An address of the other family is an error, as is a full
// send buffer: nothing waits.
func (c *Conn) Send(b []byte, to netip.AddrPort) error {
	if len(b) == 0 {
		return nil
	}
	size, ok := c.sockaddr(&c.to, to)
	if !ok {
		return unix.EAFNOSUPPORT
	}
	_, _, e := unix.Syscall6(unix.SYS_SENDTO, uintptr(c.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&c.to)), uintptr(size))
	if e != 0 {
		return e
	}
	return nil
}

// sockaddr writes an address as the kernel wants it.
func (c *Conn) sockaddr(raw *unix.RawSockaddrInet6, a netip.AddrPort) (size uint32, ok bool) {
	ip := a.Addr()
	if ip.Is4() || ip.Is4In6() {
		if c.six {
			return 0, false
		}
		r := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw)) // the larger one is room enough
		*r = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: ip.Unmap().As4()}
		putPort(&r.Port, a.Port())
		return unix.SizeofSockaddrInet4, true
	}
	if !c.six || !ip.IsValid() {
		return 0, false
	}
	*raw = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: ip.As16()}
	putPort(&raw.Port, a.Port())
	return unix.SizeofSockaddrInet6, true
}

func address(raw *unix.RawSockaddrInet6) netip.AddrPort {
	if raw.Family == unix.AF_INET {
		r := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw))
		return netip.AddrPortFrom(netip.AddrFrom4(r.Addr), port(&r.Port))
	}
	return netip.AddrPortFrom(netip.AddrFrom16(raw.Addr), port(&raw.Port))
}

// putPort and port know that ports are big-endian on every machine.
func putPort(to *uint16, p uint16) {
	b := (*[2]byte)(unsafe.Pointer(to))
	b[0], b[1] = byte(p>>8), byte(p)
}

func port(from *uint16) uint16 {
	b := (*[2]byte)(unsafe.Pointer(from))
	return uint16(b[0])<<8 | uint16(b[1])
}

// arrival returns when a message arrived, from its control data; now and wall are this
// instant by both clocks. Without a usable stamp it is now.
func arrival(control []byte, now, wall time.Duration) time.Duration {
	if len(control) < unix.SizeofCmsghdr+int(unsafe.Sizeof(unix.Timespec{})) {
		return now
	}
	h := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
	if h.Level != unix.SOL_SOCKET || h.Type != unix.SO_TIMESTAMPNS {
		return now
	}
	ts := (*unix.Timespec)(unsafe.Pointer(&control[unix.CmsgLen(0)]))
	ago := wall - time.Duration(ts.Nano())
	if ago < 0 || ago > time.Second { // the system's time was set meanwhile
		return now
	}
	return now - ago
}
