package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series here are by interval: value i belongs to [i, i+1) on the axis. NaN is a
// gap. A line goes through the middles and flat to the edges of a run, so that
// an interval alone between gaps is still seen.

// runs calls f for every run of defined values, as [from, to).
func runs(n int, ok func(int) bool, f func(from, to int)) {
	for i := 0; i < n; {
		if !ok(i) {
			i++
			continue
		}
		from := i
		for i < n && ok(i) {
			i++
		}
		f(from, i)
	}
}

func trace(c *draw.Canvas, p *plot.Plot, y []float64, from, to int, backwards bool) []vg.Point {
	tx, ty := p.Transforms(c)
	pts := []vg.Point{{X: tx(float64(from)), Y: ty(y[from])}}
	for i := from; i < to; i++ {
		pts = append(pts, vg.Point{X: tx(float64(i) + 0.5), Y: ty(y[i])})
	}
	pts = append(pts, vg.Point{X: tx(float64(to)), Y: ty(y[to-1])})
	if backwards {
		for a, b := 0, len(pts)-1; a < b; a, b = a+1, b-1 {
			pts[a], pts[b] = pts[b], pts[a]
		}
	}
	return pts
}

// curve is a line with markers.
type curve struct {
	y     []float64
	style draw.LineStyle
	glyph draw.GlyphDrawer // nil: none
	small vg.Length        // marker's radius
}

func (k curve) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	runs(len(k.y), func(i int) bool { return !math.IsNaN(k.y[i]) }, func(from, to int) {
		if k.style.Width > 0 {
			c.StrokeLines(k.style, trace(&c, p, k.y, from, to, false))
		}
		if k.glyph == nil {
			return
		}
		for i := from; i < to; i++ {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.style.Color, Radius: k.small, Shape: k.glyph}, vg.Point{X: tx(float64(i) + 0.5), Y: ty(k.y[i])})
		}
	})
}

// band is what lies between two lines.
type band struct {
	lo, hi []float64
	color  ink
}

func (k band) Plot(c draw.Canvas, p *plot.Plot) {
	ok := func(i int) bool { return !math.IsNaN(k.lo[i]) && !math.IsNaN(k.hi[i]) }
	runs(len(k.lo), ok, func(from, to int) {
		c.FillPolygon(k.color, append(trace(&c, p, k.hi, from, to, false), trace(&c, p, k.lo, from, to, true)...))
	})
}

// bars are boxes from the axis, on [i, i+1).
type bars struct {
	base, y []float64 // base nil: 0
	gap     vg.Length
	color   ink
}

func (k bars) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i, y := range k.y {
		lo := 0.0
		if k.base != nil {
			lo = k.base[i]
		}
		if math.IsNaN(y) || math.IsNaN(lo) || y == lo {
			continue
		}
		x0, x1 := tx(float64(i)), tx(float64(i)+1)
		if g := k.gap; x1-x0 > 3*g {
			x0, x1 = x0+g/2, x1-g/2
		}
		box(&c, k.color, x0, min(ty(lo), c.Max.Y), x1, min(ty(y), c.Max.Y))
	}
}

func box(c *draw.Canvas, color ink, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(color, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// steps is a line that is level over every interval.
type steps struct {
	y     []float64
	style draw.LineStyle
}

func (k steps) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	runs(len(k.y), func(i int) bool { return !math.IsNaN(k.y[i]) }, func(from, to int) {
		var pts []vg.Point
		for i := from; i < to; i++ {
			y := ty(k.y[i])
			if n := len(pts); n > 0 && pts[n-1].Y == y {
				pts[n-1].X = tx(float64(i) + 1)
				continue
			}
			pts = append(pts, vg.Point{X: tx(float64(i)), Y: y}, vg.Point{X: tx(float64(i) + 1), Y: y})
		}
		c.StrokeLines(k.style, pts)
	})
}

// mark is a straight line across, or from bottom to top, at a value.
type mark struct {
	at      float64
	upright bool
	style   draw.LineStyle
	label   string
	text    draw.TextStyle
}

func (k mark) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if k.upright {
		if k.at < p.X.Min || k.at > p.X.Max {
			return
		}
		x := tx(k.at)
		c.StrokeLine2(k.style, x, c.Min.Y, x, c.Max.Y)
		if k.label != "" {
			k.text.YAlign = draw.YTop
			c.FillText(k.text, vg.Point{X: x + 4, Y: c.Max.Y}, k.label)
		}
		return
	}
	if k.at >= p.Y.Min && k.at <= p.Y.Max {
		c.StrokeLine2(k.style, c.Min.X, ty(k.at), c.Max.X, ty(k.at))
	}
}

// diamond is a full marker that is seen on any line.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius
	c.FillPolygon(s.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}

// lines draws the grid of the y axis's ticks.
type lines struct{ style draw.LineStyle }

func (k lines) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Value >= p.Y.Min && t.Value <= p.Y.Max {
			c.StrokeLine2(k.style, c.Min.X, ty(t.Value), c.Max.X, ty(t.Value))
		}
	}
}
