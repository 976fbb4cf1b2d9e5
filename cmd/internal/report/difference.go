package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"callwright/cmd/internal/page"
	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// DifferenceText writes two centres beside each other as tables for people.
func DifferenceText(w io.Writer, d *beside.Difference, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	p := &printer{w: say}
	p.line("%s", Clean(say.diffTitle(d)))
	p.section(say.s("conclusion"))
	for _, x := range say.diffSentences(d) {
		p.line("%s", Clean(x))
	}
	for _, g := range say.diffTables(d) {
		p.grid(g)
	}
	p.list(say.s("section.assumptions"), say.sentences(d.Assumptions), say.s("none.assumptions"))
	p.list(say.s("section.warnings"), say.sentences(d.Warnings), say.s("none.warnings"))
	p.section(say.s("section.repeat"))
	for _, m := range say.diffRepeat(d) {
		p.line("%s: %s", m.Name, Clean(m.Is))
	}
	_, err = w.Write(p.b.Bytes())
	return err
}

// DifferenceHTML writes the same as one HTML file.
func DifferenceHTML(w io.Writer, d *beside.Difference, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	v := say.emptyView(say.diffTitle(d))
	v.Definitions, v.Assumptions, v.Warnings, v.Repeat = say.diffDefinitions(d), say.sentences(d.Assumptions), say.sentences(d.Warnings), say.diffRepeat(d)
	for _, x := range say.diffSentences(d) {
		v.Headline = append(v.Headline, page.Together(x))
	}
	v.CenterTables = say.diffTables(d)
	return v.write(w)
}

// DifferenceJSON writes the comparison, indented.
func DifferenceJSON(w io.Writer, d *beside.Difference) error { return writeJSON(w, "difference", d) }

