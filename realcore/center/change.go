package center

import (
	"slices"

	"callwright/realcore"
)

// changePlan puts a new plan in force. Names are what lasts: everything keeps
// its index, new things come after the old ones, removed things drain
// (Merge). Contacts keep their places, agents their states; whoever can be
// matched under the new plan is matched at once.
func (c *Center) changePlan(ev *realcore.Event) error {
	merged, err := realcore.Merge(c.plan, c.plans[ev.Side]) // out of range: no correct driver
	if err != nil {
		return err
	}
	waitingNow := c.unlist()
	ready := c.unlistAgents()
	c.install(merged)
	c.regroup()
	c.emit(realcore.PlanIs).Arg = ev.Side
	for i := range c.contacts.a {
		if k := &c.contacts.a[i]; k.state == waiting || k.state == offered {
			k.clamp(&merged.Classes[k.class])
			c.lookAt(k, k.step) // pools have other numbers now
		}
	}
	for _, k := range waitingNow {
		if a := k.preferred; a != realcore.None && c.preferredOf(k) != realcore.None && merged.Classes[k.class].PreferredWait > 0 {
			c.enlist(k, int32(len(c.pools))+int32(a))
			continue
		}
		k.preferred = realcore.None
		c.enlist(k, k.pool)
	}
	for a := range c.agents {
		if merged.Agents[a].Drain && c.agents[a].intent != realcore.LoggedOut {
			c.setIntent(realcore.AgentID(a), realcore.LoggedOut, realcore.ReasonDrain)
		}
	}
	c.rematch(ready)
	return nil
}

// unlist takes every waiting contact out of its list, in order of arrival.
func (c *Center) unlist() []*contact {
	var all []*contact
	for i := range c.contacts.a {
		if k := &c.contacts.a[i]; k.state == waiting {
			c.delist(k)
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b *contact) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return all
}

// unlistAgents takes every ready agent out of the lists, in the order in which
// they became ready.
func (c *Center) unlistAgents() []realcore.AgentID {
	var ready []realcore.AgentID
	for a := range c.agents {
		c.agents[a].listed = false
		for _, l := range c.groups[c.agents[a].group].lists {
			c.delistAgent(realcore.AgentID(a), l.list)
		}
		if c.agents[a].ready {
			ready = append(ready, realcore.AgentID(a))
		}
	}
	slices.SortFunc(ready, func(a, b realcore.AgentID) int {
		if c.agents[a].readySeq < c.agents[b].readySeq {
			return -1
		}
		return 1
	})
	return ready
}

// regroup moves agents to the groups of the new plan and counts anew who
// wants contacts. An agent's slots stay those he came with: a changed
// capacity applies to agents who join after the change.
func (c *Center) regroup() {
	for a := range c.agents {
		ag := &c.agents[a]
		ag.group = c.plan.Agents[a].Group
		if c.wants(ag) {
			c.groups[ag.group].staffed++
		}
	}
}

// rematch gives the agents who were ready their places back, each taking a
// contact first if the new plan lets him.
func (c *Center) rematch(ready []realcore.AgentID) {
	for _, a := range ready {
		c.enlistRoutable(a)
	}
	for _, a := range ready {
		for c.free(&c.agents[a]) && c.serve(a) {
		}
	}
	for a := range c.agents {
		c.settle(realcore.AgentID(a))
	}
}

// clamp keeps the contact's progress within a class whose steps may have
// become fewer.
func (k *contact) clamp(cl *realcore.Class) {
	k.step = min(k.step, int32(len(cl.Pools))-1)
	n := uint16(len(cl.Program))
	k.armed, k.due, k.done = min(k.armed, n), min(k.due, n), min(k.done, n)
}
