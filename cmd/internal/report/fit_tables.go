package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

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
		return undefined
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
	g := grid{Title: w.pick("Calls by day of the week", "曜日別の呼数"), Left: 1,
		Head: []string{w.pick("day", "曜日"), w.pick("days fitted", "日数"), w.pick("calls a day [95 %]", "1日の呼数[95%]"), w.pick("left out", "除外"), w.pick("used", "採用値"), w.pick("shape shared with", "同じ時間帯分布")}}
	for d := range m.Arrivals.Week {
		x := &m.Arrivals.Week[d]
		if x.Group < 0 {
			g.Rows = append(g.Rows, []string{w.weekday(time.Weekday(d)), "0", undefined, undefined, undefined, undefined})
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
		date := w.pick(d.Date.Format("2 Jan"), d.Date.Format("1月2日"))
		switch {
		case d.Missing && m.Arrivals.Week[d.Date.Weekday()].Group >= 0:
			out = append(out, date+w.pick(" has no calls", "はデータなし"))
		case d.Holiday:
			out = append(out, date+w.pick(" is a holiday", "は休日"))
		}
	}
	var notes []string
	if p := m.Arrivals.Lost(); p > 0 {
		notes = append(notes, w.pick("Left out are calls that came when on a mean day less than half an agent was there, of all ", "除外は平均の日の在席が0.5人未満の時間帯の呼。全体の")+w.percent(p))
	}
	if out != nil {
		notes = append(notes, w.pick("Left out: ", "除外日: ")+strings.Join(out, ", "))
	}
	g.Note = strings.Join(notes, w.pick(". ", "。"))
	return g
}

func (w words) fitScatter(m *fit.Model) grid {
	g := grid{Title: w.pick("Scatter of volumes beyond Poisson", "呼数のばらつき(ポアソンを超える分)"), Left: 1,
		Head: []string{w.pick("level", "水準"), w.pick("CV [95 %]", "変動係数[95%]"), w.pick("given duty, used", "配置で説明できない分(採用)")}}
	a := &m.Arrivals
	g.Rows = [][]string{
		{w.pick("mean of the days", "全期間の平均"), interval(a.PeriodCV, 3), digits(a.PeriodCV.Value, 3)},
		{w.pick("day", "日"), interval(a.DayCV, 3), digits(m.Follow.DayCV, 3)},
		{w.pick("interval of ", "時間帯 ") + a.Slot.String(), interval(a.IntervalCV, 3), digits(m.Follow.IntervalCV, 3)}}
	g.Note = w.pick("Poisson dispersion of interval counts: ", "時間帯別呼数の分散/平均: ") + digits(a.Dispersion, 2)
	return g
}

func (w words) fitHandle(m *fit.Model) grid {
	g := grid{Title: w.pick("Handle time", "処理時間"), Left: 1, Tail: true,
		Head: []string{w.pick("queue", "窓口"), w.pick("calls", "呼数"), w.pick("mean, s [95 %]", "平均 秒[95%]"), w.pick("under 10 s", "10秒未満"), w.pick("mean of law", "分布の平均"), "KS", w.pick("law", "分布")}}
	for i := range m.Queues {
		t := &m.Queues[i].Handle
		law := lawWords(&t.Chosen)
		if t.From != "" {
			law = w.pick(t.From+", ", "全呼、") + law
			g.Note = w.pick("Queues with fewer than 50 calls have the law of all together.", "50呼未満の窓口は全体の分布を使います。")
		}
		g.Rows = append(g.Rows, []string{m.Queues[i].Name, digits(t.Sample.Observed(), 0), interval(t.Mean, 1), w.percent(t.Short), digits(t.Chosen.Mean, 1), digits(t.Chosen.KS, 3), law})
	}
	return g
}

