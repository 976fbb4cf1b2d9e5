package loadreport

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// perDecade is how many columns a factor of ten of delay has: each is a quarter wider than
// the one before.
const perDecade = 10

// logAxis is delays in columns of a logarithmic scale, from a power of ten to another.
type logAxis struct {
	from    float64 // log10 of seconds
	columns int
}

// at is where a delay lies, in columns; one of no length at the left.
func (a logAxis) at(seconds float64) float64 {
	return math.Min(math.Max((math.Log10(math.Max(seconds, 1e-9))-a.from)*perDecade, 0), float64(a.columns))
}

func logAxisOf(v *loadstats.Interval, list ...loadstats.Measure) logAxis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, m := range list {
		for _, b := range v.Bars(m) {
			lo, hi = math.Min(lo, math.Max(b.From, 1e-5)), math.Max(hi, math.Max(b.To, 1e-5))
		}
	}
	a := logAxis{from: math.Floor(math.Log10(lo) + 1e-9)}
	a.columns = perDecade * max(1, int(math.Ceil(math.Log10(hi)-1e-9)-a.from))
	return a
}

// histogram is the share of values in each column.
func (a logAxis) histogram(v *loadstats.Interval, m loadstats.Measure) []float64 {
	out := make([]float64, a.columns)
	for _, b := range v.Bars(m) {
		k := min(int(a.at((b.From+b.To)/2)), a.columns-1)
		out[k] += float64(b.Count) / float64(v.N(m))
	}
	return out
}

// latency draws set-up and session request delay: how many calls took how long, and the
// percentiles on a scale that shows the tail.
func (t *told) latency() page.Picture {
	n := t.v.N(loadstats.SetUp)
	if n == 0 {
		return page.Picture{}
	}
	a := logAxisOf(t.v, loadstats.SRD, loadstats.SetUp)
	g := page.Grid{Title: t.s("table.numbers"), Left: 1, Head: []string{t.s("col.delay"), "n", "p50", "p90", "p95", "p99", "p99.9", t.s("col.max")}}
	for _, m := range []loadstats.Measure{loadstats.SRD, loadstats.SetUp, loadstats.SRDIntended, loadstats.SetUpIntended} {
		if t.v.N(m) > 0 {
			g.Rows = append(g.Rows, []string{m.String(), count(t.v.N(m)), t.quantile(m, 0.5), t.quantile(m, 0.9), t.quantile(m, 0.95), t.quantile(m, 0.99), t.quantile(m, 0.999), t.value(m, t.v.Max(m))})
		}
	}
	return page.Picture{Name: "latency", Title: t.s("pic.latency"), Width: page.Wide, Height: 430, Table: g,
		Alt:  t.s("pic.latency.alt", t.quantile(loadstats.SetUp, 0.5), t.quantile(loadstats.SetUp, 0.95), t.quantile(loadstats.SetUp, 0.99), count(n)),
		Draw: func(th page.Theme, c draw.Canvas) { t.drawLatency(th, c, a) }}
}

func (t *told) drawLatency(th page.Theme, c draw.Canvas, a logAxis) {
	setup, srd := th.Line(page.SimRole, 1.8), th.Line(page.CRole, 1.8, 6, 3)
	c = th.Legend(c, []page.Key{{Label: t.s("pic.setup"), Line: setup, Patch: []page.Ink{th.Faint(page.SimRole, 0.35)}, Glyph: page.Diamond{}}, {Label: t.s("pic.srd"), Line: srd, Glyph: draw.CircleGlyph{}}})
	p := th.Plot()
	bars, line := a.histogram(t.v, loadstats.SetUp), a.histogram(t.v, loadstats.SRD)
	_, top := page.Extremes(bars, line)
	p.Add(page.Lines{Style: th.Line(page.GridRole, 0.6)}, page.Bars{Y: bars, Gap: 1, Color: th.Faint(page.SimRole, 0.45)}, page.Steps{Y: line, Style: srd})
	page.Scale(&p.Y, 0, top, 4, 100)
	b := th.Plot()
	b.Add(page.Lines{Style: th.Line(page.GridRole, 0.6)},
		percentiles{t, loadstats.SRD, a, srd, draw.CircleGlyph{}, th, false},
		percentiles{t, loadstats.SetUp, a, setup, page.Diamond{}, th, true})
	b.Y.Min, b.Y.Max = 0, tail(0.9995)
	var ticks []plot.Tick
	for _, q := range []float64{0, 0.5, 0.9, 0.95, 0.99, 0.999} {
		ticks = append(ticks, plot.Tick{Value: tail(q), Label: strconv.FormatFloat(100*q, 'f', -1, 64)})
	}
	b.Y.Tick.Marker = plot.ConstantTicks(ticks)
	t.decades(p, a, th)
	t.decades(b, a, th)
	th.Stack(c, page.Panel{Plot: p, Name: t.s("pic.latency.share"), Share: 1}, page.Panel{Plot: b, Name: t.s("pic.latency.ecdf"), Share: 1.4})
}

