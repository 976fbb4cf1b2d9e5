package fit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

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
