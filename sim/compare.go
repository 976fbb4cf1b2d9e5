package sim

import (
	"fmt"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim/output"
)

// Difference returns b minus a of a measure with the confidence interval of
// the difference, replication by replication the same callers: both results
// must have the same seed. Queues are matched by name; "" is all.
func Difference(a, b *Result, def *measure.Definition, queue string) (output.Estimate, error) {
	if a.Config.Seed != b.Config.Seed {
		return output.Undefined(), fmt.Errorf("sim: seeds %d and %d differ: the callers are not the same", a.Config.Seed, b.Config.Seed)
	}
	qa, err := queueNamed(a.Plan, queue)
	if err != nil {
		return output.Undefined(), err
	}
	qb, err := queueNamed(b.Plan, queue)
	if err != nil {
		return output.Undefined(), err
	}
	return output.Difference(a.Sums(def, measure.All, qa, nil), b.Sums(def, measure.All, qb, nil), a.Config.Level), nil
}

func queueNamed(p *realcore.Plan, name string) (int, error) {
	if name == "" {
		return measure.All, nil
	}
	for i := range p.Queues {
		if p.Queues[i].Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("sim: plan %s has no queue %s", p.Name, name)
}
