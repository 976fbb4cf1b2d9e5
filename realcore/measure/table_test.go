package measure

import (
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
)

func table() *Table {
	p := &realcore.Plan{Queues: []realcore.Queue{{Name: "q"}}, Groups: []realcore.Group{{Name: "g"}}, Agents: []realcore.Agent{{Name: "a"}}}
	return NewTable(p, Config{Interval: time.Minute, AWT: []time.Duration{20 * time.Second}, Tau: []time.Duration{5 * time.Second}})
}

func visit(at, wait int, how realcore.Outcome) *cdr.Visit {
	return &cdr.Visit{At: realcore.Instant(at) * 1e9, End: realcore.Instant(at+wait) * 1e9, Outcome: how}
}

// Ten visits by hand: every service level by its own rule, T inclusive.
func TestServiceLevels(t *testing.T) {
	tb := table()
	for _, v := range []*cdr.Visit{
		visit(0, 0, realcore.Answered), visit(1, 20, realcore.Answered), visit(2, 21, realcore.Answered), visit(3, 40, realcore.Answered),
		visit(4, 5, realcore.Abandoned), visit(5, 6, realcore.Abandoned), visit(6, 60, realcore.Abandoned),
		visit(7, 30, realcore.Overflowed), visit(8, 10, realcore.CalledBack), visit(9, 50, realcore.Voicemailed),
	} {
		tb.Visit(v)
	}
	c := tb.Cell(0, 0, nil)
	c.Line.Blocked = 2
	for id, want := range map[ID]float64{
		"sl_offered": 2. / 10, "sl_answered": 2. / 4, "sl_exclude_within": 2. / 8, "sl_exclude_short": 2. / 9, "sl_count_within": 4. / 10,
		"sl_attempts": 2. / 12, "abandonment": 3. / 10, "asa": 81. / 4, "wait_all": 242. / 10, "p_wait": 9. / 10, "overflow": 1. / 10, "callback": 1. / 10,
	} {
		if got, ok := Find(id).Value(&c); !ok || got != want {
			t.Errorf("%s = %v, want %v", id, got, want)
		}
	}
	if !c.Counts.Balanced() {
		t.Errorf("visits do not add up: %+v", c.Counts)
	}
}

// Agents' time belongs to the interval in which it passes.
func TestSpansAreCutAtIntervals(t *testing.T) {
	tb := table()
	tb.Span(&cdr.AgentSpan{State: realcore.Handling, From: 50e9, To: 130e9})
	tb.Span(&cdr.AgentSpan{State: realcore.Ready, From: 130e9, To: 180e9})
	for i, want := range []float64{1, 1, 1. / 6} {
		c := tb.Cell(i, All, nil)
		if got, ok := Find("occupancy").Value(&c); !ok || got != want {
			t.Errorf("interval %d: occupancy %v, want %v", i, got, want)
		}
	}
}

func TestNoContactsIsUndefined(t *testing.T) {
	var c Cell
	for _, d := range Definitions() {
		if v, ok := d.Value(&c); ok && d.Unit != Contacts {
			t.Errorf("%s over nothing is %v; want undefined", d.ID, v)
		}
	}
}

func TestDefinitionsAreWhole(t *testing.T) {
	seen := map[ID]bool{}
	for _, d := range Definitions() {
		if seen[d.ID] || d.En == "" || d.Ja == "" || d.FormulaEn == "" || d.FormulaJa == "" || d.Of == nil {
			t.Errorf("definition %q is double or lacks a part", d.ID)
		}
		seen[d.ID] = true
	}
}
