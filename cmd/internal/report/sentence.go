package report

import (
	"math"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// sentence says a queue's answers so that a planner can forward them: every
// number with the assumption of its model.
func (w words) sentence(s *beside.Study, q *beside.Queue) string {
	d := dayOf(s, q)
	say := []string{w.s("say.head", q.Name, w.name(q.Rule), w.seconds(q.AWT))}
	if !math.IsNaN(d.erlangC) {
		say = append(say, w.s("say.c", w.percent(d.erlangC)))
		if d.full > 0 {
			say = append(say, w.s("say.c.full", d.full, len(q.Rows)))
		}
	}
	if !math.IsNaN(d.erlangA) {
		say = append(say, w.s("say.a", w.percent(d.erlangA)))
	}
	say = append(say, w.simulated(s, q))
	if d.measured && !math.IsNaN(d.mSL) {
		say = append(say, w.s("say.measured", w.percent(d.mSL), page.Fixed(d.mOffered, 0)))
	}
	if m := q.Meets; m != nil && !math.IsNaN(defined(m.Value)) {
		if lo, hi := defined(m.Low), defined(m.High); math.IsNaN(lo) || math.IsNaN(hi) {
			say = append(say, w.s("say.meets.bare", w.percent(q.Target), w.percent(*m.Value)))
		} else {
			say = append(say, w.s("say.meets", w.percent(q.Target), w.percent(*m.Value), w.percent(lo), w.percent(hi)))
		}
	}
	if !math.IsNaN(d.needC) {
		say = append(say, w.s("say.need", page.Fixed(d.needC, 1), page.Fixed(d.needA, 1), page.Fixed(d.agentHours, 1)))
	}
	if q.Shared {
		say = append(say, w.s("say.shared"))
	}
	return strings.Join(say, w.pick(" ", ""))
}

func (w words) simulated(s *beside.Study, q *beside.Queue) string {
	m := of(q.Day, q.Rule)
	v, lo, hi := defined(m.Value), defined(m.Low), defined(m.High)
	switch {
	case math.IsNaN(v):
		return w.s("say.sim.none")
	case math.IsNaN(lo) || math.IsNaN(hi):
		return w.s("say.sim.bare", w.percent(v))
	}
	return w.s("say.sim", w.percent(v), w.percent(lo), w.percent(hi), w.level(s.Level))
}

// counted returns how many of the judged measures are inside, of how many.
func counted(list []beside.Judgement) (inside, all int) {
	for _, j := range list {
		if j.Inside != nil {
			all++
			if *j.Inside {
				inside++
			}
		}
	}
	return inside, all
}

// headline says the study in a few sentences: each queue's if they are few.
func (w words) headline(s *beside.Study, few int) []string {
	var say []string
	switch {
	case len(s.Queues) == 0:
		say = append(say, w.s("empty"))
	case len(s.Queues) <= few:
		for i := range s.Queues {
			say = append(say, w.sentence(s, &s.Queues[i]))
		}
	default:
		say = append(say, w.s("say.many", len(s.Queues)))
		with, met := 0, 0
		for i := range s.Queues {
			q := &s.Queues[i]
			v := defined(of(q.Day, q.Rule).Value)
			if q.Target > 0 && !math.IsNaN(v) {
				with++
				if v >= q.Target {
					met++
				}
			}
		}
		if with > 0 {
			say = append(say, w.s("say.meet.count", met, with))
		}
	}
	if inside, all := counted(s.Judged); all > 0 {
		say = append(say, w.s("say.judged", inside, all))
	}
	if n := len(s.Warnings); n > 0 {
		say = append(say, w.s("say.warnings", n))
	}
	return say
}
