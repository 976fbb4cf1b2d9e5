package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/beside"
	"callwright/sim/bridge"
	"callwright/sim/output"
)

// options are the flags of commands that simulate.
type options struct {
	seed      uint64
	reps      int
	precision float64
	awt       time.Duration
	target    float64
	rule      string
	interval  time.Duration
	bridge    bool
	queue     string
	journal   string
	out       printing
}

// printing are the flags of commands that print a study.
type printing struct {
	format string
	lang   string
	html   string
}

func (o *options) flags(c *cobra.Command) {
	f := c.Flags()
	f.Uint64Var(&o.seed, "seed", 1, "seed of all chance: the same seed meets the same callers; default: the scenario's, or 1")
	f.IntVar(&o.reps, "reps", 100, "replications of the run")
	f.Float64Var(&o.precision, "precision", 0, "go on until the service level's interval is at most this part of it to either side, e.g. 0.01")
	f.DurationVar(&o.awt, "awt", 20*time.Second, "acceptable wait of the service level, of all queues; default: as the scenario says, or 20s")
	f.Float64Var(&o.target, "target", 0.8, "wanted service level, a fraction, of all queues; default: as the scenario says, or 0.8")
	f.StringVar(&o.rule, "rule", "sl_offered", "which service level (see callwright definitions); default: as the scenario says, or sl_offered")
	f.DurationVar(&o.interval, "interval", 30*time.Minute, "reporting interval; default: the scenario's, or 30m")
	f.BoolVar(&o.bridge, "bridge", true, "say which assumption makes which part of the difference")
	f.StringVar(&o.queue, "queue", "", "the queue that the bridge and --precision are about; default: all together")
	f.StringVar(&o.journal, "journal", "", "record the first replication in this file, for callwright replay")
	o.out.flags(c)
}

func (o *printing) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "text, json or csv")
	f.StringVar(&o.lang, "lang", "en", "en or ja")
	f.StringVar(&o.html, "html", "", "also write an HTML report to this file")
}

func (o *printing) check() error {
	if o.format != "text" && o.format != "json" && o.format != "csv" {
		return fmt.Errorf("--format is %q; want text, json or csv: %w", o.format, errInput)
	}
	if o.lang != "en" && o.lang != "ja" {
		return fmt.Errorf("--lang is %q; want en or ja: %w", o.lang, errInput)
	}
	if o.html != "" {
		if st, err := os.Stat(filepath.Dir(o.html)); err != nil || !st.IsDir() {
			return fmt.Errorf("--html is %q; there is no folder %s: %w", o.html, filepath.Dir(o.html), errInput)
		}
	}
	return nil
}

func (o *options) check() error {
	if err := o.out.check(); err != nil {
		return err
	}
	switch {
	case !(o.precision >= 0 && o.precision < 1):
		return fmt.Errorf("--precision is %v; want a fraction in [0, 1), as 0.01: %w", o.precision, errInput)
	case !(o.target >= 0 && o.target < 1):
		return fmt.Errorf("--target is %v; want a fraction in [0, 1), not a percentage: %w", o.target, errInput)
	case o.reps < 1 || o.reps > mostReps:
		return fmt.Errorf("--reps is %d; want 1 to %d: %w", o.reps, mostReps, errInput)
	case o.interval < time.Minute:
		return fmt.Errorf("--interval is %v; want at least 1m: %w", o.interval, errInput)
	case o.awt < 0:
		return fmt.Errorf("--awt is %v; want no negative time: %w", o.awt, errInput)
	}
	if !slices.Contains(rules, o.rule) {
		return fmt.Errorf("--rule is %q; want one of %s: %w", o.rule, strings.Join(rules, ", "), errInput)
	}
	return nil
}

// mostReps keeps what replications counted within memory: some kilobytes each.
const mostReps = 1_000_000

var rules = []string{"sl_offered", "sl_answered", "sl_exclude_within", "sl_exclude_short", "sl_count_within", "sl_attempts"}

