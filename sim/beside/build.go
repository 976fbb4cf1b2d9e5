package beside

import (
	"fmt"
	"math"
	"slices"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
	"callwright/traffic"
)

// QueueInfo is what a study must know of a queue beyond the plan.
type QueueInfo struct {
	Target float64
	Rule   measure.ID // default sl_offered
}

// Info names the study.
type Info struct {
	Scenario    string
	Digest      string // of the scenario file
	Title       map[string]string
	Program     string
	Queues      []QueueInfo      // by QueueID; missing ones have no target
	Close       realcore.Instant // of the last day; 0: not known
	Label       func(realcore.Instant) string
	Day         func(realcore.Instant) int // number of the day; nil: the run is one day
	Assumptions []string
	Warnings    []string
}

// Build makes the study of a simulation's result.
func Build(r *sim.Result, d *traffic.Demand, info Info) *Study {
	b := &builder{r: r, d: d, info: info}
	p := r.Plan
	s := &Study{Version: 1, Scenario: info.Scenario, Digest: info.Digest, Title: info.Title, Plan: p.Digest(), Program: info.Program,
		Seed: r.Config.Seed, Reps: len(r.Tables), Level: r.Config.Level, Epoch: p.Epoch, Zone: p.Zone,
		IntervalSec: r.Config.Measure.Interval.Seconds(), Warnings: append(append([]string{}, info.Warnings...), r.Warnings...), Assumptions: append([]string{}, info.Assumptions...)}
	for _, t := range r.Tables {
		b.intervals = max(b.intervals, t.Intervals())
	}
	if c := info.Close; c > 0 && c < realcore.Never {
		s.CloseSec = c.Seconds()
	}
	b.shares()
	for _, def := range measure.Definitions() {
		s.Center = append(s.Center, b.measure(def.ID, measure.All, measure.All, nil))
	}
	for q := range p.Queues {
		s.Queues = append(s.Queues, b.queue(q))
		s.Warnings = append(s.Warnings, b.unstable(&s.Queues[q])...)
	}
	for g := range p.Groups {
		s.Groups = append(s.Groups, b.group(realcore.GroupID(g)))
	}
	return s
}

type builder struct {
	r         *sim.Result
	d         *traffic.Demand
	info      Info
	intervals int
	serving   [][]realcore.GroupID // by queue
	load      [][]float64          // offered load by queue and interval, erlangs
	aht       []float64            // by queue, over the run
	patience  []float64            // by queue, mean seconds
}

// shares works out which groups serve which queue, and each queue's load.
func (b *builder) shares() {
	p := b.r.Plan
	b.serving = make([][]realcore.GroupID, len(p.Queues))
	for q := range p.Queues {
		b.serving[q] = Serving(p, q)
	}
	offered, aht := measure.Find("offered"), measure.Find("aht")
	b.load = make([][]float64, len(p.Queues))
	b.aht = make([]float64, len(p.Queues))
	b.patience = patienceByQueue(p, b.d)
	for q := range p.Queues {
		if e := b.r.Estimate(aht, measure.All, q, nil); !math.IsNaN(e.Value) {
			b.aht[q] = e.Value
		}
		for i := range b.intervals {
			n := b.r.Estimate(offered, i, q, nil).Value
			b.load[q] = append(b.load[q], zeroIfNaN(n)/b.length()*b.aht[q])
		}
	}
}

