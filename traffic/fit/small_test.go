package fit_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
	"callwright/scenarios"
	"callwright/traffic/fit"
)

var firstMonday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// regular is calls every so often from 9 to 17 on each day, served by three agents
// in turn.
func regular(days int, every, talk time.Duration) (calls []calllog.Call) {
	for d := range days {
		for at := 9 * time.Hour; at < 17*time.Hour; at += every {
			t := firstMonday.AddDate(0, 0, d).Add(at)
			calls = append(calls, calllog.Call{At: t, Queued: t, ServiceStart: t, Outcome: realcore.Answered, Talk: talk, Agent: string(rune('a' + len(calls)%3)), Queue: "Null", Priority: "1"})
		}
	}
	return calls
}

// checked requires that the scenario, if there is one, reads.
func checked(t *testing.T, b []byte) {
	t.Helper()
	f, err := scenarios.Parse("fitted.yaml", bytes.NewReader(b))
	if err == nil {
		_, err = f.Compile(scenarios.Options{Zone: time.LoadLocation})
	}
	if err != nil {
		t.Errorf("%v in\n%s", err, b)
	}
}

// What is too little for a scenario is an error that says why; the estimates stand.
func TestTooLittle(t *testing.T) {
	abandoned := regular(7, 5*time.Minute, 0)
	for i := range abandoned {
		c := &abandoned[i]
		*c = calllog.Call{At: c.At, Queued: c.At, Outcome: realcore.Abandoned, Wait: 30 * time.Second, Queue: "q"}
	}
	for _, c := range []struct {
		what  string
		calls []calllog.Call
		first int // day of the forecast
		want  string
	}{
		{"one call", regular(1, 8*time.Hour, time.Minute), 7, "on no half-hour of a mean day was half an agent there"},
		{"one day, quiet", regular(1, 40*time.Minute, time.Minute), 7, "on no half-hour"},
		{"one day", regular(1, 4*time.Minute, 3*time.Minute), 7, ""},
		{"one day, for its morrow", regular(1, 4*time.Minute, 3*time.Minute), 1, "calls only on Monday"},
		{"no answers", abandoned, 7, "on no half-hour"},
		{"no talk", regular(7, time.Hour, 0), 7, "on no half-hour"},
		{"no talk, often", regular(7, 2*time.Minute, 0), 7, ""},
	} {
		m := fitted(t, c.calls, fit.Options{})
		b, err := m.Scenario(fit.Forecast{First: firstMonday.AddDate(0, 0, c.first), Days: 1})
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want %q", c.what, err, c.want)
		case err == nil:
			checked(t, b)
		}
		if c.first == 1 && !errors.Is(err, fit.ErrNoCalls) {
			t.Errorf("%s: %v is not ErrNoCalls", c.what, err)
		}
		for _, n := range m.Notes() {
			if strings.Contains(n, "NaN") {
				t.Errorf("%s: %s", c.what, n)
			}
		}
		if strings.Contains(string(b), "NaN") {
			t.Errorf("%s: NaN in\n%s", c.what, b)
		}
	}
}

// Days apart that are alike have a key each; names that collide, or mean something
// else in a scenario file, are told apart and quoted.
func TestNamesAndDays(t *testing.T) {
	var calls []calllog.Call
	for i, c := range regular(14, time.Minute, 3*time.Minute) {
		switch c.At.Weekday() {
		case time.Monday, time.Wednesday, time.Friday:
		case time.Tuesday, time.Thursday:
			if i%3 > 0 {
				continue
			}
		default:
			continue
		}
		c.Agent = string(rune('a' + i%8))
		if i%2 == 0 {
			c.Queue = "Null-high"
		}
		if i%5 == 0 {
			c.Wait, c.Priority = 10*time.Second, "2"
			c.ServiceStart = c.ServiceStart.Add(c.Wait)
		} else if i%5 == 1 {
			c.Wait = 10 * time.Second
			c.ServiceStart = c.ServiceStart.Add(c.Wait)
		}
		calls = append(calls, c)
	}
	m := fitted(t, calls, fit.Options{Credits: []fit.Credit{{Priority: "2", Name: "high", Credit: time.Minute}}})
	b := text(t, m, fit.Forecast{Name: "yes", First: firstMonday.AddDate(0, 0, 14), Days: 7})
	checked(t, b)
	for _, want := range []string{"\n        mon: [", "\n        wed: [", "\n        tue: [", "\n  \"Null-high-2\":", "name: \"yes\""} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}

// A queue whose calls all came when nobody was there has none in the scenario, which
// reads all the same.
func TestQueueOutside(t *testing.T) {
	calls := regular(14, time.Minute, 3*time.Minute)
	for d := range 14 {
		at := firstMonday.AddDate(0, 0, d).Add(2 * time.Hour)
		calls = append(calls, calllog.Call{At: at, Queued: at, Outcome: realcore.Abandoned, Wait: 30 * time.Second, Queue: "night", Priority: "1"})
	}
	b := text(t, fitted(t, calls, fit.Options{}), fit.Forecast{First: firstMonday.AddDate(0, 0, 14), Days: 7})
	checked(t, b)
	if !bytes.Contains(b, []byte("# \"night\": all its calls came when nobody was there")) {
		t.Errorf("nothing of the night in\n%s", b)
	}
}
