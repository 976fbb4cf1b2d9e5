package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

// waitSeries is the distribution in at most maxColumns columns: the tail
// beyond 99.5 % goes into the last one.
type waitSeries struct {
	bin                 float64 // seconds a column
	answered, abandoned []float64
	left                []float64 // share that waits longer than the column's beginning
	rest                bool      // the last column holds all longer waits
	inAWT, lost         float64
}

const maxColumns = 40

func waitsOf(q *beside.Queue) (waitSeries, bool) {
	n := max(len(q.Waits.Answered), len(q.Waits.Abandoned))
	get := func(list []int64, i int) float64 {
		if i < len(list) {
			return float64(list[i])
		}
		return 0
	}
	total, lost, in := 0.0, 0.0, 0.0
	last := 0
	for i := range n {
		a, b := get(q.Waits.Answered, i), get(q.Waits.Abandoned, i)
		total, lost = total+a+b, lost+b
		if float64(i+1)*q.Waits.BinSec <= q.AWT+1e-9 {
			in += a
		}
	}
	if total == 0 {
		return waitSeries{}, false
	}
	sum := 0.0
	for i := range n {
		if sum < 0.995*total {
			last = i
		}
		sum += get(q.Waits.Answered, i) + get(q.Waits.Abandoned, i)
	}
	merge := last/maxColumns + 1
	columns := (last + merge) / merge
	x := waitSeries{bin: float64(merge) * q.Waits.BinSec, rest: columns*merge < n, inAWT: in / total, lost: lost / total}
	if x.rest {
		columns++
	}
	x.answered, x.abandoned, x.left = make([]float64, columns), make([]float64, columns), make([]float64, columns)
	for i := range n {
		k := min(i/merge, columns-1)
		x.answered[k] += get(q.Waits.Answered, i) / total
		x.abandoned[k] += get(q.Waits.Abandoned, i) / total
	}
	left := 1.0
	for k := range columns {
		x.left[k] = math.Max(left, 0)
		left -= x.answered[k] + x.abandoned[k]
	}
	return x, true
}

func (w words) waits(q *beside.Queue) Picture {
	if q.Waits == nil {
		return Picture{}
	}
	x, ok := waitsOf(q)
	if !ok {
		return Picture{}
	}
	p := w.s("unit.percent")
	g := grid{Title: w.s("table.numbers"), Left: 1, Head: []string{w.s("pic.waits.x"), w.s("pic.waits.answered"), w.s("pic.waits.abandoned"), w.s("pic.waits.left")}, Unit: []string{"", p, p, ""}}
	for k := range x.answered {
		label := page.Number(float64(k)*x.bin) + w.pick(" to ", "〜") + page.Number(float64(k+1)*x.bin)
		if x.rest && k == len(x.answered)-1 {
			label = w.s("pic.rest", page.Number(float64(k)*x.bin))
		}
		g.Rows = append(g.Rows, []string{label, page.Hundredths(x.answered[k]), page.Hundredths(x.abandoned[k]), page.Hundredths(x.left[k])})
	}
	return Picture{Name: "waits", Title: w.s("pic.waits"), Height: 380, Table: g,
		Alt:  w.s("pic.waits.alt", q.Name, w.percent(x.inAWT), w.seconds(q.AWT), w.percent(x.lost)),
		Draw: w.drawn(func(t theme, c draw.Canvas) { t.waits(c, q, x) })}
}

func (t theme) waits(c draw.Canvas, q *beside.Queue, x waitSeries) {
	both := make([]float64, len(x.answered))
	top, second := 0.0, 0.0
	for k := range both {
		both[k] = x.answered[k] + x.abandoned[k]
		if v := both[k]; v > top {
			top, second = v, top
		} else {
			second = max(second, v)
		}
	}
	awt := page.Mark{At: q.AWT / x.bin, Upright: true, Style: t.Line(page.TargetRole, 1.4, 2, 2), Label: "T = " + t.w.seconds(q.AWT), Text: t.Text(page.TargetRole, page.Size)}
	p := t.Plot()
	p.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)}, page.Bars{Y: x.answered, Gap: 1, Color: t.Ink(page.SimRole)}, page.Bars{Base: x.answered, Y: both, Gap: 1, Color: t.Ink(page.AbandonRole)}, awt)
	high := top
	if second > 0 && top > 4*second {
		// One column would flatten all others: it is cut, and says how high it is.
		high = 1.6 * second
		p.Add(cut{both, high, t})
	}
	page.Scale(&p.Y, 0, high, 4, 100)
	c = t.Legend(c, []page.Key{
		{Label: t.w.s("pic.waits.answered"), Patch: []page.Ink{t.Ink(page.SimRole)}},
		{Label: t.w.s("pic.waits.abandoned"), Patch: []page.Ink{t.Ink(page.AbandonRole)}},
		{Label: t.w.s("pic.waits.left"), Line: t.Line(page.InkRole, 1.8)}})
	b := t.Plot()
	b.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)}, survival{x.left, t.Line(page.InkRole, 1.8)}, page.Mark{At: awt.At, Upright: true, Style: awt.Style})
	page.Scale(&b.Y, 0, 1, 4, 100)
	t.seconds(p, x, c.Max.X-c.Min.X)
	t.seconds(b, x, c.Max.X-c.Min.X)
	t.Stack(c, page.Panel{Plot: p, Name: t.w.s("pic.waits.axis"), Share: 1.5}, page.Panel{Plot: b, Name: t.w.s("pic.waits.left") + t.w.pick("; across: ", "。横軸は") + t.w.s("pic.waits.x"), Share: 1})
}

// seconds labels the axis of columns.
func (t theme) seconds(p *plot.Plot, x waitSeries, width vg.Length) {
	n := len(x.answered)
	p.X.Min, p.X.Max = 0, float64(n)
	want := 10.0
	if width < 500 {
		want = 5
	}
	step := max(1, math.Round(page.Round(float64(n)*x.bin/want)/x.bin))
	var ticks []plot.Tick
	for k := 0.0; k <= p.X.Max; k += step {
		ticks = append(ticks, plot.Tick{Value: k, Label: strconv.FormatFloat(k*x.bin, 'g', -1, 64)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
}

// cut writes the height over columns that are higher than the axis.
type cut struct {
	y    []float64
	high float64
	t    theme
}

func (k cut) Plot(c draw.Canvas, p *plot.Plot) {
	tx, _ := p.Transforms(&c)
	for i, y := range k.y {
		if y > p.Y.Max {
			x0, x1 := tx(float64(i)), tx(float64(i)+1)
			gap := draw.LineStyle{Color: k.t.Ink(page.BackRole), Width: 3}
			c.StrokeLine2(gap, x0-2, c.Max.Y-14, x1+2, c.Max.Y-9)
			s := k.t.Text(page.InkRole, page.Size)
			s.YAlign = draw.YTop
			c.FillText(s, vg.Point{X: x1 + 5, Y: c.Max.Y - 16}, k.t.w.percent(y))
		}
	}
}

// survival is a line through the columns' edges.
type survival struct {
	y     []float64
	style draw.LineStyle
}

func (k survival) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var pts []vg.Point
	for i, y := range k.y {
		pts = append(pts, vg.Point{X: tx(float64(i)), Y: ty(y)})
	}
	c.StrokeLines(k.style, pts)
}
