package sim_test

import (
	"flag"
	"fmt"
	"math"
	"testing"
	"time"

	"callwright/erlang"
	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
	"callwright/sim/workload"
	"callwright/traffic"
)

// level is that of every comparison with theory: one false alarm in a million.
const level = 1 - 1e-6

type exact struct {
	id   measure.ID
	want float64
}

type model struct {
	name   string
	plan   *realcore.Plan
	demand *traffic.Demand
	exact  []exact
	relax  float64 // time between forgetting, seconds: warm-up and batches are multiples
	rate   float64 // calls a second, for the length of a batch
}

func law(l traffic.Law, err error) traffic.Law {
	if err != nil {
		panic(err)
	}
	return l
}

func mmn(n int, a, aht float64, patience traffic.Law) (*realcore.Plan, *traffic.Demand) {
	return workload.MMn(n, a/aht, law(traffic.Exponential(aht)), patience, 0)
}

// models are those with an exact answer, small to large, light to overloaded.
func models() []model {
	var ms []model
	add := func(name string, p *realcore.Plan, d *traffic.Demand, rate, relax float64, e ...exact) {
		ms = append(ms, model{name, p, d, e, relax, rate})
	}
	for _, x := range []struct {
		n      int
		a, aht float64
	}{{1, 0.5, 180}, {2, 1.2, 180}, {5, 3, 240}, {10, 7, 300}, {30, 24, 200}, {100, 86, 300}} {
		p, d := mmn(x.n, x.a, x.aht, traffic.Never())
		c := erlang.MMn{Servers: x.n, Load: x.a, AHT: x.aht}.Solve()
		slack := 1 - x.a/float64(x.n)
		add(fmt.Sprintf("M/M/%d a=%g", x.n, x.a), p, d, x.a/x.aht, x.aht/float64(x.n)/(slack*slack)+x.aht,
			exact{"sl_offered", c.SLOffered(20)}, exact{"asa", c.ASA()}, exact{"p_wait", c.PWait()}, exact{"occupancy", c.Occupancy()})
	}
	for _, x := range []struct {
		n                int
		a, aht, patience float64
	}{{1, 0.8, 120, 60}, {3, 3, 180, 90}, {10, 9, 240, 120}, {20, 24, 180, 60}, {50, 48, 300, 120}, {100, 100, 300, 120}, {100, 130, 180, 90}} {
		p, d := mmn(x.n, x.a, x.aht, law(traffic.Exponential(x.patience)))
		c := erlang.MMnM{Servers: x.n, Load: x.a, AHT: x.aht, Patience: x.patience}.Solve()
		add(fmt.Sprintf("M/M/%d+M a=%g theta=1/%g", x.n, x.a, x.patience), p, d, x.a/x.aht, x.aht+x.patience,
			exact{"sl_offered", c.SLOffered(20)}, exact{"sl_exclude_within", c.SLExcludeWithin(20)}, exact{"sl_count_within", c.SLCountWithin(20)},
			exact{"abandonment", c.PAbandon()}, exact{"asa", c.ASA()}, exact{"wait_all", c.WaitAll()}, exact{"p_wait", c.PWait()}, exact{"occupancy", c.Occupancy()})
	}
	for _, x := range []struct {
		n, k   int
		a, aht float64
	}{{1, 3, 0.8, 120}, {5, 5, 4, 180}, {10, 15, 11, 180}} {
		p, d := mmn(x.n, x.a, x.aht, traffic.Never())
		p.Trunks = []realcore.Trunk{{Name: "lines", Lines: int32(x.k)}}
		p.Entries[0].Trunk = 0
		c := erlang.MMnK{Servers: x.n, Places: x.k, Load: x.a, AHT: x.aht}.Solve()
		add(fmt.Sprintf("M/M/%d/%d a=%g", x.n, x.k, x.a), p, d, x.a/x.aht, 2*x.aht,
			exact{"blocking", c.PBlock()}, exact{"sl_attempts", c.SLAttempts(20)}, exact{"asa", nanIfZero(c.ASA())}, exact{"occupancy", c.Occupancy()})
	}
	// Two skills: with two teams trained for both queues they are one queue with
	// all agents; with a team each they are two queues of their own.
	for _, pooled := range []bool{true, false} {
		p, d := twoSkills(pooled)
		n, a, name := 5, 4.5, "two skills, apart"
		if pooled {
			n, a, name = 10, 9, "two skills, pooled"
		}
		c := erlang.MMnM{Servers: n, Load: a, AHT: 180, Patience: 90}.Solve()
		add(name, p, d, 9/180., 270,
			exact{"sl_offered", c.SLOffered(20)}, exact{"abandonment", c.PAbandon()}, exact{"asa", c.ASA()}, exact{"wait_all", c.WaitAll()}, exact{"occupancy", c.Occupancy()})
	}
	for _, a := range []float64{0.4, 0.8} {
		p, d := workload.MMn(1, a/100, law(traffic.Deterministic(100)), traffic.Never(), 0)
		c := erlang.MD1{Load: a, ServiceTime: 100}
		add(fmt.Sprintf("M/D/1 a=%g", a), p, d, a/100, 100/((1-a)*(1-a)),
			exact{"asa", c.ASA()}, exact{"sl_offered", c.SLOffered(60)}, exact{"p_wait", c.PWait()})
		ms[len(ms)-1].plan.Name = "awt=60"
	}
	return ms
}

