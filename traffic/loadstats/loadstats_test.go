package loadstats

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Case 03 of the shared cases: Q7 and Q8.
func TestCaseBounds(t *testing.T) {
	if n := CleanCalls(0.001, 0.95); n != 2995 {
		t.Errorf("%d clean calls", n)
	}
	if u := Upper(12, 20000, 0.95); math.Abs(u-0.0009719) > 1e-7 {
		t.Errorf("upper bound %v", u)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		k, n int64
		conf float64
	}{{0, 10, 0.95}, {1, 10, 0.95}, {5, 10, 0.99}, {10, 10, 0.95}, {3, 1000, 0.9}} {
		u, l := Upper(c.k, c.n, c.conf), Lower(c.k, c.n, c.conf)
		// at the bound, so few (so many) come with probability 1 - confidence
		if c.k < c.n && math.Abs(binomialCDF(c.k, c.n, u)-(1-c.conf)) > 1e-9 {
			t.Errorf("Upper(%d, %d) = %v: %v", c.k, c.n, u, binomialCDF(c.k, c.n, u))
		}
		if c.k > 0 && math.Abs(1-binomialCDF(c.k-1, c.n, l)-(1-c.conf)) > 1e-9 {
			t.Errorf("Lower(%d, %d) = %v", c.k, c.n, l)
		}
	}
	if Upper(10, 10, 0.95) != 1 || Lower(0, 10, 0.95) != 0 || !math.IsNaN(Upper(3, 2, 0.95)) || !math.IsNaN(Upper(0, 0, 0.95)) {
		t.Error("special cases")
	}
	for _, p := range []float64{0.001, 0.005, 0.2} {
		n := CleanCalls(p, 0.95)
		if Allowed(n, p, 0.95) < 0 || Allowed(n-1, p, 0.95) >= 0 {
			t.Errorf("%v: %d is not the least", p, n)
		}
		for _, n := range []int64{n, 10 * n, 100 * n} {
			k := Allowed(n, p, 0.95)
			if Upper(k, n, 0.95) >= p || Upper(k+1, n, 0.95) < p {
				t.Errorf("Allowed(%d, %v) = %d", n, p, k)
			}
		}
	}
}

