package fit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
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
