package scenarios

import (
	"math"
	"strings"
	"testing"

	"callwright/realcore/measure"
	"callwright/sim"
)

// simulated plays a text.
func simulated(t *testing.T, text string, reps int) *sim.Result {
	t.Helper()
	s := compile(t, "callwright: 1\n"+text, nil)
	r, err := sim.Run(s.Plan, s.Demand, sim.Config{Seed: 1, Reps: reps, Workers: 2, Measure: measure.Config{AWT: awts(s)}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// played plays a text and returns measures of the whole centre, and the hours
// that agents were there.
func played(t *testing.T, text string, reps int) (value func(measure.ID) float64, hours float64) {
	t.Helper()
	r := simulated(t, text, reps)
	for _, tb := range r.Tables {
		c := tb.Cell(measure.All, measure.All, nil)
		if !c.Counts.Balanced() || !c.Line.Balanced() {
			t.Fatalf("calls are lost: %+v %+v", c.Counts, c.Line)
		}
		hours += float64(c.Agents.Staffed()) / 3.6e12 / float64(reps)
	}
	return func(id measure.ID) float64 { return r.Estimate(measure.Find(id), measure.All, measure.All, nil).Value }, hours
}

// A day is staffed to its end, whenever the last call comes.
func TestQuietAfternoonIsStaffed(t *testing.T) {
	_, hours := played(t, `
day: 08:00-20:00
interval: 60m
groups: {g: {agents: 5}}
queues: {q: {}}
calls: {q: {volume: [60,60,60,60,0,0,0,0,0,0,0,0], handle: exponential 180s, patience: never}}
`, 20)
	if math.Abs(hours-60) > 1e-6 {
		t.Errorf("%v agent-hours; five agents for twelve hours are 60", hours)
	}
}

// Who goes on a break that ends with his shift goes home.
func TestBreakAtTheEndOfAShift(t *testing.T) {
	_, hours := played(t, `
day: 08:00-20:00
groups: {a: {agents: {shifts: [{agents: 5, hours: 08:00-12:00, breaks: [{at: 11:30, for: 30m}]}, {agents: 1, hours: 08:00-20:00}]}}}
queues: {q: {}}
calls: {q: {volume: {total: 360}, handle: exponential 180s, patience: exponential 60s}}
`, 40)
	// 5 x 3.5 h and 1 x 12 h; calls in progress at a break or at the end are finished, a few minutes.
	if hours < 29.5 || hours > 30 {
		t.Errorf("%v agent-hours; want 29.5 and the calls finished", hours)
	}
}

// A vendor who refuses does not make callers immortal: their patience runs on, the
// queue's steps go on where they were, and another attempt may succeed.
func TestRefusingVendor(t *testing.T) {
	for _, c := range []struct {
		refuse string
		most   float64 // visits a caller
	}{{"1", 2.01}, {"0.3", 1.4}} {
		value, _ := played(t, `
day: 08:00-12:00
vendors: {v: {refuse: `+c.refuse+`, handle: exponential 60s}}
groups: {g: {agents: 2}}
queues: {q: {while-waiting: [{after: 20s, do: vendor v}]}}
calls: {q: {volume: {total: 400}, handle: exponential 180s, patience: always 60s}}
`, 20)
		if x := value("offered") / value("attempts"); x > c.most {
			t.Errorf("refusing %s: %v visits a caller; want at most %v", c.refuse, x, c.most)
		}
		if c.refuse == "1" && value("abandonment") < 0.2 {
			t.Errorf("refused by all and patient for a minute, %v abandon", value("abandonment"))
		}
	}
}

// A closed queue takes nobody, also when the vendor it closes to has no line.
func TestClosedToABusyVendor(t *testing.T) {
	value, _ := played(t, `
day: 08:00-20:00
interval: 60m
vendors: {v: {lines: 1, handle: exponential 600s}}
groups: {g: {agents: 5}}
queues: {q: {hours: 08:00-12:00, closed: vendor v}}
calls: {q: {volume: [0,0,0,0,20,20,20,20,20,20,20,20], handle: exponential 180s, patience: never}}
`, 20)
	if value("offered") != 0 || value("out_of_hours") < 50 {
		t.Errorf("%v offered to a closed queue, %v told that it is", value("offered"), value("out_of_hours"))
	}
}

// Ringing customers who do not pick up costs agents time and is no handled contact.
func TestUnreachedCallbacksAreNotHandled(t *testing.T) {
	value, _ := played(t, `
day: 08:00-12:00
groups: {g: {agents: 4}}
queues: {q: {while-waiting: [{after: 10s, do: offer-callback}]}}
calls: {q: {volume: {total: 240}, handle: exponential 180s, patience: exponential 100s, callback: 1, reached: 0.2}}
`, 100)
	// 100 mornings of some 170 handled calls each: one standard error is 1.4 s.
	if aht := value("aht"); math.Abs(aht-180) > 7 {
		t.Errorf("AHT is %v s; handle time is 180 s", aht)
	}
}

// Who asks for an agent asks for one who can serve him.
func TestPreferredAgentsServeTheQueue(t *testing.T) {
	wait := func(others string) float64 {
		value, _ := played(t, `
day: 08:00-12:00
groups: {g: {agents: 2, skills: [q]}, h: {agents: `+others+`, skills: [r]}}
queues: {q: {needs: [q], preferred-wait: 10m}, r: {needs: [r]}}
calls:
  q: {queue: q, volume: {total: 80}, handle: exponential 180s, patience: never, preferred: 1}
`, 30)
		return value("wait_all")
	}
	if a, b := wait("1"), wait("50"); a != b {
		t.Errorf("callers of q wait %v s beside one agent of another queue and %v s beside fifty", a, b)
	}
}

// Blocked calls count against the queue that their number leads to.
func TestAttemptsOfAQueue(t *testing.T) {
	r := simulated(t, `
day: 08:00-12:00
trunks: {t: 1}
groups: {g: {agents: 3}}
queues: {q: {target: {level: 0.8, within: 20s, rule: attempts}}}
calls: {q: {queue: q, trunk: t, volume: {total: 400}, handle: exponential 180s, patience: always 60s}}
`, 20)
	for _, id := range []measure.ID{"attempts", "blocked", "sl_attempts"} {
		q, all := r.Estimate(measure.Find(id), measure.All, 0, nil).Value, r.Estimate(measure.Find(id), measure.All, measure.All, nil).Value
		if q != all {
			t.Errorf("%s is %v for the only queue and %v for the centre", id, q, all)
		}
	}
	if x := r.Estimate(measure.Find("sl_attempts"), measure.All, 0, nil).Value; x > 0.3 {
		t.Errorf("service level of attempts %v with one line for five erlangs", x)
	}
}

// A plan that goes in circles ends, and says so.
func TestCirclesEnd(t *testing.T) {
	r := simulated(t, `
day: 08:00-09:00
groups: {g: {agents: 1}}
queues: {q: {}}
flows: {m: {menu: {prompt: 20s, keys: {1: {to: flow m, share: 1}}}}}
calls: {q: {flow: m, volume: {total: 10}, handle: exponential 180s, patience: never}}
`, 2)
	if r.Stuck == 0 || !strings.Contains(strings.Join(r.Warnings, "\n"), "goes in circles") {
		t.Errorf("%d stuck, warnings %q", r.Stuck, r.Warnings)
	}
}
