package beside

import (
	"math"

	"callwright/realcore"
	"callwright/traffic"
)

// Patience returns the patience that Erlang A needs for callers of several
// streams, in seconds: one over the mean rate at which they hang up, weighted by
// volume, since rates add and patiences do not. Streams that never hang up lower
// the rate; +Inf if nobody ever does. weights are the streams' volumes.
func Patience(streams []*traffic.Source, weights []float64) float64 {
	rate, total := 0.0, 0.0
	for i, s := range streams {
		rate += weights[i] * hangUpRate(s)
		total += weights[i]
	}
	if rate == 0 || total == 0 {
		return math.Inf(1)
	}
	return total / rate
}

// hangUpRate is one over the mean patience, its periods weighted by volume.
func hangUpRate(s *traffic.Source) float64 {
	rate, total := 0.0, 0.0
	for k := range s.Callers {
		from, to := s.Callers[k].From.Seconds(), math.Inf(1)
		if k+1 < len(s.Callers) {
			to = s.Callers[k+1].From.Seconds()
		}
		w := s.Arrivals.Rate.Cumulative(to) - s.Arrivals.Rate.Cumulative(from)
		if math.IsInf(w, 1) || math.IsNaN(w) || len(s.Callers) == 1 {
			w = 1
		}
		total += w
		if m := s.Callers[k].Patience.Mean(); m > 0 {
			rate += w / m
		}
	}
	if total == 0 {
		return 0
	}
	return rate / total
}

// Volume is what weighs a stream against others: the contacts it expects, 1 where
// that has no end or is told by a trace.
func Volume(s *traffic.Source) float64 {
	if w := s.Arrivals.Rate.Total(); !math.IsInf(w, 1) && w > 0 {
		return w
	}
	return 1
}

// patienceByQueue returns the patience of the callers who can reach each queue.
func patienceByQueue(p *realcore.Plan, d *traffic.Demand) []float64 {
	streams, weights := make([][]*traffic.Source, len(p.Queues)), make([][]float64, len(p.Queues))
	for i := range d.Sources {
		s := &d.Sources[i]
		if s.Outbound != realcore.None || len(s.Callers) == 0 {
			continue
		}
		for q, ok := range Reachable(p, p.Entries[s.Entry].Start) {
			if ok {
				streams[q], weights[q] = append(streams[q], s), append(weights[q], Volume(s))
			}
		}
	}
	out := make([]float64, len(p.Queues))
	for q := range out {
		out[q] = Patience(streams[q], weights[q])
	}
	return out
}
