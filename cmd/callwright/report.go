package main

import (
	"bytes"
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
			if err := apart(args, o.html); err != nil {
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
			text, err := io.ReadAll(in)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			s, err := report.Read(bytes.NewReader(text))
			switch {
			case err != nil && bytes.Contains(text, []byte(`"only_a"`)):
				return fmt.Errorf("%s is a comparison of two scenarios; report shows a single one's study: ask compare itself for --format or --html: %w", args[0], errInput)
			case err != nil:
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return o.print(c.OutOrStdout(), s)
		},
	}
	o.flags(c)
	return c
}
