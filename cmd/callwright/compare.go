package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/sim/beside"
	"callwright/sim/output"
)

func newCompareCmd() *cobra.Command {
	o, log := &options{}, &measuredLog{}
	c := &cobra.Command{
		Use:   "compare SCENARIO [SCENARIO]",
		Short: "Say why formulas, simulation and log differ; or what changes from one scenario to another",
		Long: "With one scenario, compare climbs the bridge from Erlang C to the simulation, and to what was\n" +
			"measured if a log is given: each rung relaxes one assumption, with the same callers.\n" +
			"With two, it simulates both with the same callers and prints what changes.",
		Example: "  callwright compare mine.yaml\n" +
			"  callwright compare bank-month --measured january.csv.gz\n" +
			"  callwright compare today.yaml with-callback.yaml --reps 200",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if err := log.check(c, len(args)); err != nil {
				return err
			}
			if err := apart(append(args, log.file), o.out.html); err != nil {
				return err
			}
			a, err := openCentre(args[0])
			if err != nil {
				return err
			}
			o.overrule(c, a)
			if len(args) == 1 {
				s, err := o.gap(c.Context(), a, log)
				if err != nil {
					return err
				}
				return o.out.show(c.OutOrStdout(), s, report.TextOptions{NoIntervals: true})
			}
			b, err := openCentre(args[1])
			if err != nil {
				return err
			}
			o.overrule(c, b)
			d, err := o.difference(c.Context(), a, b)
			if err != nil {
				return err
			}
			return o.out.difference(c.OutOrStdout(), d)
		},
	}
	o.flags(c)
	log.flags(c)
	_ = c.Flags().MarkHidden("journal") // of sim: a comparison is no run
	return c
}

// gap simulates the centre, sets a log beside it if there is one, and builds
// the bridge.
func (o *options) gap(ctx context.Context, k *centre, log *measuredLog) (*beside.Study, error) {
	var daily *output.Sums
	var add func(*beside.Study, *result)
	queue, err := k.queue("--queue", o.queue)
	if err != nil {
		return nil, err
	}
	if log.file != "" {
		t, notes, err := log.read(k)
		if err != nil {
			return nil, err
		}
		daily = beside.ByDay(t, k.rule(queue), queue, k.DayOf)
		add = func(s *beside.Study, r *result) {
			s.AddMeasured(r.Result, t)
			s.Assumptions = append(s.Assumptions, notes...)
		}
	}
	r, err := o.run(ctx, k)
	if err != nil {
		return nil, err
	}
	s := beside.Build(r.Result, k.Demand, k.info())
	if add != nil {
		add(s, r)
	}
	if o.bridge && ctx.Err() == nil {
		err = o.explainGap(r, s, daily)
	}
	return s, err
}

// difference simulates both centres with the callers of one seed.
func (o *options) difference(ctx context.Context, a, b *centre) (*beside.Difference, error) {
	b.Seed = a.Seed
	ra, err := o.run(ctx, a)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted before the second scenario: nothing to compare: %w", errRun)
	}
	same := *o
	same.reps, same.precision = len(ra.Tables), 0
	rb, err := same.run(ctx, b)
	if err != nil {
		return nil, err
	}
	d, err := beside.Compare(ra.Result, rb.Result)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errRun)
	}
	d.Program = "callwright " + version
	d.Shared = append(d.Shared, a.Demand.Common(b.Demand)...)
	if a.Days != b.Days || a.Closing() != b.Closing() {
		d.Warnings = append(d.Warnings, fmt.Sprintf("the two runs do not cover the same stretch: %s is %d days from %s, %s is %d days from %s; counts differ by that too",
			a.Name, a.Days, a.Epoch.Format("15:04"), b.Name, b.Days, b.Epoch.Format("15:04")))
	}
	if a.Name == b.Name { // a scenario and its edited copy
		a.Name, b.Name = a.arg, b.arg
	}
	for _, x := range []struct {
		side *beside.Side
		k    *centre
		r    *result
	}{{&d.A, a, ra}, {&d.B, b, rb}} {
		x.side.Scenario, x.side.Title, x.side.Digest = x.k.Name, x.k.titles(), x.k.Digest
		for _, w := range append(x.k.Warnings, x.r.Warnings...) {
			d.Warnings = append(d.Warnings, x.k.Name+": "+w)
		}
		for _, n := range x.k.assumptions() {
			d.Assumptions = append(d.Assumptions, x.k.Name+": "+n)
		}
	}
	return d, nil
}

// difference writes a comparison as asked.
func (o *printing) difference(w io.Writer, d *beside.Difference) error {
	write := map[string]func() error{
		"text": func() error { return report.DifferenceText(w, d, o.lang) },
		"json": func() error { return report.DifferenceJSON(w, d) },
		"csv":  func() error { return report.DifferenceCSV(w, d) },
	}[o.format]
	if err := write(); err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return o.page(func(f *os.File) error { return report.DifferenceHTML(f, d, o.lang) })
}
