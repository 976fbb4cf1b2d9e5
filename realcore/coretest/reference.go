package coretest

import (
	"fmt"

	"callwright/realcore"
)

// Reference judges every offer a Center makes by brute force: it keeps what it
// has seen in plain slices and looks at all agents and all contacts each time.
// It shares no code with center and routing, so that a mistake would have to
// be made twice, in two ways, to pass.
//
// Feed it every event and effect in order. Judge says what is wrong with the
// routing so far, or nil.
type Reference struct {
	plan   *realcore.Plan
	people []person
	queue  []waiter
	split  map[[2]int32]int64 // offers by class and group
	turn   int64
	order  int64
	wrong  error

	newestContact, newestAgent bool // planted bugs: ties the wrong way round

	change bool // inside the effects of a plan change: agents take turns, whoever else might have been better
}

type person struct {
	group                   int32
	intent                  realcore.AgentState
	noPhone                 bool
	task                    byte // 'r' ringing, 't' with a contact, 'w' wrapping up, 0 nothing
	ready                   bool
	readyAt, loggedIn, from realcore.Instant
	readyNo, turnNo         int64
	contacts, busy          int64
	back                    realcore.Instant // a penalty ends, or Never
	backNo                  int64            // orders penalties that end together
	group0                  int32            // at the offer: a plan may move him while it rings
}

// waiter is a contact in a queue, being offered or not.
type waiter struct {
	ref       realcore.Ref
	key       realcore.Key
	class     int32
	step      int
	since     realcore.Instant
	entered   realcore.Instant
	no        int64
	ringing   bool
	wanted    realcore.AgentID
	wantedOff bool // it looks among all
	fresh     bool // has entered with the last effect
	loose     bool // let go by its preferred agent in this step; the Center reaches such contacts one by one
}

// NewReference returns a judge of centres under the plan.
func NewReference(p *realcore.Plan) *Reference {
	r := &Reference{split: map[[2]int32]int64{}}
	r.setPlan(p)
	return r
}

func (r *Reference) setPlan(p *realcore.Plan) {
	r.plan = p
	for i := range p.Agents {
		if i == len(r.people) {
			r.people = append(r.people, person{intent: realcore.LoggedOut, back: realcore.Never})
		}
		r.people[i].group = int32(p.Agents[i].Group)
	}
}

// Judge returns the first thing found wrong.
func (r *Reference) Judge() error { return r.wrong }

// Event takes an event that the Center accepted, before its effects.
func (r *Reference) Event(now realcore.Instant, ev *realcore.Event) {
	r.penalties(now)
	switch ev.Kind {
	case realcore.AgentReady, realcore.AgentNotReady, realcore.AgentLogout:
		p := &r.people[ev.Agent]
		was := p.intent
		p.intent = map[realcore.EventKind]realcore.AgentState{realcore.AgentReady: realcore.Ready,
			realcore.AgentNotReady: realcore.NotReady, realcore.AgentLogout: realcore.LoggedOut}[ev.Kind]
		p.back = realcore.Never
		if was == realcore.LoggedOut {
			p.loggedIn, p.contacts, p.busy = now, 0, 0
		}
		if p.intent == realcore.LoggedOut {
			r.forget(ev.Agent)
		}
	case realcore.DeviceLost:
		r.people[ev.Agent].noPhone = true
		r.forget(ev.Agent)
	case realcore.DeviceBack:
		r.people[ev.Agent].noPhone = false
	}
	r.refresh(now)
}

// forget: nobody waits for one who is gone.
func (r *Reference) forget(a realcore.AgentID) {
	for i := range r.queue {
		if w := &r.queue[i]; w.wanted == a && !w.ringing && !w.wantedOff {
			w.wantedOff, w.loose = true, true
		}
	}
}

