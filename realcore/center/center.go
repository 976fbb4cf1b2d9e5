// Package center is the contact centre as a state machine without a clock.
//
// Step takes one event with the instant at which it happened and returns what
// must be done and what has become true. Expire runs the centre's own timers:
// ring time, wrap-up caps, penalties, menu time-outs and what queues do to
// those who wait. Deadline says when the next of them is due. The Center
// cannot tell whether a simulator or real phones play against it: the same
// plan, events and instants give the same effects, to the byte.
//
// It has no clock, no goroutine, no randomness and no log. A driver owns it
// and follows one rule:
//
//	at := the earlier of the next event and Deadline()
//	Expire(at); then Step(at, event); carry out all effects in order;
//	whatever they cause at once is stepped at the same instant, in the
//	order it arose, before the next event; after each Step, if Deadline()
//	is not after at, Expire(at) again.
//
// Where to look: arrive.go and flow.go for the way in, queue.go for waiting,
// match.go for who is chosen, offer.go for ringing, talk.go for the call and
// its wrap-up, transfer.go, treat.go for what queues do over time, agent.go
// for agents' intents and states, change.go for a new plan, explain.go for why.
package center

import (
	"errors"

	"callwright/realcore"
	"callwright/realcore/ivr"
)

// Step returns one of these for an event that changed nothing. Drivers count
// them; an event about something gone is normal, since worlds are late.
var (
	ErrGone  = errors.New("the contact, offer or agent of this event is gone")
	ErrState = errors.New("the event does not apply in this state")
)

// Center is one contact centre. It is not safe for concurrent use: one
// goroutine owns it.
type Center struct {
	plan  *realcore.Plan
	plans []*realcore.Plan // numbered by AddPlan; 0 is the first
	now   realcore.Instant
	out   []realcore.Effect

	contacts contactSlab
	offers   offerSlab
	agents   []agent
	slots    []slot
	links    []link // agent-major: links[agent*perAgent + list of its group]
	perAgent int

	pools       []pool // classBase[class] + step
	base        []int32
	groups      []group
	lists       []agentList
	waiting     []contactList // by pool, then one per agent for preferred contacts
	full        []uint64      // bitset of pools somebody waits in
	choosy      int32         // contacts that wait for one agent
	queues      []queueState
	lines       []int32  // lines in use by trunk
	taken       []uint64 // offers by class and group, class-major, for percentage splits
	takenGroups int
	splits      ivr.Splits

	timers   timers
	seq      uint64 // queue entries
	readySeq uint64
	turn     uint64

	watch    realcore.Key
	onChoice func(*Choice)
}

// New returns a Center for the plan, with every agent logged out. The plan
// must be valid and must not change afterwards.
func New(p *realcore.Plan) (*Center, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	c := &Center{timers: timers{bound: realcore.Never}}
	c.AddPlan(p)
	c.install(p)
	return c, nil
}

// Plan returns the plan in force. After a PlanChanged it is the merged one:
// everything keeps its index, removed things are marked Drain.
func (c *Center) Plan() *realcore.Plan { return c.plan }

// AddPlan gives a plan a number for a later PlanChanged event.
func (c *Center) AddPlan(p *realcore.Plan) int64 {
	c.plans = append(c.plans, p)
	return int64(len(c.plans) - 1)
}

// Step makes ev happen at now and appends its effects to out. ev is read, not
// kept: a copy of what has just been written field by field would stall the
// processor for longer than many a step takes. now must not be
// earlier than the last Step or Expire, and Expire(now) must have been called
// before; Step panics if time goes back or an index is outside the plan, since
// no correct driver does that. An event that comes too late or does not apply
// returns ErrGone or ErrState and changes nothing.
func (c *Center) Step(now realcore.Instant, ev *realcore.Event, out []realcore.Effect) ([]realcore.Effect, error) {
	if now < c.now {
		panic("center: time goes back")
	}
	c.now, c.out = now, out
	err := c.step(ev)
	return c.out, err
}

// Expire runs the centre's own timers that are due at or before now, each at
// its own instant, and appends the effects to out.
func (c *Center) Expire(now realcore.Instant, out []realcore.Effect) []realcore.Effect {
	if now < c.now {
		panic("center: time goes back")
	}
	c.out = out
	for {
		t, ok := c.timers.pop(c, now)
		if !ok {
			break
		}
		c.now = t.at
		c.fire(&t)
	}
	c.now = now
	return c.out
}

