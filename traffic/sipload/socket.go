package sipload

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/netio"
	"callwright/sipua/dialog"
)

// socket is one address to call from: of UDP, or the listener beside TCP connections.
type socket struct {
	conn *netio.Conn // UDP
	tcp  *listener   // TCP
	addr netip.AddrPort
	via  string
	out  []netio.Datagram
}

const (
	largest  = 65535
	inBatch  = 64
	tagWaker = 1 << 32
)

// listen opens all sockets, or none.
func (r *Run) listen() (err error) {
	if r.poller, err = netio.NewPoller(256); err != nil {
		return err
	}
	r.batch = netio.NewBatch(inBatch, largest)
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if r.waker, err = netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{}); err != nil {
		return err
	}
	if r.waking, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(r.waker.Local())); err != nil {
		return err
	}
	if err := r.poller.Add(r.waker, tagWaker); err != nil {
		return err
	}
	for i := range r.cfg.Ports {
		for _, a := range r.cfg.Sources {
			port := uint16(0)
			if r.cfg.Port != 0 {
				port = r.cfg.Port + uint16(i)
			}
			if err := r.open1(netip.AddrPortFrom(a, port)); err != nil {
				return fmt.Errorf("%v: %w", netip.AddrPortFrom(a, port), err)
			}
		}
	}
	return nil
}

func (r *Run) open1(at netip.AddrPort) error {
	s := &socket{}
	r.socks = append(r.socks, s)
	if r.cfg.Transport == dialog.TCP {
		l, err := listenTCP(r, len(r.socks)-1, at)
		if err != nil {
			return err
		}
		s.tcp, s.addr = l, l.addr
	} else {
		c, err := netio.Listen(at, netio.Options{ReceiveBuffer: r.cfg.Room, SendBuffer: r.cfg.Room})
		if err != nil {
			return err
		}
		s.conn, s.addr = c, c.Local()
		if err := r.poller.Add(c, uint64(len(r.socks)-1)); err != nil {
			return err
		}
	}
	s.via = s.addr.String()
	return nil
}

// Addrs returns the addresses that calls are made from, and may come to.
func (r *Run) Addrs() (out []netip.AddrPort) {
	for _, s := range r.socks {
		out = append(out, s.addr)
	}
	return out
}

// close_ closes what New has opened.
func (r *Run) close_() {
	r.streams.close()
	for _, s := range r.socks {
		if s.conn != nil {
			s.conn.Close()
		}
		if s.tcp != nil {
			s.tcp.close()
		}
	}
	if r.waker != nil {
		r.waker.Close()
	}
	if r.waking != nil {
		r.waking.Close()
	}
	if r.poller != nil {
		r.poller.Close()
	}
}

// wake has the loop look at its box, from any goroutine.
func (r *Run) wake() {
	if r.awake.CompareAndSwap(false, true) {
		_, _ = r.waking.Write([]byte{1}) // if it fails, the loop looks within a second all the same
	}
}

// wait waits until something is due or comes.
func (r *Run) wait(until instant) {
	r.tick()
	d := until.Sub(r.now)
	if d > 0 {
		r.boxMu.Lock()
		if len(r.box) > 0 {
			d = 0
		}
		r.boxMu.Unlock()
	}
	d = min(max(d, 0), time.Second)
	if rest := d % time.Millisecond; rest != 0 { // whole milliseconds are waited for: up, or we would spin
		d += time.Millisecond - rest
	}
	r.watch.Sleeps(time.Duration(r.now))
	if r.gathers() {
		r.gather(d)
	} else {
		var err error
		if r.ready, err = r.poller.Ready(r.ready[:0], d); err != nil {
			r.ready = r.ready[:0]
		}
	}
	r.tick()
	r.watch.Woke(time.Duration(r.now))
}

// At high rates messages are let gather for a millisecond before the sockets are looked at:
// waking for each costs more than the call does. Delays are from the kernel's instants,
// so none is lengthened by it, but an ACK or a BYE may go so much later.
const (
	gatherFor  = time.Millisecond
	gatherOver = 2000 // messages a second
	lookBack   = 20 * time.Millisecond
)

// gathers reports whether there are that many, by the last stretch of 20 ms.
func (r *Run) gathers() bool {
	if d := r.now.Sub(r.lookedAt); d >= lookBack {
		r.many = float64(r.looked) > gatherOver*d.Seconds()
		r.looked, r.lookedAt = 0, r.now
	}
	return r.many
}

// gather sleeps for a millisecond, and has all sockets read. What is due meanwhile waits,
// as it does when whole milliseconds are waited for.
func (r *Run) gather(d time.Duration) {
	until := time.Duration(r.now)
	if d > 0 {
		until += gatherFor
	}
	if r.cfg.Sound == nil || runtime.GOMAXPROCS(0) > 1 {
		r.clock.Nap(until)
	} else { // sound must have the processor
		r.clock.SleepUntil(until)
	}
	r.ready = r.ready[:0]
	if len(r.socks) > 8 {
		var err error
		if r.ready, err = r.poller.Ready(r.ready, 0); err != nil {
			r.ready = r.ready[:0]
		}
		return
	}
	for i := range r.socks {
		if r.socks[i].conn != nil {
			r.ready = append(r.ready, uint64(i))
		}
	}
	if r.awake.Load() {
		r.ready = append(r.ready, tagWaker)
	}
}

