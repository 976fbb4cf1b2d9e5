package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"callwright/realcore/measure"
)

func newDefinitionsCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "definitions",
		Short:   "Every measure with its one definition, in English and Japanese",
		Example: "  callwright definitions",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, d := range measure.Definitions() {
				fmt.Fprintf(c.OutOrStdout(), "%s (%s)\n  en  %s = %s\n  ja  %s = %s\n", d.ID, d.Unit, d.En, d.FormulaEn, d.Ja, d.FormulaJa)
			}
			return nil
		},
	}
}
