package cti

import (
	"log"
	"log/slog"
	"net"
	"net/netip"
	"sync"
)

// bounded returns a listener that has no more than most connections open at once; further
// ones wait in the kernel. One address has no more than each of these; further ones are
// closed at once. This machine's own has no bound but the first, since a proxy on it
// brings everybody.
func bounded(l net.Listener, most, each int) *boundedListener {
	return &boundedListener{Listener: l, room: make(chan struct{}, most), each: each, of: map[netip.Addr]int{}, closed: make(chan struct{})}
}

type boundedListener struct {
	net.Listener
	room   chan struct{} // capacity: the connections
	each   int
	closed chan struct{}
	once   sync.Once

	mu sync.Mutex
	of map[netip.Addr]int // connections by address
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		select {
		case l.room <- struct{}{}:
		case <-l.closed:
			return nil, net.ErrClosed
		}
		c, err := l.Listener.Accept()
		if err != nil {
			<-l.room
			return nil, err
		}
		at := sourceOf(c.RemoteAddr())
		if !l.enter(at) {
			c.Close()
			<-l.room
			continue
		}
		return &boundedConn{Conn: c, leave: func() { l.left(at); <-l.room }}, nil
	}
}

// sourceOf is what counts as one address: of IPv6 a /64, which one host may have whole.
func sourceOf(a net.Addr) netip.Addr {
	p, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	ip := p.Addr().Unmap().WithZone("")
	if ip.Is6() && !ip.IsLoopback() {
		net, _ := ip.Prefix(64)
		return net.Addr()
	}
	return ip
}

func (l *boundedListener) enter(at netip.Addr) bool {
	if at.IsLoopback() {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[at] >= l.each {
		return false
	}
	l.of[at]++
	return true
}

func (l *boundedListener) left(at netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[at]--; l.of[at] <= 0 {
		delete(l.of, at)
	}
}

func (l *boundedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type boundedConn struct {
	net.Conn
	once  sync.Once
	leave func()
}

func (c *boundedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.leave)
	return err
}

// quiet is net/http's log: what strangers' connections do wrong is nobody's concern.
func quiet(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
