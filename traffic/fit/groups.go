package fit

import (
	"fmt"
	"math/bits"
	"slices"
)

// Group is agents who serve the same queues.
type Group struct {
	Name   string
	Queues []int
	Agents int
	Served int // calls
}

// groups puts agents together by what they serve. An agent serves a queue of at
// least 2 % of all calls if it makes at least a quarter of the part of his calls
// that it makes of all; agents with too few calls to tell (fewer than 5 expected)
// are not told apart. Sets that carry less than 10 % of the calls join the set most
// like theirs. Smaller queues are served by every group in which they reach that
// quarter. It returns each agent's group.
func (h *History) groups(all [][]service) ([]Group, []int) {
	served := make([][]float64, len(all))
	sum := make([]float64, len(h.queues.names))
	n := make([]float64, len(all))
	for a, list := range all {
		served[a] = make([]float64, len(sum))
		for _, s := range list {
			served[a][s.queue]++
			sum[s.queue]++
			n[a]++
		}
	}
	whole := total(sum)
	var sets []uint64
	var weight []float64
	of := make([]int, len(all))
	for a := range all {
		set, sure := uint64(0), n[a] > 0
		for q := range sum {
			part := sum[q] / whole
			if part < 0.02 || q >= 64 {
				continue
			}
			if n[a]*part < 5 {
				sure = sure && served[a][q] > 0
			}
			if served[a][q] >= 0.25*n[a]*part {
				set |= 1 << q
			}
		}
		of[a] = -1
		if sure {
			i := slices.Index(sets, set)
			if i < 0 {
				i, sets, weight = len(sets), append(sets, set), append(weight, 0)
			}
			of[a] = i
			weight[i] += n[a]
		}
	}
	if len(sets) == 0 {
		sets, weight = []uint64{^uint64(0)}, []float64{0}
	}
	to := merge(sets, weight, 0.1*whole)
	for a := range of {
		if of[a] < 0 {
			of[a] = heaviest(weight)
		}
		of[a] = to[of[a]]
	}
	return h.named(of, served, sum, n)
}

func heaviest(weight []float64) int {
	best := 0
	for i, w := range weight {
		if w > weight[best] {
			best = i
		}
	}
	return best
}

// merge joins light sets to the one that differs in the fewest queues, the heavier
// at a tie. It returns where each set went.
func merge(sets []uint64, weight []float64, least float64) []int {
	to := make([]int, len(sets))
	for i := range to {
		to[i] = i
	}
	heavy := heaviest(weight)
	for i := range sets {
		if weight[i] >= least || i == heavy {
			continue
		}
		best, far := heavy, 65
		for j := range sets {
			d := bits.OnesCount64(sets[i] ^ sets[j])
			if (weight[j] >= least || j == heavy) && (d < far || d == far && weight[j] > weight[best]) {
				best, far = j, d
			}
		}
		to[i] = best
	}
	return to
}

// named makes the groups that agents were put into, the one with most calls first.
func (h *History) named(of []int, served [][]float64, sum, n []float64) ([]Group, []int) {
	var order []int
	calls := map[int]float64{}
	for a, g := range of {
		if !slices.Contains(order, g) {
			order = append(order, g)
		}
		calls[g] += n[a]
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(calls[b] - calls[a]) })
	groups := make([]Group, len(order))
	parts := make([][]float64, len(order))
	for i := range parts {
		parts[i] = make([]float64, len(sum))
	}
	for a := range of {
		of[a] = slices.Index(order, of[a])
		g := &groups[of[a]]
		g.Served += int(n[a])
		if n[a] > 0 && a < len(h.agents.names) {
			g.Agents++
		}
		for q, x := range served[a] {
			parts[of[a]][q] += x
		}
	}
	whole := total(sum)
	for i := range groups {
		g := &groups[i]
		for q := range sum {
			if sum[q] > 0 && parts[i][q] >= 0.25*float64(g.Served)*sum[q]/whole || len(groups) == 1 {
				g.Queues = append(g.Queues, q)
			}
		}
		g.Name = "agents"
		if len(groups) > 1 {
			g.Name = fmt.Sprintf("team-%d", i+1)
		}
	}
	return groups, of
}
