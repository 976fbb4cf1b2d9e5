package scenarios

import (
	"math"
	"testing"

	"callwright/realcore/measure"
	"callwright/sim"
)

// The library's Japanese cases give what their authors' own simulations gave
// (cases/01 and 04 of the project's worked cases), within the tolerance that
// the cases state. For case 02 see TestWhoGoes.
func TestCases(t *testing.T) {
	var r *sim.Result // of the scenario last run
	last := ""
	for _, c := range []struct {
		name, measure   string
		want, tolerance float64
		reps            int
	}{
		{"small-reception", "answer_rate", 0.972398, 0.006, 2000},
		{"small-reception", "sl_offered", 0.955544, 0.006, 2000},
		{"tv-spike", "attempts", 4928.98, 15, 400},
		{"tv-spike", "answered", 1394.7, 15, 400},
		{"tv-spike", "abandoned", 1709.4, 15, 400},
		{"tv-spike", "blocked", 1824.9, 15, 400},
		{"tv-spike", "sl_attempts", 0.075, 0.004, 400},
	} {
		if testing.Short() {
			c.reps = 20
			c.tolerance *= 10
		}
		if last != c.name {
			s := compiled(t, c.name)
			var err error
			r, err = sim.Run(s.Plan, s.Demand, sim.Config{Seed: 1, Reps: c.reps, Workers: 4, Measure: measure.Config{AWT: awts(s)}})
			if err != nil {
				t.Fatal(err)
			}
			last = c.name
		}
		e := r.Estimate(measure.Find(measure.ID(c.measure)), measure.All, measure.All, nil)
		t.Logf("%s: %s is %.5g ± %.2g, the case says %.5g", c.name, c.measure, e.Value, e.Half(), c.want)
		if math.Abs(e.Value-c.want) > c.tolerance {
			t.Errorf("%s: %s is %.5g, the case says %.5g; want them %.3g apart at most", c.name, c.measure, e.Value, c.want, c.tolerance)
		}
	}
}
