package center

import (
	"callwright/realcore"
	"callwright/realcore/routing"
)

// bestAgent returns the ready agent who should take a contact of the pool, or
// None. Ranks are tried in order; inside a rank the heads of the groups' lists
// compare by (key, who became ready first).
func (c *Center) bestAgent(p *pool) realcore.AgentID {
	for _, l := range p.single {
		if c.lists[l].n > p.reserve {
			return realcore.AgentID(c.lists[l].head)
		}
	}
	if p.single != nil {
		return realcore.None
	}
	for _, rank := range p.ranks {
		best := realcore.AgentID(realcore.None)
		if p.order == realcore.PercentSplit {
			best = c.behindShare(p, rank)
		} else {
			best = c.bestHead(p, rank)
		}
		if best != realcore.None {
			return best
		}
	}
	return realcore.None
}

func (c *Center) bestHead(p *pool, rank []share) realcore.AgentID {
	best := realcore.AgentID(realcore.None)
	var key, seq uint64
	for i := range rank {
		l := &c.lists[rank[i].list]
		if l.n <= p.reserve {
			continue
		}
		k, s := c.link(realcore.AgentID(l.head), l.place).key, c.agents[l.head].readySeq
		if best == realcore.None || k < key || k == key && s < seq {
			best, key, seq = realcore.AgentID(l.head), k, s
		}
	}
	return best
}

// behindShare returns the first ready agent of the group that has taken least
// for its weight.
func (c *Center) behindShare(p *pool, rank []share) realcore.AgentID {
	var best *share
	for i := range rank {
		s := &rank[i]
		if c.lists[s.list].n <= p.reserve {
			continue
		}
		if best == nil || routing.Behind(*c.takenBy(p.class, s.group), s.weight, *c.takenBy(p.class, best.group), best.weight) {
			best = s
		}
	}
	if best == nil {
		return realcore.None
	}
	return realcore.AgentID(c.lists[best.list].head)
}

// serve gives a freed agent the contact that should have him, if any waits:
// first those who wait for him alone, then the best head of the pools his
// group serves. It reports whether it made an offer to this agent.
func (c *Center) serve(a realcore.AgentID) bool {
	ag := &c.agents[a]
	if c.choosy > 0 {
		if h := c.waiting[len(c.pools)+int(a)].head; h >= 0 {
			k := &c.contacts.a[h]
			if c.routable(ag, c.pools[k.pool].chan_) {
				c.chosen(k, a, true)
				c.offerTo(k, a)
				return true
			}
		}
	}
	for {
		k := c.bestContact(a)
		if k == nil {
			return false
		}
		p := &c.pools[k.pool]
		if p.reserve == 0 { // nobody else was ready for it, or it would not wait
			c.chosen(k, a, true)
			c.offerTo(k, a)
			return true
		}
		// One ready agent more than the reserve: the rule of the class says who goes.
		c.enlistRoutable(a)
		who := c.bestAgent(p)
		c.chosen(k, who, true)
		c.offerTo(k, who)
		if who == a {
			return true
		}
	}
}

// bestContact returns the waiting contact that an agent of a's group should
// take: ranks in order, inside a rank the group's contact order.
func (c *Center) bestContact(a realcore.AgentID) *contact {
	ag := &c.agents[a]
	g := &c.groups[ag.group]
	if !intersects(c.full, g.mask) {
		return nil
	}
	var best *contact
	var bestScore int64
	rank := int32(0)
	for i := range g.serves {
		s := &g.serves[i]
		if best != nil && s.rank != rank {
			break
		}
		h := c.waiting[s.pool].head
		if h < 0 || !c.mayServe(a, ag, g, &c.pools[s.pool]) {
			continue
		}
		k, p := &c.contacts.a[h], &c.pools[s.pool]
		score := int64(0)
		if g.order == realcore.Priority {
			score = routing.Score(c.now, k.since, timeOf(p.credit), p.rate)
		}
		if best == nil || score > bestScore || score == bestScore && k.before(best) {
			best, bestScore, rank = k, score, s.rank
		}
	}
	return best
}

// mayServe reports whether the agent is free for the pool's channel and would
// leave the pool's reserve of ready colleagues.
func (c *Center) mayServe(a realcore.AgentID, ag *agent, g *group, p *pool) bool {
	if !c.routable(ag, p.chan_) {
		return false
	}
	if p.reserve == 0 {
		return true
	}
	for i := range g.lists {
		l := &g.lists[i]
		if l.chan_ == p.chan_ && l.order == p.order {
			ready := c.lists[l.list].n
			if !c.link(a, int32(i)).in() {
				ready++
			}
			return ready > p.reserve
		}
	}
	return false
}

func intersects(a, b []uint64) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}
