package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/scenarios"
)

func newScenarioCmd() *cobra.Command {
	c := &cobra.Command{
		Use:     "scenario",
		Short:   "List and show the scenarios that come with the program, check a file, print the schema",
		Example: "  callwright scenario list\n  callwright scenario show small-reception > mine.yaml\n  callwright scenario check mine.yaml\n  callwright scenario schema > callwright.schema.json",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newScenarioListCmd(), newScenarioShowCmd(), newScenarioCheckCmd(), newScenarioSchemaCmd())
	return c
}

func newScenarioListCmd() *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use: "list", Short: "Name the scenarios of the library", Example: "  callwright scenario list --lang ja", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := (&printing{format: "text", lang: lang}).check(); err != nil {
				return err
			}
			for _, name := range scenarios.List() {
				s, err := openScenario(name)
				if err != nil {
					return err
				}
				title := s.Title.En
				if lang == "ja" {
					title = s.Title.Ja
				}
				fmt.Fprintf(c.OutOrStdout(), "%-18s %s\n", name, title)
			}
			return nil
		},
	}
	c.Flags().StringVar(&lang, "lang", "en", "en or ja")
	return c
}

func newScenarioShowCmd() *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Print a scenario of the library, comments and all: a place to start from",
		Example: "  callwright scenario show tv-spike > mine.yaml", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := scenarios.Text(args[0])
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
}

func newScenarioSchemaCmd() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the scenario file, for editors",
		Example: "  callwright scenario schema > callwright.schema.json\n  # first line of a scenario, for editors with the YAML language server:\n  # yaml-language-server: $schema=callwright.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(append(scenarios.Schema(), '\n'))
			return err
		},
	}
}

func newScenarioCheckCmd() *cobra.Command {
	return &cobra.Command{
		Use: "check FILE...", Short: "Check scenario files: every mistake with file, line, column and remedy",
		Example: "  callwright scenario check mine.yaml", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var errs []error
			for _, arg := range args {
				s, err := openScenario(arg)
				if err != nil {
					errs = append(errs, err)
					continue
				}
				summary(c, arg, s)
			}
			return errors.Join(errs...)
		},
	}
}

// summary says what the file was understood to mean.
func summary(c *cobra.Command, arg string, s *scenarios.Scenario) {
	w := c.OutOrStdout()
	fmt.Fprintf(w, "%s: %s, digest %s\n", report.Clean(arg), report.Clean(s.Title.En), s.Digest)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	for _, q := range s.Queues {
		t.AppendRow(table.Row{"queue", q.Name, fmt.Sprintf("%g %% within %v by %s", 100*q.Target, q.AWT, q.Rule)})
	}
	agents := make([]int, len(s.Plan.Groups))
	for i := range s.Plan.Agents {
		agents[s.Plan.Agents[i].Group]++
	}
	for g, n := range agents {
		t.AppendRow(table.Row{"group", s.Plan.Groups[g].Name, fmt.Sprintf("%d agents at most", n)})
	}
	for i := range s.Demand.Sources {
		t.AppendRow(table.Row{"calls", s.Demand.Sources[i].Name, fmt.Sprintf("%.6g expected over %d day(s)", s.Demand.Sources[i].Arrivals.Rate.Total(), s.Days)})
	}
	for line := range strings.Lines(t.Render()) {
		fmt.Fprintln(w, report.Clean(strings.TrimRight(line, " \n")))
	}
	for _, a := range s.Assumptions {
		fmt.Fprintln(w, "assumed:", report.Clean(a.String()))
	}
	for _, x := range s.Warnings {
		fmt.Fprintln(w, "warning:", report.Clean(x))
	}
}
