package preflight

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"callwright/erlang"
	"callwright/media/rtp"
	"callwright/sipua/dialog"
)

func ExamplePlan_Sheet() {
	p := Default()
	p.CallsPerHour, p.Lines, p.Holding.Talk = 600, 60, 301*time.Second
	s, err := p.Sheet()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.6f erlangs on %d lines, %.6f blocked\n", s.Trunk.Load, p.Lines, s.Trunk.Blocking)
	fmt.Println("an INVITE that nobody answers fails after", s.Invite.Failed)
	// Output:
	// 50.166667 erlangs on 60 lines, 0.022478 blocked
	// an INVITE that nobody answers fails after 32s
}

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s: got %.15g, want %.15g; off by %.3g of it", what, got, want, got/want-1)
	}
}

// One line more loses less than the share, one line less loses more.
func TestLinesFor(t *testing.T) {
	for _, a := range []float64{0.001, 0.5, 1, 50.17, 1000, 250_000} {
		for _, share := range []float64{0.9, 0.5, 0.01, 1e-6} {
			n := linesFor(a, share)
			if n < 1 || erlang.B(n, a) > share || n > 1 && erlang.B(n-1, a) <= share {
				t.Errorf("%g erlangs, %g: %d lines lose %g, one less %g", a, share, n, erlang.B(n, a), erlang.B(n-1, a))
			}
		}
	}
}

func TestPoisson(t *testing.T) {
	near(t, "P(N>=3), 1/6", poissonFrom(3, 1./6), 1-math.Exp(-1./6)*(1+1./6+1./72), 1e-11)
	near(t, "P(N>=1), 1e-9", poissonFrom(1, 1e-9), -math.Expm1(-1e-9), 1e-14)
	near(t, "P(N>=1), 20", poissonFrom(1, 20), -math.Expm1(-20), 1e-14)
	// the two ways of summing meet; at 30,000 the logarithms have lost 3e-11, of which the
	// difference of two tails near 1/2 makes 200 times as much
	for _, m := range []float64{0.3, 7, 30_000} {
		for k := max(1, int(m)-3); k < int(m)+4; k++ {
			lg, _ := math.Lgamma(float64(k) + 1)
			near(t, fmt.Sprintf("P(N=%d), %g", k, m), poissonFrom(k, m)-poissonFrom(k+1, m), math.Exp(float64(k)*math.Log(m)-m-lg), 5e-8)
		}
	}
	for _, within := range []float64{0.05, 0.5, 0.9999} {
		for _, hour := range []float64{1, 600, 36_000, 1e7} {
			p := Default()
			p.CallsPerHour, p.PeakWithin = hour, within
			k, m := p.peak().Quantile, hour/3600
			if poissonFrom(k+1, m) > 1-within || k > 0 && poissonFrom(k, m) <= 1-within {
				t.Errorf("%g/h, %g: the quantile is not %d", hour, within, k)
			}
		}
	}
}

// Where nobody gives up, or the queue has no end, erlang knows the answer.
func TestImpatient(t *testing.T) {
	q := erlang.MMnK{Servers: 45, Places: 60, Load: 50, AHT: 300}
	near(t, "blocked, patient", impatient(q, 1e15).Blocked, q.Solve().PBlock(), 1e-9)
	q.Places = 45
	near(t, "blocked, no queue", impatient(q, 90).Blocked, erlang.B(45, 50), 1e-12)
	q.Places = 2000
	near(t, "abandoned, no end", impatient(q, 90).Abandoned, erlang.MMnM{Servers: 45, Load: 50, AHT: 300, Patience: 90}.Solve().PAbandon(), 1e-9)
	q = erlang.MMnK{Servers: 4500, Places: 20_000, Load: 5000, AHT: 300} // weights leave a float64's range
	near(t, "abandoned, many", impatient(q, 90).Abandoned, erlang.MMnM{Servers: 4500, Load: 5000, AHT: 300, Patience: 90}.Solve().PAbandon(), 1e-9)
}

