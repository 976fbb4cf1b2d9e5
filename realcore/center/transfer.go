package center

import "callwright/realcore"

// transfer sends the customer to another queue (or to one agent first) and
// frees the agent. It opens a queue visit, not a contact.
func (c *Center) transfer(ev *realcore.Event, k *contact) error {
	if k.state != talking && k.state != held || k.dir == realcore.Internal {
		return ErrState
	}
	a := c.endSegment(k, true)
	c.settle(a)
	k.preferred = c.agentOrNone(ev.Agent)
	k.dir = realcore.Inbound // the customer is on the line, whoever rang whom
	k.epoch++
	c.admit(k, ev.Queue, ev.Code, c.now, 0)
	return nil
}

// consult puts the customer on hold and looks for a colleague: a contact of
// its own waits in the queue, tied to the customer's.
func (c *Center) consult(ev *realcore.Event, k *contact) error {
	if k.state != talking && k.state != held || k.dir == realcore.Internal {
		return ErrState
	}
	if c.contacts.open >= c.plan.Limits.MaxContacts {
		return ErrState
	}
	ref := k.ref
	p := c.contacts.take()
	k = c.contacts.at(ref) // the slab may have moved
	k.state, k.peer = consulting, p.ref
	p.key, p.dir, p.peer, p.preferred = ev.Key, realcore.Internal, ref, c.agentOrNone(ev.Agent)
	e := c.say(realcore.StartConsult, k)
	e.Agent, e.Offer = k.agent, p.ref
	c.admit(p, ev.Queue, ev.Code, c.now, 0)
	return nil
}

// consultDone hands the customer to the consulted agent.
func (c *Center) consultDone(k *contact) error {
	if k.state != consulting {
		return ErrState
	}
	p := c.contacts.at(k.peer)
	if p.state != talking {
		return ErrState
	}
	a := c.endSegment(k, true)
	k.agent, k.slot, k.state, k.peer = p.agent, p.slot, talking, realcore.Ref{}
	k.queue, k.talkSince = p.queue, c.now
	c.slots[k.slot].contact = k.ref
	p.agent, p.slot = realcore.None, realcore.None
	c.close(p, realcore.Answered, realcore.CauseNone)
	e := c.say(realcore.Joined, k)
	e.Agent = k.agent
	c.settle(a)
	return nil
}

// consultCanceled brings the first agent back to his customer.
func (c *Center) consultCanceled(k *contact) error {
	if k == nil || k.state != consulting {
		return ErrState
	}
	b := c.endConsult(k)
	k.state = talking
	e := c.say(realcore.Retrieve, k)
	e.Agent = k.agent
	c.settleIf(b)
	return nil
}

// endConsult ends the consultation of k, wherever it is, and returns the
// colleague to be settled, or None.
func (c *Center) endConsult(k *contact) realcore.AgentID {
	p := c.contacts.at(k.peer)
	k.peer = realcore.Ref{}
	b := realcore.AgentID(realcore.None)
	how := realcore.Abandoned
	switch p.state {
	case offered:
		b = p.agent
		c.endOffer(p, realcore.OfferCallerGone)
		c.leave(p, realcore.Abandoned)
	case waiting:
		c.leave(p, realcore.Abandoned)
	case talking:
		b = c.endSegment(p, false)
		how = realcore.Answered
	}
	c.close(p, how, realcore.CauseAgent)
	return b
}

func (c *Center) settleIf(a realcore.AgentID) {
	if a != realcore.None {
		c.settle(a)
	}
}

// shutdown closes everything that is open as lost and logs the agents out.
func (c *Center) shutdown() error {
	for a := range c.agents {
		if c.agents[a].intent != realcore.LoggedOut {
			c.setIntent(realcore.AgentID(a), realcore.LoggedOut, realcore.ReasonNone)
		}
		c.delistUnroutable(realcore.AgentID(a))
	}
	for i := range c.contacts.a {
		if k := &c.contacts.a[i]; k.state != free {
			c.lose(k)
		}
	}
	for s := range c.slots {
		if c.slots[s].state == realcore.WrapUp {
			c.endWrapUp(int32(s))
		}
	}
	for a := range c.agents {
		c.show(realcore.AgentID(a))
	}
	return nil
}

func (c *Center) lose(k *contact) {
	switch {
	case k.state == offered:
		c.endOffer(k, realcore.OfferWithdrawn)
	case k.agent != realcore.None:
		c.endSegment(k, false)
	}
	c.leave(k, realcore.Lost)
	c.close(k, realcore.Lost, realcore.CauseShutdown)
}
