package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
)

func newMeasureCmd() *cobra.Command {
	var awt, tau time.Duration
	var zone, lang, format string
	var columns []string
	c := &cobra.Command{
		Use:   "measure LOG.csv",
		Short: "Measure a call log: columns guessed and shown, gzip and Shift_JIS understood",
		Example: "  callwright measure calls.csv --awt 20s --zone Asia/Tokyo\n" +
			"  callwright measure calls.csv.gz --column wait=待ち時間 --format json\n  zcat calls.csv.gz | callwright measure -",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := (&printing{format: format, lang: lang}).check(); err != nil {
				return err
			}
			if format == "csv" {
				return fmt.Errorf("--format is %q; measure writes text or json: %w", format, errInput)
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
			if format == "json" {
				m.remarks(c.ErrOrStderr())
				return m.json(c.OutOrStdout())
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
	f.StringVar(&format, "format", "text", "text or json")
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
	opt     calllog.Options
	open    func() (io.ReadCloser, error)
	cfg     measure.Config
	reasons []calllog.Reason
	sum     calllog.Summary
	cell    measure.Cell
}

func (m *measuring) run() error {
	names := calllog.NewNames(calllog.ByAny)
	var err error
	if m.sum, err = m.pass(names.Add, &m.reasons); err != nil {
		return err
	}
	epoch := calllog.Midnight(m.sum.First)
	t := measure.NewTable(names.Plan(m.opt.Name, epoch), m.cfg)
	if _, err := m.pass(calllog.NewRecorder(names, epoch, t).Add, nil); err != nil {
		return err
	}
	m.cell = t.Cell(measure.All, measure.All, nil)
	return nil
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
	return nil
}

// remarks says what became of every row.
func (m *measuring) remarks(w io.Writer) {
	fmt.Fprintf(w, "%d rows, %d used, %s to %s\n", m.sum.Rows, m.sum.Used, m.sum.First.Format(time.DateTime), m.sum.Last.Format(time.DateTime))
	for _, t := range m.sum.Ignored {
		fmt.Fprintf(w, "ignored: %s, %d rows, first row %d\n", t.What, t.Rows, t.First)
	}
	for _, t := range m.sum.Suspicious {
		fmt.Fprintf(w, "odd but used: %s, %d rows, first row %d\n", t.What, t.Rows, t.First)
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
	type one struct {
		Definition measure.ID   `json:"definition"`
		Unit       measure.Unit `json:"unit"`
		Value      *float64     `json:"value"`
		Low        *float64     `json:"low"`
		High       *float64     `json:"high"`
		Kind       string       `json:"interval"`
	}
	var all []one
	for _, def := range measure.Definitions() {
		x := one{Definition: def.ID, Unit: def.Unit, Kind: "none"} // a count of what was: no interval
		if v, ok := def.Value(&m.cell); ok {
			x.Value = &v
		}
		all = append(all, x)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"log": m.opt.Name, "awt_s": m.cfg.AWT[0].Seconds(), "measures": all})
}
