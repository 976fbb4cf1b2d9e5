package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
)

// Why an event is not taken. A door that is refused an event about a call in
// progress keeps it and posts it again.
var (
	ErrBusy    = errors.New("live: too many events wait")
	ErrStopped = errors.New("live: the host takes no more calls")
	ErrDisk    = errors.New("live: the disk failed, so no new calls are taken")
	ErrEvent   = errors.New("live: no door may post this event")
)

// Host runs one contact centre. Open makes it, Run sets it going; everything
// else may be called from any goroutine.
type Host struct {
	cfg     Config
	center  *center.Center // Run's goroutine alone, like everything down to occupied
	fold    *cdr.Fold
	lines   lines
	book    *book // nil without a journal
	scribe  *scribe
	records File
	files   []File
	plans   int
	now     realcore.Instant
	out     []realcore.Effect
	batch   []item
	counts  Counts
	openErr error

	beat     time.Time // when the journal was last written
	wrote    bool      // in this turn
	dead     bool      // it failed: nothing is written any more
	occupied bool      // somebody may be in the centre

	clock   clock // never changed after Open
	inbox   *inbox
	looks   chan *look
	stopped chan struct{} // closed when Run has ended
	running atomic.Bool
	key     atomic.Uint64
	plan    atomic.Pointer[realcore.Plan]
	trouble atomic.Pointer[trouble]
	noNew   atomic.Pointer[string]

	turnedAway atomic.Int64

	mu    sync.Mutex
	shown Counts
}

// trouble is the first failure of a disk.
type trouble struct{ err error }

// Key returns a key that no contact has had, also not before a restart.
func (h *Host) Key() realcore.Key { return realcore.Key(h.key.Add(1)) }

// Plan returns the plan in force.
func (h *Host) Plan() *realcore.Plan { return h.plan.Load() }

// Instant returns what the scenario clock shows at wall time t.
func (h *Host) Instant(t time.Time) realcore.Instant { return h.clock.instant(t) }

// Wall returns the wall time at which the scenario clock shows i.
func (h *Host) Wall(i realcore.Instant) time.Time { return h.clock.wallOf(i) }

// Speed returns how many times as fast as wall time scenario time passes.
func (h *Host) Speed() int { return int(h.clock.speed) }

// Post has an event stepped, in the order of posting. It never blocks. It returns
// ErrBusy, ErrStopped or, for new calls, ErrDisk if the event is not taken.
func (h *Host) Post(ev realcore.Event) error { return h.post(&ev, nil) }

// PostWith is Post for who wants to know: done is told once what became of the
// event. Refused by Post's reasons it is told at once, on the caller's
// goroutine; or else on the host's, after the effects have been carried out, what
// Step said (nil, center.ErrGone, center.ErrState). It must not block.
func (h *Host) PostWith(ev realcore.Event, done func(err error)) {
	if err := h.post(&ev, done); err != nil {
		done(err)
	}
}

func (h *Host) post(ev *realcore.Event, done func(error)) error {
	switch ev.Kind {
	case realcore.PlanChanged, realcore.Shutdown, realcore.NoEvent:
		return fmt.Errorf("%w: %v", ErrEvent, ev.Kind)
	case realcore.Arrived, realcore.Dialled:
		if err := h.refusal(); err != nil {
			h.turnedAway.Add(1)
			return err
		}
	}
	err := h.inbox.put(ev, done, nil)
	if err != nil {
		h.turnedAway.Add(1)
	}
	return err
}

// refusal says why no new calls are taken, whatever the room in the inbox.
func (h *Host) refusal() error {
	if t := h.trouble.Load(); t != nil {
		return t.err
	}
	if why := h.noNew.Load(); why != nil {
		return fmt.Errorf("%w: %s", ErrStopped, *why)
	}
	if h.scribe != nil && h.scribe.size.Load() > linesMost {
		return fmt.Errorf("%w for the disk", ErrBusy)
	}
	return nil
}

// Accepting reports whether new calls are taken now, and if not, why.
func (h *Host) Accepting() (ok bool, why string) {
	select {
	case <-h.stopped:
		return false, "the host has stopped"
	default:
	}
	if err := h.refusal(); err != nil {
		return false, err.Error()
	}
	if n, room := h.inbox.waiting(); !room {
		return false, fmt.Sprintf("%v: %d", ErrBusy, n)
	}
	return true, ""
}

// StopNew refuses new calls from now on, for a reason that people will read;
// those in progress go on. It is how a centre is closed before Run is ended.
func (h *Host) StopNew(why string) { h.noNew.CompareAndSwap(nil, &why) }

// ChangePlan puts another plan in force and waits until it is, or says why not.
// It must not be called from a Door's Carry, which it waits for.
func (h *Host) ChangePlan(ctx context.Context, p *realcore.Plan) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := sameDays(h.Plan(), p); err != nil {
		return err
	}
	told := make(chan error, 1) // whoever gave up waiting is not waited for
	ev := realcore.Event{Kind: realcore.PlanChanged}
	if err := h.inbox.put(&ev, func(err error) { told <- err }, p); err != nil {
		return err
	}
	select {
	case err := <-told:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-h.stopped:
		return ErrStopped
	}
}

// Counts returns what the host has done up to its last turn.
func (h *Host) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.shown
	c.TurnedAway = h.turnedAway.Load()
	return c
}

func (h *Host) publish() {
	h.mu.Lock()
	h.shown = h.counts
	h.mu.Unlock()
}

// fail stops new calls for good. Only the first failure is told: what comes after
// mostly follows from it.
func (h *Host) fail(what string, err error) {
	t := &trouble{fmt.Errorf("%w: %s: %w", ErrDisk, what, err)}
	if h.trouble.CompareAndSwap(nil, t) {
		h.cfg.Log.Error("no new calls", "why", what, "err", err)
	}
}

// Close gives the files back of a Host that will not Run.
func (h *Host) Close() error {
	if !h.running.CompareAndSwap(false, true) {
		return errors.New("live: Run closes a host that runs")
	}
	h.inbox.close()
	close(h.stopped)
	return h.closeFiles()
}
