package media

import (
	"net/netip"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// Listener is told of a leg's packets: the ear of a load generator. Its methods are
// called by the leg's worker with its lock held: they must be short, and call neither
// the engine nor its legs. What they return, if not nil, is called once no lock is held.
type Listener interface {
	// Came tells of a packet that was accepted, while the leg receives.
	Came(at time.Duration, from netip.AddrPort, b []byte, a rtp.Arrived) (tell func())
	// Went tells of a packet that was sent.
	Went(at time.Duration, to netip.AddrPort, b []byte)
	// Tick comes with each of the leg's frames.
	Tick(now time.Duration) (tell func())
}

// Listen says who is told of the leg's packets from now on; nil: nobody.
func (l *Leg) Listen(x Listener) {
	w := l.lock()
	defer w.mu.Unlock()
	l.listener = x
}

// Waiting returns how many keys wait to be sent, the one being sent included.
func (l *Leg) Waiting() int {
	w := l.lock()
	defer w.mu.Unlock()
	return l.keys.Waiting()
}

// Pace is how a generator's engine keeps time; see Config.Generator.
type Pace struct {
	Frames     uint64         // that were due
	FramesLate uint64         // of these, sent more than a frame late, or not at all
	Lateness   netio.Lateness // from when a frame was due to when it had been sent
	Dropped    int64          // datagrams that found a leg's receive buffer full
	Busy       float64        // of the busiest worker's last second, in [0, 1]: at work
	Waited     float64        // of the worst worker's: it could have run, and had no core
}

// Pace returns the figures since the engine was made.
func (e *Engine) Pace() (p Pace) {
	for _, w := range e.workers {
		w.mu.Lock()
		p.Frames += w.pace.Frames
		p.FramesLate += w.pace.FramesLate
		p.Lateness.Merge(&w.pace.Lateness)
		p.Dropped += w.pace.Dropped
		for _, l := range w.legs {
			if l != nil {
				p.Dropped += l.pair.RTP.Drops()
			}
		}
		w.mu.Unlock()
		busy, waited := w.watch.Shares()
		p.Busy, p.Waited = max(p.Busy, busy), max(p.Waited, waited)
	}
	return p
}

// went notes that a frame which was due has been sent, or not.
func (w *worker) went(l *Leg, due time.Duration, to netip.AddrPort, b []byte, ok bool) {
	if !w.generator && l.listener == nil {
		return
	}
	now := w.clock.Now()
	w.pace.Frames++
	if !ok {
		w.pace.FramesLate++
		return
	}
	w.pace.Lateness.Add(now-due, 1)
	if now-due > rtp.FrameTime {
		w.pace.FramesLate++
	}
	if l.listener != nil {
		l.listener.Went(now, to, b)
	}
}

// Locked runs f while the leg's listener is not being called. f must be short, and call
// neither the engine nor its legs.
func (l *Leg) Locked(f func()) {
	w := l.lock()
	defer w.mu.Unlock()
	f()
}
