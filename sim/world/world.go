package world

import (
	"errors"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
	"callwright/realcore/journal"
	"callwright/sim/des"
	"callwright/traffic"
)

// World is one run of a centre against simulated people.
type World struct {
	Center *center.Center
	plan   *realcore.Plan
	demand *traffic.Demand

	known   [][]realcore.AgentID // by stream: the agents its callers may ask for
	onDuty  []bool               // by agent whose shift it is: between its beginning and its end
	groupOf []realcore.GroupID   // by agent: the plan's agents have names, and are seldom in the cache

	// Observers, each optional. Every event and effect of the run passes them.
	Fold    *cdr.Fold
	Journal *journal.Writer
	Digest  *journal.Digest
	OnBatch func(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect)

	Stopped func() bool // polled now and then; true ends Run with ErrStopped

	cal     des.Calendar[planned]
	comings comings
	crew    *crew
	instant bool    // the plan has timers of no length, so a step can make one due at once
	never   planned // for what is never to happen
	now     realcore.Instant
	fifo    []realcore.Event // to be stepped at now, from next on
	next    int
	queued  []uint32 // contacts whose patience is still to be drawn at this instant
	out     []realcore.Effect
	ev      realcore.Event // what OnBatch is shown
	callers []caller       // by contact index
	arrival *person        // the one just arriving, until its effects tell its index
	how     *traffic.Callers
	cursors []traffic.Cursor
	coming  []person // the next arrival of each stream
	again   []person // who will call again; a slab
	unused  []int32  // its free places
	err     error

	arrivals int64
	Events   int64
	Refused  int64 // events that came too late, or did not apply: normal
}

// ErrStopped says that Run was stopped before its end: what was recorded is a
// part of a run, and no result.
var ErrStopped = errors.New("world: stopped")

// pollEvery is how many instants pass between two questions whether to stop:
// some milliseconds.
const pollEvery = 1 << 14

// person is somebody who calls.
type person struct {
	luck    traffic.Luck
	key     realcore.Key
	stream  int32
	attempt int32
}

// caller is a person with a contact in the centre.
type caller struct {
	person
	how       *traffic.Callers // how he behaves today
	agent     realcore.AgentID // who has him, once somebody does
	epoch     uint32           // what was planned for him under another epoch is off
	offers    uint16           // ordinals of draws
	talks     uint16
	waits     uint16
	menus     uint16
	vendors   uint16
	waiting   bool
	impatient bool // his hanging up is planned
}

// what is planned in the calendar.
type doing uint8

const (
	callsAgain doing = iota // place in World.again
	hangsUp                 // only if the epoch still holds
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
	w := &World{Center: c, plan: plan, demand: demand, instant: instantTimers(plan)}
	for i := range plan.Agents {
		w.groupOf = append(w.groupOf, plan.Agents[i].Group)
	}
	w.onDuty = make([]bool, len(plan.Agents))
	w.comings = newComings(len(demand.Sources))
	for i := range demand.Sources {
		w.cursors = append(w.cursors, demand.Sources[i].Arrivals.Start(seed, rep))
		w.coming = append(w.coming, person{})
		w.known = append(w.known, knownTo(plan, &demand.Sources[i]))
	}
	return w, nil
}

// Run plays the whole run and returns the instant at which it ended.
func (w *World) Run() (realcore.Instant, error) {
	w.crew = newCrew(w)
	for i := range w.demand.Staff {
		w.planShift(&w.demand.Staff[i])
	}
	for i := range w.cursors {
		w.planArrival(int32(i))
	}
	stop := realcore.Never - 1
	switch {
	case w.demand.Stop > 0:
		stop = w.demand.Stop
	case w.demand.End < realcore.Never-longest:
		stop = w.demand.End + longest
	}
	for n := uint(1); w.err == nil && w.advance(stop); n++ {
		if n%pollEvery == 0 && w.Stopped != nil && w.Stopped() {
			return w.now, ErrStopped
		}
	}
	if last := w.last(); last > w.now && w.err == nil {
		w.expire(last)
		w.drain()
	}
	if w.Fold != nil {
		w.Fold.Close(w.now)
	}
	return w.now, w.err
}

// longest is how long after the end of arrivals a run may go on until the last
// contact has gone. Flows and overflows can go in circles for ever.
const longest = realcore.Instant(24 * time.Hour)

// last is the instant up to which the run is counted at least: until arrivals
// end agents are on duty, whoever is still there.
func (w *World) last() realcore.Instant {
	if w.demand.Stop > 0 {
		return w.demand.Stop
	}
	if w.demand.End == realcore.Never || w.demand.Calls > 0 {
		return 0
	}
	return w.demand.End
}

// Stuck returns how many contacts were still there when a run that should have
// drained was cut.
func (w *World) Stuck() int {
	if w.demand.Stop > 0 {
		return 0
	}
	return w.Center.Contacts()
}

// advance does the next thing that is not after stop: the centre's timers
// before events of the same instant, arrivals before other events, what
// somebody causes at once before the calendar's next. It reports whether there
// was anything to do.
func (w *World) advance(stop realcore.Instant) bool {
	plan := w.cal.Next()
	come, stream := w.comings.first()
	at := min(plan, come)
	if due, ok := w.Center.Due(at); ok {
		if due > stop {
			return false
		}
		w.expire(due)
	} else {
		if at > stop || come == realcore.Never && at > w.last() && w.over() {
			return false
		}
		w.now = at
		if come <= plan {
			w.arrives(stream)
		} else {
			_, p := w.cal.Pop()
			w.happen(p)
		}
	}
	if len(w.fifo)+len(w.queued) > 0 {
		w.drain()
	}
	return true
}

// over reports whether nobody will come any more and all have gone. What is
// left in the calendar is then only the agents' going home.
func (w *World) over() bool {
	return w.demand.Stop == 0 && w.Center.Contacts() == 0 && len(w.again) == len(w.unused)
}

// instantTimers reports whether a plan has a timer that is due when it is set.
func instantTimers(p *realcore.Plan) bool {
	for i := range p.Classes {
		last := time.Duration(-1)
		for _, t := range p.Classes[i].Program {
			if t.After == 0 || t.After == last {
				return true
			}
			last = t.After
		}
	}
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Timeout == 0 && (n.Kind == realcore.MenuNode || n.Kind == realcore.CallbackNode) {
			return true
		}
	}
	return false
}