func zeroIfNaN(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// length returns the interval's length in seconds; the whole run if it is one.
func (b *builder) length() float64 {
	if d := b.r.Config.Measure.Interval; d > 0 {
		return d.Seconds()
	}
	return b.r.Ends[0].Seconds()
}

func (b *builder) queue(q int) Queue {
	p := b.r.Plan
	t := b.r.Tables[0]
	info := QueueInfo{}
	if q < len(b.info.Queues) {
		info = b.info.Queues[q]
	}
	if info.Rule == "" {
		info.Rule = "sl_offered"
	}
	out := Queue{Name: p.Queues[q].Name, AWT: t.AWT(realcore.QueueID(q)).Seconds(), Target: info.Target, Rule: info.Rule}
	for _, g := range b.serving[q] {
		for other := range p.Queues {
			for _, h := range b.serving[other] {
				out.Shared = out.Shared || other != q && h == g
			}
		}
	}
	for _, def := range measure.Definitions() {
		out.Day = append(out.Day, b.measure(def.ID, measure.All, q, b.serving[q]))
	}
	for _, id := range unique(append([]measure.ID{info.Rule}, judged...)) {
		e, _ := b.r.Sums(measure.Find(id), measure.All, q, nil).Predict(b.r.Config.Level)
		out.Run = append(out.Run, Wrap(id, e))
	}
	if info.Target > 0 {
		m := Wrap(info.Rule, b.meets(q, info.Rule, info.Target))
		out.Meets = &m
	}
	for i := range b.intervals {
		out.Rows = append(out.Rows, b.row(q, i, &out))
	}
	out.Days = b.days(q, info.Rule)
	out.Waits = b.waits(q)
	return out
}

// waits adds the replications' waits up; nil if none were counted.
func (b *builder) waits(q int) *Waits {
	n := b.r.Config.Measure.Bins
	if n == 0 {
		return nil
	}
	w := &Waits{BinSec: 1, Answered: make([]int64, n), Abandoned: make([]int64, n)}
	for _, t := range b.r.Tables {
		for i := range n {
			w.Answered[i] += t.Waits[q].Answered[i]
			w.Abandoned[i] += t.Waits[q].Abandoned[i]
		}
	}
	return w
}

func (b *builder) row(q, i int, out *Queue) Row {
	start := float64(i) * b.length()
	row := Row{Start: start, Label: b.label(start), Load: b.load[q][i], Agents: b.agents(q, i)}
	row.Offered = b.measure("offered", i, q, nil)
	row.AHT = b.measure("aht", i, q, nil)
	row.SL = b.measure(out.Rule, i, q, nil)
	row.Abandon = b.measure("abandonment", i, q, nil)
	row.ASA = b.measure("asa", i, q, nil)
	row.Occup = b.measure("occupancy", i, q, b.serving[q])
	e, _ := b.r.Sums(measure.Find(out.Rule), i, q, nil).Predict(b.r.Config.Level)
	row.SLDay = Wrap(out.Rule, e)
	row.ErlangC, row.ErlangA, row.AbandonA = byFormula(out.Rule, nil), byFormula(out.Rule, nil), byFormula("abandonment", nil)
	if b.aht[q] == 0 {
		return row
	}
	f := formula{agents: row.Agents, rate: row.Load / b.aht[q], aht: b.aht[q], patience: math.Inf(1), awt: out.AWT,
		tau: b.r.Tables[0].Tau(realcore.QueueID(q)).Seconds(), rule: out.Rule, ring: b.ring(q)}
	row.ErlangC = byFormula(out.Rule, pointer(f.serviceLevel()))
	row.NeedC = pointer(f.required(out.Target))
	f.patience = b.patience[q]
	row.ErlangA = byFormula(out.Rule, pointer(f.serviceLevel()))
	row.AbandonA = byFormula("abandonment", pointer(f.abandonment()))
	row.NeedA = pointer(f.required(out.Target))
	return row
}

func unique(list []measure.ID) []measure.ID {
	slices.Sort(list)
	return slices.Compact(list)
}

// byFormula is a measure as a closed form says it; null where it says nothing.
func byFormula(id measure.ID, value *float64) Measure {
	return Measure{Definition: id, Value: value, Kind: string(output.None)}
}

func pointer[T any](x T, ok bool) *T {
	if !ok {
		return nil
	}
	return &x
}

// agents returns how many agents the queue had in the interval: those of its
// groups, shared out between queues by their load.
func (b *builder) agents(q, i int) float64 {
	n := 0.0
	for _, g := range b.serving[q] {
		all, served := 0.0, 0.0
		for other := range b.load {
			for _, h := range b.serving[other] {
				if h == g {
					all += b.load[other][i]
					served++
				}
			}
		}
		share := 1 / served // nobody calls: alike
		if all > 0 {
			share = b.load[q][i] / all
		}
		n += share * b.staffed(g, i)
	}
	return n
}

// staffed returns a group's agents in an interval, mean over replications.
func (b *builder) staffed(g realcore.GroupID, i int) float64 {
	sum := int64(0)
	for _, t := range b.r.Tables {
		if i < t.Intervals() {
			w := t.Group[i*t.Groups()+int(g)]
			sum += w.Staffed()
		}
	}
	return float64(sum) / 1e9 / b.length() / float64(len(b.r.Tables))
}

// ring returns the mean ring time of the queue's groups, for the formulas.
func (b *builder) ring(q int) float64 {
	sum, n := 0.0, 0.0
	for _, g := range b.serving[q] {
		if int(g) < len(b.d.Teams) {
			sum += b.d.Teams[g].Ring.Mean()
		}
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

func (b *builder) group(g realcore.GroupID) Group {
	out := Group{Name: b.r.Plan.Groups[g].Name}
	one := []realcore.GroupID{g}
	for _, id := range []measure.ID{"occupancy", "occupancy_handling", "utilisation"} {
		out.Day = append(out.Day, b.measure(id, measure.All, 0, one)) // agents' time alone: the queue matters to nothing in it
	}
	for i := range b.intervals {
		out.Rows = append(out.Rows, Staff{Start: float64(i) * b.length(), Agents: b.staffed(g, i), Occupancy: b.measure("occupancy", i, 0, one)})
	}
	return out
}

func (b *builder) label(start float64) string {
	if b.info.Label != nil {
		return b.info.Label(realcore.Instant(start * 1e9))
	}
	d := time.Duration(start * 1e9)
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

func (b *builder) measure(id measure.ID, interval, queue int, groups []realcore.GroupID) Measure {
	return Wrap(id, b.r.Estimate(measure.Find(id), interval, queue, groups))
}

// unstable warns where Erlang C has no steady state.
func (b *builder) unstable(q *Queue) []string {
	n, first := 0, ""
	for _, row := range q.Rows {
		if row.Load >= row.Agents && row.Load > 0 {
			if n == 0 {
				first = row.Label
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("queue %s: in %d intervals (first %s) the load is at least the agents: Erlang C has no steady state there and says 0", q.Name, n, first)}
}
