package realcore

import (
	"errors"
	"fmt"
	"time"
)

// Validate reports everything in the plan that a Center could not live with:
// indexes out of range, spans and programs out of order, an agent without a
// slot. It changes nothing. It returns all faults joined.
func (p *Plan) Validate() error {
	c := checker{p: p}
	if p.Limits.MaxContacts < 1 {
		c.bad("Limits.MaxContacts is %d; want at least 1", p.Limits.MaxContacts)
	}
	c.calendars()
	c.entries()
	c.nodes()
	c.queues()
	c.classes()
	c.groups()
	if len(c.errs) == 0 {
		c.agree()
	}
	return errors.Join(c.errs...)
}

type checker struct {
	p    *Plan
	errs []error
}

func (c *checker) bad(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("plan: "+format, args...))
}

// index checks that i is in [0, n), or None where that is allowed.
func (c *checker) index(where string, i int32, n int, orNone bool) {
	if i >= 0 && int(i) < n || orNone && i == None {
		return
	}
	c.bad("%s is %d; want an index in [0, %d)", where, i, n)
}

func (c *checker) positive(where string, d time.Duration) {
	if d < 0 {
		c.bad("%s is %v; want no negative time", where, d)
	}
}

func (c *checker) calendars() {
	for i, cal := range c.p.Calendars {
		last := Instant(-1 << 63)
		for j, s := range cal.Open {
			if s.From >= s.To || s.From < last {
				c.bad("Calendars[%d].Open[%d] is [%v, %v); want rising spans", i, j, s.From, s.To)
			}
			last = s.To
		}
	}
}

func (c *checker) entries() {
	for i, e := range c.p.Entries {
		c.index(fmt.Sprintf("Entries[%d].Trunk", i), int32(e.Trunk), len(c.p.Trunks), true)
		c.index(fmt.Sprintf("Entries[%d].Start", i), int32(e.Start), len(c.p.Nodes), false)
	}
	for i, t := range c.p.Trunks {
		if t.Lines < 0 {
			c.bad("Trunks[%d].Lines is %d; want 0 for no limit, or more", i, t.Lines)
		}
	}
}

func (c *checker) nodes() {
	p := c.p
	for i := range p.Nodes {
		n, at := &p.Nodes[i], fmt.Sprintf("Nodes[%d].", i)
		node := func(f string, id NodeID) { c.index(at+f, int32(id), len(p.Nodes), false) }
		c.positive(at+"Timeout", n.Timeout)
		switch n.Kind {
		case MenuNode:
			c.index(at+"Prompt", int32(n.Prompt), len(p.Prompts), false)
			node("Else", n.Else)
			for k, key := range n.Keys {
				node(fmt.Sprintf("Keys[%d].Next", k), key.Next)
			}
		case HoursNode:
			c.index(at+"Calendar", int32(n.Calendar), len(p.Calendars), false)
			node("Next", n.Next)
			node("Else", n.Else)
		case PromptNode:
			c.index(at+"Prompt", int32(n.Prompt), len(p.Prompts), false)
			node("Next", n.Next)
		case QueueNode:
			c.tier(at, n.Queue, n.Tier)
		case CallbackNode:
			c.index(at+"Prompt", int32(n.Prompt), len(p.Prompts), false)
			c.tier(at, n.Queue, n.Tier)
			node("Next", n.Next)
		case VoicemailNode:
			c.index(at+"Queue", int32(n.Queue), len(p.Queues), true)
		case DisconnectNode:
		case DivertNode:
			c.index(at+"Trunk", int32(n.Trunk), len(p.Trunks), false)
			node("Else", n.Else)
		case SplitNode:
			c.split(at, n)
		default:
			c.bad("%sKind is %d; want one of the node kinds", at, n.Kind)
		}
	}
}

func (c *checker) split(at string, n *Node) {
	total := int64(0)
	for k, key := range n.Keys {
		c.index(fmt.Sprintf("%sKeys[%d].Next", at, k), int32(key.Next), len(c.p.Nodes), false)
		if key.Weight < 0 {
			c.bad("%sKeys[%d].Weight is %d; want 0 or more", at, k, key.Weight)
		}
		total += int64(key.Weight)
	}
	if total == 0 {
		c.bad("%sKeys have weight 0 in all; want a target", at)
	}
}

