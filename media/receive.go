package media

import (
	"net/netip"
	"time"

	"callwright/media/rtp"
)

// receive reads a leg's RTP socket: what is relayed goes on at once.
func (w *worker) receive(l *Leg) {
	in, err := w.batch.Receive(l.pair.RTP, w.clock)
	if err != nil {
		w.engine.config.Log.Warn("media: receive", "port", l.Port(), "err", err)
		return
	}
	for i := range in {
		w.stats.Received++
		d := &in[i]
		a := l.in.Datagram(d.At, d.Addr, d.B, l.playing && l.params.Receive)
		if a.Kind != rtp.Voice && a.Kind != rtp.Telephone {
			continue
		}
		l.came(w, d.At)
		if !l.heard {
			l.heard = true
			l.tell(w, FirstPacket, 0)
		}
		if !l.params.Receive {
			continue
		}
		if l.listener != nil {
			w.later(l.listener.Came(d.At, d.Addr, d.B, a))
		}
		to := l.relaysTo()
		if a.Kind == rtp.Telephone {
			if l.rec != nil && l.rec.paused {
				continue // card data: neither an event nor a packet to anybody
			}
			if a.Key != 0 {
				l.pressed(w, a.Key)
			}
		}
		if to != nil {
			w.relay(to, &a, w.clock.Now())
		}
	}
}

// came notes that the peer is alive.
func (l *Leg) came(w *worker, at time.Duration) {
	l.last = max(l.last, at)
	if l.dead {
		l.dead = false
		l.tell(w, Alive, 0)
	}
}

// pressed passes a key on: to the leg's owner, and to those in the bridge who hear it,
// as events of their own; where packets are relayed, the peer's event is on its way.
func (l *Leg) pressed(w *worker, key byte) {
	if l.rec != nil && l.rec.paused {
		return
	}
	l.tell(w, Digit, key)
	if b := l.bridge; b != nil && l.relaysTo() == nil {
		b.press(l, key)
	}
}

// relay sends one leg's packet to another's peer.
func (w *worker) relay(to *Leg, a *rtp.Arrived, now time.Duration) {
	pt := to.params.SendType
	if a.Kind == rtp.Telephone {
		if pt = to.params.SendEvent; pt == 0 {
			return
		}
	}
	at, ok := to.target(now)
	if !ok {
		return
	}
	var b []byte
	if b, ok = to.sender.Relay(w.out[:0], now, &a.Packet, pt); ok {
		w.stats.Relayed++
		w.transmit(to, b, at)
	}
}

// receiveControl reads a leg's RTCP socket.
func (w *worker) receiveControl(l *Leg) {
	in, err := w.batch.Receive(l.pair.RTCP, w.clock)
	if err != nil {
		w.engine.config.Log.Warn("media: receive", "port", l.Port()+1, "err", err)
		return
	}
	theirs, _ := l.in.Receiver.SSRC()
	for i := range in {
		d := &in[i]
		if !l.in.Source.Control(d.At, d.Addr) {
			continue
		}
		if err := l.control.Packet(d.At, w.clock.Unix(d.At), d.B, l.sender.SSRC(), theirs); err != nil {
			continue // dropped; a report that is none says nothing about the call
		}
		l.rtcpFrom = netip.AddrPortFrom(d.Addr.Addr().Unmap(), d.Addr.Port())
		l.came(w, d.At)
	}
}
