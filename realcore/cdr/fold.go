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
	agents  []agentOpen
	leg     Leg // reused, like the next two: records live only during the Sink's call
	one     Contact
	stretch AgentSpan
	now     realcore.Instant
}

// open is a contact in progress.
type open struct {
	live    bool
	inVisit bool
	onLine  bool // an agent's segment is open
	onHold  bool
	rec     Contact
	visit   Visit
	leg     Leg
	since   realcore.Instant // talk or hold
	offerAt realcore.Instant
	takenAt realcore.Instant // callback
}

// agentOpen is an agent's span in progress, and legs waiting for wrap-up.
type agentOpen struct {
	state  realcore.AgentState
	reason realcore.Reason
	since  realcore.Instant
	wraps  []wrap
}

type wrap struct {
	contact realcore.Ref
	leg     Leg
}

// NewFold returns a Fold that hands records to sink.
func NewFold(sink Sink) *Fold { return &Fold{sink: sink} }

// Add takes the effects of one Step or Expire. ev is the event stepped, or nil
// for Expire; the effects already say everything that records need, so it only
// marks the time. Effects must come in order, from the start of the run.
func (f *Fold) Add(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	f.now = now
	for i := range effects {
		f.add(&effects[i])
	}
}

func (f *Fold) add(e *realcore.Effect) {
	switch e.Kind {
	case realcore.AgentBecame:
		f.agentIs(e.Agent, e.At, realcore.AgentState(e.Code), realcore.Reason(e.Arg))
		return
	case realcore.WrapUpEnded:
		f.wrapUpEnded(e)
		return
	case realcore.Rejected:
		f.rejected(e)
		return
	case realcore.PlanIs:
		return
	case realcore.Accepted:
		f.accepted(e)
		return
	}
	if int(e.Contact.Index) >= len(f.open) {
		f.grow(int(e.Contact.Index))
	}
	o := &f.open[e.Contact.Index]
	switch e.Kind {
	case realcore.Queued:
		f.queued(o, e)
	case realcore.Dequeued:
		f.endVisit(o, e.At, realcore.Outcome(e.Code), realcore.None)
	case realcore.Offer:
		o.offerAt = e.At
		o.visit.Offers++
		f.agentIs(e.Agent, e.At, realcore.Reserved, realcore.ReasonNone)
	case realcore.Connect, realcore.Dial:
		f.agentIs(e.Agent, e.At, realcore.Handling, realcore.ReasonNone)
		f.joined(o, e)
	case realcore.Joined:
		f.agentIs(e.Agent, e.At, realcore.Handling, realcore.ReasonNone)
		f.handedOver(o, e)
	case realcore.Hold, realcore.StartConsult:
		f.hold(o, e.At, true)
	case realcore.Retrieve:
		f.hold(o, e.At, false)
	case realcore.SegmentEnded:
		f.segmentEnded(o, e)
	case realcore.VendorJoined:
		o.rec.VendorAnswered = true
	case realcore.CallbackTaken:
		o.takenAt = e.At
	case realcore.Closed:
		f.closed(o, e)
	}
}

func (f *Fold) grow(index int) {
	for len(f.open) <= index {
		f.open = append(f.open, open{})
	}
}

func (f *Fold) accepted(e *realcore.Effect) {
	f.grow(int(e.Contact.Index))
	o := &f.open[e.Contact.Index]
	o.live, o.inVisit, o.onLine, o.onHold, o.takenAt = true, false, false, false, realcore.Never
	r := &o.rec
	*r = Contact{} // then field by field: a literal would be built elsewhere and copied, at a stall
	r.Key, r.Entry, r.Tier, r.Dir, r.At = e.Key, realcore.EntryID(e.Arg), e.Code, e.Dir, e.At
	r.Queue, r.Agent, r.Queued, r.Answered = realcore.None, realcore.None, realcore.Never, realcore.Never
}

func (f *Fold) rejected(e *realcore.Effect) {
	f.one = Contact{Key: e.Key, Entry: realcore.EntryID(e.Arg), Queue: realcore.None, Dir: e.Dir, Outcome: realcore.Blocked,
		Cause: realcore.Cause(e.Code), At: e.At, Queued: realcore.Never, Answered: realcore.Never, End: e.At, Agent: realcore.None}
	f.sink.Contact(&f.one)
}

func (f *Fold) queued(o *open, e *realcore.Effect) {
	if !o.live { // a consultation: no contact of its own, only visits and legs
		*o = open{live: true, takenAt: realcore.Never}
		o.rec = Contact{Key: e.Key, Dir: realcore.Internal, At: e.At, Queued: realcore.Never, Answered: realcore.Never, Agent: realcore.None}
	}
	if o.rec.Visits == 0 {
		o.rec.Queued, o.rec.Queue, o.rec.Tier = e.At, e.Queue, e.Code
	}
	v := &o.visit
	*v = Visit{}
	v.Key, v.Queue, v.Tier, v.Dir, v.At, v.Agent = e.Key, e.Queue, e.Code, e.Dir, e.At, realcore.None
	v.Kept, v.Again = e.Arg != int64(e.At), o.rec.Visits > 0
	o.inVisit = true
	o.rec.Visits++
}

func (f *Fold) endVisit(o *open, at realcore.Instant, how realcore.Outcome, a realcore.AgentID) {
	if !o.inVisit {
		return
	}
	o.inVisit = false
	o.visit.End, o.visit.Outcome, o.visit.Agent = at, how, a
	if o.rec.Legs == 0 && o.takenAt == realcore.Never {
		o.rec.Wait = at.Sub(o.rec.Queued)
	}
	f.sink.Visit(&o.visit)
}

