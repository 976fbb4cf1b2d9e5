package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/loadreport"
	"callwright/traffic/loadstats"
)

func newLoadReportCmd() *cobra.Command {
	o := &loadOutput{}
	var require []string
	c := &cobra.Command{
		Use:   "report STREAM",
		Short: "Tell a run of load again from its stream, with other thresholds if wanted",
		Example: "  callwright load sip:500@127.0.0.1 --calls 100 --stream run.jsonl\n" +
			"  callwright load report run.jsonl --html run.html --lang ja --require \"p95(setup) < 300ms\"",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if err := apart(args, o.html, o.junit, o.csv, o.out); err != nil {
				return err
			}
			s, err := readStory(args[0])
			if err != nil {
				return err
			}
			if len(require) > 0 {
				s.Run.Thresholds = require
			}
			_, verdict, err := s.Judge(nil)
			if err != nil {
				return fmt.Errorf("--require: %w: %w", err, errInput)
			}
			return exitWith(verdict.Exit(), o.print(c.OutOrStdout(), s))
		},
	}
	o.reportFlags(c)
	c.Flags().StringArrayVar(&require, "require", nil, "judge by these thresholds instead of the run's own")
	return c
}

// readStory reads a stream from a file, or from standard input for -.
func readStory(name string) (*loadstats.Story, error) {
	f := os.Stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return nil, fmt.Errorf("%w: %w", err, errInput)
		}
		defer f.Close()
	}
	s, err := loadstats.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, err, errInput)
	}
	return s, nil
}

func newLoadDiffCmd() *cobra.Command {
	var lang string
	var level float64
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Set two runs side by side: what changed from build A to build B, with intervals",
		Long: "Diff reads two streams and prints B over A of each delay's quantiles, and B less A of shares, with\n" +
			"intervals. It exits 4 if one of the runs is invalid: its delays are the generator's.",
		Example: "  callwright load diff monday.jsonl tuesday.jsonl",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if !(level > 0 && level < 1) {
				return fmt.Errorf("--level is %v; want a confidence between 0 and 1, as 0.95: %w", level, errInput)
			}
			if lang != "en" && lang != "ja" {
				return fmt.Errorf("--lang is %s; want en or ja: %w", lang, errInput)
			}
			var s [2]*loadstats.Story
			for i, name := range args {
				var err error
				if s[i], err = readStory(name); err != nil {
					return err
				}
			}
			code := 0
			for i := range s {
				if f := s[i].End.Check.Faults(); len(f) > 0 {
					fmt.Fprintf(c.ErrOrStderr(), "%s is INVALID: the generator was the bottleneck (%v)\n", args[i], f)
					code = loadstats.Invalid.Exit()
				}
				if !s[i].Whole {
					fmt.Fprintf(c.ErrOrStderr(), "%s has no end: the run was killed\n", args[i])
				}
			}
			return exitWith(code, loadreport.Diff(c.OutOrStdout(), loadstats.Diff(s[0], s[1], level), lang))
		},
	}
	c.Flags().StringVar(&lang, "lang", "en", "en or ja")
	c.Flags().Float64Var(&level, "level", 0.95, "confidence of the intervals")
	return c
}
