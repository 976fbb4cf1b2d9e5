package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"callwright/cmd/internal/report"
	"callwright/realcore/cdr/calllog"
	"callwright/scenarios"
	"callwright/traffic/fit"
)

func newFitCmd() *cobra.Command {
	x := &fitting{}
	c := &cobra.Command{
		Use:   "fit LOG",
		Short: "Estimate a centre from its call log or interval report, and write the scenario",
		Long: "Fit reads a call log (or an interval report: calls, and the handle time if it says so) and\n" +
			"estimates day shapes, scatter of volumes, handle time, patience and who was on duty, with\n" +
			"intervals and goodness of fit. --out writes a scenario for other days, which sim plays and\n" +
			"compare judges against the log of those days.",
		Example: "  callwright fit calls.csv --zone Asia/Tokyo --out fitted.yaml\n" +
			"  callwright fit january.csv.gz --to 1999-01-20 --for 1999-01-21..1999-01-31 --tier-credit 2=90s --out next.yaml --html fit.html\n" +
			"  callwright fit report.csv --intervals --aht 240s --for 2027-04-01..2027-04-30 --out april.yaml",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			x.file = args[0]
			x.changed = c.Flags().Changed
			if err := x.check(); err != nil {
				return err
			}
			f, err := x.fit(c.ErrOrStderr())
			if err != nil {
				return err
			}
			for _, s := range f.Model.Warnings() {
				fmt.Fprintln(c.ErrOrStderr(), "warning:", s)
			}
			if err := x.write(f); err != nil {
				return err
			}
			return x.print(c.OutOrStdout(), f)
		},
	}
	f := c.Flags()
	f.StringVar(&x.from, "from", "", "first day to learn from, as 2026-04-01; default: the log's first")
	f.StringVar(&x.to, "to", "", "last day to learn from; default: the log's last")
	f.StringVar(&x.days, "for", "", "days of the scenario, FIRST..LAST; default: as many days as were learnt from, after them")
	f.StringVar(&x.zone, "zone", "UTC", "time zone of the log's clock, and of the scenario")
	f.StringArrayVar(&x.columns, "column", nil, "role=column, where the guess is wrong")
	f.BoolVar(&x.intervals, "intervals", false, "the file is an interval report; default: told from its columns")
	f.DurationVar(&x.opt.Gap, "gap", 15*time.Minute, "an agent without a call for longer was not on duty")
	f.StringVar(&x.blank, "blank", "assign", "services without an agent's name: assign to who was on duty and free, or leave-out")
	f.StringVar(&x.spread, "spread", "latest", "duty of a future day: that of the latest fitted days with its day of the week (latest), or their mean")
	f.StringArrayVar(&x.credits, "tier-credit", nil, "PRIORITY=CREDIT: calls of that priority begin with so much waiting time, as 2=90s or 2=gold:90s")
	f.StringSliceVar(&x.holidays, "holiday", nil, "days that do not count towards their day of the week")
	f.DurationVar(&x.opt.AHT, "aht", 0, "handle time, where an interval report does not say it")
	f.StringVar(&x.out, "out", "", "write the scenario to this file")
	f.StringVar(&x.name, "name", "", "name of the scenario; default: that of the file")
	f.StringVar(&x.titleEn, "title", "", "title of the scenario in English")
	f.StringVar(&x.titleJa, "title-ja", "", "title of the scenario in Japanese")
	f.StringArrayVar(&x.notes, "note", nil, "a note for the scenario, as where the log comes from")
	x.printing.flags(c)
	f.Lookup("format").Usage = "text or json"
	return c
}

// fitting is one call of the command.
type fitting struct {
	printing
	file                     string
	from, to, days, zone     string
	columns, credits, notes  []string
	holidays                 []string
	intervals                bool
	blank, spread            string
	out, name                string
	titleEn, titleJa, source string
	loc                      *time.Location
	opt                      fit.Options
	forecast                 fit.Forecast
	changed                  func(flag string) bool
}

