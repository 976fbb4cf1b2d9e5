package fit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Forecast says which days a scenario is for, and what it is called.
type Forecast struct {
	Name             string
	TitleEn, TitleJa string
	Source           string   // where the history comes from, for the notes
	Notes            []string // more of them
	Zone             string   // IANA name of the log's zone
	First            time.Time
	Days             int
}

// text is a scenario file being written.
type text struct {
	bytes.Buffer
	m        *Model
	f        Forecast
	from, to int // slots of the day, in lots of a quarter
}

func (w *text) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// Scenario writes a scenario file for the days of f: the callers of the fitted
// weekdays and the people who were there on them, with the sources of the figures
// as comments. Package scenarios reads it. It is an error if nobody would work, or
// nobody call, on these days.
func (m *Model) Scenario(f Forecast) ([]byte, error) {
	if err := m.possible(f); err != nil {
		return nil, err
	}
	w := &text{m: m, f: f}
	f.Name = cmp.Or(f.Name, "fitted")
	w.f = f
	w.line("# Written by callwright fit from %s, %s to %s: %d calls.", cmp.Or(f.Source, "a call log"), m.From.Format(time.DateOnly), m.To.Format(time.DateOnly), m.Reported.Offered)
	w.line("# Figures only, no calls of the log. Intervals in comments are 95 %% confidence intervals.")
	w.line("callwright: 1")
	w.line("name: %s", quoted(f.Name))
	w.line("title:\n  en: %s\n  ja: %s", quoted(cmp.Or(f.TitleEn, f.Name)), quoted(cmp.Or(f.TitleJa, f.TitleEn, f.Name)))
	w.line("notes:")
	for _, n := range append(append(m.Notes(), m.unknownDays(f)...), f.Notes...) {
		w.line("  - %s", quoted(n))
	}
	w.line("\nzone: %s\nstart: %s\ndays: %d", quoted(cmp.Or(f.Zone, "UTC")), f.First.Format(time.DateOnly), f.Days)
	w.day()
	w.scatter()
	w.groups()
	w.queues()
	w.calls()
	return w.Bytes(), nil
}

// ErrNoCalls says that nobody calls on the days of a forecast.
var ErrNoCalls = errors.New("no calls are expected")

// possible says why there is no scenario for the days of f.
func (m *Model) possible(f Forecast) error {
	lost, calls := 0.0, 0.0
	for g := range m.Arrivals.Groups {
		calls += total(m.Arrivals.Groups[g].sum())
	}
	for _, x := range m.Arrivals.Outside {
		lost += x
	}
	if calls == 0 && lost > 0 {
		return fmt.Errorf("on no %s of a mean day was half an agent there to answer, told from who served when: there is nobody to play the calls against; want more calls or days, or a longer gap between the calls of agents on duty (%s now)",
			half(m.Arrivals.Slot), length(m.Duty.Gap))
	}
	var learnt []string
	for d := range m.Arrivals.Week {
		w := &m.Arrivals.Week[d]
		if w.Group < 0 || total(m.Arrivals.Groups[w.Group].sum()) == 0 {
			continue
		}
		for i := range f.Days {
			if f.First.AddDate(0, 0, i).Weekday() == time.Weekday(d) {
				return nil
			}
		}
		learnt = append(learnt, time.Weekday(d).String())
	}
	return fmt.Errorf("%w from %s to %s: the history has calls only on %s; want days that include such a one",
		ErrNoCalls, f.First.Format(time.DateOnly), f.First.AddDate(0, 0, f.Days-1).Format(time.DateOnly), strings.Join(learnt, ", "))
}

func half(slot time.Duration) string {
	if slot == 30*time.Minute {
		return "half-hour"
	}
	return "interval of " + length(slot)
}

// day writes the stretch of the day in which anybody called or worked.
func (w *text) day() {
	a := &w.m.Arrivals
	first, last := 24*time.Hour, time.Duration(0)
	see := func(slot time.Duration, k int) {
		first, last = min(first, time.Duration(k)*slot), max(last, time.Duration(k+1)*slot)
	}
	for g := range a.Groups {
		for _, tiers := range a.Groups[g].Shapes {
			for _, list := range tiers {
				for k, x := range list {
					if x > 0 {
						see(a.Slot, k)
					}
				}
			}
		}
	}
	for _, days := range w.m.duty().onDuty {
		for _, list := range days {
			for k, x := range list {
				if x > 0 {
					see(w.m.Duty.Slot, k)
				}
			}
		}
	}
	unit := max(a.Slot, w.m.Duty.Slot)
	w.from, w.to = int(first/unit), int((last+unit-1)/unit)
	w.line("day: %s-%s\ninterval: %s", clock(time.Duration(w.from)*unit), clock(time.Duration(w.to)*unit), length(a.Slot))
	w.line("stay: 30m   # agents of a day's last interval serve who still waits; assumed")
}

