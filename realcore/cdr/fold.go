package cdr

import (
	"time"

	"callwright/realcore"
)

// Fold makes records from what a Center was told and what it answered. The
// zero Fold is not ready: use NewFold.
type Fold struct {
	sink    Sink
	open    []open // by Ref.Index
	rare    []rare // likewise; good where calledBack is set or legs is over 1
	agents  []agentOpen
	wraps   [][]wrap // by agent: legs that wait for the end of wrap-up
	contact Contact  // reused, like the next three: records live only during the Sink's call
	visit   Visit
	leg     Leg
	stretch AgentSpan
}

// open is what must be known of a contact in progress to make its records: less
// than half of what the records hold, two cache lines, since some thousand of
// these should fit into a processor's cache.
type open struct {
	key      realcore.Key
	at       realcore.Instant // arrival
	queued   realcore.Instant // first queue entry, or Never
	answered realcore.Instant // first answer, or Never
	wait     time.Duration
	talk     time.Duration // of all legs, up to since
	hold     time.Duration

	entered realcore.Instant // the visit's queue entry
	offerAt realcore.Instant
	legAt   realcore.Instant
	since   realcore.Instant // of talk or hold

	entry    realcore.EntryID
	queue    realcore.QueueID // first visited, or None
	where    realcore.QueueID // of the visit, and of the leg after it
	agent    realcore.AgentID // first who answered, or None
	legAgent realcore.AgentID
	visits   uint16
	legs     uint16
	offers   uint16 // of the visit
	is       openFlags
	tier     uint8
	tierNow  uint8              // of the visit
	dir      realcore.Direction // as it began
	dirNow   realcore.Direction // of the visit or leg
}

type openFlags uint16

const (
	live    openFlags = 1 << iota
	inVisit           // in a queue
	kept              // the visit's place was kept
	onLine            // an agent's segment is open
	onHold
	handed // the segment was handed over by a colleague: nobody's phone rang
	vendorAnswered
	calledBack
	unreached // an agent has the customer rung, who has not picked up
)

func (o *open) has(f openFlags) bool { return o.is&f != 0 }

// rare is what few contacts have: a callback, or a second leg.
type rare struct {
	takenAt    realcore.Instant // the callback
	delay      time.Duration    // of it: taken to customer reached
	talk, hold time.Duration    // of legs before the open one
}

// agentOpen is an agent's span in progress.
type agentOpen struct {
	since  realcore.Instant
	state  realcore.AgentState
	reason realcore.Reason
}

type wrap struct {
	contact realcore.Ref
	leg     Leg
}

// NewFold returns a Fold that hands records to sink.
func NewFold(sink Sink) *Fold { return &Fold{sink: sink} }

// Add takes the effects of one Step or Expire. Effects must come in order, from
// the start of the run. They say all that records need: the time and the event are
// there so that Add can observe what a world or a replay shows.
func (f *Fold) Add(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
	for i := range effects {
		e := &effects[i]
		switch e.Kind {
		case realcore.AgentBecame:
			f.agentIs(e.Agent, e.At, realcore.AgentState(e.Code), realcore.Reason(e.Arg))
		case realcore.WrapUpEnded:
			f.wrapUpEnded(e)
		case realcore.Rejected:
			f.rejected(e)
		case realcore.Accepted:
			f.accepted(e)
		case realcore.Queued:
			f.queued(e)
		case realcore.Dequeued:
			f.endVisit(f.of(e), e.At, realcore.Outcome(e.Code), realcore.None)
		case realcore.Offer:
			o := f.of(e)
			o.offerAt = e.At
			o.offers++
			f.agentIs(e.Agent, e.At, realcore.Reserved, realcore.ReasonNone)
		case realcore.Connect, realcore.Dial:
			f.agentIs(e.Agent, e.At, realcore.Handling, realcore.ReasonNone)
			f.joined(f.of(e), e)
		case realcore.Joined: // his leg with the customer begins now; what he consulted was a leg of its own
			f.agentIs(e.Agent, e.At, realcore.Handling, realcore.ReasonNone)
			f.beginLeg(f.of(e), e, handed)
		case realcore.Hold, realcore.StartConsult:
			f.of(e).turn(e.At, true)
		case realcore.Retrieve:
			f.of(e).turn(e.At, false)
		case realcore.SegmentEnded:
			f.segmentEnded(f.of(e), e)
		case realcore.VendorJoined:
			f.of(e).is |= vendorAnswered
		case realcore.CallbackTaken:
			f.of(e).is |= calledBack
			*f.rareOf(e.Contact.Index) = rare{takenAt: e.At}
		case realcore.Closed:
			f.closed(f.of(e), e)
		}
	}
}

// of returns what is known of an effect's contact, which has begun.
func (f *Fold) of(e *realcore.Effect) *open { return &f.open[e.Contact.Index] }

