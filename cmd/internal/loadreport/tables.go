package loadreport

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// pair is a name and what it says.
type pair struct{ Name, Is string }

// asked lists what was asked for, and what one needs to ask for it again.
func (t *told) asked() (out []pair) {
	r := &t.story.Run
	add := func(key, value string) {
		if value != "" {
			out = append(out, pair{t.s(key), page.Clean(value)})
		}
	}
	add("asked.target", r.Target)
	add("asked.arrivals", r.Arrivals)
	add("asked.script", r.Script)
	if r.Planned > 0 {
		add("asked.planned", count(r.Planned))
	}
	add("asked.scenario", r.Scenario)
	if r.Speed > 0 {
		add("asked.speed", strconv.FormatFloat(r.Speed, 'g', -1, 64))
	}
	add("asked.seed", strconv.FormatUint(r.Seed, 10))
	add("asked.transport", r.Transport)
	add("asked.sound", t.sound(r.Sound))
	if r.Buffer > 0 {
		add("asked.buffer", t.setting(r.Buffer))
	}
	if !r.Began.IsZero() {
		add("asked.began", r.Began.Format("2006-01-02 15:04:05 -07:00"))
	}
	if t.story.Whole {
		add("asked.lasted", clock(t.story.End.Lasted))
	}
	add("asked.host", r.Host)
	add("asked.version", r.Version)
	return out
}