// overrule puts what the caller asked for in flags over what the scenario says.
func (o *options) overrule(c *cobra.Command, k *centre) {
	set := c.Flags().Changed
	if set("interval") {
		k.Interval = o.interval
	}
	if set("seed") {
		k.Seed = o.seed
	}
	for q := range k.Queues {
		if set("awt") {
			k.Queues[q].AWT = o.awt
		}
		if set("target") {
			k.Queues[q].Target = o.target
		}
		if set("rule") {
			k.Queues[q].Rule = measure.ID(o.rule)
		}
	}
}

// result is a simulation and what it takes to say more about it.
type result struct {
	*sim.Result
	k   *centre
	cfg sim.Config
}

// run simulates the centre.
func (o *options) run(ctx context.Context, k *centre) (*result, error) {
	queue, err := k.queue("--queue", o.queue)
	if err != nil {
		return nil, err
	}
	cfg := sim.Config{Seed: k.Seed, Reps: o.reps, Precision: o.precision, Until: k.rule(queue), Queue: o.queue, Workers: runtime.NumCPU(),
		Measure: k.measures(), Stopped: func() bool { return ctx.Err() != nil }, Progress: progress("runs")}
	r, err := sim.Run(k.Plan, k.Demand, cfg)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errRun)
	}
	if len(r.Tables) == 0 {
		return nil, fmt.Errorf("interrupted before the first run was done: %w", errRun)
	}
	return &result{r, k, cfg}, nil
}

// rule is the service level of a queue; of all together, that of the first.
func (k *centre) rule(queue int) measure.ID {
	if queue < 0 {
		queue = 0
	}
	if queue < len(k.Queues) {
		return k.Queues[queue].Rule
	}
	return "sl_offered"
}

// explainGap builds the bridge of the asked queue; measured may be nil.
func (o *options) explainGap(r *result, s *beside.Study, measured *output.Sums) error {
	cfg := r.cfg
	cfg.Reps, cfg.Precision, cfg.Progress = len(r.Tables), 0, progress("bridge")
	b, err := bridge.Build(bridge.Question{Plan: r.k.Plan, Demand: r.k.Demand, Config: cfg, Rule: cfg.Until, Measured: measured})
	switch {
	case errors.Is(err, bridge.ErrInterrupted):
		s.Warnings = append(s.Warnings, "interrupted: the bridge is left out")
		return nil
	case err != nil:
		return fmt.Errorf("%w: %w", err, errRun)
	}
	s.Bridge = b.Rungs
	s.Assumptions = append(s.Assumptions, b.Notes...)
	return nil
}

// simulate runs the centre and sets the answers side by side.
func (o *options) simulate(ctx context.Context, k *centre) (*beside.Study, error) {
	if o.journal != "" {
		if err := record(ctx, o.journal, k.Plan, k.Demand, k.Seed); err != nil {
			return nil, err
		}
	}
	r, err := o.run(ctx, k)
	if err != nil {
		return nil, err
	}
	s := beside.Build(r.Result, k.Demand, k.info())
	if o.bridge && ctx.Err() == nil {
		if err := o.explainGap(r, s, nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// progress returns a printer of a line that overwrites itself, to a terminal's
// standard error only.
func progress(what string) func(done, of int) {
	if st, err := os.Stderr.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return func(int, int) {}
	}
	return func(done, of int) {
		fmt.Fprintf(os.Stderr, "\r%s %d/%d", what, done, of)
		if done == of {
			fmt.Fprint(os.Stderr, "\r\033[K")
		}
	}
}

// print writes a study as asked, everything in it.
func (o *printing) print(w io.Writer, s *beside.Study) error {
	return o.show(w, s, report.TextOptions{})
}

// show writes a study as asked.
func (o *printing) show(w io.Writer, s *beside.Study, opt report.TextOptions) error {
	var err error
	switch o.format {
	case "json":
		err = report.JSON(w, s)
	case "csv":
		err = report.CSV(w, s)
	default:
		err = report.Text(w, s, o.lang, opt)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return o.page(func(f *os.File) error { return report.HTML(f, s, o.lang) })
}

// page writes the HTML file, if one is wanted, and names it.
func (o *printing) page(write func(*os.File) error) error {
	if o.html == "" {
		return nil
	}
	if err := writeWhole(o.html, write); err != nil {
		return fmt.Errorf("%s: %w: %w", o.html, err, errRun)
	}
	fmt.Fprintln(os.Stderr, "report:", o.html)
	return nil
}
