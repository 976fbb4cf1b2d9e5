package main

import (
	"github.com/spf13/cobra"

	"callwright/sim/workload"
)

func newDemoCmd() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:     "demo",
		Short:   "Show the main job on a built-in mail-order centre, and write an HTML report",
		Example: "  callwright demo\n  callwright demo --lang ja --html demo.html",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if o.out.html == "" {
				o.out.html = "callwright-demo.html"
			}
			p, d := workload.MailOrder()
			s, err := o.simulate(c.Context(), p, d, map[string]string{"en": "A mail-order day", "ja": "通販センターの一日"})
			if err != nil {
				return err
			}
			s.Assumptions = append([]string{"the demo's centre and all its figures are invented"}, s.Assumptions...)
			return o.out.print(c.OutOrStdout(), s)
		},
	}
	o.flags(c)
	return c
}
