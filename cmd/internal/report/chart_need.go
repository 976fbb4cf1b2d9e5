package report

import (
	"math"

	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
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
		g.Rows = append(g.Rows, []string{r.Label, page.Fixed(r.Agents, 1), whole(r.NeedC), whole(r.NeedA)})
	}
	return Picture{Name: "staffing", Title: w.s("pic.need"), Height: 330, Table: g,
		Alt:  w.s("pic.need.alt", q.Name, w.hours(d.agentHours), w.hours(x.under), w.hours(x.over)),
		Draw: w.drawn(func(t theme, c draw.Canvas) { t.staffing(c, q, d, x) })}
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
	p := t.Plot()
	staffed := t.Line(page.InkRole, 2)
	needC, needA := t.Line(page.CRole, 1.6, 6, 3), t.Line(page.ARole, 1.6, 8, 2, 2, 2)
	p.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)},
		page.Bars{Base: x.staffed, Y: over, Color: t.Faint(page.OverRole, shade)},
		page.Bars{Base: x.staffed, Y: under, Color: t.Faint(page.UnderRole, shade+0.2)},
		page.Steps{Y: x.c, Style: needC}, page.Steps{Y: x.a, Style: needA}, page.Steps{Y: x.staffed, Style: staffed})
	keys := []page.Key{{Label: t.w.s("pic.need.staffed", t.w.hours(d.agentHours)), Line: staffed}}
	if some(x.c) {
		keys = append(keys, page.Key{Label: t.w.s("pic.need.c", t.w.hours(d.needC)), Line: needC})
	}
	if some(x.a) {
		keys = append(keys, page.Key{Label: t.w.s("pic.need.a", t.w.hours(d.needA)), Line: needA})
	}
	keys = append(keys,
		page.Key{Label: t.w.s("pic.need.under", x.name, t.w.hours(x.under)), Patch: []page.Ink{t.Faint(page.UnderRole, shade+0.2)}},
		page.Key{Label: t.w.s("pic.need.over", x.name, t.w.hours(x.over)), Patch: []page.Ink{t.Faint(page.OverRole, shade)}})
	c = t.Legend(c, keys)
	_, most := page.Extremes(x.staffed, x.c, x.a)
	page.Scale(&p.Y, 0, most, 5, 1)
	t.Labels(p, labelsOf(q), c.Max.X-c.Min.X)
	t.Stack(c, page.Panel{Plot: p, Name: t.w.s("pic.need.axis"), Share: 1})
}
