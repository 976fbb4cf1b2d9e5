package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic"
	"callwright/traffic/fit"
)

// fitTables are the estimates: days, handle time, patience, duty, the gap.
func (w words) fitTables(m *fit.Model) []grid {
	out := []grid{w.fitWeek(m), w.fitScatter(m)}
	if m.Report {
		return out
	}
	out = append(out, w.fitHandle(m), w.fitPatience(m), w.fitLaws(m), w.fitDuty(m), w.fitGroups(m))
	if len(m.Interruptions) > 0 {
		out = append(out, w.fitInterruptions(m))
	}
	return out
}

var weekdays = [7][2]string{{"Sun", "日"}, {"Mon", "月"}, {"Tue", "火"}, {"Wed", "水"}, {"Thu", "木"}, {"Fri", "金"}, {"Sat", "土"}}

func (w words) weekday(d time.Weekday) string { return w.pick(weekdays[d][0], weekdays[d][1]) }

func digits(x float64, n int) string {
	if notFinite(x) {
		return page.Undefined
	}
	return strconv.FormatFloat(x, 'f', n, 64)
}

// interval writes an estimate with its interval.
func interval(e fit.Estimate, n int) string {
	if math.IsNaN(e.Low) {
		return digits(e.Value, n)
	}
	return digits(e.Value, n) + " [" + digits(e.Low, n) + ", " + digits(e.High, n) + "]"
}

func (w words) fitWeek(m *fit.Model) grid {
	g := grid{Title: w.s("fit.week"), Left: 1,
		Head: []string{w.s("fit.day"), w.s("fit.days"), w.s("fit.calls_day"), w.s("fit.left"), w.s("fit.used"), w.s("fit.like")}}
	for d := range m.Arrivals.Week {
		x := &m.Arrivals.Week[d]
		if x.Group < 0 {
			g.Rows = append(g.Rows, []string{w.weekday(time.Weekday(d)), "0", page.Undefined, page.Undefined, page.Undefined, page.Undefined})
			continue
		}
		left := m.Arrivals.LeftOut(time.Weekday(d))
		var like []string
		for _, o := range m.Arrivals.Groups[x.Group].Days {
			like = append(like, w.weekday(o))
		}
		g.Rows = append(g.Rows, []string{w.weekday(time.Weekday(d)), strconv.Itoa(x.N), interval(x.Mean, 0), digits(left, 1), digits(x.Factor*m.Arrivals.Groups[x.Group].Mean-left, 0), strings.Join(like, " ")})
	}
	var out []string
	for _, d := range m.Arrivals.Days {
		date := d.Date.Format(w.s("fit.date"))
		switch {
		case d.Missing && m.Arrivals.Week[d.Date.Weekday()].Group >= 0:
			out = append(out, w.s("fit.no_calls", date))
		case d.Holiday:
			out = append(out, w.s("fit.holiday", date))
		}
	}
	var notes []string
	if p := m.Arrivals.Lost(); p > 0 {
		notes = append(notes, w.s("fit.left.note", w.percent(p)))
	}
	if out != nil {
		notes = append(notes, w.s("fit.left.days", strings.Join(out, ", ")))
	}
	g.Note = strings.Join(notes, w.pick(". ", "。"))
	return g
}

func (w words) fitScatter(m *fit.Model) grid {
	g := grid{Title: w.s("fit.scatter"), Left: 1,
		Head: []string{w.s("fit.level"), w.s("fit.cv"), w.s("fit.cv.used")}}
	a := &m.Arrivals
	g.Rows = [][]string{
		{w.s("fit.level.period"), interval(a.PeriodCV, 3), digits(a.PeriodCV.Value, 3)},
		{w.s("fit.level.day"), interval(a.DayCV, 3), digits(m.Follow.DayCV, 3)},
		{w.s("fit.level.interval", a.Slot), interval(a.IntervalCV, 3), digits(m.Follow.IntervalCV, 3)}}
	g.Note = w.s("fit.dispersion", digits(a.Dispersion, 2))
	return g
}

func (w words) fitHandle(m *fit.Model) grid {
	g := grid{Title: w.s("fit.handle"), Left: 1, Tail: true,
		Head: []string{w.s("col.queue"), w.s("fit.calls"), w.s("fit.mean"), w.s("fit.short"), w.s("fit.mean.law"), "KS", w.s("fit.law")}}
	for i := range m.Queues {
		t := &m.Queues[i].Handle
		law := lawWords(&t.Chosen)
		if t.From != "" {
			law = w.s("fit.from", w.warning(t.From)) + law
			g.Note = w.s("fit.few")
		}
		g.Rows = append(g.Rows, []string{m.Queues[i].Name, digits(t.Sample.Observed(), 0), interval(t.Mean, 1), w.percent(t.Short), digits(t.Chosen.Mean, 1), digits(t.Chosen.KS, 3), law})
	}
	return g
}

// lawWords names a law and its parameters with their intervals.
func lawWords(f *fit.Fitted) string {
	if f.Law.Kind() == "never" {
		return page.Undefined
	}
	p := f.Law.Params()
	var words []string
	for i, x := range p {
		e := fit.Estimate{Value: x.Value, Low: math.NaN(), High: math.NaN()}
		if i < len(f.Parameters) {
			e = f.Parameters[i]
		}
		n := 3
		if e.Value >= 10 {
			n = 1
		}
		words = append(words, x.Name+" "+interval(e, n))
	}
	return lawName(f.Law) + ": " + strings.Join(words, ", ")
}

