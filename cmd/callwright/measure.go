package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
	"callwright/sim/beside"
)

func newMeasureCmd() *cobra.Command {
	var awt, tau time.Duration
	var zone, lang, format string
	var columns []string
	c := &cobra.Command{
		Use:   "measure LOG.csv|JOURNAL",
		Short: "Measure a call log, columns guessed and shown, gzip and Shift_JIS understood; or a journal of serve or sim",
		Example: "  callwright measure calls.csv --awt 20s --zone Asia/Tokyo\n" +
			"  callwright measure calls.csv.gz --column wait=待ち時間 --format json\n  callwright measure callwright-data/journal --lang ja\n  zcat calls.csv.gz | callwright measure -",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := (&printing{format: format, lang: lang}).check(); err != nil {
				return err
			}
			loc, err := time.LoadLocation(zone)
			if err != nil {
				return fmt.Errorf("--zone is %q; want an IANA name such as Asia/Tokyo: %w", zone, errInput)
			}
			open, err := opener(args[0])
			if err != nil {
				return err
			}
			m := measuring{opt: calllog.Options{Name: args[0], Zone: loc, Columns: columns}, open: open,
				cfg: measure.Config{AWT: []time.Duration{awt}, Tau: []time.Duration{tau}}}
			if err := m.run(); err != nil {
				return fmt.Errorf("%w", err)
			}
			switch format {
			case "json":
				m.remarks(c.ErrOrStderr())
				return m.json(c.OutOrStdout())
			case "csv":
				m.remarks(c.ErrOrStderr())
				return m.csv(c.OutOrStdout())
			}
			return m.text(c.OutOrStdout(), c.ErrOrStderr(), lang)
		},
	}
	f := c.Flags()
	f.DurationVar(&awt, "awt", 20*time.Second, "acceptable wait, inclusive")
	f.DurationVar(&tau, "tau", 0, "abandons within this are short, inclusive")
	f.StringVar(&zone, "zone", "UTC", "time zone of the log's clock")
	f.StringArrayVar(&columns, "column", nil, "role=column, where the guess is wrong")
	f.StringVar(&lang, "lang", "en", "en or ja")
	f.StringVar(&format, "format", "text", "text, json or csv")
	return c
}

// opener returns how to read the input from its beginning, twice: names come
// before records. Standard input is kept in memory.
func opener(name string) (func() (io.ReadCloser, error), error) {
	if name != "-" {
		return func() (io.ReadCloser, error) { return os.Open(name) }, nil
	}
	b, err := io.ReadAll(os.Stdin)
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }, err
}

type measuring struct {
	opt      calllog.Options
	open     func() (io.ReadCloser, error)
	cfg      measure.Config
	reasons  []calllog.Reason
	sum      calllog.Summary
	replayed string // of a journal: how much it holds
	cell     measure.Cell
	queues   []string // of the log, if it names several
	cells    []measure.Cell
}

func (m *measuring) run() error {
	if is, err := m.isJournal(); is || err != nil {
		return errors.Join(err, m.journal())
	}
	names := calllog.NewNames(calllog.ByAny)
	var err error
	if m.sum, err = m.pass(names.Add, &m.reasons); err != nil {
		return err
	}
	epoch := calllog.Midnight(m.sum.First)
	plan := names.Plan(m.opt.Name, epoch)
	t := measure.NewTable(plan, m.cfg)
	if _, err := m.pass(calllog.NewRecorder(names, epoch, t).Add, nil); err != nil {
		return err
	}
	m.take(t, plan)
	return nil
}

// take reads what a table has counted, and each queue's part if there are several.
func (m *measuring) take(t *measure.Table, plan *realcore.Plan) {
	m.cell = t.Cell(measure.All, measure.All, nil)
	for q := range plan.Queues {
		if len(plan.Queues) > 1 {
			m.queues, m.cells = append(m.queues, plan.Queues[q].Name), append(m.cells, t.Cell(measure.All, q, []realcore.GroupID{}))
		}
	}
}

