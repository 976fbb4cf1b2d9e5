package world

import (
	"callwright/realcore"
	"callwright/traffic"
)

// planShift schedules an agent's coming and going.
func (w *World) planShift(s *traffic.Shift) {
	from, to := planned{do: comes, agent: int32(s.Agent)}, planned{do: goes, agent: int32(s.Agent)}
	if s.Reason != realcore.ReasonNone {
		from, to = planned{do: pauses, agent: int32(s.Agent), code: uint8(s.Reason)}, planned{do: resumes, agent: int32(s.Agent)}
	}
	*w.cal.Schedule(s.From) = from
	if s.To != realcore.Never {
		*w.cal.Schedule(s.To) = to
	}
}

// planArrival schedules the next arrival of a stream.
func (w *World) planArrival(stream int32) {
	if w.demand.Calls > 0 && w.arrivals >= w.demand.Calls {
		w.comings.set(stream, realcore.Never)
		return
	}
	at, key, luck, ok := w.cursors[stream].Next()
	if !ok || at >= w.demand.End {
		w.comings.set(stream, realcore.Never)
		return
	}
	w.comings.set(stream, at)
	p := &w.coming[stream]
	p.luck, p.key, p.stream = luck, KeyOf(int(stream), key), stream
}

// arrives: the next caller of a stream is there; then the one after him is known.
func (w *World) arrives(stream int32) {
	w.arrivals++
	w.arrival = &w.coming[stream]
	w.arrive()
	w.planArrival(stream)
}

// A key is the stream, the attempt and the number in the stream.
const (
	streamShift  = 48
	attemptShift = 44
)

// KeyOf returns the key of a stream's caller by his number, first attempt: for
// Center.Watch.
func KeyOf(stream int, number uint64) realcore.Key {
	return realcore.Key(uint64(stream)<<streamShift | number)
}

// happen does what was planned for now. p is gone once anything is scheduled.
func (w *World) happen(p *planned) {
	switch p.do {
	case callsAgain:
		i := p.agent
		w.arrival = &w.again[i]
		w.arrive()
		w.unused = append(w.unused, i)
	case comes:
		w.onDuty[p.agent] = true
		w.come(realcore.AgentID(p.agent))
	case goes:
		w.onDuty[p.agent] = false
		w.leave(realcore.AgentID(p.agent))
	case pauses, resumes:
		if w.onDuty[p.agent] { // else he has gone home from his break
			w.takeBreak(p)
		}
	case picksUp:
		w.step(&realcore.Event{Kind: realcore.OfferAnswered, Offer: p.ref})
	case declines:
		w.step(&realcore.Event{Kind: realcore.OfferRejected, Offer: p.ref})
	case wrapsUp:
		a, ref := realcore.AgentID(p.agent), p.ref
		w.relieve(a)
		w.step(&realcore.Event{Kind: realcore.WrapUpDone, Agent: a, Contact: ref})
	default:
		if c := &w.callers[p.ref.Index]; c.epoch == p.epoch {
			w.callerDoes(c, p.do, p.code, p.ref)
		}
	}
}

func (w *World) takeBreak(p *planned) {
	ev := realcore.Event{Kind: realcore.AgentReady, Agent: w.sitting(realcore.AgentID(p.agent))}
	if p.do == pauses {
		ev.Kind, ev.Code = realcore.AgentNotReady, p.code
	}
	w.step(&ev)
}

func (w *World) callerDoes(c *caller, what doing, code uint8, ref realcore.Ref) {
	if what == endsTalk {
		w.endTalk(c, ref)
		return
	}
	ev := realcore.Event{Contact: ref, Agent: realcore.None}
	switch what {
	case hangsUp:
		ev.Kind = realcore.HungUp
	case presses:
		ev.Kind, ev.Code = realcore.Digit, code
	case promptEnds:
		ev.Kind = realcore.PromptDone
	case reached:
		ev.Kind = realcore.DialAnswered
	case notReached:
		w.relieve(c.agent)
		ev.Kind = realcore.DialFailed
	case vendorTakes:
		ev.Kind = realcore.VendorAnswered
	case vendorRefuses:
		ev.Kind = realcore.VendorFailed
	}
	w.step(&ev)
}

// endTalk ends a talk: the customer hangs up, or the agent passes him on.
func (w *World) endTalk(c *caller, ref realcore.Ref) {
	if w.crew != nil && !w.plan.Groups[w.plan.Agents[c.agent].Group].WrapUp {
		w.relieve(c.agent)
		c = &w.callers[ref.Index]
	}
	if len(c.how.Transfer) > 0 {
		u := c.luck.Uniform(traffic.ForTransfer, uint32(c.talks))
		for i := range c.how.Transfer {
			t := &c.how.Transfer[i]
			if u < t.P {
				c.impatient = false
				w.step(&realcore.Event{Kind: realcore.TransferBlind, Contact: ref, Queue: t.Queue, Code: t.Tier, Agent: realcore.None})
				return
			}
			u -= t.P
		}
	}
	w.step(&realcore.Event{Kind: realcore.HungUp, Contact: ref})
}

// arrive brings w.arrival to the centre.
func (w *World) arrive() {
	c := w.arrival
	s := &w.demand.Sources[c.stream]
	how := &s.Callers[0]
	for i := 1; i < len(s.Callers) && s.Callers[i].From <= w.now; i++ {
		how = &s.Callers[i]
	}
	w.how = how
	ev := realcore.Event{Kind: realcore.Arrived, Key: c.key, Entry: s.Entry, Code: s.Tier, Agent: realcore.None}
	if s.Outbound != realcore.None {
		ev.Kind, ev.Queue = realcore.Dialled, s.Outbound
	}
	if p := how.Preferred; p > 0 {
		if u := c.luck.Uniform(traffic.ForPreferred, 0); u < p {
			ev.Agent = pick(w.known[c.stream], u/p)
		}
	}
	w.step(&ev)
}

// callAgain plans a further attempt, if the caller makes one.
func (w *World) callAgain(c *person, why traffic.Cause) {
	d, luck, again := w.demand.Sources[c.stream].Redial.Next(c.luck, why, int(c.attempt)+1)
	if !again || w.now.Add(d) >= w.demand.End {
		return
	}
	n := person{luck: luck, key: c.key + 1<<attemptShift, stream: c.stream, attempt: c.attempt + 1}
	i := int32(len(w.again))
	if k := len(w.unused); k > 0 {
		i = w.unused[k-1]
		w.unused = w.unused[:k-1]
		w.again[i] = n
	} else {
		w.again = append(w.again, n)
	}
	w.later(d, callsAgain, realcore.Ref{}).agent = i
}
