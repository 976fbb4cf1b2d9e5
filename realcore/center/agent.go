package center

import (
	"callwright/realcore"
	"callwright/realcore/routing"
)

// agent is one person. What he wants (intent) is stored apart from what his
// phone does (device) and what his slots do; whether a contact may be routed
// to him is derived from all three, never stored. It is 64 bytes: a cache line.
type agent struct {
	readySince realcore.Instant
	readySeq   uint64
	loggedIn   realcore.Instant
	busy       int64
	turn       uint64
	contacts   uint32
	intents    uint32 // changes of intent, so that a penalty timer knows itself dead
	group      realcore.GroupID
	slot0      int32
	slots      uint8

	intent realcore.AgentState // LoggedOut, NotReady or Ready
	reason realcore.Reason
	device bool
	ready  bool // free for some channel since readySince
	listed bool // may be in lists: always when ready, except while being matched

	shown       realcore.AgentState // last told by AgentBecame
	shownReason realcore.Reason
}

// slot is room for one contact on one channel. Wrap-up belongs to the slot.
type slot struct {
	agent   realcore.AgentID
	chan_   realcore.Channel
	state   realcore.AgentState // 0 (idle), Reserved, Handling or WrapUp
	contact realcore.Ref
	since   realcore.Instant // of Handling
	group   realcore.GroupID // the agent's at the offer: a plan may move him while it rings
	count   uint32           // changes of use, so that a wrap-up timer knows itself dead
}

const idle realcore.AgentState = 0

func (c *Center) agentEvent(ev *realcore.Event) error {
	a := ev.Agent
	ag := &c.agents[a] // out of range: no correct driver
	switch ev.Kind {
	case realcore.AgentReady:
		if ag.intent == realcore.Ready || c.plan.Agents[a].Drain {
			return ErrState
		}
		c.setIntent(a, realcore.Ready, realcore.ReasonNone)
	case realcore.AgentNotReady:
		r := realcore.Reason(ev.Code)
		if ag.intent == realcore.NotReady && ag.reason == r || c.plan.Agents[a].Drain {
			return ErrState
		}
		c.setIntent(a, realcore.NotReady, r)
	case realcore.AgentLogout:
		if ag.intent == realcore.LoggedOut {
			return ErrState
		}
		c.setIntent(a, realcore.LoggedOut, realcore.ReasonNone)
	case realcore.DeviceLost:
		if !ag.device {
			return ErrState
		}
		c.setDevice(a, false)
	case realcore.DeviceBack:
		if ag.device {
			return ErrState
		}
		c.setDevice(a, true)
	}
	c.settle(a)
	return nil
}

// setIntent changes what the agent wants. It applies at once to new offers;
// an offer or a contact in progress is not touched.
func (c *Center) setIntent(a realcore.AgentID, to realcore.AgentState, why realcore.Reason) {
	ag := &c.agents[a]
	was := c.wants(ag)
	if ag.intent == realcore.LoggedOut && to != realcore.LoggedOut {
		ag.loggedIn, ag.contacts, ag.busy = c.now, 0, 0
	}
	ag.intent, ag.reason = to, why
	ag.intents++
	c.countStaffed(ag, was)
	if to == realcore.LoggedOut {
		c.freePreferred(a)
	}
}

// setDevice notes that the agent's phone has gone or come back. An offer that
// is ringing on a lost phone ends undelivered, without punishment.
func (c *Center) setDevice(a realcore.AgentID, there bool) {
	ag := &c.agents[a]
	was := c.wants(ag)
	ag.device = there
	c.countStaffed(ag, was)
	if there {
		return
	}
	for s := ag.slot0; s < ag.slot0+int32(ag.slots); s++ {
		if c.slots[s].state == realcore.Reserved {
			k := c.contacts.at(c.slots[s].contact)
			c.endOffer(k, realcore.OfferUndelivered)
			c.delistUnroutable(a)
			c.comeBack(k)
		}
	}
	c.freePreferred(a)
}

func (c *Center) wants(ag *agent) bool { return ag.intent == realcore.Ready && ag.device }

func (c *Center) countStaffed(ag *agent, was bool) {
	if is := c.wants(ag); is && !was {
		c.groups[ag.group].staffed++
	} else if was && !is {
		c.groups[ag.group].staffed--
	}
}

// routable reports whether the agent may be offered a contact of the channel
// now. A voice call takes the whole agent; other channels share him.
func (c *Center) routable(ag *agent, ch realcore.Channel) bool {
	if ag.intent != realcore.Ready || !ag.device {
		return false
	}
	if ag.slots == 1 { // nearly everybody
		sl := &c.slots[ag.slot0]
		return sl.state == idle && sl.chan_ == ch
	}
	room := false
	for s := ag.slot0; s < ag.slot0+int32(ag.slots); s++ {
		sl := &c.slots[s]
		if sl.state == idle {
			room = room || sl.chan_ == ch
		} else if ch == realcore.Voice || sl.chan_ == realcore.Voice {
			return false
		}
	}
	return room
}

// free reports whether the agent is routable on any channel.
func (c *Center) free(ag *agent) bool {
	if ag.slots == 1 {
		return c.wants(ag) && c.slots[ag.slot0].state == idle
	}
	for ch := range realcore.NumChannels {
		if c.routable(ag, ch) {
			return true
		}
	}
	return false
}

