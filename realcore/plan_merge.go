package realcore

import "fmt"

// Merge returns the plan that is in force when next replaces old during a run.
// Things are the same if they have the same name. Everything in old keeps its
// index; what next also has is taken from next; what next no longer has stays,
// marked Drain where it can be; what is new comes after. So an index means the
// same thing before and after, and records of one run can be read together.
//
// Old nodes and prompts are all kept, since a caller may stand at any of them;
// next's come after them.
func Merge(old, next *Plan) (*Plan, error) {
	m := merger{old: old, next: next}
	p := *next
	p.Trunks, m.trunk = union(old.Trunks, next.Trunks, func(t *Trunk) string { return t.Name }, func(t *Trunk) { t.Drain = true })
	p.Calendars, m.calendar = union(old.Calendars, next.Calendars, func(c *Calendar) string { return c.Name }, nil)
	p.Queues, m.queue = union(old.Queues, next.Queues, func(q *Queue) string { return q.Name }, func(q *Queue) { q.Drain = true })
	p.Classes, m.class = union(old.Classes, next.Classes, func(c *Class) string { return c.Name }, nil)
	p.Groups, m.group = union(old.Groups, next.Groups, func(g *Group) string { return g.Name }, nil)
	p.Agents, m.agent = union(old.Agents, next.Agents, func(a *Agent) string { return a.Name }, func(a *Agent) { a.Drain = true })
	p.Entries, m.entry = union(old.Entries, next.Entries, func(e *Entry) string { return e.Name }, func(e *Entry) { e.Drain = true })
	p.Prompts = append(append([]Prompt(nil), old.Prompts...), next.Prompts...)
	p.Nodes = append([]Node(nil), old.Nodes...)
	m.prompt0, m.node0 = PromptID(len(old.Prompts)), NodeID(len(old.Nodes))
	m.rewrite(&p)
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("plan change: %w", err)
	}
	return &p, nil
}

// union returns old's things followed by next's new ones, old ones replaced by
// next's of the same name or passed to gone, and where next's indexes went.
func union[T any](old, next []T, name func(*T) string, gone func(*T)) ([]T, []int32) {
	at := make(map[string]int, len(old))
	out := append([]T(nil), old...)
	for i := range out {
		at[name(&out[i])] = i
	}
	kept := make([]bool, len(old))
	moved := make([]int32, len(next))
	for i := range next {
		j, ok := at[name(&next[i])]
		if !ok {
			j = len(out)
			out = append(out, next[i])
		} else {
			out[j], kept[j] = next[i], true
		}
		moved[i] = int32(j)
	}
	for i := range old {
		if !kept[i] && gone != nil {
			gone(&out[i])
		}
	}
	return out, moved
}

// merger moves next's indexes to their places in the merged plan.
type merger struct {
	old, next                                          *Plan
	trunk, calendar, queue, class, group, agent, entry []int32
	prompt0                                            PromptID
	node0                                              NodeID
}

func move[T ~int32](to []int32, i T) T {
	if i < 0 {
		return i
	}
	return T(to[i])
}

func (m *merger) node(n NodeID) NodeID { return n + m.node0 }

func (m *merger) prompt(p PromptID) PromptID {
	if p < 0 {
		return p
	}
	return p + m.prompt0
}

func (m *merger) treatment(t Treatment) Treatment {
	t.Prompt = m.prompt(t.Prompt)
	switch t.Op {
	case ToQueue:
		t.Queue = move(m.queue, t.Queue)
	case ToTrunk:
		t.Trunk = move(m.trunk, t.Trunk)
	case ToFlow:
		t.Node = m.node(t.Node)
	}
	return t
}