// joined: an agent has the contact. For Dial the customer is still to be
// reached; the agent's work has begun all the same.
func (f *Fold) joined(o *open, e *realcore.Effect) {
	if o.onLine { // Connect after Dial
		o.rec.Answered = min(o.rec.Answered, e.At)
		if o.takenAt != realcore.Never {
			o.rec.CallbackDelay = e.At.Sub(o.takenAt)
		}
		return
	}
	ring := e.At.Sub(o.offerAt)
	o.visit.Ring = ring
	f.endVisit(o, e.At, realcore.Answered, e.Agent)
	if o.rec.Legs == 0 {
		o.rec.Agent = e.Agent
		if e.Kind == realcore.Connect {
			o.rec.Answered = e.At
		}
	}
	f.beginLeg(o, e, ring)
}

func (f *Fold) beginLeg(o *open, e *realcore.Effect, ring time.Duration) {
	l := &o.leg
	*l = Leg{}
	l.Key, l.Agent, l.Queue, l.Dir, l.At, l.Ring = e.Key, e.Agent, e.Queue, e.Dir, e.At, ring
	o.onLine, o.onHold, o.since = true, false, e.At
	o.rec.Legs++
}

// handedOver: after a consultation the colleague has the customer. His leg
// with the customer begins now; what he consulted was a leg of its own.
func (f *Fold) handedOver(o *open, e *realcore.Effect) { f.beginLeg(o, e, 0) }

func (f *Fold) hold(o *open, at realcore.Instant, on bool) {
	if !o.onLine || o.onHold == on {
		return
	}
	f.talked(o, at)
	o.onHold = on
}

// talked books the time since the last change as talk or hold.
func (f *Fold) talked(o *open, at realcore.Instant) {
	d := at.Sub(o.since)
	o.since = at
	if o.onHold {
		o.leg.Hold += d
	} else {
		o.leg.Talk += d
	}
}

func (f *Fold) segmentEnded(o *open, e *realcore.Effect) {
	f.talked(o, e.At)
	o.onLine, o.onHold = false, false
	o.leg.End = e.At
	o.rec.Talk += o.leg.Talk
	o.rec.Hold += o.leg.Hold
	if e.Arg == 0 {
		f.sink.Leg(&o.leg)
		return
	}
	f.agentIs(e.Agent, e.At, realcore.WrapUp, realcore.ReasonNone)
	ag := f.agent(e.Agent)
	ag.wraps = append(ag.wraps, wrap{e.Contact, o.leg})
}

func (f *Fold) wrapUpEnded(e *realcore.Effect) {
	ag := f.agent(e.Agent)
	for i := range ag.wraps {
		if w := &ag.wraps[i]; w.contact == e.Contact {
			f.leg = w.leg
			f.leg.Wrap = e.At.Sub(w.leg.End)
			ag.wraps = append(ag.wraps[:i], ag.wraps[i+1:]...)
			f.sink.Leg(&f.leg)
			return
		}
	}
}

func (f *Fold) closed(o *open, e *realcore.Effect) {
	if o.onLine { // the consultation's part of an agent who took the customer over
		f.talked(o, e.At)
		o.leg.End = e.At
		o.onLine = false
		f.sink.Leg(&o.leg)
	}
	o.rec.Outcome, o.rec.Cause, o.rec.End = realcore.Outcome(e.Code), realcore.Cause(e.Arg), e.At
	o.live = false
	if o.rec.Dir != realcore.Internal {
		f.sink.Contact(&o.rec)
	}
}

func (f *Fold) agent(a realcore.AgentID) *agentOpen {
	for int(a) >= len(f.agents) {
		f.agents = append(f.agents, agentOpen{})
	}
	return &f.agents[a]
}

// agentIs begins a span. Effects that say an agent's state by what they are
// come through here as AgentBecame does.
func (f *Fold) agentIs(a realcore.AgentID, at realcore.Instant, s realcore.AgentState, r realcore.Reason) {
	ag := f.agent(a)
	if ag.state == s && ag.reason == r {
		return
	}
	f.span(a, ag, at)
	ag.state, ag.reason, ag.since = s, r, at
}

func (f *Fold) span(a realcore.AgentID, ag *agentOpen, to realcore.Instant) {
	if ag.state == realcore.LoggedOut || ag.since == to {
		return
	}
	s := &f.stretch
	s.Agent, s.State, s.Reason, s.From, s.To = a, ag.state, ag.reason, ag.since, to
	f.sink.Span(s)
}

// Flush hands over agents' spans up to now and lets them begin anew, so that
// time is counted while it passes. It does not end contacts.
func (f *Fold) Flush(now realcore.Instant) {
	for i := range f.agents {
		f.span(realcore.AgentID(i), &f.agents[i], now)
		f.agents[i].since = now
	}
}

// Close ends the run at now: spans up to now, and contacts still open with
// outcome Open, so that nothing that arrived is missing from the sums. An open
// visit's wait is what it has been so far.
func (f *Fold) Close(now realcore.Instant) {
	f.Flush(now)
	for i := range f.agents {
		for _, w := range f.agents[i].wraps {
			f.leg = w.leg
			f.leg.Wrap = now.Sub(w.leg.End)
			f.sink.Leg(&f.leg)
		}
		f.agents[i].wraps = f.agents[i].wraps[:0]
	}
	for i := range f.open {
		o := &f.open[i]
		if !o.live {
			continue
		}
		f.endVisit(o, now, realcore.Open, realcore.None)
		if o.onLine {
			f.talked(o, now)
			o.leg.End = now
			o.rec.Talk += o.leg.Talk
			o.rec.Hold += o.leg.Hold
			f.sink.Leg(&o.leg)
		}
		o.live = false
		o.rec.End = now
		if o.rec.Dir != realcore.Internal {
			f.sink.Contact(&o.rec)
		}
	}
}