// decades labels the axis: powers of ten, and 2 and 5 between them where there is room.
func (t *told) decades(p *plot.Plot, a logAxis, th page.Theme) {
	p.X.Min, p.X.Max = 0, float64(a.columns)
	between := []float64{1, 2, 5}
	if room := 6; th.Small {
		room = 2
		if a.columns > room*perDecade {
			between = between[:1]
		}
	} else if a.columns > room*perDecade {
		between = between[:1]
	}
	var ticks []plot.Tick
	for d := 0; d <= a.columns/perDecade; d++ {
		for _, k := range between {
			x := float64(d*perDecade) + perDecade*math.Log10(k)
			if x <= float64(a.columns)+1e-9 {
				ticks = append(ticks, plot.Tick{Value: x, Label: t.tick(k * math.Pow(10, a.from+float64(d)))})
			}
		}
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
}

// tick is a round length of time.
func (t *told) tick(seconds float64) string {
	if seconds < 0.9995 {
		return plain(1000*seconds) + " ms"
	}
	return t.s("unit.seconds", plain(seconds))
}

// tail is where a part of all lies on an axis that gives each tenfold rarer delay the same
// room: the percentile plot of HdrHistogram.
func tail(p float64) float64 { return -math.Log10(1 - p) }

// percentiles is a curve of percentiles with p50, p95 and p99 marked on it, and named if
// they are to be.
type percentiles struct {
	t     *told
	m     loadstats.Measure
	a     logAxis
	style draw.LineStyle
	glyph draw.GlyphDrawer
	th    page.Theme
	named bool
}

func (k percentiles) Plot(c draw.Canvas, p *plot.Plot) {
	n := k.t.v.N(k.m)
	if n == 0 {
		return
	}
	tx, ty := p.Transforms(&c)
	var line []vg.Point
	below := int64(0)
	for _, b := range k.t.v.Bars(k.m) {
		x := tx(k.a.at(b.To))
		line = append(line, vg.Point{X: x, Y: ty(math.Min(tail(float64(below)/float64(n)), p.Y.Max))})
		below += b.Count
		y := p.Y.Max
		if below < n {
			y = math.Min(tail(float64(below)/float64(n)), p.Y.Max)
		}
		line = append(line, vg.Point{X: x, Y: ty(y)})
	}
	c.StrokeLines(k.style, line)
	for _, q := range []struct {
		p    float64
		name string
	}{{0.5, "p50"}, {0.95, "p95"}, {0.99, "p99"}} {
		v := k.t.v.Quantile(k.m, q.p)
		at := vg.Point{X: tx(k.a.at(v)), Y: ty(tail(q.p))}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: k.style.Color, Radius: 4, Shape: k.glyph}, at)
		s := k.th.Text(page.InkRole, page.Size)
		s.YAlign = draw.YCenter
		label := q.name + " " + k.t.value(k.m, v)
		at.X += 8
		if !k.named || at.X+s.Width(label) > c.Max.X { // the other curve's stand at its left
			at.X -= 16 + s.Width(label)
			at.Y += 7 // above its curve
		}
		if at.X > c.Min.X {
			c.FillText(s, at, label)
		}
	}
}
