package scenarios

import (
	"time"

	"callwright/realcore"
)

// menuAt is a menu in the plan, and what the file says callers do there.
type menuAt struct {
	flow string
	node realcore.NodeID
	menu *Menu
	path string
}

// node adds a node.
func (c *compiler) node(n realcore.Node) realcore.NodeID {
	c.plan.Nodes = append(c.plan.Nodes, n)
	return realcore.NodeID(len(c.plan.Nodes) - 1)
}

// flows compiles the flows into the nodes reserved for their beginnings.
func (c *compiler) flows() {
	for i, name := range c.f.Flows.Names {
		f := c.f.Flows.Items[i]
		if len(f.Steps) == 0 {
			c.bad("flows."+name, "has no steps; want at least one")
			continue
		}
		c.steps(name, f, c.starts[i])
	}
}

// steps compiles the steps of a flow, the first into the node given.
func (c *compiler) steps(flow string, f *Flow, first realcore.NodeID) {
	ids := []realcore.NodeID{first}
	for range f.Steps[1:] {
		ids = append(ids, c.node(realcore.Node{}))
	}
	for i := range f.Steps {
		next := realcore.NodeID(realcore.None)
		if i+1 < len(ids) {
			next = ids[i+1]
		}
		n := c.step(flow, &f.Steps[i], next)
		n.Name = f.Steps[i].path
		c.plan.Nodes[ids[i]] = n
		if m := f.Steps[i].Menu; m != nil {
			c.menus = append(c.menus, menuAt{flow, ids[i], m, f.Steps[i].path + ".menu"})
		}
	}
}

// branch compiles a flow that hangs on a step and returns where it begins.
func (c *compiler) branch(flow string, f *Flow) realcore.NodeID {
	if f == nil {
		f = &Flow{Steps: []FlowStep{{Disconnect: true, path: "disconnect"}}}
	}
	if len(f.Steps) == 0 {
		return 0 // complained about
	}
	if s := &f.Steps[0]; len(f.Steps) == 1 && s.Flow != "" {
		if i := c.named(s.path, "flow", s.Flow, c.f.Flows.Names); i != realcore.None {
			return c.starts[i]
		}
		return 0
	}
	id := c.node(realcore.Node{})
	c.steps(flow, f, id)
	return id
}

// step compiles one step.
func (c *compiler) step(flow string, s *FlowStep, next realcore.NodeID) realcore.Node {
	n := realcore.Node{Next: next, Else: realcore.None, Prompt: realcore.None, Queue: realcore.None, Trunk: realcore.None, Calendar: realcore.None}
	c.strays(s)
	switch {
	case s.Say != nil:
		n.Kind, n.Prompt = realcore.PromptNode, c.promptOf(s.path+".say", s.Say)
	case s.Hours != nil:
		n.Kind, n.Calendar = realcore.HoursNode, c.calendarOf(s.path+".hours", s.Hours)
		n.Else = c.branch(flow, s.Closed)
	case s.Menu != nil:
		c.menu(flow, s, &n)
	case s.Split != nil:
		c.split(flow, s, &n)
	case s.Offer != nil:
		n.Kind, n.Prompt = realcore.CallbackNode, c.promptOf(s.path+".offer-callback.prompt", s.Offer.Prompt)
		n.Queue = c.queueOf(s.path+".offer-callback", s.Offer.Queue)
		n.Tier = c.tierOf(s.path+".offer-callback.tier", n.Queue, s.Offer.Tier)
		n.Timeout = c.lengthOr(s.path+".offer-callback.timeout", s.Offer.Timeout, 5*time.Second)
	case s.Queue != "":
		n.Kind, n.Queue = realcore.QueueNode, c.queueOf(s.path, s.Queue)
		n.Tier = c.tierOf(s.path+".tier", n.Queue, s.Tier)
	case s.Vendor != "":
		n.Kind, n.Trunk = realcore.DivertNode, c.vendorOf(s.path, s.Vendor)
		n.Else = c.branch(flow, s.Busy)
	case s.Voicemail:
		c.notLive(s.path, "voicemail")
		n.Kind = realcore.VoicemailNode
	case s.Flow != "": // a step of no kind of its own: a split with one target
		n.Kind = realcore.SplitNode
		if i := c.named(s.path, "flow", s.Flow, c.f.Flows.Names); i != realcore.None {
			n.Keys = []realcore.MenuKey{{Next: c.starts[i], Weight: 1}}
		}
	default:
		n.Kind = realcore.DisconnectNode
	}
	return n
}