// settle brings an agent's place in the lists and his shown state in line
// after anything about him has changed; one newly free is given work first.
func (c *Center) settle(a realcore.AgentID) {
	ag := &c.agents[a]
	free := c.free(ag)
	fresh := free && !ag.ready
	if fresh {
		ag.ready, ag.readySince = true, c.now
		c.readySeq++
		ag.readySeq = c.readySeq
	}
	if ag.slots == 1 { // nearly everybody
		c.settleOne(a, free, fresh)
		return
	}
	if free {
		for c.serve(a) {
		}
		c.enlistRoutable(a)
	}
	c.delistUnroutable(a)
	c.show(a)
}

func (c *Center) settleOne(a realcore.AgentID, free, fresh bool) {
	switch {
	case fresh:
		if c.serve(a) {
			return // reserved now, and shown so by the offer
		}
		c.enlistRoutable(a)
	case !free:
		ag := &c.agents[a]
		ag.ready = false
		c.unlistAgent(a, ag)
	}
	c.show(a)
}

// key returns the agent's place among the ready ones of a list.
func (ag *agent) key(o realcore.AgentOrder) uint64 {
	return routing.AgentKey(o, &routing.AgentStats{ReadySince: ag.readySince, Contacts: ag.contacts, Busy: ag.busy,
		LoggedIn: int64(ag.readySince - ag.loggedIn), Turn: ag.turn})
}

// enlistRoutable puts the agent in every list he belongs in.
func (c *Center) enlistRoutable(a realcore.AgentID) {
	ag := &c.agents[a]
	lists := c.groups[ag.group].lists
	ag.listed = true
	for i := range lists {
		if l := &lists[i]; !c.link(a, int32(i)).in() && c.routable(ag, l.chan_) {
			c.enlistAgent(a, l.list, ag.key(l.order))
		}
	}
}

func (c *Center) delistUnroutable(a realcore.AgentID) {
	ag := &c.agents[a]
	ag.ready = ag.ready && c.free(ag)
	if !ag.listed {
		return
	}
	if !ag.ready { // routable on no channel
		c.unlistAgent(a, ag)
		return
	}
	lists := c.groups[ag.group].lists
	for i := range lists {
		if l := &lists[i]; c.link(a, int32(i)).in() && !c.routable(ag, l.chan_) {
			c.delistAgent(a, l.list)
		}
	}
}

// unlistAgent takes the agent out of all lists.
func (c *Center) unlistAgent(a realcore.AgentID, ag *agent) {
	if !ag.listed {
		return
	}
	ag.listed = false
	lists := c.groups[ag.group].lists
	for i := range lists {
		c.delistAgent(a, lists[i].list)
	}
}

// stateOf derives what the agent does: the busiest slot, or else the intent.
func (c *Center) stateOf(ag *agent) (realcore.AgentState, realcore.Reason) {
	busiest := idle
	for s := ag.slot0; s < ag.slot0+int32(ag.slots); s++ {
		busiest = max(busiest, c.slots[s].state)
	}
	switch {
	case busiest != idle:
		return busiest, realcore.ReasonNone
	case ag.intent == realcore.LoggedOut:
		return realcore.LoggedOut, realcore.ReasonNone
	case !ag.device:
		return realcore.NotReady, realcore.ReasonDevice
	case ag.intent == realcore.NotReady:
		return realcore.NotReady, ag.reason
	}
	return realcore.Ready, realcore.ReasonNone
}

// showAs notes the state that the effect just emitted says the agent is in:
// Offer makes him reserved, Connect, Dial and Joined handling, SegmentEnded
// with wrap-up wrapping up. Only if another slot keeps him busier is more told.
func (c *Center) showAs(a realcore.AgentID, s realcore.AgentState) {
	ag := &c.agents[a]
	ag.shown, ag.shownReason = s, realcore.ReasonNone
	if ag.slots > 1 {
		c.show(a)
	}
}

// show tells the agent's state if it is another than last told.
func (c *Center) show(a realcore.AgentID) {
	ag := &c.agents[a]
	s, r := c.stateOf(ag)
	if s == ag.shown && r == ag.shownReason {
		return
	}
	ag.shown, ag.shownReason = s, r
	e := c.emit(realcore.AgentBecame)
	e.Agent, e.Code, e.Arg = a, uint8(s), int64(r)
}

// punish takes an agent who let an offer pass out of the ready ones, for a
// while or until he asks for contacts again.
func (c *Center) punish(a realcore.AgentID, why realcore.Reason) {
	ag := &c.agents[a]
	if ag.intent != realcore.Ready { // he has asked for something else meanwhile
		return
	}
	g := &c.plan.Groups[ag.group]
	penalty := g.RONAPenalty
	if why == realcore.ReasonReject {
		penalty = g.RejectPenalty
	}
	c.setIntent(a, realcore.NotReady, why)
	if penalty > 0 {
		c.timers.arm(c, penalty, penaltyTimer, uint32(a), ag.intents)
	}
}

func (c *Center) penaltyOver(a realcore.AgentID) {
	c.setIntent(a, realcore.Ready, realcore.ReasonNone)
	c.settle(a)
}
