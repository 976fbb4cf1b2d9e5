package scenarios

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"callwright/realcore/measure"
	"callwright/sim"
)

// When fewer agents are wanted, our named agents go at the end of their shifts,
// busy or not, and finish their calls on top of those who stay. Case 02, and SSJ,
// count agents instead: the idle go first, and a call is finished on top only if
// nobody was idle. That is worth a point of service level in case 02: an
// independent simulation of both rules gives the case's values by the one, and
// ours by the other.
func TestWhoGoes(t *testing.T) {
	s := compiled(t, "mail-order-day")
	f, err := Open("mail-order-day")
	if err != nil {
		t.Fatal(err)
	}
	volume, staff := f.Format.Calls.Items[0].Volume.Calls, f.Format.Groups.Items[0].Agents.Plan.Count
	const days = 400
	r, err := sim.Run(s.Plan, s.Demand, sim.Config{Seed: 1, Reps: days, Workers: 4, Measure: measure.Config{AWT: awts(s)}})
	if err != nil {
		t.Fatal(err)
	}
	ours := r.Estimate(measure.Find("sl_offered"), measure.All, measure.All, nil)
	for _, c := range []struct {
		named bool
		want  float64
	}{{true, ours.Value}, {false, 0.894386}} {
		g := rand.New(rand.NewPCG(1, 2))
		good, offered := 0, 0
		for range days {
			d := crewDay{named: c.named, g: g}
			d.play(volume, staff)
			good, offered = good+d.good, offered+d.offered
		}
		sl := float64(good) / float64(offered)
		t.Logf("named %v: %.4f, want %.4f (ours %.4f ± %.4f)", c.named, sl, c.want, ours.Value, ours.Half())
		if math.Abs(sl-c.want) > 0.005 { // about three standard errors of both
			t.Errorf("named %v: service level %.4f; want %.4f", c.named, sl, c.want)
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
