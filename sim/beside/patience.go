package beside

import (
	"math"

	"callwright/realcore"
	"callwright/traffic"
)

// patienceByQueue returns the mean patience of the callers who can reach each
// queue, weighted by their volume; +Inf where nobody ever hangs up.
func patienceByQueue(p *realcore.Plan, d *traffic.Demand) []float64 {
	sum, weight := make([]float64, len(p.Queues)), make([]float64, len(p.Queues))
	for i := range d.Sources {
		s := &d.Sources[i]
		if s.Outbound != realcore.None || len(s.Callers) == 0 {
			continue
		}
		w := s.Arrivals.Rate.Total()
		if math.IsInf(w, 1) || w == 0 {
			w = 1
		}
		m := 0.0
		for k := range s.Callers {
			m += s.Callers[k].Patience.Mean() / float64(len(s.Callers))
		}
		for q, ok := range reachable(p, p.Entries[s.Entry].Start) {
			if ok {
				sum[q] += w * m
				weight[q] += w
			}
		}
	}
	for q := range sum {
		if weight[q] > 0 {
			sum[q] /= weight[q]
		} else {
			sum[q] = math.Inf(1)
		}
	}
	return sum
}

// reachable returns which queues a flow can lead to.
func reachable(p *realcore.Plan, start realcore.NodeID) []bool {
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
