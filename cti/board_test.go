package cti

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/measure"
)

// reading reads boards from a stream until one is as wanted.
func reading(t *testing.T, r *http.Response, ok func(*boardView) bool) boardView {
	t.Helper()
	in := bufio.NewScanner(r.Body)
	in.Buffer(nil, 1<<20)
	end := time.Now().Add(5 * time.Second)
	for in.Scan() && time.Now().Before(end) {
		if text, is := strings.CutPrefix(in.Text(), "data: "); is {
			if v := decode[boardView](t, text); ok(&v) {
				return v
			}
		}
	}
	t.Fatalf("no such board: %v", in.Err())
	return boardView{}
}

// The wallboard counts as the records do: waiting, longest wait, offered, answered,
// abandoned, service level by each queue's own rule.
func TestBoard(t *testing.T) {
	c := newCentre(t, func(cfg *Config) {
		cfg.Queues = []Queue{{Name: "support", AWT: 10 * time.Second, Rule: "sl_answered", Target: 0.7}}
	})
	sue := c.login("sue", "secret-s")
	r := sue.board()
	v := reading(t, r, func(v *boardView) bool { return true })
	if len(v.Queues) != 2 || v.Queues[0].Level != nil || v.Queues[0].Oldest != 0 || !v.Taking || v.Queues[0].T != 20 || v.Queues[1].T != 10 ||
		v.Queues[1].Rule != "sl_answered" || v.Queues[1].RuleName.Ja != "サービスレベル(応答基準)" || v.Total.OneRule {
		t.Errorf("empty board is %+v", v)
	}
	gone, waits := c.call("1", 0), c.call("2", 0)
	v = reading(t, r, func(v *boardView) bool { return v.Queues[0].Waiting == 2 })
	if q := v.Queues[0]; q.Offered != 2 || q.Answered != 0 || q.Oldest == 0 || v.Total.Waiting != 2 || v.Total.Oldest != q.Oldest {
		t.Errorf("two wait: %+v", v)
	}
	c.hangUp(gone)
	anna := c.login("anna", "secret-a")
	anna.want(200, "POST", "/api/agents/me/state", m{"state": "ready"})
	page := anna.socket()
	page.until(at("ringing"))
	v = reading(t, r, func(v *boardView) bool { return v.Agents["reserved"] == 1 })
	if v.Queues[0].Waiting != 1 {
		t.Errorf("being offered counts as waiting: %+v", v.Queues[0])
	}
	c.answer(0)
	v = reading(t, r, func(v *boardView) bool { return v.Agents["handling"] == 1 })
	if q := v.Queues[0]; q.Offered != 2 || q.Answered != 1 || q.Abandoned != 1 || q.Level == nil || *q.Level != 0.5 || q.Waiting != 0 || *v.Total.AnswerRate != 0.5 {
		t.Errorf("one answered, one gone: %+v", q)
	}
	c.hangUp(waits)
	reading(t, r, func(v *boardView) bool { return v.Agents["wrap-up"] == 1 })

	// A role sees its own queues, and the agents who serve them.
	wall := c.login("wall", "secret-w")
	if v := decode[boardView](t, wall.want(200, "GET", "/api/board", nil)); len(v.Queues) != 1 || v.Queues[0].Name != "support" || len(v.Agents) != 0 {
		t.Errorf("the wall sees %+v", v)
	}
	wall.want(403, "GET", "/api/agents", nil)
	wall.want(403, "GET", "/api/agents/me", nil)
}

// Counts begin at the zone's midnight; what a continued journal tells of today counts,
// and of yesterday does not.
func TestToday(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	d := today{zone: tokyo}
	p := onePlan()                          // instant 0 is 09:00 in Tokyo
	hour := realcore.Instant(3600 * 1e9)    //
	answered := func(at realcore.Instant) { // after 5 s
		d.visit(&cdr.Visit{Queue: 0, Dir: realcore.Inbound, Outcome: realcore.Answered, At: at, End: at.Add(5 * time.Second)})
	}
	answered(14 * hour)                          // 23:00
	answered(16 * hour)                          // 01:00 of the next day
	d.visit(&cdr.Visit{Queue: 7, At: 16 * hour}) // of a queue that is no more
	cfg := (&Config{}).filled()
	d.begin(p, &cfg, 17*hour)
	if c := d.counts(0); c.Offered != 1 || c.AnsweredInT != 1 || d.from != 15*hour || d.to != 39*hour {
		t.Errorf("today is %+v from %v to %v", c, d.from, d.to)
	}
	d.turn(p, &cfg, 39*hour)
	if c := d.counts(0); c != (measure.Counts{}) || d.from != 39*hour {
		t.Errorf("the next day begins with %+v at %v", c, d.from)
	}
}

// A wallboard that takes nothing is dropped, and nobody waits for it.
func TestSlowReader(t *testing.T) {
	c := newCentre(t, func(cfg *Config) {
		for range 200 { // long answers fill the kernel's buffers soon
			cfg.Queues = append(cfg.Queues, Queue{Name: strings.Repeat("q", 100), AWT: time.Second, Rule: "sl_offered"})
		}
	})
	c.server.mu.Lock()
	c.server.slow = 100 * time.Millisecond
	c.server.mu.Unlock()
	sue := c.login("sue", "secret-s")
	sue.board() // is not read
	open := func() int {
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		return c.server.watchers.n
	}
	if open() != 1 {
		t.Fatalf("%d open", open())
	}
	began := time.Now()
	for open() > 0 && time.Since(began) < 20*time.Second {
		for range 200 {
			c.server.showBoards()
			time.Sleep(50 * time.Microsecond)
		}
	}
	if open() != 0 {
		t.Error("it is still open")
	}
	t.Logf("dropped after %v", time.Since(began))
	c.call("1", 0) // the centre goes on
	c.post(realcore.OfAgent(realcore.AgentReady, 0))
	c.answer(0)
}

// What one call costs the host's goroutine here, with 500 agents and a page on each desk.
func BenchmarkCarry(b *testing.B) {
	p := onePlan()
	for len(p.Agents) < 500 {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprint("x-", len(p.Agents)), Group: 0})
	}
	c := openCentreOf(b, b.TempDir(), p, nil)
	for a := range p.Agents {
		_, end, ok := c.server.watch(b.Context(), &visitor{name: fmt.Sprint(a)}, realcore.AgentID(a))
		if !ok {
			b.Fatal("no room for a page")
		}
		defer end()
	}
	n := realcore.Key(0)
	call := make([]realcore.Effect, 6)
	b.ReportAllocs()
	for b.Loop() {
		n++
		a, ref := realcore.AgentID(n%500), realcore.Ref{Index: uint32(n), Gen: 1}
		for i, k := range []realcore.EffectKind{realcore.Accepted, realcore.Offer, realcore.Connect, realcore.SegmentEnded, realcore.Closed, realcore.WrapUpEnded} {
			call[i] = realcore.Effect{Kind: k, Key: n, Contact: ref, Offer: ref, Agent: a, Queue: 0, Arg: 1, Trunk: realcore.None, Node: realcore.None}
		}
		c.server.Carry(0, nil, call)
	}
}
