package cti

import (
	"time"

	"callwright/realcore"
)

// floor is the centre as pages see it: what each agent does, who waits where. It is
// folded from effects, under Server.mu.
type floor struct {
	plan     *realcore.Plan
	desks    []desk
	contacts map[realcore.Key]*contact       // in the centre; Plan.Limits bounds them
	gone     *recent[realcore.Key, *contact] // have left: a recording is told of later
	agents   map[string]realcore.AgentID
	serves   [][]bool           // by group and queue
	touched  []realcore.AgentID // whose desks have changed since they were last told
}

// contact is one in the centre.
type contact struct {
	key     realcore.Key
	ref     realcore.Ref
	dir     realcore.Direction
	number  string
	queue   realcore.QueueID
	waiting bool             // in a queue, being offered included
	since   realcore.Instant // of waiting
	paused  bool             // its recording
}

func newFloor() *floor {
	return &floor{contacts: map[realcore.Key]*contact{}, gone: newRecent[realcore.Key, *contact](4096)}
}

// adopt takes a plan over. A plan that replaces another keeps its indexes.
func (f *floor) adopt(p *realcore.Plan) {
	f.plan = p
	for len(f.desks) < len(p.Agents) {
		f.desks = append(f.desks, desk{})
	}
	f.agents = make(map[string]realcore.AgentID, len(p.Agents))
	for i := range p.Agents {
		f.agents[p.Agents[i].Name] = realcore.AgentID(i)
	}
	f.serves = make([][]bool, len(p.Groups))
	for g := range p.Groups {
		f.serves[g] = make([]bool, len(p.Queues))
		for _, s := range p.Groups[g].Serves {
			f.serves[g][p.Classes[s.Class].Queue] = true
		}
	}
}

// agentNamed returns the agent of a name; None if the plan has none.
func (f *floor) agentNamed(name string) realcore.AgentID {
	if a, ok := f.agents[name]; ok {
		return a
	}
	return realcore.None
}

// desk returns an agent's desk, noting that it changes.
func (f *floor) desk(a realcore.AgentID) *desk {
	f.touched = append(f.touched, a)
	return &f.desks[a]
}

// contact returns the contact of an effect; one that came before this server looked is
// made up of what the effect says.
func (f *floor) contact(e *realcore.Effect, caller func(realcore.Key) string) *contact {
	c := f.contacts[e.Key]
	if c == nil {
		c = &contact{key: e.Key, number: caller(e.Key)}
		f.contacts[e.Key] = c
	}
	c.ref, c.dir = e.Contact, e.Dir
	if e.Queue != realcore.None {
		c.queue = e.Queue
	}
	return c
}

// effect folds one effect in; caller says who a contact is.
func (f *floor) effect(e *realcore.Effect, caller func(realcore.Key) string) {
	switch e.Kind {
	case realcore.Accepted, realcore.Queued:
		c := f.contact(e, caller)
		if e.Enters() {
			c.waiting, c.since = true, e.At
		}
	case realcore.Dequeued:
		f.contact(e, caller).waiting = false
	case realcore.Offer:
		d := f.desk(e.Agent)
		d.become(realcore.Reserved, realcore.ReasonNone, e.At)
		d.wants = nil // he is ready, or had no offer
		d.take(f.contact(e, caller), ringing, e.At)
		d.call.offer = e.Offer
	case realcore.OfferEnded:
		if d := &f.desks[e.Agent]; d.call != nil && d.call.offer == e.Offer && d.call.stage == ringing {
			f.desk(e.Agent).call = nil
		}
	case realcore.Connect, realcore.Dial, realcore.Joined:
		c := f.contact(e, caller)
		c.waiting = false
		d := f.desk(e.Agent)
		d.become(realcore.Handling, realcore.ReasonNone, e.At)
		if e.Kind == realcore.Dial {
			d.take(c, dialling, e.At)
		} else {
			d.take(c, talking, e.At)
		}
	case realcore.Hold:
		f.stage(e, held)
	case realcore.StartConsult:
		f.stage(e, consulting)
	case realcore.Retrieve:
		f.stage(e, talking)
	case realcore.SegmentEnded:
		if e.Arg != 0 {
			f.desk(e.Agent).become(realcore.WrapUp, realcore.ReasonNone, e.At)
			f.stage(e, wrappingUp)
		} else {
			f.stage(e, ended)
		}
	case realcore.WrapUpEnded:
		if d := f.desk(e.Agent); d.call != nil && d.call.stage == wrappingUp && d.call.ref == e.Contact {
			d.call.stage, d.call.since = ended, e.At
		}
	case realcore.AgentBecame:
		d := f.desk(e.Agent)
		d.become(realcore.AgentState(e.Code), realcore.Reason(e.Arg), e.At)
		d.wants = nil
	case realcore.Closed:
		if c := f.contacts[e.Key]; c != nil {
			delete(f.contacts, e.Key)
			f.gone.put(e.Key, c)
		}
	}
}

// wish notes what a busy agent will be once his call is over, whether a page asked for it or
// his telephone: the event that asked has no effect yet.
func (f *floor) wish(ev *realcore.Event) {
	d := f.desk(ev.Agent)
	d.wants = nil
	if d.state != realcore.Reserved && d.state != realcore.Handling && d.state != realcore.WrapUp {
		return
	}
	switch ev.Kind {
	case realcore.AgentReady:
		d.wants = &wish{state: realcore.Ready}
	case realcore.AgentNotReady:
		d.wants = &wish{realcore.NotReady, realcore.Reason(ev.Code)}
	case realcore.AgentLogout:
		d.wants = &wish{state: realcore.LoggedOut}
	}
}

// known returns a contact that is in the centre or has lately left it; nil if neither.
func (f *floor) known(key realcore.Key) *contact {
	if c := f.contacts[key]; c != nil {
		return c
	}
	c, _ := f.gone.get(key)
	return c
}

// stage moves the agent's call on, if it is this contact's.
func (f *floor) stage(e *realcore.Effect, to stage) {
	if d := f.desk(e.Agent); d.call != nil && d.call.key == e.Key {
		d.call.stage, d.call.since = to, e.At
	}
}

// waits is who waits in a queue now.
type waits struct {
	calls     int // on the line
	callbacks int // places kept for those who will be rung, and calls that agents asked for
	oldest    realcore.Instant
	today     int // of calls, those who came since the day began
}

// waiting counts the waiting by queue.
func (f *floor) waiting(day realcore.Instant) []waits {
	out := make([]waits, len(f.plan.Queues))
	for i := range out {
		out[i].oldest = realcore.Never
	}
	for _, c := range f.contacts {
		if !c.waiting || int(c.queue) >= len(out) {
			continue
		}
		w := &out[c.queue]
		switch c.dir {
		case realcore.Inbound:
			w.calls++
			w.oldest = min(w.oldest, c.since)
			if c.since >= day {
				w.today++
			}
		case realcore.Outbound:
			w.callbacks++
		}
	}
	return out
}

// wall is an instant as browsers count: milliseconds since 1970. 0: never.
func (s *Server) wall(at realcore.Instant) int64 {
	if at == realcore.Never || s.host == nil {
		return 0
	}
	return s.host.Wall(at).UnixMilli()
}

func milli(t time.Time) int64 { return t.UnixMilli() }
