package report

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// column reads one number of every row.
func column(q *beside.Queue, of func(*beside.Row) *float64) []float64 {
	out := make([]float64, len(q.Rows))
	for i := range q.Rows {
		out[i] = defined(of(&q.Rows[i]))
	}
	return out
}

func labelsOf(q *beside.Queue) []string {
	var out []string
	for i := range q.Rows {
		out = append(out, q.Rows[i].Label)
	}
	return out
}

func unit(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Max(0, math.Min(1, v)) // NaN stays
	}
	return out
}

func some(x []float64) bool {
	_, hi := page.Extremes(x)
	return !math.IsNaN(hi)
}

// slSeries is everything the picture of the service level shows.
type slSeries struct {
	sim, lo, hi, dayLo, dayHi, c, a, measured []float64
	offered, mOffered                         []float64
}

func slOf(q *beside.Queue) slSeries {
	measured := func(f func(*beside.Row) *float64) []float64 {
		return column(q, func(r *beside.Row) *float64 {
			if r.Measured == nil {
				return nil
			}
			return f(r.Measured)
		})
	}
	return slSeries{
		sim:   column(q, func(r *beside.Row) *float64 { return r.SL.Value }),
		lo:    unit(column(q, func(r *beside.Row) *float64 { return r.SL.Low })),
		hi:    unit(column(q, func(r *beside.Row) *float64 { return r.SL.High })),
		dayLo: unit(column(q, func(r *beside.Row) *float64 { return r.SLDay.Low })),
		dayHi: unit(column(q, func(r *beside.Row) *float64 { return r.SLDay.High })),
		c:     column(q, func(r *beside.Row) *float64 { return r.ErlangC.Value }),
		a:     column(q, func(r *beside.Row) *float64 { return r.ErlangA.Value }),

		measured: measured(func(r *beside.Row) *float64 { return r.SL.Value }),
		offered:  column(q, func(r *beside.Row) *float64 { return r.Offered.Value }),
		mOffered: measured(func(r *beside.Row) *float64 { return r.Offered.Value }),
	}
}

func (w words) serviceLevel(s *beside.Study, q *beside.Queue) Picture {
	x := slOf(q)
	lo, hi := page.Extremes(x.sim)
	if len(q.Rows) == 0 || math.IsNaN(lo) && !some(x.c) && !some(x.measured) {
		return Picture{}
	}
	g := w.intervalTable(s, q)
	g.Title = w.s("table.numbers")
	return Picture{Name: "service-level", Title: w.s("pic.sl"), Height: 430, Table: g,
		Alt:  w.s("pic.sl.alt", q.Name, w.percent(lo), w.percent(hi), len(q.Rows)),
		Draw: w.drawn(func(t theme, c draw.Canvas) { t.serviceLevel(c, s, q, x) })}
}

func (t theme) serviceLevel(c draw.Canvas, s *beside.Study, q *beside.Queue, x slSeries) {
	const wideBand, tight = 0.16, 0.38
	n := len(q.Rows)
	level := t.w.level(s.Level)
	p := t.Plot()
	p.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)})
	var keys []page.Key
	add := func(k page.Key, y []float64, small vg.Length) {
		if some(y) {
			p.Add(page.Curve{Y: y, Style: k.Line, Glyph: t.Markers(n, k.Glyph), Small: small})
			keys = append(keys, k)
		}
	}
	if some(x.dayLo) {
		p.Add(page.Band{Lo: x.dayLo, Hi: x.dayHi, Color: t.Faint(page.SimRole, wideBand)})
	}
	if some(x.lo) {
		p.Add(page.Band{Lo: x.lo, Hi: x.hi, Color: t.Faint(page.SimRole, tight)})
	}
	var goal *page.Key
	if q.Target > 0 {
		k := page.Key{Label: t.w.s("pic.sl.target", t.w.percent(q.Target)), Line: t.Line(page.TargetRole, 1.4, 2, 2)}
		p.Add(page.Mark{At: q.Target, Style: k.Line})
		goal = &k
	}
	if some(x.sim) {
		k := page.Key{Label: t.w.s("pic.sl.ci", level), Line: t.Line(page.SimRole, 2), Glyph: draw.CircleGlyph{}, Patch: []page.Ink{t.Faint(page.SimRole, tight)}}
		add(k, x.sim, 2.6)
		if some(x.dayLo) {
			keys = append(keys, page.Key{Label: t.w.s("pic.sl.pi", t.w.level(math.Round(1000*predictionLevel(s))/1000)), Patch: []page.Ink{t.Faint(page.SimRole, wideBand)}})
		}
	}
	add(page.Key{Label: t.w.s("col.erlang_c"), Line: t.Line(page.CRole, 1.6, 6, 3), Glyph: draw.SquareGlyph{}}, x.c, 2.4)
	add(page.Key{Label: t.w.s("col.erlang_a"), Line: t.Line(page.ARole, 1.6, 8, 2, 2, 2), Glyph: draw.TriangleGlyph{}}, x.a, 2.8)
	if some(x.measured) {
		k := page.Key{Label: t.w.s("col.measured"), Line: draw.LineStyle{Color: t.Ink(page.InkRole)}, Glyph: page.Diamond{}}
		p.Add(page.Curve{Y: x.measured, Style: k.Line, Glyph: k.Glyph, Small: 4})
		keys = append(keys, k)
	}
	if goal != nil {
		keys = append(keys, *goal)
	}
	lo, _ := page.Extremes(x.sim, x.dayLo, x.c, x.a, x.measured, []float64{1 - 1e-9})
	if q.Target > 0 {
		lo = math.Min(lo, q.Target)
	}
	if lo < 0.6 {
		lo = 0
	}
	page.Scale(&p.Y, lo, 1, 5, 100)
	c = t.Legend(c, keys)
	labels := labelsOf(q)
	t.Labels(p, labels, c.Max.X-c.Min.X)

	b := t.Plot()
	b.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)}, page.Bars{Y: x.offered, Gap: 2, Color: t.Ink(page.BarRole)})
	if some(x.mOffered) {
		b.Add(page.Curve{Y: x.mOffered, Style: draw.LineStyle{Color: t.Ink(page.InkRole)}, Glyph: page.Diamond{}, Small: 3.6})
	}
	_, most := page.Extremes(x.offered, x.mOffered, []float64{0})
	page.Scale(&b.Y, 0, most, 3, 1)
	t.Labels(b, labels, c.Max.X-c.Min.X)
	t.Stack(c, page.Panel{Plot: p, Name: t.w.s("pic.sl.axis"), Share: 2.4}, page.Panel{Plot: b, Name: t.w.s("pic.sl.offered"), Share: 1})
}
