package loadreport

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

const (
	mosLow, mosHigh = 1.0, 4.5 // narrow band goes no higher
	mosColumn       = 0.1
)

// mos draws how many calls had which MOS.
func (t *told) mos() page.Picture {
	n := t.v.N(loadstats.MOS)
	if n == 0 {
		return page.Picture{}
	}
	y := make([]float64, int(math.Round((mosHigh-mosLow)/mosColumn)))
	for _, b := range t.v.Bars(loadstats.MOS) {
		k := int((b.From-mosLow)/mosColumn + 1e-9)
		y[min(max(k, 0), len(y)-1)] += float64(b.Count)
	}
	g := page.Grid{Title: t.s("table.numbers"), Left: 1, Head: []string{"MOS", t.s("pic.mos.calls"), "%"}}
	for k, c := range y {
		if c > 0 {
			from := mosLow + float64(k)*mosColumn
			g.Rows = append(g.Rows, []string{t.s("pic.to", page.Fixed(from, 1), page.Fixed(from+mosColumn, 1)), count(int64(c)), page.Hundredths(c / float64(n))})
		}
	}
	return page.Picture{Name: "mos", Title: t.s("pic.mos"), Width: page.Wide, Height: 260, Table: g,
		Alt:  t.s("pic.mos.alt", count(n), t.quantile(loadstats.MOS, 0.5), t.quantile(loadstats.MOS, 0.05), t.setting(t.story.Run.Buffer)),
		Draw: func(th page.Theme, c draw.Canvas) { t.drawMOS(th, c, y) }}
}

func (t *told) drawMOS(th page.Theme, c draw.Canvas, y []float64) {
	p := th.Plot()
	_, top := page.Extremes(y)
	p.Add(page.Lines{Style: th.Line(page.GridRole, 0.6)}, page.Bars{Y: y, Gap: 2, Color: th.Ink(page.SimRole)})
	page.Scale(&p.Y, 0, top, 4, 1)
	p.X.Min, p.X.Max = 0, float64(len(y))
	for _, q := range []struct {
		p    float64
		name string
	}{{0.05, "p5"}, {0.5, "p50"}} {
		v := t.v.Quantile(loadstats.MOS, q.p)
		// named in the legend: both lie near each other, and over the highest bars
		p.Add(page.Mark{At: (v - mosLow) / mosColumn, Upright: true, Style: markOf(th, q.p)})
	}
	c = th.Legend(c, []page.Key{{Label: "p5 " + t.quantile(loadstats.MOS, 0.05), Line: markOf(th, 0.05)}, {Label: "p50 " + t.quantile(loadstats.MOS, 0.5), Line: markOf(th, 0.5)}})
	var ticks []plot.Tick
	for v := mosLow; v <= mosHigh+1e-9; v += 0.5 {
		ticks = append(ticks, plot.Tick{Value: (v - mosLow) / mosColumn, Label: strconv.FormatFloat(v, 'f', 1, 64)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	th.Stack(c, page.Panel{Plot: p, Name: t.s("pic.mos.axis"), Share: 1})
}

func markOf(th page.Theme, p float64) draw.LineStyle {
	if p == 0.5 {
		return th.Line(page.InkRole, 1.6)
	}
	return th.Line(page.TargetRole, 1.6, 4, 2)
}
