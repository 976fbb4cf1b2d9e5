package cti

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/live"
)

// What an agent asks for during a call is shown whoever asked: his telephone's codes go by
// the page's server.
func TestWishByTelephone(t *testing.T) {
	c := newCentre(t, nil)
	anna := c.login("anna", "secret-a")
	anna.want(200, "POST", "/api/agents/me/state", m{"state": "ready"})
	page := anna.socket()
	key := c.call("0312345678", 0)
	page.until(at("ringing"))
	c.answer(0)
	page.until(at("talking"))
	c.post(realcore.Event{Kind: realcore.AgentNotReady, Agent: 0, Code: uint8(realcore.ReasonOwn + 1)})
	if v := page.until(func(v *deskView) bool { return v.Wants != nil }); v.Wants.State != "not-ready" || v.Wants.Reason != "training" || v.State != "handling" {
		t.Errorf("wants %+v", v.Wants)
	}
	c.post(realcore.OfAgent(realcore.AgentReady, 0))
	page.until(func(v *deskView) bool { return v.Wants != nil && v.Wants.State == "ready" })
	c.hangUp(key)
	page.until(at("wrap-up"))
	waits := c.call("0398765432", 0) // is offered at once when he is free: no state in between
	c.settle()
	anna.want(200, "POST", "/api/agents/me/wrap-up-done", m{})
	if v := page.until(at("ringing")); v.Wants != nil {
		t.Errorf("still wants %+v", v.Wants)
	}
	c.hangUp(waits)
	page.until(state("ready"))
}

// The first visit of a day counts for that day, though nobody has looked at a board since
// midnight.
func TestFirstVisitOfADay(t *testing.T) {
	c := newCentre(t, nil)
	s := c.server
	s.mu.Lock()
	first := s.today.to + realcore.Instant(9*time.Hour)
	s.mu.Unlock()
	s.Visit(&cdr.Visit{Queue: 0, At: first, End: first.Add(10 * time.Second), Outcome: realcore.Answered, Agent: 0})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.today.turn(s.floor.plan, &s.cfg, first.Add(time.Minute))
	if n := s.today.counts(0); n.Offered != 1 || n.Answered != 1 {
		t.Errorf("counted %+v", n)
	}
}

// flaky is a file that fails when it is told to, in the middle of a line.
type flaky struct {
	*os.File
	fails bool
}

func (f *flaky) Write(b []byte) (int, error) {
	if !f.fails {
		return f.File.Write(b)
	}
	n, _ := f.File.Write(b[:len(b)/2])
	return n, syscall.ENOSPC
}

// A line that was acknowledged can be read, also after one that was not; and after closing
// nothing is acknowledged.
func TestTornLine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lines")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f := &flaky{File: file}
	l := &lines{f: f}
	say := func(text string, want error) {
		t.Helper()
		if err := l.add(m{"say": text}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
	say("one", nil)
	f.fails = true
	say("two", syscall.ENOSPC)
	f.fails = false
	say("three", nil)
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	say("four", fs.ErrClosed)
	b, err := os.ReadFile(name)
	if want := "{\"say\":\"one\"}\n{\"say\":\n{\"say\":\"three\"}\n"; err != nil || string(b) != want {
		t.Errorf("%q, want %q", b, want)
	}
}

// A token that expires while its stream is open shows nothing more.
func TestTokenExpiresInStream(t *testing.T) {
	c := newCentre(t, func(cfg *Config) { cfg.Tokens[0].Expires = time.Now().Add(400 * time.Millisecond) })
	r := c.program().board()
	defer r.Body.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for b := make([]byte, 1<<12); ; {
			if _, err := r.Body.Read(b); err != nil {
				return
			}
		}
	}()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the stream goes on")
	}
}

// A recording that could not be written is told on the wallboard until one is whole again,
// and under its contact for good.
func TestUnrecorded(t *testing.T) {
	c := newCentre(t, nil)
	sue := c.login("sue", "secret-s")
	unrecorded := func() bool { return decode[boardView](t, sue.want(200, "GET", "/api/board", nil)).Unrecorded }
	if unrecorded() {
		t.Error("unrecorded from the beginning")
	}
	c.server.Unwritten()
	if !unrecorded() {
		t.Error("the board says nothing")
	}
	c.server.Recorded(7, "0011.wav", time.Unix(0, 0), 1500*time.Millisecond, true)
	if !unrecorded() {
		t.Error("the board says nothing")
	}
	c.server.Recorded(8, "0022.wav", time.Unix(0, 0), 3*time.Second, false)
	if unrecorded() {
		t.Error("still unrecorded")
	}
	const broken = `"seconds":1.5,"broken":true`
	if text := sue.want(200, "GET", "/api/contacts/7/recordings", nil); !strings.Contains(text, broken) {
		t.Error(text)
	}
	dir := c.dir
	c.stop()
	again := openCentre(t, dir, nil)
	if text := again.login("sue", "secret-s").want(200, "GET", "/api/contacts/7/recordings", nil); !strings.Contains(text, broken) {
		t.Errorf("after a restart: %s", text)
	}
}

// At another speed waits are told in scenario time, as T is, and the board's clock is the
// scenario's.
func TestSpeed(t *testing.T) {
	p := &phones{numbers: map[realcore.Key]string{}, offers: map[realcore.AgentID]realcore.Ref{}, refs: map[realcore.Key]realcore.Ref{}}
	s, err := New(testConfig(t.TempDir(), p))
	if err != nil {
		t.Fatal(err)
	}
	h, _, err := live.Open(live.Config{Plan: onePlan(), Speed: 5, Start: realcore.Instant(9 * time.Hour), Doors: []live.Door{p, s}, Sink: s})
	if err != nil {
		t.Fatal(err)
	}
	s.Attach(h)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	c := &centre{t: t, server: s, host: h, phones: p}
	c.call("1", 0)
	c.settle()
	s.now = func() time.Time { return h.Wall(realcore.Instant(9*time.Hour + 50*time.Second)) } // ten seconds later
	s.mu.Lock()
	v := s.board(&Role{})
	d := s.view(0)
	s.mu.Unlock()
	nine := time.Date(2026, 11, 25, 9, 0, 50, 0, time.UTC)
	if v.Speed != 5 || d.Speed != 5 || v.Clock != nine.UnixMilli() || v.Now-v.Queues[0].Oldest > 10_000 || v.Now-v.Queues[0].Oldest < 8000 {
		t.Errorf("%+v, waits since %d ms", v, v.Now-v.Queues[0].Oldest)
	}
	got, err := s.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range got {
		if f.GetName() == "callwright_longest_wait_seconds" {
			x := f.GetMetric()[0].GetGauge().GetValue()
			found = x > 40 && x <= 50
			if !found {
				t.Errorf("longest wait %v s, want up to 50", x)
			}
		}
	}
	if !found {
		t.Error("no longest wait")
	}
	cancel()
	<-ended
	cancel2, stop := context.WithCancel(context.Background())
	stop()
	if err := s.Run(cancel2); err != nil {
		t.Error(err)
	}
}
