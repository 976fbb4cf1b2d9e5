package main

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"callwright/sim/workload"
	"callwright/traffic"
)

// centre is a centre of one queue given by flags. Whole scenario files are to
// come.
type centre struct {
	agents        int
	perHour       float64
	aht, patience time.Duration
	hours         float64
}

func newSimCmd() *cobra.Command {
	o, k := &options{}, &centre{}
	c := &cobra.Command{
		Use:   "sim",
		Short: "Simulate a centre of one queue and set it beside Erlang C and A",
		Example: "  callwright sim --calls-per-hour 120 --aht 300s --agents 12 --patience 120s\n" +
			"  callwright sim --calls-per-hour 120 --aht 300s --agents 12 --format json | callwright report -",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			talk, patience, err := k.laws()
			if err != nil {
				return err
			}
			p, d := workload.MMn(k.agents, k.perHour/3600, talk, patience, 0)
			rate, err := traffic.Steps([]float64{0}, []float64{k.perHour / 3600}, k.hours*3600)
			if err != nil {
				return fmt.Errorf("--calls-per-hour and --hours: %w: %w", err, errInput)
			}
			d.Sources[0].Arrivals.Rate = rate
			s, err := o.simulate(c.Context(), p, d, nil)
			if err != nil {
				return err
			}
			return o.out.print(c.OutOrStdout(), s)
		},
	}
	f := c.Flags()
	f.IntVar(&k.agents, "agents", 10, "agents on duty")
	f.Float64Var(&k.perHour, "calls-per-hour", 100, "expected calls an hour")
	f.DurationVar(&k.aht, "aht", 300*time.Second, "mean handle time, exponential")
	f.DurationVar(&k.patience, "patience", 0, "mean patience, exponential; 0: nobody hangs up")
	f.Float64Var(&k.hours, "hours", 8, "length of the day")
	o.flags(c)
	return c
}

func (k *centre) laws() (talk, patience traffic.Law, err error) {
	switch {
	case k.agents < 1 || k.agents > 10_000:
		return talk, patience, fmt.Errorf("--agents is %d; want 1 to 10,000: %w", k.agents, errInput)
	case !(k.perHour > 0) || math.IsInf(k.perHour, 1) || k.perHour > 1e6:
		return talk, patience, fmt.Errorf("--calls-per-hour is %v; want a positive number up to a million: %w", k.perHour, errInput)
	case !(k.hours > 0) || k.hours > 24*31:
		return talk, patience, fmt.Errorf("--hours is %v; want a positive number up to 744: %w", k.hours, errInput)
	case k.patience < 0:
		return talk, patience, fmt.Errorf("--patience is %v; want no negative time: %w", k.patience, errInput)
	}
	if talk, err = traffic.Exponential(k.aht.Seconds()); err != nil {
		return talk, patience, fmt.Errorf("--aht: %w: %w", err, errInput)
	}
	patience = traffic.Never()
	if k.patience > 0 {
		patience, err = traffic.Exponential(k.patience.Seconds())
	}
	return talk, patience, err
}