// twoSkills is two queues of 4.5 erlangs and two teams of five.
func twoSkills(pooled bool) (*realcore.Plan, *traffic.Demand) {
	p, d := mmn(5, 4.5, 180, law(traffic.Exponential(90)))
	q, e := mmn(5, 4.5, 180, law(traffic.Exponential(90)))
	other := q.Groups[0]
	other.Name, other.Serves = "others", []realcore.Serve{{Class: 1}}
	p.Groups = append(p.Groups, other)
	for i := range q.Agents {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprintf("others-%d", i+1), Group: 1})
		d.Staff = append(d.Staff, traffic.Shift{Agent: realcore.AgentID(5 + i), To: realcore.Never})
	}
	p.Queues = append(p.Queues, realcore.Queue{Name: "other", Calendar: realcore.None, Classes: []realcore.ClassID{1}})
	p.Classes = append(p.Classes, realcore.Class{Name: "other", Queue: 1, Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 1, Weight: 1}}}}}})
	p.Nodes = append(p.Nodes, realcore.Node{Name: "other", Kind: realcore.QueueNode, Queue: 1})
	p.Entries = append(p.Entries, realcore.Entry{Name: "other", Trunk: realcore.None, Start: 1})
	if pooled {
		for c := range p.Classes {
			p.Classes[c].Pools[0].Ranks = [][]realcore.Share{{{Group: 0, Weight: 1}, {Group: 1, Weight: 1}}}
			p.Groups[c].Serves = []realcore.Serve{{Class: 0}, {Class: 1}}
		}
	}
	src := e.Sources[0]
	src.Name, src.Arrivals.Name, src.Entry = "other", "other", 1
	d.Sources = append(d.Sources, src)
	return p, d
}

// nanIfZero marks a wait that cannot happen (no waiting room), where a relative
// half-width means nothing.
func nanIfZero(x float64) float64 {
	if x == 0 {
		return math.NaN()
	}
	return x
}

func awt(m *model) time.Duration {
	if m.plan.Name == "awt=60" {
		return time.Minute
	}
	return 20 * time.Second
}

// play runs one model in steady state: 400 batches, each long against the time
// in which the queue forgets and with the calls that the wanted precision needs.
func play(t *testing.T, m *model, calls float64) *sim.Result {
	length := max(calls/400/m.rate, 10*m.relax)
	batch := time.Duration(length * 1e9)
	r, err := sim.RunSteady(m.plan, m.demand, sim.Steady{WarmUp: 2 * batch, Batch: batch, Batches: 400},
		sim.Config{Seed: 20261125, Level: level, Measure: measure.Config{AWT: []time.Duration{awt(m)}}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// limits are how wide an interval may be at level 1 - 1e-6: part of the value,
// and points for fractions. The soak run asks for more than a test has time for.
var soak = flag.Bool("soak", false, "compare with theory at 2 % and 0.3 points instead of 5 % and 1 point")

func limit(e exact) float64 {
	rel, points := 0.05, 0.01
	if *soak {
		rel, points = 0.02, 0.003
	}
	if measure.Find(e.id).Unit == measure.Fraction {
		return points
	}
	return rel * e.want
}

// enough returns how many calls the model needs for all its limits, judged by
// a pilot run of its own.
func enough(t *testing.T, m *model) float64 {
	const pilot = 200_000
	r := play(t, m, pilot)
	need := 1.0
	for _, e := range m.exact {
		if math.IsNaN(e.want) {
			continue
		}
		half := r.Estimate(measure.Find(e.id), measure.All, measure.All, nil).Half()
		need = max(need, half*half/(limit(e)*limit(e)))
	}
	// The pilot's batches may be longer than its calls ask for: see play.
	length := max(pilot/400/m.rate, 10*m.relax)
	return need * 1.5 * length * 400 * m.rate
}

// Every cell must cover the exact value at level 1 - 1e-6 with an interval of
// at most 5 % of it, or 1 point for fractions.
func TestSimulatedAgainstExact(t *testing.T) {
	cells := 0
	for _, m := range models() {
		t.Run(m.name, func(t *testing.T) {
			r := play(t, &m, enough(t, &m))
			for _, e := range m.exact {
				if math.IsNaN(e.want) {
					continue
				}
				cells++
				checkCell(t, r, e)
			}
		})
	}
	if cells < 40 {
		t.Errorf("%d cells compared, want at least 40", cells)
	}
	t.Logf("%d cells", cells)
}

func checkCell(t *testing.T, r *sim.Result, e exact) {
	t.Helper()
	def := measure.Find(e.id)
	got := r.Estimate(def, measure.All, measure.All, nil)
	if got.Kind != output.Confidence || e.want < got.Low || e.want > got.High {
		t.Errorf("%s = %.6g (%.6g to %.6g), exact %.6g is outside", e.id, got.Value, got.Low, got.High, e.want)
	}
	if got.Half() > limit(e) {
		t.Errorf("%s: half-width %.3g at level 1-1e-6, want at most %.3g", e.id, got.Half(), limit(e))
	}
}

// A service rate 3 % too high must be rejected, or the test above proves little.
func TestPlantedErrorIsRejected(t *testing.T) {
	p, d := workload.MMn(100, 20.0/60, law(traffic.Exponential(300/1.03)), law(traffic.Exponential(120)), 0)
	m := model{plan: p, demand: d, rate: 20.0 / 60, relax: 420}
	r := play(t, &m, 800_000)
	c := erlang.MMnM{Servers: 100, Load: 100, AHT: 300, Patience: 120}.Solve()
	got := r.Estimate(measure.Find("sl_offered"), measure.All, measure.All, nil)
	if c.SLOffered(20) > got.Low && c.SLOffered(20) < got.High {
		t.Errorf("sl_offered %.5g (%.5g to %.5g) with a wrong service rate covers the exact %.5g", got.Value, got.Low, got.High, c.SLOffered(20))
	}
}
