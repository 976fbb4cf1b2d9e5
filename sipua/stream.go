package sipua

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/sipua/guard"
)

// stream is one TCP or TLS connection. Its reader cuts messages out of it; its writer
// sends what the loop leaves for it, so that a peer that does not read holds up nobody.
type stream struct {
	id   uint64
	conn net.Conn
	ours bool // we made it
	flow dialog.Flow
	out  chan []byte
}

const streamBacklog = 256 // messages that wait to be written; a peer with more is cut off

func (s *Server) acceptStreams(i int, ln *net.TCPListener) {
	defer s.readers.Done()
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
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if !s.admit.connect(from.Addr()) {
			s.counts.turnedAway.Add(1)
			c.Close()
			continue
		}
		l := &s.cfg.Listeners[i]
		var conn net.Conn = c
		if l.Transport == dialog.TLS {
			conn = tls.Server(c, l.TLS)
		}
		s.open(conn, dialog.Flow{Transport: l.Transport, Listener: i, Remote: from}, false)
	}
}

// open starts reader and writer of a connection.
func (s *Server) open(conn net.Conn, flow dialog.Flow, ours bool) *stream {
	st := &stream{id: s.nextConn.Add(1), conn: conn, ours: ours, out: make(chan []byte, streamBacklog)}
	flow.Conn = st.id
	st.flow = flow
	s.streamsMu.Lock()
	s.streams[st.id] = st
	s.streamsMu.Unlock()
	s.readers.Add(2)
	go s.readStream(st)
	go s.writeQueue(st)
	return st
}

// readStream reads messages until the connection ends, is silent for too long, or
// cannot be cut any more.
func (s *Server) readStream(st *stream) {
	defer s.readers.Done()
	defer s.closeStream(st)
	var f guard.Framer
	buf := make([]byte, 16<<10)
	first := time.Now() // byte of what is not whole yet; of a stranger's connection, its beginning
	half := !st.ours
	if tc, ok := st.conn.(*tls.Conn); ok {
		_ = tc.SetDeadline(first.Add(s.cfg.Admission.Half))
		if tc.Handshake() != nil {
			s.counts.cut.Add(1)
			return
		}
		_ = tc.SetDeadline(time.Time{})
	}
	for {
		deadline := time.Now().Add(s.cfg.Admission.Idle)
		if half { // however slowly it goes on coming
			deadline = first.Add(s.cfg.Admission.Half)
		}
		_ = st.conn.SetReadDeadline(deadline)
		n, err := st.conn.Read(buf)
		if n > 0 && !f.Waiting() {
			first = time.Now()
		}
		f.Write(buf[:n])
		for n > 0 {
			fr, ok := f.Next()
			if !ok {
				break
			}
			first = time.Now() // what follows is another message
			if fr.KeepAlive {
				st.put([]byte("\r\n"))
				continue
			}
			s.arrived(fr.Verdict, st.flow)
			if fr.Close {
				return
			}
		}
		half = f.Waiting()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.counts.cut.Add(1)
			}
			return
		}
	}
}

// put leaves a message for the writer; a peer that has too many waiting is cut off.
func (st *stream) put(b []byte) bool {
	select {
	case st.out <- b:
		return true
	default:
		st.conn.Close()
		return false
	}
}

func (s *Server) writeQueue(st *stream) {
	defer s.readers.Done()
	for b := range st.out {
		_ = st.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := st.conn.Write(b); err != nil {
			st.conn.Close()
			for range st.out { // until the reader has noticed
			}
			return
		}
	}
	st.conn.Close()
}

// closeStream forgets a connection: requests that went by it are told unsent.
func (s *Server) closeStream(st *stream) {
	s.streamsMu.Lock()
	delete(s.streams, st.id)
	close(st.out)
	s.streamsMu.Unlock()
	if !st.ours {
		s.admit.disconnect(st.flow.Remote.Addr())
	}
	s.do(false, func() { s.run(s.m.Unsent(s.now(), st.flow)) })
}

// writeStream sends by a connection, or by a new one if there is none to the peer.
func (s *Server) writeStream(flow dialog.Flow, b []byte) {
	s.streamsMu.Lock()
	st := s.streams[flow.Conn]
	if st == nil {
		for _, other := range s.streams { // any to the same peer will do (18.1.1)
			if other.flow.Remote == flow.Remote && other.flow.Transport == flow.Transport && (st == nil || other.id < st.id) {
				st = other
			}
		}
	}
	ok := st != nil && st.put(b)
	s.streamsMu.Unlock()
	if ok || st != nil {
		return
	}
	s.dial(flow, b)
}

// dial makes a connection without holding up the loop.
func (s *Server) dial(flow dialog.Flow, b []byte) {
	s.readers.Add(1)
	go func() {
		defer s.readers.Done()
		d := net.Dialer{Timeout: 4 * time.Second}
		var conn net.Conn
		var err error
		if flow.Transport == dialog.TLS {
			conn, err = tls.DialWithDialer(&d, "tcp", flow.Remote.String(), s.clientTLS)
		} else {
			conn, err = d.DialContext(s.ctx, "tcp", flow.Remote.String())
		}
		if err != nil {
			s.do(false, func() { s.run(s.m.Unsent(s.now(), flow)) })
			return
		}
		st := s.open(conn, flow, true)
		s.streamsMu.Lock()
		if s.streams[st.id] == st {
			st.put(b)
		}
		s.streamsMu.Unlock()
	}()
}

// now is the instant of the dialogs' own clock: wall time since the server began.
func (s *Server) now() realcore.Instant { return realcore.Instant(time.Since(s.began)) }