func binomialCDF(k, n int64, p float64) (sum float64) {
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// attempt is one call that is answered after 100 ms, rings after 20, and talks a second.
func attempt(at time.Duration, code int) *Attempt {
	a := &Attempt{Intended: at - 5*time.Millisecond, Started: at, Status: at + 20*time.Millisecond, Ringing: at + 20*time.Millisecond, Final: at + 100*time.Millisecond, Bye: Never, Ended: at + 100*time.Millisecond, Code: code}
	if code == 200 {
		a.Bye, a.Ended, a.Completed = at+1100*time.Millisecond, at+1110*time.Millisecond, true
	}
	return a
}

// The ratios of RFC 6076, by hand: 100 calls, of which 70 are answered (69 complete), 10
// busy, 5 redirected, 4 times 503, 1 time-out, 6 times 404, 4 cancelled.
func TestFigures(t *testing.T) {
	var v Interval
	for code, n := range map[int]int{200: 70, 486: 10, 302: 5, 503: 4, 0: 1, 404: 6, 487: 4} {
		for i := range n {
			a := attempt(time.Second, code)
			switch {
			case code == 200 && i == 0:
				a.Completed, a.ByeLate, a.Step, a.Cause = false, true, "hang up", "no answer"
			case code == 0:
				a.Status, a.Ringing, a.Final, a.Step, a.Cause = Never, Never, Never, "call", "no answer"
			case code == 487:
				a.Abandoned = true
			case code != 200:
				a.Step, a.Cause = "call", "code"
			}
			v.Add(a)
		}
	}
	f := v.Figures()
	for _, x := range []struct {
		name string
		got  Ratio
		want Ratio
	}{{"SER", f.SER, Ratio{95, 70}}, {"SEER", f.SEER, Ratio{95, 80}}, {"ISA", f.ISA, Ratio{100, 5}}, {"SCR", f.SCR, Ratio{100, 69}}, {"failed", f.Fail, Ratio{100, 27}}} {
		if x.got != x.want {
			t.Errorf("%s is %v, want %v", x.name, x.got, x.want)
		}
	}
	if v.N(SRD) != 70 || v.N(SRDFailed) != 20 || v.N(SDT) != 69 || v.N(SDTFailed) != 1 || v.N(SetUpIntended) != 70 {
		t.Errorf("%d srd, %d failed, %d sdt", v.N(SRD), v.N(SRDFailed), v.N(SDT))
	}
	near := func(m Measure, want float64) {
		t.Helper()
		if got := v.Quantile(m, 0.5); math.Abs(got-want) > want/1000 {
			t.Errorf("%s is %v, want %v", m, got, want)
		}
	}
	near(SRD, 0.020)
	near(SRDIntended, 0.025)
	near(SetUp, 0.100)
	near(SetUpIntended, 0.105)
	near(SDT, 1)
}

func TestThresholds(t *testing.T) {
	var v Interval
	for i := range 1000 {
		a := attempt(time.Duration(i)*time.Millisecond, 200)
		if i < 2 {
			a = attempt(0, 503)
			a.Step, a.Cause = "call", "503"
		}
		v.Add(a)
		v.Histograms.Add(MOS, 4.2)
	}
	for text, want := range map[string]bool{
		"p99(srd) < 800ms": true, "p99(srd)<10ms": false, "ser > 99.5%": true, "ser > 99.9%": false, "p5(mos) > 3.8": true, "mean(setup) < 0.2s": true, "max(setup) < 90ms": false,
		"failed < 0.5% at 95%": false, "failed < 1% at 95%": true, "failed < 0.5%": true, "ser > 99% at 95%": true, "p50(loss) < 1%": false,
	} {
		ts, err := ParseThresholds([]string{text})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if j := ts.Judge(&v)[0]; j.Passed != want {
			t.Errorf("%s: %+v", text, j)
		}
	}
	for text, want := range map[string]string{
		"srd < 5ms": "no ratio", "p99(srt) < 5ms": "no measure", "q9(srd) < 5ms": "no statistic", "p101(srd) < 5ms": "no statistic", "p99(srd) = 5ms": "neither", "p99(srd) < 5": "no length",
		"ser > 0.995": "no share", "failed < 1% at 120%": "confidence", "p99(srd) < 5ms at 95%": "only a share", "p5(mos) > good": "no number", "": "neither",
	} {
		if _, err := ParseThresholds([]string{text}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// A run may end as soon as a share cannot be proved any more, and not one call before.
func TestLost(t *testing.T) {
	ts, err := ParseThresholds([]string{"failed < 0.5% at 95%", "ser > 99.5% at 95%"})
	if err != nil {
		t.Fatal(err)
	}
	const planned = 2000
	allowed := Allowed(planned, 0.005, 0.95)
	for _, th := range ts {
		var v Interval
		for i := range allowed + 1 {
			if th.Lost(&v, planned) {
				t.Errorf("%s: lost after %d", th.Text, i)
			}
			a := attempt(0, 500)
			a.Step, a.Cause = "call", "500"
			v.Add(a)
		}
		if !th.Lost(&v, planned) || th.Lost(&v, 0) {
			t.Errorf("%s: not lost after %d", th.Text, allowed+1)
		}
	}
}

// What is written is read again, second by second, and a damaged file says where.
func TestStream(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.Run(&Run{Target: "sip:x", Planned: 30, Thresholds: []string{"failed < 50%"}})
	var all Interval
	for i := range 3 {
		v := Interval{At: time.Duration(i) * time.Second, Length: time.Second, Open: int64(i)}
		for k := range 10 {
			a := attempt(v.At, 200)
			a.Audio = &Audio{Received: 10, Expected: 11, Lost: 1, Loss: 1.0 / 11, MOS: 4.1, Jitter: time.Millisecond, First: 20 * time.Millisecond}
			if k == 0 {
				a = attempt(v.At, 404)
				a.Step, a.Cause = "call", "404"
			}
			v.Start(a.Intended, a.Started, 1)
			v.Add(a)
		}
		all.Merge(&v)
		w.Second(&v)
	}
	w.Sample(&Sample{Number: 4, Why: "failed", Lines: []Message{{At: time.Millisecond, Ours: true, First: "INVITE"}}})
	if err := w.End(&End{Verdict: "PASS", Lasted: 3 * time.Second}); err != nil {
		t.Fatal(err)
	}
	s, err := Read(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if !s.Whole || len(s.Seconds) != 3 || len(s.Samples) != 1 || s.Total.Started != 30 || s.Total.Failed != 3 || s.Total.Length != 3*time.Second {
		t.Errorf("read %+v", s.Total.Counts)
	}
	x, _ := json.Marshal(all.paper())
	y, _ := json.Marshal(s.Total.paper())
	if !bytes.Equal(x, y) {
		t.Errorf("the sum of what was read is another:\n%s\n%s", x, y)
	}
	if js, verdict, err := s.Judge(nil); err != nil || verdict != Pass || len(js) != 1 {
		t.Errorf("%v %v %v", js, verdict, err)
	}
	lines := strings.SplitAfter(b.String(), "\n")
	if s, err := Read(strings.NewReader(strings.Join(lines[:3], "") + lines[3][:20])); err != nil || s.Whole || len(s.Seconds) != 2 {
		t.Errorf("cut: %+v %v", s, err)
	}
	for _, bad := range []string{"", "x\n", "{}\n", lines[1], lines[0] + "x\n" + lines[1]} {
		if _, err := Read(strings.NewReader(bad)); err == nil {
			t.Errorf("%.30q is read", bad)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.Run(&Run{Target: "sip:x"})
	var v Interval
	v.Add(attempt(0, 200))
	w.Second(&v)
	w.End(&End{})
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := Read(bytes.NewReader(b)); err == nil {
			s.Judge(nil)
		}
	})
}

// Halves add up to the whole, in any order.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var one, a, b Interval
	for range 2000 {
		x := attempt(time.Duration(r.Int64N(1e9)), []int{200, 200, 404, 0}[r.IntN(4)])
		one.Add(x)
		if r.IntN(2) == 0 {
			a.Add(x)
		} else {
			b.Add(x)
		}
	}
	b.Merge(&a)
	if one.Counts != b.Counts || !reflect.DeepEqual(one.Codes, b.Codes) || one.Quantile(SRD, 0.9) != b.Quantile(SRD, 0.9) {
		t.Errorf("%+v\n%+v", one.Counts, b.Counts)
	}
}

// A target that carries up to a limit, and near it fails by chance: the knee is found
// within 5 % in at least 95 of 100 searches.
func TestSearch(t *testing.T) {
	good := 0
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		limit := 20 + 80*r.Float64()
		s := Search{From: 5, To: 500, Precision: 0.02}
		n := 0
		for rate, ok := s.Next(); ok; rate, ok = s.Next() {
			if n++; n > 60 {
				t.Fatalf("seed %d: no end: %+v", seed, s.done)
			}
			z := (rate/limit - 1) / 0.01 // chance decides within about 1 %
			s.Told(Trial{Rate: rate, Passed: r.Float64() > 1/(1+math.Exp(-2*z)), Valid: true})
		}
		if k := s.Knee(); math.Abs(k.Rate/limit-1) < 0.05 && k.Low < k.High {
			good++
		}
	}
	if good < 95 {
		t.Errorf("%d of 100", good)
	}
	s := Search{From: 5, To: 20, Precision: 0.02}
	for rate, ok := s.Next(); ok; rate, ok = s.Next() {
		s.Told(Trial{Rate: rate, Passed: true, Valid: rate < 10})
	}
	if k := s.Knee(); !k.Generator || k.Low >= 10 || k.High < 10 {
		t.Errorf("the generator's limit: %+v", k)
	}
	s = Search{From: 5, To: 20, Precision: 0.02}
	for rate, ok := s.Next(); ok; rate, ok = s.Next() {
		s.Told(Trial{Rate: rate, Passed: true, Valid: true})
	}
	if k := s.Knee(); !math.IsInf(k.High, 1) || k.Low != 20 || !k.Sure {
		t.Errorf("no limit: %+v", k)
	}
}

// Two runs of one target differ by nothing; one of a target that is 10 % slower is seen.
func TestDiff(t *testing.T) {
	run := func(seed uint64, scale float64) *Story {
		r := rand.New(rand.NewPCG(seed, 3))
		s := &Story{}
		for i := range 42 {
			v := Interval{At: time.Duration(i) * time.Second, Length: time.Second}
			for range 100 {
				a := attempt(v.At, 200)
				a.Status = a.Started + time.Duration(scale*float64(20*time.Millisecond)*(1+r.ExpFloat64()/10))
				v.Add(a)
			}
			s.Total.Merge(&v)
			v.Pack()
			s.Seconds = append(s.Seconds, v)
		}
		return s
	}
	find := func(ds []Difference) Difference {
		for _, d := range ds {
			if d.Name == "p50(srd)" {
				return d
			}
		}
		t.Fatal("no p50(srd)")
		return Difference{}
	}
	wrong := 0
	for seed := range uint64(15) {
		if find(Diff(run(seed, 1), run(seed+1000, 1), 0.95)).Conclude != "" {
			wrong++
		}
	}
	if wrong > 3 { // 0.75 expected of 15; 4 or more would come with probability 0.006
		t.Errorf("%d of 15 equal runs differ", wrong)
	}
	if d := find(Diff(run(1, 1), run(2, 1.1), 0.95)); d.Conclude != "higher" || d.Low > 1.1 || d.Up < 1.1 {
		t.Errorf("10 %% slower: %+v", d)
	}
}

func TestVerdict(t *testing.T) {
	ok := SelfCheck{Starts: 1000, Reached: 10, Busy: 0.2}
	late := ok
	late.StartsLate = 20
	failed := Interval{Counts: Counts{Started: 10, Ended: 10, Failed: 1}}
	fine := Interval{Counts: Counts{Started: 10, Ended: 10}}
	dead := Interval{Counts: Counts{Wanted: 10, Started: 10, Ended: 10, Abandoned: 10}, Codes: map[int]int64{0: 10}}
	held := Interval{Counts: Counts{Wanted: 10, Held: 10}}
	answeredFail := Interval{Counts: Counts{Started: 10, Ended: 10, Answered: 9, Failed: 5}, Codes: map[int]int64{200: 9, 486: 1}}
	ser := []Judgement{{Threshold: Threshold{What: "ser"}, Passed: true}}
	passed, breached := []Judgement{{Threshold: Threshold{What: "failed"}, Passed: true}}, []Judgement{{Threshold: Threshold{What: "srd", Stat: "p99"}}}
	for _, c := range []struct {
		v           *Interval
		c           *SelfCheck
		j           []Judgement
		interrupted bool
		want        Verdict
	}{
		{&fine, &ok, nil, false, Pass}, {&failed, &ok, nil, false, CallsFailed}, {&failed, &ok, passed, false, Pass}, {&failed, &ok, breached, false, Breached},
		{&failed, &late, breached, false, Invalid}, {&fine, &late, nil, true, Interrupted},
		{&dead, &ok, nil, false, CallsFailed}, {&dead, &ok, passed, false, CallsFailed}, {&held, &ok, nil, false, CallsFailed},
		{&failed, &ok, ser, false, Pass}, {&answeredFail, &ok, ser, false, CallsFailed}, {&answeredFail, &ok, passed, false, Pass},
	} {
		if got := Decide(c.v, c.c, c.j, c.interrupted); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
	if s := ok.Saturates(); s != 50 {
		t.Errorf("saturates at %v", s)
	}
	if s := late.Saturates(); s != 10 {
		t.Errorf("fell behind at %v", s)
	}
}

// A rate that the generator cannot make at the second try is tried no further for ever.
func TestSearchInvalid(t *testing.T) {
	s := Search{From: 10, To: 100, Precision: 0.05}
	tries := 0
	for rate, ok := s.Next(); ok; rate, ok = s.Next() {
		if tries++; tries > 60 {
			t.Fatal("it does not end")
		}
		s.Told(Trial{Rate: rate, Passed: rate < 40, Valid: tries < 10})
	}
}

// There are more keys than calls: what is planned in calls says nothing of them.
func TestLostKeys(t *testing.T) {
	ts, err := ParseThresholds([]string{"keys-wrong < 1% at 95%"})
	if err != nil {
		t.Fatal(err)
	}
	v := Interval{Counts: Counts{Ended: 100, KeysExpected: 400, KeysWrong: 6}}
	if ts[0].Lost(&v, 1000) {
		t.Error("given up with 3,600 keys to come")
	}
}
