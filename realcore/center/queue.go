package center

import (
	"time"

	"callwright/realcore"
)

// maxMoves bounds how often one event may send a contact on from queue to
// queue or flow before it must wait. Plans that go in circles end there.
const maxMoves = 16

// admit brings a contact to a queue, or does what the plan says when that is
// closed. since is the instant from which its wait counts for its place.
func (c *Center) admit(k *contact, q realcore.QueueID, tier uint8, since realcore.Instant, moves int) {
	pq := &c.plan.Queues[q]
	if moves >= maxMoves {
		c.release(k, realcore.Contained, realcore.CauseLoop)
		return
	}
	if k.dir == realcore.Inbound && c.closed(pq) {
		if !c.treat(k, &pq.OnClosed, realcore.CauseClosed, moves+1) { // its vendor has no line, say
			c.release(k, realcore.OutOfHours, realcore.CauseClosed)
		}
		return
	}
	c.enter(k, q, tier, since)
	if c.place(k) {
		return
	}
	if c.overfull(pq, q) && k.dir == realcore.Inbound {
		if !c.treat(k, &pq.OnFull, realcore.CauseFull, moves+1) {
			c.release(k, realcore.Disconnected, realcore.CauseFull)
		}
		return
	}
	c.wait(k)
}

func (c *Center) closed(pq *realcore.Queue) bool {
	return pq.Drain || pq.Calendar != realcore.None && !c.plan.Calendars[pq.Calendar].OpenAt(c.now)
}

func (c *Center) overfull(pq *realcore.Queue, q realcore.QueueID) bool {
	return pq.MaxLength == realcore.NoWaiting || pq.MaxLength > 0 && c.queues[q].waiting >= pq.MaxLength
}

// enter opens a visit to a queue.
func (c *Center) enter(k *contact, q realcore.QueueID, tier uint8, since realcore.Instant) {
	c.resume(k, q, tier, since, 0)
}

// resume opens a visit in which the first steps of the queue's program are done.
func (c *Center) resume(k *contact, q realcore.QueueID, tier uint8, since realcore.Instant, done uint16) {
	classes := c.plan.Queues[q].Classes
	k.queue, k.tier = q, tier
	k.class = classes[min(int(tier), len(classes)-1)]
	k.state, k.armed, k.due, k.done = waiting, done, done, done
	c.lookAt(k, 0)
	k.epoch++
	c.seq++
	k.seq, k.since = c.seq, since
	c.sayQueued(k)
	if !c.pools[k.pool].idle {
		c.armProgram(k)
	}
}

// sayQueued tells that the contact has entered its queue; in one with its being
// accepted if that is what has just happened.
func (c *Center) sayQueued(k *contact) {
	if n := len(c.out); n > 0 {
		if e := &c.out[n-1]; e.Kind == realcore.Accepted && e.Contact == k.ref && e.Code == k.tier && k.since == c.now {
			e.Queue, e.Agent = k.queue, k.preferred
			return
		}
	}
	e := c.say(realcore.Queued, k)
	e.Code, e.Arg, e.Agent = k.tier, int64(k.since), k.preferred
}

// place offers a contact that has just begun to search to a ready agent, the
// preferred one if he is free. It reports whether it could.
func (c *Center) place(k *contact) bool {
	p := &c.pools[k.pool]
	if a := c.preferredOf(k); a != realcore.None && c.routable(&c.agents[a], p.chan_) {
		c.chosen(k, a, false)
		c.offerTo(k, a)
		return true
	}
	if c.preferredOf(k) != realcore.None && c.plan.Classes[k.class].PreferredWait > 0 {
		return false
	}
	return c.search(k)
}

// search offers the contact to the best ready agent of its pool, if any.
func (c *Center) search(k *contact) bool {
	a := c.bestAgent(&c.pools[k.pool])
	c.chosen(k, a, false)
	if a == realcore.None {
		return false
	}
	c.offerTo(k, a)
	return true
}

// wait puts the contact in its list: its preferred agent's, for as long as the
// class allows, or its pool's. Whoever has begun to look among all, or has been
// offered to anybody, has no preference any more.
func (c *Center) wait(k *contact) {
	k.state = waiting
	if a := c.preferredOf(k); a != realcore.None {
		if d := c.plan.Classes[k.class].PreferredWait; d > 0 {
			c.enlist(k, int32(len(c.pools))+int32(a))
			c.timers.arm(c, d, preferredTimer, k.ref.Index, k.epoch)
			return
		}
	}
	k.preferred = realcore.None
	c.enlist(k, k.pool)
}

// preferredOf returns the agent the contact asks for, if he is there and may
// take it at all.
func (c *Center) preferredOf(k *contact) realcore.AgentID {
	a := k.preferred
	if a == realcore.None {
		return a
	}
	ag := &c.agents[a]
	if ag.intent == realcore.LoggedOut || !ag.device || !c.serves(ag.group, k.pool) {
		return realcore.None
	}
	return a
}

func (c *Center) serves(g realcore.GroupID, pool int32) bool {
	return c.groups[g].mask[pool/64]&(1<<(pool%64)) != 0
}

// preferredOver sends a contact that has waited long enough for one agent to
// look among all.
func (c *Center) preferredOver(k *contact) {
	k.preferred = realcore.None
	if k.state != waiting {
		return // being offered; it will not wait for him again
	}
	c.seek(k)
}

// seek takes a waiting contact from where it waits and searches its pool.
func (c *Center) seek(k *contact) {
	c.delist(k)
	if !c.search(k) {
		c.enlist(k, k.pool)
	}
}

// freePreferred lets those who wait for an agent who is gone look among all.
func (c *Center) freePreferred(a realcore.AgentID) {
	for {
		h := c.waiting[len(c.pools)+int(a)].head
		if h < 0 {
			return
		}
		k := &c.contacts.a[h]
		k.preferred = realcore.None
		c.seek(k)
	}
}

// comeBack gives a contact whose offer failed its place back. What the queue
// would have done to it meanwhile is done now.
func (c *Center) comeBack(k *contact) {
	c.say(realcore.Requeued, k)
	if c.catchUp(k) {
		return
	}
	if !c.place(k) {
		c.wait(k)
	}
}

// leave ends the visit to the queue, if one is open, without an answer.
func (c *Center) leave(k *contact, how realcore.Outcome) {
	if k.class == realcore.None {
		return
	}
	c.delist(k)
	e := c.say(realcore.Dequeued, k)
	e.Code = uint8(how)
	c.closeVisit(k)
}

func (c *Center) closeVisit(k *contact) {
	k.class = realcore.None
	k.epoch++
	k.flags &^= callbackOpen
}

// timeOf reads nanoseconds kept as an integer.
func timeOf(ns int64) time.Duration { return time.Duration(ns) }
