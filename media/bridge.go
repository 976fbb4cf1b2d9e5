package media

import (
	"errors"

	"callwright/media/rtp"
)

// ErrFull says that a bridge has rtp.MaxParties legs.
var ErrFull = errors.New("media: the bridge is full")

// Bridge lets legs hear one another. Two with one codec and no recording are relayed,
// packet by packet; else each hears the mix of the others on the 20 ms clock. All legs
// of a bridge are served by one worker.
type Bridge struct {
	w      *worker
	legs   [rtp.MaxParties]*Leg
	matrix rtp.Matrix
	in     [rtp.MaxParties]*rtp.Frame
	out    [rtp.MaxParties]*rtp.Frame
}

// Join lets two legs hear each other. A leg that is in a bridge leaves it.
func (e *Engine) Join(a, b *Leg) *Bridge {
	br := &Bridge{}
	wa, wb := lockBoth(a, b)
	defer unlockBoth(wa, wb)
	if a == b {
		panic("media: Join of a leg with itself")
	}
	br.w = wa
	for _, l := range []*Leg{a, b} {
		if l.bridge != nil {
			l.bridge.remove(l)
		}
	}
	br.move(b, wb)
	br.enter(a)
	br.enter(b)
	br.list()
	return br
}

// Add takes a further leg in, such as a supervisor: it hears all and all hear it, until
// Hear says otherwise.
func (b *Bridge) Add(l *Leg) error {
	for {
		w := l.worker.Load()
		first, second := b.w, w // b.w never changes
		if second.number < first.number {
			first, second = second, first
		}
		first.mu.Lock()
		if second != first {
			second.mu.Lock()
		}
		if l.worker.Load() == w {
			defer unlockBoth(b.w, w)
			break
		}
		unlockBoth(b.w, w)
	}
	if b.matrix.Len() == rtp.MaxParties {
		return ErrFull
	}
	if l.closed {
		return ErrClosed
	}
	if l.bridge == b {
		return nil
	}
	if l.bridge != nil {
		l.bridge.remove(l)
	}
	b.move(l, l.worker.Load())
	b.enter(l)
	b.list()
	return nil
}

// Hear says whether one leg of the bridge hears another: not heard by anybody is
// listening, heard by the agent only is whispering.
func (b *Bridge) Hear(who, whom *Leg, yes bool) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if who.bridge == b && whom.bridge == b {
		b.matrix.Hear(who.place, whom.place, yes)
	}
}

// Part ends the bridge: its legs stay open, and hear silence.
func (b *Bridge) Part() {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	for b.matrix.Len() > 0 {
		b.remove(b.legs[0])
	}
}

// Remove takes one leg out.
func (b *Bridge) Remove(l *Leg) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if l.bridge == b {
		b.remove(l)
	}
}

// list makes sure that the worker mixes the bridge, if anybody is in it.
func (b *Bridge) list() {
	if b.matrix.Len() == 0 {
		return
	}
	for _, o := range b.w.bridges {
		if o == b {
			return
		}
	}
	b.w.bridges = append(b.w.bridges, b)
}

// move brings a leg from its worker to the bridge's. Both are locked.
func (b *Bridge) move(l *Leg, from *worker) {
	if from == b.w || l.closed {
		return
	}
	from.remove(l)
	if err := b.w.add(l); err != nil {
		// The kernel has no memory left for its poller: the leg lives on, deaf, until closed.
		b.w.engine.config.Log.Error("media: a leg could not be moved", "port", l.Port(), "err", err)
	}
	b.w.nudge()
}

func (b *Bridge) enter(l *Leg) {
	if l.closed {
		return
	}
	l.place = b.matrix.Add()
	b.legs[l.place] = l
	l.bridge = b
}

func (b *Bridge) remove(l *Leg) {
	b.matrix.Remove(l.place)
	copy(b.legs[l.place:], b.legs[l.place+1:])
	n := b.matrix.Len()
	b.legs[n] = nil
	for i, o := range b.legs[:n] {
		o.place = i
	}
	l.bridge, l.hears = nil, false
	if n > 0 {
		return
	}
	for i, o := range b.w.bridges {
		if o == b {
			last := len(b.w.bridges) - 1
			b.w.bridges[i] = b.w.bridges[last]
			b.w.bridges[last] = nil
			b.w.bridges = b.w.bridges[:last]
			break
		}
	}
}

// relaysTo returns the leg to which this one's packets pass as they are; nil when they
// are mixed, or nobody is there: see Bridge.
func (l *Leg) relaysTo() *Leg {
	b := l.bridge
	if b == nil || b.matrix.Len() != 2 {
		return nil
	}
	o := b.legs[1-l.place]
	// Who may not speak (hold) is mixed too: silence is sent in his place, and the other
	// phone does not believe the call is dead.
	if l.rec != nil || o.rec != nil || !l.set || !o.set || !l.params.Receive || l.params.Codec != o.params.Codec ||
		o.clip.clip != nil || o.keys.Busy() || !b.matrix.Hears(o.place, l.place) {
		return nil
	}
	return o
}

// relaysInto reports whether what l's peer hears is relayed.
func (b *Bridge) relaysInto(l *Leg) bool {
	return b.matrix.Len() == 2 && b.legs[1-l.place].relaysTo() == l
}

// mix fills in what each leg hears that is not relayed into.
func (b *Bridge) mix() {
	n := b.matrix.Len()
	any := false
	for i, l := range b.legs[:n] {
		b.in[i], b.out[i] = nil, nil
		if l.playing {
			b.in[i] = &l.voice
		}
		l.hears = !b.relaysInto(l) && l.clip.clip == nil
		if l.hears {
			b.out[i] = &l.mixed
			any = true
		}
	}
	if any {
		b.matrix.Mix(b.in[:n], b.out[:n])
	}
}

// press sends a key that one leg's peer pressed to all who hear it.
func (b *Bridge) press(from *Leg, key byte) {
	for i, l := range b.legs[:b.matrix.Len()] {
		if l != from && l.params.SendEvent != 0 && b.matrix.Hears(i, from.place) {
			l.keys.Push(string(rune(key))) // a full queue drops it: sixty keys wait there
		}
	}
}