// Deadline returns the instant of the next timer, if any.
func (c *Center) Deadline() (realcore.Instant, bool) { return c.timers.next(c) }

// Due returns the instant of the next timer if that is not after at: what a
// driver with an event at hand wants to know. It costs a comparison where
// Deadline must look, since most timers are dead before their time.
func (c *Center) Due(at realcore.Instant) (realcore.Instant, bool) {
	if c.timers.bound > at {
		return realcore.Never, false
	}
	t, ok := c.timers.next(c)
	return t, ok && t <= at
}

func (c *Center) step(ev *realcore.Event) error {
	switch ev.Kind {
	case realcore.Arrived:
		return c.arrive(ev)
	case realcore.Dialled:
		return c.dialRequest(ev)
	case realcore.OfferAnswered, realcore.OfferRejected, realcore.OfferFailed:
		return c.answerOffer(ev)
	case realcore.AgentReady, realcore.AgentNotReady, realcore.AgentLogout,
		realcore.DeviceLost, realcore.DeviceBack:
		return c.agentEvent(ev)
	case realcore.PlanChanged:
		return c.changePlan(ev)
	case realcore.Shutdown:
		return c.shutdown()
	case realcore.WrapUpDone: // the contact itself is usually gone by then
		return c.wrapUpDone(ev.Agent, ev.Contact)
	}
	k := c.contacts.at(ev.Contact)
	if k == nil {
		return ErrGone
	}
	return c.contactEvent(ev, k)
}

func (c *Center) contactEvent(ev *realcore.Event, k *contact) error {
	switch ev.Kind {
	case realcore.HungUp:
		return c.hungUp(k)
	case realcore.Digit:
		return c.digit(k, ev.Code)
	case realcore.PromptDone:
		return c.promptDone(k)
	case realcore.DialAnswered:
		return c.dialAnswered(k)
	case realcore.DialFailed:
		return c.dialFailed(k)
	case realcore.VendorAnswered:
		return c.vendorAnswered(k)
	case realcore.VendorFailed:
		return c.vendorFailed(k)
	case realcore.Released:
		return c.released(ev.Agent, k)
	case realcore.Held:
		return c.hold(k)
	case realcore.Retrieved:
		return c.retrieve(k)
	case realcore.TransferBlind:
		return c.transfer(ev, k)
	case realcore.ConsultBegan:
		return c.consult(ev, k)
	case realcore.ConsultDone:
		return c.consultDone(k)
	case realcore.ConsultCanceled:
		return c.consultCanceled(k)
	}
	panic("center: unknown event kind")
}

// emit appends an effect that is about no contact and returns it to be filled
// in. It is good until the next one: effects are written where they will be
// read, since copying 64 bytes that have just been written in pieces stalls
// the processor longer than writing them.
func (c *Center) emit(kind realcore.EffectKind) *realcore.Effect {
	out := c.out
	n := len(out)
	if n < cap(out) {
		out = out[:n+1]
	} else {
		out = append(out, realcore.Effect{})
	}
	c.out = out
	e := &out[n]
	*e = realcore.Effect{}
	e.At, e.Kind = c.now, kind
	e.Queue, e.Agent, e.Trunk, e.Node = realcore.None, realcore.None, realcore.None, realcore.None
	return e
}

// say appends an effect about a contact, with everything that names it.
func (c *Center) say(kind realcore.EffectKind, k *contact) *realcore.Effect {
	e := c.emit(kind)
	e.Dir, e.Queue, e.Contact, e.Key = k.dir, k.queue, k.ref, k.key
	return e
}

// Contacts returns the number of contacts in the centre, consultations
// included.
func (c *Center) Contacts() int { return int(c.contacts.open) }

// Agent returns what an agent does, as last told, and why if he is not ready.
func (c *Center) Agent(a realcore.AgentID) (realcore.AgentState, realcore.Reason) {
	return c.agents[a].shown, c.agents[a].shownReason
}

// RefAt returns the handle of the contact that lives at an index of the slab;
// for drivers that keep their own side of each contact by index.
func (c *Center) RefAt(index uint32) realcore.Ref { return c.contacts.a[index].ref }

type queueState struct {
	waiting int32 // contacts in the queue not being offered, the preferred agents' included
	handle  int64 // moving mean of handling times, nanoseconds; for announcements
}
