package live_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
)

// What a busy agent wants to be later has no effect, and doors are told it all the same:
// once, when it was taken.
func TestWishIsCarried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		door := doorFunc(func(_ realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
			if len(effects) == 0 {
				told = append(told, ev.Kind.String())
			}
		})
		h, _ := open(t, live.Config{Plan: plan(t, small), Doors: []live.Door{door}}, nil)
		stop := run(t, h)
		for _, ev := range []realcore.Event{realcore.OfAgent(realcore.AgentReady, 0), realcore.Arrive(h.Key(), 0), realcore.OfAgent(realcore.DeviceBack, 0),
			{Kind: realcore.AgentNotReady, Code: uint8(realcore.ReasonBreak)}, {Kind: realcore.AgentNotReady, Code: uint8(realcore.ReasonBreak)}, realcore.OfAgent(realcore.AgentLogout, 0)} {
			if err := h.Post(ev); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if want := []string{"not-ready", "logout"}; !slices.Equal(told, want) {
			t.Errorf("told %q without effects, want %q", told, want)
		}
	})
}

// A turn with nothing but a door's mistakes runs the timers that are due, and what they do
// is in journal and records like everything else: no line is left out.
func TestMistakeWithTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := doorFunc(func(_ realcore.Instant, ev *realcore.Event, _ []realcore.Effect) {
			if ev != nil && ev.Kind == realcore.AgentReady && ev.Agent == 1 {
				time.Sleep(30 * time.Second) // longer than the ring time of the offer to agent 0
			}
		})
		j, r := files(t)
		h, _ := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r, Doors: []live.Door{busy}}, nil)
		stop := run(t, h)
		post := func(ev realcore.Event) {
			if err := h.Post(ev); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
		}
		post(realcore.OfAgent(realcore.AgentReady, 0))
		post(realcore.Arrive(h.Key(), 0))
		post(realcore.OfAgent(realcore.AgentReady, 1))
		post(realcore.OfAgent(realcore.AgentReady, 77)) // waits behind the door
		time.Sleep(40 * time.Second)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(read(t, r)), "\n")
		if rec, _ := replay(t, j); rec.Events != h.Counts().Events {
			t.Errorf("%d events in the journal, %d stepped", rec.Events, h.Counts().Events)
		}
		h2, rec := open(t, live.Config{Plan: plan(t, small), Journal: j, Records: r}, nil)
		h2.Close()
		if rec.Remade != 0 || rec.Records != int64(len(lines)-1) {
			t.Errorf("%d lines remade, %d of %d whole", rec.Remade, rec.Records, len(lines)-1)
		}
	})
}