// lawWords names a law and its parameters with their intervals.
func lawWords(f *fit.Fitted) string {
	if f.Law.Kind() == "never" {
		return undefined
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
	name, _, _ := strings.Cut(f.Law.String(), "(")
	if name == "balking" {
		inner := f.Law.String()[strings.Index(f.Law.String(), ", ")+2:]
		inner, _, _ = strings.Cut(inner, "(")
		name = inner + " + balking"
	}
	return name + ": " + strings.Join(words, ", ")
}

func (w words) fitPatience(m *fit.Model) grid {
	g := grid{Title: w.pick("Patience", "我慢時間"), Left: 1, Tail: true,
		Head: []string{w.pick("stream", "流入"), w.pick("gave up", "放棄"), w.pick("cut", "打切り"), w.pick("wait per abandon, s [95 %]", "待ち時間/放棄 秒[95%]"), w.pick("left after 60 s (KM)", "60秒後残存(KM)"), w.pick("by law", "分布"), "KS", w.pick("law", "分布")}}
	for i := range m.Queues {
		for k := range m.Queues[i].Streams {
			s := &m.Queues[i].Streams[k]
			t := &s.Patience
			name := m.Queues[i].Name
			if len(m.Queues[i].Streams) > 1 {
				name += "/" + s.Tier
			}
			if s.From != "" {
				name += " (" + s.From + ")"
			}
			after, byLaw := math.NaN(), math.NaN()
			if n := t.Sample.Observed(); n > 0 {
				after, byLaw = t.KM.At(60), t.Chosen.Law.Survival(60)
			}
			g.Rows = append(g.Rows, []string{name, digits(t.Sample.Observed(), 0), digits(t.Sample.Cut(), 0), interval(t.Mean, 0), w.percent(after), w.percent(byLaw), digits(t.Chosen.KS, 3), lawWords(&t.Chosen)})
		}
	}
	g.Note = w.pick("Wait per abandon is the mean patience if it is exponential. A law's mean beyond the longest waits seen is its own guess.",
		"待ち時間/放棄は指数分布を仮定した平均我慢時間。観測より長い部分は分布の外挿です。")
	return g
}

// fitLaws sets the candidates of the busiest queue side by side.
func (w words) fitLaws(m *fit.Model) grid {
	q := busiest(m)
	g := grid{Title: w.pick("Candidate laws of the busiest queue, ", "候補の分布 ") + q.Name, Left: 2,
		Head: []string{w.pick("of", "対象"), w.pick("law", "分布"), w.pick("log-likelihood", "対数尤度"), "AIC", "BIC", "KS", w.pick("mean, s", "平均 秒")}}
	add := func(what string, t *fit.Times) {
		for _, l := range t.Laws {
			name := l.Law.Kind()
			if name == "balking" {
				name = l.Law.String()[strings.Index(l.Law.String(), ", ")+2:]
				name, _, _ = strings.Cut(name, "(")
				name += " + balking"
			}
			if l.Law == t.Chosen.Law {
				name = "> " + name
			}
			g.Rows = append(g.Rows, []string{what, name, digits(l.LogLik, 1), digits(l.AIC, 1), digits(l.BIC, 1), digits(l.KS, 3), digits(l.Mean, 1)})
		}
	}
	add(w.pick("handle time", "処理時間"), &q.Handle)
	for k := range q.Streams {
		add(w.pick("patience ", "我慢時間 ")+q.Streams[k].Tier, &q.Streams[k].Patience)
	}
	g.Note = w.pick("> is used: "+q.Handle.Why+".", ">が採用値です。")
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
	g := grid{Title: w.pick("Agents on duty, by the gap at which sessions are split", "在席の推定(区切りの空き時間別)"), Left: 1,
		Head: []string{w.pick("gap", "空き"), w.pick("sessions", "在席数"), w.pick("hours", "時間"), w.pick("with a call", "処理中"),
			w.pick("between calls, median s", "呼間 中央値 秒"), w.pick("mean under load, s [95 %]", "呼あり平均 秒[95%]"), w.pick("mean otherwise, s", "呼なし平均 秒")}}
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
	g.Note = w.pick(fmt.Sprintf("Median of %d gaps before a customer who was waiting already.", m.Duty.Between.Waiting), fmt.Sprintf("中央値は次の客が既に待っていた%d件。", m.Duty.Between.Waiting))
	return g
}

func (w words) fitGroups(m *fit.Model) grid {
	g := grid{Title: w.pick("Who serves what", "対応窓口"), Left: 1, Tail: true,
		Head: []string{w.pick("group", "グループ"), w.pick("agents", "人数"), w.pick("calls", "呼数"), w.pick("queues", "窓口")}}
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
	g := grid{Title: w.pick("Interruptions, left out", "中断(除外)"), Left: 2,
		Head: []string{w.pick("from", "開始"), w.pick("to", "終了"), w.pick("calls", "呼数"), w.pick("usual", "平常")}}
	for _, x := range m.Interruptions {
		g.Rows = append(g.Rows, []string{x.From.Format("2006-01-02 15:04"), x.To.Format("15:04"), strconv.Itoa(x.Calls), digits(x.Usual, 1)})
	}
	return g
}
