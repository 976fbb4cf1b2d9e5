package report

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

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
	_, hi := extremes(x)
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
	lo, hi := extremes(x.sim)
	if len(q.Rows) == 0 || math.IsNaN(lo) && !some(x.c) && !some(x.measured) {
		return Picture{}
	}
	g := w.intervalTable(s, q)
	g.Title = w.s("table.numbers")
	return Picture{Name: "service-level", Title: w.s("pic.sl"), Height: 430, Table: g,
		Alt:  w.s("pic.sl.alt", q.Name, w.percent(lo), w.percent(hi), len(q.Rows)),
		draw: func(t theme, c draw.Canvas) { t.serviceLevel(c, s, q, x) }}
}

func (t theme) serviceLevel(c draw.Canvas, s *beside.Study, q *beside.Queue, x slSeries) {
	const wideBand, tight = 0.16, 0.38
	n := len(q.Rows)
	level := t.w.level(s.Level)
	p := t.plot()
	p.Add(lines{t.line(gridRole, 0.6)})
	var keys []key
	add := func(k key, y []float64, small vg.Length) {
		if some(y) {
			p.Add(curve{y, k.line, t.markers(n, k.glyph), small})
			keys = append(keys, k)
		}
	}
	if some(x.dayLo) {
		p.Add(band{x.dayLo, x.dayHi, t.faint(simRole, wideBand)})
	}
	if some(x.lo) {
		p.Add(band{x.lo, x.hi, t.faint(simRole, tight)})
	}
	var goal *key
	if q.Target > 0 {
		k := key{label: t.w.s("pic.sl.target", t.w.percent(q.Target)), line: t.line(targetRole, 1.4, 2, 2)}
		p.Add(mark{at: q.Target, style: k.line})
		goal = &k
	}
	if some(x.sim) {
		k := key{label: t.w.s("pic.sl.ci", level), line: t.line(simRole, 2), glyph: draw.CircleGlyph{}, patch: []ink{t.faint(simRole, tight)}}
		add(k, x.sim, 2.6)
		if some(x.dayLo) {
			keys = append(keys, key{label: t.w.s("pic.sl.pi", t.w.level(math.Round(1000*predictionLevel(s))/1000)), patch: []ink{t.faint(simRole, wideBand)}})
		}
	}
	add(key{label: t.w.s("col.erlang_c"), line: t.line(cRole, 1.6, 6, 3), glyph: draw.SquareGlyph{}}, x.c, 2.4)
	add(key{label: t.w.s("col.erlang_a"), line: t.line(aRole, 1.6, 8, 2, 2, 2), glyph: draw.TriangleGlyph{}}, x.a, 2.8)
	if some(x.measured) {
		k := key{label: t.w.s("col.measured"), line: draw.LineStyle{Color: t.ink(inkRole)}, glyph: diamond{}}
		p.Add(curve{x.measured, k.line, k.glyph, 4})
		keys = append(keys, k)
	}
	if goal != nil {
		keys = append(keys, *goal)
	}
	lo, _ := extremes(x.sim, x.dayLo, x.c, x.a, x.measured, []float64{1 - 1e-9})
	if q.Target > 0 {
		lo = math.Min(lo, q.Target)
	}
	if lo < 0.6 {
		lo = 0
	}
	scale(&p.Y, lo, 1, 5, 100)
	c = t.legend(c, keys)
	labels := labelsOf(q)
	t.labels(p, labels, c.Max.X-c.Min.X)

	b := t.plot()
	b.Add(lines{t.line(gridRole, 0.6)}, bars{y: x.offered, gap: 2, color: t.ink(barRole)})
	if some(x.mOffered) {
		b.Add(curve{x.mOffered, draw.LineStyle{Color: t.ink(inkRole)}, diamond{}, 3.6})
	}
	_, most := extremes(x.offered, x.mOffered, []float64{0})
	scale(&b.Y, 0, most, 3, 1)
	t.labels(b, labels, c.Max.X-c.Min.X)
	t.stack(c, panel{p, t.w.s("pic.sl.axis"), 2.4}, panel{b, t.w.s("pic.sl.offered"), 1})
}
