package sim

import (
	"fmt"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/measure"
	"callwright/sim/output"
	"callwright/sim/world"
	"callwright/traffic"
)

// Config says how often to run, and what to count. The zero value of a field
// is its default.
type Config struct {
	Seed    uint64
	Reps    int     // replications: default 100
	Level   float64 // of all intervals: default 0.95
	Workers int     // default 1; the result is the same for any number
	Measure measure.Config

	// Precision, if positive, goes on beyond Reps until the half-width of Until's
	// interval over the whole run is at most this part of its value, or MaxReps.
	Precision float64
	Until     measure.ID // default sl_offered
	Queue     string     // which queue's; "" for all together
	MaxReps   int        // default 10,000

	Progress func(done, of int) // called from one goroutine at a time
	Stopped  func() bool        // polled by every worker; the whole replications done so far are the result
}

func (c Config) withDefaults() Config {
	if c.Reps <= 0 {
		c.Reps = 100
	}
	if c.Level == 0 {
		c.Level = 0.95
	}
	if c.Workers <= 0 {
		c.Workers = 1
	}
	if c.Until == "" {
		c.Until = "sl_offered"
	}
	if c.MaxReps == 0 {
		c.MaxReps = 10_000
	}
	if c.Stopped == nil {
		c.Stopped = func() bool { return false }
	}
	if c.Progress == nil {
		c.Progress = func(int, int) {}
	}
	return c
}

// Result is what replications counted, in order of their number.
type Result struct {
	Plan    *realcore.Plan
	Config  Config
	Tables  []*measure.Table
	Ends    []realcore.Instant
	Events  int64 // stepped over all replications
	Refused int64 // of these, came too late or did not apply: normal

	Stuck int64 // contacts still there when a run was cut that should have drained

	Interrupted bool
	Warnings    []string
}

// Run plays replications 0 to Reps-1 (or more, see Config.Precision) of demand
// against the plan.
func Run(plan *realcore.Plan, demand *traffic.Demand, cfg Config) (*Result, error) {
	cfg = cfg.withDefaults()
	if err := plan.Validate(); err != nil {
		return nil, err
	}
	def := measure.Find(cfg.Until)
	if def == nil {
		return nil, fmt.Errorf("sim: no measure %q to stop at", cfg.Until)
	}
	if _, ok := plan.QueueNamed(cfg.Queue); !ok && cfg.Queue != "" {
		return nil, fmt.Errorf("sim: plan %s has no queue %q to stop at", plan.Name, cfg.Queue)
	}
	r := &Result{Plan: plan, Config: cfg}
	for want := cfg.Reps; ; {
		if err := r.extend(demand, want); err != nil {
			return nil, err
		}
		if r.Interrupted || cfg.Precision <= 0 || want >= cfg.MaxReps || r.precise(def) {
			break
		}
		want = min(cfg.MaxReps, want+max(want/2, 10))
	}
	r.warn(def)
	return r, nil
}

// Asked is the queue that the run is about: that of Config.Queue, measure.All for
// "".
func (r *Result) Asked() int {
	if r.Config.Queue == "" {
		return measure.All
	}
	q, _ := r.Plan.QueueNamed(r.Config.Queue)
	return int(q)
}

func (r *Result) precise(def *measure.Definition) bool {
	e := r.Estimate(def, measure.All, r.Asked(), nil)
	return e.Kind == output.Confidence && e.Half() <= r.Config.Precision*e.Value
}

// extend runs the replications that are missing up to want.
func (r *Result) extend(demand *traffic.Demand, want int) error {
	first := len(r.Tables)
	runs, interrupted, err := parallel(r.Config.Workers, first, want, r.Config, func(rep int) (run, error) {
		return runOnce(r.Plan, demand, r.Config, uint32(rep))
	})
	if err != nil {
		return err
	}
	for _, x := range runs {
		r.Tables, r.Ends = append(r.Tables, x.table), append(r.Ends, x.end)
		r.Events, r.Refused, r.Stuck = r.Events+x.events, r.Refused+x.refused, r.Stuck+int64(x.stuck)
	}
	r.Interrupted = interrupted
	return nil
}

type run struct {
	table           *measure.Table
	end             realcore.Instant
	events, refused int64
	stuck           int
}

