package fit

import (
	"fmt"
	"math"

	"callwright/traffic"
)

// Times is a sample of lengths of time and the laws fitted to it.
type Times struct {
	Sample *Sample
	KM     KM
	Laws   []Fitted // best AIC first
	From   string   // whose laws they are, if not the sample's own
	Chosen Fitted
	Why    string
	Mean   Estimate // of the sample; of patience: exposure over abandons; NaN of none
	Short  float64  // part under 10 s; NaN of none
}

// fewEnds is how many ends a sample must have for a law of its own.
const fewEnds = 50

// handle fits the handle times, queue by queue; where there are few, the law is that
// of all together.
func (h *History) handle(m *Model) {
	x := make([][]float64, len(h.queues.names))
	var all []float64
	for i := range h.calls {
		if c := &h.calls[i]; c.answered {
			x[c.queue] = append(x[c.queue], c.work.Seconds())
			all = append(all, c.work.Seconds())
		}
	}
	var pooled *Times
	for q, name := range h.queues.names {
		s := newSample(x[q], nil)
		if len(x[q]) >= fewEnds || len(x[q]) == len(all) {
			m.Queues = append(m.Queues, Queue{Name: name, Handle: fitTimes(s, false)})
			continue
		}
		if pooled == nil {
			t := fitTimes(newSample(all, nil), false)
			pooled = &t
		}
		t := describe(s, false)
		t.Laws, t.Chosen, t.From = pooled.Laws, pooled.Chosen, "all calls"
		t.Chosen.KS = math.NaN() // it was not fitted to this sample
		t.Why = "fewer than 50 calls: the law of all together"
		m.Queues = append(m.Queues, Queue{Name: name, Handle: t})
	}
}

// describe is a sample without laws.
func describe(s *Sample, patience bool) Times {
	t := Times{Sample: s, KM: kaplanMeier(s), Mean: unknown(), Short: math.NaN()}
	if s.Observed() == 0 {
		return t
	}
	t.Short = 0
	for i, x := range s.X {
		if x < 10 {
			t.Short += s.N[i] / s.Observed()
		}
	}
	if !patience {
		mean, se := s.mean()
		t.Mean = around(mean, se, s.Observed()-1)
		return t
	}
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

// fitTimes fits a sample of handle times or of patience.
func fitTimes(s *Sample, patience bool) Times {
	t := describe(s, patience)
	if s.Observed() == 0 {
		t.Chosen = Fitted{Law: traffic.Never(), Mean: math.NaN(), KS: math.NaN()}
		t.Why = "nobody was answered"
		if patience {
			t.Why = "nobody was seen to give up"
		}
		return t
	}
	if s.constant() {
		law, err := traffic.Deterministic(s.X[0])
		if err != nil {
			panic("fit: " + err.Error())
		}
		t.Chosen = Fitted{Law: law, Mean: s.X[0]}
		t.Why = "all are as long"
		return t
	}
	t.Laws = fitLaws(s, patience)
	if len(t.Laws) == 0 { // the exponential law always has a maximum where some length is not 0
		m, _ := s.rough()
		law, err := traffic.Exponential(m)
		if err != nil {
			panic("fit: " + err.Error())
		}
		t.Chosen, t.Why = Fitted{Law: law, Mean: m, KS: s.distance(&law)}, "no law has a maximum: the mean alone"
		return t
	}
	t.Chosen, t.Why = t.Laws[0], "least AIC"
	if patience {
		return t
	}
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

// patience fits how long callers would wait, by queue and tier. Streams with few
// abandons have the law of their queue, or that of all calls.
func (h *History) patience(m *Model, shares [][]float64) {
	tiers := len(h.opt.Credits) + 1
	cells, whole := make([]ends, len(h.queues.names)*tiers), make([]ends, len(h.queues.names))
	var all ends
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
		tier := c.tier
		if shares[c.queue][tier] == 0 {
			tier = 0 // too few for a stream of their own: they are in the normal one
		}
		for _, x := range []*ends{&cells[c.queue*tiers+tier], &whole[c.queue], &all} {
			x.add(c)
		}
	}
	for q := range m.Queues {
		for t := range tiers {
			if shares[q][t] == 0 {
				continue
			}
			s := Stream{Share: shares[q][t], Index: t, Tier: "normal"}
			if t > 0 {
				s.Tier, s.Credit = h.opt.Credits[t-1].Name, h.opt.Credits[t-1].Credit
			}
			x := &cells[q*tiers+t]
			if len(x.ends) < fewEnds {
				x, s.From = &whole[q], fmt.Sprintf("all calls of %s", m.Queues[q].Name)
			}
			if len(x.ends) < fewEnds {
				x, s.From = &all, "all calls"
			}
			s.Patience = x.fitted()
			m.Queues[q].Streams = append(m.Queues[q].Streams, s)
		}
	}
}

// ends is waits that ended by giving up, and waits cut by an answer.
type ends struct {
	ends, cuts []float64
	fit        *Times
}

func (e *ends) add(c *call) {
	if c.abandoned {
		e.ends = append(e.ends, c.wait.Seconds())
	} else {
		e.cuts = append(e.cuts, c.wait.Seconds())
	}
}

// fitted fits once, whoever asks.
func (e *ends) fitted() Times {
	if e.fit == nil {
		t := fitTimes(newSample(e.ends, e.cuts), true)
		e.fit = &t
	}
	return *e.fit
}
