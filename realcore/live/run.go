package live

import (
	"context"
	"errors"
	"time"

	"callwright/realcore"
)

// Run runs the centre until ctx ends: then whatever has been posted is stepped,
// contacts still open close as lost (the doors say goodbye to them), and the files
// are closed. It returns the disk's first failure, if there was one.
func (h *Host) Run(ctx context.Context) error {
	if !h.running.CompareAndSwap(false, true) {
		return errors.New("live: a host runs once")
	}
	if h.scribe != nil {
		go h.scribe.run()
	}
	h.beat = time.Now()
	h.loop(ctx)
	h.end()
	var err error
	if h.scribe != nil {
		h.scribe.stop()
	}
	if t := h.trouble.Load(); t != nil {
		err = t.err
	}
	err = errors.Join(err, h.closeFiles())
	close(h.stopped)
	return err
}

func (h *Host) loop(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		if batch := h.inbox.take(h.batch); len(batch) > 0 {
			h.turn(batch)
		} else {
			h.pass()
		}
		select { // one look a turn: calls come first, looks are not starved
		case l := <-h.looks:
			h.pass()
			h.look(l)
		default:
		}
		if n, _ := h.inbox.waiting(); n > 0 {
			continue
		}
		timer.Reset(time.Until(h.next()))
		select {
		case <-ctx.Done():
		case <-h.inbox.wake:
		case <-timer.C:
		case l := <-h.looks:
			h.pass()
			h.look(l)
		}
	}
}

// next returns when the host must wake by itself: for the next timer, or for a mark.
func (h *Host) next() time.Time {
	at := time.Now().Add(time.Hour) // nothing to do: any time will do
	if h.journaling() && h.occupied {
		at = h.beat.Add(markEvery)
	}
	if d, ok := h.center.Deadline(); ok {
		if w := h.clock.wallOf(d); w.Before(at) {
			at = w
		}
	}
	return at
}

// end steps what has been posted and closes the centre.
func (h *Host) end() {
	h.inbox.close()
	for {
		batch := h.inbox.take(h.batch)
		if len(batch) == 0 {
			break
		}
		h.turn(batch)
	}
	h.turn(append(h.batch, item{ev: realcore.Event{Kind: realcore.Shutdown}}))
}