// Effects takes the effects of one Step or Expire, and the plan in force after it.
func (r *Reference) Effects(effects []realcore.Effect, plan *realcore.Plan) {
	r.change = false
	for i := range effects {
		e := &effects[i]
		r.penalties(e.At - 1)
		if e.Kind == realcore.AgentBecame && r.people[e.Agent].back == e.At {
			for r.people[e.Agent].back == e.At {
				r.penalty(e.At)
			}
		}
		r.effect(e, plan)
		r.refresh(e.At)
		r.settled(e)
	}
	r.settled(nil)
	for i := range r.queue {
		r.queue[i].loose = false
	}
}

// settled: a contact that entered before e and was not offered to anybody has
// begun to wait: for its preferred agent alone, or looking among all.
func (r *Reference) settled(e *realcore.Effect) {
	for i := range r.queue {
		w := &r.queue[i]
		if !w.fresh || e != nil && (e.Enters() || e.Kind == realcore.Widened) && e.Contact == w.ref {
			continue
		}
		w.fresh = false
		if r.plan.Classes[w.class].PreferredWait == 0 {
			w.wantedOff = true
		}
	}
}

func (r *Reference) effect(e *realcore.Effect, plan *realcore.Plan) {
	switch e.Kind {
	case realcore.PlanIs:
		r.setPlan(plan)
		r.change = true
		for i := range r.people {
			if plan.Agents[i].Drain {
				r.people[i].intent = realcore.LoggedOut
				r.people[i].back = realcore.Never
				r.forget(realcore.AgentID(i))
			}
		}
		for i := range r.queue {
			w := &r.queue[i]
			w.step = min(w.step, len(plan.Classes[w.class].Pools)-1)
			w.wantedOff = w.wantedOff || !r.hopes(e.At, w)
		}
	case realcore.Accepted, realcore.Queued:
		if e.Enters() {
			r.enter(e)
		}
	case realcore.Widened:
		if w := r.waiter(e.Contact); w != nil {
			w.step = int(e.Arg)
		}
	case realcore.Dequeued:
		r.leave(e.Contact)
	case realcore.Closed:
		r.leave(e.Contact)
	case realcore.Offer:
		r.offer(e)
	case realcore.OfferEnded:
		r.offerEnded(e)
	case realcore.Connect, realcore.Dial:
		if r.people[e.Agent].task == 'r' {
			r.people[e.Agent].task = 't'
			r.people[e.Agent].from = e.At
			r.people[e.Agent].contacts++
			r.leave(e.Contact)
		}
	case realcore.SegmentEnded:
		p := &r.people[e.Agent]
		p.busy += int64(e.At - p.from)
		p.from = e.At
		p.task = 0
		if e.Arg != 0 {
			p.task = 'w'
		}
	case realcore.WrapUpEnded:
		p := &r.people[e.Agent]
		p.busy += int64(e.At - p.from)
		p.task = 0
	}
}

func (r *Reference) enter(e *realcore.Effect) {
	r.order++
	class := r.plan.Queues[e.Queue].Classes[min(int(e.Code), len(r.plan.Queues[e.Queue].Classes)-1)]
	w := waiter{ref: e.Contact, key: e.Key, class: int32(class), since: e.Since(), entered: e.At, no: r.order, wanted: e.Agent, fresh: true}
	w.wantedOff = !r.hopes(e.At, &w)
	r.queue = append(r.queue, w)
}

func (r *Reference) waiter(ref realcore.Ref) *waiter {
	for i := range r.queue {
		if r.queue[i].ref == ref {
			return &r.queue[i]
		}
	}
	return nil
}

func (r *Reference) leave(ref realcore.Ref) {
	for i := range r.queue {
		if r.queue[i].ref == ref {
			r.queue = append(r.queue[:i], r.queue[i+1:]...)
			return
		}
	}
}

func (r *Reference) offerEnded(e *realcore.Effect) {
	p := &r.people[e.Agent]
	p.task = 0
	w := r.waiter(e.Contact)
	if w != nil {
		w.ringing = false
		r.split[[2]int32{w.class, p.group0}]--
	}
	g := &r.plan.Groups[p.group]
	switch realcore.OfferOutcome(e.Code) {
	case realcore.OfferExpired, realcore.OfferDeclined:
		if p.intent == realcore.Ready {
			p.intent = realcore.NotReady
			d := g.RONAPenalty
			if realcore.OfferOutcome(e.Code) == realcore.OfferDeclined {
				d = g.RejectPenalty
			}
			if d > 0 {
				p.back = e.At.Add(d)
				r.order++
				p.backNo = r.order
			}
		}
	case realcore.OfferUndelivered:
		p.noPhone = true
		r.forget(e.Agent)
	}
}

