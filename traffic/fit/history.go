package fit

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
)

// Options says which days count and how they are looked at. The zero value of a
// field is its default.
type Options struct {
	From, To time.Time     // midnights of the first and the last day, in the log's zone; zero: as far as the log goes
	Slot     time.Duration // of the day's shape; default 30m
	DutySlot time.Duration // of agents on duty; default 15m
	Gap      time.Duration // an agent without a call for longer was not on duty; default 15m
	LeaveOut bool          // leave services without an agent's name out of duty, instead of assigning them
	Credits  []Credit      // tiers of the log's priority column
	Holidays []time.Time   // midnights of days that do not count towards their weekday
	Spread   Spread        // which day's duty a future day gets; default Latest
	AHT      time.Duration // for interval reports that do not say it; default 4m
}

// Credit is the waiting time with which calls of one priority begin.
type Credit struct {
	Priority string // as the log writes it
	Name     string // of the tier
	Credit   time.Duration
}

// Spread says which fitted days' duty a future day is given.
type Spread uint8

// The choices.
const (
	Latest Spread = iota // that of the latest days with the same day of the week, in turn
	Mean                 // the mean of all such days
)

// call is what fitting needs of a call; instants count from History's epoch.
type call struct {
	queue, tier int
	agent       int // -1: nobody, or not written down
	day         int
	entry       time.Duration // into the queue, or to the agent
	wait        time.Duration
	start, end  time.Duration // of the service
	work        time.Duration // of the agent: talk, hold and wrap-up
	answered    bool
	abandoned   bool
	n           float64 // 1; rows of an interval report stand for so many
}

// Tally counts what was left out, or used with a remark.
type Tally struct {
	What string `json:"what"`
	N    int    `json:"n"`
}

// History gathers calls. Feed it with Add in any order, then call Fit.
type History struct {
	opt    Options
	queues index
	agents index
	calls  []call
	first  time.Time // midnight: the epoch
	last   time.Time
	left   []Tally
	raw    []calllog.Call // until the days are known
	report *reported
}

// index numbers names in the order seen.
type index struct {
	names []string
	at    map[string]int
}

func (x *index) of(name string) int {
	if i, ok := x.at[name]; ok {
		return i
	}
	if x.at == nil {
		x.at = map[string]int{}
	}
	x.at[name] = len(x.names)
	x.names = append(x.names, name)
	return len(x.names) - 1
}

// NewHistory returns an empty History.
func NewHistory(opt Options) *History {
	opt.Slot = cmp.Or(opt.Slot, 30*time.Minute)
	opt.DutySlot = cmp.Or(opt.DutySlot, 15*time.Minute)
	opt.Gap = cmp.Or(opt.Gap, 15*time.Minute)
	if 24*time.Hour%opt.Slot != 0 || opt.Slot%opt.DutySlot != 0 {
		panic("fit: slots must divide a day, and duty slots them")
	}
	return &History{opt: opt}
}

// Add takes a call. Those that never reached a queue or an agent, and those of
// other days, are counted as left out.
func (h *History) Add(c *calllog.Call) error {
	day := calllog.Midnight(c.At)
	switch {
	case !h.opt.From.IsZero() && day.Before(h.opt.From), !h.opt.To.IsZero() && day.After(h.opt.To):
		h.leave("calls of other days")
		return nil
	case !c.Offered():
		h.leave("calls that reached neither queue nor agent")
		return nil
	case len(h.raw) >= 20_000_000:
		return errors.New("fit: more than 20 million calls; want fewer days")
	}
	if h.first.IsZero() || day.Before(h.first) {
		h.first = day
	}
	if day.After(h.last) {
		h.last = day
	}
	h.raw = append(h.raw, *c)
	return nil
}

// Priorities returns the priorities of the calls taken, sorted.
func (h *History) Priorities() []string {
	seen := map[string]bool{}
	for i := range h.raw {
		seen[h.raw[i].Priority] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func (h *History) leave(what string) {
	for i := range h.left {
		if h.left[i].What == what {
			h.left[i].N++
			return
		}
	}
	h.left = append(h.left, Tally{what, 1})
}

// settle turns the calls into compact ones, ordered by entry.
func (h *History) settle() error {
	if len(h.raw) == 0 && h.report == nil {
		return errors.New("no calls on these days; want days that the history has")
	}
	if !h.opt.From.IsZero() {
		h.first = h.opt.From
	}
	if !h.opt.To.IsZero() {
		h.last = h.opt.To
	}
	days := h.days()
	if days > 4000 {
		return fmt.Errorf("fit: the history has %d days; want at most 4000", days)
	}
	slices.SortStableFunc(h.raw, func(a, b calllog.Call) int { return a.At.Compare(b.At) })
	for i := range h.raw {
		h.calls = append(h.calls, h.compact(&h.raw[i]))
	}
	h.raw = nil
	if h.report != nil {
		h.spread()
	}
	return nil
}

// days is how many days there are from the first to the last.
func (h *History) days() int { return dayNumber(h.last) - dayNumber(h.first) + 1 }

// dayNumber counts days since 1970, by the calendar.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (h *History) compact(c *calllog.Call) call {
	entry := c.Queued
	if entry.IsZero() {
		entry = c.ServiceStart
	}
	if entry.IsZero() {
		entry = c.At
	}
	x := call{n: 1, queue: h.queues.of(queueName(c.Queue, c.Type)), agent: -1, entry: entry.Sub(h.first), wait: c.Wait, tier: h.tier(c.Priority),
		answered: c.Outcome == realcore.Answered, abandoned: c.Outcome == realcore.Abandoned, day: dayNumber(c.At) - dayNumber(h.first)}
	if x.answered {
		start := c.ServiceStart
		if start.IsZero() {
			start = entry.Add(c.Wait)
		}
		x.work = c.Talk + c.Hold + c.WrapUp
		x.start = start.Sub(h.first)
		x.end = x.start + x.work
		if c.Agent != "" {
			x.agent = h.agents.of(c.Agent)
		}
	}
	return x
}

// queueName is the queue's, else the type's, call by call: calllog takes one of the
// two columns for all of a log, but has seen all of it by then.
func queueName(queue, kind string) string { return cmp.Or(queue, kind, "calls") }

// tier is 0 for calls without credit.
func (h *History) tier(priority string) int {
	for i, x := range h.opt.Credits {
		if x.Priority == priority {
			return i + 1
		}
	}
	return 0
}
