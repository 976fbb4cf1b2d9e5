package center

import (
	"callwright/realcore"
	"callwright/realcore/routing"
)

// Choice is one decision of the Center: which agent got a contact, or that
// none did, with everything that was weighed.
type Choice struct {
	At      realcore.Instant
	Contact realcore.Ref
	Key     realcore.Key
	Queue   realcore.QueueID
	Class   realcore.ClassID
	Step    int32            // widening step searched
	Agent   realcore.AgentID // chosen, or None: the contact waits
	Freed   bool             // the agent became free and chose among contacts; otherwise the contact chose among agents
	Agents  []Candidate      // every agent of the plan
	Rivals  []Rival          // if Freed: the first contact of every pool the agent's group serves
}

// Candidate is one agent as the decision saw him.
type Candidate struct {
	Agent    realcore.AgentID
	Rank     int    // in the pool's ranks, from 0; None if his group may not take the contact
	Key      uint64 // by the class's agent order; the lowest of the lowest rank is taken
	ReadySeq uint64 // breaks ties
	WhyNot   WhyNot
}

// Rival is one waiting contact as the decision saw it.
type Rival struct {
	Contact realcore.Ref
	Key     realcore.Key
	Class   realcore.ClassID
	Rank    int32 // in the group's order
	Since   realcore.Instant
	Score   int64 // under Priority
}

// WhyNot says why an agent could not be taken.
type WhyNot uint8

// The reasons.
const (
	Eligible    WhyNot = iota // he could; if not chosen, another key came first
	WrongGroup                // his group does not serve the class at this step
	NotLoggedIn               //
	IsNotReady                //
	NoDevice                  //
	IsBusy                    // on a call, ringing or wrapping up
	KeptBack                  // the class must leave that many ready in his group
)

var whyNotNames = [...]string{"eligible", "wrong-group", "logged-out", "not-ready", "no-device", "busy", "reserve"}

func (w WhyNot) String() string { return whyNotNames[w] }

// Watch has fn called at every decision about the contact with the given key,
// before it takes effect. Explanations are computed, not stored: a driver
// re-runs or replays a day with the same events and watches the contact that
// it was asked about. fn must not call the Center.
func (c *Center) Watch(key realcore.Key, fn func(*Choice)) { c.watch, c.onChoice = key, fn }

// chosen tells the watcher, if it is about this contact.
func (c *Center) chosen(k *contact, a realcore.AgentID, freed bool) {
	if c.onChoice != nil && k.key == c.watch {
		c.tell(k, a, freed)
	}
}

func (c *Center) tell(k *contact, a realcore.AgentID, freed bool) {
	ch := &Choice{At: c.now, Contact: k.ref, Key: k.key, Queue: k.queue, Class: k.class, Step: k.step, Agent: a, Freed: freed}
	p := &c.pools[k.pool]
	for i := range c.agents {
		ch.Agents = append(ch.Agents, c.candidate(p, realcore.AgentID(i)))
	}
	if freed && a != realcore.None {
		g := &c.groups[c.agents[a].group]
		for _, s := range g.serves {
			if h := c.waiting[s.pool].head; h >= 0 {
				r, rp := &c.contacts.a[h], &c.pools[s.pool]
				ch.Rivals = append(ch.Rivals, Rival{Contact: r.ref, Key: r.key, Class: rp.class, Rank: s.rank, Since: r.since,
					Score: routing.Score(c.now, r.since, timeOf(rp.credit), rp.rate)})
			}
		}
	}
	c.onChoice(ch)
}

func (c *Center) candidate(p *pool, a realcore.AgentID) Candidate {
	ag := &c.agents[a]
	cand := Candidate{Agent: a, Rank: realcore.None, ReadySeq: ag.readySeq}
	for r, rank := range p.ranks {
		for i := range rank {
			if rank[i].group == ag.group {
				cand.Rank = r
				l := &c.lists[rank[i].list]
				if m := c.link(a, l.place); m.in() {
					cand.Key = m.key
					if l.n <= p.reserve {
						cand.WhyNot = KeptBack
					}
				}
			}
		}
	}
	state, reason := c.stateOf(ag)
	switch {
	case cand.Rank == realcore.None:
		cand.WhyNot = WrongGroup
	case state == realcore.LoggedOut:
		cand.WhyNot = NotLoggedIn
	case reason == realcore.ReasonDevice:
		cand.WhyNot = NoDevice
	case state == realcore.NotReady:
		cand.WhyNot = IsNotReady
	case !c.routable(ag, p.chan_):
		cand.WhyNot = IsBusy
	}
	return cand
}