// What is said to be the same in both forms of the E-model is.
func TestVoiceAndG107(t *testing.T) {
	v := Default().Voice
	for _, burst := range []float64{1, 2} {
		v.BurstRatio = burst
		for _, loss := range []float64{0, 0.001, 0.01, 0.03, 0.2} {
			if got, want := v.damaged(loss), rtp.R(0, 0, 1)-rtp.R(0, loss, burst); math.Abs(got-want) > 1e-9 {
				t.Errorf("Ie,eff at %g, BurstR %g: %g here, %g in media/rtp", loss, burst, got, want)
			}
		}
	}
	for ms := range time.Duration(301) { // what is said of the difference, on the sheet too
		if off := planned(delayed(ms*time.Millisecond), 0) - rtp.R(ms*time.Millisecond, 0, 1); math.Abs(off) > 0.9 {
			t.Errorf("the two forms differ by %g at %d ms", off, ms)
		}
	}
	if r := planned(delayed(10*time.Second), 0); r != 0 {
		t.Errorf("R at 10 s is %g, want 0", r)
	}
	p := Default()
	p.Voice.Bpl = 4.3 // G.711 without concealment, which media/rtp does not rate
	if h := p.heard()[1]; !math.IsNaN(h.FullR) || !(h.R < 80) {
		t.Errorf("without concealment: %+v", h)
	}
}

func TestUnanswered(t *testing.T) {
	p := Default()
	p.T1 = 100 * time.Millisecond
	ms := func(n ...int) (out []time.Duration) {
		for _, x := range n {
			out = append(out, time.Duration(x)*time.Millisecond)
		}
		return out
	}
	if u := p.unanswered(); !slices.Equal(u.Sent, ms(0, 100, 300, 700, 1500, 3100, 6300)) || u.Failed != 6400*time.Millisecond {
		t.Errorf("T1 100 ms: %v", u)
	}
	p.Transport = dialog.TCP // nothing is sent again
	if u := p.unanswered(); !slices.Equal(u.Sent, ms(0)) || u.Failed != 6400*time.Millisecond {
		t.Errorf("TCP: %v", u)
	}
}

func TestProof(t *testing.T) {
	p := Default()
	p.CallsPerHour, p.Lines, p.Holding.Talk = 600, 60, time.Minute
	for _, c := range []struct {
		failed, calls int64
		proved        bool
	}{{0, 2994, false}, {0, 2995, true}, {12, 20_000, true}, {13, 20_000, false}, {3, 3, false}} {
		p.Observed = &Observed{c.failed, c.calls}
		s, err := p.Sheet()
		if err != nil {
			t.Fatal(err)
		}
		if o := s.Observed; o.Proved != c.proved || o.Proved != (c.failed <= o.Allowed) {
			t.Errorf("%d of %d: %+v, want proved %v", c.failed, c.calls, *o, c.proved)
		}
	}
}

// Everything that may be wrong is told at once, by its name.
func TestMistakes(t *testing.T) {
	p := Default()
	p.CallsPerHour, p.Lines, p.Blocking, p.Media.PTime = math.NaN(), 10, []float64{1}, 2100*time.Microsecond
	p.Voice.Paths, p.Proof.Confidence, p.Holding.Ring = []Path{{2, -1}}, 0, -time.Second
	p.Observed, p.Agents, p.Generator = &Observed{3, 2}, &Agents{Servers: 11}, &Generator{At: []time.Duration{-1}}
	var names []string
	for _, m := range p.Mistakes() {
		names = append(names, m.Name)
	}
	want := []string{"calls-per-hour", "ring", "blocking", "ptime", "path", "path", "confidence", "observed", "generator-rate", "generator-hold", "generator-at", "agents", "handle"}
	if !slices.Equal(names, want) {
		t.Errorf("mistakes of %v, want %v", names, want)
	}
	if s, err := p.Sheet(); err == nil || s != nil {
		t.Error("a sheet of a plan with mistakes")
	}
}

func TestWarnings(t *testing.T) {
	p := Default()
	p.CallsPerHour, p.Lines, p.Holding.Talk = 600, 60, 5*time.Minute
	p.Agents, p.Generator = &Agents{Servers: 40, HandleTime: 4 * time.Minute}, &Generator{Rate: 2.5, Hold: 100 * time.Second}
	s, err := p.Sheet()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []WarningKind
	for _, w := range s.Warnings {
		kinds = append(kinds, w.Kind)
	}
	if want := []WarningKind{Overloaded, ProofFills, RiseFills, OtherHandle}; !slices.Equal(kinds, want) {
		t.Errorf("warned of %v, want %v", kinds, want)
	}
	p.Proof.Rate, p.Agents, p.Generator = 0.1, nil, nil
	if s, err = p.Sheet(); err != nil || len(s.Warnings) > 0 {
		t.Errorf("%v, %v; want no warnings", s, err)
	}
}
