package sound

import (
	"net/netip"
	"sync/atomic"
	"time"

	"callwright/media"
	"callwright/media/rtp"
)

// pairs is an engine with a port pair a leg, on package media.
type pairs struct {
	config Config
	media  *media.Engine
	kept   *store
}

// Pairs starts an engine that gives each leg an RTP and an RTCP port of its own. It sends
// and reads RTCP, so Heard has the round trip and what the peer reports, where it does.
func Pairs(c Config) (Engine, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	m, err := media.New(*c.media())
	if err != nil {
		return nil, err
	}
	return &pairs{config: c, media: m, kept: newStore(c)}, nil
}

func (e *pairs) Close() error { return e.media.Close() }

func (e *pairs) Stats() Stats {
	m, p := e.media.Stats(), e.media.Pace()
	return Stats{Legs: m.Legs, Frames: int64(p.Frames), FramesLate: int64(p.FramesLate),
		PaceP50: p.Lateness.Quantile(0.50), PaceP99: p.Lateness.Quantile(0.99),
		Datagrams: int64(m.Received), Dropped: p.Dropped, Unsent: int64(m.Unsent),
		Uncaptured: e.kept.uncaptured.Load(), Busy: p.Busy, Waited: p.Waited}
}

func (e *pairs) Open() (Leg, error) {
	m, err := e.media.Open()
	if err != nil {
		return nil, err
	}
	l := &pairLeg{engine: e, leg: m, ear: newEar(e.config, e.kept)}
	if l.ear.capture != nil {
		l.ear.capture.local = netip.AddrPortFrom(e.config.Bind, uint16(m.Port()))
	}
	m.Listen(l)
	return l, nil
}

// pairLeg is a leg of media's that is listened to. ear is touched only where media's
// lock is held: by the listener's methods, and by what Locked runs.
type pairLeg struct {
	engine *pairs
	leg    *media.Leg
	ear    ear
	keys   atomic.Int64
}

func (l *pairLeg) Port() int { return l.leg.Port() }

func (l *pairLeg) Set(p media.Params) {
	l.leg.Locked(func() { l.ear.set(l.engine.config.Clock.Now(), &p) })
	l.leg.Set(p)
}

func (l *pairLeg) Play(s Sound) {
	if s.clip == nil {
		l.leg.Stop()
		return
	}
	l.leg.Loop(s.clip)
}

func (l *pairLeg) Digits(keys string) error {
	if err := l.leg.Digits(keys); err != nil {
		return err
	}
	l.keys.Add(int64(len(keys)))
	return nil
}

func (l *pairLeg) Listen(hz float64) { l.leg.Locked(func() { l.ear.listen(hz) }) }

func (l *pairLeg) On(f func(Event)) { l.leg.Locked(func() { l.ear.on = f }) }

func (l *pairLeg) Close() Heard {
	unsent := l.leg.Waiting()
	q := l.leg.Close() // from here on the ear is ours
	h := l.ear.heard(l.engine.config.Clock.Now(), q)
	h.KeysSent = int(l.keys.Load()) - unsent
	return h
}

// Came, Went and Tick are media.Listener's.
func (l *pairLeg) Came(at time.Duration, from netip.AddrPort, b []byte, a rtp.Arrived) func() {
	l.ear.capture.add(at, false, from, b)
	if a.Kind == rtp.Telephone {
		l.ear.event(at, a.Key)
	} else {
		l.ear.voice(at, &a.Packet)
	}
	return l.ear.telling()
}

func (l *pairLeg) Went(at time.Duration, to netip.AddrPort, b []byte) {
	l.ear.capture.add(at, true, to, b)
}

func (l *pairLeg) Tick(now time.Duration) func() {
	l.ear.tick(now)
	return l.ear.telling()
}
