package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
)

func newReportCmd() *cobra.Command {
	o := &printing{}
	c := &cobra.Command{
		Use:     "report STUDY.json",
		Short:   "Turn the JSON of a run into tables or an HTML report",
		Example: "  callwright report run.json --html run.html\n  callwright demo --format json | callwright report - --lang ja",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			var in io.Reader = os.Stdin
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				in = f
			}
			s, err := report.Read(in)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return o.print(c.OutOrStdout(), s)
		},
	}
	o.flags(c)
	return c
}
