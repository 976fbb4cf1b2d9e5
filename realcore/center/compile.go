package center

import (
	"time"

	"callwright/realcore"
	"callwright/realcore/ivr"
)

// pool is a class at one step of its search: where its contacts may go.
type pool struct {
	class   realcore.ClassID
	queue   realcore.QueueID
	chan_   realcore.Channel
	order   realcore.AgentOrder
	reserve int32
	credit  int64
	rate    int32
	ranks   [][]share
	single  []int32 // the ranks' lists, if each rank is one group: most are
	last    bool    // the class searches no wider than this
	idle    bool    // nothing happens to its contacts while they wait
}

// share is one group in a rank: the list of its ready agents in the class's order.
type share struct {
	group  realcore.GroupID
	list   int32
	weight int32
}

// group is what a freed agent of a group looks at.
type group struct {
	order   realcore.ContactOrder
	wrapUp  bool
	ring    time.Duration // how long an offer may ring; 0: for ever
	serves  []serve
	mask    []uint64 // pools served
	lists   []groupList
	staffed int32 // agents who want contacts, whatever they do now
}

// serve is a pool that the group's agents may take contacts from.
type serve struct {
	pool int32
	rank int32
}

// groupList is one of the orders in which the group's ready agents are kept:
// one for each (channel, order) in which some class asks for them.
type groupList struct {
	list  int32
	chan_ realcore.Channel
	order realcore.AgentOrder
}

// install compiles the plan into lists and masks and makes room for its
// agents. Contacts, offers and timers are left alone: see change.go.
func (c *Center) install(p *realcore.Plan) {
	c.plan = p
	c.compilePools(p)
	c.compileGroups(p)
	c.compileRanks(p)
	for len(c.queues) < len(p.Queues) {
		c.queues = append(c.queues, queueState{})
	}
	for len(c.lines) < len(p.Trunks) {
		c.lines = append(c.lines, 0)
	}
	c.keepTaken(p)
	c.splits = append(c.splits, ivr.NewSplits(p.Nodes)[len(c.splits):]...)
	c.makeAgents(p)
	c.waiting = make([]contactList, len(c.pools)+len(c.agents))
	for i := range c.waiting {
		c.waiting[i] = contactList{head: realcore.None, tail: realcore.None}
	}
	c.full = make([]uint64, (len(c.pools)+63)/64)
	c.links = make([]link, len(c.agents)*c.perAgent)
	for i := range c.links {
		c.links[i].prev = outside
	}
}

// keepTaken makes room for the plan's classes and groups in what splits count.
func (c *Center) keepTaken(p *realcore.Plan) {
	was, groups := c.taken, c.takenGroups
	c.taken, c.takenGroups = make([]uint64, len(p.Classes)*len(p.Groups)), len(p.Groups)
	for i, n := range was {
		c.taken[i/groups*c.takenGroups+i%groups] = n
	}
}

// takenBy is how often contacts of a class have been offered to a group.
func (c *Center) takenBy(class realcore.ClassID, g realcore.GroupID) *uint64 {
	return &c.taken[int(class)*c.takenGroups+int(g)]
}

func (c *Center) compilePools(p *realcore.Plan) {
	c.pools, c.base = nil, make([]int32, len(p.Classes))
	for i := range p.Classes {
		cl := &p.Classes[i]
		c.base[i] = int32(len(c.pools))
		for k := range cl.Pools {
			c.pools = append(c.pools, pool{class: realcore.ClassID(i), queue: cl.Queue, chan_: p.Queues[cl.Queue].Chan,
				order: cl.Order, reserve: cl.Reserve, credit: int64(cl.Credit), rate: cl.Rate, last: k == len(cl.Pools)-1, idle: len(cl.Program) == 0})
		}
	}
}

func (c *Center) compileGroups(p *realcore.Plan) {
	c.groups, c.lists, c.perAgent = make([]group, len(p.Groups)), nil, 0
	for i := range p.Groups {
		pg, g := &p.Groups[i], &c.groups[i]
		g.order, g.wrapUp, g.ring = pg.Order, pg.WrapUp, pg.RingTime
		g.mask = make([]uint64, (len(c.pools)+63)/64)
		for _, s := range pg.Serves {
			first := c.base[s.Class]
			for k := first + s.Step; k < first+int32(len(p.Classes[s.Class].Pools)); k++ {
				g.serves = append(g.serves, serve{pool: k, rank: s.Rank})
				g.mask[k/64] |= 1 << (k % 64)
				c.listOf(g, c.pools[k].chan_, c.pools[k].order)
			}
		}
		c.perAgent = max(c.perAgent, len(g.lists))
	}
}

// listOf returns the list of the group's ready agents for a channel and order,
// making it at first use.
func (c *Center) listOf(g *group, ch realcore.Channel, o realcore.AgentOrder) int32 {
	for _, l := range g.lists {
		if l.chan_ == ch && l.order == o {
			return l.list
		}
	}
	id := int32(len(c.lists))
	c.lists = append(c.lists, agentList{head: realcore.None, tail: realcore.None, place: int32(len(g.lists))})
	g.lists = append(g.lists, groupList{list: id, chan_: ch, order: o})
	return id
}

func (c *Center) compileRanks(p *realcore.Plan) {
	for i := range p.Classes {
		for k, pl := range p.Classes[i].Pools {
			dst := &c.pools[c.base[i]+int32(k)]
			for _, rank := range pl.Ranks {
				var shares []share
				for _, s := range rank {
					shares = append(shares, share{group: s.Group, weight: s.Weight,
						list: c.listOf(&c.groups[s.Group], dst.chan_, dst.order)})
				}
				dst.ranks = append(dst.ranks, shares)
				if len(shares) == 1 && len(dst.single) == len(dst.ranks)-1 {
					dst.single = append(dst.single, shares[0].list)
				}
			}
			if len(dst.single) < len(dst.ranks) {
				dst.single = nil
			}
		}
	}
}

func (c *Center) makeAgents(p *realcore.Plan) {
	for i := len(c.agents); i < len(p.Agents); i++ {
		g := &p.Groups[p.Agents[i].Group]
		a := agent{group: p.Agents[i].Group, device: true, slot0: int32(len(c.slots))}
		for ch, n := range g.Slots {
			for range n {
				c.slots = append(c.slots, slot{agent: realcore.AgentID(i), chan_: realcore.Channel(ch)})
			}
		}
		a.slots = uint8(int32(len(c.slots)) - a.slot0)
		c.agents = append(c.agents, a)
	}
}

// lookAt has the contact look as wide as a step of its class says.
func (c *Center) lookAt(k *contact, step int32) {
	k.step, k.pool = step, c.base[k.class]+step
}
