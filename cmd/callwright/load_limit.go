package main

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/loadreport"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload"
)

func newLoadFindLimitCmd() *cobra.Command {
	x := &limitSearch{o: loading{}}
	c := &cobra.Command{
		Use:   "find-limit TARGET",
		Short: "Find the highest rate that the target carries, with its interval",
		Long: "Find-limit tries rates until it knows the knee: the highest that keeps the thresholds and the\n" +
			"lowest that does not. It climbs by half, bisects, and tries both ends again, three times unless two agree.\n" +
			"A rate at which this generator is the bottleneck ends the climb, and is said to be its own.",
		Example: "  callwright load find-limit sip:500@127.0.0.1 --from 5 --to 200 --require \"failed < 0.5% at 95%\"\n" +
			"  callwright load find-limit sip:500@127.0.0.1 --to 400 --require \"p99(srd) < 500ms\" --sound none --talk 1s",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return x.run(c, args[0]) },
	}
	x.o.who.flags(c)
	x.o.wire.flags(c)
	x.o.judge.flags(c)
	f := c.Flags()
	for _, name := range []string{"rate", "steps", "ramp", "users", "pause", "scenario", "speed", "begin", "dial", "for", "calls"} {
		_ = f.MarkHidden(name)
	}
	f.Float64Var(&x.from, "from", 1, "first rate in calls/s")
	f.Float64Var(&x.to, "to", 0, "highest rate in calls/s")
	f.Float64Var(&x.precision, "precision", 0.02, "how near both ends must be, as a part of the rate")
	f.DurationVar(&x.step, "step", 10*time.Second, "shortest time at a rate; longer where a threshold with \"at\" needs more calls")
	f.StringVar(&x.lang, "lang", "en", "en or ja")
	return c
}

type limitSearch struct {
	o                   loading
	from, to, precision float64
	step                time.Duration
	lang                string
}

func (x *limitSearch) run(c *cobra.Command, target string) error {
	s := &loadstats.Search{From: x.from, To: x.to, Precision: x.precision}
	if err := s.Validate(); err != nil {
		return fmt.Errorf("--from, --to, --precision: %w: %w", err, errInput)
	}
	if x.lang != "en" && x.lang != "ja" {
		return fmt.Errorf("--lang is %s; want en or ja: %w", x.lang, errInput)
	}
	if len(x.o.judge.require) == 0 {
		x.o.judge.require = []string{"failed < 0.5% at 95%"}
		if x.o.who.register {
			x.o.judge.require = []string{"ira < 0.5% at 95%"}
		}
	}
	for rate, ok := s.Next(); ok; rate, ok = s.Next() {
		t, line, err := x.try(c, target, rate)
		if err != nil {
			return err
		}
		s.Told(t)
		fmt.Fprintln(c.ErrOrStderr(), line)
		if c.Context().Err() != nil {
			break
		}
	}
	k := s.Knee()
	code := 0
	if k.Generator {
		code = loadstats.Invalid.Exit()
	} else if k.Low == 0 {
		code = loadstats.Breached.Exit()
	}
	if c.Context().Err() != nil {
		code = loadstats.Interrupted.Exit()
	}
	return exitWith(code, loadreport.Knee(c.OutOrStdout(), k, x.lang))
}

// try has the target called at a rate.
func (x *limitSearch) try(c *cobra.Command, target string, rate float64) (loadstats.Trial, string, error) {
	var t loadstats.Trial
	x.o.who.rate = fmt.Sprint(rate)
	x.o.who.calls = int64(math.Ceil(rate * x.step.Seconds()))
	thresholds, err := loadstats.ParseThresholds(x.o.judge.require)
	if err != nil {
		return t, "", fmt.Errorf("--require: %w: %w", err, errInput)
	}
	for i := range thresholds {
		x.o.who.calls = max(x.o.who.calls, thresholds[i].Enough())
	}
	cfg, _, err := x.o.config(c.Context(), target)
	if err != nil {
		return t, "", err
	}
	defer cfg.close()
	t, end, total, err := sipload.Try(c.Context(), cfg.Config, rate)
	if err != nil {
		return t, "", fmt.Errorf("%w: %w", err, errRun)
	}
	word := "carried"
	switch {
	case !t.Valid:
		word = fmt.Sprintf("invalid %v", end.Check.Faults())
	case !t.Passed:
		word = "not carried"
	}
	if total.Registrations > 0 {
		return t, fmt.Sprintf("%8.4g registrations/s: %s (%d of %d failed, p95 of RRD %.3g ms)", rate, word, total.Unregistered, total.Registrations, 1000*total.Quantile(loadstats.RRD, 0.95)), nil
	}
	return t, fmt.Sprintf("%8.4g calls/s: %s (%d of %d calls failed, p95 of set-up %.3g ms)", rate, word, total.Failed, total.Ended, 1000*total.Quantile(loadstats.SetUp, 0.95)), nil
}
