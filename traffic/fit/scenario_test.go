package fit_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
	"callwright/traffic/fit"
)

// A scenario fitted on what eight agents did with 60 calls an hour reads, plays, and
// predicts about as many calls, of the same length.
func TestScenarioRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	h := fit.NewHistory(fit.Options{Credits: []fit.Credit{{Priority: "vip", Name: "gold", Credit: time.Minute}}})
	monday := time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC)
	n := 0.0
	for d := range 21 {
		free := make([]time.Time, 8)
		for at := monday.AddDate(0, 0, d).Add(9 * time.Hour); ; {
			at = at.Add(time.Duration(r.ExpFloat64() * 60e9).Truncate(time.Second))
			if at.Hour() >= 17 {
				break
			}
			a := 0
			for i := range free {
				if free[i].Before(free[a]) {
					a = i
				}
			}
			c := calllog.Call{At: at, Queued: at, Outcome: realcore.Answered, ServiceStart: at, Queue: "sales: east", Agent: string(rune('A' + a)), Talk: time.Duration(20+r.IntN(700)) * time.Second}
			if r.IntN(4) == 0 {
				c.Priority = "vip"
			}
			if free[a].After(at) {
				c.Wait = free[a].Sub(at)
				c.ServiceStart = free[a]
			}
			if patience := time.Duration(r.ExpFloat64() * 90e9).Truncate(time.Second); patience < c.Wait {
				c = calllog.Call{At: at, Queued: at, Outcome: realcore.Abandoned, Queue: c.Queue, Priority: c.Priority, Wait: patience}
			} else {
				free[a] = c.ServiceStart.Add(c.Talk + 5*time.Second)
			}
			n++
			if err := h.Add(&c); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, err := h.Fit()
	if err != nil {
		t.Fatal(err)
	}
	f := fit.Forecast{Name: "three-weeks", TitleEn: "It's \"three\" weeks", First: monday.AddDate(0, 0, 21), Days: 7}
	b := text(t, m, f)
	if again := text(t, m, f); !bytes.Equal(b, again) {
		t.Error("a second text differs")
	}
	if m.Away.Is {
		t.Errorf("agents who answered at once are taken to be away: %+v", m.Away)
	}
	res := predict(t, b, 20)
	e, _ := res.Sums(measure.Find("offered"), measure.All, measure.All, nil).Predict(0.95)
	if want := n / 3; math.Abs(e.Value-want) > 3.3*math.Sqrt(want) {
		t.Errorf("%v calls a week, want %v within 3.3 Poisson errors", e.Value, want)
	}
	// Talk of 20 to 719 s has mean 369.5; 5 s lie between calls.
	aht, _ := res.Sums(measure.Find("aht"), measure.All, measure.All, nil).Predict(0.95)
	if math.Abs(aht.Value-374.5) > 3.3*202/math.Sqrt(n)+3 { // the wrap-up's median is told from whole gaps
		t.Errorf("handle time %v, want 374.5 s", aht.Value)
	}
}

// An interval report gives volumes; what it does not say is assumed and said.
func TestIntervalReport(t *testing.T) {
	csv := "start,queue,offered,aht\n"
	for d := range 14 {
		for h := 9; h < 12; h++ {
			csv += time.Date(2026, 4, 6+d, h, 0, 0, 0, time.UTC).Format("2006-01-02 15:04") + ",help," + string(rune('0'+h-8)) + "0,300\n"
		}
	}
	list, sum, err := calllog.ReadIntervals(strings.NewReader(csv), calllog.Options{Name: "report.csv"})
	if err != nil {
		t.Fatal(err)
	}
	h := fit.NewHistory(fit.Options{})
	if err := h.AddIntervals(list, sum.Length); err != nil {
		t.Fatal(err)
	}
	m, err := h.Fit()
	if err != nil {
		t.Fatal(err)
	}
	b := text(t, m, fit.Forecast{Name: "report", First: time.Date(2026, 4, 20, 0, 0, 0, 0, time.UTC), Days: 7})
	for _, want := range []string{"[10, 20, 30]", "exponential 300s", "interval: 1h", "09:00-12:00", "is assumed"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
	if m.AHT != 300 || !m.AHTKnown || m.Reported.Offered != 14*60 {
		t.Errorf("handle time %v, offered %d; want 300 and 840", m.AHT, m.Reported.Offered)
	}
	e, _ := predict(t, b, 20).Sums(measure.Find("offered"), measure.All, measure.All, nil).Predict(0.95)
	if math.Abs(e.Value-420) > 3.3*math.Sqrt(420.0/20) {
		t.Errorf("%v calls a week, want 420 within 3.3 Poisson errors", e.Value)
	}
}

// A log without agents' names still gives a scenario, which owns up to it.
func TestNameless(t *testing.T) {
	h := fit.NewHistory(fit.Options{})
	at := time.Date(2026, 4, 6, 9, 0, 0, 0, time.UTC)
	for i := range 400 {
		if err := h.Add(&calllog.Call{At: at.Add(time.Duration(i) * 20 * time.Second), Outcome: realcore.Answered, Talk: time.Duration(40+i%90) * time.Second}); err != nil {
			t.Fatal(err)
		}
	}
	m, err := h.Fit()
	if err != nil {
		t.Fatal(err)
	}
	b := text(t, m, fit.Forecast{First: at.AddDate(0, 0, 7), Days: 2})
	for _, want := range []string{"names no agents", "no Tuesday"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
	predict(t, b, 2)
}
