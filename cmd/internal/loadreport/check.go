package loadreport

import (
	"math"
	"slices"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// checkTable is how the generator itself did: what is judged with its limit, and what is
// only printed.
func (t *told) checkTable() page.Grid {
	g := page.Grid{Title: t.s("table.check"), Left: 1, Tail: true, Head: []string{t.s("col.figure"), t.s("col.value"), t.s("col.limit"), t.s("col.verdict")}}
	if !t.story.Whole {
		return g
	}
	c := &t.story.End.Check
	judged := func(key, value, limit string, f loadstats.Fault) {
		verdict := t.s("check.good")
		if slices.Contains(t.faults, f) {
			verdict = t.s("check.bad")
		}
		g.Rows = append(g.Rows, []string{t.s("check." + key), value, limit, verdict})
	}
	printed := func(key, value string) {
		g.Rows = append(g.Rows, []string{t.s("check." + key), value, "", t.s("check.printed")})
	}
	of := func(k, n int64) string { return t.s("cell.of", t.percent(share(k, n)), count(k), count(n)) }
	one := t.level(loadstats.TooLate)
	judged("starts", of(c.StartsLate, c.Starts), one, loadstats.FaultStarts)
	judged("late50", t.duration(c.LateP50), t.duration(loadstats.MedianLate), loadstats.FaultMedian)
	printed("late99", t.duration(c.LateP99))
	judged("reads", of(c.ReadLate, c.Read), one, loadstats.FaultReads)
	printed("read99", t.duration(c.ReadP99))
	if c.Frames > 0 {
		judged("frames", of(c.FramesLate, c.Frames), one, loadstats.FaultFrames)
		printed("pace99", t.duration(c.PaceP99))
	}
	judged("drops", of(c.Dropped, c.Datagrams+c.Dropped), t.level(loadstats.TooDropped), loadstats.FaultDrops)
	judged("unsent", of(c.Unsent, c.Datagrams+c.Unsent), t.level(loadstats.TooDropped), loadstats.FaultUnsent)
	judged("ports", count(c.NoPort), "0", loadstats.FaultPorts)
	judged("busy", t.percent(c.Busy), t.level(loadstats.TooBusy), loadstats.FaultBusy)
	judged("waited", t.percent(c.Waited), t.level(loadstats.TooWaiting), loadstats.FaultCore)
	printed("cpu", t.cpu())
	printed("cores", count(int64(c.Cores)))
	printed("own", count(c.MineWaiting))
	printed("wanted", t.rate(c.Rate))
	printed("reached", t.rate(c.Reached))
	printed("saturates", t.rate(c.Saturates()))
	g.Note = t.s("note.check")
	return g
}

// perThousand is what 1,000 calls, or registrations, cost in seconds of a core; NaN
// without any.
func perThousand(s *loadstats.Story) float64 {
	n := s.Total.Ended + s.Total.Registrations
	if n == 0 || !s.Whole {
		return math.NaN()
	}
	return 1000 * s.End.Check.CPU / float64(n)
}

func (t *told) cpu() string {
	return t.s("cell.cpu", t.length(perThousand(t.story)), t.length(t.story.End.Check.CPU))
}

// few is how many values a p99 needs to be more than the largest of them.
const few = 100

// warnings are what a reader must know beside the figures.
func (t *told) warnings() (out []string) {
	v, end := t.v, &t.story.End
	add := func(is bool, key string, args ...any) {
		if is {
			out = append(out, t.s(key, args...))
		}
	}
	add(t.partial(), "warn.partial")
	// said beside the verdict, where that is of the target
	add(end.Early != "" && t.invalid(), "warn.early", end.Early)
	for _, m := range []loadstats.Measure{loadstats.SRD, loadstats.SetUp, loadstats.RRD} {
		n := v.N(m)
		add(n > 0 && n < few, "warn.few", m.String(), count(n))
	}
	add(closed(t.story), "warn.closed")
	add(v.Held > 0, "warn.held", count(v.Held))
	add(v.Hurried > 0, "warn.hurried", count(v.Hurried))
	open := v.Started - v.Ended
	add(open > 0, "warn.unended", count(open))
	add(v.Wanted > 0 && v.Started+v.Registrations < t.story.Run.Planned && end.Early == "", "warn.short", count(t.story.Run.Planned), count(v.Started+v.Registrations))
	add(end.Check.MineWaiting > 0, "warn.own", count(end.Check.MineWaiting))
	sound := t.story.Run.Sound
	add(sound != "" && sound != "none" && v.Answered > 0 && v.N(loadstats.MOS) == 0, "warn.unheard", count(v.Answered))
	return out
}

// lasted is how long a run was, as far as is known.
func lasted(s *loadstats.Story) time.Duration {
	if s.Whole {
		return s.End.Lasted
	}
	return s.Total.At + s.Total.Length
}
