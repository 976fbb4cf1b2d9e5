package world

import (
	"math"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
	"callwright/realcore/journal"
	"callwright/sim/des"
	"callwright/traffic"
)

// Purposes of draws. A new purpose disturbs no other.
var (
	drawTalk      = traffic.PurposeOf("talk")
	drawWrapUp    = traffic.PurposeOf("wrap-up")
	drawPatience  = traffic.PurposeOf("patience")
	drawRing      = traffic.PurposeOf("ring")
	drawMiss      = traffic.PurposeOf("miss")
	drawMenu      = traffic.PurposeOf("menu")
	drawCallback  = traffic.PurposeOf("callback")
	drawMessage   = traffic.PurposeOf("message")
	drawReached   = traffic.PurposeOf("reached")
	drawPickUp    = traffic.PurposeOf("pick-up")
	drawVendor    = traffic.PurposeOf("vendor")
	drawRefuse    = traffic.PurposeOf("vendor-refuse")
	drawPreferred = traffic.PurposeOf("preferred")
	drawTransfer  = traffic.PurposeOf("transfer")
)

// World is one run of a centre against simulated people.
type World struct {
	Center *center.Center
	plan   *realcore.Plan
	demand *traffic.Demand

	// Observers, each optional. Every event and effect of the run passes them.
	Fold    *cdr.Fold
	Journal *journal.Writer
	Digest  *journal.Digest
	OnBatch func(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect)

	cal     des.Calendar[planned]
	comings des.Calendar[int32] // the next arrival of each stream: a heap of few beside one of many
	due     realcore.Instant    // the Center's deadline
	doing   planned
	now     realcore.Instant
	fifo    []realcore.Event // to be stepped at now, from next on
	next    int
	queued  []uint32 // contacts whose patience is still to be drawn at this instant
	out     []realcore.Effect
	ev      realcore.Event // being stepped
	callers []caller       // by contact index
	arrival person         // the one just arriving, until its effects tell its index
	cursors []traffic.Cursor
	coming  []person // the next arrival of each stream
	again   []person // who will call again; a slab
	unused  []int32  // its free places
	err     error

	arrivals int64
	Events   int64
	Refused  int64 // events that came too late, or did not apply: normal
}

// person is somebody who calls.
type person struct {
	luck    traffic.Luck
	key     realcore.Key
	stream  int32
	attempt int32
	how     *traffic.Callers // how he behaves today
}

// caller is a person with a contact in the centre.
type caller struct {
	person
	epoch     uint32 // what was planned for him under another epoch is off
	offers    uint16 // ordinals of draws
	talks     uint16
	waits     uint16
	menus     uint16
	waiting   bool
	impatient bool // his hanging up is planned
}

// what is planned in the calendar.
type doing uint8

const (
	callsAgain doing = iota // place in World.again
	hangsUp                 // only if the epoch still holds
	hangsUpNow              // whatever he does
	endsTalk                // likewise by epoch
	presses
	promptEnds
	picksUp
	declines
	wrapsUp
	reached
	notReached
	vendorTakes
	vendorRefuses
	comes
	goes
	pauses
	resumes
)

type planned struct {
	do    doing
	code  uint8
	agent int32 // or place in World.again
	ref   realcore.Ref
	epoch uint32
}

// New returns a world that will play demand against a fresh Center under the
// plan, with the chance of one replication of one seed.
func New(plan *realcore.Plan, demand *traffic.Demand, seed uint64, rep uint32) (*World, error) {
	c, err := center.New(plan)
	if err != nil {
		return nil, err
	}
	w := &World{Center: c, plan: plan, demand: demand}
	for i := range demand.Sources {
		w.cursors = append(w.cursors, demand.Sources[i].Arrivals.Start(seed, rep))
		w.coming = append(w.coming, person{})
	}
	return w, nil
}

// Run plays the whole run and returns the instant at which it ended.
func (w *World) Run() (realcore.Instant, error) {
	for i := range w.demand.Staff {
		w.planShift(&w.demand.Staff[i])
	}
	for i := range w.cursors {
		w.planArrival(int32(i))
	}
	w.setDue()
	for w.err == nil {
		at := min(w.cal.Next(), w.comings.Next(), w.due)
		if at == realcore.Never || w.demand.Stop > 0 && at > w.demand.Stop || w.over() {
			break
		}
		w.advance(at)
	}
	if w.demand.Stop > w.now && w.err == nil {
		w.expire(w.demand.Stop)
	}
	if w.Fold != nil {
		w.Fold.Close(w.now)
	}
	return w.now, w.err
}

// over reports whether nobody will come any more and all have gone.
func (w *World) over() bool {
	return w.demand.Stop == 0 && w.arrivalsOver() && w.Center.Contacts() == 0 && len(w.again) == len(w.unused)
}

func (w *World) arrivalsOver() bool {
	return w.comings.Len() == 0 || w.demand.Calls > 0 && w.arrivals >= w.demand.Calls
}

// advance does everything that happens at one instant: timers before events,
// what events cause at once before the next event of the calendar.
func (w *World) advance(at realcore.Instant) {
	w.expire(at)
	w.drain()
	switch at {
	case w.comings.Next():
		_, stream := w.comings.Pop()
		w.arrives(stream)
	case w.cal.Next():
		_, w.doing = w.cal.Pop()
		w.happen(&w.doing)
	default:
		return
	}
	w.drain()
}

func (w *World) setDue() {
	w.due, _ = w.Center.Deadline() // Never if there is none
}

// expire runs the centre's timers up to at.
func (w *World) expire(at realcore.Instant) {
	w.now = at
	if w.due > at {
		return
	}
	w.out = w.Center.Expire(at, w.out[:0])
	w.setDue()
	w.observe(nil)
	w.carryOut()
}

// drain steps what was caused at this instant, in order, then lets those who
// have been left waiting lose their patience some time.
func (w *World) drain() {
	for w.err == nil {
		if w.next < len(w.fifo) {
			w.ev = w.fifo[w.next]
			w.next++
			w.step()
			continue
		}
		w.fifo, w.next = w.fifo[:0], 0
		if len(w.queued) == 0 {
			return
		}
		w.losePatience()
	}
}

// step steps w.ev and carries out what follows.
func (w *World) step() {
	ev := &w.ev
	if w.Journal != nil {
		if err := w.Journal.Event(w.now, ev); err != nil {
			w.err = err
			return
		}
	}
	w.Events++
	out, err := w.Center.Step(w.now, *ev, w.out[:0])
	w.out = out
	if err != nil {
		w.Refused++
	}
	w.observe(ev)
	w.carryOut()
	w.setDue()
	if w.due <= w.now {
		w.expire(w.now)
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
		w.OnBatch(w.now, ev, w.out)
	}
}

// later schedules something after d; an infinite d never comes.
func (w *World) later(d time.Duration, p planned) {
	if d == math.MaxInt64 {
		return
	}
	w.cal.Schedule(w.now.Add(d), p)
}

// post has an event stepped at this instant.
func (w *World) post(ev realcore.Event) { w.fifo = append(w.fifo, ev) }
