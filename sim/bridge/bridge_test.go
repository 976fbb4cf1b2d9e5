package bridge_test

import (
	"math"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/bridge"
	"callwright/sim/workload"
	"callwright/traffic"
)

func law(l traffic.Law, err error) traffic.Law {
	if err != nil {
		panic(err)
	}
	return l
}

func exponential(mean float64) traffic.Law { return law(traffic.Exponential(mean)) }

// plain is a day that Erlang A describes well: a constant rate over eight
// hours, exponential laws, an exact forecast; and so patient that Erlang C
// does too.
func plain(n int, load float64, talk, patience traffic.Law) (*realcore.Plan, *traffic.Demand) {
	p, d := workload.MMn(n, load/talk.Mean(), talk, patience, 0)
	rate, err := traffic.Steps([]float64{0}, []float64{load / talk.Mean()}, 8*3600)
	if err != nil {
		panic(err)
	}
	d.Sources[0].Arrivals.Rate = rate
	return p, d
}

// One cause is planted at a time. Its rung must be the largest, and what the
// bridge cannot explain of days of another seed must be nothing.
func TestPlantedCauseComesFirst(t *testing.T) {
	for _, c := range []struct {
		cause  string
		centre func() (*realcore.Plan, *traffic.Demand)
	}{
		{"erlang_a", func() (*realcore.Plan, *traffic.Demand) { return plain(10, 9.5, exponential(180), exponential(120)) }},
		{"time_varying", func() (*realcore.Plan, *traffic.Demand) {
			p, d := plain(12, 8, exponential(180), exponential(3000))
			rate, err := traffic.Steps([]float64{0, 3600, 4500}, []float64{8. / 180, 22. / 180, 8. / 180}, 8*3600)
			if err != nil {
				panic(err)
			}
			d.Sources[0].Arrivals.Rate = rate
			return p, d
		}},
		{"handle_time", func() (*realcore.Plan, *traffic.Demand) {
			return plain(12, 9.5, law(traffic.Hyperexponential(0.9, 60, 1260)), exponential(20000))
		}},
		{"patience", func() (*realcore.Plan, *traffic.Demand) {
			return plain(10, 10.5, exponential(180), law(traffic.Balking(0.7, exponential(2000))))
		}},
		{"routing", func() (*realcore.Plan, *traffic.Demand) {
			p, d := plain(13, 9, exponential(180), exponential(20000))
			p.Groups[0].RONAPenalty = time.Minute
			d.Teams = []traffic.Team{{Ring: law(traffic.Deterministic(12)), Miss: 0.1}}
			return p, d
		}},
		{"demand", func() (*realcore.Plan, *traffic.Demand) {
			p, d := plain(13, 9, exponential(180), exponential(20000))
			d.Sources[0].Arrivals.Uncertainty = traffic.Uncertainty{DayCV: 0.35}
			return p, d
		}},
	} {
		t.Run(c.cause, func(t *testing.T) {
			p, d := c.centre()
			cfg := sim.Config{Seed: 1, Reps: 300, Workers: 2, Measure: measure.Config{Interval: 30 * time.Minute}}
			other := cfg
			other.Seed = 2
			days, err := sim.Run(p, d, other)
			if err != nil {
				t.Fatal(err)
			}
			b, err := bridge.Build(bridge.Question{Plan: p, Demand: d, Config: cfg,
				Measured: days.Sums(measure.Find("sl_offered"), measure.All, measure.All, nil)})
			if err != nil {
				t.Fatal(err)
			}
			sum := b.First
			for _, r := range b.Rungs {
				t.Logf("%-12s %.4f change %+.4f", r.ID, *r.Value.Value, *r.Change.Value)
				sum += *r.Change.Value
			}
			if math.Abs(sum-b.Last) > 1e-12 {
				t.Errorf("the rungs add up to %v, not to %v", sum, b.Last)
			}
			if got := largest(b); got != c.cause {
				t.Errorf("the largest rung is %s, planted was %s", got, c.cause)
			}
			rest := b.Rungs[len(b.Rungs)-1].Change
			if rest.Low == nil || *rest.Low > 0 || *rest.High < 0 {
				t.Errorf("unexplained %+v does not cover 0", *rest.Value)
			}
		})
	}
}

