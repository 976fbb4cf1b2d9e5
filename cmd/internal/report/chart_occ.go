package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// occSeries is occupancy by group and column; a column is one interval or, in a
// long study, several, weighted by agents.
type occSeries struct {
	names, labels []string
	y             [][]float64
	merged        int
}

const maxHeat = 96

func occOf(s *beside.Study) occSeries {
	n := 0
	for i := range s.Groups {
		n = max(n, len(s.Groups[i].Rows))
	}
	x := occSeries{merged: (n + maxHeat - 1) / maxHeat}
	if n == 0 {
		return x
	}
	columns := (n + x.merged - 1) / x.merged
	for k := range columns {
		label := ""
		if len(s.Queues) > 0 && k*x.merged < len(s.Queues[0].Rows) {
			label = s.Queues[0].Rows[k*x.merged].Label
		}
		x.labels = append(x.labels, label)
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		y := make([]float64, columns)
		for k := range y {
			var m mean
			for j := k * x.merged; j < min((k+1)*x.merged, len(g.Rows)); j++ {
				m.add(defined(g.Rows[j].Occupancy.Value), g.Rows[j].Agents)
			}
			y[k] = m.value()
		}
		x.names, x.y = append(x.names, g.Name), append(x.y, y)
	}
	return x
}

func (w words) occupancy(s *beside.Study) Picture {
	x := occOf(s)
	lo, hi := page.Extremes(x.y...)
	if math.IsNaN(lo) {
		return Picture{}
	}
	g := grid{Title: w.s("table.numbers"), Left: 1, Head: append([]string{w.s("col.interval")}, x.names...), Unit: make([]string, len(x.names)+1)}
	for i := range x.names {
		g.Unit[i+1] = w.s("unit.percent")
	}
	for k := range x.labels {
		row := []string{x.labels[k]}
		for i := range x.y {
			row = append(row, page.Hundredths(x.y[i][k]))
		}
		g.Rows = append(g.Rows, row)
	}
	if x.merged > 1 {
		g.Note = w.s("pic.occ.merged", x.merged)
	}
	height := 60 + 24*float64(len(x.y))
	if len(x.y) <= 3 {
		height = 280
	}
	return Picture{Name: "occupancy", Title: w.s("pic.occ"), Height: height, Table: g,
		Alt: w.s("pic.occ.alt", len(x.y), w.percent(lo), w.percent(hi)),
		Draw: w.drawn(func(t theme, c draw.Canvas) {
			if len(x.y) <= 3 {
				t.occupancyLines(c, x)
			} else {
				t.occupancyHeat(c, x)
			}
		})}
}

func (t theme) occupancyLines(c draw.Canvas, x occSeries) {
	p := t.Plot()
	p.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)})
	var keys []page.Key
	for i, style := range []page.Key{
		{Line: t.Line(page.SimRole, 2), Glyph: draw.CircleGlyph{}},
		{Line: t.Line(page.CRole, 1.8, 6, 3), Glyph: draw.SquareGlyph{}},
		{Line: t.Line(page.ARole, 1.8, 8, 2, 2, 2), Glyph: draw.TriangleGlyph{}},
	}[:len(x.y)] {
		p.Add(page.Curve{Y: unit(x.y[i]), Style: style.Line, Glyph: t.Markers(len(x.labels), style.Glyph), Small: 2.6})
		style.Label = x.names[i]
		keys = append(keys, style)
	}
	lo, _ := page.Extremes(x.y...)
	if lo < 0.6 {
		lo = 0
	}
	page.Scale(&p.Y, lo, 1, 5, 100)
	c = t.Legend(c, keys)
	t.Labels(p, x.labels, c.Max.X-c.Min.X)
	t.Stack(c, page.Panel{Plot: p, Name: t.w.s("pic.occ.axis"), Share: 1})
}

func (t theme) occupancyHeat(c draw.Canvas, x occSeries) {
	p := t.Plot()
	n := len(x.y)
	p.Y.Min, p.Y.Max = 0, float64(n)
	p.X.Min, p.X.Max = 0, float64(len(x.labels))
	var ticks []plot.Tick
	for i, name := range x.names {
		if r := []rune(name); len(r) > 14 {
			name = string(r[:13]) + "…"
		}
		ticks = append(ticks, plot.Tick{Value: float64(n-i) - 0.5, Label: name})
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Add(heat{x.y, t})
	t.Labels(p, x.labels, c.Max.X-c.Min.X)
	name := t.w.s("pic.occ.axis")
	if x.merged > 1 {
		name += t.w.pick("; ", "。") + t.w.s("pic.occ.merged", x.merged)
	}
	t.Stack(c, page.Panel{Plot: p, Name: name, Share: 1})
}

// heat is a box for every group and column, the fuller the busier, with the
// number in it where it fits.
type heat struct {
	y [][]float64
	t theme
}

func (k heat) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	s := k.t.Text(page.InkRole, 9.5)
	s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
	for i, row := range k.y {
		for j, v := range row {
			x0, x1 := tx(float64(j)), tx(float64(j)+1)
			y0, y1 := ty(float64(len(k.y)-i-1)), ty(float64(len(k.y)-i))
			if math.IsNaN(v) {
				continue
			}
			v = math.Max(0, math.Min(1, v))
			// Above one half everything happens: 0.05 at 50 %, 0.7 at 100 %.
			page.Box(&c, k.t.Faint(page.SimRole, math.Round(100*(0.05+0.65*math.Max(0, v-0.5)/0.5))/100), x0+0.5, y0+0.5, x1-0.5, y1-0.5)
			if text := page.Fixed(100*v, 0); x1-x0 > s.Width(text)+3 && y1-y0 > 11 {
				c.FillText(s, vg.Point{X: (x0 + x1) / 2, Y: (y0 + y1) / 2}, text)
			}
		}
	}
}
