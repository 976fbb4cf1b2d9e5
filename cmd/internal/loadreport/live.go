package loadreport

import (
	"fmt"
	"io"
	"strings"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// Live shows a run while it goes on: a block that is drawn over itself on a terminal,
// single lines elsewhere, of each of the first ten seconds and of each tenth after them.
// It only draws; keys are read by who reads them. Not for several goroutines at once.
type Live struct {
	w        io.Writer
	terminal bool
	words    words
	height   int // lines of the block that stand above the cursor
}

// NewLive returns a Live that writes to w, in English.
func NewLive(w io.Writer, terminal bool) *Live {
	return &Live{w: w, terminal: terminal, words: words{"en"}}
}

// In sets the language, "en" or "ja", and returns l. Another one changes nothing.
func (l *Live) In(lang string) *Live {
	if w, err := wordsOf(lang); err == nil {
		l.words = w
	}
	return l
}

// liveWidth is how many cells a line may take: one less than a terminal of 80 has, where
// some begin a new line.
const liveWidth = 79

// Second shows a second that has passed, and all of the run so far. What cannot be
// written is lost: the view is no result.
func (l *Live) Second(v, total *loadstats.Interval) {
	if !l.terminal {
		if at := (v.At + v.Length) / time.Second; at <= 10 || at%10 == 0 {
			fmt.Fprintln(l.w, l.line(v, total))
		}
		return
	}
	var b strings.Builder
	if l.height > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", l.height)
	}
	lines := l.block(v, total)
	for _, x := range lines {
		b.WriteString("\r\x1b[2K" + page.Clip(x, liveWidth) + "\n")
	}
	l.height = len(lines)
	_, _ = io.WriteString(l.w, b.String())
}

// Close leaves the last block where it is, without the help for keys that no longer do
// anything.
func (l *Live) Close() {
	if l.terminal && l.height > 0 {
		_, _ = io.WriteString(l.w, "\x1b[1A\r\x1b[2K")
	}
	l.height = 0
}

// block is what a terminal shows: a figure a line, of this second and of the run.
func (l *Live) block(v, total *loadstats.Interval) []string {
	w := l.words
	const name, cell = 28, 20
	out := []string{}
	row := func(title, second, run string) {
		out = append(out, padRight(title, name)+padLeft(second, cell)+padLeft(run, cell))
	}
	row("callwright load "+clock(v.At+v.Length), w.s("live.second"), w.s("live.run"))
	row(w.s("live.wanted"), rounded(perSecond(v.Wanted, v)), rounded(perSecond(total.Wanted, total)))
	row(w.s("live.started"), rounded(perSecond(v.Started, v)), rounded(perSecond(total.Started, total)))
	row(w.s("live.open"), count(v.Open), "")
	row(w.s("live.answered"), w.percent(share(v.Answered, v.Ended)), w.percent(share(total.Answered, total.Ended)))
	row(w.s("live.failed"), count(v.Failed), count(total.Failed))
	row(w.s("live.setup"), w.value(loadstats.SetUp, v.Quantile(loadstats.SetUp, 0.95)), w.value(loadstats.SetUp, total.Quantile(loadstats.SetUp, 0.95)))
	if total.N(loadstats.MOS) > 0 {
		row(w.s("live.mos"), w.value(loadstats.MOS, v.Quantile(loadstats.MOS, 0.05)), w.value(loadstats.MOS, total.Quantile(loadstats.MOS, 0.05)))
	}
	if total.Registrations > 0 {
		row(w.s("live.registered"), registered(v), registered(total))
	}
	row(w.s("live.late"), w.value(loadstats.Lateness, v.Quantile(loadstats.Lateness, 0.99)), w.value(loadstats.Lateness, total.Quantile(loadstats.Lateness, 0.99)))
	row(w.s("live.again"), again(v), again(total))
	for len(out) < l.height-1 { // a row does not go once it was there
		out = append(out, "")
	}
	return append(out, w.s("live.keys"))
}

// line is what a log gets: rates and open calls of this second, the rest of the run.
func (l *Live) line(v, total *loadstats.Interval) string {
	w := l.words
	return w.s("live.line", clock(v.At+v.Length), rounded(perSecond(v.Wanted, v)), rounded(perSecond(v.Started, v)), count(v.Open), w.percent(share(total.Answered, total.Ended)), count(total.Failed),
		w.value(loadstats.SetUp, total.Quantile(loadstats.SetUp, 0.95)), w.value(loadstats.MOS, total.Quantile(loadstats.MOS, 0.05)), w.value(loadstats.Lateness, total.Quantile(loadstats.Lateness, 0.99)), again(total))
}

// perSecond is a count over its interval's length.
func perSecond(n int64, v *loadstats.Interval) float64 {
	if v.Length <= 0 {
		return 0
	}
	return float64(n) / v.Length.Seconds()
}

func again(v *loadstats.Interval) string {
	return count(v.MineRepeated) + " / " + count(v.TheirsRepeated)
}

func registered(v *loadstats.Interval) string {
	return count(v.Registrations-v.Unregistered) + " / " + count(v.Unregistered)
}

func padLeft(s string, cells int) string {
	return strings.Repeat(" ", max(1, cells-page.Width(s))) + s
}

func padRight(s string, cells int) string {
	return s + strings.Repeat(" ", max(0, cells-page.Width(s)))
}
