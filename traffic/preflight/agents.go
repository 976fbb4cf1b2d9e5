package preflight

import (
	"math"

	"callwright/erlang"
)

// Behind is what agents behind the trunk make of its lines: each caller holds a line while he
// waits and while he is handled, so waiting fills the trunk.
type Behind struct {
	Load      float64 // erlangs on the agents
	Patient   float64 // share of attempts blocked if nobody gives up
	Impatient *Lost   // nil: no patience was given
}

// Lost are shares of all attempts.
type Lost struct{ Blocked, Abandoned float64 }

func (p *Plan) behind() *Behind {
	a := p.Agents
	if a == nil {
		return nil
	}
	q := erlang.MMnK{Servers: a.Servers, Places: p.Lines, Load: p.perSecond() * a.HandleTime.Seconds(), AHT: a.HandleTime.Seconds()}
	b := &Behind{Load: q.Load, Patient: q.Solve().PBlock()}
	if a.Patience > 0 {
		x := impatient(q, a.Patience.Seconds())
		b.Impatient = &x
	}
	return b
}

// impatient is M/M/n/k+M, by its birth-death equations: births at the rate of attempts, deaths
// at min(i, n)/AHT + max(i-n, 0)/patience. Time is O(k). Abandoned is the queue's mean length
// over patience, of the rate of attempts.
//
// erlang's MMnM has no end of its queue, and its MMnK no patience; the test checks this
// against both where they meet.
func impatient(q erlang.MMnK, patience float64) Lost {
	rate := q.Load / q.AHT
	weight := make([]float64, q.Places+1) // logarithms: they leave a float64's range
	top := 0.0
	for i := 1; i <= q.Places; i++ {
		weight[i] = weight[i-1] + math.Log(rate/(float64(min(i, q.Servers))/q.AHT+float64(max(i-q.Servers, 0))/patience))
		top = max(top, weight[i])
	}
	sum, queue := 0.0, 0.0
	for i, w := range weight {
		x := math.Exp(w - top)
		sum += x
		queue += x * float64(max(i-q.Servers, 0))
	}
	return Lost{Blocked: math.Exp(weight[q.Places]-top) / sum, Abandoned: queue / sum / patience / rate}
}
