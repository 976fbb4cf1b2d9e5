package center

import "callwright/realcore"

// arrive takes an inbound contact in: a line, then its entry's flow.
func (c *Center) arrive(ev *realcore.Event) error {
	entry := &c.plan.Entries[ev.Entry] // out of range: no correct driver
	if cause := c.refuse(entry); cause != realcore.CauseNone {
		e := c.emit(realcore.Rejected)
		e.Key, e.Code, e.Arg, e.Trunk = ev.Key, uint8(cause), int64(ev.Entry), entry.Trunk
		return nil
	}
	k := c.contacts.take()
	k.key, k.tier, k.preferred = ev.Key, ev.Code, c.agentOrNone(ev.Agent)
	k.trunk = entry.Trunk
	c.takeLine(k.trunk)
	e := c.say(realcore.Accepted, k)
	e.Trunk, e.Arg, e.Code = entry.Trunk, int64(ev.Entry), ev.Code
	k.flow.Node = entry.Start
	c.enterFlow(k, 0)
	return nil
}

// refuse says why an arrival at the entry cannot get in.
func (c *Center) refuse(entry *realcore.Entry) realcore.Cause {
	switch {
	case c.contacts.open >= c.plan.Limits.MaxContacts:
		return realcore.CauseLimit
	case entry.Drain, !c.hasLine(entry.Trunk):
		return realcore.CauseNoLine
	}
	return realcore.CauseNone
}

// dialRequest takes an outbound contact in: it waits for an agent like any
// other, and only then is the customer rung.
func (c *Center) dialRequest(ev *realcore.Event) error {
	q := &c.plan.Queues[ev.Queue]
	if q.Drain || c.contacts.open >= c.plan.Limits.MaxContacts {
		e := c.emit(realcore.Rejected)
		e.Dir, e.Queue, e.Key, e.Code, e.Arg = realcore.Outbound, ev.Queue, ev.Key, uint8(realcore.CauseLimit), realcore.None
		return nil
	}
	k := c.contacts.take()
	k.key, k.dir, k.preferred = ev.Key, realcore.Outbound, c.agentOrNone(ev.Agent)
	e := c.say(realcore.Accepted, k)
	e.Arg = realcore.None
	c.admit(k, ev.Queue, ev.Code, c.now, 0)
	return nil
}

func (c *Center) agentOrNone(a realcore.AgentID) realcore.AgentID {
	if a == realcore.None {
		return a
	}
	_ = c.agents[a] // out of range: no correct driver
	return a
}

func (c *Center) hasLine(t realcore.TrunkID) bool {
	if t == realcore.None {
		return true
	}
	pt := &c.plan.Trunks[t]
	return !pt.Drain && (pt.Lines == 0 || c.lines[t] < pt.Lines)
}

func (c *Center) takeLine(t realcore.TrunkID) {
	if t != realcore.None {
		c.lines[t]++
	}
}

func (c *Center) freeLine(t *realcore.TrunkID) {
	if *t != realcore.None {
		c.lines[*t]--
		*t = realcore.None
	}
}

// close ends the contact for good. One that spoke to an agent counts as
// answered and one that took a callback as called back, whatever came later.
func (c *Center) close(k *contact, how realcore.Outcome, why realcore.Cause) {
	switch {
	case how == realcore.Lost:
	case k.has(answeredOnce) && !k.has(callbackTaken):
		how = realcore.Answered
	case k.has(callbackTaken):
		how = realcore.CalledBack
	}
	e := c.say(realcore.Closed, k)
	e.Code, e.Arg = uint8(how), int64(why)
	c.freeLine(&k.trunk)
	c.freeLine(&k.vendor)
	c.contacts.put(k)
}

// release hangs up on the customer and closes the contact.
func (c *Center) release(k *contact, how realcore.Outcome, why realcore.Cause) {
	c.leave(k, how)
	if k.dir == realcore.Inbound {
		e := c.say(realcore.HangUp, k)
		e.Code = uint8(why)
	}
	c.close(k, how, why)
}