func runOnce(plan *realcore.Plan, demand *traffic.Demand, cfg Config, rep uint32) (run, error) {
	w, err := world.New(plan, demand, cfg.Seed, rep)
	if err != nil {
		return run{}, err
	}
	t := measure.NewTable(plan, cfg.Measure)
	w.Fold, w.Stopped = cdr.NewFold(t), cfg.Stopped
	end, err := w.Run()
	return run{t, end, w.Events, w.Refused, w.Stuck()}, err
}

// Sums returns a measure's sums, replication by replication, for a queue (or
// measure.All) in an interval (or measure.All). Agents' time is that of groups.
func (r *Result) Sums(def *measure.Definition, interval, queue int, groups []realcore.GroupID) *output.Sums {
	s := &output.Sums{}
	for _, t := range r.Tables {
		c := t.Cell(interval, queue, groups)
		s.Add(def.Of(&c))
	}
	return s
}

// Estimate returns a measure with its confidence interval over replications.
func (r *Result) Estimate(def *measure.Definition, interval, queue int, groups []realcore.GroupID) output.Estimate {
	return r.Sums(def, interval, queue, groups).Ratio(r.Config.Level)
}

// Meets returns how likely a day meets a target: the proportion of replications
// whose own value is at least target, with Wilson's interval.
func (r *Result) Meets(def *measure.Definition, queue int, target float64) output.Estimate {
	v := r.Sums(def, measure.All, queue, nil).Each()
	k := 0
	for _, x := range v {
		if x >= target {
			k++
		}
	}
	return output.Wilson(k, len(v), r.Config.Level)
}

// warn collects what a reader of the numbers must know.
func (r *Result) warn(def *measure.Definition) {
	if r.Interrupted {
		r.Warnings = append(r.Warnings, fmt.Sprintf("interrupted: %d replications are counted", len(r.Tables)))
	}
	if r.Stuck > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d contacts had not left a day after the end, or never could: the plan goes in circles, or nobody serves them; they count as still waiting", r.Stuck))
	}
	if len(r.Tables) < 20 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d replications: intervals are wide and rest on normality", len(r.Tables)))
	}
	if r.Config.Precision > 0 && !r.Interrupted && !r.precise(def) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: the wanted precision of %g %% is not reached after %d replications", def.ID, 100*r.Config.Precision, len(r.Tables)))
	}
	var all measure.Cell
	for _, t := range r.Tables {
		c := t.Cell(measure.All, measure.All, nil)
		all.Counts.Add(&c.Counts)
	}
	if n := float64(all.Counts.Offered) / float64(max(len(r.Tables), 1)); n < 30 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%.3g contacts a run: one more or less moves a service level by points", n))
	}
}

// Steady is one long run: what is counted after WarmUp is cut into Batches of
// length Batch, whose sums take the place of replications. Batches must be long
// against the time in which the queue forgets; Result.Config.Measure.From and
// Interval are set from these.
type Steady struct {
	WarmUp  time.Duration
	Batch   time.Duration
	Batches int
}

// RunSteady plays one long run and returns a Result whose replications are its
// batches. demand must go on for at least WarmUp + Batches x Batch; it is
// stopped there.
func RunSteady(plan *realcore.Plan, demand *traffic.Demand, st Steady, cfg Config) (*Result, error) {
	cfg = cfg.withDefaults()
	d := *demand
	stop := realcore.Instant(st.WarmUp) + realcore.Instant(st.Batches)*realcore.Instant(st.Batch)
	d.Stop, d.End, d.Calls = stop, stop, 0
	cfg.Measure.From = realcore.Instant(st.WarmUp)
	cfg.Measure.Interval, cfg.Measure.Period = st.Batch, 0
	x, err := runOnce(plan, &d, cfg, 0)
	if err != nil {
		return nil, err
	}
	r := &Result{Plan: plan, Config: cfg, Events: x.events, Refused: x.refused}
	first := int(st.WarmUp / st.Batch)
	if st.WarmUp%st.Batch != 0 {
		first++
	}
	for i := first; i < x.table.Intervals() && len(r.Tables) < st.Batches; i++ {
		r.Tables = append(r.Tables, x.table.Slice(i))
		r.Ends = append(r.Ends, realcore.Instant(i+1)*realcore.Instant(st.Batch))
	}
	return r, nil
}
