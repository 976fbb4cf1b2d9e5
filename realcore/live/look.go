package live

import (
	"context"
	"sync/atomic"

	"callwright/realcore"
	"callwright/realcore/center"
)

// look is a wish to see the Center on its goroutine.
type look struct {
	f     func(realcore.Instant, *center.Center)
	state atomic.Int32 // lookWaits, then lookTaken by the host or lookLeft by who gave up
	done  chan struct{}
}

const (
	lookWaits = iota
	lookTaken
	lookLeft
)

// Do calls f with the Center on its goroutine, between two turns, when all timers
// due by now have run. f must only look, and must be quick: calls wait for it. If ctx
// ends or the host stops first, f is not called.
func (h *Host) Do(ctx context.Context, f func(now realcore.Instant, c *center.Center)) error {
	l := &look{f: f, done: make(chan struct{})}
	select {
	case h.looks <- l:
	case <-ctx.Done():
		return ctx.Err()
	case <-h.stopped:
		return ErrStopped
	}
	var why error
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		why = ctx.Err()
	case <-h.stopped:
		why = ErrStopped
	}
	if l.state.CompareAndSwap(lookWaits, lookLeft) {
		return why
	}
	<-l.done // it is being called, and may use what the caller owns
	return nil
}

// Agent returns what an agent does now, and why if he is not ready.
func (h *Host) Agent(ctx context.Context, a realcore.AgentID) (state realcore.AgentState, why realcore.Reason, err error) {
	err = h.Do(ctx, func(_ realcore.Instant, c *center.Center) { state, why = c.Agent(a) })
	return state, why, err
}

func (h *Host) look(l *look) {
	if l.state.CompareAndSwap(lookWaits, lookTaken) {
		l.f(h.now, h.center)
		close(l.done)
	}
}
