package bridge

import (
	"fmt"
	"math"
	"slices"

	"callwright/erlang"
	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/beside"
	"callwright/traffic"
)

// forecastExact returns the demand with its forecast taken as exact: the same
// value if it already is.
func forecastExact(d *traffic.Demand) *traffic.Demand {
	out := *d
	out.Sources = append([]traffic.Source(nil), d.Sources...)
	changed := false
	for i := range out.Sources {
		if s := &out.Sources[i]; uncertain(&s.Arrivals.Uncertainty) {
			s.Arrivals.Uncertainty = traffic.Uncertainty{}
			changed = true
		}
	}
	if !changed {
		return d
	}
	return &out
}

func uncertain(u *traffic.Uncertainty) bool {
	return u.YearCV > 0 || u.MonthCV > 0 || u.DayCV > 0 || u.IntervalCV > 0
}

// simple is the centre as the formulas see it: every queue with agents of its
// own, one tier, nothing that happens while waiting, no ring time.
type simple struct {
	plan    *realcore.Plan
	base    *traffic.Demand
	queues  []simpleQueue
	notes   []string
	seconds float64 // of an interval
}

type simpleQueue struct {
	name     string
	agents   []int     // by interval
	offered  []float64 // contacts expected by interval
	aht      float64
	patience float64
	awt, tau float64
	wrapUp   bool // its agents wrap up
}

// lawChoice says which laws are as fitted; the others are exponential with the
// same mean.
type lawChoice struct{ handle, patience bool }

func simplify(p *realcore.Plan, d *traffic.Demand, full *sim.Result, cfg sim.Config) (*simple, error) {
	s := &simple{seconds: cfg.Measure.Interval.Seconds()}
	intervals := 0
	for _, t := range full.Tables {
		intervals = max(intervals, t.Intervals())
	}
	s.measureQueues(p, full, intervals)
	s.apportion(p, d, intervals)
	if err := s.build(p, d); err != nil {
		return nil, err
	}
	s.patiences()
	return s, nil
}

func (s *simple) measureQueues(p *realcore.Plan, full *sim.Result, intervals int) {
	offered, aht := measure.Find("offered"), measure.Find("aht")
	for q := range p.Queues {
		sq := simpleQueue{name: p.Queues[q].Name, agents: make([]int, intervals), awt: full.Tables[0].AWT(realcore.QueueID(q)).Seconds(), tau: full.Tables[0].Tau(realcore.QueueID(q)).Seconds()}
		if e := full.Estimate(aht, measure.All, q, nil); !math.IsNaN(e.Value) {
			sq.aht = e.Value
		}
		for g := range p.Groups {
			sq.wrapUp = sq.wrapUp || p.Groups[g].WrapUp && slices.Contains(beside.Serving(p, q), realcore.GroupID(g))
		}
		for i := range intervals {
			e := full.Estimate(offered, i, q, nil)
			if math.IsNaN(e.Value) {
				e.Value = 0
			}
			sq.offered = append(sq.offered, e.Value)
		}
		s.queues = append(s.queues, sq)
	}
}

// apportion gives every queue whole agents of its own in every interval: each
// group's staff is shared out by load, by largest remainders. Staff is what is
// on shift at the interval's middle.
func (s *simple) apportion(p *realcore.Plan, d *traffic.Demand, intervals int) {
	shared := false
	for g := range p.Groups {
		var served []int
		for q := range p.Queues {
			if slices.Contains(beside.Serving(p, q), realcore.GroupID(g)) {
				served = append(served, q)
			}
		}
		shared = shared || len(served) > 1
		for i := range intervals {
			mid := realcore.Instant((float64(i) + 0.5) * s.seconds * 1e9)
			s.share(served, i, onShift(p, d, realcore.GroupID(g), mid))
		}
	}
	if shared {
		s.notes = append(s.notes, "groups that serve several queues: up to the rung of routing each queue has a share of their agents, by load, in whole agents")
	}
}

func onShift(p *realcore.Plan, d *traffic.Demand, g realcore.GroupID, at realcore.Instant) int {
	n := 0
	for i := range d.Staff {
		sh := &d.Staff[i]
		if p.Agents[sh.Agent].Group != g || at < sh.From || at >= sh.To {
			continue
		}
		if sh.Reason == realcore.ReasonNone {
			n++
		} else {
			n--
		}
	}
	return n
}

func (s *simple) share(served []int, i, staff int) {
	total := 0.0
	for _, q := range served {
		total += s.queues[q].offered[i] * s.queues[q].aht
	}
	if total == 0 || staff <= 0 {
		if len(served) > 0 && staff > 0 {
			s.queues[served[0]].agents[i] += staff
		}
		return
	}
	given := 0
	rest := make([]float64, len(served))
	for k, q := range served {
		want := float64(staff) * s.queues[q].offered[i] * s.queues[q].aht / total
		n := int(want)
		s.queues[q].agents[i] += n
		rest[k] = want - float64(n)
		given += n
	}
	for ; given < staff; given++ {
		best := 0
		for k := range rest {
			if rest[k] > rest[best] {
				best = k
			}
		}
		s.queues[served[best]].agents[i]++
		rest[best] = -1
	}
}

