package report

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"callwright/cmd/internal/page"
	"callwright/traffic"
	"callwright/traffic/fit"
)

// FitPictures draws, for the three busiest queues, how the fitted laws lie on what
// was measured: the part of calls handled for longer, and the part of callers who
// would wait longer, against time.
func FitPictures(m *fit.Model, lang string) ([]Picture, error) {
	w, err := wordsOf(lang)
	if err != nil || m.Report {
		return nil, err
	}
	var order []*fit.Queue
	for i := range m.Queues {
		order = append(order, &m.Queues[i])
	}
	slices.SortStableFunc(order, func(a, b *fit.Queue) int { return b.Offered - a.Offered })
	var list []Picture
	for _, q := range order[:min(3, len(order))] {
		list = append(list, w.fitPicture(q))
	}
	return defaults(list...), nil
}

func (w words) fitPicture(q *fit.Queue) Picture {
	s := &q.Streams[0]
	for k := range q.Streams {
		if q.Streams[k].Patience.Sample.Observed() > s.Patience.Sample.Observed() {
			s = &q.Streams[k]
		}
	}
	g := grid{Title: w.s("table.numbers"), Left: 1, Head: []string{w.s("fit.pic.longer"), w.s("fit.of.handle"), w.s("fit.law"), w.s("fit.pic.km"), w.s("fit.law")}}
	h, p := &q.Handle, &s.Patience
	for _, t := range []float64{5, 10, 20, 30, 60, 120, 180, 300, 600, 1200} {
		km := page.Undefined
		if reach(p) >= t {
			km = page.Hundredths(p.KM.At(t))
		}
		g.Rows = append(g.Rows, []string{digits(t, 0), page.Hundredths(longer(h, t)), page.Hundredths(byLaw(h, t)), km, page.Hundredths(byLaw(p, t))})
	}
	name := q.Name
	if len(q.Streams) > 1 {
		name += "/" + s.Tier
	}
	return Picture{Name: "fit-" + q.Name, Title: w.s("fit.pic", name), Height: 440, Table: g,
		Alt:  w.s("fit.pic.alt", digits(h.Chosen.KS, 3), digits(p.Chosen.KS, 3)),
		Draw: w.drawn(func(t theme, c draw.Canvas) { t.fit(c, h, p) })}
}

// longer is the part of the sample that lasts longer; NaN of none.
func longer(x *fit.Times, t float64) float64 {
	if x.Sample.Observed() == 0 {
		return math.NaN()
	}
	return x.KM.At(t)
}

// byLaw is the same by the law; NaN where there is none but never.
func byLaw(x *fit.Times, t float64) float64 {
	if x.Chosen.Law.Kind() == "never" {
		return math.NaN()
	}
	return x.Chosen.Law.Survival(t)
}

// reach is how far a sample tells something: as long as 30 are at risk.
func reach(t *fit.Times) float64 {
	x := 0.0
	for i, n := range t.KM.AtRisk {
		if n >= 30 || i == 0 {
			x = t.KM.T[i]
		}
	}
	return x
}

func (t theme) fit(c draw.Canvas, handle, patience *fit.Times) {
	c = t.Legend(c, []page.Key{
		{Label: t.w.s("fit.pic.measured"), Patch: []page.Ink{t.Faint(page.SimRole, 0.3)}, Line: t.Line(page.SimRole, 1.6)},
		{Label: t.w.s("fit.pic.law"), Line: t.Line(page.TargetRole, 1.6, 4, 2)}})
	t.Stack(c, page.Panel{Plot: t.against(handle, c.Max.X-c.Min.X), Name: t.w.s("fit.pic.handle.axis"), Share: 1},
		page.Panel{Plot: t.against(patience, c.Max.X-c.Min.X), Name: t.w.s("fit.pic.patience.axis"), Share: 1})
}

// against is a sample's survival function with the law over it.
func (t theme) against(x *fit.Times, width vg.Length) *plot.Plot {
	p := t.Plot()
	far := reach(x)
	for i, s := range x.KM.S {
		if s < 0.01 {
			far = min(far, x.KM.T[i])
			break
		}
	}
	far = math.Max(far, 1)
	low := 1.0
	for i, s := range x.KM.S {
		if x.KM.T[i] <= far {
			low = min(low, s-2*x.KM.SE[i])
		}
	}
	if low > 0.6 {
		low = math.Floor(low*10) / 10
	} else {
		low = 0
	}
	p.Add(page.Lines{Style: t.Line(page.GridRole, 0.6)}, stairs{x.KM, far, t.Faint(page.SimRole, 0.3), t.Line(page.SimRole, 1.6)}, lawLine{x.Chosen.Law, far, t.Line(page.TargetRole, 1.6, 4, 2)})
	page.Scale(&p.Y, max(0, low), 1, 4, 100)
	p.X.Min, p.X.Max = 0, far
	want := 8.0
	if width < 500 {
		want = 4
	}
	step := page.Round(far / want)
	var ticks []plot.Tick
	for v := 0.0; v <= far; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', -1, 64)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	return p
}

// stairs is a Kaplan-Meier estimate with its band.
type stairs struct {
	km   fit.KM
	far  float64
	band page.Ink
	line draw.LineStyle
}

func (k stairs) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	clip := func(y float64) vg.Length { return ty(math.Max(p.Y.Min, math.Min(y, p.Y.Max))) }
	var line, up, down []vg.Point
	at := func(t, s, se float64) {
		x := tx(t)
		line = append(line, vg.Point{X: x, Y: clip(s)})
		up = append(up, vg.Point{X: x, Y: clip(s + 1.96*se)})
		down = append(down, vg.Point{X: x, Y: clip(s - 1.96*se)})
	}
	s, se := 1.0, 0.0
	at(0, s, se)
	for i, t := range k.km.T {
		if t > k.far {
			break
		}
		at(t, s, se)
		s, se = k.km.S[i], k.km.SE[i]
		at(t, s, se)
	}
	at(k.far, s, se)
	slices.Reverse(down)
	c.FillPolygon(k.band, append(up, down...))
	c.StrokeLines(k.line, line)
}

// lawLine is a law's survival function.
type lawLine struct {
	law   traffic.Law
	far   float64
	style draw.LineStyle
}

func (k lawLine) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var pts []vg.Point
	for i := range 201 {
		x := k.far * float64(i) / 200
		pts = append(pts, vg.Point{X: tx(x), Y: ty(math.Max(p.Y.Min, k.law.Survival(x)))})
	}
	c.StrokeLines(k.style, pts)
}
