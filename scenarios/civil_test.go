package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"callwright/realcore"
)

func compile(t testing.TB, text string, files fstest.MapFS) *Scenario {
	t.Helper()
	f, err := Parse("x.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Zone: time.LoadLocation}
	if files != nil {
		opt.Files = files
	}
	s, err := f.Compile(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Days begin when the first did: a night is one day, also over a change of clocks,
// and what comes between days belongs to the one before.
func TestDayOf(t *testing.T) {
	s := compile(t, "callwright: 1\nzone: Europe/Berlin\nstart: 2026-03-28\nday: 22:00-06:00\ndays: 3\n"+
		"groups: {g: {agents: 1}}\nqueues: {q: {}}\ncalls: {q: {rate: 6/h, handle: exponential 60s}}\n", nil)
	for _, c := range []struct {
		at   time.Duration
		day  int
		open bool
	}{{0, 0, true}, {7*time.Hour - 1, 0, true}, {7 * time.Hour, 0, false}, {23*time.Hour - 1, 0, false}, {23 * time.Hour, 1, true}, {31 * time.Hour, 1, false}, {47 * time.Hour, 2, true}} {
		if day, open := s.DayOf(realcore.Instant(c.at)), s.OpenAt(realcore.Instant(c.at)); day != c.day || open != c.open {
			t.Errorf("%v after the beginning is day %d, open %v; want %d, %v", c.at, day, open, c.day, c.open)
		}
	}
	if s.Closing() != realcore.Instant(55*time.Hour) {
		t.Errorf("the last night ends after %v; want 55h", time.Duration(s.Closing()))
	}
}

// On days on which clocks change, hours open and close when the clock on the
// wall says so.
func TestClockChange(t *testing.T) {
	for _, c := range []struct {
		zone, day, hours string
		open             string // spans in UTC, after the first midnight
	}{
		{"Europe/Berlin", "2026-03-28", "09:00-17:00", "28T08:00-28T16:00 29T07:00-29T15:00 30T07:00-30T15:00"},
		{"Europe/Berlin", "2026-10-24", "09:00-17:00", "24T07:00-24T15:00 25T08:00-25T16:00 26T08:00-26T16:00"},
		{"America/New_York", "2026-03-07", "09:00-17:00", "07T14:00-07T22:00 08T13:00-08T21:00 09T13:00-09T21:00"},
		{"America/New_York", "2026-10-31", "09:00-17:00", "31T13:00-31T21:00 01T14:00-01T22:00 02T14:00-02T22:00"},
		// 02:30 does not exist on the 29th: opening then is the jump at 03:00.
		{"Europe/Berlin", "2026-03-28", "02:30-05:00", "28T01:30-28T04:00 29T01:00-29T03:00 30T00:30-30T03:00"},
		// 02:30 comes twice on the 25th: open from the first, to the second.
		{"Europe/Berlin", "2026-10-24", "02:30-05:00", "24T00:30-24T03:00 25T00:30-25T04:00 26T01:30-26T04:00"},
		{"Europe/Berlin", "2026-10-24", "01:00-02:30", "23T23:00-24T00:30 24T23:00-25T01:30 26T00:00-26T01:30"},
		// Nights: eight hours, but seven and nine over the change.
		{"America/New_York", "2026-03-07", "22:00-06:00", "07T05:00-07T11:00 08T03:00-08T10:00 09T02:00-09T10:00 10T02:00-10T10:00"},
		{"Asia/Tokyo", "2026-03-28", "09:00-17:00", "28T00:00-28T08:00 29T00:00-29T08:00 30T00:00-30T08:00"},
		{"Australia/Lord_Howe", "2026-04-04", "09:00-17:00", "03T22:00-04T06:00 04T22:30-05T06:30 05T22:30-06T06:30"},
	} {
		s := compile(t, fmt.Sprintf("callwright: 1\nzone: %s\nstart: %s\ndays: 3\nhours: {h: %s}\ngroups: {g: {agents: 1}}\nqueues: {q: {hours: h}}\ncalls: {c: {rate: 6/h, handle: 60s}}\n", c.zone, c.day, c.hours), nil)
		var got []string
		want := strings.Fields(c.open)
		for _, x := range s.Plan.Calendars[0].Open[:len(want)] {
			utc := func(at realcore.Instant) string {
				return s.Epoch.Add(time.Duration(at)).UTC().Format("02T15:04")
			}
			got = append(got, utc(x.From)+"-"+utc(x.To))
		}
		if g := strings.Join(got, " "); g != c.open {
			t.Errorf("%s %s %s:\n%s, want\n%s", c.zone, c.day, c.hours, g, c.open)
		}
	}
}

// A day of 24 intervals on which an hour is skipped has 23 of them, one on which
// an hour comes twice has it twice.
func TestVolumeOverClockChange(t *testing.T) {
	for day, want := range map[string]float64{"2026-03-28": 24, "2026-03-29": 23, "2026-10-25": 25} {
		s := compile(t, "callwright: 1\nzone: Europe/Berlin\ninterval: 1h\nstart: "+day+"\ngroups: {g: {agents: [1,1,2,3,4,5,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}\nqueues: {q: {}}\ncalls: {c: {volume: {total: 24}, handle: 60s}}\n", nil)
		if got := s.Demand.Sources[0].Arrivals.Rate.Total(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %g calls; want %g", day, got, want)
		}
		if got := time.Duration(s.Horizon).Hours(); got != want {
			t.Errorf("%s: %g hours; want %g", day, got, want)
		}
	}
}

// Agents by interval become shifts: who is more than wanted goes, and the last
// interval's stay to the end. On days before the last they stay as long as stay
// says.
func TestStaff(t *testing.T) {
	text := "callwright: 1\nstart: 2026-04-06\nday: 08:00-11:00\ninterval: 1h\ngroups: {g: {agents: %s}}\nqueues: {q: {}}\ncalls: {c: {rate: 6/h, handle: 60s}}\n"
	for _, c := range []struct{ agents, more, want string }{
		{"[1, 3, 2]", "", "0:0h-end 1:1h-end 2:1h-2h"},
		{"[2, 0, 1]", "", "0:0h-1h 0:2h-end 1:0h-1h"},
		{"2", "", "0:0h-end 1:0h-end"},
		{"[1, 1, 0]", "days: 2\n", "0:0h-2h 0:24h-26h"},
		{"1", "days: 2\nstay: 90m\n", "0:0h-4.5h 0:24h-end"},
		{"[1, 1, 1, 0, 0, 1]", "days: 2\nstay: 0s\n", "0:0h-3h 0:26h-end"},
		{"{every: 90m, count: [1, 2]}", "", "0:0h-end 1:1.5h-end"},
		{"{by-day: {mon: 1, tue: [0, 2, 0]}}", "days: 2\nstay: 0s\n", "0:0h-3h 0:25h-26h 1:25h-26h"},
		{"{by-day: {daily: 1, holiday: 0}}", "days: 2\nholidays: [2026-04-06]\n", "0:24h-end"},
		{"{csv: s.csv}", "", "0:0h-2h 1:1h-2h"},
		{"{shifts: [{agents: 1, hours: 09:00-12:00}, {agents: 1, hours: 08:00-10:00, breaks: [{at: 09:00, for: 30m, reason: tea}]}]}", "", "0:1h-end 1:0h-2h 1:1h-1.5h(16)"},
		{"{shifts: [{agents: 1, hours: 22:00-09:00, days: sun}]}", "", "0:0h-1h"},
		{"{shifts: [{agents: 1, hours: 08:00-09:00, days: [mon, wed]}]}", "days: 3\n", "0:0h-1h 0:48h-49h"},
		{"{shifts: [{agents: 1, hours: 08:00-09:00, days: mon-fri}]}", "days: 2\nholidays: [2026-04-07]\n", "0:0h-1h"},
	} {
		s := compile(t, strings.Replace(fmt.Sprintf(text, c.agents), "day:", c.more+"day:", 1), fstest.MapFS{"s.csv": {Data: []byte("g,h\n1,5\n2,5\n0,5\n")}})
		var got []string
		for _, x := range s.Demand.Staff {
			to := fmt.Sprintf("%gh", x.To.Seconds()/3600)
			if x.To == realcore.Never {
				to = "end"
			}
			w := fmt.Sprintf("%d:%gh-%s", x.Agent, x.From.Seconds()/3600, to)
			if x.Reason != 0 {
				w += fmt.Sprintf("(%d)", x.Reason)
			}
			got = append(got, w)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s %q: %s, want %s", c.agents, c.more, g, c.want)
		}
	}
}

// Rates and volumes say how many calls there are.
func TestVolume(t *testing.T) {
	text := "callwright: 1\nstart: 2026-04-06\nday: 08:00-11:00\ninterval: 1h\nMOREgroups: {g: {agents: 1}}\nqueues: {q: {}}\ncalls: {c: {WHAT, handle: 60s}}\n"
	for _, c := range []struct {
		what, more string
		total      float64
		at         float64 // rate an hour after 90 minutes
	}{
		{"rate: 6/h", "", 18, 6}, {"rate: 2/min", "", 360, 120}, {"rate: 24/day", "", 3, 1}, {"rate: 6/h", "days: 2\n", 36, 6},
		{"volume: [1, 2, 3]", "", 6, 2}, {"volume: [1, 2, 3, 4, 5, 6]", "days: 2\n", 21, 2}, {"volume: 30", "", 30, 10},
		{"volume: {total: 12, shape: [1, 2, 3]}", "", 12, 4}, {"volume: {every: 30m, calls: [1, 1, 1, 2, 1, 1]}", "", 7, 4},
		{"volume: {every: 90m, calls: [1, 3]}, factor: 2", "", 8, 4}, {"rate: {per: h, values: [0, 6, 6, 0], linear: true}", "", 12, 6},
		{"volume: [1, 1, 1], by-day: {tue: 3, daily: 2}", "days: 2\n", 15, 2},
		{"volume: [1, 1, 1], by-day: {holiday: 0}", "days: 2\nholidays: [2026-04-06]\n", 3, 0},
		{"volume: [1, 1, 1], spikes: [{at: 09:00, volume: 5, hold: 1h}]", "", 8, 6},
		{"volume: {by-day: {mon: [1, 2, 3]}}", "days: 2\n", 6, 2}, {"volume: {csv: {file: v.csv, column: b}}", "", 60, 20},
	} {
		s := compile(t, strings.Replace(strings.Replace(text, "WHAT", c.what, 1), "MORE", c.more, 1), fstest.MapFS{"v.csv": {Data: []byte("a, b\n1,10\n1,20\n1,30\n")}})
		p := s.Demand.Sources[0].Arrivals.Rate
		if got, at := p.Total(), p.Rate(5400)*3600; math.Abs(got-c.total) > 1e-9 || math.Abs(at-c.at) > 1e-9 {
			t.Errorf("%s %q: %g calls, %g an hour; want %g, %g", c.what, c.more, got, at, c.total, c.at)
		}
	}
}

// Defaults nobody sourced are told, and the digest does not see comments.
func TestAssumptionsAndDigest(t *testing.T) {
	s := compile(t, small, nil)
	var got []string
	for _, a := range s.Assumptions {
		got = append(got, a.Path)
	}
	if g := strings.Join(got, " "); g != "groups.g.ring queues.q.target calls.c.patience" {
		t.Errorf("assumed: %s", g)
	}
	if d := compile(t, "# a comment\n"+strings.ReplaceAll(small, "{agents: 1}", "{ agents:   1 }"), nil).Digest; d != s.Digest {
		t.Errorf("digest changes with layout")
	}
	if d := compile(t, strings.Replace(small, "60s", "61s", 1), nil).Digest; d == s.Digest {
		t.Errorf("digest does not change with a handle time")
	}
}
