package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

func (w words) bridge(s *beside.Study) Picture {
	n := len(s.Bridge)
	if n < 2 {
		return Picture{}
	}
	values := make([]float64, n)
	for i := range s.Bridge {
		values[i] = defined(s.Bridge[i].Value.Value)
	}
	if !some(values) {
		return Picture{}
	}
	g := w.bridgeTable(s)
	g.Title = w.s("table.numbers")
	say := g.Note
	g.Note = ""
	return Picture{Name: "bridge", Title: w.s("pic.bridge"), Height: 60 + 46*float64(n), Table: g,
		Alt: say, Draw: w.drawn(func(t theme, c draw.Canvas) { t.bridge(c, s, values) })}
}

// bridge is a waterfall lying down: a rung's name needs a line of its own.
func (t theme) bridge(c draw.Canvas, s *beside.Study, values []float64) {
	p := t.Plot()
	n := len(values)
	lo, hi := page.Extremes(values)
	for i := range s.Bridge {
		if i > 0 && !math.IsNaN(values[i-1]) {
			if l, h := defined(s.Bridge[i].Change.Low), defined(s.Bridge[i].Change.High); !math.IsNaN(l) && !math.IsNaN(h) {
				lo, hi = math.Min(lo, values[i-1]+l), math.Max(hi, values[i-1]+h)
			}
		}
	}
	room := math.Max(hi-lo, 0.01)
	page.Scale(&p.X, math.Max(0, lo-0.1*room), math.Min(1, hi+0.1*room), 6, 100)
	p.Y.Min, p.Y.Max = 0, float64(n)
	p.Y.Tick.Marker = plot.ConstantTicks{}
	p.Add(waterfall{s.Bridge, values, t})
	c = t.Legend(c, []page.Key{
		{Label: t.w.s("pic.bridge.value"), Line: t.Line(page.InkRole, 2.4)},
		{Label: t.w.s("pic.bridge.up"), Patch: []page.Ink{t.Ink(page.SimRole)}},
		{Label: t.w.s("pic.bridge.down"), Patch: []page.Ink{t.Ink(page.UnderRole)}}})
	c.Min.X += 10 // for half a tick label
	t.Stack(c, page.Panel{Plot: p, Name: t.w.s("pic.bridge.x"), Share: 1})
}

type waterfall struct {
	rungs  []beside.Rung
	values []float64
	t      theme
}

func (k waterfall) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	n := len(k.rungs)
	name, value := k.t.Text(page.InkRole, page.Size), k.t.Text(page.InkRole, page.Size)
	name.YAlign, value.YAlign = draw.YTop, draw.YTop
	value.XAlign = draw.XRight
	for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		c.StrokeLine2(k.t.Line(page.GridRole, 0.6), tx(tick.Value), c.Min.Y, tx(tick.Value), c.Max.Y)
	}
	for i, r := range k.rungs {
		top, bottom := ty(float64(n-i)), ty(float64(n-i-1))
		y0, y1 := bottom+3, top-21
		v := k.values[i]
		said := k.t.w.percent(v)
		if i > 0 {
			said = k.t.w.points(defined(r.Change.Value))
		}
		defer k.label(&c, name, c.Min.X, top-3, k.t.w.pick(r.En, r.Ja)) // over the lines
		defer k.label(&c, value, c.Max.X, top-3, said)
		if math.IsNaN(v) {
			continue
		}
		if i > 0 && !math.IsNaN(k.values[i-1]) {
			before := k.values[i-1]
			color := k.t.Ink(page.SimRole)
			if v < before {
				color = k.t.Ink(page.UnderRole)
			}
			page.Box(&c, color, tx(before), y0, tx(v), y1)
			if l, h := defined(r.Change.Low), defined(r.Change.High); !math.IsNaN(l) && !math.IsNaN(h) {
				y := (y0 + y1) / 2
				c.StrokeLine2(k.t.Line(page.InkRole, 1.2), tx(before+l), y, tx(before+h), y)
			}
		}
		// The answer so far reaches down to the next rung, which starts there.
		down := y0
		if i < n-1 {
			down = ty(float64(n-i-2)) + 3
		}
		c.StrokeLine2(k.t.Line(page.MutedRole, 0.8, 2, 2), tx(v), down, tx(v), y0)
		c.StrokeLine2(k.t.Line(page.InkRole, 2.4), tx(v), y0, tx(v), y1)
	}
}

// label writes on a patch of background, so that no line runs through it.
func (k waterfall) label(c *draw.Canvas, s draw.TextStyle, x, y vg.Length, text string) {
	w := s.Width(text)
	from := x
	if s.XAlign == draw.XRight {
		from -= w
	}
	page.Box(c, k.t.Ink(page.BackRole), from-2, y-15, from+w+2, y)
	c.FillText(s, vg.Point{X: x, Y: y}, text)
}
