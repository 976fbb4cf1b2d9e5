package beside

import "callwright/realcore"

// Reachable returns which queues a flow can lead to, overflows included.
func Reachable(p *realcore.Plan, start realcore.NodeID) []bool {
	queues := make([]bool, len(p.Queues))
	seen := make([]bool, len(p.Nodes))
	todo := []realcore.NodeID{start}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if id < 0 || seen[id] {
			continue
		}
		seen[id] = true
		n := &p.Nodes[id]
		switch n.Kind {
		case realcore.QueueNode:
			overflows(p, n.Queue, queues)
		case realcore.CallbackNode:
			overflows(p, n.Queue, queues)
			todo = append(todo, n.Next)
		case realcore.HoursNode:
			todo = append(todo, n.Next, n.Else)
		case realcore.PromptNode:
			todo = append(todo, n.Next)
		case realcore.MenuNode, realcore.DivertNode:
			todo = append(todo, n.Else)
		}
		for _, k := range n.Keys {
			todo = append(todo, k.Next)
		}
	}
	return queues
}

// overflows marks a queue and those it overflows to.
func overflows(p *realcore.Plan, q realcore.QueueID, queues []bool) {
	if queues[q] {
		return
	}
	queues[q] = true
	follow := func(t *realcore.Treatment) {
		if t.Op == realcore.ToQueue {
			overflows(p, t.Queue, queues)
		}
	}
	follow(&p.Queues[q].OnFull)
	follow(&p.Queues[q].OnClosed)
	for _, c := range p.Queues[q].Classes {
		for i := range p.Classes[c].Program {
			follow(&p.Classes[c].Program[i].Do)
		}
	}
}
