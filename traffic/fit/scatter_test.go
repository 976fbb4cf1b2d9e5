package fit

import (
	"math"
	"strconv"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr/calllog"
)

// Four Mondays of 80, 120, 60 and 140 calls where 40 and 60 in two slots are usual.
//
//	day       (e-100)²-100 over 100²: 0.03, 0.03, 0.15, 0.15, mean 0.09, times
//	          n/(n-k) = 4/3: 0.12
//	interval  (N-m)² - m(1-p), slot by slot 44.8, 35.2, 21.6 and 2.4 twice, 208 in
//	          all, over the sum of m², 22,880: 1/110, times 4/3
func TestScatter(t *testing.T) {
	a := Arrivals{Groups: []DayGroup{{Days: []time.Weekday{time.Monday}, N: 4, Mean: 100, Shapes: [][][]float64{{{40, 60}}}}}}
	for w := range a.Week {
		a.Week[w].Group = -1
	}
	a.Week[time.Monday] = Weekday{N: 4, Mean: Estimate{Value: 100}, Factor: 1}
	g := newGrid(4, 2)
	g.n = [][]float64{{40, 40}, {40, 80}, {30, 30}, {50, 90}}
	for i := range g.n {
		a.Days = append(a.Days, Day{Date: monday.AddDate(0, 0, 7*i), Calls: total(g.n[i])})
	}
	a.scatter(g)
	near(t, "day", a.DayCV.Value, math.Sqrt(0.12), 1e-12)
	near(t, "interval", a.IntervalCV.Value, math.Sqrt(4.0/330), 1e-12)
	// Deviations of 0.06 on 3 degrees of freedom: Student's 3.182446.
	near(t, "day, high", a.DayCV.High, math.Sqrt((0.09+3.182446*math.Sqrt(4*0.0036/3/4))*4/3), 1e-6)
	near(t, "dispersion", a.Dispersion, (0+400.0/60+0+400.0/60+100.0/40+900.0/60+100.0/40+900.0/60)/8, 1e-12)

	a.Days, g.n = a.Days[:1], g.n[:1]
	if a.scatter(g); !math.IsNaN(a.DayCV.Value) || !math.IsNaN(a.IntervalCV.Value) || !math.IsNaN(a.PeriodCV.Value) || !math.IsNaN(a.Dispersion) {
		t.Errorf("one day tells no scatter: %+v", a)
	}
}

// Six points about the line y = x: what is left, 0.04, is over 6 points less the
// slope less what was lost before.
func TestSlope(t *testing.T) {
	var s moments
	for _, y := range []float64{0.2, 0, 0.1} {
		s.add(0.1, y, 0.001)
		s.add(-0.1, -y, 0.001)
	}
	b, cv := s.slope(1)
	near(t, "slope", b, 1, 1e-12)
	near(t, "scatter", cv, math.Sqrt(0.04/4-0.001), 1e-12)
	if _, cv = s.slope(5); !math.IsNaN(cv) {
		t.Errorf("scatter %v with no degree of freedom", cv)
	}
	if b, _ = new(moments).slope(0); !math.IsNaN(b) {
		t.Errorf("slope %v of no points", b)
	}
}

func TestStudent(t *testing.T) {
	for _, c := range []struct{ df, want float64 }{{1, 12.7062}, {3, 3.1824}, {7, 2.3646}, {30, 2.0423}, {1e9, 1.9600}} { // any table
		near(t, "quantile", t95(c.df), c.want, 5e-5)
	}
	if !math.IsNaN(t95(0)) || !math.IsNaN(around(1, 0, 0).Low) {
		t.Error("an interval without a degree of freedom")
	}
}

// The gamma function against the sum of terms, in logarithms.
func TestPoissonAtMost(t *testing.T) {
	for _, c := range []struct{ n, mean float64 }{{0, 0.5}, {3, 2}, {20, 30}, {700, 800}, {1000, 1000}, {0, 0}, {2, 0}} {
		want := 0.0
		for k := 0.0; k <= c.n; k++ {
			l, _ := math.Lgamma(k + 1)
			if c.mean > 0 {
				want += math.Exp(k*math.Log(c.mean) - c.mean - l)
			}
		}
		if c.mean == 0 {
			want = 1
		}
		near(t, "P(N <= n)", poissonAtMost(c.n, c.mean), want, 1e-9)
	}
}

// Of 200 calls two in five are of the second queue: who takes a hundred has 40 of
// them if he serves it like anybody, and serves it from a quarter of that on.
func TestSkillThreshold(t *testing.T) {
	for _, c := range []struct{ second, groups int }{{10, 1}, {9, 2}} {
		var h History
		for q := range 2 {
			h.queues.of(strconv.Itoa(q))
			h.agents.of(strconv.Itoa(q))
		}
		serve := func(n ...int) (list []service) {
			for q := range n {
				for range n[q] {
					list = append(list, service{queue: q})
				}
			}
			return list
		}
		groups, _ := h.groups([][]service{serve(30, 70), serve(100-c.second, c.second)})
		if len(groups) != c.groups {
			t.Errorf("%d of 100 in the second queue: %d groups, want %d", c.second, len(groups), c.groups)
		}
	}
}