// check reads the flags.
func (x *fitting) check() error {
	if x.format != "text" && x.format != "json" {
		return fmt.Errorf("--format is %q; want text or json: %w", x.format, errInput)
	}
	if err := x.printing.check(); err != nil {
		return err
	}
	if err := apart([]string{x.file}, x.out, x.html); err != nil {
		return err
	}
	var err error
	if x.loc, err = time.LoadLocation(x.zone); err != nil || x.zone == "Local" || x.zone == "" {
		return fmt.Errorf("--zone is %q; want an IANA name such as Asia/Tokyo: %w", x.zone, errInput)
	}
	switch {
	case x.opt.Gap < time.Minute || x.opt.Gap > 24*time.Hour:
		return fmt.Errorf("--gap is %v; want 1m to 24h, as 15m: %w", x.opt.Gap, errInput)
	case x.opt.AHT < 0:
		return fmt.Errorf("--aht is %v; want no negative time: %w", x.opt.AHT, errInput)
	case x.blank != "assign" && x.blank != "leave-out":
		return fmt.Errorf("--blank is %q; want assign or leave-out: %w", x.blank, errInput)
	case x.spread != "latest" && x.spread != "mean":
		return fmt.Errorf("--spread is %q; want latest or mean: %w", x.spread, errInput)
	}
	x.opt.LeaveOut = x.blank == "leave-out"
	if x.spread == "mean" {
		x.opt.Spread = fit.Mean
	}
	if x.opt.From, err = x.day("--from", x.from); err != nil {
		return err
	}
	if x.opt.To, err = x.day("--to", x.to); err != nil {
		return err
	}
	if !x.opt.From.IsZero() && !x.opt.To.IsZero() && x.opt.To.Before(x.opt.From) {
		return fmt.Errorf("--to is %s, before --from, %s; want it on or after: %w", x.to, x.from, errInput)
	}
	for _, h := range x.holidays {
		at, err := x.day("--holiday", h)
		if err != nil {
			return err
		}
		x.opt.Holidays = append(x.opt.Holidays, at)
	}
	for _, s := range x.credits {
		if err := x.credit(s); err != nil {
			return err
		}
	}
	return x.future()
}

func (x *fitting) day(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, s, x.loc)
	if err != nil {
		return at, fmt.Errorf("%s is %q; want a date, as 2026-04-01: %w", flag, s, errInput)
	}
	return at, nil
}

// credit reads PRIORITY=CREDIT or PRIORITY=NAME:CREDIT.
func (x *fitting) credit(s string) error {
	priority, rest, ok := strings.Cut(s, "=")
	name, length, named := strings.Cut(rest, ":")
	if !named {
		name, length = "high", rest
		if len(x.opt.Credits) > 0 {
			name = "tier-" + priority
		}
	}
	if len(name) > 20 || strings.IndexFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" _-", r)
	}) >= 0 {
		return fmt.Errorf("--tier-credit is %q, and names the tier %q; want up to 20 letters, digits, spaces, - and _: %w", s, name, errInput)
	}
	for _, c := range x.opt.Credits {
		if c.Priority == priority || c.Name == name {
			return fmt.Errorf("--tier-credit is %q, and priority %s has the name %s already; want each priority and each name once: %w", s, c.Priority, c.Name, errInput)
		}
	}
	d, err := time.ParseDuration(length)
	if !ok || priority == "" || name == "" || name == "normal" || err != nil || d <= 0 {
		return fmt.Errorf("--tier-credit is %q; want PRIORITY=CREDIT or PRIORITY=NAME:CREDIT, as 2=90s or 2=gold:90s: %w", s, errInput)
	}
	x.opt.Credits = append(x.opt.Credits, fit.Credit{Priority: priority, Name: name, Credit: d})
	return nil
}

// future reads --for.
func (x *fitting) future() error {
	if x.days == "" {
		return nil
	}
	a, b, ok := strings.Cut(x.days, "..")
	if !ok {
		b = a
	}
	first, err1 := x.day("--for", a)
	last, err2 := x.day("--for", b)
	if err1 != nil || err2 != nil || a == "" || b == "" {
		return fmt.Errorf("--for is %q; want FIRST..LAST, as 2026-05-01..2026-05-31: %w", x.days, errInput)
	}
	n := int(last.Sub(first).Hours()+12)/24 + 1
	if last.Before(first) || n > 4000 {
		return fmt.Errorf("--for is %q, %d days; want 1 to 4,000 days, the first before the last: %w", x.days, n, errInput)
	}
	x.forecast.First, x.forecast.Days = first, n
	return nil
}

