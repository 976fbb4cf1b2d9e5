package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"callwright/realcore"
	"callwright/realcore/center"
	"callwright/realcore/live"
)

// run runs a host in a bubble until the returned function ends it.
func run(t *testing.T, h *live.Host) (stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// One call by the clock: it rings out at a1 after 15 s, is answered by a2, and lost
// with the centre. The bubble's end also proves that no goroutine is left.
func TestStory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var story strings.Builder
		door := doorFunc(func(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
			what := "timers"
			if ev != nil {
				what = ev.Kind.String()
			}
			fmt.Fprintf(&story, "%v %s", now, what)
			for i := range effects {
				e := &effects[i]
				if story.WriteString(" > " + e.Kind.String()); e.At != now {
					fmt.Fprintf(&story, "@%v", e.At)
				}
				if e.Agent != realcore.None {
					fmt.Fprintf(&story, " a%d", e.Agent+1)
				}
			}
			story.WriteByte('\n')
		})
		var offer atomic.Pointer[realcore.Ref]
		answer := doorFunc(func(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
			for i := range effects {
				if effects[i].Kind == realcore.Offer {
					ref := effects[i].Offer
					offer.Store(&ref)
				}
			}
		})
		j, r := files(t)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, Doors: []live.Door{door, answer}}, nil)
		stop := run(t, h)
		post := func(at time.Duration, ev realcore.Event) {
			time.Sleep(time.Until(h.Wall(realcore.Instant(at))))
			if err := h.Post(ev); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		post(1*time.Second, realcore.OfAgent(realcore.AgentReady, 0))
		post(2*time.Second, realcore.Arrive(h.Key(), 0))
		post(3*time.Second, realcore.OfAgent(realcore.AgentReady, 1))
		time.Sleep(15 * time.Second)
		synctest.Wait()
		post(18500*time.Millisecond, realcore.OfOffer(realcore.OfferAnswered, *offer.Load()))
		time.Sleep(10 * time.Second)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		const want = `1s ready > agent a1
2s arrive > accepted > offer a1
3s ready > agent a2
17s timers > withdraw a1 > offer-ended a1 > agent a1 > requeued > offer a2
18.5s answer > connect a2
28.5s shutdown > segment-ended a2 > closed > agent a1 > agent a2
`
		if story.String() != want {
			t.Errorf("got\n%swant\n%s", &story, want)
		}
		wantContact := `"key":1,"entry":"main","queue":"sales","tier":0,"direction":"in","outcome":"lost","cause":"shutdown",` +
			`"at":"2026-11-25T09:00:02+09:00","queued":"2026-11-25T09:00:02+09:00","answered":"2026-11-25T09:00:18.5+09:00","end":"2026-11-25T09:00:28.5+09:00",` +
			`"wait_s":16.5,"talk_s":10,"hold_s":0,"agent":"a2","visits":1,"legs":1,"vendor_answered":false,"callback_delay_s":0}`
		if got := read(t, r); !strings.Contains(got, wantContact) {
			t.Errorf("records\n%swant\n%s", got, wantContact)
		}
		if err := h.Post(realcore.Arrive(h.Key(), 0)); err != live.ErrStopped {
			t.Errorf("after the end: %v", err)
		}
	})
}

type doorFunc func(realcore.Instant, *realcore.Event, []realcore.Effect)

func (f doorFunc) Carry(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	f(now, ev, effects)
}

// played runs a day of n callers at a speed and returns the host with its files.
func played(t *testing.T, speed, n int) (h *live.Host, p *phones, journal, records string) {
	j, r := files(t)
	synctest.Test(t, func(t *testing.T) {
		p = newPhones(speed)
		disk := &frail{room: math.MaxInt} // a day has thousands of syncs
		h, _ = open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, Speed: speed, OpenFile: disk.open}, p)
		stop := run(t, h)
		p.staff()
		p.day(n, 5*time.Second)
		time.Sleep(5 * time.Minute / time.Duration(speed))
		if err := stop(); err != nil {
			t.Error(err)
		}
		if p.busy > 0 {
			t.Errorf("%d posts refused", p.busy)
		}
	})
	return h, p, j, r
}

// A replay of a live day decides the same, effect by effect, and makes the same
// records; what the door saw end is in them.
func TestReplay(t *testing.T) {
	h, p, j, r := played(t, 1, 2000)
	rp, contacts := replay(t, j)
	c := h.Counts()
	if rp.Digest != c.Digest || rp.Events != c.Events || rp.Refused != c.Refused {
		t.Errorf("replay %v of %d events, %d refused; the host %v of %d, %d", &rp.Digest, rp.Events, rp.Refused, &c.Digest, c.Events, c.Refused)
	}
	written := outcomes(t, r)
	if len(contacts) != 2000 || len(written) != 2000 {
		t.Fatalf("%d contacts replayed, %d written; want 2000", len(contacts), len(written))
	}
	for k, how := range contacts {
		if written[k] != how.String() {
			t.Errorf("contact %d: replayed %v, written %s", k, how, written[k])
		}
	}
	for k, how := range p.closed {
		if contacts[k] != how {
			t.Errorf("contact %d: the door saw %v, the records say %v", k, how, contacts[k])
		}
	}
	t.Logf("%d events, %d marks, %d turns, effects %v", c.Events, c.Marks, c.Turns, &c.Digest)
}

