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
	"callwright/traffic"
)

// centre is what is to be simulated: from a scenario file, from the library, or
// from flags.
type centre struct {
	name   string // of the scenario
	arg    string // as the caller named it
	digest string // of the scenario
	title  map[string]string
	plan   *realcore.Plan
	demand *traffic.Demand
	queues []scenarios.QueueInfo // by QueueID

	interval    time.Duration
	epoch       time.Time // civil time of instant 0
	days        int
	opens       []realcore.Instant // of each day: what is simulated
	closes      []realcore.Instant
	seed        uint64
	assumptions []string
	warnings    []string
}

// openCentre reads a scenario: the file of that name if there is one, or else
// the scenario of the library. Its mistakes are the caller's: exit code 2.
func openCentre(arg string) (*centre, error) {
	s, err := openScenario(arg)
	if err != nil {
		return nil, err
	}
	k := &centre{name: s.Name, arg: arg, digest: s.Digest, title: map[string]string{"en": s.Title.En, "ja": s.Title.Ja},
		plan: s.Plan, demand: s.Demand, queues: s.Queues, interval: s.Interval, epoch: s.Epoch, days: s.Days, opens: s.Opens, closes: s.Closes, seed: s.Seed,
		assumptions: append([]string{}, s.Notes...), warnings: append([]string{}, s.Warnings...)}
	for _, a := range s.Assumptions {
		k.assumptions = append(k.assumptions, a.String())
	}
	return k, nil
}

// openScenario reads and compiles the scenario that an argument names: standard
// input for -, a file, or one of the library's.
func openScenario(arg string) (*scenarios.Scenario, error) {
	if arg == "-" {
		return compile("stdin", os.Stdin, nil)
	}
	r, err := os.Open(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !looksLikeFile(arg):
		return ofLibrary(arg)
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
	return compile(arg, r, root.FS())
}

func ofLibrary(name string) (*scenarios.Scenario, error) {
	text, err := scenarios.Text(name)
	if err != nil {
		return nil, fmt.Errorf("no file %q, and %w", name, err)
	}
	return compile(name+".yaml", bytes.NewReader(text), scenarios.Library())
}

func compile(name string, r io.Reader, files fs.FS) (*scenarios.Scenario, error) {
	f, err := scenarios.Parse(name, r)
	if err != nil {
		return nil, &mistakes{err}
	}
	s, err := f.Compile(scenarios.Options{Zone: time.LoadLocation, Files: files})
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
	info := beside.Info{Scenario: k.name, Digest: k.digest, Title: k.title, Program: "callwright " + version,
		Close: k.closing(), Label: k.label, Assumptions: k.assumptions, Warnings: k.warnings}
	if k.days > 1 {
		info.Day = k.day
	}
	for _, q := range k.queues {
		info.Queues = append(info.Queues, beside.QueueInfo{Target: q.Target, Rule: q.Rule})
	}
	return info
}

// closing is when the last day ends; 0 without scenario.
func (k *centre) closing() realcore.Instant {
	if len(k.closes) == 0 {
		return 0
	}
	return k.closes[len(k.closes)-1]
}

// label is the civil time of an interval's beginning.
func (k *centre) label(t realcore.Instant) string {
	at := k.epoch.Add(time.Duration(t))
	if k.days > 1 {
		return at.Format("01-02 15:04")
	}
	return at.Format("15:04")
}

// day returns the number of the day that an instant belongs to: days begin when
// the first one did, so that a night shift is one day.
func (k *centre) day(t realcore.Instant) int {
	at := k.epoch.Add(time.Duration(t))
	y, m, d := k.epoch.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	ay, am, ad := at.Date()
	n := int(time.Date(ay, am, ad, 12, 0, 0, 0, time.UTC).Sub(noon) / (24 * time.Hour))
	if clock(at) < clock(k.epoch) {
		n--
	}
	return n
}

func clock(t time.Time) int { return t.Hour()*3600 + t.Minute()*60 + t.Second() }

// measures is how the centre's records are counted.
func (k *centre) measures() measure.Config {
	cfg := measure.Config{Interval: k.interval, Bins: 181}
	for _, q := range k.queues {
		cfg.AWT, cfg.Tau = append(cfg.AWT, q.AWT), append(cfg.Tau, q.Short)
	}
	return cfg
}

// queue returns the index of a queue by name, measure.All for "".
func (k *centre) queue(flag, name string) (int, error) {
	if name == "" {
		return measure.All, nil
	}
	if q, ok := k.plan.QueueNamed(name); ok {
		return int(q), nil
	}
	var names []string
	for i := range k.plan.Queues {
		names = append(names, k.plan.Queues[i].Name)
	}
	return 0, fmt.Errorf("%s is %q; want one of the queues %s: %w", flag, name, strings.Join(names, ", "), errInput)
}