func (m *measuring) pass(each func(*calllog.Call) error, reasons *[]calllog.Reason) (calllog.Summary, error) {
	r, err := m.open()
	if err != nil {
		return calllog.Summary{}, err
	}
	defer r.Close()
	f, err := calllog.Open(r, calllog.CallLog, m.opt)
	if err != nil {
		return calllog.Summary{}, err
	}
	if reasons != nil {
		*reasons = f.Reasons()
	}
	return f.Calls(each)
}

func (m *measuring) text(w, notes io.Writer, lang string) error {
	for _, r := range m.reasons {
		fmt.Fprintln(notes, r)
	}
	m.remarks(notes)
	for _, def := range measure.Definitions() {
		v, ok := def.Value(&m.cell)
		if !ok {
			continue
		}
		name, formula := def.En, def.FormulaEn
		if lang == "ja" {
			name, formula = def.Ja, def.FormulaJa
		}
		fmt.Fprintf(w, "%12s  %s [%s]: %s\n", human(def.Unit, v), name, def.ID, formula)
	}
	m.byQueue(w, lang)
	return nil
}

// perQueue are the measures of which a log of several queues shows each queue's.
var perQueue = []measure.ID{"offered", "answered", "abandonment", "sl_offered", "asa", "wait_all", "aht"}

func (m *measuring) byQueue(w io.Writer, lang string) {
	if len(m.queues) == 0 {
		return
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format = table.FormatOptions{}
	head := table.Row{"queue"}
	if lang == "ja" {
		head = table.Row{"キュー"}
	}
	for _, id := range perQueue {
		name := measure.Find(id).En
		if lang == "ja" {
			name = measure.Find(id).Ja
		}
		head = append(head, name)
	}
	t.AppendHeader(head)
	for q, name := range m.queues {
		row := table.Row{name}
		for _, id := range perQueue {
			x := "-"
			if v, ok := measure.Find(id).Value(&m.cells[q]); ok {
				x = human(measure.Find(id).Unit, v)
			}
			row = append(row, x)
		}
		t.AppendRow(row)
	}
	fmt.Fprintf(w, "\n%s\n", t.Render())
}

// remarks says what became of every row.
func (m *measuring) remarks(w io.Writer) {
	if m.replayed != "" {
		fmt.Fprintln(w, m.replayed)
		return
	}
	for _, s := range m.sum.Remarks() {
		fmt.Fprintln(w, s)
	}
}

func human(u measure.Unit, v float64) string {
	switch u {
	case measure.Fraction:
		return fmt.Sprintf("%.2f %%", 100*v)
	case measure.Seconds:
		return fmt.Sprintf("%.2f s", v)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.0f", v), ".")
}

func (m *measuring) json(w io.Writer) error {
	type queue struct {
		Name     string           `json:"name"`
		Measures []beside.Measure `json:"measures"`
	}
	queues := []queue{}
	for q, name := range m.queues {
		queues = append(queues, queue{name, counted(&m.cells[q])})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"log": m.opt.Name, "awt_s": m.cfg.AWT[0].Seconds(), "tau_s": m.cfg.Tau[0].Seconds(),
		"rows": m.sum.Rows, "used": m.sum.Used, "measures": counted(&m.cell), "queues": queues})
}

// counted are all measures of a cell, as they were: a count of what was has no
// interval.
func counted(c *measure.Cell) []beside.Measure {
	var all []beside.Measure
	for _, def := range measure.Definitions() {
		x := beside.Measure{Definition: def.ID, Kind: "none"}
		if v, ok := def.Value(c); ok {
			x.Value = &v
		}
		all = append(all, x)
	}
	return all
}

// csv writes one row a queue and measure; the whole log's rows have no queue.
func (m *measuring) csv(w io.Writer) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"queue", "definition", "unit", "value"}}
	add := func(queue string, cell *measure.Cell) {
		for _, def := range measure.Definitions() {
			x := ""
			if v, ok := def.Value(cell); ok {
				x = strconv.FormatFloat(v, 'g', -1, 64)
			}
			rows = append(rows, []string{queue, string(def.ID), string(def.Unit), x})
		}
	}
	add("", &m.cell)
	for q, name := range m.queues {
		add(report.Harmless(name), &m.cells[q])
	}
	return c.WriteAll(rows)
}
