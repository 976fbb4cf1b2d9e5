package bridge

import (
	"fmt"

	"callwright/realcore"
	"callwright/sim/beside"
	"callwright/traffic"
)

// callers gives the simplified centre its streams, such that every queue is
// offered what it was in the simulation, interval by interval: the formulas are
// about the same volume, and blocking, redials, flows and overflow belong to the
// rung of routing.
//
// A source that goes straight to a queue keeps its name, and so its callers,
// thinned where lines were busy. What else reaches the queue, through flows,
// overflow, transfers or calling again, is a stream of that volume with the
// manners of the largest source behind it.
func (s *simple) callers(p *realcore.Plan, d *traffic.Demand) error {
	for q := range s.queues {
		direct, others := s.sourcesOf(p, d, q)
		expected := s.expected(direct)
		thinned, more := s.apart(q, expected)
		for _, src := range direct {
			x := *src
			x.Entry, x.Redial, x.Tier = realcore.EntryID(q), traffic.Redial{}, 0
			if thinned != nil && x.Arrivals.Trace == nil && s.elsewhere(p, d, q, direct, others) {
				rate, err := x.Arrivals.Rate.Times(s.starts(), thinned)
				if err != nil {
					return err
				}
				x.Arrivals.Rate = rate
			}
			s.base.Sources = append(s.base.Sources, x)
		}
		if !s.elsewhere(p, d, q, direct, others) {
			continue
		}
		if err := s.add(q, more, append(others, direct...)); err != nil {
			return err
		}
	}
	return nil
}

// sourcesOf returns the sources that lead straight to a queue, and the others
// that can reach it.
func (s *simple) sourcesOf(p *realcore.Plan, d *traffic.Demand, q int) (direct, others []*traffic.Source) {
	for i := range d.Sources {
		src := &d.Sources[i]
		if src.Outbound != realcore.None {
			continue
		}
		switch {
		case int(p.Straight(src.Entry)) == q:
			direct = append(direct, src)
		case beside.Reachable(p, p.Entries[src.Entry].Start)[q]:
			others = append(others, src)
		}
	}
	return direct, others
}

// elsewhere reports whether a queue may be offered anything but its direct
// sources' first attempts: only then does its volume have to be corrected, at the
// price of the simulation's noise in it.
func (s *simple) elsewhere(p *realcore.Plan, d *traffic.Demand, q int, direct, others []*traffic.Source) bool {
	if len(others) > 0 || len(direct) == 0 {
		return true
	}
	for _, src := range direct {
		t := p.Entries[src.Entry].Trunk
		if src.Redial != (traffic.Redial{}) || t != realcore.None && p.Trunks[t].Lines > 0 {
			return true
		}
	}
	for i := range d.Sources {
		for k := range d.Sources[i].Callers {
			for _, t := range d.Sources[i].Callers[k].Transfer {
				if int(t.Queue) == q {
					return true
				}
			}
		}
	}
	return p.Queues[q].Calendar != realcore.None
}

// expected returns the contacts that sources bring by interval.
func (s *simple) expected(list []*traffic.Source) []float64 {
	n := s.intervals()
	out := make([]float64, n)
	for _, src := range list {
		for i := range n {
			from, to := float64(i)*s.seconds, float64(i+1)*s.seconds
			if src.Arrivals.Trace == nil {
				out[i] += src.Arrivals.Rate.Cumulative(to) - src.Arrivals.Rate.Cumulative(from)
				continue
			}
			for _, at := range src.Arrivals.Trace {
				if t := at.Seconds(); t >= from && t < to {
					out[i]++
				}
			}
		}
	}
	return out
}

// apart compares what the direct sources bring with what the queue was offered:
// factors below 1 where that is less, and what is more.
func (s *simple) apart(q int, expected []float64) (thinned, more []float64) {
	offered := s.queues[q].offered
	thinned, more = make([]float64, len(offered)), make([]float64, len(offered))
	for i, n := range offered {
		thinned[i] = 1
		switch {
		case n < expected[i]:
			thinned[i] = n / expected[i]
		default:
			more[i] = n - expected[i]
		}
	}
	return thinned, more
}

// add makes a stream of what else a queue was offered.
func (s *simple) add(q int, more []float64, behind []*traffic.Source) error {
	sum := 0.0
	for _, n := range more {
		sum += n
	}
	var largest *traffic.Source
	for _, src := range behind {
		if len(src.Callers) > 0 && (largest == nil || beside.Volume(src) > beside.Volume(largest)) {
			largest = src
		}
	}
	if sum == 0 || largest == nil {
		return nil
	}
	rates := make([]float64, len(more))
	for i := range more {
		rates[i] = more[i] / s.seconds
	}
	rate, err := traffic.Steps(s.starts(), rates, float64(len(rates))*s.seconds)
	if err != nil {
		return err
	}
	name := s.queues[q].name
	s.base.Sources = append(s.base.Sources, traffic.Source{Name: name + " from elsewhere", Entry: realcore.EntryID(q), Outbound: realcore.None,
		Arrivals: traffic.Stream{Name: name + " from elsewhere", Rate: rate}, Callers: largest.Callers})
	s.notes = append(s.notes, fmt.Sprintf("queue %s: up to the rung of routing, who comes through flows, overflow, transfers or by calling again is a stream of that volume with the manners of %s", name, largest.Name))
	return nil
}

func (s *simple) intervals() int { return len(s.queues[0].offered) }

func (s *simple) starts() []float64 {
	out := make([]float64, s.intervals())
	for i := range out {
		out[i] = float64(i) * s.seconds
	}
	return out
}
