package netio

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls are made raw: they never wait (MSG_DONTWAIT), and telling the runtime of each
// costs more than that its processor is held for some tens of microseconds, since it
// wakes a thread to take the processor away.

// Batch is room for several datagrams that are received or sent with one system call.
// It belongs to a goroutine, not to a socket.
type Batch struct {
	in      []Datagram
	heads   []mmsghdr
	vectors []unix.Iovec
	addrs   []unix.RawSockaddrInet6
	control []byte
	buffers []byte
	size    int
}

// mmsghdr is struct mmsghdr of <sys/socket.h>.
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32
}

const controlSize = 64 // a timestamp's 32, with room

// NewBatch returns room for n datagrams of up to size bytes. A longer one is cut.
func NewBatch(n, size int) *Batch {
	b := &Batch{in: make([]Datagram, n), heads: make([]mmsghdr, n), vectors: make([]unix.Iovec, n),
		addrs: make([]unix.RawSockaddrInet6, n), control: make([]byte, n*controlSize), buffers: make([]byte, n*size), size: size}
	for i := range n {
		h := &b.heads[i].hdr
		h.Iov = &b.vectors[i]
		h.SetIovlen(1)
		h.Name = (*byte)(unsafe.Pointer(&b.addrs[i]))
	}
	return b
}

// Receive returns what has arrived at the socket, without waiting: as many datagrams
// as the batch has room for; more are left for the next call. They are valid until
// then. clock stamps their arrival.
func (b *Batch) Receive(c *Conn, clock Clock) ([]Datagram, error) {
	for i := range b.heads {
		h := &b.heads[i].hdr
		h.Namelen = unix.SizeofSockaddrInet6
		h.Control = &b.control[i*controlSize]
		h.SetControllen(controlSize)
		b.vectors[i].Base = &b.buffers[i*b.size]
		b.vectors[i].SetLen(b.size)
	}
	r, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&b.heads[0])), uintptr(len(b.heads)),
		unix.MSG_DONTWAIT, 0, 0)
	if e != 0 {
		if e == unix.EAGAIN || e == unix.EINTR {
			return nil, nil
		}
		return nil, e
	}
	t := time.Now()
	now, wall := t.Sub(clock.start), time.Duration(t.UnixNano())
	for i := range int(r) {
		h := &b.heads[i].hdr
		b.in[i] = Datagram{
			B:    b.buffers[i*b.size : i*b.size+int(b.heads[i].n)],
			Addr: address(&b.addrs[i]),
			At:   arrival(b.control[i*controlSize:i*controlSize+int(h.Controllen)], now, wall),
		}
	}
	return b.in[:r], nil
}

// Send sends datagrams from one socket with as few calls as it takes, and returns how
// many went. It stops at the first that does not.
func (b *Batch) Send(c *Conn, out []Datagram) (sent int, err error) {
	for sent < len(out) {
		n := min(len(out)-sent, len(b.heads))
		for i, d := range out[sent : sent+n] {
			h := &b.heads[i].hdr
			size, ok := c.sockaddr(&b.addrs[i], d.Addr)
			if !ok || len(d.B) == 0 {
				n = i
				err = unix.EAFNOSUPPORT
				break
			}
			h.Namelen, h.Control = size, nil
			h.SetControllen(0)
			b.vectors[i].Base = &d.B[0]
			b.vectors[i].SetLen(len(d.B))
		}
		if n == 0 {
			return sent, err
		}
		r, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&b.heads[0])), uintptr(n), unix.MSG_DONTWAIT, 0, 0)
		if e != 0 {
			return sent, e
		}
		sent += int(r)
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}