// begin makes room for a contact that begins.
func (f *Fold) begin(e *realcore.Effect, dir realcore.Direction) *open {
	for int(e.Contact.Index) >= len(f.open) {
		f.open = append(f.open, open{})
	}
	o := f.of(e)
	*o = open{} // then field by field: a literal would be built elsewhere and copied, at a stall
	o.key, o.at, o.dir, o.is = e.Key, e.At, dir, live
	o.queue, o.agent, o.entry = realcore.None, realcore.None, realcore.None
	o.queued, o.answered = realcore.Never, realcore.Never
	return o
}

func (f *Fold) accepted(e *realcore.Effect) {
	o := f.begin(e, e.Dir)
	o.entry, o.tier = realcore.EntryID(e.Arg), e.Code
	if e.Queue != realcore.None {
		o.enter(e)
	}
}

func (f *Fold) rejected(e *realcore.Effect) {
	f.contact = Contact{Key: e.Key, Entry: realcore.EntryID(e.Arg), Queue: realcore.None, Dir: e.Dir, Outcome: realcore.Blocked,
		Cause: realcore.Cause(e.Code), At: e.At, Queued: realcore.Never, Answered: realcore.Never, End: e.At, Agent: realcore.None}
	f.sink.Contact(&f.contact)
}

// queued opens a visit. A consultation begins with one: it has no contact of its
// own, only visits and legs.
func (f *Fold) queued(e *realcore.Effect) {
	var o *open
	if int(e.Contact.Index) < len(f.open) {
		o = f.of(e)
	}
	if o == nil || !o.has(live) {
		o = f.begin(e, realcore.Internal)
	}
	o.enter(e)
}

// enter begins a visit of the effect's queue. Times of entry that lie before now
// mean that an earlier place was kept.
func (o *open) enter(e *realcore.Effect) {
	if o.visits == 0 {
		o.queued, o.queue, o.tier = e.At, e.Queue, e.Code
	}
	o.entered, o.where, o.tierNow, o.dirNow, o.offers = e.At, e.Queue, e.Code, e.Dir, 0
	o.is = o.is&^kept | inVisit
	if e.Since() != e.At {
		o.is |= kept
	}
	o.visits++
}

// endVisit makes the record of the visit in progress, if there is one, which a
// answered or, where how says so, nobody.
func (f *Fold) endVisit(o *open, at realcore.Instant, how realcore.Outcome, a realcore.AgentID) {
	if !o.has(inVisit) {
		return
	}
	o.is &^= inVisit
	if o.legs == 0 && !o.has(calledBack) {
		o.wait = at.Sub(o.queued)
	}
	v := &f.visit
	v.Key, v.Queue, v.Tier, v.Dir, v.Kept, v.Again = o.key, o.where, o.tierNow, o.dirNow, o.has(kept), o.visits > 1
	v.Outcome, v.At, v.End, v.Agent, v.Ring, v.Offers = how, o.entered, at, a, 0, o.offers
	if how == realcore.Answered {
		v.Ring = at.Sub(o.offerAt)
	}
	f.sink.Visit(v)
}

func (f *Fold) closed(o *open, e *realcore.Effect) {
	if o.has(onLine) { // the consultation's part of an agent who took the customer over
		f.sink.Leg(f.endLeg(o, e.Contact.Index, e.At))
	}
	f.end(o, e.Contact.Index, e.At, realcore.Outcome(e.Code), realcore.Cause(e.Arg))
}

// end makes the contact's record.
func (f *Fold) end(o *open, index uint32, at realcore.Instant, how realcore.Outcome, why realcore.Cause) {
	o.is &^= live
	if o.dir == realcore.Internal {
		return
	}
	r := &f.contact
	r.Key, r.Entry, r.Queue, r.Tier, r.Dir, r.Outcome, r.Cause = o.key, o.entry, o.queue, o.tier, o.dir, how, why
	r.At, r.Queued, r.Answered, r.End = o.at, o.queued, o.answered, at
	r.Wait, r.Talk, r.Hold, r.Agent, r.Visits, r.Legs = o.wait, o.talk, o.hold, o.agent, o.visits, o.legs
	r.VendorAnswered, r.CallbackDelay = o.has(vendorAnswered), 0
	if o.has(calledBack) {
		r.CallbackDelay = f.rareOf(index).delay
	}
	f.sink.Contact(r)
}

// Close ends the run at now: spans up to now, and contacts still open with
// outcome Open, so that nothing that arrived is missing from the sums. An open
// visit's wait is what it has been so far.
func (f *Fold) Close(now realcore.Instant) {
	f.Flush(now)
	for i := range f.wraps {
		for _, w := range f.wraps[i] {
			f.leg = w.leg
			f.leg.Wrap = now.Sub(w.leg.End)
			f.sink.Leg(&f.leg)
		}
		f.wraps[i] = f.wraps[i][:0]
	}
	for i := range f.open {
		o := &f.open[i]
		if !o.has(live) {
			continue
		}
		f.endVisit(o, now, realcore.Open, realcore.None)
		if o.has(onLine) {
			f.sink.Leg(f.endLeg(o, uint32(i), now))
		}
		f.end(o, uint32(i), now, realcore.Open, realcore.CauseNone)
	}
}