// penalties lets those whose penalty has ended by now want contacts again, one
// by one. Several that end at one instant are matched one by one too, so those
// of the instant itself are left to the effects that need them (see offer).
func (r *Reference) penalties(now realcore.Instant) {
	for r.penalty(now) {
	}
}

// penalty ends the first penalty due by now, and reports whether there was one.
func (r *Reference) penalty(now realcore.Instant) bool {
	best := -1
	for i := range r.people {
		p := &r.people[i]
		if p.back > now || p.back == realcore.Never {
			continue
		}
		if best < 0 || p.back < r.people[best].back || p.back == r.people[best].back && p.backNo < r.people[best].backNo {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	p := &r.people[best]
	at := p.back
	p.intent, p.back = realcore.Ready, realcore.Never
	r.refresh(at)
	return true
}

func (r *Reference) routable(p *person) bool {
	return p.intent == realcore.Ready && !p.noPhone && p.task == 0
}

// refresh notes who has become ready, in order.
func (r *Reference) refresh(now realcore.Instant) {
	for i := range r.people {
		p := &r.people[i]
		is := r.routable(p)
		if is && !p.ready {
			r.order++
			p.readyAt, p.readyNo = now, r.order
		}
		p.ready = is
	}
}

// offer checks one decision from both sides.
func (r *Reference) offer(e *realcore.Effect) {
	err := r.check(e)
	for err != nil && r.penalty(e.At) {
		err = r.check(e)
	}
	if err != nil && r.wrong == nil {
		r.wrong = fmt.Errorf("at %v: %w\n%s", e.At, err, r.describe())
	}
	w, p := r.waiter(e.Contact), &r.people[e.Agent]
	if w == nil {
		return
	}
	w.ringing, w.wantedOff = true, true
	p.task, p.group0 = 'r', p.group
	r.turn++
	p.turnNo = r.turn
	r.split[[2]int32{w.class, p.group}]++
}

func (r *Reference) check(e *realcore.Effect) error {
	w, p := r.waiter(e.Contact), &r.people[e.Agent]
	if w == nil || w.ringing {
		return fmt.Errorf("contact %d is offered but does not wait", e.Key)
	}
	if !p.ready {
		return fmt.Errorf("agent %d is offered contact %d but is not ready (intent %v, task %q, no phone %v)", e.Agent, e.Key, p.intent, p.task, p.noPhone)
	}
	if !r.change {
		if best := r.bestAgent(e.At, w); best != int(e.Agent) {
			return fmt.Errorf("contact %d of class %d (order %v) went to agent %d; want agent %d", e.Key, w.class, r.plan.Classes[w.class].Order, e.Agent, best)
		}
	}
	if best := r.bestContact(e.At, int(e.Agent), w.ref); best != nil && best.ref != w.ref {
		return fmt.Errorf("agent %d got contact %d; want contact %d", e.Agent, e.Key, best.key)
	}
	return nil
}

// describe prints what the Reference knows, for a failing seed.
func (r *Reference) describe() string {
	s := ""
	for i := range r.people {
		p := &r.people[i]
		s += fmt.Sprintf("  agent %d of group %d: intent %v, task %q, ready %v since %v (no. %d), contacts %d, busy %d, turn %d\n",
			i, p.group, p.intent, p.task, p.ready, p.readyAt, p.readyNo, p.contacts, p.busy, p.turnNo)
	}
	for i := range r.queue {
		w := &r.queue[i]
		s += fmt.Sprintf("  contact %d of class %d at step %d since %v (no. %d), ringing %v, wants %d %v\n", w.key, w.class, w.step, w.since, w.no, w.ringing, w.wanted, !w.wantedOff)
	}
	return s
}