func lawName(l traffic.Law) string {
	if _, rest := l.Balks(); rest != l {
		return rest.Kind() + " + balking"
	}
	return l.Kind()
}

func (w words) fitPatience(m *fit.Model) grid {
	g := grid{Title: w.s("fit.patience"), Left: 1, Tail: true,
		Head: []string{w.s("fit.stream"), w.s("fit.gave_up"), w.s("fit.cut"), w.s("fit.per_abandon"), w.s("fit.after60"), w.s("fit.by_law"), "KS", w.s("fit.law")}}
	for i := range m.Queues {
		for k := range m.Queues[i].Streams {
			s := &m.Queues[i].Streams[k]
			t := &s.Patience
			name := m.Queues[i].Name
			if len(m.Queues[i].Streams) > 1 {
				name += "/" + s.Tier
			}
			if s.From != "" {
				name += " (" + w.warning(s.From) + ")"
			}
			after, byLaw := math.NaN(), math.NaN()
			if n := t.Sample.Observed(); n > 0 {
				after, byLaw = t.KM.At(60), t.Chosen.Law.Survival(60)
			}
			g.Rows = append(g.Rows, []string{name, digits(t.Sample.Observed(), 0), digits(t.Sample.Cut(), 0), interval(t.Mean, 0), w.percent(after), w.percent(byLaw), digits(t.Chosen.KS, 3), lawWords(&t.Chosen)})
		}
	}
	g.Note = w.s("fit.patience.note")
	return g
}

// fitLaws sets the candidates of the busiest queue side by side.
func (w words) fitLaws(m *fit.Model) grid {
	q := busiest(m)
	g := grid{Title: w.s("fit.laws", q.Name), Left: 2,
		Head: []string{w.s("fit.of"), w.s("fit.law"), w.s("fit.loglik"), "AIC", "BIC", "KS", w.s("fit.mean.s")}}
	add := func(what string, t *fit.Times) {
		for _, l := range t.Laws {
			name := lawName(l.Law)
			if l.Law == t.Chosen.Law {
				name = "> " + name
			}
			g.Rows = append(g.Rows, []string{what, name, digits(l.LogLik, 1), digits(l.AIC, 1), digits(l.BIC, 1), digits(l.KS, 3), digits(l.Mean, 1)})
		}
	}
	add(w.s("fit.of.handle"), &q.Handle)
	for k := range q.Streams {
		add(w.s("fit.of.patience", q.Streams[k].Tier), &q.Streams[k].Patience)
	}
	g.Note = w.s("fit.law.used", w.warning(q.Handle.Why))
	return g
}

func busiest(m *fit.Model) *fit.Queue {
	best := &m.Queues[0]
	for i := range m.Queues {
		if m.Queues[i].Offered > best.Offered {
			best = &m.Queues[i]
		}
	}
	return best
}

func (w words) fitDuty(m *fit.Model) grid {
	g := grid{Title: w.s("fit.duty"), Left: 1,
		Head: []string{w.s("fit.gap"), w.s("fit.sessions"), w.s("fit.hours"), w.s("fit.with_call"),
			w.s("fit.between"), w.s("fit.between.load"), w.s("fit.between.idle")}}
	row := func(d *fit.Duty, used bool) {
		name := d.Gap.String()
		if used {
			name = "> " + name
		}
		g.Rows = append(g.Rows, []string{name, strconv.Itoa(d.Sessions), digits(d.Hours, 1), w.percent(d.Handling / d.Hours), digits(d.Between.Median, 1), interval(d.Between.All, 1), digits(d.Between.Idle.Value, 1)})
	}
	seen := false
	for i := range m.Gaps {
		seen = seen || m.Gaps[i].Gap == m.Duty.Gap
		row(&m.Gaps[i], m.Gaps[i].Gap == m.Duty.Gap)
	}
	if !seen {
		row(&m.Duty, true)
	}
	g.Note = w.s("fit.between.note", m.Duty.Between.Waiting)
	return g
}

func (w words) fitGroups(m *fit.Model) grid {
	g := grid{Title: w.s("fit.groups"), Left: 1, Tail: true,
		Head: []string{w.s("col.group"), w.s("fit.agents"), w.s("fit.calls"), w.s("fit.queues")}}
	for i := range m.Groups {
		x := &m.Groups[i]
		var names []string
		for _, q := range x.Queues {
			names = append(names, m.Queues[q].Name)
		}
		g.Rows = append(g.Rows, []string{x.Name, strconv.Itoa(x.Agents), strconv.Itoa(x.Served), strings.Join(names, " ")})
	}
	return g
}

func (w words) fitInterruptions(m *fit.Model) grid {
	g := grid{Title: w.s("fit.cuts"), Left: 2,
		Head: []string{w.s("col.from"), w.s("fit.to"), w.s("fit.calls"), w.s("fit.usual")}}
	for _, x := range m.Interruptions {
		g.Rows = append(g.Rows, []string{x.From.Format("2006-01-02 15:04"), x.To.Format("15:04"), strconv.Itoa(x.Calls), digits(x.Usual, 1)})
	}
	return g
}
