package main

import (
	"github.com/spf13/cobra"
)

// demoScenario is the scenario of the library that the demo shows.
const demoScenario = "two-teams"

func newDemoCmd() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:     "demo",
		Short:   "Show the main job on a built-in mail-order centre, and write an HTML report",
		Long:    "Demo simulates the library's scenario " + demoScenario + " (see callwright scenario show " + demoScenario + ").",
		Example: "  callwright demo\n  callwright demo --lang ja --html demo.html",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if o.out.html == "" {
				o.out.html = "callwright-demo.html"
			}
			k, err := openCentre(demoScenario)
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
	o.flags(c)
	return c
}
