package fit

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
)

var monday = time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC)

// gammaFactor is a factor with mean 1 and that CV, as a sum of exponentials.
func gammaFactor(r *rand.Rand, cv float64) float64 {
	n := int(math.Round(1 / (cv * cv)))
	x := 0.0
	for range n {
		x += r.ExpFloat64()
	}
	return x / float64(n)
}

// synthetic is a log of days with two peaks, 1,200 calls on weekdays and 500 on
// Saturdays, nobody on Sundays, busy days and busy half-hours.
func synthetic(days int, dayCV, slotCV float64, seed uint64) (calls []calllog.Call) {
	r := rand.New(rand.NewPCG(seed, 2))
	for d := range days {
		day := monday.AddDate(0, 0, d)
		volume := 1200.0
		switch day.Weekday() {
		case time.Saturday:
			volume = 500
		case time.Sunday:
			continue
		}
		volume *= gammaFactor(r, dayCV)
		for k := 18; k < 36; k++ { // 09:00 to 18:00
			mean := volume * (1 + 0.5*math.Sin(float64(k))) / 18 * gammaFactor(r, slotCV)
			at := day.Add(time.Duration(k) * 30 * time.Minute)
			for {
				at = at.Add(time.Duration(r.ExpFloat64() / mean * float64(30*time.Minute)))
				if at.Sub(day) >= time.Duration(k+1)*30*time.Minute {
					break
				}
				c := calllog.Call{Row: len(calls) + 2, At: at, Outcome: realcore.Answered, ServiceStart: at, Talk: 200 * time.Second, Agent: string(rune('a' + len(calls)%9))}
				if len(calls)%10 == 0 {
					c = calllog.Call{At: at, Queued: at, Wait: time.Duration(r.ExpFloat64() * 30e9).Truncate(time.Second), Outcome: realcore.Abandoned}
				}
				calls = append(calls, c)
			}
		}
	}
	return calls
}

func modelOf(t *testing.T, calls []calllog.Call, opt Options) *Model {
	t.Helper()
	h := NewHistory(opt)
	for i := range calls {
		if err := h.Add(&calls[i]); err != nil {
			t.Fatal(err)
		}
	}
	m, err := h.Fit()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Volumes, groups of days and both levels of scatter are recovered from half a
// year. Intervals are widened to a level of 0.1 %, the seed is fixed.
func TestArrivals(t *testing.T) {
	const day, slot = 0.10, 0.20
	m := modelOf(t, synthetic(182, day, slot, 1), Options{})
	a := &m.Arrivals
	if len(a.Groups) != 2 || a.Week[time.Sunday].Group >= 0 || a.Week[time.Monday].Group != a.Week[time.Friday].Group || a.Week[time.Saturday].Group == a.Week[time.Friday].Group {
		t.Fatalf("groups %+v", a.Week)
	}
	wide := func(what string, e Estimate, want float64) {
		t.Helper()
		if low, high := e.Value-1.7*(e.Value-e.Low), e.Value+1.7*(e.High-e.Value); !(low <= want && want <= high) {
			t.Errorf("%s: %v, want %v", what, e, want)
		}
	}
	wide("Monday", a.Week[time.Monday].Mean, 1200)
	wide("Saturday", a.Week[time.Saturday].Mean, 500)
	wide("interval CV", a.IntervalCV, slot)
	// The day's total also scatters by its 18 intervals: the mean of their factors,
	// which busier ones weigh more in.
	weights, squares := 0.0, 0.0
	for k := 18; k < 36; k++ {
		x := 1 + 0.5*math.Sin(float64(k))
		weights, squares = weights+x, squares+x*x
	}
	wide("day CV", a.DayCV, math.Sqrt(day*day+slot*slot*squares/(weights*weights)))
	// 3.9 errors of each of the 18 slots: a level of 0.1 % in all.
	n := float64(a.Groups[0].N)
	for k, x := range a.Groups[a.Week[time.Monday].Group].sum() {
		want := 0.0
		if k >= 18 && k < 36 {
			want = 1200 * (1 + 0.5*math.Sin(float64(k))) / weights
		}
		se := math.Sqrt((want + want*want*(day*day+slot*slot)) / n)
		near(t, "slot", x, want, 3.9*se)
	}
}

// Missing days and holidays are named, and do not count.
func TestDays(t *testing.T) {
	calls := synthetic(14, 0.1, 0.1, 2)
	var kept []calllog.Call
	for _, c := range calls {
		if c.At.Day() != 8 {
			kept = append(kept, c)
		}
	}
	m := modelOf(t, kept, Options{From: monday, To: monday.AddDate(0, 0, 13), Holidays: []time.Time{monday.AddDate(0, 0, 1)}})
	if d := m.Arrivals.Days; !d[2].Missing || !d[1].Holiday || d[0].Missing || d[0].Holiday || !d[6].Missing {
		t.Errorf("days %+v", d)
	}
	if w := m.Arrivals.Week; w[time.Tuesday].N != 1 || w[time.Wednesday].N != 1 || w[time.Monday].N != 2 {
		t.Errorf("week %+v", w)
	}
}

// A stretch with neither calls nor agents is an interruption. Quiet quarters of an
// hour that look like one by chance are rare: one in a thousand, and a few more as
// volumes scatter.
func TestInterruption(t *testing.T) {
	var kept []calllog.Call
	for _, c := range synthetic(40, 0.1, 0.1, 3) {
		if h := c.At.Hour(); c.At.Sub(monday) < 24*time.Hour && (h == 12 || h == 13) {
			continue
		}
		kept = append(kept, c)
	}
	m := modelOf(t, kept, Options{})
	if len(m.Interruptions) == 0 || len(m.Interruptions) > 40*36/200 || !m.Interruptions[0].From.Equal(monday.Add(12*time.Hour)) || !m.Interruptions[0].To.Equal(monday.Add(14*time.Hour)) {
		t.Errorf("interruptions %v; want 12:00 to 14:00 on the first day, and few more", m.Interruptions)
	}
}
