package center

import "callwright/realcore"

// treat does to a contact what the plan says, and reports whether it has left
// its place for another queue, a vendor, a flow or for good. Contacts without
// a caller on the line (callbacks, dial requests, consultations) know only
// widening and other queues.
func (c *Center) treat(k *contact, t *realcore.Treatment, why realcore.Cause, moves int) bool {
	if k.dir != realcore.Inbound && t.Op != realcore.Widen && (t.Op != realcore.ToQueue || k.dir == realcore.Internal) {
		return false
	}
	switch t.Op {
	case realcore.Widen:
		c.widen(k)
		return k.state != waiting
	case realcore.SayPosition, realcore.OfferRinging:
		c.announce(k, t)
	case realcore.ToQueue:
		since := c.now
		if t.KeepTime && k.class != realcore.None {
			since = k.since
		}
		c.leave(k, realcore.Overflowed)
		c.admit(k, t.Queue, t.Tier, since, moves)
		return true
	case realcore.ToTrunk:
		return c.divert(k, t.Trunk)
	case realcore.ToVoicemail:
		c.record(k)
		return true
	case realcore.ToFlow:
		c.leave(k, realcore.Overflowed)
		k.flow.Node = t.Node
		c.enterFlow(k, moves)
		return true
	case realcore.Release:
		how := realcore.Disconnected
		if why == realcore.CauseClosed {
			how = realcore.OutOfHours
		}
		c.release(k, how, why)
		return true
	}
	return false
}

// widen lets the contact look in the next pool of its class too.
func (c *Center) widen(k *contact) {
	if c.pools[k.pool].last {
		return
	}
	// One who still waits for one agent alone stays there; one who is just
	// coming back from an offer is placed by comeBack.
	look := k.list != realcore.None && int(k.list) < len(c.pools)
	if look {
		c.delist(k)
	}
	c.lookAt(k, k.step+1)
	c.sayWidened(k)
	if look && !c.search(k) {
		c.enlist(k, k.pool)
	}
}

func (c *Center) sayWidened(k *contact) {
	e := c.say(realcore.Widened, k)
	e.Arg = int64(k.step)
}

// divert sends the contact to a vendor if there is a line.
func (c *Center) divert(k *contact, t realcore.TrunkID) bool {
	if !c.hasLine(t) {
		return false
	}
	c.leave(k, realcore.Overflowed)
	c.takeLine(t)
	k.vendor, k.state = t, diverting
	k.epoch++
	e := c.say(realcore.Divert, k)
	e.Trunk = t
	return true
}

func (c *Center) vendorAnswered(k *contact) error {
	if k.state != diverting {
		return ErrState
	}
	k.state = diverted
	e := c.say(realcore.VendorJoined, k)
	e.Trunk = k.vendor
	return nil
}

// vendorFailed brings the contact back to the queue it left, to its old place and
// to what the queue would have done to it next. One that never queued is
// released, and so is one whose queue has closed meanwhile.
func (c *Center) vendorFailed(k *contact) error {
	if k.state != diverting {
		return ErrState
	}
	c.freeLine(&k.vendor)
	if k.queue == realcore.None {
		c.release(k, realcore.Contained, realcore.CauseFarEnd)
		return nil
	}
	if c.closed(&c.plan.Queues[k.queue]) {
		c.release(k, realcore.OutOfHours, realcore.CauseClosed)
		return nil
	}
	step := k.step
	c.resume(k, k.queue, k.tier, k.since, k.done)
	if step > 0 {
		c.lookAt(k, step)
		c.sayWidened(k)
	}
	if !c.place(k) {
		c.wait(k)
	}
	return nil
}

// record lets the caller leave a message.
func (c *Center) record(k *contact) {
	c.leave(k, realcore.Voicemailed)
	k.state = recording
	k.epoch++
	c.say(realcore.Record, k)
}

// takeCallback lets the caller hang up and keep his place: he waits on as an
// outbound contact, and an agent who takes it rings him back once.
func (c *Center) takeCallback(k *contact) {
	q, tier, since, step := k.queue, k.tier, k.since, k.step
	c.leave(k, realcore.CalledBack)
	c.say(realcore.CallbackTaken, k)
	c.say(realcore.HangUp, k)
	c.freeLine(&k.trunk)
	k.dir = realcore.Outbound
	k.flags |= callbackTaken
	c.enter(k, q, tier, since)
	if step > 0 {
		c.lookAt(k, step)
		c.sayWidened(k)
	}
	if !c.place(k) {
		c.wait(k)
	}
}

// armProgram sets the timer of the next step of what the queue does.
func (c *Center) armProgram(k *contact) {
	cl := &c.plan.Classes[k.class]
	n := len(cl.Program)
	switch i := int(k.armed); {
	case i < n:
		d := cl.Program[i].After
		if i > 0 {
			d -= cl.Program[i-1].After
		}
		c.timers.arm(c, d, programTimer, k.ref.Index, k.epoch)
		k.armed++
	case n > 0 && cl.Repeat > 0:
		c.timers.arm(c, cl.Repeat, programTimer, k.ref.Index, k.epoch)
	}
}

// programDue: the next step is due. A contact whose offer is out catches up
// when it comes back.
func (c *Center) programDue(k *contact) {
	cl := &c.plan.Classes[k.class]
	due := int(k.armed) // steps due by now
	if due == 0 {
		return // a change of plan has taken the program away
	}
	repeated := due == int(k.done) && due == len(cl.Program)
	c.armProgram(k)
	if k.state != waiting {
		k.due = uint16(due)
		return
	}
	if repeated {
		c.treat(k, &cl.Program[due-1].Do, realcore.CauseTimeout, 0)
		return
	}
	k.due = uint16(due)
	c.catchUp(k)
}

// catchUp does the steps that are due and not done, and reports whether one
// of them took the contact away.
func (c *Center) catchUp(k *contact) bool {
	for k.done < k.due {
		do := &c.plan.Classes[k.class].Program[k.done].Do
		k.done++
		if c.treat(k, do, realcore.CauseTimeout, 0) {
			return true
		}
	}
	return false
}

// announce tells the caller his place and the wait to expect.
func (c *Center) announce(k *contact, t *realcore.Treatment) {
	e := c.say(realcore.Announce, k)
	if t.Op == realcore.OfferRinging {
		k.flags |= callbackOpen
		e.Code = 1
	}
	pos := c.position(k)
	e.Prompt = t.Prompt
	e.Arg = int64(pos)<<32 | c.estimate(k, pos)
}

// position returns the contact's place in its queue, from 1: those of all
// tiers who came before it count, since most of them are served before it.
func (c *Center) position(k *contact) int {
	pos := 1
	q := &c.plan.Queues[k.queue]
	for _, cl := range q.Classes {
		for s := range c.plan.Classes[cl].Pools {
			h := c.waiting[c.base[cl]+int32(s)].head
			for h >= 0 && c.contacts.a[h].before(k) {
				pos++
				h = c.contacts.a[h].next
			}
		}
	}
	return pos
}

// estimate returns the wait in whole seconds that a caller at pos is told: the
// calls before him, each the moving mean of the queue's handling times long,
// shared by the agents who want contacts in the groups that he may go to.
func (c *Center) estimate(k *contact, pos int) int64 {
	staffed := int64(0)
	for _, rank := range c.pools[k.pool].ranks {
		for i := range rank {
			staffed += int64(c.groups[rank[i].group].staffed)
		}
	}
	return int64(pos) * c.queues[k.queue].handle / max(staffed, 1) / 1e9
}