// strays reports keys beside a step that do not belong to it.
func (c *compiler) strays(s *FlowStep) {
	if s.Closed != nil && s.Hours == nil {
		c.bad(s.path+".closed", "stands without hours; want both")
	}
	if s.Busy != nil && s.Vendor == "" {
		c.bad(s.path+".busy", "stands without a vendor; want both")
	}
	if s.Tier != "" && s.Queue == "" {
		c.bad(s.path+".tier", "stands without a queue; want both")
	}
}

func (c *compiler) menu(flow string, s *FlowStep, n *realcore.Node) {
	m, path := s.Menu, s.path+".menu"
	n.Kind, n.Prompt = realcore.MenuNode, c.promptOf(path+".prompt", m.Prompt)
	n.Timeout = c.lengthOr(path+".timeout", m.Timeout, 5*time.Second)
	n.Tries = 2
	if m.Tries > 0 {
		n.Tries = uint8(m.Tries)
	}
	if len(m.Keys.Keys) == 0 {
		c.bad(path, "has no keys; want at least one")
	}
	for i, k := range m.Keys.Keys {
		n.Keys = append(n.Keys, realcore.MenuKey{Digit: k, Next: c.branch(flow, &m.Keys.To[i].To)})
	}
	n.Else = c.branch(flow, m.Otherwise)
}

func (c *compiler) split(flow string, s *FlowStep, n *realcore.Node) {
	n.Kind = realcore.SplitNode
	sum := 0.0
	for i := range s.Split {
		b := &s.Split[i]
		sum += float64(b.Share)
		if len(b.To.Steps) == 0 {
			c.bad(s.path+".split["+itoa(i)+"]", "leads nowhere; want to: queue NAME, or other steps")
			continue
		}
		n.Keys = append(n.Keys, realcore.MenuKey{Next: c.branch(flow, &b.To), Weight: int32(float64(b.Share)*1e6 + 0.5)})
	}
	if sum < 1-1e-9 || sum > 1+1e-9 {
		c.bad(s.path+".split", "has shares that sum to %.6g; want 1", sum)
	}
}

// numbers compiles the dialled numbers.
func (c *compiler) numbers() {
	for i, name := range c.f.Numbers.Names {
		x, path := c.f.Numbers.Items[i], "numbers."+name
		c.entry(name, path, x.Queue, x.Flow, x.Trunk, x.Tier)
	}
}

// entry adds an entry that leads to a queue or a flow.
func (c *compiler) entry(name, path, queue, flow, trunk string, tier Name) realcore.EntryID {
	e := realcore.Entry{Name: name, Trunk: c.trunkOf(path+".trunk", trunk)}
	if (queue == "") == (flow == "") {
		c.bad(path, "leads to %s; want queue or flow", map[bool]string{true: "nothing", false: "both a queue and a flow"}[queue == ""])
		return 0
	}
	if flow != "" {
		if i := c.named(path+".flow", "flow", flow, c.f.Flows.Names); i != realcore.None {
			e.Start = c.starts[i]
		}
	} else {
		q := c.queueOf(path+".queue", queue)
		e.Start = c.node(realcore.Node{Name: name, Kind: realcore.QueueNode, Next: realcore.None, Else: realcore.None, Prompt: realcore.None,
			Queue: q, Tier: c.tierOf(path+".tier", q, tier), Trunk: realcore.None, Calendar: realcore.None})
	}
	c.plan.Entries = append(c.plan.Entries, e)
	return realcore.EntryID(len(c.plan.Entries) - 1)
}