// fit reads the file and estimates.
func (x *fitting) fit(notes io.Writer) (*report.Fitting, error) {
	open, err := opener(x.file)
	if err != nil {
		return nil, err
	}
	h := fit.NewHistory(x.opt)
	kind := calllog.CallLog
	opt := calllog.Options{Name: x.file, Zone: x.loc, Columns: x.columns}
	if x.intervals || isReport(open, opt) {
		kind = calllog.IntervalReport
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f, err := calllog.Open(r, kind, opt)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errInput)
	}
	for _, reason := range f.Reasons() {
		fmt.Fprintln(notes, reason)
	}
	said, err := x.gather(f, kind, h)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, errInput)
	}
	if err := x.idle(kind, h); err != nil {
		return nil, err
	}
	m, err := h.Fit()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", x.file, err, errInput)
	}
	for _, d := range x.opt.Holidays {
		if d.Before(m.From) || d.After(m.To) {
			return nil, fmt.Errorf("--holiday is %s, and the days learnt from are %s to %s; want one of these: %w",
				d.Format(time.DateOnly), m.From.Format(time.DateOnly), m.To.Format(time.DateOnly), errInput)
		}
	}
	x.source = filepath.Base(x.file)
	return &report.Fitting{Model: m, Source: x.source, Notes: said}, nil
}

// idle refuses flags that would have no effect on such a file.
func (x *fitting) idle(kind calllog.Kind, h *fit.History) error {
	flags, what := []string{"aht"}, "a call log, which says its handle times itself"
	if kind == calllog.IntervalReport {
		flags, what = []string{"gap", "blank", "spread", "tier-credit"}, "an interval report, which says nothing about agents and priorities"
	}
	for _, f := range flags {
		if x.changed(f) {
			return fmt.Errorf("--%s has no effect on %s, %s; want it left out: %w", f, x.file, what, errInput)
		}
	}
	seen := h.Priorities()
	for _, c := range x.opt.Credits {
		if len(seen) > 0 && !slices.Contains(seen, c.Priority) {
			return fmt.Errorf("--tier-credit is for priority %q, and no call learnt from has it; want one of %q: %w", c.Priority, seen[:min(len(seen), 20)], errInput)
		}
	}
	return nil
}

// isReport tells an interval report from a call log by whether its columns can be
// understood as one and not as the other.
func isReport(open func() (io.ReadCloser, error), opt calllog.Options) bool {
	can := func(k calllog.Kind) bool {
		r, err := open()
		if err != nil {
			return false
		}
		defer r.Close()
		_, err = calllog.Open(r, k, opt)
		return err == nil
	}
	return !can(calllog.CallLog) && can(calllog.IntervalReport)
}

// gather hands everything in the file to h, and says what became of its rows.
func (x *fitting) gather(f *calllog.File, kind calllog.Kind, h *fit.History) (said []string, err error) {
	if kind == calllog.IntervalReport {
		list, sum, err := f.Intervals()
		if err != nil {
			return nil, err
		}
		return sum.Remarks(), h.AddIntervals(list, sum.Length)
	}
	sum, err := f.Calls(h.Add)
	if err != nil {
		return nil, err
	}
	return sum.Remarks(), nil
}

// write writes the scenario, if a file is named.
func (x *fitting) write(f *report.Fitting) error {
	if x.out == "" {
		return nil
	}
	c := x.forecast
	if c.Days == 0 {
		c.First = f.Model.To.AddDate(0, 0, 1)
		c.Days = len(f.Model.Arrivals.Days)
	}
	c.Name, c.TitleEn, c.TitleJa, c.Source, c.Zone, c.Notes = x.name, x.titleEn, x.titleJa, x.source, x.zone, x.notes
	if c.Name == "" {
		c.Name = strings.TrimSuffix(filepath.Base(x.out), filepath.Ext(x.out))
	}
	text, err := f.Model.Scenario(c)
	switch {
	case errors.Is(err, fit.ErrNoCalls):
		return fmt.Errorf("--for: %w: %w", err, errInput)
	case err != nil:
		return fmt.Errorf("--out: %s: %w: %w", x.file, err, errInput)
	}
	if _, err := compile(x.out, bytes.NewReader(text), nil, scenarios.Date{}); err != nil { // as the other commands will
		return fmt.Errorf("--out: the scenario does not check and is not written; please report this: %w: %w", err, errRun)
	}
	if err := writeWhole(x.out, func(o *os.File) error {
		_, err := o.Write(text)
		return err
	}); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	fmt.Fprintln(os.Stderr, "scenario:", x.out)
	return nil
}

// print shows what was estimated.
func (x *fitting) print(w io.Writer, f *report.Fitting) error {
	var err error
	if x.format == "json" {
		err = report.FitJSON(w, f)
	} else {
		err = report.FitText(w, f, x.lang)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", err, errRun)
	}
	return x.page(func(o *os.File) error { return report.FitHTML(o, f, x.lang) })
}