// slots returns the first and the last slot of that length in the day, half-open.
func (w *text) slots(slot time.Duration) (from, to int) {
	n := int(max(w.m.Arrivals.Slot, w.m.Duty.Slot) / slot)
	return w.from * n, w.to * n
}

func (w *text) scatter() {
	a := &w.m.Arrivals
	var levels, words, seen, silent []string
	for _, x := range []struct {
		level, of string
		seen      Estimate
		used      float64
	}{
		{"month", "the mean of so few days", a.PeriodCV, a.PeriodCV.Value},
		{"day", "a day", a.DayCV, w.m.Follow.DayCV},
		{"interval", "an interval", a.IntervalCV, w.m.Follow.IntervalCV},
	} {
		if math.IsNaN(x.used) {
			silent = append(silent, x.of)
			continue
		}
		levels, words = append(levels, x.level), append(words, x.level+": "+number(x.used))
		seen = append(seen, "of "+x.of+" "+x.seen.String())
	}
	w.line("")
	if len(levels) > 0 {
		w.line("# Volumes beyond Poisson, coefficients of variation: %s.", strings.Join(seen, ", "))
	}
	if len(silent) > 0 {
		w.line("# Too few days to tell how far %s scatters beyond Poisson: none is assumed.", strings.Join(silent, " and "))
	}
	if len(levels) > 0 {
		w.line("uncertainty: {%s, common: [%s]}", strings.Join(words, ", "), strings.Join(levels, ", "))
	}
}

func (w *text) groups() {
	m := w.m
	if m.Report {
		w.assumedGroup()
		return
	}
	w.line("\n# Agents on duty by %s: sessions without a gap of over %s, day by day those of a fitted day with the", length(m.Duty.Slot), length(m.Duty.Gap))
	w.line("# same day of the week. %.0f hours on duty in all on the fitted days, %.0f of them with a call.", m.Duty.Hours, m.Duty.Handling)
	rosters, as := make([][][]int, w.f.Days), make([]string, w.f.Days)
	for i := range rosters {
		rosters[i], as[i] = m.duty().roster(w.f, i)
	}
	w.line("groups:")
	for g := range m.Groups {
		x := &m.Groups[g]
		var skills []string
		for _, q := range x.Queues {
			skills = append(skills, quoted(m.Queues[q].Name))
		}
		w.line("  %s:   # %d agents answered %d calls", quoted(x.Name), x.Agents, x.Served)
		w.line("    skills: [%s]", strings.Join(skills, ", "))
		if a := &m.Away; a.Is {
			w.line("    ring: {law: quantiles, points: {%s}}", m.Duty.Between.points(m.Duty.Between.absence))
			w.line("    ring-limit: %s   # assumed; then it goes to somebody else, and the agent is away for as long as was left on average", length(a.Limit))
			w.line("    rona: %s", seconds(math.Round(a.Penalty)))
		}
		w.line("    agents:\n      every: %s\n      count: [", length(m.Duty.Slot))
		from, to := w.slots(m.Duty.Slot)
		for i := range w.f.Days {
			var words []string
			for _, n := range rosters[i][g][from:to] {
				words = append(words, strconv.Itoa(n))
			}
			comma := ","
			if i == w.f.Days-1 {
				comma = ""
			}
			w.line("        # %s as %s\n        %s%s", w.f.First.AddDate(0, 0, i).Format("Mon 2 Jan"), as[i], strings.Join(words, ", "), comma)
		}
		w.line("      ]")
	}
}

// assumedGroup writes the agents of a history that tells nothing about them.
func (w *text) assumedGroup() {
	from, to := w.slots(w.m.Arrivals.Slot)
	w.line("\n# Assumed: as many agents as the load in Erlangs and its root, on a mean day.\ngroups:\n  agents:\n    agents:\n      every: %s\n      by-day:", length(w.m.Arrivals.Slot))
	for g, list := range w.m.assumed() {
		var words []string
		for _, n := range list[from:to] {
			words = append(words, strconv.Itoa(n))
		}
		for _, days := range w.m.Arrivals.Groups[g].runs() {
			w.line("        %s: [%s]", days, strings.Join(words, ", "))
		}
	}
}

