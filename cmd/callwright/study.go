package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/beside"
	"callwright/sim/bridge"
	"callwright/traffic"
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
	journal   string
	out       output
}

// output are the flags of commands that print a study.
type output struct {
	format string
	lang   string
	html   string
}

func (o *options) flags(c *cobra.Command) {
	f := c.Flags()
	f.Uint64Var(&o.seed, "seed", 1, "seed of all chance: the same seed meets the same callers")
	f.IntVar(&o.reps, "reps", 100, "replications of the day")
	f.Float64Var(&o.precision, "precision", 0, "go on until the service level's interval is at most this part of it to either side, e.g. 0.01")
	f.DurationVar(&o.awt, "awt", 20*time.Second, "acceptable wait of the service level")
	f.Float64Var(&o.target, "target", 0.8, "wanted service level, a fraction")
	f.StringVar(&o.rule, "rule", "sl_offered", "which service level (see callwright definitions)")
	f.DurationVar(&o.interval, "interval", 30*time.Minute, "reporting interval")
	f.BoolVar(&o.bridge, "bridge", true, "say which assumption makes which part of the difference")
	f.StringVar(&o.journal, "journal", "", "record the first replication in this file, for callwright replay")
	o.out.flags(c)
}

func (o *output) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "text, json or csv")
	f.StringVar(&o.lang, "lang", "en", "en or ja")
	f.StringVar(&o.html, "html", "", "also write an HTML report to this file")
}

func (o *output) check() error {
	if o.format != "text" && o.format != "json" && o.format != "csv" {
		return fmt.Errorf("--format is %q; want text, json or csv: %w", o.format, errInput)
	}
	if o.lang != "en" && o.lang != "ja" {
		return fmt.Errorf("--lang is %q; want en or ja: %w", o.lang, errInput)
	}
	return nil
}

func (o *options) check() error {
	if err := o.out.check(); err != nil {
		return err
	}
	switch {
	case o.target < 0 || o.target >= 1:
		return fmt.Errorf("--target is %v; want a fraction in [0, 1), not a percentage: %w", o.target, errInput)
	case o.reps < 1:
		return fmt.Errorf("--reps is %d; want at least 1: %w", o.reps, errInput)
	case o.interval < time.Minute:
		return fmt.Errorf("--interval is %v; want at least 1m: %w", o.interval, errInput)
	case o.awt < 0:
		return fmt.Errorf("--awt is %v; want no negative time: %w", o.awt, errInput)
	}
	switch o.rule {
	case "sl_offered", "sl_answered", "sl_exclude_within", "sl_count_within":
		return nil
	}
	return fmt.Errorf("--rule is %q; want sl_offered, sl_answered, sl_exclude_within or sl_count_within: %w", o.rule, errInput)
}

// simulate runs the day and sets the answers side by side.
func (o *options) simulate(ctx context.Context, p *realcore.Plan, d *traffic.Demand, title map[string]string) (*beside.Study, error) {
	cfg := sim.Config{Seed: o.seed, Reps: o.reps, Precision: o.precision, Until: measure.ID(o.rule), Workers: runtime.NumCPU(),
		Measure: measure.Config{Interval: o.interval, Bins: 181, AWT: []time.Duration{o.awt}},
		Stopped: func() bool { return ctx.Err() != nil }, Progress: progress("days")}
	if o.journal != "" {
		if err := record(o.journal, p, d, o.seed); err != nil {
			return nil, err
		}
	}
	r, err := sim.Run(p, d, cfg)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errRun)
	}
	if len(r.Tables) == 0 {
		return nil, fmt.Errorf("interrupted before the first day was done: %w", errRun)
	}
	info := beside.Info{Scenario: p.Name, Title: title, Program: "callwright " + version}
	for range p.Queues {
		info.Queues = append(info.Queues, beside.QueueInfo{Target: o.target, Rule: measure.ID(o.rule)})
	}
	if at, err := time.Parse(time.RFC3339, p.Epoch); err == nil {
		info.Label = func(t realcore.Instant) string { return at.Add(time.Duration(t)).Format("15:04") }
	}
	s := beside.Build(r, d, info)
	if o.bridge && ctx.Err() == nil {
		cfg.Reps, cfg.Precision = len(r.Tables), 0
		cfg.Progress = progress("bridge")
		b, err := bridge.Build(bridge.Question{Plan: p, Demand: d, Config: cfg, Rule: measure.ID(o.rule)})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", err, errRun)
		}
		s.Bridge = b.Rungs
		s.Assumptions = append(s.Assumptions, b.Notes...)
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

// print writes a study as asked.
func (o *output) print(w io.Writer, s *beside.Study) error {
	var err error
	switch o.format {
	case "json":
		err = report.JSON(w, s)
	case "csv":
		err = report.CSV(w, s)
	default:
		err = report.Text(w, s, o.lang, report.TextOptions{})
	}
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	if o.html == "" {
		return nil
	}
	f, err := os.Create(o.html)
	if err != nil {
		return err
	}
	if err := report.HTML(f, s, o.lang); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w: %w", o.html, err, errRun)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	fmt.Fprintln(os.Stderr, "report:", o.html)
	return nil
}
