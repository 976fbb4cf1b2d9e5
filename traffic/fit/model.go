package fit

import (
	"math"
	"slices"
	"time"

	"callwright/traffic"
)

// Model is everything that was estimated.
type Model struct {
	Options   Options
	From, To  time.Time // midnights of the first and last day
	Calls     int       // that count
	Left      []Tally   // out
	Queues    []Queue
	Arrivals  Arrivals
	Duty      Duty
	Groups    []Group
	Gaps      []Duty // the same for gaps of 5, 15 and 30 minutes: how much it matters
	Reported  Reported
	onDuty    [][][]float64 // by group, day, slot
	occupancy float64
}

// Reported is what was measured on the fitted days themselves.
type Reported struct {
	Offered, Abandoned int
	Wait               float64 // of all, seconds
}

// Queue is what calls of one queue are like.
type Queue struct {
	Name     string
	Offered  int
	Handle   Times
	Streams  []Stream
	Abandons int
}

// Stream is one tier of a queue.
type Stream struct {
	Tier     string
	Credit   time.Duration
	Share    float64 // of the queue's calls
	Patience Times
	From     string // whose patience it is: its own, or that of more calls where it has too few
}

// Times is a sample of lengths of time and the laws fitted to it.
type Times struct {
	Sample *Sample
	KM     KM
	Laws   []Fitted // best AIC first
	Chosen Fitted
	Why    string
	Mean   Estimate // of the sample; of patience: exposure over abandons
	Short  float64  // part under 10 s
}

// fewEnds is how many ends a sample must have for a law of its own.
const fewEnds = 50

// Fit estimates everything.
func (h *History) Fit() (*Model, error) {
	if err := h.settle(); err != nil {
		return nil, err
	}
	m := &Model{Options: h.opt, From: h.first, To: h.last, Calls: len(h.calls), Left: h.left}
	shares := h.shares()
	m.Arrivals = h.fitArrivals(shares)
	duty, sessions, all := h.fitDuty(h.opt.Gap)
	m.Duty = duty
	groups, of := h.groups(all)
	m.Groups = groups
	m.onDuty = h.onDuty(sessions, of, len(groups))
	for _, gap := range []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute} {
		d, _, _ := h.fitDuty(gap)
		m.Gaps = append(m.Gaps, d)
	}
	h.report(m)
	h.handle(m)
	h.patience(m, shares)
	return m, nil
}

func (h *History) report(m *Model) {
	wait := time.Duration(0)
	for i := range h.calls {
		c := &h.calls[i]
		m.Reported.Offered++
		wait += c.wait
		if c.abandoned {
			m.Reported.Abandoned++
		}
	}
	m.Reported.Wait = wait.Seconds() / float64(m.Reported.Offered)
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
		}
	}
	return n
}

// handle fits the handle times, queue by queue; where there are few, all
// together.
func (h *History) handle(m *Model) {
	x := make([][]float64, len(h.queues.names))
	var all []float64
	for i := range h.calls {
		if c := &h.calls[i]; c.answered {
			x[c.queue] = append(x[c.queue], c.work.Seconds())
			all = append(all, c.work.Seconds())
		}
	}
	for q, name := range h.queues.names {
		list := x[q]
		if len(list) < fewEnds {
			list = all
		}
		s := newSample(list, nil)
		m.Queues = append(m.Queues, Queue{Name: name, Handle: h.times(s, false)})
	}
}

// times fits a sample.
func (h *History) times(s *Sample, patience bool) Times {
	t := Times{Sample: s, KM: kaplanMeier(s)}
	if s.Observed() == 0 {
		t.Chosen = Fitted{Law: traffic.Never(), Mean: math.Inf(1)}
		t.Why = "nobody was seen to give up"
		return t
	}
	t.Laws = fitLaws(s, patience)
	for i, x := range s.X {
		if x < 10 {
			t.Short += s.N[i] / s.Observed()
		}
	}
	if len(t.Laws) > 0 {
		t.Chosen, t.Why = t.Laws[0], "least AIC"
	}
	if patience {
		exposure := 0.0
		for i, x := range s.X {
			exposure += x * s.N[i]
		}
		for i, x := range s.CutX {
			exposure += x * s.CutN[i]
		}
		t.Mean = positive(exposure/s.Observed(), 1/math.Sqrt(s.Observed()))
		return t
	}
	mean, se := s.mean()
	t.Mean = around(mean, se)
	// Work is what calls bring: a law whose mean is off is no law for staffing.
	for _, l := range t.Laws {
		if l.Mean >= t.Mean.Low && l.Mean <= t.Mean.High {
			t.Chosen = l
			break
		}
	}
	if t.Chosen.Law != t.Laws[0].Law {
		t.Why = "least AIC among the laws whose mean lies in the interval of the measured mean"
	}
	return t
}

// patience fits how long callers would wait, by queue and tier.
func (h *History) patience(m *Model, shares [][]float64) {
	type cell struct{ ends, cuts []float64 }
	tiers := len(h.opt.Credits) + 1
	cells := make([]cell, len(h.queues.names)*tiers)
	whole := make([]cell, len(h.queues.names))
	var all cell
	for i := range h.calls {
		c := &h.calls[i]
		q := &m.Queues[c.queue]
		q.Offered++
		if c.abandoned {
			q.Abandons++
		}
		if c.wait == 0 && !c.abandoned {
			continue // waited for nothing, and tells nothing
		}
		for _, x := range []*cell{&cells[c.queue*tiers+c.tier], &whole[c.queue], &all} {
			if c.abandoned {
				x.ends = append(x.ends, c.wait.Seconds())
			} else {
				x.cuts = append(x.cuts, c.wait.Seconds())
			}
		}
	}
	for q := range m.Queues {
		for t := range tiers {
			if shares[q][t] == 0 {
				continue
			}
			s := Stream{Share: shares[q][t], Tier: "normal"}
			if t > 0 {
				s.Tier, s.Credit = h.opt.Credits[t-1].Name, h.opt.Credits[t-1].Credit
			}
			x := cells[q*tiers+t]
			if len(x.ends) < fewEnds {
				x, s.From = whole[q], "all calls of "+m.Queues[q].Name
			}
			if len(x.ends) < fewEnds {
				x, s.From = all, "all calls"
			}
			s.Patience = h.times(newSample(slices.Clone(x.ends), slices.Clone(x.cuts)), true)
			m.Queues[q].Streams = append(m.Queues[q].Streams, s)
		}
	}
}