// tables are all of the report, in the order of reading.
func (t *told) tables() []page.Grid {
	var out []page.Grid
	for _, g := range []page.Grid{t.thresholdTable(), t.countTable(), t.ratioTable(), t.delayTable(), t.soundTable(), t.codeTable(), t.refusalTable(), t.failureTable(), t.repeatTable(), t.checkTable()} {
		if len(g.Rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (t *told) countTable() page.Grid {
	g := page.Grid{Title: t.s("table.counts"), Left: 1, Tail: true, Head: []string{t.s("col.what"), "n", t.s("col.of_ended"), t.s("col.definition")}}
	v := t.v
	add := func(key string, n int64, ended bool) {
		part := ""
		if ended {
			part = t.percent(share(n, v.Ended))
		}
		g.Rows = append(g.Rows, []string{t.s("count." + key), count(n), part, t.s("count." + key + ".is")})
	}
	if !t.taken() {
		add("wanted", v.Wanted, false)
	}
	if v.Started+v.Ended > 0 {
		add("started", v.Started, false)
		add("held", v.Held, false)
		add("redials", v.Redials, false)
		add("ended", v.Ended, false)
		add("answered", v.Answered, true)
		add("completed", v.Completed, true)
		add("abandoned", v.Abandoned, true)
		add("failed", v.Failed, true)
		add("hurried", v.Hurried, true)
	}
	if v.Registrations > 0 {
		add("registrations", v.Registrations, false)
		add("unregistered", v.Unregistered, false)
	}
	if v.Ended > 0 {
		g.Note = t.s("note.failed", t.outward(atMost(t.f.Fail), true), t.level(confidence), count(v.Failed), count(v.Ended))
	}
	return g
}

func (t *told) ratioTable() page.Grid {
	g := page.Grid{Title: t.s("table.ratios"), Left: 1, Tail: true, Note: t.s("note.ratios", codes(loadstats.ChallengeCodes)),
		Head: []string{t.s("col.ratio"), t.s("col.value"), t.s("col.part"), t.s("col.of"), t.s("col.definition")}}
	for _, x := range []struct {
		name string
		r    loadstats.Ratio
		is   string
	}{{"SER", t.f.SER, t.s("ratio.ser")}, {"SEER", t.f.SEER, t.s("ratio.seer", codes(loadstats.EffectiveCodes))}, {"ISA", t.f.ISA, t.s("ratio.isa", codes(loadstats.IneffectiveCodes))},
		{"SCR", t.f.SCR, t.s("ratio.scr")}, {"IRA", t.f.IRA, t.s("ratio.ira")}} {
		if x.r.Of > 0 {
			g.Rows = append(g.Rows, []string{x.name, t.percent(x.r.Value()), count(x.r.Part), count(x.r.Of), x.is})
		}
	}
	return g
}

func codes(list []int) string {
	s := ""
	for i, c := range list {
		if i > 0 {
			s += ", "
		}
		s += strconv.Itoa(c)
	}
	return s
}

// sound says how the run had its sound, in words.
func (t *told) sound(kind string) string {
	switch kind {
	case "none":
		return t.s("sound.none")
	case "pairs", "port pairs":
		return t.s("sound.pairs")
	case "dense":
		return t.s("sound.dense")
	}
	return kind
}

// setting is a length of time that somebody chose.
func (t *told) setting(d time.Duration) string {
	if d < time.Second {
		return plain(1000*d.Seconds()) + " ms"
	}
	return t.s("unit.seconds", plain(d.Seconds()))
}

// fromIntended are the measures that are also given from the intended start.
var fromIntended = map[loadstats.Measure]loadstats.Measure{loadstats.SRD: loadstats.SRDIntended, loadstats.SetUp: loadstats.SetUpIntended, loadstats.PostDial: loadstats.PostDialIntended}

var delays = []loadstats.Measure{loadstats.SRD, loadstats.SRDFailed, loadstats.SetUp, loadstats.PostDial, loadstats.SDD, loadstats.SDT, loadstats.SDTFailed, loadstats.RRD, loadstats.RRDFailed, loadstats.FirstRTP}

func (t *told) delayTable() page.Grid {
	g := page.Grid{Title: t.s("table.delays"), Note: t.s("note.delays"), Left: 1, Tail: true, Head: []string{t.s("col.delay"), "n", "p50", "p95", "p99", t.s("col.max"), t.s("col.definition")}}
	add := func(m loadstats.Measure, is string) {
		if n := t.v.N(m); n > 0 {
			g.Rows = append(g.Rows, []string{m.String(), count(n), t.quantile(m, 0.5), t.quantile(m, 0.95), t.quantile(m, 0.99), t.value(m, t.v.Max(m)), is})
		}
	}
	for _, m := range delays {
		add(m, t.s("measure."+m.String()))
		if i, ok := fromIntended[m]; ok {
			add(i, t.s("measure.intended"))
		}
	}
	return g
}

func (t *told) quantile(m loadstats.Measure, p float64) string {
	return t.value(m, t.v.Quantile(m, p))
}

func (t *told) soundTable() page.Grid {
	g := page.Grid{Title: t.s("table.sound"), Left: 1, Tail: true, Head: []string{t.s("col.of_call"), "n", "p5", "p50", "p95", "p99", t.s("col.definition")}}
	v := t.v
	for _, m := range []loadstats.Measure{loadstats.MOS, loadstats.Loss, loadstats.Jitter, loadstats.Silence} {
		if n := v.N(m); n > 0 {
			is := t.s("measure." + m.String())
			if m == loadstats.MOS {
				is = t.s("measure.mos.buffer", t.setting(t.story.Run.Buffer))
			}
			g.Rows = append(g.Rows, []string{m.String(), count(n), t.quantile(m, 0.05), t.quantile(m, 0.5), t.quantile(m, 0.95), t.quantile(m, 0.99), is})
		}
	}
	if v.PacketsSent+v.PacketsReceived == 0 {
		return g
	}
	// packets, one-way calls and keys have a count and a share, but no quantiles
	row := func(name, n string, is string) {
		g.Rows = append(g.Rows, []string{name, n, "", "", "", "", is})
	}
	row(t.s("sound.packets"), count(v.PacketsSent), t.s("sound.packets.is", count(v.PacketsReceived), count(v.PacketsLost)))
	row(t.s("sound.one_way"), count(v.OneWay), t.s("sound.one_way.is", t.percent(share(v.OneWay, v.Answered)), count(v.Answered)))
	if v.KeysSent+v.KeysExpected > 0 {
		row(t.s("sound.keys"), count(v.KeysWrong), t.s("sound.keys.is", t.percent(share(v.KeysWrong, v.KeysExpected)), count(v.KeysExpected), count(v.KeysSent)))
	}
	return g
}

func (t *told) codeTable() page.Grid {
	g := page.Grid{Title: t.s("table.codes"), Note: t.s("note.codes"), Left: 1, Head: []string{t.s("col.code"), "n", t.s("col.of_ended")}}
	list, counts := t.v.CodesBy()
	for i, c := range list {
		g.Rows = append(g.Rows, []string{t.code(c), count(counts[i]), t.percent(share(counts[i], t.v.Ended))})
	}
	return g
}

func (t *told) refusalTable() page.Grid {
	g := page.Grid{Title: t.s("table.refusals"), Left: 1, Head: []string{t.s("col.code"), "n", t.s("col.of_registrations")}}
	for _, c := range keys(t.v.Refusals) {
		n := t.v.Refusals[c]
		g.Rows = append(g.Rows, []string{t.code(c), count(n), t.percent(share(n, t.v.Registrations))})
	}
	return g
}

// code is a final answer as people know it.
func (t *told) code(c int) string {
	if c == 0 {
		return t.s("code.none")
	}
	if r := phrases[c]; r != "" {
		return fmt.Sprintf("%d %s", c, r)
	}
	return strconv.Itoa(c)
}

func (t *told) failureTable() page.Grid {
	g := page.Grid{Title: t.s("table.failures"), Left: 2, Head: []string{t.s("col.step"), t.s("col.cause"), "n", t.s("col.of_ended"), t.s("col.example")}}
	of := t.v.Ended
	if of == 0 {
		of = t.v.Registrations
		g.Head[3] = t.s("col.of_registrations")
	}
	for _, f := range t.v.FailedBy() {
		example := page.Undefined
		for i := range t.story.Samples {
			if s := &t.story.Samples[i]; s.Failed != nil && *s.Failed == f.Failure {
				example = t.s("cell.call", s.Number)
				break
			}
		}
		g.Rows = append(g.Rows, []string{page.Clean(t.step(f.Step)), page.Clean(t.cause(f.Cause)), count(f.Count), t.percent(share(f.Count, of)), example})
	}
	return g
}

func (t *told) repeatTable() page.Grid {
	g := page.Grid{Title: t.s("table.repeats"), Left: 1, Tail: true, Head: []string{t.s("col.who"), "n", t.s("col.per_call"), t.s("col.definition")}}
	of := float64(t.v.Ended + t.v.Registrations)
	per := func(n int64) string {
		if of == 0 {
			return page.Undefined
		}
		return three(float64(n) / of)
	}
	if of > 0 || t.v.MineRepeated+t.v.TheirsRepeated > 0 {
		g.Rows = [][]string{{t.s("repeat.mine"), count(t.v.MineRepeated), per(t.v.MineRepeated), t.s("repeat.mine.is")}, {t.s("repeat.theirs"), count(t.v.TheirsRepeated), per(t.v.TheirsRepeated), t.s("repeat.theirs.is")}}
	}
	return g
}

func (t *told) thresholdTable() page.Grid {
	g := page.Grid{Title: t.s("table.thresholds"), Left: 2, Head: []string{t.s("col.threshold"), t.s("col.verdict"), t.s("col.got"), t.s("col.bound"), "n"}}
	for _, j := range t.judged {
		bound, verdict := page.Undefined, t.s("threshold.met")
		if !math.IsNaN(j.Bound) {
			bound = t.pick("<= ", "≦") + t.bound(j)
			if j.Above {
				bound = t.pick(">= ", "≧") + t.bound(j)
			}
		}
		switch {
		case t.invalid():
			verdict = t.s("threshold.invalid")
		case math.IsNaN(j.Got):
			verdict = t.s("threshold.nothing")
		case !j.Passed:
			verdict = t.s("threshold.missed")
		}
		g.Rows = append(g.Rows, []string{j.Text, verdict, t.named(j.What, j.Got), bound, count(j.N)})
	}
	if len(g.Rows) > 0 {
		g.Note = t.s("note.thresholds")
	}
	return g
}