// The records of one centre are the same to the byte at every speed of the clock.
func TestSpeeds(t *testing.T) {
	_, _, _, r1 := played(t, 1, 500)
	h, _, _, r20 := played(t, 20, 500)
	one, twenty := read(t, r1), read(t, r20)
	if one != twenty {
		for i, line := range strings.Split(one, "\n") {
			if other := strings.Split(twenty, "\n"); i >= len(other) || other[i] != line {
				t.Fatalf("line %d\n%s\n%s", i+1, line, other[min(i, len(other)-1)])
			}
		}
	}
	if h.Speed() != 20 {
		t.Errorf("speed %d", h.Speed())
	}
}

// Every line of the records is JSON.
func TestRecordsAreJSON(t *testing.T) {
	p := plan(t, small)
	p.Agents[0].Name = "a\"\\\t日本\x01"
	j, r := files(t)
	synctest.Test(t, func(t *testing.T) {
		ph := newPhones(1)
		h, _ := open(t, live.Config{Plan: p, Journal: j, Records: r}, ph)
		stop := run(t, h)
		ph.staff()
		ph.day(20, 5*time.Second)
		stop()
	})
	found := false
	for line := range strings.Lines(read(t, r)) {
		var x map[string]any
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		found = found || x["agent"] == p.Agents[0].Name
	}
	if !found {
		t.Error("no line of an agent with an odd name")
	}
}

// New calls are refused at half the room, events about calls in progress only when
// there is none, and what was taken is stepped in order.
func TestOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := open(t, live.Config{Plan: plan(t, small), Queue: 100}, nil)
		arrivals, other := 0, 0
		for h.Post(realcore.Arrive(h.Key(), 0)) == nil {
			arrivals++
		}
		if ok, why := h.Accepting(); ok || !strings.Contains(why, "50") {
			t.Errorf("accepting %v: %q", ok, why)
		}
		var answers []error
		for {
			refused := false
			h.PostWith(realcore.OfContact(realcore.HungUp, realcore.Ref{Index: uint32(other), Gen: 1}), func(err error) {
				if refused = errors.Is(err, live.ErrBusy); !refused {
					answers = append(answers, err)
				}
			})
			if refused {
				break
			}
			other++
		}
		if arrivals != 50 || other != 50 {
			t.Errorf("took %d arrivals and %d other events; want 50 and 50", arrivals, other)
		}
		stop := run(t, h)
		synctest.Wait()
		if ok, why := h.Accepting(); !ok {
			t.Errorf("not accepting: %s", why)
		}
		for i, err := range answers { // max=20: contacts beyond were not let in
			if want := i >= 20; (err != nil) != want && !errors.Is(err, center.ErrGone) {
				t.Errorf("hang-up %d: %v", i, err)
			}
		}
		if c := h.Counts(); c.Events != 100 || c.TurnedAway != 2 {
			t.Errorf("%+v", c)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// Whoever asks sees the Center between turns; who gives up is not called.
func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := open(t, live.Config{Plan: plan(t, small)}, nil)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.Do(short, func(realcore.Instant, *center.Center) { t.Error("called though nobody waits") }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("before Run: %v", err)
		}
		stop := run(t, h)
		if err := h.Post(realcore.Arrive(h.Key(), 0)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		err := h.Do(t.Context(), func(now realcore.Instant, c *center.Center) {
			if now != realcore.Instant(2*time.Second) || c.Contacts() != 1 {
				t.Errorf("at %v: %d contacts", now, c.Contacts())
			}
		})
		if err != nil {
			t.Error(err)
		}
		stop()
		if err := h.Do(t.Context(), func(realcore.Instant, *center.Center) {}); err != live.ErrStopped {
			t.Errorf("after the end: %v", err)
		}
		if err := h.Run(t.Context()); err == nil {
			t.Error("ran twice")
		}
	})
}

