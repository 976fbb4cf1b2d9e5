package live

import (
	"sync"

	"callwright/realcore"
)

// item is one posted event.
type item struct {
	ev   realcore.Event
	done func(error)    // or nil
	plan *realcore.Plan // of a PlanChanged
	err  error          // why it is not stepped
}

// inbox is a bounded queue of posted events, from any goroutine to the host's.
// New calls may fill half of it, events about calls in progress all of it.
type inbox struct {
	mu     sync.Mutex
	ring   []item
	head   int
	n      int
	closed bool
	wake   chan struct{} // capacity 1: something is there; one word of it is enough
}

func newInbox(size int) *inbox {
	return &inbox{ring: make([]item, size), wake: make(chan struct{}, 1)}
}

// isNew reports whether an event brings a new contact from outside.
func isNew(k realcore.EventKind) bool { return k == realcore.Arrived || k == realcore.Dialled }

// put adds an event, or says why not.
func (b *inbox) put(ev *realcore.Event, done func(error), plan *realcore.Plan) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return ErrStopped
	case b.n == len(b.ring), isNew(ev.Kind) && b.n >= len(b.ring)/2:
		return ErrBusy
	}
	x := &b.ring[(b.head+b.n)%len(b.ring)]
	x.ev, x.done, x.plan = *ev, done, plan
	b.n++
	if b.n == 1 {
		select {
		case b.wake <- struct{}{}:
		default: // it has not yet heard of the last one
		}
	}
	return nil
}

// take moves events to the end of into while there is room. It stops after a change of
// plan: the events behind it may name what only the new plan has.
func (b *inbox) take(into []item) []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n > 0 && len(into) < cap(into) {
		x := &b.ring[b.head]
		into = append(into, *x)
		*x = item{}
		if b.head++; b.head == len(b.ring) {
			b.head = 0
		}
		b.n--
		if into[len(into)-1].plan != nil {
			break
		}
	}
	return into
}

// waiting returns how many events are in it, and whether new calls have room.
func (b *inbox) waiting() (n int, room bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n, b.n < len(b.ring)/2
}

// close refuses whatever comes from now on.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}
