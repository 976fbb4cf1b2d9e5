package center

import "callwright/realcore"

// offerTaken joins customer and agent; for an outbound contact the customer is
// rung first.
func (c *Center) offerTaken(k *contact, a realcore.AgentID) {
	ref := k.offer
	c.offers.put(ref.Index)
	k.offer = realcore.Ref{}
	sl := &c.slots[k.slot]
	sl.state, sl.since = realcore.Handling, c.now
	sl.count++
	c.agents[a].contacts++
	k.talkSince = c.now
	e := c.say(realcore.Connect, k)
	k.state = talking
	if k.dir == realcore.Outbound {
		e.Kind, k.state = realcore.Dial, dialling
	} else if k.dir == realcore.Inbound {
		k.flags |= answeredOnce
	}
	e.Agent, e.Offer = a, ref
	c.closeVisit(k)
	c.showAs(a, realcore.Handling)
}

func (c *Center) dialAnswered(k *contact) error {
	if k.state != dialling {
		return ErrState
	}
	k.state = talking
	k.flags |= answeredOnce
	e := c.say(realcore.Connect, k)
	e.Agent = k.agent
	return nil
}

func (c *Center) dialFailed(k *contact) error {
	if k.state != dialling {
		return ErrState
	}
	a := c.endSegment(k, false)
	c.close(k, realcore.Disconnected, realcore.CauseDialFail)
	c.settle(a)
	return nil
}

// hungUp: the customer has hung up.
func (c *Center) hungUp(k *contact) error {
	switch k.state {
	case inFlow:
		c.close(k, realcore.LeftInFlow, realcore.CauseFarEnd)
	case waiting:
		if k.dir != realcore.Inbound {
			return ErrState // nobody is on the line
		}
		c.leave(k, realcore.Abandoned)
		c.close(k, realcore.Abandoned, realcore.CauseFarEnd)
	case offered:
		if k.dir != realcore.Inbound {
			return ErrState
		}
		a := k.agent
		c.endOffer(k, realcore.OfferCallerGone)
		c.leave(k, realcore.Abandoned)
		c.close(k, realcore.Abandoned, realcore.CauseFarEnd)
		c.settle(a)
	case dialling:
		return c.dialFailed(k)
	case talking, held:
		if k.dir == realcore.Internal {
			return ErrState // a consultation has no customer
		}
		c.endCall(k, realcore.CauseFarEnd)
	case consulting:
		c.settleIf(c.endConsult(k))
		c.endCall(k, realcore.CauseFarEnd)
	case diverting, diverted:
		c.close(k, realcore.Overflowed, realcore.CauseFarEnd)
	case recording:
		c.close(k, realcore.Voicemailed, realcore.CauseFarEnd)
	}
	return nil
}

// endCall ends agent's part and contact together.
func (c *Center) endCall(k *contact, why realcore.Cause) {
	a := c.endSegment(k, true)
	c.close(k, realcore.Answered, why)
	c.settle(a)
}

// released: the agent has ended the call, or left a consultation.
func (c *Center) released(a realcore.AgentID, k *contact) error {
	if k.agent != a {
		return ErrState
	}
	switch k.state {
	case dialling:
		c.hangUpOn(k, realcore.CauseAgent)
		return c.dialFailed(k)
	case talking, held:
		if k.dir == realcore.Internal {
			return c.consultCanceled(c.contacts.at(k.peer))
		}
		c.hangUpOn(k, realcore.CauseAgent)
		c.endCall(k, realcore.CauseAgent)
		return nil
	case consulting:
		if p := c.contacts.at(k.peer); p.state == talking {
			return c.consultDone(k) // hanging up hands the customer over
		}
		c.settleIf(c.endConsult(k))
		c.hangUpOn(k, realcore.CauseAgent)
		c.endCall(k, realcore.CauseAgent)
		return nil
	}
	return ErrState
}

func (c *Center) hangUpOn(k *contact, why realcore.Cause) {
	e := c.say(realcore.HangUp, k)
	e.Code = uint8(why)
}

// endSegment ends the agent's part of the contact and begins his wrap-up, if
// he has one. It returns the agent, whom the caller settles once the contact
// is where it belongs.
func (c *Center) endSegment(k *contact, wrap bool) realcore.AgentID {
	a, s := k.agent, k.slot
	ag := &c.agents[a]
	wrap = wrap && c.groups[ag.group].wrapUp && k.dir != realcore.Internal
	e := c.say(realcore.SegmentEnded, k)
	e.Agent, e.Arg = a, int64(b2i(wrap))
	q := &c.queues[k.queue]
	if d := int64(c.now - k.talkSince); q.handle == 0 {
		q.handle = d // the first one is all that is known
	} else {
		q.handle += (d - q.handle) / 16
	}
	sl := &c.slots[s]
	ag.busy += int64(c.now - sl.since)
	if wrap {
		sl.state, sl.since, sl.contact = realcore.WrapUp, c.now, k.ref
		sl.count++
		if limit := c.plan.Groups[ag.group].WrapUpCap; limit > 0 {
			c.timers.arm(c, limit, wrapUpTimer, uint32(s), sl.count)
		}
	} else {
		c.idleSlot(s)
	}
	k.agent, k.slot = realcore.None, realcore.None
	if wrap {
		c.showAs(a, realcore.WrapUp)
	}
	return a
}

// wrapUpDone: the agent has finished wrapping up after that contact.
func (c *Center) wrapUpDone(a realcore.AgentID, contact realcore.Ref) error {
	ag := &c.agents[a]
	for s := ag.slot0; s < ag.slot0+int32(ag.slots); s++ {
		if sl := &c.slots[s]; sl.state == realcore.WrapUp && sl.contact == contact {
			c.endWrapUp(s)
			return nil
		}
	}
	return ErrGone
}

func (c *Center) endWrapUp(s int32) {
	sl := &c.slots[s]
	a := sl.agent
	c.agents[a].busy += int64(c.now - sl.since)
	e := c.emit(realcore.WrapUpEnded)
	e.Agent, e.Contact = a, sl.contact
	c.idleSlot(s)
	c.settle(a)
}

func (c *Center) hold(k *contact) error {
	if k.state != talking || k.dir == realcore.Internal {
		return ErrState
	}
	k.state = held
	e := c.say(realcore.Hold, k)
	e.Agent = k.agent
	return nil
}

func (c *Center) retrieve(k *contact) error {
	if k.state != held {
		return ErrState
	}
	k.state = talking
	e := c.say(realcore.Retrieve, k)
	e.Agent = k.agent
	return nil
}
