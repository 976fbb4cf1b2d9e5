package main

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"callwright/scenarios"
	"callwright/sim/workload"
	"callwright/traffic"
)

func newSimCmd() *cobra.Command {
	o, one := &options{}, &oneQueue{}
	c := &cobra.Command{
		Use:   "sim [SCENARIO]",
		Short: "Simulate a centre and set the answers beside Erlang C and A",
		Long: "Sim plays a scenario file, a scenario of the library, or a centre of one queue given by\n" +
			"flags, and sets what came out beside the formulas, for every queue and interval.",
		Example: "  callwright sim mine.yaml --html mine.html\n" +
			"  callwright sim tv-spike --reps 200 --lang ja\n" +
			"  callwright sim --calls-per-hour 120 --aht 300s --agents 12 --patience 120s\n" +
			"  callwright sim mine.yaml --precision 0.005 --format json | callwright report -",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if err := apart(args, o.out.html, o.journal); err != nil {
				return err
			}
			k, err := one.orScenario(c, args)
			if err != nil {
				return err
			}
			o.overrule(c, k)
			s, err := o.simulate(c.Context(), k)
			if err != nil {
				return err
			}
			return o.out.print(c.OutOrStdout(), s)
		},
	}
	f := c.Flags()
	f.IntVar(&one.agents, "agents", 10, "without a scenario: agents on duty")
	f.Float64Var(&one.perHour, "calls-per-hour", 100, "without a scenario: expected calls an hour")
	f.DurationVar(&one.aht, "aht", 300*time.Second, "without a scenario: mean handle time, exponential")
	f.DurationVar(&one.patience, "patience", 0, "without a scenario: mean patience, exponential; 0: nobody hangs up")
	f.Float64Var(&one.hours, "hours", 8, "without a scenario: length of the day")
	o.flags(c)
	return c
}

// oneQueue is a centre of one queue given by flags.
type oneQueue struct {
	agents        int
	perHour       float64
	aht, patience time.Duration
	hours         float64
}

var oneQueueFlags = []string{"agents", "calls-per-hour", "aht", "patience", "hours"}

// orScenario opens the scenario that is named, or makes the centre of the flags.
func (x *oneQueue) orScenario(c *cobra.Command, args []string) (*centre, error) {
	if len(args) == 0 {
		return x.centre()
	}
	for _, name := range oneQueueFlags {
		if c.Flags().Changed(name) {
			return nil, fmt.Errorf("--%s describes a centre without a scenario, and %s is one; change it in the file: %w", name, args[0], errInput)
		}
	}
	return openCentre(args[0])
}

func (x *oneQueue) centre() (*centre, error) {
	talk, patience, err := x.laws()
	if err != nil {
		return nil, err
	}
	p, d := workload.MMn(x.agents, x.perHour/3600, talk, patience, 0)
	rate, err := traffic.Steps([]float64{0}, []float64{x.perHour / 3600}, x.hours*3600)
	if err != nil {
		return nil, fmt.Errorf("--calls-per-hour and --hours: %w: %w", err, errInput)
	}
	d.Sources[0].Arrivals.Rate = rate
	k := &centre{Scenario: &scenarios.Scenario{Name: p.Name, Plan: p, Demand: d, Interval: 30 * time.Minute, Days: 1, Seed: 1,
		Notes: []string{"the centre was given by flags: constant rate, exponential handle time and patience, no forecast error"}}}
	if k.Epoch, err = time.Parse(time.RFC3339, p.Epoch); err != nil {
		k.Epoch = time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC)
	}
	for i := range p.Queues {
		k.Queues = append(k.Queues, scenarios.Usual(p.Queues[i].Name))
	}
	return k, nil
}

func (x *oneQueue) laws() (talk, patience traffic.Law, err error) {
	switch {
	case x.agents < 1 || x.agents > 10_000:
		return talk, patience, fmt.Errorf("--agents is %d; want 1 to 10,000: %w", x.agents, errInput)
	case !(x.perHour > 0) || math.IsInf(x.perHour, 1) || x.perHour > 1e6:
		return talk, patience, fmt.Errorf("--calls-per-hour is %v; want a positive number up to a million: %w", x.perHour, errInput)
	case !(x.hours > 0) || x.hours > 24*31:
		return talk, patience, fmt.Errorf("--hours is %v; want a positive number up to 744: %w", x.hours, errInput)
	case x.patience < 0:
		return talk, patience, fmt.Errorf("--patience is %v; want no negative time: %w", x.patience, errInput)
	}
	if talk, err = traffic.Exponential(x.aht.Seconds()); err != nil {
		return talk, patience, fmt.Errorf("--aht: %w: %w", err, errInput)
	}
	patience = traffic.Never()
	if x.patience > 0 {
		patience, err = traffic.Exponential(x.patience.Seconds())
	}
	return talk, patience, err
}
