package page

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Key is an entry of a legend: a patch, a line, a marker, or several.
type Key struct {
	Label string
	Patch []Ink // drawn over each other
	Line  draw.LineStyle
	Glyph draw.GlyphDrawer
}

const patchWidth = 22

// Legend draws the entries in rows across the top and returns what is left.
func (t Theme) Legend(c draw.Canvas, keys []Key) draw.Canvas {
	style := t.Text(InkRole, Size)
	style.YAlign = draw.YCenter
	const row, space = 17, 14
	x, y := c.Min.X, c.Max.Y-row/2
	for i, k := range keys {
		w := patchWidth + 5 + style.Width(k.Label)
		if i > 0 && x+w > c.Max.X {
			x, y = c.Min.X, y-row
		}
		for _, f := range k.Patch {
			Box(&c, f, x, y-5, x+patchWidth, y+5)
		}
		if k.Line.Width > 0 {
			c.StrokeLine2(k.Line, x, y, x+patchWidth, y)
		}
		if k.Glyph != nil {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.Line.Color, Radius: 3.4, Shape: k.Glyph}, vg.Point{X: x + patchWidth/2, Y: y})
		}
		c.FillText(style, vg.Point{X: x + patchWidth + 5, Y: y + 1.5}, k.Label)
		x += w + space
	}
	c.Max.Y = y - row/2 - 4
	return c
}

// Panel is one plot of a picture and its share of the height; its name stands
// over it, not along the axis: Japanese is not read sideways.
type Panel struct {
	Plot  *plot.Plot
	Name  string
	Share float64
}

// Stack draws panels under each other with their axes in line.
func (t Theme) Stack(c draw.Canvas, panels ...Panel) {
	const head = 22
	total := 0.0
	for _, p := range panels {
		total += p.Share
	}
	height := c.Max.Y - c.Min.Y
	parts := make([]draw.Canvas, len(panels))
	left, right := c.Min.X, c.Max.X
	top := c.Max.Y
	for i, p := range panels {
		parts[i] = c
		parts[i].Max.Y = top
		top -= height * vg.Length(p.Share/total)
		parts[i].Min.Y = top
		if i < len(panels)-1 {
			parts[i].Min.Y += 6
		}
		style := t.Text(MutedRole, Size)
		style.YAlign = draw.YTop
		c.FillText(style, vg.Point{X: c.Min.X, Y: parts[i].Max.Y}, p.Name)
		parts[i].Max.Y -= head
		d := p.Plot.DataCanvas(parts[i])
		left, right = max(left, d.Min.X), min(right, d.Max.X)
	}
	for i, p := range panels {
		d := p.Plot.DataCanvas(parts[i])
		parts[i].Min.X += left - d.Min.X
		parts[i].Max.X -= d.Max.X - right
		p.Plot.Draw(parts[i])
	}
}

// Labels puts the intervals' labels under an axis, as many as fit.
func (t Theme) Labels(p *plot.Plot, labels []string, width vg.Length) {
	p.X.Min, p.X.Max = 0, float64(max(len(labels), 1))
	style := t.Text(MutedRole, Size)
	longest := vg.Length(1)
	for _, l := range labels {
		longest = max(longest, style.Width(l))
	}
	room := max(1, int((width-60)/(longest+10)))
	every := 1
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12, 16, 24, 48} {
		every = n
		if (len(labels)+n-1)/n <= room {
			break
		}
	}
	for (len(labels)+every-1)/every > room {
		every *= 2
	}
	var ticks []plot.Tick
	for i := 0; i < len(labels); i += every {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: labels[i]})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
}

// Scale gives an axis round ticks from lo to at least hi, about n of them;
// times is what labels multiply by (100 for percent).
func Scale(a *plot.Axis, lo, hi float64, n int, times float64) {
	if !(hi > lo) {
		hi = lo + 1/times
	}
	step := Round((hi - lo) / float64(n) * times)
	a.Min = math.Floor(lo*times/step+1e-9) * step / times
	a.Max = math.Ceil(hi*times/step-1e-9) * step / times
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for k := 0; k < 100; k++ {
		v := a.Min*times + float64(k)*step
		if v > a.Max*times+step/2 {
			break
		}
		ticks = append(ticks, plot.Tick{Value: v / times, Label: strconv.FormatFloat(math.Round(v/step)*step, 'f', digits, 64)})
	}
	a.Tick.Marker = plot.ConstantTicks(ticks)
}

// Round is the next of 1, 2, 5 times a power of ten.
func Round(x float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if x <= m*p*(1+1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// Extremes returns the least and the largest defined value.
func Extremes(lists ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, l := range lists {
		for _, x := range l {
			if !math.IsNaN(x) {
				lo, hi = min(lo, x), max(hi, x)
			}
		}
	}
	if lo > hi {
		return math.NaN(), math.NaN()
	}
	return lo, hi
}

// Markers: at most as many as can be told apart.
func (t Theme) Markers(n int, g draw.GlyphDrawer) draw.GlyphDrawer {
	if t.Small && n > 20 || n > 60 {
		return nil
	}
	return g
}
