package page

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series here are by interval: value i belongs to [i, i+1) on the axis. NaN is a
// gap. A line goes through the middles and flat to the edges of a run, so that
// an interval alone between gaps is still seen.

// Runs calls f for every run of defined values, as [from, to).
func Runs(n int, ok func(int) bool, f func(from, to int)) {
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

// Curve is a line with markers.
type Curve struct {
	Y     []float64
	Style draw.LineStyle
	Glyph draw.GlyphDrawer // nil: none
	Small vg.Length        // marker's radius
}

func (k Curve) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	Runs(len(k.Y), func(i int) bool { return !math.IsNaN(k.Y[i]) }, func(from, to int) {
		if k.Style.Width > 0 {
			c.StrokeLines(k.Style, trace(&c, p, k.Y, from, to, false))
		}
		if k.Glyph == nil {
			return
		}
		for i := from; i < to; i++ {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.Style.Color, Radius: k.Small, Shape: k.Glyph}, vg.Point{X: tx(float64(i) + 0.5), Y: ty(k.Y[i])})
		}
	})
}

// Band is what lies between two lines.
type Band struct {
	Lo, Hi []float64
	Color  Ink
}

func (k Band) Plot(c draw.Canvas, p *plot.Plot) {
	ok := func(i int) bool { return !math.IsNaN(k.Lo[i]) && !math.IsNaN(k.Hi[i]) }
	Runs(len(k.Lo), ok, func(from, to int) {
		c.FillPolygon(k.Color, append(trace(&c, p, k.Hi, from, to, false), trace(&c, p, k.Lo, from, to, true)...))
	})
}

// Bars are boxes from the axis, on [i, i+1).
type Bars struct {
	Base, Y []float64 // Base nil: 0
	Gap     vg.Length
	Color   Ink
}

func (k Bars) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i, y := range k.Y {
		lo := 0.0
		if k.Base != nil {
			lo = k.Base[i]
		}
		if math.IsNaN(y) || math.IsNaN(lo) || y == lo {
			continue
		}
		x0, x1 := tx(float64(i)), tx(float64(i)+1)
		if g := k.Gap; x1-x0 > 3*g {
			x0, x1 = x0+g/2, x1-g/2
		}
		Box(&c, k.Color, x0, min(ty(lo), c.Max.Y), x1, min(ty(y), c.Max.Y))
	}
}

// Box fills a rectangle.
func Box(c *draw.Canvas, color Ink, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(color, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// Steps is a line that is level over every interval.
type Steps struct {
	Y     []float64
	Style draw.LineStyle
}

func (k Steps) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	Runs(len(k.Y), func(i int) bool { return !math.IsNaN(k.Y[i]) }, func(from, to int) {
		var pts []vg.Point
		for i := from; i < to; i++ {
			y := ty(k.Y[i])
			if n := len(pts); n > 0 && pts[n-1].Y == y {
				pts[n-1].X = tx(float64(i) + 1)
				continue
			}
			pts = append(pts, vg.Point{X: tx(float64(i)), Y: y}, vg.Point{X: tx(float64(i) + 1), Y: y})
		}
		c.StrokeLines(k.Style, pts)
	})
}

// Mark is a straight line across, or from bottom to top, at a value.
type Mark struct {
	At      float64
	Upright bool
	Style   draw.LineStyle
	Label   string
	Text    draw.TextStyle
}

func (k Mark) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if k.Upright {
		if k.At < p.X.Min || k.At > p.X.Max {
			return
		}
		x := tx(k.At)
		c.StrokeLine2(k.Style, x, c.Min.Y, x, c.Max.Y)
		if k.Label != "" {
			k.Text.YAlign = draw.YTop
			c.FillText(k.Text, vg.Point{X: x + 4, Y: c.Max.Y}, k.Label)
		}
		return
	}
	if k.At >= p.Y.Min && k.At <= p.Y.Max {
		c.StrokeLine2(k.Style, c.Min.X, ty(k.At), c.Max.X, ty(k.At))
	}
}

// Diamond is a full marker that is seen on any line.
type Diamond struct{}

func (Diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius
	c.FillPolygon(s.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}

// Lines draws the grid of the y axis's ticks.
type Lines struct{ Style draw.LineStyle }

func (k Lines) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Value >= p.Y.Min && t.Value <= p.Y.Max {
			c.StrokeLine2(k.Style, c.Min.X, ty(t.Value), c.Max.X, ty(t.Value))
		}
	}
}
