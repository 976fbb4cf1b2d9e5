// The bank of the shared data: fitted on 1 to 20 January 1999, judged on 21 to 31.
package fit_test

import (
	"bytes"
	"math"
	"os"
	"testing"
	"time"

	"callwright/internal/shared"
	"callwright/realcore/cdr/calllog"
	"callwright/realcore/measure"
	"callwright/scenarios"
	"callwright/sim"
	"callwright/traffic/fit"
)

var israel = time.FixedZone("IST", 2*3600)

func january(day int) time.Time { return time.Date(1999, 1, day, 0, 0, 0, 0, israel) }

func bank(t testing.TB) []calllog.Call {
	t.Helper()
	b, err := os.ReadFile(shared.Path(t, "data", "bank1999_calls_january.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var calls []calllog.Call
	if _, err := calllog.Read(bytes.NewReader(b), calllog.Options{Name: "january", Zone: israel}, func(c *calllog.Call) error {
		calls = append(calls, *c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return calls
}

func fitted(t testing.TB, calls []calllog.Call, opt fit.Options) *fit.Model {
	t.Helper()
	h := fit.NewHistory(opt)
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

var judged = []measure.ID{"abandonment", "wait_all", "sl_offered", "sl_answered", "sl_exclude_within", "sl_count_within"}

func text(t testing.TB, m *fit.Model, f fit.Forecast) []byte {
	t.Helper()
	b, err := m.Scenario(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func predict(t testing.TB, text []byte, reps int) *sim.Result {
	t.Helper()
	f, err := scenarios.Parse("fitted.yaml", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(scenarios.Options{Zone: time.LoadLocation})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range s.Warnings {
		t.Log(w)
	}
	r, err := sim.Run(s.Plan, s.Demand, sim.Config{Seed: 1, Reps: reps, Workers: 2, Measure: measure.Config{Interval: 24 * time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// count measures the days of a log.
func count(t testing.TB, calls []calllog.Call, from, to int) map[measure.ID]float64 {
	t.Helper()
	names := calllog.NewNames(calllog.ByAny)
	var list []*calllog.Call
	for i := range calls {
		if c := &calls[i]; !c.At.Before(january(from)) && c.At.Before(january(to+1)) {
			list = append(list, c)
			if err := names.Add(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	tab := measure.NewTable(names.Plan("log", january(from)), measure.Config{Interval: 24 * time.Hour})
	rec := calllog.NewRecorder(names, january(from), tab)
	for _, c := range list {
		if err := rec.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	cell := tab.Cell(measure.All, measure.All, nil)
	out := map[measure.ID]float64{}
	for _, d := range measure.Definitions() {
		if v, ok := d.Value(&cell); ok {
			out[d.ID] = v
		}
	}
	return out
}

var bankOptions = fit.Options{From: january(1), To: january(20), Credits: []fit.Credit{{Priority: "2", Name: "high", Credit: 90 * time.Second}}}

var judgedDays = fit.Forecast{Name: "bank-month", Zone: "Asia/Jerusalem", First: january(21), Days: 11}

// verdict is a prediction beside what was measured.
type verdict struct{ mean, low, high, measured float64 }

func (v verdict) off() float64 { return math.Abs(v.mean - v.measured) }

func judge(t testing.TB, what string, m *fit.Model, f fit.Forecast, got map[measure.ID]float64, reps int) map[measure.ID]verdict {
	t.Helper()
	r := predict(t, text(t, m, f), reps)
	out := map[measure.ID]verdict{}
	for _, id := range append([]measure.ID{"offered"}, judged...) {
		e, level := r.Sums(measure.Find(id), measure.All, measure.All, nil).Predict(0.95)
		v := verdict{e.Value, e.Low, e.High, got[id]}
		out[id] = v
		t.Logf("%-28s %-18s predicted %9.4f, %.0f %% prediction [%.4f, %.4f], measured %.4f", what, id, v.mean, 100*level, v.low, v.high, v.measured)
	}
	return out
}

// aims are those of the project: abandonment within 1.5 points, mean wait within
// 20 %, service levels within 5 points.
func meets(id measure.ID, v verdict) bool {
	switch id {
	case "abandonment":
		return v.off() <= 0.015
	case "wait_all":
		return v.off() <= 0.20*v.measured
	}
	return v.off() <= 0.05
}

// The method was chosen on 1 to 20 January alone: fitted on 1 to 13, it predicts 14
// to 20 within all aims, on a fixed seed.
func TestBankChosenInside(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	calls := bank(t)
	opt := bankOptions
	opt.To = january(13)
	f := judgedDays
	f.First, f.Days = january(14), 7
	for id, v := range judge(t, "1-13 on 14-20", fitted(t, calls, opt), f, count(t, calls, 14, 20), 40) {
		if id != "offered" && !meets(id, v) {
			t.Errorf("%s: predicted %.4f, measured %.4f", id, v.mean, v.measured)
		}
	}
}

// The judged days miss all aims, and this shows by what: they had 29 % fewer calls,
// and a fifth more agent time a call. With their own volumes and agents, handle
// times and patience being those of the fitted days, all aims are met and all
// measured values lie inside the prediction interval; with one of the two they are
// not.
func TestBankJudged(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	calls := bank(t)
	got := count(t, calls, 21, 31)
	m := fitted(t, calls, bankOptions)
	opt := bankOptions
	opt.From, opt.To = january(21), january(31)
	own := fitted(t, calls, opt)
	judge(t, "forecast", m, judgedDays, got, 40)
	judge(t, "diagnosis: own volumes", m.With(own, fit.Volumes), judgedDays, got, 20)
	judge(t, "diagnosis: own agents", m.With(own, fit.Agents), judgedDays, got, 20)
	for id, v := range judge(t, "diagnosis: both", m.With(own, fit.Volumes|fit.Agents), judgedDays, got, 40) {
		if !(v.low <= v.measured && v.measured <= v.high) {
			t.Errorf("%s: measured %.4f outside %.4f to %.4f with the days' own volumes and agents", id, v.measured, v.low, v.high)
		}
		if id != "offered" && !meets(id, v) {
			t.Errorf("%s: predicted %.4f, measured %.4f with the days' own volumes and agents", id, v.mean, v.measured)
		}
	}
}

// Where the next customer was waiting already the median time between calls is
// 5 s (shared/data/README.md).
func TestBankBetween(t *testing.T) {
	m := fitted(t, bank(t), bankOptions)
	if b := m.Duty.Between; b.Median != 5 || b.Waiting < 7000 {
		t.Errorf("median %v s of %d gaps, want 5 s of over 7,000", b.Median, b.Waiting)
	}
	if d := m.Duty; d.Blank != 328 || d.Assigned+d.Extra != d.Blank {
		t.Errorf("%d services without a name, %d assigned, %d of their own; want all 328", d.Blank, d.Assigned, d.Extra)
	}
	if len(m.Gaps) != 3 || !(m.Gaps[0].Hours < m.Gaps[1].Hours && m.Gaps[1].Hours < m.Gaps[2].Hours) {
		t.Errorf("gaps %+v; want 5, 15 and 30 minutes with rising hours", m.Gaps)
	}
}
