package scenarios

import (
	"slices"
	"strings"

	"callwright/realcore"
	"callwright/yamlfile"
)

// serves fills in the groups' side: what a freed agent looks for, in which order.
func (c *compiler) serves() {
	for g, name := range c.f.Groups.Names {
		r := &c.plan.Groups[g]
		x, path := c.f.Groups.Items[g], "groups."+name
		if x.Takes.Word == "priority" || x.Takes.Word == "" && c.tiered && x.Takes.Queues == nil {
			r.Order = realcore.Priority
		}
		all := c.served(realcore.GroupID(g))
		if len(all) == 0 && len(c.List) == 0 {
			c.warn("group %s serves no queue", name)
		}
		if x.Takes.Queues == nil {
			r.Serves = all
		} else {
			r.Serves = c.inOrder(all, x.Takes.Queues, name, path+".takes")
		}
		c.slotsOf(r, x, path)
	}
}

// served returns the classes in whose pools a group is, from the first step on.
func (c *compiler) served(g realcore.GroupID) (all []realcore.Serve) {
	for cl := range c.plan.Classes {
		step := slices.IndexFunc(c.plan.Classes[cl].Pools, func(p realcore.Pool) bool {
			return slices.ContainsFunc(p.Ranks, func(rank []realcore.Share) bool {
				return slices.ContainsFunc(rank, func(s realcore.Share) bool { return s.Group == g })
			})
		})
		if step >= 0 {
			all = append(all, realcore.Serve{Class: realcore.ClassID(cl), Step: int32(step)})
		}
	}
	return all
}

// inOrder gives each queue, or tier, of a fixed order its rank.
func (c *compiler) inOrder(all []realcore.Serve, order []string, group, path string) (ranked []realcore.Serve) {
	done := map[realcore.ClassID]bool{}
	for rank, name := range order {
		at := path + "[" + itoa(rank) + "]"
		queue, tier, _ := strings.Cut(name, "/")
		q := c.named(at, "queue", queue, c.f.Queues.Names)
		if q == realcore.None {
			continue
		}
		found := false
		for _, s := range all {
			cl := &c.plan.Classes[s.Class]
			if int32(cl.Queue) == q && (tier == "" || cl.Name == name) && !done[s.Class] {
				s.Rank, found, done[s.Class] = int32(rank), true, true
				ranked = append(ranked, s)
			}
		}
		if !found {
			c.bad(at, "is %s, which group %s does not serve; want it among the groups of that queue", yamlfile.Shown(name), group)
		}
	}
	for _, s := range all {
		if !done[s.Class] {
			c.bad(path, "leaves out %s, which group %s serves; want it in the order too", c.plan.Classes[s.Class].Name, group)
		}
	}
	return ranked
}

// slotsOf fills in an agent's room: what the file says, or one contact of each
// channel that the group serves.
func (c *compiler) slotsOf(r *realcore.Group, g *Group, path string) {
	if g.Slots != nil {
		r.Slots = [realcore.NumChannels]uint8{uint8(g.Slots.Voice), uint8(g.Slots.Chat), uint8(g.Slots.Mail)}
	}
	for _, s := range r.Serves {
		q := &c.plan.Queues[c.plan.Classes[s.Class].Queue]
		if g.Slots == nil {
			r.Slots[q.Chan] = 1
		} else if r.Slots[q.Chan] == 0 {
			c.bad(path+".slots", "has no room for %v, and the group serves queue %s; want %v: 1 or more", q.Chan, q.Name, q.Chan)
		}
	}
	if r.Slots == ([realcore.NumChannels]uint8{}) {
		r.Slots[realcore.Voice] = 1
	}
}
