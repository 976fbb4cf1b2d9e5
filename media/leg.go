package media

import (
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// deadAfter is how long nothing comes on a leg that sends and receives until it is Dead.
const deadAfter = 30 * time.Second

// Params is what offer and answer agreed on for a leg. Packets are sent with 20 ms of
// audio; those received may have up to 120 ms.
type Params struct {
	Remote     netip.AddrPort // for RTP, from the peer's SDP
	RemoteRTCP netip.AddrPort // a=rtcp; invalid: the port above
	Signalling netip.Addr     // where the peer's signalling comes from; invalid: unknown
	Codec      rtp.Codec

	// Payload types, as the peer's SDP says for what we send, ours for what we receive.
	// Events' are 0 where none was agreed on.
	SendType, ReceiveType   uint8
	SendEvent, ReceiveEvent uint8

	Send, Receive bool       // sendrecv: both
	Source        rtp.Policy // rtp.Auto, or rtp.Strict for trunks
}

// Leg is one side of a call.
type Leg struct {
	engine *Engine
	pair   netio.Pair
	name   string // of RTCP's SDES
	worker atomic.Pointer[worker]
	slot   int // in the worker

	params   Params
	set      bool
	closed   bool
	on       func(Event)
	in       rtp.Inbound
	sender   rtp.Sender
	control  rtp.Control
	keys     rtp.DTMFSender
	clip     player
	bridge   *Bridge
	place    int // in the bridge
	rec      *Recording
	quality  rtp.Quality
	listener Listener

	playing bool      // the buffer is being played
	voice   rtp.Frame // of this tick, when playing
	mixed   rtp.Frame // what it hears of its bridge
	hears   bool      // mixed is to be sent
	payload [rtp.FrameSize]byte

	heard      bool          // FirstPacket was told
	dead       bool          // Dead was told
	last       time.Duration // RTP or RTCP came
	nextReport time.Duration
	rtcpFrom   netip.AddrPort // where the peer's RTCP came from
}

func newLeg(e *Engine, pair netio.Pair) *Leg {
	ssrc, seq, ts := chance()
	name, spread, _ := chance()
	l := &Leg{engine: e, pair: pair, name: fmt.Sprintf("%08x@callwright.invalid", name), sender: rtp.NewSender(ssrc, uint16(seq), ts)}
	l.in.Source.Insist = e.config.Generator
	l.nextReport = e.clock.Now() + wait(spread)/2 // RFC 3550 6.2: the first one after half the time
	return l
}

// wait returns half to one and a half times the time between reports, RFC 3550 6.3.1.
func wait(chance uint32) time.Duration {
	return rtp.ReportEvery/2 + time.Duration(uint64(chance)*uint64(rtp.ReportEvery)>>32)
}

// lock locks the leg's worker, whichever that is by then.
func (l *Leg) lock() *worker {
	for {
		w := l.worker.Load()
		w.mu.Lock()
		if l.worker.Load() == w {
			return w
		}
		w.mu.Unlock()
	}
}

// Port returns the leg's RTP port; RTCP's is the one above.
func (l *Leg) Port() int { return l.pair.RTP.Port() }

// Set takes in what an SDP agreed on. Each new one opens the learning of the peer's
// address again; see [rtp.Source].
func (l *Leg) Set(p Params) {
	w := l.lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	p.Remote = netip.AddrPortFrom(p.Remote.Addr().Unmap(), p.Remote.Port())
	l.params, l.set = p, true
	l.in.Set(p.Codec, p.ReceiveType, p.ReceiveEvent)
	l.in.Source.Set(now, p.Source, p.Remote, p.Signalling, p.Receive)
	l.last, l.dead = now, false
}

// On says whom to tell what happens on the leg. f is called from one of the engine's
// goroutines, which serves other calls: it must not block. It may call the engine and
// its legs. A last call may come just after Close.
func (l *Leg) On(f func(Event)) {
	w := l.lock()
	defer w.mu.Unlock()
	l.on = f
}

// tell has an event told at the end of this step.
func (l *Leg) tell(w *worker, kind EventKind, key byte) {
	if l.on != nil {
		w.calls = append(w.calls, call{on: l.on, ev: Event{Kind: kind, Leg: l, Key: key}})
	}
}

// Why Digits may refuse.
var (
	ErrNoEvents = errors.New("media: no telephone-event was agreed on")
	ErrKeys     = errors.New("media: not a key, or too many keys wait to be sent")
)

// Digits sends keys as RFC 4733 events, 100 ms each with 60 ms between. They replace
// the leg's audio while they last. They are sent after those that wait already.
func (l *Leg) Digits(keys string) error {
	w := l.lock()
	defer w.mu.Unlock()
	switch {
	case l.closed:
		return ErrClosed
	case l.params.SendEvent == 0:
		return ErrNoEvents
	case l.keys.Push(keys) < len(keys):
		return ErrKeys
	}
	return nil
}

// Press takes in a key that the peer pressed, but told by signalling (SIP INFO): it
// goes the way of one that came as an RTP event, and is dropped where that would be.
func (l *Leg) Press(key byte) {
	w := l.lock()
	defer w.mu.Unlock()
	if !l.closed && rtp.IsKey(key) {
		l.pressed(w, key)
	}
}

// Play plays a clip once, instead of what plays, and of the others in a bridge. done
// (nil: nobody) is called exactly once, from an engine's goroutine: when the last packet
// has been sent, or as soon as another clip, Stop or Close has ended it before. It may
// start the next one: then not a frame is missing between. Where nothing may be sent
// to the peer the clip takes its time all the same. On a closed leg done is called before
// Play returns.
func (l *Leg) Play(c *Clip, done func()) { l.start(player{clip: c, done: done}) }

// Loop plays a clip over and over, until another is played or Stop: music, ringback.
func (l *Leg) Loop(c *Clip) { l.start(player{clip: c, loop: true}) }

// Stop ends what plays; in a bridge, the others are heard again.
func (l *Leg) Stop() { l.start(player{}) }

func (l *Leg) start(p player) {
	w := l.lock()
	if l.closed {
		w.mu.Unlock()
		if p.done != nil {
			p.done() // its worker may have gone
		}
		return
	}
	defer w.mu.Unlock()
	if p.clip != nil && len(p.clip.pcm) == 0 {
		p.clip = nil
	}
	l.endClip(w)
	l.clip = p
	if p.clip == nil {
		l.endClip(w)
	}
	w.nudge()
}

func (l *Leg) endClip(w *worker) {
	if l.clip.done != nil {
		w.calls = append(w.calls, call{done: l.clip.done})
	}
	l.clip.clip, l.clip.done = nil, nil
}

// Quality returns the leg's figures as they stand.
func (l *Leg) Quality() rtp.Quality {
	w := l.lock()
	defer w.mu.Unlock()
	return l.rate()
}

func (l *Leg) rate() rtp.Quality {
	q := l.quality
	q.Fill(&l.in.Receiver, &l.in.Buffer, &l.control)
	q.Sent, _ = l.sender.Sent()
	q.Foreign = l.in.Source.Foreign()
	q.Bad = l.in.Bad()
	q.Rate()
	return q
}

// Close takes the leg out of its bridge, ends what plays and what records it, says
// goodbye by RTCP, gives the ports back, and returns the leg's quality. A further Close
// returns the same.
func (l *Leg) Close() rtp.Quality {
	w := l.lock()
	if l.closed {
		defer w.mu.Unlock()
		return l.quality
	}
	l.closed = true
	now := w.clock.Now()
	l.endClip(w)
	if l.bridge != nil {
		l.bridge.remove(l)
	}
	if l.rec != nil {
		l.rec.end()
		l.rec = nil
	}
	w.report(l, now, true)
	w.pace.Dropped += l.pair.RTP.Drops()
	w.remove(l)
	l.in.Receiver.End()
	l.quality = l.rate()
	q := l.quality
	w.mu.Unlock()
	w.nudge()

	e := l.engine
	if err := e.ports.giveBack(l.pair, now); err != nil {
		e.config.Log.Error("media: close", "port", l.Port(), "err", err)
	}
	e.mu.Lock()
	delete(e.legs, l)
	e.mu.Unlock()
	return q
}
