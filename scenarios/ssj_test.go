package scenarios

import (
	"math"
	"testing"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
)

// printed is a value as SSJ printed it: mean and half-width of its interval.
type printed struct {
	name       string
	mean, half float64
	num, den   func(r *sim.Result, rep int) float64
}

// agrees compares a ratio of means over replications with a printed value: the
// difference must lie within both errors together at level 1e-6. z is the normal
// quantile of the printed interval.
func agrees(t *testing.T, r *sim.Result, p printed, z float64) {
	t.Helper()
	const z6 = 4.892 // two-sided 1e-6
	n := float64(len(r.Tables))
	var num, den float64
	for k := range r.Tables {
		num += p.num(r, k) / n
		den += p.den(r, k) / n
	}
	mean, ss := num/den, 0.0
	for k := range r.Tables {
		d := p.num(r, k) - mean*p.den(r, k) // delta method
		ss += d * d
	}
	own := math.Sqrt(ss/(n-1)/n) / den
	far := math.Abs(mean-p.mean) / math.Hypot(own, p.half/z)
	t.Logf("%-28s %10.4f ± %.4f, printed %10.4f ± %.4f: %.2f standard errors apart", p.name, mean, 1.96*own, p.mean, p.half/z*1.96, far)
	if far > z6 {
		t.Errorf("%s is %.4f, printed %.4f: %.2f standard errors apart, want at most %.2f", p.name, mean, p.mean, far, z6)
	}
}

func per(x float64) func(*sim.Result, int) float64 {
	return func(*sim.Result, int) float64 { return x }
}

func counts(of func(c *measure.Counts) int64) func(*sim.Result, int) float64 {
	return func(r *sim.Result, rep int) float64 {
		c := r.Tables[rep].Cell(measure.All, measure.All, nil)
		return float64(of(&c.Counts))
	}
}

func replicate(t *testing.T, name string, reps int) *sim.Result {
	s := compiled(t, name)
	r, err := sim.Run(s.Plan, s.Demand, sim.Config{Seed: 12345, Reps: reps, Workers: 4, Measure: measure.Config{AWT: awts(s), Interval: s.Interval}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// CallCC as SSJ prints it: 1,000 days, 90 % intervals. Waits are those of all
// calls, lost ones included, and all sums are divided by the expected 1,660.
func TestCallCC(t *testing.T) {
	r := replicate(t, "callcc", 1000)
	for _, p := range []printed{
		{"arrivals", 1639.5, (1666.2 - 1612.8) / 2, counts(func(c *measure.Counts) int64 { return c.Offered }), per(1)},
		{"mean wait, s", 11.83, (13.61 - 10.06) / 2, counts(func(c *measure.Counts) int64 { return c.WaitAll }), per(1660e9)},
		{"waited under 20 s", 0.853, (0.862 - 0.844) / 2, counts(func(c *measure.Counts) int64 { return c.AnsweredInT + c.AbandonedInT }), per(1660)},
		{"lost", 0.0342, (0.0374 - 0.0311) / 2, counts(func(c *measure.Counts) int64 { return c.Abandoned }), per(1660)},
	} {
		agrees(t, r, p, 1.645)
	}
}

// SimpleMSK as SSJ's ContactCenters prints it: 95 % intervals.
func TestSimpleMSK(t *testing.T) {
	r := replicate(t, "simplemsk", 600)
	// Busy over all agents, those included who only finish a call after their
	// shift, until the last call of the day ends: as the source computes it.
	work := func(of func(w *measure.Work) int64) func(*sim.Result, int) float64 {
		return func(r *sim.Result, rep int) float64 {
			c := r.Tables[rep].Cell(measure.All, 0, []realcore.GroupID{0})
			return float64(of(&c.Agents))
		}
	}
	for _, p := range []printed{
		{"served", 4297.3, (4324.5 - 4270.2) / 2, counts(func(c *measure.Counts) int64 { return c.Answered }), per(1)},
		{"abandoned", 910.3, (944.5 - 876.1) / 2, counts(func(c *measure.Counts) int64 { return c.Abandoned }), per(1)},
		{"service level", 0.501, (0.509 - 0.494) / 2, counts(func(c *measure.Counts) int64 { return c.AnsweredInT }),
			counts(func(c *measure.Counts) int64 { return c.Answered + c.Abandoned - c.AbandonedInT })},
		{"occupancy of g0", 0.881, (0.884 - 0.877) / 2, work((*measure.Work).Handling), work((*measure.Work).Staffed)},
	} {
		agrees(t, r, p, 1.96)
	}
}