// A door's mistakes are refused and stop nobody else.
func TestMistakesOfDoors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := open(t, live.Config{Plan: plan(t, small)}, nil)
		stop := run(t, h)
		for _, k := range []realcore.EventKind{realcore.Shutdown, realcore.PlanChanged, realcore.NoEvent} {
			if err := h.Post(realcore.Event{Kind: k}); !errors.Is(err, live.ErrEvent) {
				t.Errorf("%v: %v", k, err)
			}
		}
		told := make(chan error, 2)
		h.PostWith(realcore.OfAgent(realcore.AgentReady, 77), func(err error) { told <- err })
		h.PostWith(realcore.Arrive(1, 9), func(err error) { told <- err })
		for range 2 {
			if err := <-told; err == nil || !strings.Contains(err.Error(), "want") {
				t.Errorf("told %v", err)
			}
		}
		if c := h.Counts(); c.Events != 0 {
			t.Errorf("%+v", c)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// A plan that changes in the middle is in the journal, and so in its replay, and a
// restart under it changes nothing more.
func TestChangePlan(t *testing.T) {
	j, r := files(t)
	bigger := plan(t, strings.Replace(small, "a3", "a3 a4", 1))
	var digest string
	synctest.Test(t, func(t *testing.T) {
		p := newPhones(1)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, p)
		stop := run(t, h)
		p.staff()
		p.day(50, 5*time.Second)
		if err := h.ChangePlan(t.Context(), bigger); err != nil {
			t.Fatal(err)
		}
		if n := len(h.Plan().Agents); n != 4 {
			t.Fatalf("%d agents", n)
		}
		p.staff()
		p.day(50, 5*time.Second)
		other := *bigger
		other.Epoch = "2027-01-01T00:00:00Z"
		if err := h.ChangePlan(t.Context(), &other); err == nil || !strings.Contains(err.Error(), "epoch") && !strings.Contains(err.Error(), "counts from") {
			t.Errorf("another epoch: %v", err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		c := h.Counts()
		digest = c.Digest.String()
	})
	rp, _ := replay(t, j)
	if rp.Digest.String() != digest {
		t.Errorf("replay %v, live %s", &rp.Digest, digest)
	}
	h, rec := open(t, live.Config{Plan: bigger, Journal: j, Records: r}, nil)
	if rec.Changed || rec.Remade != 0 {
		t.Errorf("%+v", rec)
	}
	h.Close()
	h, rec = open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
	if !rec.Changed || !h.Plan().Agents[3].Drain {
		t.Errorf("%+v", rec)
	}
	h.Close()
}

// The clock follows its anchor, and never begins before the end of the journal.
func TestClock(t *testing.T) {
	j, _ := files(t)
	synctest.Test(t, func(t *testing.T) {
		epoch := time.Now().Add(-9 * time.Hour)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Speed: 3, Anchor: epoch}, nil)
		if got := h.Instant(time.Now()); got != realcore.Instant(27*time.Hour) {
			t.Errorf("began at %v", got)
		}
		for _, i := range []realcore.Instant{realcore.Instant(27 * time.Hour), realcore.Instant(28*time.Hour + 1), realcore.Instant(28*time.Hour + 2)} {
			if w := h.Wall(i); h.Instant(w) < i || h.Instant(w.Add(-1)) >= i {
				t.Errorf("%v is reached at %v, the clock shows %v", i, w, h.Instant(w))
			}
		}
		if h.Instant(time.Time{}) >= 0 || h.Instant(time.Now().Add(1<<62)) != realcore.Never {
			t.Error("no bounds")
		}
		stop := run(t, h)
		time.Sleep(time.Second)
		h.Post(realcore.OfAgent(realcore.AgentReady, 0))
		stop()
		h, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Speed: 1, Anchor: epoch}, nil)
		if want := realcore.Instant(27*time.Hour + 3*time.Second); h.Instant(time.Now()) != want || rec.Behind != 18*time.Hour+2*time.Second {
			t.Errorf("began again at %v, %v behind", h.Instant(time.Now()), rec.Behind)
		}
		h.Close()
	})
}

func TestMistakes(t *testing.T) {
	j, r := files(t)
	p := plan(t, small)
	for name, c := range map[string]struct {
		cfg  live.Config
		want string
	}{
		"no plan":            {live.Config{}, "Plan is nil"},
		"speed":              {live.Config{Plan: p, Speed: 5000}, "Speed is 5000"},
		"queue":              {live.Config{Plan: p, Queue: 2}, "Queue is 2"},
		"start":              {live.Config{Plan: p, Start: -1}, "Start is"},
		"records alone":      {live.Config{Plan: p, Records: r}, "Journal is empty"},
		"no folder":          {live.Config{Plan: p, Journal: j + "/x"}, "x"},
		"not a journal":      {live.Config{Plan: p, Journal: "doc.go"}, "no callwright journal"},
		"not its records":    {live.Config{Plan: p, Journal: j, Records: "doc.go"}, "its first line is not"},
		"not a regular file": {live.Config{Plan: p, Journal: "."}, "directory"},
	} {
		if _, _, err := live.Open(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	h, _ := open(t, live.Config{Plan: p, Journal: j}, nil)
	if _, _, err := live.Open(live.Config{Plan: p, Journal: j}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("two hosts on one journal: %v", err)
	}
	h.Close()
	other := *p
	other.Epoch = "2027-01-01T00:00:00Z"
	if _, _, err := live.Open(live.Config{Plan: &other, Journal: j}); err == nil || !strings.Contains(err.Error(), "counts from") {
		t.Errorf("another epoch: %v", err)
	}
	if st, err := os.Stat(j); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the journal has mode %v", st.Mode())
	}
}

func TestSpeedLimit(t *testing.T) {
	if most, timer := live.SpeedLimit(plan(t, small), 50*time.Millisecond); most != 10 || timer != "penalty for a declined offer in group g" {
		t.Errorf("%d by %s", most, timer)
	}
	if most, timer := live.SpeedLimit(plan(t, "group g\nagents g a\nqueue q\nentry m -> q\n"), time.Second); most != 0 || timer != "" {
		t.Errorf("%d by %s", most, timer)
	}
}
