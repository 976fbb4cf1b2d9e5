package scenarios

import (
	"slices"
	"strings"

	"callwright/realcore"
)

// circles reports ways through flows and queues that come back to where they
// began without waiting for anything: a call on one would go round for ever, and
// the Center hangs it up. What is open depends on the time, so each instant at
// which something opens or closes is looked at.
func (c *compiler) circles() {
	times := []realcore.Instant{0}
	for i := range c.plan.Calendars {
		for _, s := range c.plan.Calendars[i].Open {
			times = append(times, s.From, s.To)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	told := map[string]bool{}
	for _, at := range times {
		w := walk{c: c, at: at, state: make([]uint8, len(c.plan.Nodes)+len(c.plan.Classes)), told: told}
		for i := range w.state {
			w.visit(i)
		}
	}
}

// walk is one search through places: nodes, then classes, which stand for a
// queue and a tier.
type walk struct {
	c     *compiler
	at    realcore.Instant
	state []uint8 // 0 new, 1 on the way here, 2 done
	way   []int
	told  map[string]bool
}

func (w *walk) visit(i int) {
	switch w.state[i] {
	case 1:
		w.tell(i)
		return
	case 2:
		return
	}
	w.state[i] = 1
	w.way = append(w.way, i)
	for _, next := range w.from(i) {
		w.visit(next)
	}
	w.way = w.way[:len(w.way)-1]
	w.state[i] = 2
}

// from returns the places one comes to at once.
func (w *walk) from(i int) (next []int) {
	p := w.c.plan
	if i < len(p.Nodes) {
		return w.fromNode(&p.Nodes[i])
	}
	cl := &p.Classes[i-len(p.Nodes)]
	q := &p.Queues[cl.Queue]
	if q.Calendar != realcore.None && !p.Calendars[q.Calendar].OpenAt(w.at) {
		return w.to(&q.OnClosed)
	}
	if q.MaxLength != 0 {
		next = w.to(&q.OnFull)
	}
	for k := range cl.Program {
		if cl.Program[k].After == 0 {
			next = append(next, w.to(&cl.Program[k].Do)...)
		}
	}
	return next
}

func (w *walk) to(t *realcore.Treatment) []int {
	switch t.Op {
	case realcore.ToQueue:
		return []int{w.class(t.Queue, t.Tier)}
	case realcore.ToFlow:
		return []int{int(t.Node)}
	}
	return nil
}

func (w *walk) class(q realcore.QueueID, tier uint8) int {
	all := w.c.plan.Queues[q].Classes
	return len(w.c.plan.Nodes) + int(all[min(int(tier), len(all)-1)])
}

func (w *walk) fromNode(n *realcore.Node) (next []int) {
	p := w.c.plan
	silent := func() bool { return p.Prompts[n.Prompt].Length == 0 }
	switch n.Kind {
	case realcore.HoursNode:
		if p.Calendars[n.Calendar].OpenAt(w.at) {
			return []int{int(n.Next)}
		}
		return []int{int(n.Else)}
	case realcore.SplitNode:
		for _, k := range n.Keys {
			next = append(next, int(k.Next))
		}
	case realcore.PromptNode:
		if silent() {
			return []int{int(n.Next)}
		}
	case realcore.MenuNode:
		if silent() { // a key comes as soon as the prompt ends
			for _, k := range n.Keys {
				next = append(next, int(k.Next))
			}
			if n.Timeout == 0 {
				next = append(next, int(n.Else))
			}
		}
	case realcore.CallbackNode:
		if silent() {
			return []int{int(n.Next)}
		}
	case realcore.QueueNode:
		return []int{w.class(n.Queue, n.Tier)}
	case realcore.DivertNode:
		return []int{int(n.Else)} // without a line
	}
	return next
}

// tell reports the circle that closes at place i.
func (w *walk) tell(i int) {
	from := slices.Index(w.way, i)
	var names []string
	first := ""
	for _, k := range append(slices.Clone(w.way[from:]), i) {
		name, path := w.name(k)
		if first == "" {
			first = path
		}
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	key := strings.Join(names, " -> ")
	if w.told[key] {
		return
	}
	w.told[key] = true
	w.c.bad(first, "goes in a circle without waiting: %s; want a step that waits, or an end", key)
}

func (w *walk) name(k int) (name, path string) {
	if n := len(w.c.plan.Nodes); k >= n {
		q := w.c.plan.Queues[w.c.plan.Classes[k-n].Queue].Name
		return "queue " + q, "queues." + q
	}
	path = w.c.plan.Nodes[k].Name
	return path, path
}