func (m *merger) rewrite(p *Plan) {
	for i := range m.next.Entries {
		e := &p.Entries[m.entry[i]]
		e.Trunk, e.Start = move(m.trunk, e.Trunk), m.node(e.Start)
	}
	for i := range m.next.Queues {
		q := &p.Queues[m.queue[i]]
		q.Calendar = move(m.calendar, q.Calendar)
		q.OnClosed, q.OnFull = m.treatment(q.OnClosed), m.treatment(q.OnFull)
		q.Classes = append([]ClassID(nil), q.Classes...)
		for t := range q.Classes {
			q.Classes[t] = move(m.class, q.Classes[t])
		}
	}
	for i := range m.next.Agents {
		a := &p.Agents[m.agent[i]]
		a.Group = move(m.group, a.Group)
	}
	for i := range m.next.Groups {
		g := &p.Groups[m.group[i]]
		g.Serves = append([]Serve(nil), g.Serves...)
		for s := range g.Serves {
			g.Serves[s].Class = move(m.class, g.Serves[s].Class)
		}
	}
	for i := range m.next.Classes {
		m.rewriteClass(&p.Classes[m.class[i]])
	}
	for _, n := range m.next.Nodes {
		p.Nodes = append(p.Nodes, m.rewriteNode(n))
	}
	m.keepServing(p)
}

func (m *merger) rewriteClass(c *Class) {
	c.Queue = move(m.queue, c.Queue)
	c.Program = append([]Timed(nil), c.Program...)
	for k := range c.Program {
		c.Program[k].Do = m.treatment(c.Program[k].Do)
	}
	pools := make([]Pool, len(c.Pools))
	for k, pool := range c.Pools {
		for _, rank := range pool.Ranks {
			moved := append([]Share(nil), rank...)
			for s := range moved {
				moved[s].Group = move(m.group, moved[s].Group)
			}
			pools[k].Ranks = append(pools[k].Ranks, moved)
		}
	}
	c.Pools = pools
}

func (m *merger) rewriteNode(n Node) Node {
	n.Prompt = m.prompt(n.Prompt)
	if n.Kind == MenuNode || n.Kind == HoursNode || n.Kind == PromptNode || n.Kind == CallbackNode {
		n.Next = m.node(n.Next)
	}
	if n.Kind == MenuNode || n.Kind == HoursNode || n.Kind == DivertNode {
		n.Else = m.node(n.Else)
	}
	n.Keys = append([]MenuKey(nil), n.Keys...)
	for k := range n.Keys {
		n.Keys[k].Next = m.node(n.Keys[k].Next)
	}
	switch n.Kind {
	case QueueNode, CallbackNode, VoicemailNode:
		n.Queue = move(m.queue, n.Queue)
	case DivertNode:
		n.Trunk = move(m.trunk, n.Trunk)
	case HoursNode:
		n.Calendar = move(m.calendar, n.Calendar)
	}
	return n
}

// keepServing keeps pools and Serves in step: a class that is gone from next
// still waits for the groups of its pools, so groups that next knows must go
// on serving it; and a group that is gone serves what old pools still name.
func (m *merger) keepServing(p *Plan) {
	live := make([]bool, len(p.Classes))
	for _, c := range m.class {
		live[c] = true
	}
	inNext := make([]bool, len(p.Groups))
	for _, g := range m.group {
		inNext[g] = true
	}
	for g := range p.Groups {
		if !inNext[g] { // its agents leave as they become free; no class of next names it
			var s []Serve
			for _, sv := range p.Groups[g].Serves {
				if !live[sv.Class] {
					s = append(s, sv)
				}
			}
			p.Groups[g].Serves = s
			continue
		}
		if g < len(m.old.Groups) {
			for _, sv := range m.old.Groups[g].Serves {
				if !live[sv.Class] {
					last := int32(0)
					if n := len(p.Groups[g].Serves); n > 0 {
						last = p.Groups[g].Serves[n-1].Rank
					}
					p.Groups[g].Serves = append(p.Groups[g].Serves, Serve{Class: sv.Class, Step: sv.Step, Rank: last + 1})
				}
			}
		}
	}
}
