package scenarios

import (
	"slices"
	"strconv"
	"time"

	"callwright/realcore"
	"callwright/realcore/routing"
	"callwright/traffic"
)

// groups compiles groups but for what they serve and who works in them.
func (c *compiler) groups() {
	if len(c.f.Groups.Names) == 0 {
		c.bad("groups", "is empty; want at least one group of agents")
	}
	wrapup := false
	for _, s := range c.f.Calls.Items {
		wrapup = wrapup || s.Behaviour.WrapUp != nil
		for i := range s.Periods {
			wrapup = wrapup || s.Periods[i].Behaviour.WrapUp != nil
		}
	}
	plain := true
	for i, name := range c.f.Groups.Names {
		g, path := c.f.Groups.Items[i], "groups."+name
		r := realcore.Group{Name: name, WrapUp: wrapup, WrapUpCap: g.WrapUpCap,
			RingTime:    c.lengthOr(path+".ring-limit", g.RingLimit, 15*time.Second),
			RONAPenalty: c.lengthOr(path+".rona", g.Rona, time.Minute), RejectPenalty: c.lengthOr(path+".reject-penalty", g.RejectRest, time.Minute)}
		c.plan.Groups = append(c.plan.Groups, r)
		if g.Miss+g.Reject > 1 {
			c.bad(path+".reject", "is %g and miss %g; want at most 1 in all", float64(g.Reject), float64(g.Miss))
		}
		if r.RingTime == 0 && g.Miss > 0 {
			c.bad(path+".miss", "is %g, and ring-limit is 0s: a missed offer would ring for ever; want a limit", float64(g.Miss))
		}
		for _, x := range []struct {
			key string
			d   time.Duration
		}{{".rona", r.RONAPenalty}, {".reject-penalty", r.RejectPenalty}} {
			if x.d < time.Second {
				c.bad(path+x.key, "is %v; want at least 1s: whoever is ready at once is offered the same call again", x.d)
			}
		}
		if least := g.Ring.Law.Quantile(0); r.RingTime > 0 && least > r.RingTime.Seconds() {
			c.warn("group %s lets every call ring for at least %v and its ring-limit is %v: nobody answers", name, time.Duration(least*1e9), r.RingTime)
		}
		t := traffic.Team{Ring: g.Ring.Law, Miss: float64(g.Miss), Reject: float64(g.Reject), Pace: g.Pace}
		plain = plain && t == traffic.Team{}
		c.demand.Teams = append(c.demand.Teams, t)
	}
	if plain { // everybody picks up at once, which needs no telling
		c.demand.Teams = nil
		for _, name := range c.f.Groups.Names {
			c.assume("groups."+name+".ring", "at once", "no ring time given: waits are those of the formulas")
		}
	}
}

func (c *compiler) lengthOr(path string, d, def time.Duration) time.Duration {
	if c.has(path) {
		return d
	}
	return def
}

// queues compiles queues and their classes. The groups' side of it comes later.
func (c *compiler) queues() {
	if len(c.f.Queues.Names) == 0 {
		c.bad("queues", "is empty; want at least one queue")
	}
	for i, name := range c.f.Queues.Names {
		q, path := c.f.Queues.Items[i], "queues."+name
		r := realcore.Queue{Name: name, Chan: realcore.Channel(max(0, slices.Index([]string{"voice", "chat", "mail"}, q.Channel))),
			Calendar: c.calendarOf(path+".hours", q.Hours), MaxLength: int32(q.Most)}
		for t := range max(1, len(q.Tiers)) {
			r.Classes = append(r.Classes, realcore.ClassID(len(c.plan.Classes)+t))
		}
		c.plan.Queues = append(c.plan.Queues, r)
		c.classes(realcore.QueueID(i), q, path)
		c.s.Queues = append(c.s.Queues, c.target(name, q.Target, path+".target"))
	}
	// Flows get the first nodes, so that treatments can name them.
	for range c.f.Flows.Names {
		c.starts = append(c.starts, c.node(realcore.Node{}))
	}
	for i := range c.f.Queues.Items {
		c.treatments(realcore.QueueID(i), c.f.Queues.Items[i], "queues."+c.f.Queues.Names[i])
	}
}

// mostTiers is how many tiers a queue may have.
const mostTiers = 200

// classes adds the classes of a queue, one a tier.
func (c *compiler) classes(id realcore.QueueID, q *Queue, path string) {
	order := realcore.AgentOrder(max(0, slices.Index([]string{"longest-idle", "fewest-contacts", "least-occupied", "round-robin"}, q.Agent)))
	if q.Select == "split" || q.Groups.Shares != nil {
		order = realcore.PercentSplit
		if q.Agent != "" && q.Agent != "longest-idle" {
			c.bad(path+".agent", "is %s, and select is split, which takes the longest idle of a group; want no agent", q.Agent)
		}
	}
	tiers := q.Tiers
	if len(tiers) == 0 {
		tiers = []Tier{{}}
	}
	for t := range tiers {
		cl := realcore.Class{Name: q.className(c.f.Queues.Names[id], t), Queue: id, Tier: uint8(t), Credit: tiers[t].Credit,
			PreferredWait: q.Preferred, Order: order, Reserve: int32(q.Reserve)}
		if a := tiers[t].Ageing; a != nil {
			cl.Rate = int32(*a*1000 + 0.5)
		}
		c.tiered = c.tiered || cl.Credit != 0 || cl.Rate != 0
		c.pools(&cl, q, q.steps(t), path)
		c.plan.Classes = append(c.plan.Classes, cl)
	}
	if len(tiers) > mostTiers {
		c.bad(path+".tiers", "has %d tiers; want at most %d", len(tiers), mostTiers)
	}
}

