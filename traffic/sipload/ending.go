package sipload

import (
	"math"

	"callwright/traffic/loadstats"
)

// endSecond hands over what the second saw.
func (r *Run) endSecond() {
	v := r.second
	r.watch.second(r)
	v.Length = r.at() - v.At
	v.Open = int64(r.open + r.taken)
	if r.cfg.Arrivals != nil {
		v.Rate = r.cfg.Arrivals.Rate(v.At)
		if math.IsNaN(v.Rate) { // a closed model wants none
			v.Rate = 0
		}
	}
	now := r.sig.repeats()
	v.MineRepeated, v.TheirsRepeated = now.Mine-r.was.Mine, now.Theirs-r.was.Theirs
	r.was = now
	r.total.Merge(v)
	if r.cfg.OnSecond != nil {
		r.cfg.OnSecond(v)
	}
	next := &loadstats.Interval{At: r.at(), Histograms: v.Histograms}
	next.Clear()
	r.second = next
	r.judgeEarly()
}

// judgeEarly ends the run when a threshold cannot be kept any more.
func (r *Run) judgeEarly() {
	if !r.cfg.Early || r.early != "" || r.cfg.Arrivals == nil {
		return
	}
	if _, ok := r.cfg.Arrivals.(*Day); ok { // redials come on top of what is planned: nothing is certain
		return
	}
	for i := range r.cfg.Thresholds {
		if t := &r.cfg.Thresholds[i]; t.Lost(r.total, r.cfg.Arrivals.Planned()) {
			r.early = t.Text
			r.stop()
			r.cutAll()
			r.cutAt = r.now
			return
		}
	}
}

// finish counts what is left.
func (r *Run) finish(interrupted bool) (*loadstats.End, *loadstats.Interval) {
	for c := range r.calls { // whose BYE was never answered in time
		if c.a.Ended == loadstats.Never {
			c.over = true
			c.a.Hurried = c.a.Hurried || c.cut
			r.close(c)
		}
	}
	r.endSecond()
	r.traces.tell(r)
	end := &loadstats.End{Interrupted: interrupted, Early: r.early, Lasted: r.at(), Check: r.selfCheck()}
	js := r.cfg.Thresholds.Judge(r.total)
	end.Verdict = loadstats.Decide(r.total, &end.Check, js, interrupted).String()
	return end, r.total
}
