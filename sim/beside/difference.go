package beside

import (
	"fmt"
	"math"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
)

// Difference is two centres under the same callers: what changes from A to B.
type Difference struct {
	Version int           `json:"callwright"` // of this format: 1
	Program string        `json:"program"`
	Seed    uint64        `json:"seed"`
	Reps    int           `json:"replications"`
	Level   float64       `json:"level"`
	A       Side          `json:"a"`
	B       Side          `json:"b"`
	Shared  []string      `json:"shared_streams"` // streams of calls with one name in both: their callers are the same
	Center  []Change      `json:"center"`
	Queues  []QueueChange `json:"queues"` // those that both centres have, by A's order
	OnlyA   []string      `json:"only_a"` // queues that the other centre does not have
	OnlyB   []string      `json:"only_b"`

	Warnings    []string `json:"warnings"`
	Assumptions []string `json:"assumptions"`
}

// Side is one of the two centres.
type Side struct {
	Scenario string            `json:"scenario"`
	Title    map[string]string `json:"title"`
	Digest   string            `json:"digest"`
	Plan     string            `json:"plan"`
}

// QueueChange is one queue in both centres.
type QueueChange struct {
	Name    string     `json:"name"`
	AWT     [2]float64 `json:"awt_s"` // the acceptable wait in A and in B: may differ
	Changes []Change   `json:"changes"`
}

// Change is one measure in both centres, and B minus A replication by
// replication.
type Change struct {
	Definition measure.ID `json:"definition"`
	A          Measure    `json:"a"`
	B          Measure    `json:"b"`
	Change     Measure    `json:"change"`
}

// Compare sets two results beside each other. Both must have been run with the
// same seed and number of replications: then the change's interval is that of
// the pairs, as a rule far narrower than either value's own.
func Compare(a, b *sim.Result) (*Difference, error) {
	switch {
	case a.Config.Seed != b.Config.Seed:
		return nil, fmt.Errorf("beside: seeds %d and %d differ: the callers are not the same", a.Config.Seed, b.Config.Seed)
	case len(a.Tables) == 0 || len(b.Tables) == 0:
		return nil, fmt.Errorf("beside: %d and %d replications: nothing to compare", len(a.Tables), len(b.Tables))
	}
	d := &Difference{Version: 1, Seed: a.Config.Seed, Reps: min(len(a.Tables), len(b.Tables)), Level: a.Config.Level,
		A: Side{Plan: a.Plan.Digest()}, B: Side{Plan: b.Plan.Digest()}, Shared: []string{}, OnlyA: []string{}, OnlyB: []string{}, Assumptions: []string{}, Warnings: []string{}}
	d.Center = changes(a, b, measure.All, measure.All)
	other := map[string]int{}
	for q := range b.Plan.Queues {
		other[b.Plan.Queues[q].Name] = q
	}
	for q := range a.Plan.Queues {
		name := a.Plan.Queues[q].Name
		qb, ok := other[name]
		if !ok {
			d.OnlyA = append(d.OnlyA, name)
			continue
		}
		delete(other, name)
		x := QueueChange{Name: name, AWT: [2]float64{a.Tables[0].AWT(realcore.QueueID(q)).Seconds(), b.Tables[0].AWT(realcore.QueueID(qb)).Seconds()}}
		x.Changes = changes(a, b, q, qb)
		d.Queues = append(d.Queues, x)
	}
	for q := range b.Plan.Queues { // in the plan's order
		if _, ok := other[b.Plan.Queues[q].Name]; ok {
			d.OnlyB = append(d.OnlyB, b.Plan.Queues[q].Name)
		}
	}
	return d, nil
}

func changes(a, b *sim.Result, qa, qb int) []Change {
	var list []Change
	ga, gb := Serving(a.Plan, qa), Serving(b.Plan, qb)
	for _, def := range measure.Definitions() {
		sa, sb := a.Sums(&def, measure.All, qa, ga), b.Sums(&def, measure.All, qb, gb)
		ea, eb := sa.Ratio(a.Config.Level), sb.Ratio(a.Config.Level)
		if math.IsNaN(ea.Value) && math.IsNaN(eb.Value) {
			continue
		}
		diff := output.Difference(sa, sb, a.Config.Level)
		list = append(list, Change{def.ID, Wrap(def.ID, ea), Wrap(def.ID, eb), WrapChange(def.ID, diff)})
	}
	return list
}

// Serving returns the groups that serve a queue from the start: those that help
// out once the search has widened are unknown to formulas. Nil for measure.All:
// then agents' time is everybody's.
func Serving(p *realcore.Plan, queue int) []realcore.GroupID {
	if queue == measure.All {
		return nil
	}
	list := []realcore.GroupID{}
	for g := range p.Groups {
		for _, s := range p.Groups[g].Serves {
			if s.Step == 0 && p.Classes[s.Class].Queue == realcore.QueueID(queue) {
				list = append(list, realcore.GroupID(g))
				break
			}
		}
	}
	return list
}
