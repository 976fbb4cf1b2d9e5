package sipload

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
	"callwright/sipua/guard"
)

var errRefused = syscall.ECONNREFUSED

// listener takes TCP connections at one of our addresses.
type listener struct {
	ln   *net.TCPListener
	addr netip.AddrPort
}

func listenTCP(r *Run, i int, at netip.AddrPort) (*listener, error) {
	ln, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	l := &listener{ln: ln, addr: ln.Addr().(*net.TCPAddr).AddrPort()}
	r.streams.owned.Go(func() {
		for {
			c, err := ln.AcceptTCP()
			if err != nil {
				if errors.Is(err, net.ErrClosed) {
					return
				}
				time.Sleep(10 * time.Millisecond) // out of descriptors: others must end first
				continue
			}
			from := c.RemoteAddr().(*net.TCPAddr).AddrPort()
			r.streams.open(r, c, dialog.Flow{Transport: dialog.TCP, Listener: i, Remote: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())})
		}
	})
	return l, nil
}

func (l *listener) close() { l.ln.Close() }

// streams are a run's TCP connections: one to each target and from each of our addresses,
// and those that came. Each has a goroutine that reads and one that writes; the loop
// owns none of them.
type streams struct {
	mu     sync.Mutex
	byFlow map[streamKey]*stream
	byID   map[uint64]*stream
	next   uint64
	closed bool

	waiting map[streamKey][][]byte // for a connection that is being made
	owned   sync.WaitGroup
}

type streamKey struct {
	listener int
	remote   netip.AddrPort
}

type stream struct {
	id   uint64
	key  streamKey
	conn net.Conn
	out  chan []byte
}

// streamRoom is how many messages may wait for a peer that reads slowly; with more the
// connection is closed, and its calls fail.
const streamRoom = 4096

func (s *streams) close() {
	s.mu.Lock()
	s.closed = true
	for _, st := range s.byID {
		st.conn.Close()
	}
	s.mu.Unlock()
}

// open starts a connection's goroutines.
func (s *streams) open(r *Run, conn net.Conn, flow dialog.Flow) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	st := &stream{id: s.next, key: streamKey{flow.Listener, flow.Remote}, conn: conn, out: make(chan []byte, streamRoom)}
	if s.closed {
		conn.Close()
	}
	if s.byID == nil {
		s.byID, s.byFlow = map[uint64]*stream{}, map[streamKey]*stream{}
	}
	s.byID[st.id], s.byFlow[st.key] = st, st
	flow.Conn = st.id
	s.owned.Go(func() { s.read(r, st, flow) })
	s.owned.Go(func() { st.write() })
	return st
}

func (s *streams) read(r *Run, st *stream, flow dialog.Flow) {
	var f guard.Framer
	buf := make([]byte, 64<<10)
	for {
		n, err := st.conn.Read(buf)
		at := r.clock.Now()
		f.Write(buf[:n])
		for n > 0 {
			fr, ok := f.Next()
			if !ok {
				break
			}
			if fr.Verdict.Message != nil {
				msg := fr.Verdict.Message
				r.post(func() { r.streamed(msg, flow, at) })
			}
			if fr.Close {
				err = errors.New("not SIP")
			}
		}
		if err != nil {
			break
		}
	}
	s.mu.Lock()
	delete(s.byID, st.id)
	if s.byFlow[st.key] == st {
		delete(s.byFlow, st.key)
	}
	close(st.out)
	s.mu.Unlock()
	st.conn.Close()
	r.post(func() {
		r.sig.unsent(r.now, flow)
		r.settle()
	})
}

func (st *stream) write() {
	for b := range st.out {
		_ = st.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := st.conn.Write(b); err != nil {
			st.conn.Close()
		}
	}
}

// streamed is a message that came by a connection.
func (r *Run) streamed(msg sip.Message, flow dialog.Flow, at time.Duration) {
	r.watch.read(time.Duration(r.now) - at)
	r.came = at
	defer func() { r.came = 0 }()
	r.traces.receivedMessage(r, msg, flow)
	r.sig.(*byDialog).receiveMessage(r.now, msg, flow)
	r.settle()
}

// send sends by the flow's connection, or by a new one.
func (s *streams) send(r *Run, flow dialog.Flow, b []byte) {
	b = append([]byte(nil), b...)
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.byID[flow.Conn]
	if st == nil {
		st = s.byFlow[streamKey{flow.Listener, flow.Remote}]
	}
	if st == nil {
		s.dial(r, flow, b)
		return
	}
	st.put(b)
}

// put leaves a message for the writer; s.mu is held, so out is open.
func (st *stream) put(b []byte) {
	select {
	case st.out <- b:
	default:
		st.conn.Close()
	}
}

// dial makes a connection; what is to be sent by it meanwhile waits in it. s.mu is held.
func (s *streams) dial(r *Run, flow dialog.Flow, b []byte) {
	key := streamKey{flow.Listener, flow.Remote}
	if s.waiting == nil {
		s.waiting = map[streamKey][][]byte{}
	}
	list, dialling := s.waiting[key]
	s.waiting[key] = append(list, b)
	if dialling {
		return
	}
	s.owned.Go(func() {
		d := net.Dialer{Timeout: 4 * time.Second, LocalAddr: &net.TCPAddr{IP: r.socks[flow.Listener].addr.Addr().AsSlice()}}
		conn, err := d.Dial("tcp", flow.Remote.String())
		if err != nil {
			s.mu.Lock()
			delete(s.waiting, key)
			s.mu.Unlock()
			r.post(func() {
				r.sig.unsent(r.now, flow)
				r.settle()
			})
			return
		}
		st := s.open(r, conn, flow)
		s.mu.Lock()
		for _, b := range s.waiting[key] {
			if s.byID[st.id] == st {
				st.put(b)
			}
		}
		delete(s.waiting, key)
		s.mu.Unlock()
	})
}
