package report

import (
	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// meaning is a term and what it means.
type meaning struct{ Name, Is string }

// definitions lists every term a study's report uses, with its formula.
func (w words) definitions(s *beside.Study) []meaning {
	used := map[measure.ID]bool{"offered": true, "abandonment": true, "asa": true, "aht": true, "occupancy": true}
	note := func(list []beside.Measure) {
		for _, m := range list {
			used[m.Definition] = true
		}
	}
	note(s.Center)
	for i := range s.Queues {
		used[s.Queues[i].Rule] = true
	}
	for i := range s.Groups {
		note(s.Groups[i].Day)
	}
	var out []meaning
	for _, def := range measure.Definitions() {
		if used[def.ID] {
			out = append(out, meaning{w.name(def.ID), w.formula(def.ID)})
		}
	}
	return append(out, []meaning{
		{w.s("def.erlang_c"), w.s("def.erlang_c.is")},
		{w.s("def.erlang_a"), w.s("def.erlang_a.is")},
		{w.s("def.formula_day"), w.s("def.formula_day.is")},
		{w.s("def.load"), w.s("def.load.is")},
		{w.s("def.agents"), w.s("def.agents.is")},
		{w.s("def.need"), w.s("def.need.is")},
		{w.s("def.hours"), w.s("def.hours.is")},
		{w.s("def.confidence"), w.s("def.confidence.is")},
		{w.s("def.prediction"), w.s("def.prediction.is")},
		{w.s("def.meets"), w.s("def.meets.is")},
		{w.s("def.utilisation"), w.s("def.utilisation.is")},
	}...)
}