func (w *text) queues() {
	w.line("\nqueues:")
	for i := range w.m.Queues {
		q := &w.m.Queues[i]
		if len(q.Streams) == 0 {
			continue
		}
		if q.Log != q.Name {
			w.line("  # %s in the log", strconv.Quote(q.Log))
		}
		if w.m.Report {
			w.line("  %s:\n    groups: [agents]", quoted(q.Name))
		} else {
			w.line("  %s:\n    needs: [%s]", quoted(q.Name), quoted(q.Name))
		}
		if len(w.m.Options.Credits) > 0 {
			w.line("    tiers:\n      - {name: normal}")
			for _, c := range w.m.Options.Credits {
				w.line("      - {name: %s, credit: %s}", quoted(c.Name), length(c.Credit))
			}
		}
	}
}

func (w *text) calls() {
	a := &w.m.Arrivals
	from, to := w.slots(a.Slot)
	names := w.m.streamNames()
	w.line("\n# Calls by %s on a mean day of each kind, times the factor of the day of the week.", length(a.Slot))
	w.line("calls:")
	for i := range w.m.Queues {
		q := &w.m.Queues[i]
		for k := range q.Streams {
			s := &q.Streams[k]
			if !a.has(i, s.Index) {
				w.line("  # %s: all its calls came when nobody was there", quoted(names[i][k]))
				continue
			}
			w.line("  %s:\n    queue: %s", quoted(names[i][k]), quoted(q.Name))
			if len(w.m.Options.Credits) > 0 {
				w.line("    tier: %s   # %.0f %% of those who waited", quoted(s.Tier), 100*s.Share)
			}
			w.line("    volume:\n      by-day:")
			for g := range a.Groups {
				list := a.Groups[g].Shapes[i][s.Index][from:to]
				if total(list) == 0 {
					continue
				}
				var words []string
				for _, x := range list {
					words = append(words, strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), "."))
				}
				for _, days := range a.Groups[g].runs() {
					w.line("        %s: [%s]", days, strings.Join(words, ", "))
				}
			}
			w.line("    by-day: {%s}", strings.Join(a.factors(), ", "))
			w.behaviour(q, s)
		}
	}
}

// has reports whether a queue's tier has calls left.
func (a *Arrivals) has(queue, tier int) bool {
	for g := range a.Groups {
		if total(a.Groups[g].Shapes[queue][tier]) > 0 {
			return true
		}
	}
	return false
}

func (w *text) behaviour(q *Queue, s *Stream) {
	if w.m.Report {
		known := q.AHTFrom
		if known != AHTAssumed {
			known += "; the law is assumed"
		}
		w.line("    handle: exponential %s   # %s\n    patience: exponential 120s   # assumed", seconds(q.AHT), known)
		return
	}
	w.line("    talk: %s   # %s", lawText(&q.Handle.Chosen.Law), q.Handle.remark())
	switch b := &w.m.Duty.Between; {
	case len(b.T) == 0:
	case w.m.Away.Is:
		w.line("    wrapup: always %s", seconds(round(w.m.Away.Base, 3)))
	default:
		w.line("    wrapup: {law: quantiles, points: {%s}}", b.points(func(x float64) float64 { return x }))
	}
	of := ""
	if s.From != "" {
		of = " of " + s.From
	}
	gaveUp := "nobody"
	if n := s.Patience.Sample.Observed(); n > 0 {
		gaveUp = fmt.Sprintf("%.0f", n)
	}
	w.line("    patience: %s   # %s gave up%s", lawText(&s.Patience.Chosen.Law), gaveUp, of)
}

// remark says what a law of handle times stands on.
func (t *Times) remark() string {
	var words []string
	if t.Mean.known() {
		words = append(words, fmt.Sprintf("mean measured %v s", t.Mean))
	}
	if t.From != "" {
		words = append(words, fmt.Sprintf("the law is that of %s, as only %.0f were answered here", t.From, t.Sample.Observed()))
	}
	if !math.IsNaN(t.Chosen.KS) {
		words = append(words, "distance to the sample (KS) "+number(t.Chosen.KS))
	}
	return strings.Join(words, ", ")
}
