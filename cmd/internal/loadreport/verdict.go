package loadreport

import (
	"math"

	"callwright/traffic/loadstats"
)

// verdictLine is the first line of every report: the verdict, and why.
func (t *told) verdictLine() string {
	switch {
	case !t.story.Whole:
		return t.because("verdict.cut")
	case t.verdict == loadstats.Interrupted:
		return t.because("verdict.interrupted")
	case t.verdict == loadstats.Invalid:
		return t.because("verdict.invalid")
	case t.verdict == loadstats.Breached:
		var n int
		for _, j := range t.judged {
			if !j.Passed {
				n++
			}
		}
		return t.verdict.String() + t.pick(": ", ":") + t.s("verdict.breached", n, len(t.judged))
	case t.verdict == loadstats.CallsFailed:
		return t.verdict.String() + t.pick(": ", ":") + t.failedLine()
	case len(t.judged) == 0:
		return t.because("verdict.pass.bare")
	}
	return t.verdict.String() + t.pick(": ", ":") + t.s("verdict.pass", len(t.judged))
}

// because is the verdict with a sentence.
func (t *told) because(key string) string {
	return t.verdict.String() + t.pick(": ", ":") + t.s(key)
}

// failedLine says what failed.
func (t *told) failedLine() string {
	switch {
	case t.v.Nothing() && t.v.Started == 0:
		return t.s("verdict.none_started", count(t.v.Wanted))
	case t.v.Nothing() && t.v.Failed == 0 && t.v.Ended > 0:
		return t.s("verdict.none_answered", count(t.v.Ended))
	case t.v.Failed == 0 && t.v.Unregistered == 0:
		return t.s("verdict.none_ended", count(t.v.Started))
	case t.v.Failed == 0:
		return t.s("verdict.unregistered", count(t.v.Unregistered), count(t.v.Registrations))
	}
	return t.s("verdict.failed", count(t.v.Failed), count(t.v.Ended))
}

// reasons are the lines under the verdict: which thresholds were missed, which faults the
// generator had and at what rate it is full.
func (t *told) reasons() (out []string) {
	for _, f := range t.faults {
		out = append(out, t.fault(f))
	}
	if t.invalid() {
		if rate := t.story.End.Check.Saturates(); !math.IsNaN(rate) {
			out = append(out, t.s("invalid.saturates", t.rate(rate)))
		}
		out = append(out, t.s("invalid.remedy"))
		return out
	}
	for _, j := range t.judged {
		if !j.Passed {
			out = append(out, t.missed(j))
		}
	}
	if t.story.End.Early != "" {
		out = append(out, t.s("warn.early", t.story.End.Early))
	}
	return out
}

func (t *told) fault(f loadstats.Fault) string {
	return t.s("fault."+string(f), t.figure(f))
}

// figure is a fault's number.
func (t *told) figure(f loadstats.Fault) string {
	c := &t.story.End.Check
	switch f {
	case loadstats.FaultStarts:
		return t.percent(share(c.StartsLate, c.Starts))
	case loadstats.FaultReads:
		return t.percent(share(c.ReadLate, c.Read))
	case loadstats.FaultFrames:
		return t.percent(share(c.FramesLate, c.Frames))
	case loadstats.FaultBusy:
		return t.percent(c.Busy)
	case loadstats.FaultMedian:
		return t.duration(c.LateP50)
	case loadstats.FaultCore:
		return t.percent(c.Waited)
	case loadstats.FaultDrops:
		return count(c.Dropped)
	case loadstats.FaultUnsent:
		return count(c.Unsent)
	case loadstats.FaultPorts:
		return count(c.NoPort)
	}
	return c.Figure(f)
}

func share(k, n int64) float64 { return loadstats.Ratio{Of: n, Part: k}.Value() }

// missed says a threshold that was not met.
func (t *told) missed(j loadstats.Judgement) string {
	switch {
	case math.IsNaN(j.Got):
		return t.s("missed.nothing", j.Text)
	case j.At > 0:
		return t.s("missed.bound", j.Text, t.named(j.What, j.Got), count(j.K), count(j.N), t.side(j), t.bound(j))
	case j.Stat == "":
		return t.s("missed.share", j.Text, t.named(j.What, j.Got), count(j.K), count(j.N))
	}
	return t.s("missed.measure", j.Text, t.named(j.What, j.Got), count(j.N))
}

// side says on which side a bound lies.
func (t *told) side(j loadstats.Judgement) string {
	if j.Above {
		return t.s("bound.least")
	}
	return t.s("bound.most")
}

// sentence is what one may forward.
func (t *told) sentence() string {
	switch {
	case t.invalid():
		return t.s("say.invalid")
	case t.v.Ended == 0 && t.v.Registrations > 0:
		return t.s("say.registered", t.atRate(), count(t.v.Registrations), t.percent(1-t.f.IRA.Value()), t.outward(atMost(t.f.IRA), true), t.level(confidence), t.length(t.v.Quantile(loadstats.RRD, 0.5)))
	case t.v.Ended == 0:
		return t.s("say.nothing")
	}
	if t.taken() {
		return t.s("say.came", count(t.v.Ended), t.percent(share(t.v.Answered, t.v.Ended)), t.outward(atMost(t.f.Fail), true), t.level(confidence))
	}
	answered := loadstats.Ratio{Of: t.v.Ended, Part: t.v.Answered}
	out := t.s("say.answered", t.atRate(), t.percent(answered.Value()), count(t.v.Ended), t.outward(atMost(t.f.Fail), true), t.level(confidence))
	if n := t.v.N(loadstats.SetUp); n > 0 {
		out += t.s("say.setup", t.length(t.v.Quantile(loadstats.SetUp, 0.5)), t.length(t.v.Quantile(loadstats.SetUp, 0.95)))
	}
	out += t.pick(".", "。")
	if n := t.v.N(loadstats.MOS); n > 0 {
		out += t.pick(" ", "") + t.s("say.mos", t.value(loadstats.MOS, t.v.Quantile(loadstats.MOS, 0.5)), t.value(loadstats.MOS, t.v.Quantile(loadstats.MOS, 0.05)))
	}
	if t.partial() {
		out = t.s("say.partial") + t.pick(" ", "") + out
	}
	return out
}

// rate is in calls per second, or registrations where there are no calls.
func (t *told) rate(x float64) string {
	if t.v.Ended == 0 && t.v.Registrations > 0 && !math.IsNaN(x) {
		return t.s("unit.rate.registrations", rounded(x))
	}
	return t.words.rate(x)
}

// atRate says the rate: the profile's, or the mean of the starts where it has none.
func (t *told) atRate() string {
	low, high := t.wanted()
	switch {
	case math.IsNaN(low):
		if mean := t.started(); !math.IsNaN(mean) {
			return t.s("say.at.mean", t.rate(mean))
		}
		return t.s("say.at.unknown")
	case high <= 1.02*low:
		return t.s("say.at", t.rate(high))
	}
	return t.s("say.at.between", t.pick(rounded(low), t.rate(low)), t.rate(high))
}