func (q *Queue) className(queue string, t int) string {
	switch {
	case len(q.Tiers) == 0:
		return queue
	case q.Tiers[t].Name != "":
		return queue + "/" + q.Tiers[t].Name
	}
	return queue + "/" + strconv.Itoa(t)
}

// steps returns what happens while contacts of a tier wait.
func (q *Queue) steps(t int) []Step {
	if t < len(q.Tiers) && q.Tiers[t].Waiting != nil {
		return q.Tiers[t].Waiting
	}
	return q.Waiting
}

// search is which groups a contact may go to, as it widens.
type search struct {
	levels []routing.Level // 0: not yet
	listed []realcore.GroupID
	ranks  [][]realcore.GroupID // as nested lists give them
	weight []int32
}

// pools fills in where contacts of a class look, at once and after each widen.
func (c *compiler) pools(cl *realcore.Class, q *Queue, steps []Step, path string) {
	n := len(c.plan.Groups)
	s := search{levels: make([]routing.Level, n), weight: make([]int32, n)}
	if q.Groups.empty() && len(q.Needs.Names) == 0 {
		s.add(c, GroupRanks{Ranks: [][]string{c.f.Groups.Names}, Nested: true}, path)
		if n > 1 && cl.Tier == 0 {
			c.assume(path+".groups", "every group", "neither groups nor needs given")
		}
	}
	s.add(c, q.Groups, path+".groups")
	s.need(c, q.Needs, path+".needs")
	if len(s.listed) == 0 {
		c.bad(path, "is served by no group; want groups, or needs that some group meets")
	}
	cl.Pools = append(cl.Pools, s.pool(q))
	for i, st := range steps {
		if st.Do.Verb != "widen" {
			continue
		}
		at := stepPath(q, path, int(cl.Tier), i)
		if st.Groups.empty() && len(st.Needs.Names) == 0 {
			c.bad(at, "widens to nobody; want groups or needs beside widen")
		}
		s.add(c, st.Groups, at+".groups")
		s.need(c, st.Needs, at+".needs")
		cl.Pools = append(cl.Pools, s.pool(q))
	}
}

// add takes in groups by name.
func (s *search) add(c *compiler, g GroupRanks, path string) {
	for r, names := range g.Ranks {
		var rank []realcore.GroupID
		for k, name := range names {
			id := realcore.GroupID(c.named(rankPath(c, g, path, r, name), "group", name, c.f.Groups.Names))
			if id == realcore.None || s.levels[id] > 0 {
				continue
			}
			s.levels[id], s.weight[id] = 1, 1
			if g.Shares != nil {
				s.weight[id] = int32(g.Shares[k])
			}
			s.listed, rank = append(s.listed, id), append(rank, id)
		}
		if len(rank) > 0 {
			s.ranks = append(s.ranks, rank)
		}
	}
}

func rankPath(c *compiler, g GroupRanks, path string, r int, name string) string {
	if g.Shares != nil {
		return path + "." + name
	}
	if at := path + "[" + itoa(r) + "]"; c.has(at) {
		return at
	}
	return path
}

// need takes in groups by skill. Their level is that of the first skill named.
func (s *search) need(c *compiler, need Skills, path string) {
	if len(need.Names) == 0 {
		return
	}
	var known []string
	for _, g := range c.f.Groups.Items {
		known = append(known, g.Skills.Names...)
	}
	for _, name := range need.Names {
		if !slices.Contains(known, name) {
			c.named(path, "group's skill", name, known)
			return
		}
	}
	var rank []realcore.GroupID
	for id, g := range c.f.Groups.Items {
		first, able := 0, true
		for k, name := range need.Names {
			have := 0
			if i := slices.Index(g.Skills.Names, name); i >= 0 {
				have = g.Skills.Levels[i]
			}
			able = able && have >= need.Levels[k]
			if k == 0 {
				first = have
			}
		}
		if able && s.levels[id] == 0 {
			s.levels[id], s.weight[id] = routing.Level(first), 1
			s.listed, rank = append(s.listed, realcore.GroupID(id)), append(rank, realcore.GroupID(id))
		}
	}
	if len(rank) > 0 {
		s.ranks = append(s.ranks, rank)
	}
}

// pool ranks the groups found so far.
func (s *search) pool(q *Queue) realcore.Pool {
	switch {
	case q.Select == "most-skilled":
		return routing.Ranks(routing.MostSkilled, s.levels, 1, s.listed, s.weight)
	case q.Select == "in-order" && !q.Groups.Nested:
		return routing.Ranks(routing.InOrder, s.levels, 1, s.listed, s.weight)
	case q.Groups.Nested:
		var p realcore.Pool
		for _, rank := range s.ranks {
			p.Ranks = append(p.Ranks, routing.Ranks(routing.Together, s.levels, 1, rank, s.weight).Ranks...)
		}
		return p
	}
	return routing.Ranks(routing.Together, s.levels, 1, s.listed, s.weight)
}
