package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/scenarios"
	"callwright/sim/beside"
)

// centre is what is to be simulated: from a scenario file, from the library, or
// from flags.
type centre struct {
	*scenarios.Scenario
	arg string // as the caller named it
}

// openCentre reads a scenario: the file of that name if there is one, or else
// the scenario of the library. Its mistakes are the caller's: exit code 2.
func openCentre(arg string) (*centre, error) {
	s, err := openScenario(arg)
	if err != nil {
		return nil, err
	}
	return &centre{s, arg}, nil
}

// assumptions are what the author notes, and defaults that nobody sourced.
func (k *centre) assumptions() []string {
	list := slices.Clone(k.Notes)
	for _, a := range k.Assumptions {
		list = append(list, a.String())
	}
	return list
}

// titles are by language; none without a scenario.
func (k *centre) titles() map[string]string {
	if k.Title == (scenarios.Title{}) {
		return nil
	}
	return map[string]string{"en": k.Title.En, "ja": k.Title.Ja}
}

// openScenario reads and compiles the scenario that an argument names: standard
// input for -, a file, or one of the library's.
func openScenario(arg string) (*scenarios.Scenario, error) {
	return openScenarioFor(arg, scenarios.Date{})
}

// openScenarioFor is openScenario for a live centre that begins on a day; the zero
// Date is none.
func openScenarioFor(arg string, live scenarios.Date) (*scenarios.Scenario, error) {
	if arg == "-" {
		return compile("stdin", os.Stdin, nil, live)
	}
	r, err := os.Open(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !looksLikeFile(arg):
		return ofLibrary(arg, live)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no file %s; callwright scenario list names those of the library: %w", arg, errInput)
	case err != nil:
		return nil, err
	}
	defer r.Close()
	if st, err := r.Stat(); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s is a folder; want a scenario file: %w", arg, errInput)
	}
	root, err := os.OpenRoot(filepath.Dir(arg)) // where its tables lie
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return compile(arg, r, root.FS(), live)
}

func ofLibrary(name string, live scenarios.Date) (*scenarios.Scenario, error) {
	text, err := scenarios.Text(name)
	if err != nil {
		return nil, fmt.Errorf("no file %q, and %w", name, err)
	}
	return compile(name+".yaml", bytes.NewReader(text), scenarios.Library(), live)
}

func compile(name string, r io.Reader, files fs.FS, live scenarios.Date) (*scenarios.Scenario, error) {
	f, err := scenarios.Parse(name, r)
	if err != nil {
		return nil, &mistakes{err}
	}
	s, err := f.Compile(scenarios.Options{Zone: time.LoadLocation, Files: files, Live: live})
	if err != nil {
		return nil, &mistakes{err}
	}
	return s, nil
}

// looksLikeFile tells a file's name from a scenario of the library's.
func looksLikeFile(arg string) bool {
	return strings.ContainsAny(arg, `/\`) || slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(arg))
}

// mistakes are what is wrong in a file, one a line.
type mistakes struct{ error }

func (m *mistakes) Error() string {
	n, all := 1, interface{ Unwrap() []error }(nil)
	if errors.As(m.error, &all) {
		n = len(all.Unwrap())
	}
	if n == 1 {
		return m.error.Error()
	}
	return fmt.Sprintf("%d mistakes:\n%v", n, m.error)
}

func (m *mistakes) Unwrap() error { return m.error }

// info is what a study must know of the centre beyond the plan.
func (k *centre) info() beside.Info {
	info := beside.Info{Scenario: k.Name, Digest: k.Digest, Title: k.titles(), Program: "callwright " + version,
		Close: k.Closing(), Label: k.label, Assumptions: k.assumptions(), Warnings: k.Warnings}
	if k.Days > 1 {
		info.Day = k.DayOf
	}
	for _, q := range k.Queues {
		info.Queues = append(info.Queues, beside.QueueInfo{Target: q.Target, Rule: q.Rule})
	}
	return info
}

// label is the civil time of an interval's beginning.
func (k *centre) label(t realcore.Instant) string {
	at := k.Epoch.Add(time.Duration(t))
	if k.Days > 1 {
		return at.Format("01-02 15:04")
	}
	return at.Format("15:04")
}

// measures is how the centre's records are counted.
func (k *centre) measures() measure.Config {
	cfg := measure.Config{Interval: k.Interval, Bins: 181}
	for _, q := range k.Queues {
		cfg.AWT, cfg.Tau = append(cfg.AWT, q.AWT), append(cfg.Tau, q.Short)
	}
	return cfg
}

// queue returns the index of a queue by name, measure.All for "".
func (k *centre) queue(flag, name string) (int, error) {
	if name == "" {
		return measure.All, nil
	}
	if q, ok := k.Plan.QueueNamed(name); ok {
		return int(q), nil
	}
	var names []string
	for i := range k.Plan.Queues {
		names = append(names, k.Plan.Queues[i].Name)
	}
	return 0, fmt.Errorf("%s is %q; want one of the queues %s: %w", flag, name, strings.Join(names, ", "), errInput)
}
