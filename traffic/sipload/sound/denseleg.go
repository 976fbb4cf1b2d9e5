package sound

import (
	"net/netip"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/netio"
)

// denseLeg is a leg of a dense engine. Its worker's mu guards it.
type denseLeg struct {
	worker *worker
	turn   *turn // and with it the port
	place  int   // in the turn
	said   bool  // the port has been told, and stays
	closed bool

	params   media.Params
	set      bool
	sender   rtp.Sender
	keys     rtp.DTMFSender
	keysSent int
	clip     *media.Clip
	at       int // sample

	next     *denseLeg // with the same remote at the same port
	ssrc     uint32    // of the peer's stream
	streams  bool      // there is one
	receiver rtp.Receiver
	presses  rtp.DTMFReceiver
	bad      uint32
	ear      ear
}

// A frame of silence in either law.
var silentMu, silentA = quiet(rtp.PCMU), quiet(rtp.PCMA)

func quiet(c rtp.Codec) []byte {
	b := make([]byte, rtp.FrameSize)
	for i := range b {
		b[i] = c.Silence()
	}
	return b
}

func (l *denseLeg) lock() func() {
	l.worker.mu.Lock()
	return l.worker.mu.Unlock
}

func (l *denseLeg) Port() int {
	defer l.lock()()
	l.said = true
	return l.turn.port.conn.Port()
}

func (l *denseLeg) Set(p media.Params) {
	p.Remote = netip.AddrPortFrom(p.Remote.Addr().Unmap(), p.Remote.Port())
	defer l.lock()()
	if l.closed {
		return
	}
	if p.Remote != l.params.Remote {
		w, at := l.worker, l.turn.port
		at.peers.unbind(l)
		l.params.Remote = p.Remote
		if !l.said && !at.peers.free(p.Remote) {
			if other := w.emptiest(func(o *port) bool { return o.peers.free(p.Remote) }); other != nil {
				l.params.Remote = netip.AddrPort{}
				w.leave(l)
				l.params.Remote = p.Remote
				w.enter(l, other)
				at = nil
			}
		}
		if at != nil {
			at.peers.bind(l)
		}
	}
	l.params, l.set = p, true
	l.ear.set(l.worker.clock.Now(), &p)
}

func (l *denseLeg) Play(s Sound) {
	if s.clip != nil {
		s.clip.Encoded(rtp.PCMU) // now, not in the loop
		s.clip.Encoded(rtp.PCMA)
	}
	defer l.lock()()
	l.clip, l.at = s.clip, 0
	if s.clip != nil && s.clip.Length() == 0 {
		l.clip = nil
	}
}

func (l *denseLeg) Digits(keys string) error {
	defer l.lock()()
	if l.closed {
		return media.ErrClosed
	}
	if l.params.SendEvent == 0 {
		return media.ErrNoEvents
	}
	n := l.keys.Push(keys)
	l.keysSent += n
	if n < len(keys) {
		return media.ErrKeys
	}
	return nil
}

func (l *denseLeg) Listen(hz float64) {
	defer l.lock()()
	l.ear.listen(hz)
}

func (l *denseLeg) On(f func(Event)) {
	defer l.lock()()
	l.ear.on = f
}

// nothing is what Fill reads of a buffer and of RTCP where there is neither.
var nothing = struct {
	buffer  rtp.JitterBuffer
	control rtp.Control
}{}

func (l *denseLeg) Close() Heard {
	defer l.lock()()
	if !l.closed {
		l.closed = true
		l.worker.leave(l)
		l.receiver.End()
	}
	var q rtp.Quality
	q.Fill(&l.receiver, &nothing.buffer, &nothing.control)
	q.Sent, _ = l.sender.Sent()
	q.Bad = l.bad
	h := l.ear.heard(l.worker.clock.Now(), q)
	h.KeysSent = l.keysSent - l.keys.Waiting()
	return h
}

// sends reports whether a frame is due of the leg.
func (l *denseLeg) sends() bool { return l.set && l.params.Send && rtp.Sendable(l.params.Remote) }

// packet appends the packet that is due to b. loop is room for a frame.
func (l *denseLeg) packet(b []byte, due time.Duration, loop *[rtp.FrameSize]byte) []byte {
	sound := l.frame(loop)
	if l.keys.Busy() {
		if b, ok := l.keys.Next(b, &l.sender, due, l.params.SendEvent); ok {
			return b
		}
	}
	return l.sender.Packet(b, due, l.params.SendType, sound)
}

// frame returns the next 20 ms of what plays.
func (l *denseLeg) frame(loop *[rtp.FrameSize]byte) []byte {
	switch {
	case l.clip != nil:
	case l.params.Codec == rtp.PCMA:
		return silentA
	default:
		return silentMu
	}
	code := l.clip.Encoded(l.params.Codec)
	if l.at+rtp.FrameSize <= len(code) {
		f := code[l.at : l.at+rtp.FrameSize]
		l.at += rtp.FrameSize
		return f
	}
	for i := range loop {
		if l.at >= len(code) {
			l.at = 0
		}
		loop[i] = code[l.at]
		l.at++
	}
	return loop[:]
}

// came takes in a packet of the leg's peer.
func (l *denseLeg) came(p *port, d *netio.Datagram, packet *rtp.Packet) {
	if !l.params.Receive {
		return
	}
	event := l.params.ReceiveEvent != 0 && packet.Type == l.params.ReceiveEvent
	if !event && packet.Type != l.params.ReceiveType {
		l.bad++
		return
	}
	switch l.receiver.Packet(d.At, packet, event) {
	case rtp.Good:
	case rtp.First:
		if !l.streams || l.ssrc != packet.SSRC {
			p.peers.streaming(l, packet.SSRC)
			l.presses.Reset()
		}
	default:
		return
	}
	l.ear.capture.add(d.At, false, d.Addr, d.B)
	if event {
		key, _ := l.presses.Packet(d.At, packet)
		l.ear.event(d.At, key)
		return
	}
	l.ear.voice(d.At, packet)
}
