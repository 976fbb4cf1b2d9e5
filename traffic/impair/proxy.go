package impair

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
)

// Config says where a proxy listens and what it does.
type Config struct {
	At  netip.AddrPort // of callers; port 0: any
	To  netip.AddrPort // the target
	SIP Link           // of signalling, both directions
	RTP Link           // of sound, both directions; RTCP too
}

// Proxy passes SIP over UDP and its sound on, through two Links. It is no B2BUA: messages
// keep their Call-ID, tags and branches, with a Via of ours in between.
type Proxy struct {
	cfg    Config
	conn   *net.UDPConn
	at     netip.AddrPort
	line   *line
	ended  sync.WaitGroup
	counts Counts

	mu      sync.Mutex
	clients map[netip.AddrPort]*client
	relays  map[relayKey]*relay
	streams uint32
	closed  bool
}

// Counts are what a proxy has done so far.
type Counts struct {
	Passed, Lost, Twice       atomic.Int64 // of SIP
	PassedRTP, LostRTP, Early atomic.Int64 // of RTP; Early: before the other side was known
}

// client is one of those who call through us: towards the target he has a socket of his
// own, so that answers and calls to him are told apart.
type client struct {
	addr netip.AddrPort
	conn *net.UDPConn
	at   netip.AddrPort
	up   direction
	down direction
}

// direction numbers the datagrams of one way.
type direction struct {
	stream uint32
	n      atomic.Uint64
}

// Listen opens a proxy; it works until Close.
func Listen(cfg Config) (*Proxy, error) {
	if err := errors.Join(cfg.SIP.Validate(), cfg.RTP.Validate()); err != nil {
		return nil, err
	}
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(cfg.At))
	if err != nil {
		return nil, fmt.Errorf("impair: %w", err)
	}
	p := &Proxy{cfg: cfg, conn: c, at: c.LocalAddr().(*net.UDPAddr).AddrPort(), line: newLine(), clients: map[netip.AddrPort]*client{}, relays: map[relayKey]*relay{}}
	p.ended.Go(func() { p.read(c, p.fromCaller) })
	return p, nil
}

// Addr is where callers find it.
func (p *Proxy) Addr() netip.AddrPort { return p.at }

// Counts returns what it has done.
func (p *Proxy) Counts() *Counts { return &p.counts }

// Close closes all sockets and waits for their goroutines. What is held back is lost.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.clients {
		c.conn.Close()
	}
	for _, r := range p.relays {
		r.close()
	}
	p.mu.Unlock()
	err := p.conn.Close()
	p.ended.Wait()
	p.line.close()
	return err
}

func (p *Proxy) read(c *net.UDPConn, each func([]byte, netip.AddrPort)) {
	buf := make([]byte, 65535)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP answer to what was sent
		}
		each(append([]byte(nil), buf[:n]...), netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
	}
}

// client returns the caller at an address; he is known from his first datagram on.
func (p *Proxy) client(from netip.AddrPort) (*client, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.clients[from]; c != nil {
		return c, nil
	}
	if p.closed {
		return nil, net.ErrClosed
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.at.Addr(), 0)))
	if err != nil {
		return nil, err
	}
	c := &client{addr: from, conn: conn, at: conn.LocalAddr().(*net.UDPAddr).AddrPort()}
	c.up.stream, c.down.stream = p.stream(), p.stream()
	p.clients[from] = c
	p.ended.Go(func() { p.read(conn, func(b []byte, _ netip.AddrPort) { p.fromTarget(c, b) }) })
	return c, nil
}

// stream numbers a stream; p.mu is held.
func (p *Proxy) stream() uint32 {
	p.streams++
	return p.streams
}

// fromCaller passes on what a caller sends.
func (p *Proxy) fromCaller(b []byte, from netip.AddrPort) {
	c, err := p.client(from)
	if err != nil {
		return
	}
	p.pass(&c.up, p.through(b, c.at), func(b []byte) { _, _ = c.conn.WriteToUDPAddrPort(b, p.cfg.To) })
}

// fromTarget passes on what the target sends to a caller.
func (p *Proxy) fromTarget(c *client, b []byte) {
	p.pass(&c.down, p.through(b, p.at), func(b []byte) { _, _ = p.conn.WriteToUDPAddrPort(b, c.addr) })
}

// through makes a message one that comes from us.
func (p *Proxy) through(b []byte, us netip.AddrPort) []byte {
	m, ok := parse(b)
	if !ok { // keep-alives and what is no SIP pass as they are
		return b
	}
	if m.isResponse() {
		m.pop()
	} else {
		h := fnv.New64a()
		h.Write([]byte(m.header("via") + m.header("call-id"))) // the same for the request again, its CANCEL and its ACK (16.11)
		m.push(fmt.Sprintf("SIP/2.0/UDP %s;branch=z9hG4bK%016x;rport", us, h.Sum64()))
	}
	m.contacts(us)
	if strings.HasPrefix(strings.ToLower(m.header("content-type")), "application/sdp") {
		if body, err := throughUs(m.body, us.Addr(), p.relayTo); err == nil {
			m.body = body
		}
	}
	return m.bytes()
}

func (p *Proxy) pass(d *direction, b []byte, send func([]byte)) {
	f := p.cfg.SIP.Fate(d.stream, d.n.Add(1))
	if f.Lost {
		p.counts.Lost.Add(1)
		return
	}
	p.counts.Passed.Add(1)
	p.line.after(f.After, func() { send(b) })
	if f.Twice {
		p.counts.Twice.Add(1)
		p.line.after(f.Again, func() { send(b) })
	}
}
