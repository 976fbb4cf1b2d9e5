package fit

import (
	"math"
	"strconv"
	"strings"
)

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
