package report

import (
	"math"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// dayTable is a queue day by day, of a run of several.
func (w words) dayTable(s *beside.Study, q *beside.Queue) grid {
	p := w.s("unit.percent")
	sl := "SL " + p
	g := grid{Title: w.s("table.days"), Left: 1, Note: w.s("table.days.note"),
		Head: []string{w.s("col.from"), w.s("col.offered"), w.s("col.simulated"), w.s("col.day"), w.s("col.abandonment"), w.s("col.asa")},
		Unit: []string{"", "", sl, sl, p, ""}}
	measured := false
	for i := range q.Days {
		measured = measured || q.Days[i].Measured != nil
	}
	if measured {
		m := w.s("col.measured")
		g.Head = append(g.Head, m, m, m, m)
		g.Unit = append(g.Unit, w.s("col.offered"), sl, w.s("col.abandonment"), w.s("col.asa"))
	}
	for i := range q.Days {
		d := &q.Days[i]
		row := []string{d.Label, page.Fixed(defined(d.Offered.Value), 1), bracket(d.SL), orUndefined(span(d.SLDay)),
			page.Hundredths(defined(d.Abandon.Value)), page.Fixed(defined(d.ASA.Value), 1)}
		if m := d.Measured; m != nil {
			row = append(row, page.Fixed(defined(m.Offered.Value), 0), page.Hundredths(defined(m.SL.Value)), page.Hundredths(defined(m.Abandon.Value)), page.Fixed(defined(m.ASA.Value), 1))
		}
		g.Rows = append(g.Rows, pad(row, len(g.Head)))
	}
	return g
}

// judgedTable sets a log beside what the simulation predicted for a run of its
// length.
func (w words) judgedTable(s *beside.Study, list []beside.Judgement) grid {
	level := predictionLevel(s)
	g := grid{Title: w.s("table.judged"), Left: 1, Tail: true, Note: w.s("table.judged.note"),
		Head: []string{w.s("col.measure"), w.s("col.predicted"), w.s("col.pi", w.level(level)), w.s("col.measured"), w.s("col.inside")}}
	for _, j := range list {
		m, inside := j.Predicted, page.Undefined
		if j.Inside != nil {
			inside = w.s("outside")
			if *j.Inside {
				inside = w.s("inside")
			}
		}
		g.Rows = append(g.Rows, []string{w.name(j.Definition), w.value(j.Definition, defined(m.Value)), orUndefined(w.between(m)),
			w.value(j.Definition, defined(j.Measured)), inside})
	}
	return g
}

// largest names the rungs with the largest changes, the unexplained rest apart.
func (w words) largest(s *beside.Study, n int) string {
	var order []int
	for i := range s.Bridge {
		r := &s.Bridge[i]
		x := math.Abs(defined(r.Change.Value))
		if i == 0 || r.ID == "measured" || math.IsNaN(x) || x < 0.0005 {
			continue
		}
		at := len(order)
		for at > 0 && math.Abs(*s.Bridge[order[at-1]].Change.Value) < x {
			at--
		}
		order = append(order[:at], append([]int{i}, order[at:]...)...)
	}
	text := ""
	for k, i := range order[:min(n, len(order))] {
		r := &s.Bridge[i]
		if k > 0 {
			text += w.pick(", ", "、")
		}
		text += w.s("bridge.part", w.pick(r.En, r.Ja), w.points(*r.Change.Value))
	}
	return text
}

// bridgeSentence says the bridge in words: from where to where, the largest
// parts, and what is left over.
func (w words) bridgeSentence(s *beside.Study) string {
	n := len(s.Bridge)
	if n == 0 {
		return ""
	}
	first, last := &s.Bridge[0], &s.Bridge[n-1]
	text := w.s("bridge.say", w.percent(defined(first.Value.Value)), w.percent(defined(last.Value.Value)))
	if parts := w.largest(s, 3); parts != "" {
		text += w.pick(" ", "") + w.s("bridge.largest", parts)
	}
	if last.ID == "measured" {
		c := last.Change
		ci := ""
		if lo, hi := defined(c.Low), defined(c.High); !math.IsNaN(lo) && !math.IsNaN(hi) {
			ci = w.s("bridge.ci", w.points(lo), w.points(hi))
		}
		text += w.pick(" ", "") + w.s("bridge.rest", w.points(defined(c.Value)), ci)
	}
	return text
}
