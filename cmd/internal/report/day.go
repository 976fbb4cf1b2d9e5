package report

import (
	"math"

	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// day is a queue's intervals added up. What is undefined is NaN.
type day struct {
	agentHours, workHours         float64
	lateHours                     float64 // of agents who stay until the last contact has gone
	needC, needA                  float64 // agent-hours
	erlangC, erlangA              float64 // service level, weighted by offered contacts
	abandonA                      float64
	full                          int // intervals in which the load is at least the agents
	measured                      bool
	mOffered, mSL, mAbandon, mASA float64
}

// mean is a weighted mean; NaN without weight.
type mean struct{ sum, weight float64 }

func (m *mean) add(x, weight float64) {
	if !math.IsNaN(x) && weight > 0 {
		m.sum += x * weight
		m.weight += weight
	}
}

func (m *mean) value() float64 {
	if m.weight == 0 {
		return math.NaN()
	}
	return m.sum / m.weight
}

func dayOf(s *beside.Study, q *beside.Queue) day {
	var d day
	var c, a, ab, sl, mab, asa mean
	hours := s.IntervalSec / 3600
	needs := 0
	for i := range q.Rows {
		r := &q.Rows[i]
		n := defined(r.Offered.Value)
		if s.CloseSec > 0 && r.Start >= s.CloseSec {
			d.lateHours += r.Agents * hours
		} else {
			d.agentHours += r.Agents * hours
		}
		d.workHours += r.Load * hours
		if r.NeedC != nil && r.NeedA != nil {
			d.needC += float64(*r.NeedC) * hours
			d.needA += float64(*r.NeedA) * hours
			needs++
		}
		if r.Load > 0 && r.Load >= r.Agents {
			d.full++
		}
		c.add(defined(r.ErlangC.Value), n)
		a.add(defined(r.ErlangA.Value), n)
		ab.add(defined(r.AbandonA.Value), n)
		if m := r.Measured; m != nil {
			d.measured = true
			n := defined(m.Offered.Value)
			if !math.IsNaN(n) {
				d.mOffered += n
			}
			sl.add(defined(m.SL.Value), n)
			mab.add(defined(m.Abandon.Value), n)
			answered := n
			if x := defined(m.Abandon.Value); !math.IsNaN(x) {
				answered = n * (1 - x)
			}
			asa.add(defined(m.ASA.Value), answered)
		}
	}
	if needs == 0 {
		d.needC, d.needA = math.NaN(), math.NaN()
	}
	d.erlangC, d.erlangA, d.abandonA = c.value(), a.value(), ab.value()
	d.mSL, d.mAbandon, d.mASA = sl.value(), mab.value(), asa.value()
	return d
}

// predictionLevel is the level of the study's prediction intervals: its own, or
// less where there are too few replications for it. They are the extremes of n
// runs, and enclose one more with probability 1 - 2/(n+1) (sim/output, Predict).
func predictionLevel(s *beside.Study) float64 {
	if s.Reps < 2 {
		return s.Level
	}
	return math.Min(s.Level, math.Round(1000*(1-2/float64(s.Reps+1)))/1000)
}

// of returns one measure of a list, page.Undefined if it is not there.
func of(list []beside.Measure, id measure.ID) beside.Measure {
	for _, m := range list {
		if m.Definition == id {
			return m
		}
	}
	return beside.Measure{Definition: id, Kind: "none"}
}

func titleOf(s *beside.Study, w words) string {
	for _, lang := range []string{w.lang, "en", "ja"} {
		if t := s.Title[lang]; t != "" {
			return t
		}
	}
	return w.s("title")
}