// receive reads the sockets that have something.
func (r *Run) receive() {
	for _, tag := range r.ready {
		if tag == tagWaker {
			for { // what woke us says no more than that
				got, err := r.batch.Receive(r.waker, r.clock)
				if len(got) < inBatch || err != nil {
					break
				}
			}
			continue
		}
		r.read(int(tag))
	}
	r.ready = r.ready[:0]
}

// read reads a socket empty, up to a bound: starts and timers must not wait for a flood.
func (r *Run) read(i int) {
	s := r.socks[i]
	for range 16 {
		got, err := r.batch.Receive(s.conn, r.clock)
		if err != nil && !errors.Is(err, errRefused) || len(got) == 0 {
			return
		}
		for k := range got {
			d := &got[k]
			r.watch.read(time.Duration(r.now) - d.At)
			flow := dialog.Flow{Transport: dialog.UDP, Listener: i, Remote: d.Addr}
			r.came = d.At
			r.traces.line(r, d.B, false, flow)
			r.sig.receive(r.now, d.B, flow)
			r.settleFacts()
			r.came = 0
		}
		r.looked += len(got)
		r.tick()
		if len(got) < inBatch {
			return
		}
	}
}

// queue leaves bytes to be sent with the others of this round.
func (r *Run) queue(h *happening) {
	flow := h.flow
	r.traces.line(r, h.send, true, flow)
	if !flow.Remote.IsValid() || flow.Remote.Port() == 0 { // as the target wants it
		return
	}
	if flow.Transport == dialog.TCP {
		r.streams.send(r, flow, h.send)
		return
	}
	s := r.socks[flow.Listener]
	s.out = append(s.out, netio.Datagram{B: h.send, Addr: flow.Remote})
}

// flush sends what has been left.
func (r *Run) flush() {
	for _, s := range r.socks {
		out := s.out
		for len(out) > 0 {
			n, err := r.batch.Send(s.conn, out)
			out = out[n:]
			if len(out) == 0 {
				break
			}
			if errors.Is(err, errRefused) { // an ICMP answer to an earlier datagram: this one may go. A target that is only starting is not given up on
				continue
			}
			// An address that the target named, and nothing can be sent to, is its fault.
			if slices.Contains(r.cfg.Addrs, out[0].Addr) || !r.unreachable(err) {
				r.check.Unsent++
			}
			out = out[1:]
		}
		clear(s.out)
		s.out = s.out[:0]
	}
}

// unreachable reports whether an error is of the address and not of a lack of room.
func (r *Run) unreachable(err error) bool {
	for _, e := range []error{syscall.EINVAL, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.EAFNOSUPPORT, syscall.EACCES} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// reaches reports whether sound can be sent to an address, by what the system says of it.
// A target that names another, as one behind a NAT does, would have each frame refused.
func (r *Run) reaches(to netip.Addr) bool {
	if to.IsValid() && !to.IsUnspecified() && !r.may(to) {
		return false
	}
	ok, known := r.reached[to]
	if known || !to.IsValid() || to.IsUnspecified() { // of none nothing is sent
		return ok || !known
	}
	c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(r.cfg.Sources[0], 0)), net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 9)))
	if ok = err == nil || !r.unreachable(err); err == nil {
		c.Close()
	}
	if len(r.reached) > 10_000 || r.reached == nil {
		r.reached = map[netip.Addr]bool{}
	}
	r.reached[to] = ok
	return ok
}

// sentBy is what our Via has on a flow.
func (r *Run) sentBy(flow dialog.Flow) string { return r.socks[flow.Listener].via }

// route says where a request in a dialog goes: to the address that its next hop names, by
// the same socket. Where that is a name, back to where the last message came from.
func (r *Run) route(hop *sip.Uri, _ bool, was dialog.Flow) dialog.Flow {
	to, ok := addrOf(hop)
	if !ok || !r.may(to.Addr()) || to == was.Remote || was.Transport == dialog.TCP { // the connection that is there serves
		return was
	}
	was.Remote, was.Conn = to, 0
	return was
}

func (r *Run) may(to netip.Addr) bool { return r.cfg.May == nil || r.cfg.May(to) }

// addrOf is the address that a URI has for its host; false where that is a name.
func addrOf(u *sip.Uri) (netip.AddrPort, bool) {
	a, err := netip.ParseAddr(u.Host)
	if err != nil {
		return netip.AddrPort{}, false
	}
	port := uint16(u.Port)
	if port == 0 {
		port = 5060
	}
	return netip.AddrPortFrom(a.Unmap(), port), true
}
