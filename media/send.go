package media

import (
	"net/netip"
	"time"

	"callwright/media/rtp"
)

// take plays this tick's frame of what the peer says, if anybody hears it: a mix or a
// recording. A relayed leg's packets are not decoded at all.
func (l *Leg) take(now time.Duration) {
	needed := l.set && (l.rec != nil || l.bridge != nil && l.relaysTo() == nil)
	if needed != l.playing {
		l.playing = needed
		l.in.Buffer.Reset() // what is left of another time is not heard now
		l.voice = rtp.Frame{}
	}
	if needed {
		l.in.Buffer.Take(now, &l.voice)
	}
}

// target returns where the leg's packets go now; ok is false when none may.
func (l *Leg) target(now time.Duration) (to netip.AddrPort, ok bool) {
	if !l.set || !l.params.Send {
		return netip.AddrPort{}, false
	}
	return l.in.Source.Target(now)
}

// send sends this tick's packet: a key, a frame of what plays, of the mix, or silence,
// so that the peer's NAT and its own watch on us see a stream. Nothing where the
// other leg's packets are relayed. The recording gets what the customer was sent.
func (w *worker) send(l *Leg, now time.Duration) {
	if !l.set {
		if l.rec != nil {
			l.record(nil, false) // its time has begun all the same
		}
		return
	}
	at, may := l.target(now)
	payload, ended := l.sound()
	event := false
	if l.keys.Busy() {
		var b []byte
		if b, event = l.keys.Next(w.out[:0], &l.sender, now, l.params.SendEvent); event && may {
			w.went(l, now, at, b, w.transmit(l, b, at))
		}
	}
	switch {
	case event:
	case payload != nil && may:
		b := l.sender.Packet(w.out[:0], now, l.params.SendType, payload)
		w.went(l, now, at, b, w.transmit(l, b, at))
	case payload != nil:
		l.sender.Pause()
	}
	if l.rec != nil {
		l.record(payload, event)
	}
	if ended {
		l.endClip(w)
	}
}

// sound returns the payload of this tick, nil where it comes from a relay, and whether
// a clip has ended with it.
func (l *Leg) sound() (payload []byte, ended bool) {
	codec := l.params.Codec
	switch {
	case l.clip.clip != nil:
		return l.clip.next(codec)
	case l.hears:
		codec.Encode(l.payload[:], l.mixed[:])
	case l.bridge != nil && l.bridge.relaysInto(l):
		return nil, false
	default:
		for i := range l.payload {
			l.payload[i] = codec.Silence()
		}
	}
	return l.payload[:], false
}

func (w *worker) transmit(l *Leg, b []byte, to netip.AddrPort) (ok bool) {
	w.stats.Sent++
	if err := l.pair.RTP.Send(b, to); err != nil {
		w.stats.Unsent++
		return false
	}
	return true
}

// housekeep does what is due now and then: reports, and the watch on silence.
func (w *worker) housekeep(l *Leg, now time.Duration) {
	if l.listener != nil {
		w.later(l.listener.Tick(now))
	}
	if now >= l.nextReport {
		spread, _, _ := chance()
		l.nextReport = now + wait(spread)
		w.report(l, now, false)
	}
	if !l.dead && l.set && l.params.Send && l.params.Receive && now-l.last > deadAfter {
		l.dead = true
		l.tell(w, Dead, 0)
	}
}

// report sends RTCP: to where the peer's comes from, else to the port in SDP, else to
// the one above RTP's; always to the machine that RTP goes to, and no other.
func (w *worker) report(l *Leg, now time.Duration, bye bool) {
	if !l.set {
		return
	}
	at, ok := l.in.Source.Target(now)
	if !ok {
		return
	}
	to := netip.AddrPortFrom(at.Addr(), at.Port()+1)
	switch sdp := l.params.RemoteRTCP; {
	case l.rtcpFrom.IsValid() && l.rtcpFrom.Addr() == at.Addr():
		to = l.rtcpFrom
	case sdp.IsValid() && sdp.Addr().Unmap() == at.Addr() && at == l.params.Remote:
		to = sdp
	}
	if !rtp.Sendable(to) {
		return
	}
	b := l.control.Report(now, w.clock.Unix(now), &l.sender, &l.in.Receiver, l.name, bye)
	if err := l.pair.RTCP.Send(b, to); err != nil {
		w.stats.Unsent++
	}
}
