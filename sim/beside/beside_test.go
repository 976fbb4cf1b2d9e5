package beside

import (
	"math"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/workload"
	"callwright/traffic"
)

// twoHours is a centre of one queue and n agents over two hours, told as two
// "days" of an hour each.
func twoHours(t *testing.T, n, reps int) (*sim.Result, *traffic.Demand, Info) {
	t.Helper()
	talk, err := traffic.Exponential(200)
	if err != nil {
		t.Fatal(err)
	}
	patience, err := traffic.Exponential(100)
	if err != nil {
		t.Fatal(err)
	}
	p, d := workload.MMn(n, 80.0/3600, talk, patience, 0)
	rate, err := traffic.Steps([]float64{0, 3600}, []float64{80.0 / 3600, 20.0 / 3600}, 7200)
	if err != nil {
		t.Fatal(err)
	}
	d.Sources[0].Arrivals.Rate = rate
	r, err := sim.Run(p, d, sim.Config{Seed: 5, Reps: reps, Measure: measure.Config{Interval: 30 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	info := Info{Queues: []QueueInfo{{Target: 0.8}}, Day: func(at realcore.Instant) int { return int(at / realcore.Instant(time.Hour)) }}
	return r, d, info
}

// The days of a run are counted one by one: a busy hour with too few agents, and
// a quiet one with more than enough.
func TestDays(t *testing.T) {
	r, d, info := twoHours(t, 4, 40)
	q := Build(r, d, info).Queues[0]
	if len(q.Days) < 2 {
		t.Fatalf("%d days; want 2 and what comes after closing", len(q.Days))
	}
	var offered, within float64
	for _, day := range q.Days {
		offered += *day.Offered.Value
		if day.SL.Value != nil {
			within += *day.SL.Value * *day.Offered.Value
		}
	}
	whole := map[measure.ID]float64{}
	for _, m := range q.Day {
		if m.Value != nil {
			whole[m.Definition] = *m.Value
		}
	}
	if math.Abs(offered-whole["offered"]) > 1e-9 || math.Abs(within/offered-whole["sl_offered"]) > 1e-12 {
		t.Errorf("days add up to %v offered with %v; the run has %v with %v", offered, within/offered, whole["offered"], whole["sl_offered"])
	}
	busy, quiet := *q.Days[0].SL.Value, *q.Days[1].SL.Value
	if busy > 0.7 || quiet < 0.9 {
		t.Errorf("service level %v in the busy hour, %v in the quiet one", busy, quiet)
	}
	// Nearly every quiet hour meets 0.8 and no busy one: about half of all days.
	if v := *q.Meets.Value; v < 0.4 || v > 0.6 || !(*q.Meets.Low < v && v < *q.Meets.High) {
		t.Errorf("a day meets the target with %v [%v, %v]; want about a half", v, *q.Meets.Low, *q.Meets.High)
	}
}

// A certainty seen in few runs is not one: the interval stays open.
func TestMeetsAtTheEdge(t *testing.T) {
	r, d, info := twoHours(t, 40, 10)
	m := Build(r, d, info).Queues[0].Meets
	if *m.Value != 1 || *m.High != 1 || *m.Low > 0.8 {
		t.Errorf("all days of 10 runs met the target: %v [%v, %v]; Wilson's lower end is 0.72", *m.Value, *m.Low, *m.High)
	}
}

// One run of the same world set beside 60 others is inside their prediction
// interval; one with a call answered after an hour is not.
func TestJudged(t *testing.T) {
	r, d, info := twoHours(t, 6, 60)
	s := Build(r, d, info)
	s.AddMeasured(r, r.Tables[3])
	for _, j := range s.Queues[0].Judged {
		if j.Inside == nil || !*j.Inside {
			// 60 runs: the interval's ends are the extremes or next to them.
			t.Errorf("%s: %v is not inside [%v, %v]", j.Definition, *j.Measured, *j.Predicted.Low, *j.Predicted.High)
		}
	}
	if got, want := *s.Queues[0].Days[0].Measured.Offered.Value, float64(r.Tables[3].Queue[0].Offered+r.Tables[3].Queue[1].Offered); got != want {
		t.Errorf("the first day's measured contacts are %v; want %v", got, want)
	}
	byDay := ByDay(r.Tables[3], "sl_offered", 0, info.Day)
	for i, day := range s.Queues[0].Days {
		if day.Measured.SL.Value == nil { // after closing, with no calls
			continue
		}
		if got, want := byDay.Num[i]/byDay.Den[i], *day.Measured.SL.Value; got != want {
			t.Errorf("day %d has a service level of %v, and %v to the bridge", i, want, got)
		}
	}
	late := measure.NewTable(r.Plan, r.Config.Measure)
	hour := realcore.Instant(time.Hour)
	late.Visit(&cdr.Visit{Outcome: realcore.Answered, At: hour / 2, End: 3 * hour / 2})
	s.AddMeasured(r, late)
	for _, j := range s.Queues[0].Judged {
		if j.Definition == "asa" && (j.Inside == nil || *j.Inside || *j.Measured != 3600) {
			t.Errorf("a wait of an hour is judged %v, measured %v", j.Inside, *j.Measured)
		}
		if j.Definition == "aht" && j.Inside != nil {
			t.Error("a handle time that nobody measured has a verdict")
		}
	}
	if m := s.Queues[0].Rows[0].Measured; m.SL.Value != nil {
		t.Errorf("an interval without calls has a service level of %v; want none", *m.SL.Value)
	}
}

// Against itself a centre changes nothing, exactly; two more agents raise the
// service level with an interval that common callers make narrow.
func TestCompare(t *testing.T) {
	a, _, _ := twoHours(t, 5, 30)
	b, _, _ := twoHours(t, 7, 30)
	same, err := Compare(a, a)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range same.Queues[0].Changes {
		if c.Change.Value == nil || *c.Change.Value != 0 || *c.Change.Low != 0 || *c.Change.High != 0 {
			t.Errorf("%s changes against itself", c.Definition)
		}
	}
	d, err := Compare(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Queues[0].Changes {
		if c.Definition != "sl_offered" {
			continue
		}
		own := math.Hypot(*c.A.High-*c.A.Low, *c.B.High-*c.B.Low)
		if *c.Change.Low <= 0 || *c.Change.High-*c.Change.Low > 0.9*own {
			t.Errorf("two more agents: %v [%v, %v]; independent callers would give a width of %v", *c.Change.Value, *c.Change.Low, *c.Change.High, own)
		}
	}
	other := *b
	other.Config.Seed++
	if _, err := Compare(a, &other); err == nil {
		t.Error("results of two seeds are compared as if they had the same callers")
	}
}
