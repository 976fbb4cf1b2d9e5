package fit

import (
	"fmt"
	"math"
	"time"

	"callwright/realcore/cdr/calllog"
)

// reported is an interval report: counts and mean handle times, and no calls.
type reported struct {
	rows              []calllog.Interval
	length            time.Duration
	offered, abandons float64
	work              map[string]worked // by queue, of those whose handle time it says
}

// worked is handle time in seconds, and of how many calls.
type worked struct{ seconds, calls float64 }

func (w worked) mean() float64 { return w.seconds / w.calls }

// AddIntervals takes an interval report instead of calls. It gives the day's shape,
// volumes and scatter, and the mean handle time if it says so. It tells nothing
// about patience or who was on duty: Scenario then assumes them, and says so.
func (h *History) AddIntervals(list []calllog.Interval, length time.Duration) error {
	if length <= 0 || 24*time.Hour%length != 0 {
		return fmt.Errorf("intervals are %v long; want a length that divides a day", length)
	}
	slot := length
	for slot < h.opt.Slot || 24*time.Hour%slot != 0 {
		slot += length
	}
	h.opt.Slot, h.opt.DutySlot = slot, slot
	r := &reported{length: length, work: map[string]worked{}}
	for _, v := range list {
		day := calllog.Midnight(v.Start)
		if !h.opt.From.IsZero() && day.Before(h.opt.From) || !h.opt.To.IsZero() && day.After(h.opt.To) {
			h.leave("intervals of other days")
			continue
		}
		if h.first.IsZero() || day.Before(h.first) {
			h.first = day
		}
		if day.After(h.last) {
			h.last = day
		}
		r.rows = append(r.rows, v)
		r.offered += v.Offered
		r.abandons += v.Abandoned
		if v.Known(calllog.RoleAHT) {
			n := v.Offered
			if v.Known(calllog.RoleAnsweredCount) {
				n = v.Answered
			}
			w := r.work[queueName(v.Queue, "")]
			r.work[queueName(v.Queue, "")] = worked{w.seconds + n*v.AHT.Seconds(), w.calls + n}
		}
	}
	if len(r.rows) == 0 {
		return fmt.Errorf("no intervals on these days; want days that the report has")
	}
	h.report = r
	return nil
}

// spread makes a call of each interval, at its middle, that stands for as many.
func (h *History) spread() {
	for _, v := range h.report.rows {
		x := call{queue: h.queues.of(queueName(v.Queue, "")), agent: -1, n: v.Offered, entry: v.Start.Add(h.report.length / 2).Sub(h.first),
			day: dayNumber(v.Start) - dayNumber(h.first)}
		h.calls = append(h.calls, x)
	}
}

// handleTimes gives queues the handle time that the report says of them; those of
// which it says none have the given one, or else the mean of the others, or else 4
// minutes. It is an error to give one that nothing needs.
func (r *reported) handleTimes(m *Model, given time.Duration) error {
	var all worked
	silent := 0
	for q := range m.Queues {
		x := &m.Queues[q]
		w := r.work[x.Log]
		if w.calls > 0 {
			x.AHT, x.AHTFrom = w.mean(), AHTReported
			all = worked{all.seconds + w.seconds, all.calls + w.calls}
			continue
		}
		silent++
	}
	if given > 0 && silent == 0 {
		return fmt.Errorf("a handle time of %v is given, but the report says that of every queue, %s s on average; want none given", given, number(all.mean()))
	}
	m.AHT, m.AHTKnown = given.Seconds(), false
	from := AHTGiven
	switch {
	case all.calls > 0 && given == 0:
		m.AHT, from = all.mean(), AHTOthers
	case given == 0:
		m.AHT, from = 240, AHTAssumed
	}
	for q := range m.Queues {
		if x := &m.Queues[q]; x.AHTFrom == "" {
			x.AHT, x.AHTFrom = m.AHT, from
		}
	}
	if all.calls > 0 {
		m.AHT, m.AHTKnown = all.mean(), true
	}
	return nil
}

// assumed is what a report does not say: agents as many as the load and its root,
// which is Erlang C's service at a load of some size (Halfin and Whitt 1981, with
// β = 1), by group of days and slot.
func (m *Model) assumed() [][]int {
	out := make([][]int, len(m.Arrivals.Groups))
	for g := range out {
		x := &m.Arrivals.Groups[g]
		for k := range x.slots() {
			work, n := 0.0, 0
			for q, tiers := range x.Shapes {
				for _, list := range tiers {
					work += list[k] * m.Queues[q].AHT
				}
			}
			a := work / m.Arrivals.Slot.Seconds()
			if a > 0 {
				n = int(math.Ceil(a + math.Sqrt(a)))
			}
			out[g] = append(out[g], n)
		}
	}
	return out
}
