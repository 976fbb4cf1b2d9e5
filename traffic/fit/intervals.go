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
	work, answered    float64 // seconds, and how many they are of
}

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
	r := &reported{length: length}
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
			r.work, r.answered = r.work+n*v.AHT.Seconds(), r.answered+n
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
		x := call{queue: h.queues.of(nonEmpty(v.Queue)), agent: -1, n: v.Offered, entry: v.Start.Add(h.report.length / 2).Sub(h.first),
			day: dayNumber(v.Start) - dayNumber(h.first)}
		h.calls = append(h.calls, x)
	}
}

func nonEmpty(queue string) string {
	if queue == "" {
		return "calls"
	}
	return queue
}

// assumed is what a report does not say: agents as many as the load and its root,
// which is Erlang C's service at a load of some size (Halfin and Whitt 1981, with
// β = 1), by group of days and slot.
func (m *Model) assumed(aht float64) [][]int {
	out := make([][]int, len(m.Arrivals.Groups))
	for g := range out {
		for _, x := range m.Arrivals.Groups[g].sum() {
			a, n := x*aht/m.Arrivals.Slot.Seconds(), 0
			if a > 0 {
				n = int(math.Ceil(a + math.Sqrt(a)))
			}
			out[g] = append(out[g], n)
		}
	}
	return out
}
