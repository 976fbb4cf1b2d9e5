package beside

import (
	"math"

	"callwright/erlang"
	"callwright/realcore/measure"
)

// formula is what a closed form needs to know of one queue in one interval.
type formula struct {
	agents   float64 // may be a fraction: a share of a group, or staff that changed
	rate     float64 // contacts a second
	aht      float64 // seconds
	patience float64 // seconds, +Inf for Erlang C
	ring     float64
	awt      float64
	tau      float64
	rule     measure.ID
}

// serviceLevel returns the service level by the queue's rule. Formulas know
// whole agents; between two it is interpolated.
func (f formula) serviceLevel() (float64, bool) {
	return f.between(func(s erlang.Steady) float64 { return f.byRule(s) })
}

func (f formula) abandonment() (float64, bool) {
	if f.rate > 0 && f.agents < 1e-9 && !math.IsInf(f.patience, 1) {
		return 1, true // nobody is there, and nobody waits for ever
	}
	return f.between(func(s erlang.Steady) float64 { return s.PAbandon() })
}

func (f formula) between(of func(erlang.Steady) float64) (float64, bool) {
	if !(f.rate > 0) || !(f.aht > 0) {
		return 0, false
	}
	if f.agents < 1e-9 {
		return f.at(0, of)
	}
	lo := math.Floor(f.agents)
	part := f.agents - lo
	a, okA := f.at(int(lo), of)
	if part < 1e-9 {
		return a, okA
	}
	b, okB := f.at(int(lo)+1, of)
	return a + part*(b-a), okA && okB
}

func (f formula) at(n int, of func(erlang.Steady) float64) (float64, bool) {
	if n == 0 {
		return 0, true // nobody is there
	}
	x := of(erlang.MMnM{Servers: n, Load: f.rate * f.aht, AHT: f.aht, Patience: f.patience, RingTime: f.ring}.Solve())
	return x, !math.IsNaN(x)
}

func (f formula) byRule(s erlang.Steady) float64 { return ByRule(f.rule, s, f.awt, f.tau) }

// ByRule returns a measure of a queue in its steady state: a service level by its
// rule, or another that formulas know.
func ByRule(rule measure.ID, s erlang.Steady, awt, tau float64) float64 {
	switch rule {
	case "sl_answered":
		return s.SLAnswered(awt)
	case "sl_exclude_within":
		return s.SLExcludeWithin(awt)
	case "sl_exclude_short":
		return s.SLExcludeShort(awt, tau)
	case "sl_count_within":
		return s.SLCountWithin(awt)
	case "abandonment":
		return s.PAbandon()
	case "asa":
		return s.ASA()
	case "wait_all":
		return s.WaitAll()
	}
	return s.SLOffered(awt)
}

// required returns the fewest agents with whom the service level reaches the
// target, by doubling and bisection: it rises with every agent.
func (f formula) required(target float64) (int, bool) {
	if !(f.rate > 0) || !(f.aht > 0) || !(target > 0 && target < 1) {
		return 0, false
	}
	reaches := func(n int) bool {
		x, ok := f.at(n, f.byRule)
		return ok && x >= target
	}
	hi := 1
	for !reaches(hi) {
		if hi > 1<<20 {
			return 0, false
		}
		hi *= 2
	}
	lo := hi / 2 // does not reach, or 0
	for lo+1 < hi {
		if m := (lo + hi) / 2; reaches(m) {
			hi = m
		} else {
			lo = m
		}
	}
	return hi, true
}
