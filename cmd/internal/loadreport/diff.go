package loadreport

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// Diff writes two runs beside each other: a sentence, and each figure with its change and
// the change's interval, as loadstats.Diff made them.
func Diff(w io.Writer, list []loadstats.Difference, lang string) error {
	say, err := wordsOf(lang)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, page.Clean(say.changed(list)))
	if len(list) > 0 {
		say.diffTable(list).Text(&b)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (w words) changed(list []loadstats.Difference) string {
	var parts []string
	told := 0
	for _, d := range list {
		if !math.IsNaN(d.Low) && !math.IsNaN(d.Up) {
			told++
		}
		if d.Conclude != "" {
			parts = append(parts, w.s("diff.part", d.Name, w.change(d, d.Change), w.conclusion(d)))
		}
	}
	untold := ""
	if n := len(list) - told; n > 0 {
		untold = w.pick(" ", "") + w.s("diff.untold", n)
	}
	switch {
	case len(list) == 0:
		return w.s("diff.none")
	case told == 0:
		return w.s("diff.untold", len(list))
	case len(parts) == 0:
		return w.s("diff.same", told) + untold
	}
	return w.s("diff.changed", len(parts), len(list), w.join(parts, ", ", "、"))
}

func (w words) diffTable(list []loadstats.Difference) page.Grid {
	g := page.Grid{Title: w.s("diff.title"), Note: w.s("diff.note"), Left: 1, Tail: true,
		Head: []string{w.s("col.figure_of"), "A", "B", w.s("col.change"), w.s("col.interval"), w.s("col.batches"), w.s("col.verdict")}}
	if len(list) >= 10 {
		g.Note += w.pick(". ", "。") + w.s("diff.many", len(list))
	}
	for _, d := range list {
		between, n := page.Undefined, page.Undefined
		if !math.IsNaN(d.Low) && !math.IsNaN(d.Up) {
			between = w.s("pic.to", w.change(d, d.Low), w.change(d, d.Up))
		}
		if d.Batches > 0 {
			n = count(int64(d.Batches))
		}
		value := func(x float64) string {
			if d.IsRatio {
				return w.percent(x)
			}
			return w.value(d.Measure, x)
		}
		g.Rows = append(g.Rows, []string{d.Name, value(d.A), value(d.B), w.change(d, d.Change), between, n, w.conclusion(d)})
	}
	return g
}

// change is a ratio as x 1.25, or a difference of shares in points.
func (w words) change(d loadstats.Difference, x float64) string {
	switch {
	case math.IsNaN(x):
		return page.Undefined
	case !d.IsRatio:
		return "x " + page.Fixed(x, 3)
	}
	s := page.Fixed(100*x, 2)
	if x > 0 && s != "0.00" {
		s = "+" + s
	}
	return w.s("unit.points", s)
}

func (w words) conclusion(d loadstats.Difference) string {
	switch {
	case math.IsNaN(d.Low) || math.IsNaN(d.Up):
		return w.s("diff.unknown")
	case d.Conclude == "higher":
		return w.s("diff.higher")
	case d.Conclude == "lower":
		return w.s("diff.lower")
	}
	return w.s("diff.chance")
}