func (c *checker) tier(at string, q QueueID, tier uint8) {
	c.index(at+"Queue", int32(q), len(c.p.Queues), false)
	if q >= 0 && int(q) < len(c.p.Queues) && int(tier) >= len(c.p.Queues[q].Classes) {
		c.bad("%sTier is %d; want one of the %d tiers of queue %s", at, tier, len(c.p.Queues[q].Classes), c.p.Queues[q].Name)
	}
}

func (c *checker) treatment(at string, t *Treatment) {
	switch t.Op {
	case Stay, Widen, ToVoicemail, Release:
	case SayPosition, OfferRinging:
		c.index(at+".Prompt", int32(t.Prompt), len(c.p.Prompts), true)
	case ToQueue:
		c.tier(at+".", t.Queue, t.Tier)
	case ToTrunk:
		c.index(at+".Trunk", int32(t.Trunk), len(c.p.Trunks), false)
	case ToFlow:
		c.index(at+".Node", int32(t.Node), len(c.p.Nodes), false)
	default:
		c.bad("%s.Op is %d; want one of the operations", at, t.Op)
	}
}

func (c *checker) queues() {
	for i := range c.p.Queues {
		q, at := &c.p.Queues[i], fmt.Sprintf("Queues[%d].", i)
		c.index(at+"Calendar", int32(q.Calendar), len(c.p.Calendars), true)
		c.treatment(at+"OnClosed", &q.OnClosed)
		c.treatment(at+"OnFull", &q.OnFull)
		if len(q.Classes) == 0 {
			c.bad("%sClasses is empty; want a class for tier 0", at)
		}
		for t, cl := range q.Classes {
			c.index(fmt.Sprintf("%sClasses[%d]", at, t), int32(cl), len(c.p.Classes), false)
		}
		if q.Chan >= NumChannels {
			c.bad("%sChan is %d; want one of the channels", at, q.Chan)
		}
	}
}

func (c *checker) classes() {
	for i := range c.p.Classes {
		cl, at := &c.p.Classes[i], fmt.Sprintf("Classes[%d].", i)
		c.index(at+"Queue", int32(cl.Queue), len(c.p.Queues), false)
		c.positive(at+"PreferredWait", cl.PreferredWait)
		c.positive(at+"Repeat", cl.Repeat)
		if cl.Order >= NumAgentOrders {
			c.bad("%sOrder is %d; want one of the agent orders", at, cl.Order)
		}
		if cl.Rate < 0 || cl.Reserve < 0 {
			c.bad("%sRate is %d and Reserve %d; want 0 or more", at, cl.Rate, cl.Reserve)
		}
		if len(cl.Pools) == 0 {
			c.bad("%sPools is empty; want at least one", at)
		}
		for k, pool := range cl.Pools {
			for r, rank := range pool.Ranks {
				for s, sh := range rank {
					c.index(fmt.Sprintf("%sPools[%d].Ranks[%d][%d].Group", at, k, r, s), int32(sh.Group), len(c.p.Groups), false)
					if cl.Order == PercentSplit && sh.Weight < 1 {
						c.bad("%sPools[%d].Ranks[%d][%d].Weight is %d; want at least 1", at, k, r, s, sh.Weight)
					}
				}
			}
		}
		c.program(at, cl)
	}
}

func (c *checker) program(at string, cl *Class) {
	last := time.Duration(0)
	for k := range cl.Program {
		if cl.Program[k].After < last {
			c.bad("%sProgram[%d].After is %v; want no earlier than the step before", at, k, cl.Program[k].After)
		}
		last = cl.Program[k].After
		c.treatment(fmt.Sprintf("%sProgram[%d]", at, k), &cl.Program[k].Do)
	}
	if n := len(cl.Program); cl.Repeat > 0 && n > 0 {
		if op := cl.Program[n-1].Do.Op; op != SayPosition && op != OfferRinging && op != ToTrunk {
			c.bad("%sRepeat is %v after %v; want an announcement or a trunk to try again", at, cl.Repeat, op)
		}
	}
}