// largest is the rung with the largest change, the unexplained one left out.
func largest(b *bridge.Bridge) string {
	best := 1
	for i, r := range b.Rungs {
		if i > 0 && r.ID != "measured" && math.Abs(*r.Change.Value) > math.Abs(*b.Rungs[best].Change.Value) {
			best = i
		}
	}
	return b.Rungs[best].ID
}

// A rung whose assumption the centre does not use changes nothing, whatever else
// it has: busy lines and calling again belong to the rung of routing, a stream
// that never hangs up leaves Erlang A an Erlang A, and the formulas know the rule
// of the service level.
func TestUnusedAssumptionsChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		rule   measure.ID
		tau    time.Duration
		centre func() (*realcore.Plan, *traffic.Demand)
	}{
		{"busy lines and redials", "sl_offered", 0, func() (*realcore.Plan, *traffic.Demand) {
			p, d := plain(8, 9, exponential(180), exponential(120))
			p.Trunks = []realcore.Trunk{{Name: "lines", Lines: 10}}
			p.Entries[0].Trunk = 0
			d.Sources[0].Redial = traffic.Redial{AfterAbandon: 0.5, AfterBusy: 0.8, Delay: exponential(60), MaxAttempts: 5}
			return p, d
		}},
		{"some never hang up", "sl_offered", 0, func() (*realcore.Plan, *traffic.Demand) {
			p, d := plain(9, 9, exponential(180), exponential(60))
			more := d.Sources[0]
			more.Name, more.Arrivals.Name = "patient", "patient"
			more.Arrivals.Rate = more.Arrivals.Rate.Scaled(0.01)
			more.Callers = []traffic.Callers{{Talk: exponential(180), Patience: traffic.Never()}}
			d.Sources = append(d.Sources, more)
			return p, d
		}},
		{"short abandons left out", "sl_exclude_short", 15 * time.Second, func() (*realcore.Plan, *traffic.Demand) {
			return plain(8, 9, exponential(180), exponential(30))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, d := c.centre()
			cfg := sim.Config{Seed: 1, Reps: 150, Workers: 2, Measure: measure.Config{Interval: 30 * time.Minute, Tau: []time.Duration{c.tau}}}
			b, err := bridge.Build(bridge.Question{Plan: p, Demand: d, Config: cfg, Rule: c.rule})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range b.Rungs {
				t.Logf("%-12s %.4f change %+.4f", r.ID, *r.Value.Value, *r.Change.Value)
				// A point and a half: a day's start from empty and its noise, over 150 days.
				if r.ID != "erlang_c" && r.ID != "erlang_a" && r.ID != "routing" && math.Abs(*r.Change.Value) > 0.015 {
					t.Errorf("%s changes %+.4f and is not used", r.ID, *r.Change.Value)
				}
			}
		})
	}
}

// A bridge asked about one queue is about that one, and refuses a name nobody has.
func TestAskedQueue(t *testing.T) {
	p, d := plain(9, 9, exponential(180), exponential(60))
	cfg := sim.Config{Seed: 1, Reps: 10, Measure: measure.Config{Interval: 30 * time.Minute}}
	q := bridge.Question{Plan: p, Demand: d, Config: cfg}
	all, err := bridge.Build(q)
	if err != nil {
		t.Fatal(err)
	}
	q.Config.Queue = p.Queues[0].Name
	one, err := bridge.Build(q)
	if err != nil || one.First != all.First || one.Last != all.Last {
		t.Errorf("the only queue is %v to %v (%v), all of it %v to %v", one.First, one.Last, err, all.First, all.Last)
	}
	q.Config.Queue = "nobody"
	if b, err := bridge.Build(q); err == nil {
		t.Errorf("a queue nobody has gets a bridge: %+v", b)
	}
}
