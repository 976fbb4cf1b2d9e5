package world

import "callwright/realcore"

// crew keeps agents who come from counts ("8, then 6") apart from their names.
// Shifts are those of seats; who sits there changes. When fewer are wanted the
// idle go first, and a call is finished on top only while nobody is idle: the
// next of the crew to become free goes in the place of one who is held up. So
// agents are counted, as queueing models and SSJ count them.
type crew struct {
	seats []realcore.AgentID // who has an agent's shifts, by the agent they were written for
	seat  []realcore.AgentID // the other way round
	in    []bool             // belongs to a crew
	late  []bool             // his time is up, he is still with a contact
	owed  []int              // late ones by group
}

// newCrew returns nil if nobody comes from counts.
func newCrew(w *World) *crew {
	c := &crew{in: make([]bool, len(w.plan.Agents)), late: make([]bool, len(w.plan.Agents)), owed: make([]int, len(w.plan.Groups))}
	any := false
	for i := range w.demand.Staff {
		if s := &w.demand.Staff[i]; s.Crew {
			c.in[s.Agent], any = true, true
		}
	}
	if !any {
		return nil
	}
	for a := range w.plan.Agents {
		c.seats, c.seat = append(c.seats, realcore.AgentID(a)), append(c.seat, realcore.AgentID(a))
	}
	return c
}

// sitting returns who has the shifts written for an agent.
func (w *World) sitting(a realcore.AgentID) realcore.AgentID {
	if w.crew == nil {
		return a
	}
	return w.crew.seats[a]
}

func (c *crew) swap(a, b realcore.AgentID) {
	c.seat[a], c.seat[b] = c.seat[b], c.seat[a]
	c.seats[c.seat[a]], c.seats[c.seat[b]] = a, b
}

// come brings the agent of a seat to work.
func (w *World) come(seat realcore.AgentID) {
	a := w.sitting(seat)
	if c := w.crew; c != nil && c.in[a] {
		if b := w.late(w.plan.Agents[a].Group); b != realcore.None {
			c.swap(a, b) // one who is still here stays on
			a = b
		}
		c.settle(a, w.plan.Agents[a].Group)
	}
	w.step(&realcore.Event{Kind: realcore.AgentReady, Agent: a})
}

// settle: the agent is not late any more.
func (c *crew) settle(a realcore.AgentID, g realcore.GroupID) {
	if c.late[a] {
		c.late[a] = false
		c.owed[g]--
	}
}

// leave ends the shift of a seat: an idle colleague goes if its agent is busy.
func (w *World) leave(seat realcore.AgentID) {
	a := w.sitting(seat)
	if c := w.crew; c != nil && c.in[a] && w.busy(a) {
		if b := w.idleColleague(a); b != realcore.None {
			c.swap(a, b)
			a = b
		} else {
			c.late[a] = true
			c.owed[w.plan.Agents[a].Group]++
		}
	}
	w.step(&realcore.Event{Kind: realcore.AgentLogout, Agent: a})
}

func (w *World) busy(a realcore.AgentID) bool {
	s, _ := w.Center.Agent(a)
	return s >= realcore.Reserved
}

// idleColleague returns the first ready agent of a's crew, or None.
func (w *World) idleColleague(a realcore.AgentID) realcore.AgentID {
	g := w.plan.Agents[a].Group
	for b := range w.plan.Agents {
		if s, _ := w.Center.Agent(realcore.AgentID(b)); s == realcore.Ready && w.crew.in[b] && w.plan.Agents[b].Group == g {
			return realcore.AgentID(b)
		}
	}
	return realcore.None
}

// relieve lets an agent who is about to become free go in the place of a late
// one, who stays on duty in his.
func (w *World) relieve(b realcore.AgentID) {
	c := w.crew
	if c == nil || !c.in[b] || c.late[b] || c.owed[w.plan.Agents[b].Group] == 0 {
		return
	}
	a := w.late(w.plan.Agents[b].Group)
	c.swap(a, b)
	c.late[a], c.late[b] = false, true
	w.step(&realcore.Event{Kind: realcore.AgentReady, Agent: a})
	w.step(&realcore.Event{Kind: realcore.AgentLogout, Agent: b})
}

// late returns the first late agent of a group, or None.
func (w *World) late(g realcore.GroupID) realcore.AgentID {
	if w.crew.owed[g] == 0 {
		return realcore.None
	}
	for a := range w.crew.late {
		if w.crew.late[a] && w.plan.Agents[a].Group == g {
			return realcore.AgentID(a)
		}
	}
	return realcore.None
}