// build makes the simplified plan and demand.
func (s *simple) build(p *realcore.Plan, d *traffic.Demand) error {
	out := &realcore.Plan{Name: p.Name + " simplified", Epoch: p.Epoch, Zone: p.Zone, Limits: p.Limits}
	s.base = &traffic.Demand{End: d.End, Stop: d.Stop, Calls: d.Calls}
	for q := range s.queues {
		name := s.queues[q].name
		out.Queues = append(out.Queues, realcore.Queue{Name: name, Calendar: realcore.None, Classes: []realcore.ClassID{realcore.ClassID(q)}})
		out.Classes = append(out.Classes, realcore.Class{Name: name, Queue: realcore.QueueID(q),
			Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: realcore.GroupID(q), Weight: 1}}}}}})
		out.Groups = append(out.Groups, realcore.Group{Name: name, WrapUp: s.queues[q].wrapUp,
			Serves: []realcore.Serve{{Class: realcore.ClassID(q)}}, Slots: [realcore.NumChannels]uint8{1}})
		out.Nodes = append(out.Nodes, realcore.Node{Name: name, Kind: realcore.QueueNode, Queue: realcore.QueueID(q)})
		out.Entries = append(out.Entries, realcore.Entry{Name: name, Trunk: realcore.None, Start: realcore.NodeID(q)})
		s.staff(out, q)
	}
	s.plan = out
	return s.callers(p, d)
}

// staff puts a queue's own agents on shift: agent j works while at least j are
// apportioned. After the last interval everybody stays.
func (s *simple) staff(out *realcore.Plan, q int) {
	most := 0
	for _, n := range s.queues[q].agents {
		most = max(most, n)
	}
	last := len(s.queues[q].agents) - 1
	for j := 1; j <= most; j++ {
		a := realcore.AgentID(len(out.Agents))
		out.Agents = append(out.Agents, realcore.Agent{Name: fmt.Sprintf("%s-%d", s.queues[q].name, j), Group: realcore.GroupID(q)})
		from := -1
		for i := 0; i <= last+1; i++ {
			on := i <= last && s.queues[q].agents[i] >= j
			if on && from < 0 {
				from = i
			}
			if on && i == last {
				s.base.Staff = append(s.base.Staff, traffic.Shift{Agent: a, From: s.at(from), To: realcore.Never, Crew: true})
				break
			}
			if !on && from >= 0 {
				s.base.Staff = append(s.base.Staff, traffic.Shift{Agent: a, From: s.at(from), To: s.at(i), Crew: true})
				from = -1
			}
		}
	}
}

func (s *simple) at(i int) realcore.Instant { return realcore.Instant(float64(i) * s.seconds * 1e9) }

// patiences sets each queue's patience for Erlang A.
func (s *simple) patiences() {
	for q := range s.queues {
		var list []*traffic.Source
		var weights []float64
		for i := range s.base.Sources {
			if src := &s.base.Sources[i]; int(src.Entry) == q {
				list, weights = append(list, src), append(weights, beside.Volume(src))
			}
		}
		s.queues[q].patience = beside.Patience(list, weights)
	}
}

// demand returns the simplified demand with the laws chosen.
func (s *simple) demand(c lawChoice) *traffic.Demand {
	out := *s.base
	out.Sources = append([]traffic.Source(nil), s.base.Sources...)
	for i := range out.Sources {
		src := &out.Sources[i]
		src.Callers = append([]traffic.Callers(nil), src.Callers...)
		for k := range src.Callers {
			cl := &src.Callers[k]
			if !s.queues[src.Entry].wrapUp {
				cl.WrapUp = traffic.Law{}
			}
			if !c.handle {
				cl.Talk = exponentialLike(cl.Talk, cl.WrapUp)
				cl.WrapUp, cl.ByGroup = traffic.Law{}, nil
			}
			if !c.patience {
				cl.Patience = exponentialLike(cl.Patience, traffic.Law{})
			}
		}
	}
	return &out
}

// exponentialLike returns the exponential law with the mean of a and b
// together; a law that never ends, or is always 0, stays.
func exponentialLike(a, b traffic.Law) traffic.Law {
	m := a.Mean() + b.Mean()
	if math.IsInf(m, 1) || m <= 0 {
		return a
	}
	l, err := traffic.Exponential(m)
	if err != nil {
		return a
	}
	return l
}

// formulas returns the service level of the day by Erlang C and A, of the queue
// asked about or all, intervals weighted by volume.
func (s *simple) formulas(rule measure.ID, asked int) (c, a float64) {
	total := 0.0
	for q := range s.queues {
		sq := &s.queues[q]
		if asked != measure.All && asked != q {
			continue
		}
		for i, n := range sq.offered {
			if n <= 0 || sq.aht <= 0 {
				continue
			}
			total += n
			if sq.agents[i] == 0 {
				continue
			}
			load := n / s.seconds * sq.aht
			never := erlang.MMnM{Servers: sq.agents[i], Load: load, AHT: sq.aht, Patience: math.Inf(1)}.Solve()
			leave := erlang.MMnM{Servers: sq.agents[i], Load: load, AHT: sq.aht, Patience: sq.patience}.Solve()
			c += n * beside.ByRule(rule, never, sq.awt, sq.tau)
			a += n * beside.ByRule(rule, leave, sq.awt, sq.tau)
		}
	}
	if total == 0 {
		return math.NaN(), math.NaN()
	}
	return c / total, a / total
}
