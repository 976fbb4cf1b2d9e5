package scenarios

import (
	"fmt"
	"math"
	"slices"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// mostAgents bounds what a scenario may ask for.
const mostAgents = 200_000

// staff hires the agents and gives them their shifts. Whoever works in the last
// interval of the last day stays until the last contact has gone; on other days
// he stays for what the file calls stay.
func (c *compiler) staff() {
	for g, name := range c.f.Groups.Names {
		s, path := c.f.Groups.Items[g].Agents, "groups."+name+".agents"
		switch {
		case s == nil:
			c.bad("groups."+name, "has no agents; want agents: and how many")
		case s.Plan.Shifts != nil:
			c.shifts(realcore.GroupID(g), name, s.Plan.Shifts, path+".shifts")
		default:
			c.crew(realcore.GroupID(g), name, s, path)
		}
	}
	if len(c.plan.Agents) > mostAgents {
		c.bad("groups", "has %d agents in all; want at most %d", len(c.plan.Agents), mostAgents)
	}
}

// hire adds agents named group-1, group-2, ... and returns the first.
func (c *compiler) hire(g realcore.GroupID, name string, n, from int) realcore.AgentID {
	first := realcore.AgentID(len(c.plan.Agents))
	for i := range min(n, mostAgents) {
		c.plan.Agents = append(c.plan.Agents, realcore.Agent{Name: fmt.Sprintf("%s-%d", name, from+i+1), Group: g})
	}
	return first
}

// need is how many agents a stretch of time wants.
type need struct {
	span realcore.Span
	n    int
}

// crew makes shifts of numbers of agents: agent j is there while at least j are
// wanted. So when staff drops the last come go, each after the contact he has.
func (c *compiler) crew(g realcore.GroupID, name string, s *Staff, path string) {
	needs := c.needs(s, name, path)
	most := 0
	for _, x := range needs {
		most = max(most, x.n)
	}
	if most == 0 {
		c.warn("group %s has no agents at any time", name)
	}
	if most > mostAgents {
		c.bad(path, "has %d agents; want at most %d", most, mostAgents)
		return
	}
	first := c.hire(g, name, most, 0)
	for j := range most {
		var runs []realcore.Span
		for _, x := range needs {
			if x.n <= j {
				continue
			}
			if k := len(runs); k > 0 && runs[k-1].To >= x.span.From {
				runs[k-1].To = max(runs[k-1].To, x.span.To)
			} else {
				runs = append(runs, x.span)
			}
		}
		for _, r := range runs {
			c.demand.Staff = append(c.demand.Staff, traffic.Shift{Agent: first + realcore.AgentID(j), From: r.From, To: r.To, Crew: true})
		}
	}
}

// needs lists what a group wants, interval by interval, in order. A day's last
// interval is stretched over the time that agents stay.
func (c *compiler) needs(s *Staff, name, path string) (needs []need) {
	g, counts := c.counts(s, name, path)
	if counts == nil {
		return nil
	}
	for i := range c.days {
		for k, n := range counts(i) {
			span := realcore.Span{From: c.begins(g, i, k), To: c.begins(g, i, k+1)}
			if k == g.n-1 {
				span.To = c.stays(i)
			}
			if span.From < span.To {
				needs = append(needs, need{span, n})
			}
		}
	}
	return needs
}

// counts returns how many agents each interval of a day wants; nil after having
// reported what is wrong.
func (c *compiler) counts(s *Staff, name, path string) (grid, func(day int) []int) {
	p := &s.Plan
	if p.Count == nil && p.ByDay.Names == nil && p.CSV == nil {
		return grid{c.day.Length(), 1}, func(int) []int { return []int{s.Always} }
	}
	g, ok := c.gridOf(path, p.Every)
	if !ok {
		return g, nil
	}
	if p.ByDay.Names != nil {
		return g, weekly(c, "numbers", &p.ByDay, g, true, path, func(x *Counts) []int { return x.List })
	}
	list := p.Count
	if p.CSV != nil {
		path += ".csv"
		column := c.column(p.CSV, name, path)
		if column == nil {
			return g, nil
		}
		for _, x := range column {
			if x != math.Trunc(x) || x > mostAgents {
				c.bad(path, "has %g agents in its column; want whole numbers", x)
				return g, nil
			}
			list = append(list, int(x))
		}
	}
	return g, listed(c, "numbers", list, g, path)
}

// stays returns until when the agents of day i's end are there.
func (c *compiler) stays(i int) realcore.Instant {
	if i == c.days-1 {
		return realcore.Never
	}
	next := c.opens[i+1]
	if c.closes[i] >= next {
		return next
	}
	stay := c.f.Stay
	if !c.has("stay") {
		stay = 30 * time.Minute
		if i == 0 && !slices.ContainsFunc(c.s.Assumptions, func(a Assumption) bool { return a.Path == "stay" }) {
			c.assume("stay", "30m", "how long agents stay after closing to serve who waits is not given")
		}
	}
	return min(next, c.closes[i].Add(stay))
}

// shifts gives each shift agents of its own, the same on all its days.
func (c *compiler) shifts(g realcore.GroupID, name string, list []Shift, path string) {
	hired := 0
	for i := range list {
		s, at := &list[i], path+"["+itoa(i)+"]"
		if !c.has(at+".hours") || !c.has(at+".agents") {
			c.bad(at, "is not complete; want agents and hours")
			continue
		}
		if hired+s.Agents > mostAgents {
			c.bad(at+".agents", "is %d; want at most %d in all", s.Agents, mostAgents)
			return
		}
		first := c.hire(g, name, s.Agents, hired)
		hired += s.Agents
		for _, b := range s.Breaks {
			c.reason(b.Reason)
		}
		for day := -1; day < c.days; day++ { // a night shift of the day before may reach into the run
			if !s.Days.Set || s.Days.Days[c.dayType(day, true)] {
				c.shift(s, first, day, at)
			}
		}
	}
}

// shift writes one day of a shift.
func (c *compiler) shift(s *Shift, first realcore.AgentID, day int, path string) {
	on := realcore.Span{From: max(0, c.at(day, s.Hours.From, false)), To: c.at(day, s.Hours.To, true)}
	if on.To <= on.From {
		return
	}
	if day == c.days-1 && on.To >= c.closes[day] {
		on.To = realcore.Never
	}
	for j := range s.Agents {
		a := first + realcore.AgentID(j)
		c.demand.Staff = append(c.demand.Staff, traffic.Shift{Agent: a, From: on.From, To: on.To})
	}
	for i := range s.Breaks {
		b := &s.Breaks[i]
		from := b.At
		if from < s.Hours.From {
			from += 24 * 3600
		}
		off := realcore.Span{From: c.at(day, from, false)}
		off.To = off.From.Add(b.For)
		if b.For <= 0 || from+Clock(b.For/time.Second) > s.Hours.To {
			c.bad(path+".breaks["+itoa(i)+"]", "is %v for %v, and the shift is %v to %v; want a break within it", b.At, b.For, s.Hours.From, s.Hours.To)
			return
		}
		if off.To <= 0 || off.From >= on.To {
			continue
		}
		for j := range s.Agents {
			c.demand.Staff = append(c.demand.Staff, traffic.Shift{Agent: first + realcore.AgentID(j), From: max(0, off.From), To: off.To,
				Reason: c.reason(b.Reason)})
		}
	}
}

// reason returns the reason of a break by name, a new one where it is new.
func (c *compiler) reason(name string) realcore.Reason {
	if name == "" || name == "break" {
		return realcore.ReasonBreak
	}
	i := slices.Index(c.plan.Reasons, name)
	if i < 0 {
		i = len(c.plan.Reasons)
		c.plan.Reasons = append(c.plan.Reasons, name)
	}
	return realcore.ReasonOwn + realcore.Reason(min(i, 200))
}
