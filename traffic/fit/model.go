package fit

import (
	"errors"
	"math"
	"time"
)

// Model is everything that was estimated.
type Model struct {
	Options       Options
	From, To      time.Time // midnights of the first and last day
	Left          []Tally   // out
	Queues        []Queue
	Arrivals      Arrivals
	Duty          Duty
	Groups        []Group
	Follow        Follow
	Away          Away
	Interruptions []Interruption
	Gaps          []Duty // the same for gaps of 5, 15 and 30 minutes: how much it matters
	Reported      Reported
	Report        bool          // the history was an interval report
	AHT           float64       // its mean handle time in seconds, over the queues of which it says one,
	AHTKnown      bool          // or else what is given or assumed
	staff         *Model        // whose rosters, if not its own
	onDuty        [][][]float64 // by group, day, slot
}

// Reported is what was measured on the fitted days themselves.
type Reported struct {
	Offered, Abandoned int
}

// Queue is what calls of one queue are like.
type Queue struct {
	Name     string // as a scenario may have it
	Log      string // as the log has it
	Offered  int
	Handle   Times
	Streams  []Stream
	Abandons int
	AHT      float64 // of an interval report, seconds,
	AHTFrom  string  // and where it comes from
}

// Where a queue's handle time comes from.
const (
	AHTReported = "mean of the report"
	AHTOthers   = "mean of the report's other queues"
	AHTGiven    = "given"
	AHTAssumed  = "assumed"
)

// Stream is one tier of a queue.
type Stream struct {
	Index    int // of the tier: 0 is the normal one
	Tier     string
	Credit   time.Duration
	Share    float64 // of the queue's calls
	Patience Times
	From     string // whose patience it is: its own, or that of more calls where it has too few
}

// Fit estimates everything.
func (h *History) Fit() (*Model, error) {
	if err := h.settle(); err != nil {
		return nil, err
	}
	m := &Model{Options: h.opt, From: h.first, To: h.last, Left: h.left}
	shares := h.shares()
	m.Arrivals = h.fitDays()
	if len(m.Arrivals.Groups) == 0 {
		return nil, errors.New("no day counts: all are holidays or without calls")
	}
	if h.report != nil {
		if err := h.fromReport(m, shares); err != nil {
			return nil, err
		}
		return m, nil
	}
	duty, sessions, all := h.fitDuty(h.opt.Gap)
	m.Duty = duty
	var of []int
	m.Groups, of = h.groups(all)
	m.onDuty = h.onDuty(sessions, of, len(m.Groups))
	m.Away = h.away(m, all, sessions, of)
	bad := m.interruptions(h)
	g := m.volume(h, bad, shares)
	m.fill(bad)
	m.follow(g, bad)
	m.open()
	for _, gap := range []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute} {
		d, _, _ := h.fitDuty(gap)
		m.Gaps = append(m.Gaps, d)
	}
	h.measured(m)
	h.handle(m)
	h.patience(m, shares)
	m.rename()
	return m, nil
}

// volume estimates arrivals; bad are interrupted duty slots.
func (m *Model) volume(h *History, bad [][]bool, shares [][]float64) grid {
	g := m.counts(h, bad)
	m.shapes(h, bad, shares, g)
	m.volumes(g)
	m.Arrivals.scatter(g)
	return g
}

// fromReport estimates what an interval report tells.
func (h *History) fromReport(m *Model, shares [][]float64) error {
	m.Duty.Slot = m.Arrivals.Slot
	m.volume(h, m.interruptions(h), shares)
	m.Follow.Day, m.Follow.Interval = math.NaN(), math.NaN()
	m.Follow.DayCV, m.Follow.IntervalCV = m.Arrivals.DayCV.Value, m.Arrivals.IntervalCV.Value
	m.Reported = Reported{Offered: int(math.Round(h.report.offered)), Abandoned: int(math.Round(h.report.abandons))}
	m.Report = true
	offered := make([]float64, len(h.queues.names))
	for i := range h.calls {
		offered[h.calls[i].queue] += h.calls[i].n
	}
	for q, name := range h.queues.names {
		m.Queues = append(m.Queues, Queue{Name: name, Offered: int(math.Round(offered[q])), Handle: untold(), Streams: []Stream{{Tier: "normal", Share: 1, Patience: untold()}}})
	}
	m.rename()
	if err := h.report.handleTimes(m, h.opt.AHT); err != nil {
		return err
	}
	m.Groups = []Group{{Name: "agents"}}
	for q := range m.Queues {
		m.Groups[0].Queues = append(m.Groups[0].Queues, q)
	}
	return nil
}

// untold is lengths of time of which an interval report has no sample.
func untold() Times { return Times{Mean: unknown(), Short: math.NaN()} }

// measured counts what happened on the fitted days.
func (h *History) measured(m *Model) {
	for i := range h.calls {
		c := &h.calls[i]
		m.Reported.Offered++
		if c.abandoned {
			m.Reported.Abandoned++
		}
	}
}

// shares is the part of each queue's calls in each tier, told from those who
// waited: whether one waits does not depend on the tier, and many systems note the
// tier only of those who do.
func (h *History) shares() [][]float64 {
	n := make([][]float64, len(h.queues.names))
	for q := range n {
		n[q] = make([]float64, len(h.opt.Credits)+1)
	}
	for i := range h.calls {
		if c := &h.calls[i]; c.wait > 0 {
			n[c.queue][c.tier]++
		}
	}
	for q := range n {
		sum := total(n[q])
		if sum == 0 {
			n[q][0], sum = 1, 1
		}
		for t := range n[q] {
			n[q][t] /= sum
			if t > 0 && n[q][t] < 0.02 { // too few for a stream of their own
				n[q][0], n[q][t] = n[q][0]+n[q][t], 0
			}
		}
	}
	return n
}
