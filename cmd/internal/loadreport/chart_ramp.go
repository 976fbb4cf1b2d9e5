package loadreport

import (
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// rampColumns is how many pieces of time a picture has at most: more cannot be told apart
// on a phone.
const rampColumns = 120

// rampSeries is the run in pieces of equal length.
type rampSeries struct {
	piece                             time.Duration
	wanted, started, answered, failed []float64 // calls/s
	open, p95                         []float64 // at the piece's end; ms
	labels                            []string  // when each begins
}

func rampOf(s *loadstats.Story) (x rampSeries) {
	n := len(s.Seconds)
	each := max(1, (n+rampColumns-1)/rampColumns)
	for i := 0; i < n; i += each {
		sum := loadstats.Interval{At: s.Seconds[i].At}
		for k := i; k < min(i+each, n); k++ {
			sum.Merge(&s.Seconds[k])
		}
		x.piece = max(x.piece, sum.Length)
		per := func(n int64) float64 {
			if sum.Length <= 0 {
				return math.NaN()
			}
			return float64(n) / sum.Length.Seconds()
		}
		x.wanted, x.started = append(x.wanted, per(sum.Wanted)), append(x.started, per(sum.Started))
		x.answered, x.failed = append(x.answered, per(sum.Answered)), append(x.failed, per(sum.Failed))
		x.open, x.p95 = append(x.open, float64(sum.Open)), append(x.p95, 1000*sum.Quantile(loadstats.SetUp, 0.95))
		x.labels = append(x.labels, clock(sum.At))
	}
	return x
}

// ramp draws the run over time.
func (t *told) ramp() page.Picture {
	if len(t.story.Seconds) < 2 || t.v.Started+t.v.Ended == 0 {
		return page.Picture{}
	}
	x := rampOf(t.story)
	_, wanted := page.Extremes(x.wanted)
	_, started := page.Extremes(x.started)
	_, open := page.Extremes(x.open)
	g := page.Grid{Title: t.s("table.numbers"), Left: 1, Head: []string{t.s("pic.time"), t.s("pic.wanted"), t.s("pic.started"), t.s("pic.answered"), t.s("pic.failed"), t.s("pic.ramp.open"), "setup p95"},
		Unit: []string{"", "/s", "/s", "/s", "/s", "", "ms"}}
	for i := range x.labels {
		g.Rows = append(g.Rows, []string{x.labels[i], rounded(x.wanted[i]), rounded(x.started[i]), rounded(x.answered[i]), rounded(x.failed[i]), page.Fixed(x.open[i], 0), three(x.p95[i])})
	}
	return page.Picture{Name: "ramp", Title: t.s("pic.ramp"), Width: page.Wide, Height: 470, Table: g, Alt: t.s("pic.ramp.alt", t.rate(wanted), t.rate(started), page.Fixed(open, 0)),
		Draw: func(th page.Theme, c draw.Canvas) { t.drawRamp(th, c, x) }}
}

func (t *told) drawRamp(th page.Theme, c draw.Canvas, x rampSeries) {
	styles := []page.Key{
		{Label: t.s("pic.wanted"), Line: th.Line(page.MutedRole, 1.4, 2, 2)},
		{Label: t.s("pic.started"), Line: th.Line(page.SimRole, 1.8)},
		{Label: t.s("pic.answered"), Line: th.Line(page.ARole, 1.6, 6, 3)},
		{Label: t.s("pic.failed"), Line: th.Line(page.UnderRole, 1.8, 8, 2, 2, 2)},
	}
	c = th.Legend(c, styles)
	rates := th.Plot()
	rates.Add(page.Lines{Style: th.Line(page.GridRole, 0.6)})
	top := 0.0
	for i, y := range [][]float64{x.wanted, x.started, x.answered, x.failed} {
		rates.Add(page.Curve{Y: y, Style: styles[i].Line})
		if _, hi := page.Extremes(y); hi > top {
			top = hi
		}
	}
	page.Scale(&rates.Y, 0, top, 4, 1)
	below := func(y []float64, k plot.Plotter) *plot.Plot {
		p := th.Plot()
		p.Add(page.Lines{Style: th.Line(page.GridRole, 0.6)}, k)
		_, hi := page.Extremes(y)
		page.Scale(&p.Y, 0, hi, 2, 1)
		th.Labels(p, x.labels, c.Max.X-c.Min.X)
		return p
	}
	th.Labels(rates, x.labels, c.Max.X-c.Min.X)
	th.Stack(c, page.Panel{Plot: rates, Name: t.s("pic.ramp.rate"), Share: 1.7},
		page.Panel{Plot: below(x.open, page.Steps{Y: x.open, Style: th.Line(page.SimRole, 1.6)}), Name: t.s("pic.ramp.open"), Share: 1},
		page.Panel{Plot: below(x.p95, page.Curve{Y: x.p95, Style: th.Line(page.CRole, 1.6), Glyph: th.Markers(len(x.p95), draw.CircleGlyph{}), Small: 2}), Name: t.s("pic.ramp.p95"), Share: 1})
}
