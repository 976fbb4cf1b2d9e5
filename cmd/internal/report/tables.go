package report

import (
	"math"
	"strconv"

	"callwright/cmd/internal/page"
	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// grid is a table before it is text or HTML.
type grid = page.Grid

// longTable is how many rows a table may have and still be read as a whole.
const longTable = 100

// keyTable sets a queue's day side by side.
func (w words) keyTable(s *beside.Study, q *beside.Queue) grid {
	d := dayOf(s, q)
	g := grid{Title: w.s("table.key"), Left: 1,
		Head: []string{w.s("col.measure"), w.s("col.erlang_c"), w.s("col.erlang_a"), w.s("col.simulated"), w.s("col.ci", w.level(s.Level))}}
	if len(q.Run) > 0 {
		g.Head = append(g.Head, w.s("col.run", w.level(predictionLevel(s))))
	}
	if d.measured {
		g.Head = append(g.Head, w.s("col.measured"))
	}
	add := func(name, c, a string, m beside.Measure, measured float64) {
		row := []string{name, c, a, w.value(m.Definition, defined(m.Value)), orUndefined(w.between(m))}
		if len(q.Run) > 0 {
			row = append(row, orUndefined(w.between(of(q.Run, m.Definition))))
		}
		if d.measured {
			row = append(row, w.value(m.Definition, measured))
		}
		g.Rows = append(g.Rows, row)
	}
	nan := math.NaN()
	offered := nan
	if d.measured {
		offered = d.mOffered
	}
	add(w.name("offered"), page.Undefined, page.Undefined, of(q.Day, "offered"), offered)
	add(w.name(q.Rule), w.percent(d.erlangC), w.percent(d.erlangA), of(q.Day, q.Rule), d.mSL)
	add(w.name("abandonment"), w.noAbandonment(d), w.percent(d.abandonA), of(q.Day, "abandonment"), d.mAbandon)
	add(w.name("asa"), page.Undefined, page.Undefined, of(q.Day, "asa"), d.mASA)
	add(w.name("aht"), page.Undefined, page.Undefined, of(q.Day, "aht"), judgedOf(q, "aht"))
	add(w.name("occupancy"), page.Undefined, page.Undefined, of(q.Day, "occupancy"), nan)
	for _, id := range []measure.ID{"overflow", "callback"} {
		if m := of(q.Day, id); defined(m.Value) > 0 {
			add(w.name(id), page.Undefined, page.Undefined, m, nan)
		}
	}
	if q.Meets != nil {
		m := *q.Meets
		g.Rows = append(g.Rows, pad([]string{w.s("col.meets"), page.Undefined, page.Undefined, w.percent(defined(m.Value)), orUndefined(w.between(m))}, len(g.Head)))
	}
	if !math.IsNaN(d.needC) {
		row := []string{w.s("col.need_hours"), w.hours(d.needC), w.hours(d.needA), page.Undefined, page.Undefined}
		g.Rows = append(g.Rows, pad(row, len(g.Head)))
	}
	for _, x := range []struct {
		name  string
		hours float64
	}{{w.s("col.staffed_hours"), d.agentHours}, {w.s("col.late_hours"), d.lateHours}, {w.s("col.work_hours"), d.workHours}} {
		if x.hours == d.lateHours && x.hours < 0.05 {
			continue // nobody stayed
		}
		g.Rows = append(g.Rows, pad([]string{x.name, page.Undefined, page.Undefined, w.hours(x.hours), page.Undefined}, len(g.Head)))
	}
	return g
}

// judgedOf is what was measured of a measure over the run; NaN if it was not.
func judgedOf(q *beside.Queue, id measure.ID) float64 {
	for _, j := range q.Judged {
		if j.Definition == id {
			return defined(j.Measured)
		}
	}
	return math.NaN()
}

// noAbandonment is Erlang C's: it assumes that nobody hangs up.
func (w words) noAbandonment(d day) string {
	if math.IsNaN(d.erlangC) {
		return page.Undefined
	}
	return w.percent(0)
}

func orUndefined(s string) string {
	if s == "" {
		return page.Undefined
	}
	return s
}

func pad(row []string, n int) []string {
	for len(row) < n {
		row = append(row, page.Undefined)
	}
	return row
}

// rule is the note under a queue's tables: what SL means there.
func (w words) rule(s *beside.Study, q *beside.Queue) string {
	t := w.s("table.rule", w.name(q.Rule), w.formula(q.Rule), w.seconds(q.AWT), w.level(s.Level))
	if l := predictionLevel(s); l < s.Level {
		t += w.s("table.rule.low", s.Reps, w.level(math.Round(1000*l)/1000))
	}
	if q.Target > 0 {
		t += w.pick("; ", "。") + w.s("table.rule.target", w.percent(q.Target))
	}
	return t
}

// queueTable lists all queues, one line each.
func (w words) queueTable(s *beside.Study) grid {
	p := w.s("unit.percent")
	g := grid{Title: w.s("table.queues"), Left: 1, Tail: true,
		Head: []string{w.s("col.queue"), w.s("col.target"), w.s("col.offered"), w.s("col.load"), w.s("col.erlang_c"), w.s("col.erlang_a"), w.s("col.simulated"), w.s("col.meets"), w.s("col.abandonment"), w.s("col.asa"), w.s("col.occupancy"), w.s("col.definition")},
		Unit: []string{"", p, "", "", "SL " + p, "SL " + p, "SL " + p, p, p, "", p, ""}}
	for i := range s.Queues {
		q := &s.Queues[i]
		d := dayOf(s, q)
		target, meets := page.Undefined, page.Undefined
		if q.Target > 0 {
			target = page.Hundredths(q.Target)
		}
		if q.Meets != nil {
			meets = bracket(*q.Meets)
		}
		load := math.NaN()
		if n := float64(len(q.Rows)) * s.IntervalSec / 3600; n > 0 {
			load = d.workHours / n
		}
		g.Rows = append(g.Rows, []string{q.Name, target,
			page.Fixed(defined(of(q.Day, "offered").Value), 1), page.Fixed(load, 2), page.Hundredths(d.erlangC), page.Hundredths(d.erlangA),
			bracket(of(q.Day, q.Rule)), meets, page.Hundredths(defined(of(q.Day, "abandonment").Value)),
			page.Fixed(defined(of(q.Day, "asa").Value), 1), page.Hundredths(defined(of(q.Day, "occupancy").Value)),
			w.formula(q.Rule) + w.pick(", T = ", "、T=") + w.seconds(q.AWT)})
	}
	return g
}

// intervalTable is the table of a queue by interval, with its total.
func (w words) intervalTable(s *beside.Study, q *beside.Queue) grid {
	d := dayOf(s, q)
	p := w.s("unit.percent")
	sl := "SL " + p
	need := !math.IsNaN(d.needC)
	g := grid{Title: w.s("table.intervals"), Left: 1, Note: w.rule(s, q)}
	col := func(head, unit string) { g.Head, g.Unit = append(g.Head, head), append(g.Unit, unit) }
	col(w.s("col.interval"), "")
	col(w.s("col.offered"), "")
	col(w.s("col.agents"), "")
	col(w.s("col.load"), "")
	if need {
		col(w.s("col.need_c"), "")
		col(w.s("col.need_a"), "")
	}
	col(w.s("col.erlang_c"), sl)
	col(w.s("col.erlang_a"), sl)
	col(w.s("col.simulated"), sl)
	col(w.s("col.day"), sl)
	if d.measured {
		col(w.s("col.measured"), sl)
	}
	col(w.s("col.abandonment"), p)
	col(w.s("col.asa"), "")
	col(w.s("col.occupancy"), p)
	for i := range q.Rows {
		r := &q.Rows[i]
		if len(q.Rows) > longTable && r.Agents < 0.05 && defined(r.Offered.Value) == 0 {
			continue // at night
		}
		row := []string{r.Label, page.Fixed(defined(r.Offered.Value), 1), page.Fixed(r.Agents, 1), page.Fixed(r.Load, 2)}
		if need {
			row = append(row, whole(r.NeedC), whole(r.NeedA))
		}
		row = append(row, page.Hundredths(defined(r.ErlangC.Value)), page.Hundredths(defined(r.ErlangA.Value)), bracket(r.SL), orUndefined(span(r.SLDay)))
		if d.measured {
			x := math.NaN()
			if r.Measured != nil {
				x = defined(r.Measured.SL.Value)
			}
			row = append(row, page.Hundredths(x))
		}
		g.Rows = append(g.Rows, append(row, page.Hundredths(defined(r.Abandon.Value)), page.Fixed(defined(r.ASA.Value), 1), page.Hundredths(defined(r.Occup.Value))))
	}
	g.Total = w.intervalTotal(q, d, need)
	return g
}

func (w words) intervalTotal(q *beside.Queue, d day, need bool) []string {
	row := []string{w.s("col.total"), page.Fixed(defined(of(q.Day, "offered").Value), 1), w.hours(d.agentHours), w.hours(d.workHours)}
	if need {
		row = append(row, w.hours(d.needC), w.hours(d.needA))
	}
	row = append(row, page.Hundredths(d.erlangC), page.Hundredths(d.erlangA), bracket(of(q.Day, q.Rule)), page.Undefined)
	if d.measured {
		row = append(row, page.Hundredths(d.mSL))
	}
	return append(row, page.Hundredths(defined(of(q.Day, "abandonment").Value)), page.Fixed(defined(of(q.Day, "asa").Value), 1), page.Hundredths(defined(of(q.Day, "occupancy").Value)))
}

func whole(n *int) string {
	if n == nil {
		return page.Undefined
	}
	return strconv.Itoa(*n)
}

// measureTable lists measures with their formulas.
func (w words) measureTable(title string, s *beside.Study, list []beside.Measure) grid {
	g := grid{Title: title, Left: 1, Head: []string{w.s("col.measure"), w.s("col.value"), w.s("col.ci", w.level(s.Level))}}
	for _, m := range list {
		if measure.Find(m.Definition) == nil {
			continue
		}
		g.Rows = append(g.Rows, []string{w.name(m.Definition), w.value(m.Definition, defined(m.Value)), orUndefined(w.between(m))})
	}
	return g
}

// groupTable lists the groups' agents over the day.
func (w words) groupTable(s *beside.Study) grid {
	g := grid{Title: w.s("table.groups"), Left: 1, Head: []string{w.s("col.group"), w.s("col.staffed_hours")}}
	ids := []measure.ID{"occupancy", "occupancy_handling", "utilisation"}
	for _, id := range ids {
		g.Head = append(g.Head, w.name(id))
	}
	for i := range s.Groups {
		x := &s.Groups[i]
		hours := 0.0
		for _, r := range x.Rows {
			if s.CloseSec > 0 && r.Start >= s.CloseSec {
				break
			}
			hours += r.Agents * s.IntervalSec / 3600
		}
		row := []string{x.Name, w.hours(hours)}
		for _, id := range ids {
			row = append(row, w.full(of(x.Day, id)))
		}
		g.Rows = append(g.Rows, row)
	}
	for _, id := range ids {
		if g.Note != "" {
			g.Note += w.pick("; ", "、")
		}
		g.Note += w.name(id) + " = " + w.formula(id)
	}
	return g
}

// bridgeTable is the bridge, rung by rung.
func (w words) bridgeTable(s *beside.Study) grid {
	g := grid{Title: w.s("table.bridge"), Left: 1, Head: []string{w.s("col.rung"), w.s("col.value"), w.s("col.change"), w.s("col.ci", w.level(s.Level))}}
	for i := range s.Bridge {
		r := &s.Bridge[i]
		c := r.Change
		change, ci := w.points(defined(c.Value)), page.Undefined
		if lo, hi := defined(c.Low), defined(c.High); !math.IsNaN(lo) && !math.IsNaN(hi) {
			ci = w.points(lo) + w.pick(" to ", "〜") + w.points(hi)
		}
		if i == 0 {
			change, ci = page.Undefined, page.Undefined
		}
		g.Rows = append(g.Rows, []string{w.pick(r.En, r.Ja), w.percent(defined(r.Value.Value)), change, ci})
	}
	return g
}
