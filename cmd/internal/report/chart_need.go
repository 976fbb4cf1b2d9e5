package report

import (
	"math"

	"gonum.org/v1/plot/vg/draw"

	"callwright/sim/beside"
)

// needSeries is agents by interval. The requirement that staff is shaded
// against is Erlang A's, whose callers hang up; Erlang C's where that is
// missing.
type needSeries struct {
	staffed, c, a []float64
	against       []float64
	name          string
	under, over   float64 // agent-hours
}

func (w words) needOf(s *beside.Study, q *beside.Queue) needSeries {
	whole := func(of func(*beside.Row) *int) []float64 {
		return column(q, func(r *beside.Row) *float64 {
			n := of(r)
			if n == nil {
				return nil
			}
			x := float64(*n)
			return &x
		})
	}
	x := needSeries{
		staffed: column(q, func(r *beside.Row) *float64 { return &r.Agents }),
		c:       whole(func(r *beside.Row) *int { return r.NeedC }),
		a:       whole(func(r *beside.Row) *int { return r.NeedA }),
	}
	x.against, x.name = x.a, w.s("col.erlang_a")
	if !some(x.a) {
		x.against, x.name = x.c, w.s("col.erlang_c")
	}
	for i, need := range x.against {
		if d := (x.staffed[i] - need) * s.IntervalSec / 3600; d > 0 {
			x.over += d
		} else if d < 0 {
			x.under -= d
		}
	}
	return x
}

func (w words) staffing(s *beside.Study, q *beside.Queue) Picture {
	x := w.needOf(s, q)
	if !some(x.against) {
		return Picture{}
	}
	d := dayOf(s, q)
	g := grid{Title: w.s("table.numbers"), Left: 1, Head: []string{w.s("col.interval"), w.s("col.agents"), w.s("col.need_c"), w.s("col.need_a")}}
	for i := range q.Rows {
		r := &q.Rows[i]
		g.Rows = append(g.Rows, []string{r.Label, fixed(r.Agents, 1), whole(r.NeedC), whole(r.NeedA)})
	}
	return Picture{Name: "staffing", Title: w.s("pic.need"), Height: 330, Table: g,
		Alt:  w.s("pic.need.alt", q.Name, w.hours(d.agentHours), w.hours(x.under), w.hours(x.over)),
		draw: func(t theme, c draw.Canvas) { t.staffing(c, q, d, x) }}
}

func (t theme) staffing(c draw.Canvas, q *beside.Queue, d day, x needSeries) {
	const shade = 0.45
	under, over := make([]float64, len(x.against)), make([]float64, len(x.against))
	for i, need := range x.against {
		under[i], over[i] = math.NaN(), math.NaN()
		if need > x.staffed[i] {
			under[i] = need
		} else if need < x.staffed[i] {
			over[i] = need
		}
	}
	p := t.plot()
	staffed := t.line(inkRole, 2)
	needC, needA := t.line(cRole, 1.6, 6, 3), t.line(aRole, 1.6, 8, 2, 2, 2)
	p.Add(lines{t.line(gridRole, 0.6)},
		bars{base: x.staffed, y: over, color: t.faint(overRole, shade)},
		bars{base: x.staffed, y: under, color: t.faint(underRole, shade+0.2)},
		steps{x.c, needC}, steps{x.a, needA}, steps{x.staffed, staffed})
	keys := []key{{label: t.w.s("pic.need.staffed", t.w.hours(d.agentHours)), line: staffed}}
	if some(x.c) {
		keys = append(keys, key{label: t.w.s("pic.need.c", t.w.hours(d.needC)), line: needC})
	}
	if some(x.a) {
		keys = append(keys, key{label: t.w.s("pic.need.a", t.w.hours(d.needA)), line: needA})
	}
	keys = append(keys,
		key{label: t.w.s("pic.need.under", x.name, t.w.hours(x.under)), patch: []ink{t.faint(underRole, shade+0.2)}},
		key{label: t.w.s("pic.need.over", x.name, t.w.hours(x.over)), patch: []ink{t.faint(overRole, shade)}})
	c = t.legend(c, keys)
	_, most := extremes(x.staffed, x.c, x.a)
	scale(&p.Y, 0, most, 5, 1)
	t.labels(p, labelsOf(q), c.Max.X-c.Min.X)
	t.stack(c, panel{p, t.w.s("pic.need.axis"), 1})
}
