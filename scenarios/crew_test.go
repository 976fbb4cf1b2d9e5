package scenarios

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
	"callwright/traffic"
)

// When fewer agents are wanted, a crew made from counts lets the idle go first,
// and a call is finished on top only if nobody is idle, as case 02 and SSJ have
// it. With names instead (shifts) each goes at his own hour, busy or not. That is
// worth a point of service level in case 02: an independent simulation of both
// rules agrees with the world under each.
func TestWhoGoes(t *testing.T) {
	s := compiled(t, "mail-order-day")
	f, err := Open("mail-order-day")
	if err != nil {
		t.Fatal(err)
	}
	volume, staff := f.Format.Calls.Items[0].Volume.Calls, f.Format.Groups.Items[0].Agents.Plan.Count
	const days = 1500
	named := *s.Demand
	named.Staff = slices.Clone(s.Demand.Staff)
	for i := range named.Staff {
		named.Staff[i].Crew = false
	}
	for _, c := range []struct {
		named  bool
		demand *traffic.Demand
	}{{true, &named}, {false, s.Demand}} {
		r, err := sim.Run(s.Plan, c.demand, sim.Config{Seed: 1, Reps: days, Workers: 2, Level: 1 - 1e-6, Measure: measure.Config{AWT: awts(s)}})
		if err != nil {
			t.Fatal(err)
		}
		ours := r.Estimate(measure.Find("sl_offered"), measure.All, measure.All, nil)
		theirs := output.Sums{}
		g := rand.New(rand.NewPCG(1, 2))
		for range days {
			d := crewDay{named: c.named, g: g}
			d.play(volume, staff)
			theirs.Add(float64(d.good), float64(d.offered))
		}
		e := theirs.Ratio(1 - 1e-6)
		t.Logf("named %v: %.4f ± %.4f, independent %.4f ± %.4f", c.named, ours.Value, ours.Half(), e.Value, e.Half())
		if math.Abs(ours.Value-e.Value) > math.Hypot(ours.Half(), e.Half()) {
			t.Errorf("named %v: service level %.4f; an independent simulation says %.4f", c.named, ours.Value, e.Value)
		}
		// The case's value, exact for counts; names must miss it.
		if hit := ours.Low < 0.894386 && 0.894386 < ours.High; hit == c.named {
			t.Errorf("named %v: %.4f to %.4f covers the case's 0.894386: %v", c.named, ours.Low, ours.High, hit)
		}
	}
}

// crewDay is a day of one queue, second by second events, AHT 330 s, patience
// 120 s, half hours. Agents are places in busy: the time at which each is free.
type crewDay struct {
	named         bool
	g             *rand.Rand
	until         [32]float64 // of agents by number, when their call ends
	good, offered int
}

func (d *crewDay) play(volume []float64, staff []int) {
	var ends []float64 // of calls in progress, by count
	var queue [][2]float64
	free := func(now float64) int { // a free agent, or -1
		n := staff[min(int(now/1800), len(staff)-1)]
		if !d.named {
			ends = slices.DeleteFunc(ends, func(x float64) bool { return x <= now })
			if len(ends) < n {
				return 0
			}
			return -1
		}
		best := -1 // the longest idle, as the plan has it
		for a := range n {
			if d.until[a] <= now && (best < 0 || d.until[a] < d.until[best]) {
				best = a
			}
		}
		return best
	}
	next := func(now float64) float64 { // the next instant at which anybody may become free
		at := (math.Floor(now/1800) + 1) * 1800
		for _, x := range append(slices.Clone(ends), d.until[:]...) {
			if x > now {
				at = min(at, x)
			}
		}
		return at
	}
	serve := func(now float64) {
		for len(queue) > 0 {
			a := free(now)
			if a < 0 {
				return
			}
			c := queue[0]
			queue = queue[1:]
			if c[1] < now {
				continue // has hung up
			}
			if now-c[0] <= 20 {
				d.good++
			}
			end := now + d.g.ExpFloat64()*330
			ends = append(ends, end)
			if d.named {
				ends, d.until[a] = nil, end
			}
		}
	}
	now := 0.0
	for i, v := range volume {
		for at := float64(i)*1800 + d.g.ExpFloat64()*1800/v; at < float64(i+1)*1800; at += d.g.ExpFloat64() * 1800 / v {
			for now < at {
				now = min(next(now), at)
				serve(now)
			}
			d.offered++
			queue = append(queue, [2]float64{at, at + d.g.ExpFloat64()*120})
			serve(now)
		}
	}
	for len(queue) > 0 {
		now = next(now)
		serve(now)
	}
}