func (c *checker) groups() {
	for i := range c.p.Groups {
		g, at := &c.p.Groups[i], fmt.Sprintf("Groups[%d].", i)
		if g.Order >= NumContactOrders {
			c.bad("%sOrder is %d; want one of the contact orders", at, g.Order)
		}
		last := int32(-1 << 31)
		for k, s := range g.Serves {
			c.index(fmt.Sprintf("%sServes[%d].Class", at, k), int32(s.Class), len(c.p.Classes), false)
			if s.Rank < last {
				c.bad("%sServes[%d].Rank is %d; want rising ranks", at, k, s.Rank)
			}
			last = s.Rank
		}
		slots := 0
		for _, n := range g.Slots {
			slots += int(n)
		}
		if slots > MaxSlots {
			c.bad("%sSlots are %d in all; want at most %d", at, slots, MaxSlots)
		}
		c.positive(at+"RingTime", g.RingTime)
		c.positive(at+"RONAPenalty", g.RONAPenalty)
		c.positive(at+"RejectPenalty", g.RejectPenalty)
		c.positive(at+"WrapUpCap", g.WrapUpCap)
	}
	for i, a := range c.p.Agents {
		c.index(fmt.Sprintf("Agents[%d].Group", i), int32(a.Group), len(c.p.Groups), false)
	}
}

// agree checks that pools and groups say the same: a group is in a class's
// pool at a step exactly when it serves the class from that step or earlier.
func (c *checker) agree() {
	type at struct{ class, step, group int32 }
	named := map[at]bool{}
	for i := range c.p.Classes {
		for k, pool := range c.p.Classes[i].Pools {
			for _, rank := range pool.Ranks {
				for _, s := range rank {
					named[at{int32(i), int32(k), int32(s.Group)}] = true
				}
			}
		}
	}
	for g := range c.p.Groups {
		for i := range c.p.Classes {
			first := int32(-1)
			for _, s := range c.p.Groups[g].Serves {
				if s.Class == ClassID(i) {
					first = s.Step
				}
			}
			for k := range c.p.Classes[i].Pools {
				serves := first >= 0 && int32(k) >= first
				if serves != named[at{int32(i), int32(k), int32(g)}] {
					c.bad("group %s and class %s disagree at step %d: want the group in Pools exactly where it Serves",
						c.p.Groups[g].Name, c.p.Classes[i].Name, k)
				}
			}
		}
	}
	for i := range c.p.Agents {
		a := &c.p.Agents[i]
		for _, s := range c.p.Groups[a.Group].Serves {
			if ch := c.p.Queues[c.p.Classes[s.Class].Queue].Chan; c.p.Groups[a.Group].Slots[ch] == 0 {
				c.bad("group %s serves %s but has no slot for %v", c.p.Groups[a.Group].Name, c.p.Classes[s.Class].Name, ch)
			}
		}
	}
}

// Check reports an event whose indexes are outside the plan: no correct driver
// sends one, and Center.Step would panic. Whoever reads events from outside
// (a journal, another process) checks them first. plans is how many plans the
// Center has been given.
func (p *Plan) Check(ev *Event, plans int) error {
	c := checker{p: p}
	switch ev.Kind {
	case Arrived:
		c.index("event arrive: Entry", int32(ev.Entry), len(p.Entries), false)
		c.index("event arrive: Agent", int32(ev.Agent), len(p.Agents), true)
	case Dialled, TransferBlind, ConsultBegan:
		c.index("event "+ev.Kind.String()+": Queue", int32(ev.Queue), len(p.Queues), false)
		c.index("event "+ev.Kind.String()+": Agent", int32(ev.Agent), len(p.Agents), true)
	case AgentReady, AgentNotReady, AgentLogout, DeviceLost, DeviceBack, Released, WrapUpDone:
		c.index("event "+ev.Kind.String()+": Agent", int32(ev.Agent), len(p.Agents), false)
	case PlanChanged:
		c.index("event plan: Side", int32(ev.Side), plans, false)
	case NoEvent:
		c.bad("event of kind none")
	default:
		if ev.Kind >= NumEvents {
			c.bad("event of unknown kind %d", ev.Kind)
		}
	}
	return errors.Join(c.errs...)
}