// Both agents are free from 150 s to 300 s; the first has been for longer.
func TestLongestFree(t *testing.T) {
	first := []service{{start: sec(0), end: sec(100)}, {start: sec(300), end: sec(400)}}
	second := []service{{start: sec(0), end: sec(150)}, {start: sec(310), end: sec(400)}}
	blank := []service{{start: sec(200), end: sec(250)}}
	for i, known := range [][][]service{{first, second}, {second, first}} {
		all := new(Duty).assign(known, blank, sec(300))
		if len(all) != 2 || len(all[i]) != 3 || all[i][1].start != sec(200) {
			t.Errorf("agent %d, free since 100 s, was not given the call: %v", i, all)
		}
	}
}

// A tier of less than 2 % of those who waited is no stream of its own: its calls and
// their waits are in the normal one.
func TestSmallTier(t *testing.T) {
	for _, c := range []struct {
		second int
		want   float64
	}{{19, 0}, {20, 0.02}} {
		h := NewHistory(Options{Credits: []Credit{{Priority: "2", Name: "high", Credit: time.Minute}}})
		h.queues.of("q")
		for i := range 1000 {
			x := call{wait: time.Second, n: 1, abandoned: i%10 < 6, answered: i%10 >= 6}
			if i < c.second {
				x.tier = 1
			}
			h.calls = append(h.calls, x)
		}
		shares := h.shares()
		near(t, "share", shares[0][1], c.want, 1e-12)
		m := &Model{Queues: []Queue{{Name: "q"}}}
		h.patience(m, shares)
		s := m.Queues[0].Streams[0].Patience.Sample
		n := 1000.0
		if c.want > 0 {
			n -= float64(c.second)
		}
		near(t, "waits of the normal stream", s.Observed()+s.Cut(), n, 0)
	}
}

// A queue of few calls has the law of all, and its own number and mean.
func TestSmallQueue(t *testing.T) {
	calls := synthetic(5, 0.1, 0.1, 4)
	for i := range calls {
		if c := &calls[i]; i%1000 == 1 {
			c.Queue, c.Talk = "small", time.Duration(500+i/1000)*time.Second
		}
	}
	m := modelOf(t, calls, Options{})
	for _, q := range m.Queues {
		if q.Name != "small" {
			continue
		}
		n := q.Handle.Sample.Observed()
		if n < 3 || n > 10 || q.Handle.From != "all calls" || !math.IsNaN(q.Handle.Chosen.KS) || len(q.Handle.Laws) == 0 {
			t.Errorf("%v calls, law of %q, distance %v", n, q.Handle.From, q.Handle.Chosen.KS)
		}
		near(t, "mean", q.Handle.Mean.Value, 500+(n-1)/2, 1e-9)
		return
	}
	t.Error("no small queue")
}

// Where agents have a call now and then, sessions split at short gaps begin with
// calls that did not wait: somebody was there, and that is said.
func TestUnseenAgents(t *testing.T) {
	calls := synthetic(5, 0.1, 0.1, 4)
	for gap, want := range map[time.Duration]int{2 * time.Minute: 1, 3 * time.Hour: 0} {
		m := modelOf(t, calls, Options{Gap: gap})
		if n := len(m.Warnings()); n != want || (m.Duty.unseen() > unseenMost) != (want == 1) {
			t.Errorf("gap %v: %.3f unseen, warnings %q", gap, m.Duty.unseen(), m.Warnings())
		}
	}
}

// Calls at night, when nobody is there, are left out, and that is said.
func TestLeftOut(t *testing.T) {
	calls := synthetic(5, 0.1, 0.1, 4)
	day := float64(len(calls)) / 5
	for d := range 5 {
		for i := range 100 {
			at := monday.AddDate(0, 0, d).Add(time.Hour + time.Duration(i)*time.Minute)
			calls = append(calls, calllog.Call{At: at, Queued: at, Wait: time.Second, Outcome: realcore.Abandoned})
		}
	}
	m := modelOf(t, calls, Options{})
	near(t, "part", m.Arrivals.Lost(), 100/(100+day), 0.002)
	if len(m.Warnings()) != 1 {
		t.Errorf("warnings %q", m.Warnings())
	}
	left := 0.0
	for _, d := range []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday} {
		left += m.Arrivals.LeftOut(d)
	}
	near(t, "calls of five days", left, 500, 10)
}

// Handle times of an interval report are each queue's own.
func TestReportedHandleTimes(t *testing.T) {
	r := &reported{work: map[string]worked{"a": {1000, 10}, "b": {9000, 30}}}
	m := &Model{Queues: []Queue{{Name: "a", Log: "a"}, {Name: "b", Log: "b"}}}
	if err := r.handleTimes(m, 0); err != nil {
		t.Fatal(err)
	}
	near(t, "a", m.Queues[0].AHT, 100, 0)
	near(t, "b", m.Queues[1].AHT, 300, 0)
	near(t, "all", m.AHT, 250, 0)
	if err := r.handleTimes(m, time.Minute); err == nil {
		t.Error("a handle time is given that nothing needs")
	}
	for _, c := range []struct {
		given time.Duration
		want  float64
		from  string
	}{{0, 250, AHTOthers}, {time.Minute, 60, AHTGiven}} {
		m := &Model{Queues: []Queue{{Name: "a", Log: "a"}, {Name: "b", Log: "b"}, {Name: "c", Log: "c"}}}
		if err := r.handleTimes(m, c.given); err != nil {
			t.Fatal(err)
		}
		if x := m.Queues[2]; x.AHT != c.want || x.AHTFrom != c.from || m.Queues[1].AHT != 300 {
			t.Errorf("given %v: %v s, %s; want %v s, %s", c.given, x.AHT, x.AHTFrom, c.want, c.from)
		}
	}
}