// DifferenceCSV writes one row a queue and measure; the centre's rows have no
// queue.
func DifferenceCSV(w io.Writer, d *beside.Difference) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"queue", "definition", "unit", "a", "a_low", "a_high", "b", "b_low", "b_high", "change", "change_low", "change_high"}); err != nil {
		return err
	}
	rows := func(queue string, list []beside.Change) error {
		for _, x := range list {
			row := []string{Harmless(queue), string(x.Definition), string(measure.Find(x.Definition).Unit)}
			for _, m := range []beside.Measure{x.A, x.B, x.Change} {
				row = append(row, page.Number(defined(m.Value)), page.Number(defined(m.Low)), page.Number(defined(m.High)))
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
		return nil
	}
	if err := rows("", d.Center); err != nil {
		return err
	}
	for i := range d.Queues {
		if err := rows(d.Queues[i].Name, d.Queues[i].Changes); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (w words) diffTitle(d *beside.Difference) string {
	return w.s("diff.title", w.sideName(&d.A), w.sideName(&d.B))
}

func (w words) sideName(s *beside.Side) string {
	if t := s.Title[w.lang]; t != "" && t != s.Scenario {
		return t + " [" + s.Scenario + "]"
	}
	return s.Scenario
}

// diffSentences say what changed and is more than chance, measure by measure
// that a planner asks for first.
func (w words) diffSentences(d *beside.Difference) []string {
	how := w.s("diff.how", d.Reps, w.level(d.Level))
	if len(d.Shared) == 0 {
		how = w.s("diff.how.none", d.Reps, w.level(d.Level))
	}
	out := []string{how}
	say := func(name string, list []beside.Change) {
		var parts []string
		for _, id := range []measure.ID{"sl_offered", "abandonment", "asa", "occupancy"} {
			for _, x := range list {
				if x.Definition == id {
					parts = append(parts, w.s("diff.part", w.name(id), w.value(id, defined(x.A.Value)), w.value(id, defined(x.B.Value)), w.change(x), w.verdict(x)))
				}
			}
		}
		out = append(out, name+w.pick(": ", ":")+strings.Join(parts, w.pick("; ", "、")))
	}
	say(w.s("table.center"), d.Center)
	if len(d.Queues) > 1 && len(d.Queues) <= few {
		for i := range d.Queues {
			say(w.s("queue", d.Queues[i].Name), d.Queues[i].Changes)
		}
	}
	for _, x := range []struct {
		names []string
		side  *beside.Side
	}{{d.OnlyA, &d.A}, {d.OnlyB, &d.B}} {
		if len(x.names) > 0 {
			out = append(out, w.s("diff.only", x.side.Scenario, strings.Join(x.names, ", ")))
		}
	}
	return out
}

// verdict says whether a change is more than chance.
func (w words) verdict(x beside.Change) string {
	lo, hi := defined(x.Change.Low), defined(x.Change.High)
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		return w.s("diff.unknown")
	case lo == 0 && hi == 0:
		return w.s("diff.same")
	case lo > 0 || hi < 0:
		return w.s("diff.real")
	}
	return w.s("diff.chance")
}

// change is a difference in the measure's unit with its sign.
func (w words) change(x beside.Change) string {
	v := defined(x.Change.Value)
	def := measure.Find(x.Definition)
	if def.Unit == measure.Fraction {
		return w.points(v)
	}
	sign := ""
	if v > 0 {
		sign = "+"
	}
	if math.IsNaN(v) {
		return page.Undefined
	}
	if def.Unit == measure.Seconds && v != 0 && math.Abs(v) < 0.1 {
		return w.s("unit.seconds", sign+page.Fixed(v, 3)) // small, and perhaps real all the same
	}
	return sign + w.value(x.Definition, v)
}

func (w words) diffTables(d *beside.Difference) []grid {
	out := []grid{w.diffTable(w.s("table.center"), "", d, d.Center)}
	for i := range d.Queues {
		q := &d.Queues[i]
		note := "T = " + w.seconds(q.AWT[0])
		if q.AWT[0] != q.AWT[1] {
			note = w.s("diff.awt", w.seconds(q.AWT[0]), w.seconds(q.AWT[1]))
		}
		out = append(out, w.diffTable(w.s("queue", q.Name), note, d, q.Changes))
	}
	return out
}

func (w words) diffTable(title, note string, d *beside.Difference, list []beside.Change) grid {
	g := grid{Title: title, Note: note, Left: 1, Tail: true,
		Head: []string{w.s("col.measure"), "A", "B", w.s("col.change"), w.s("col.ci", w.level(d.Level)), w.s("col.definition")}}
	for _, x := range list {
		ci := page.Undefined
		if lo, hi := x.Change.Low, x.Change.High; lo != nil && hi != nil {
			low, high := x, x
			low.Change.Value, high.Change.Value = lo, hi
			ci = w.change(low) + w.pick(" to ", "〜") + w.change(high)
		}
		g.Rows = append(g.Rows, []string{w.name(x.Definition), w.value(x.Definition, defined(x.A.Value)), w.value(x.Definition, defined(x.B.Value)),
			w.change(x), ci, w.formula(x.Definition)})
	}
	return g
}

func (w words) diffDefinitions(*beside.Difference) []meaning {
	return []meaning{{w.s("def.confidence"), w.s("def.confidence.is")}, {w.s("def.crn"), w.s("def.crn.is")},
		{w.s("def.utilisation"), w.s("def.utilisation.is")}}
}

func (w words) diffRepeat(d *beside.Difference) []meaning {
	return []meaning{
		{"A", d.A.Scenario + " " + orUndefined(d.A.Digest)},
		{"B", d.B.Scenario + " " + orUndefined(d.B.Digest)},
		{w.s("repeat.seed"), strconv.FormatUint(d.Seed, 10)},
		{w.s("repeat.reps"), strconv.Itoa(d.Reps)},
		{w.s("repeat.level"), w.level(d.Level)},
		{w.s("repeat.program"), orUndefined(d.Program)},
	}
}
