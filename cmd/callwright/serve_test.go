package main

import (
	"bytes"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callwright/cti"
	"callwright/realcore"
	"callwright/realcore/journal"
	"callwright/realcore/live"
	"callwright/scenarios"
	"callwright/site"
)

// Recordings that are too old are deleted; prompts and whatever else lies beside them are
// not, however old.
func TestDeleteOld(t *testing.T) {
	dir := t.TempDir()
	old, fresh := strings.Repeat("0a", 16)+".wav", strings.Repeat("0b", 16)+".wav"
	if err := os.Mkdir(filepath.Join(dir, "prompts"), 0o700); err != nil {
		t.Fatal(err)
	}
	names := []string{old, fresh, "welcome.wav", "index.jsonl", "prompts/" + old}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if at := time.Now().AddDate(-1, 0, 0); name != fresh {
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	log := slog.New(slog.DiscardHandler)
	if err := deleteOld(dir, time.Now().AddDate(0, 0, -30), log); err != nil {
		t.Error(err)
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != (name != old) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := deleteOld(filepath.Join(dir, "nowhere"), time.Now(), log); err == nil {
		t.Error("a folder that cannot be read is no mistake")
	}
}

// flaky fails the second write, in the middle of its line.
type flaky struct {
	bytes.Buffer
	n int
}

func (f *flaky) Write(b []byte) (int, error) {
	if f.n++; f.n == 2 {
		f.Buffer.Write(b[:4])
		return 4, errors.New("disk full")
	}
	return f.Buffer.Write(b)
}

func (f *flaky) Close() error { return nil }

// A line that could not be written costs no other.
func TestLines(t *testing.T) {
	var f flaky
	var log bytes.Buffer
	l := &lines{make(chan any, 10), make(chan struct{})}
	go l.write(&f, slog.New(slog.NewTextHandler(&log, nil)))
	for _, x := range []int{1111111, 2222222, 3333333} {
		if !l.add(x) {
			t.Error("no room")
		}
	}
	l.close()
	if got, want := f.String(), "1111111\n2222\n3333333\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if s := log.String(); !strings.Contains(s, "lines are missing from now on") || !strings.Contains(s, "missing=1") {
		t.Error(s)
	}
}

// What site init shows as the dispositions is what pages have without any.
func TestDispositionsOfInit(t *testing.T) {
	text, _, err := site.Create(rand.NewChaCha8([32]byte{}), "day", site.Known{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := site.Parse("site.yaml", bytes.NewReader(bytes.Replace(text, []byte("\n#dispositions:"), []byte("\ndispositions:"), 1)))
	if err != nil || !slices.Equal(f.Site.Dispositions, cti.DefaultDispositions) {
		t.Errorf("%v: %q, want %q", err, f.Site.Dispositions, cti.DefaultDispositions)
	}
	for _, name := range cti.Languages() {
		if _, err := site.Parse("site.yaml", strings.NewReader("callwright-site: 1\nhttp: {language: "+name+"}\n")); err != nil {
			t.Error(err)
		}
	}
}

// A fast clock begins at the time of day and runs ahead; opening hours end the sooner, and
// that is told a week before.
func TestFastClock(t *testing.T) {
	epoch := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	now := epoch.Add(33 * time.Hour)
	for _, speed := range []int{1, 5} {
		x := &serving{speed: speed}
		var cfg live.Config
		x.clock(&cfg, epoch, now)
		if at := cfg.Start.Add(time.Duration(speed) * now.Sub(cfg.Anchor)); at != realcore.Instant(33*time.Hour) {
			t.Errorf("speed %d begins at %v", speed, at)
		}
	}
	k := &scenarios.Scenario{Plan: &realcore.Plan{Epoch: epoch.Format(time.RFC3339), Calendars: []realcore.Calendar{{Name: "day"}}}}
	for _, c := range []struct {
		speed int
		now   time.Time
		warns bool
	}{{1, now, false}, {1, epoch.AddDate(0, 0, scenarios.LiveDays-6), true}, {50, now, false}, {60, now, true}} {
		if got := (&serving{speed: c.speed}).horizon(k, c.now); (len(got) > 0) != c.warns {
			t.Errorf("speed %d on %v: %q", c.speed, c.now, got)
		}
	}
	k.Plan.Calendars = nil
	if got := (&serving{speed: 1000}).horizon(k, now); got != nil {
		t.Errorf("without hours: %q", got)
	}
}

// A journal that a fast clock has left far ahead is continued there, where opening hours
// may be nearly over.
func TestHorizonOfJournal(t *testing.T) {
	x := &serving{data: t.TempDir(), speed: 1}
	begin := time.Now().AddDate(0, 0, -1)
	k, err := openScenarioFor("night-overflow", scenarios.Date{Year: begin.Year(), Month: begin.Month(), Day: begin.Day()})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	j, err := journal.NewWriter(&b, k.Plan)
	if err != nil {
		t.Fatal(err)
	}
	late := realcore.OfAgent(realcore.AgentLogout, 0)
	if err := j.Event(realcore.Instant((scenarios.LiveDays-3)*24*time.Hour), &late); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		journal []byte
		warns   bool
	}{{nil, false}, {b.Bytes(), true}} {
		if err := os.WriteFile(x.path("journal"), c.journal, 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		host, err := x.open(k, &lateDoor{}, nil, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), "opening hours are known until"); got != c.warns {
			t.Errorf("warned: %v, want %v: %s", got, c.warns, &log)
		}
		if err := host.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Telephones that are nobody's are told of too.
func TestUsersTold(t *testing.T) {
	const hash = "00112233445566778899aabbccddeeff"
	f, err := site.Parse("site.yaml", strings.NewReader("callwright-site: 1\npeople:\n  ann: {agent: a1, extension: 1, sip: {user: u1, md5: "+hash+"}}\n"+
		"devices:\n  door: {extension: 2, sip: {user: u2, md5: "+hash+"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	tellUsers(&b, &f.Site)
	if s := b.String(); !strings.Contains(s, "u1") || !strings.Contains(s, "(a1)") || !strings.Contains(s, "u2") || !strings.Contains(s, "door (no agent)") {
		t.Error(s)
	}
}
