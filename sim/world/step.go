package world

import (
	"math"
	"time"

	"callwright/realcore"
)

// expire runs the centre's timers up to at.
func (w *World) expire(at realcore.Instant) {
	w.now = at
	w.out = w.Center.Expire(at, w.out[:0])
	w.observe(nil)
	w.carryOut()
}

// drain steps what was caused at this instant, in order, then lets those who
// have been left waiting lose their patience some time.
func (w *World) drain() {
	for w.err == nil {
		if w.next < len(w.fifo) {
			w.next++
			w.step(&w.fifo[w.next-1])
			continue
		}
		w.fifo, w.next = w.fifo[:0], 0
		if len(w.queued) == 0 {
			return
		}
		w.losePatience()
	}
}

// step steps an event and carries out what follows. ev must not be kept: it
// lives in the caller, since the heap would cost more than the step.
func (w *World) step(ev *realcore.Event) {
	if w.Journal != nil {
		if err := w.Journal.Event(w.now, ev); err != nil {
			w.err = err
			return
		}
	}
	w.Events++
	out, err := w.Center.Step(w.now, ev, w.out[:0])
	w.out = out
	if err != nil {
		w.Refused++
	}
	w.observe(ev)
	w.carryOut()
	if w.instant {
		if _, ok := w.Center.Due(w.now); ok {
			w.expire(w.now)
		}
	}
}

func (w *World) observe(ev *realcore.Event) {
	if w.Fold != nil {
		w.Fold.Add(w.now, ev, w.out)
	}
	if w.Digest != nil {
		w.Digest.Add(w.out)
	}
	if w.OnBatch != nil {
		w.show(ev)
	}
}

// show hands a batch to OnBatch, with a copy of the event that may be kept
// until the next one.
func (w *World) show(ev *realcore.Event) {
	if ev == nil {
		w.OnBatch(w.now, nil, w.out)
		return
	}
	w.ev = *ev
	w.OnBatch(w.now, &w.ev, w.out)
}

// later plans something after d and returns it, to be completed at once; an
// infinite d never comes, and what is filled in then is thrown away.
func (w *World) later(d time.Duration, do doing, ref realcore.Ref) *planned {
	p := &w.never
	if d != math.MaxInt64 {
		p = w.cal.Schedule(w.now.Add(d))
	}
	p.do, p.code, p.agent, p.epoch = do, 0, 0, 0
	p.ref.Index, p.ref.Gen = ref.Index, ref.Gen
	return p
}

// post has an event about an offer stepped at this instant.
func (w *World) post(kind realcore.EventKind, offer realcore.Ref) {
	n := len(w.fifo)
	if n == cap(w.fifo) {
		w.fifo = append(w.fifo, realcore.Event{})
	} else {
		w.fifo = w.fifo[:n+1]
		w.fifo[n] = realcore.Event{}
	}
	ev := &w.fifo[n]
	ev.Kind, ev.Offer.Index, ev.Offer.Gen = kind, offer.Index, offer.Gen
}
