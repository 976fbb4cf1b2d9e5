package erlang

import (
	"math"
	"testing"
)

// near fails unless got and want agree to the relative tolerance.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	d := math.Abs(got - want)
	if want != 0 && !math.IsInf(want, 0) {
		d /= math.Abs(want)
	}
	if got != want && !(d <= tol) {
		t.Errorf("%s: got %.17g, want %.17g, distance %.3g, tolerance %g", what, got, want, d, tol)
	}
}

func isNaN(t *testing.T, what string, got float64) {
	t.Helper()
	if !math.IsNaN(got) {
		t.Errorf("%s: got %v, want NaN", what, got)
	}
}

var inf, nan = math.Inf(1), math.NaN()

func TestSpecialCasesBC(t *testing.T) {
	for _, c := range []struct {
		n          int
		a, b, c    float64
		logB, logC float64
	}{
		{0, 0, 1, 1, 0, 0},
		{0, 5, 1, 1, 0, 0},
		{3, 0, 0, 0, -inf, -inf},
		{3, inf, 1, 1, 0, 0},
		{1, 1, 0.5, 1, math.Log(0.5), 0},
		{1, 0.25, 0.2, 0.25, math.Log(0.2), math.Log(0.25)},
		{2, 1, 0.2, 1.0 / 3, math.Log(0.2), math.Log(1.0 / 3)},
		{-1, 1, nan, nan, nan, nan},
		{1, -1, nan, nan, nan, nan},
		{1, nan, nan, nan, nan, nan},
	} {
		for _, v := range []struct {
			name      string
			got, want float64
		}{{"B", B(c.n, c.a), c.b}, {"C", C(c.n, c.a), c.c}, {"LogB", LogB(c.n, c.a), c.logB}, {"LogC", LogC(c.n, c.a), c.logC}} {
			if math.IsNaN(v.want) {
				isNaN(t, v.name, v.got)
			} else if !(v.got == v.want) {
				near(t, v.name, v.got, v.want, 1e-15)
			}
		}
	}
}

// Full recursion, the definition, at sizes on both sides of every switch of method.
func TestBAgainstRecursion(t *testing.T) {
	for _, a := range []float64{0.01, 0.7, 1, 5, 63.5, 64.5, 66, 100, 999, 5000, 1e6} {
		inv := 1.0
		for n := 1; n <= int(2*a)+70; n++ {
			inv = 1 + float64(n)/a*inv
			if math.IsInf(inv, 0) {
				break
			}
			step := 1
			if a > 1000 {
				step = int(a) / 7
			}
			if n%step == 0 || n == int(a) || n == int(a)+1 {
				near(t, "B", B(n, a), 1/inv, 1e-11)
				near(t, "LogB", LogB(n, a), -math.Log(inv), 1e-11)
				near(t, "Carried", Carried(n, a)/a+B(n, a), 1, 1e-14)
			}
		}
	}
}

func TestMonotone(t *testing.T) {
	for _, a := range []float64{0.01, 1, 48.87, 5000, 1e6} {
		lastB, lastC, lastAb, lastSL := 2.0, 2.0, 2.0, -1.0
		for _, f := range []float64{-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3} {
			n := int(math.Ceil(a + f*math.Sqrt(a)))
			if n < 1 {
				continue
			}
			s := MMnM{Servers: n, Load: a, AHT: 180, Patience: 90}.Solve()
			b, c, ab, sl := B(n, a), C(n, a), s.PAbandon(), s.SLOffered(20)
			if b > lastB || c > lastC || ab > lastAb || sl < lastSL {
				t.Errorf("n=%d a=%v: more servers, worse: B %v after %v, C %v after %v, PAbandon %v after %v, SL %v after %v",
					n, a, b, lastB, c, lastC, ab, lastAb, sl, lastSL)
			}
			lastB, lastC, lastAb, lastSL = b, c, ab, sl
			more := MMnM{Servers: n, Load: a * 1.01, AHT: 180, Patience: 90}.Solve()
			if B(n, a*1.01) < b || C(n, a*1.01) < c || more.PAbandon() < ab || more.SLOffered(20) > sl {
				t.Errorf("n=%d a=%v: more load, better", n, a)
			}
			if s.PAbandon() > b {
				t.Errorf("n=%d a=%v: P(abandon) %v exceeds B %v", n, a, s.PAbandon(), b)
			}
		}
	}
}

// Erlang A lies between B (no patience) and C (no end to it).
func TestPatienceLimits(t *testing.T) {
	for _, q := range []MMn{{Servers: 1, Load: 0.01, AHT: 60}, {Servers: 51, Load: 48.87, AHT: 180}, {Servers: 5050, Load: 5000, AHT: 300, RingTime: 2}, {Servers: 1_000_000, Load: 998_000, AHT: 240}} {
		c := q.Solve()
		a := MMnM{q.Servers, q.Load, q.AHT, 1e14, q.RingTime}.Solve()
		near(t, "PWait", a.PWait(), c.PWait(), 1e-8)
		near(t, "ASA", a.ASA(), c.ASA(), 1e-8)
		near(t, "WaitAll", a.WaitAll(), c.WaitAll(), 1e-8)
		near(t, "OfferedWait", a.OfferedWait(), c.OfferedWait(), 1e-8)
		near(t, "WaitDelayed", a.WaitDelayed(), c.WaitDelayed(), 1e-8)
		near(t, "MeanQueue", a.MeanQueue(), c.MeanQueue(), 1e-8)
		near(t, "Occupancy", a.Occupancy(), c.Occupancy(), 1e-8)
		near(t, "WaitQuantile", a.WaitQuantile(0.9999), c.WaitQuantile(0.9999), 1e-7)
		for _, sl := range [][2]float64{
			{a.SLOffered(5), c.SLOffered(5)}, {a.SLAnswered(5), c.SLAnswered(5)}, {a.SLExcludeWithin(5), c.SLOffered(5)},
			{a.SLExcludeShort(5, 3), c.SLOffered(5)}, {a.SLCountWithin(5), c.SLCountWithin(5)}, {a.SLVirtual(5), c.SLVirtual(5)},
			{a.WaitTail(5), c.WaitTail(5)},
		} {
			near(t, "service level", sl[0], sl[1], 1e-8)
		}
		load := c.load
		none := MMnM{q.Servers, q.Load, q.AHT, 1e-12, q.RingTime}.Solve()
		near(t, "PAbandon without patience", none.PAbandon(), B(q.Servers, load), 1e-6)
		forever := MMnM{q.Servers, q.Load, q.AHT, inf, q.RingTime}.Solve()
		if forever != c {
			t.Errorf("patience +Inf differs from MMn: %+v, %+v", forever, c)
		}
	}
}

// What must hold between the answers, whatever their values.
func checkIdentities(t *testing.T, q MMnM, at, tau float64) {
	t.Helper()
	s := q.Solve()
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"answered + abandoned", s.PAnswered() + s.PAbandon(), 1},
		{"within + tail", s.SLCountWithin(at) + s.WaitTail(at), 1},
		{"within = answered + abandoned", s.SLOffered(at) + s.PAbandonWithin(at), s.SLCountWithin(at)},
		{"abandoned at last", s.PAbandonWithin(inf), s.PAbandon()},
		{"tau < 0", s.SLExcludeShort(at, -1), s.SLOffered(at)},
		{"tau = t", s.SLExcludeShort(at, at), s.SLExcludeWithin(at)},
		{"tau = +Inf", s.SLExcludeShort(at, inf), s.SLAnswered(at)},
		{"tau", s.SLExcludeShort(at, tau) * (1 - s.PAbandonWithin(tau)), s.SLOffered(at)},
		{"answered at last", s.SLOffered(inf), s.PAnswered()},
		{"offered = answered x share", s.SLAnswered(at) * s.PAnswered(), s.SLOffered(at)},
		{"wait of all", s.ASA()*s.PAnswered() + s.WaitAbandoned()*s.PAbandon(), s.WaitAll()},
		{"wait of all, delayed", s.WaitDelayed()*s.PWait() + q.RingTime*(1-s.PWait()), s.WaitAll()},
		{"abandoned, delayed", s.PAbandonDelayed() * s.PWait(), s.PAbandon()},
		{"Little", q.Load / q.AHT * (s.WaitAll() - q.RingTime*s.PAnswered()), s.MeanQueue()},
		{"abandonment rate", s.MeanQueue() / q.Patience, q.Load / q.AHT * s.PAbandon()},
		{"ln", math.Log(s.SLOffered(at)), s.Log().SLOffered(at)},
	} {
		if math.Abs(x.got-x.want) > 1e-9*(1+math.Abs(x.want)) || math.IsNaN(x.got) {
			if x.what == "ln" && x.got < -600 {
				continue
			}
			t.Errorf("%+v at %v s: %s: got %v, want %v", q, at, x.what, x.got, x.want)
		}
	}
	for _, p := range []float64{0.1, 0.5, 0.95, 0.9999} {
		w := s.WaitQuantile(p)
		if w > 0 && w != q.RingTime { // at the ring time the distribution may jump
			near(t, "quantile", s.WaitTail(w), 1-p, 1e-9)
		} else if s.WaitTail(w) > 1-p+1e-12 {
			t.Errorf("%+v: WaitQuantile(%v) = %v, but the tail there is %v", q, p, w, s.WaitTail(w))
		}
	}
}

func TestIdentities(t *testing.T) {
	for _, q := range []MMnM{
		{Servers: 1, Load: 0.01, AHT: 60, Patience: 30},
		{Servers: 1, Load: 30, AHT: 600, Patience: 5},
		{Servers: 51, Load: 48.87, AHT: 180, Patience: 60},
		{Servers: 51, Load: 48.87, AHT: 180, Patience: 60, RingTime: 4},
		{Servers: 50, Load: 50, AHT: 180, Patience: 1e7},
		{Servers: 20, Load: 60, AHT: 180, Patience: 90, RingTime: 30},
		{Servers: 5000, Load: 5000, AHT: 300, Patience: 120},
		{Servers: 1_000_000, Load: 1_000_000, AHT: 30, Patience: 1000},
		{Servers: 400_000, Load: 1_000_000, AHT: 30, Patience: 1e5},
	} {
		for _, at := range []float64{0, 2, 20, 300} {
			checkIdentities(t, q, at, 5)
		}
	}
}

// Erlang A from its birth-death process, state by state: another road to it.
func TestAAgainstStates(t *testing.T) {
	const n, a, aht, patience = 20, 22.0, 180.0, 75.0
	p, sum, queue, wait := 1.0, 0.0, 0.0, 0.0
	for i := 0; i < 400; i++ {
		sum += p
		if i >= n {
			wait += p
			queue += float64(i-n) * p
		}
		p *= a / (math.Min(float64(i+1), n) + math.Max(0, float64(i+1-n))*aht/patience)
	}
	s := MMnM{Servers: n, Load: a, AHT: aht, Patience: patience}.Solve()
	near(t, "PWait", s.PWait(), wait/sum, 1e-13)
	near(t, "MeanQueue", s.MeanQueue(), queue/sum, 1e-13)
	near(t, "PAbandon", s.PAbandon(), queue/sum/patience*aht/a, 1e-13)
}

func TestRingTime(t *testing.T) {
	plain := MMn{Servers: 12, Load: 8, AHT: 240}.Solve()
	ring := MMn{Servers: 12, Load: 8, AHT: 240, RingTime: 6}.Solve()
	same := MMn{Servers: 12, Load: 8.2, AHT: 246}.Solve()
	near(t, "PWait", ring.PWait(), same.PWait(), 1e-14)
	near(t, "ASA", ring.ASA(), same.ASA()+6, 1e-14)
	near(t, "SL", ring.SLOffered(20), same.SLOffered(14), 1e-14)
	near(t, "SL below ring time", ring.SLOffered(5.9), 0, 0)
	near(t, "tail below ring time", ring.WaitTail(5.9), 1, 1e-14)
	near(t, "tail", ring.WaitTail(20), same.WaitTail(14), 1e-13)
	near(t, "quantile", ring.WaitQuantile(0.99), same.WaitQuantile(0.99)+6, 1e-14)
	if !(ring.Occupancy() > plain.Occupancy()) {
		t.Errorf("occupancy %v with ring time, %v without", ring.Occupancy(), plain.Occupancy())
	}
}

func TestNoSteadyState(t *testing.T) {
	for _, q := range []MMn{{Servers: 10, Load: 10, AHT: 60}, {Servers: 0, Load: 1, AHT: 60}, {Servers: 10, Load: 9.9, AHT: 60, RingTime: 1}} {
		s := q.Solve()
		if s.Stable() {
			t.Errorf("%+v is told to be stable", q)
		}
		for _, x := range []struct {
			what      string
			got, want float64
		}{
			{"PWait", s.PWait(), 1}, {"ASA", s.ASA(), inf}, {"WaitAll", s.WaitAll(), inf}, {"WaitDelayed", s.WaitDelayed(), inf},
			{"MeanQueue", s.MeanQueue(), inf}, {"PAbandon", s.PAbandon(), 0}, {"SLOffered", s.SLOffered(20), 0},
			{"SLAnswered", s.SLAnswered(20), 0}, {"SLExcludeWithin", s.SLExcludeWithin(20), 0}, {"SLCountWithin", s.SLCountWithin(20), 0},
			{"WaitTail", s.WaitTail(1e9), 1}, {"Carried", s.Carried(), float64(q.Servers)}, {"WaitQuantile", s.WaitQuantile(0.5), inf},
		} {
			near(t, x.what, x.got, x.want, 0)
		}
	}
	if !(MMn{Servers: 10, Load: 9.99, AHT: 60}).Solve().Stable() || (MMn{Servers: -1, Load: 1, AHT: 60}).Solve().Stable() {
		t.Error("Stable: want true for 9.99 erlangs on 10 servers, false for -1 servers")
	}
}

func TestNoServersNoLoad(t *testing.T) {
	s := MMnM{Servers: 0, Load: 3, AHT: 60, Patience: 40}.Solve()
	near(t, "PWait", s.PWait(), 1, 0)
	near(t, "PAbandon", s.PAbandon(), 1, 0)
	near(t, "WaitAll", s.WaitAll(), 40, 1e-14)
	near(t, "WaitAbandoned", s.WaitAbandoned(), 40, 1e-14)
	near(t, "MeanQueue", s.MeanQueue(), 2, 1e-14)
	near(t, "WaitTail", s.WaitTail(40), math.Exp(-1), 1e-14)
	near(t, "PAbandonWithin", s.PAbandonWithin(40), 1-math.Exp(-1), 1e-14)
	near(t, "WaitQuantile", s.WaitQuantile(0.5), 40*math.Ln2, 1e-14)
	near(t, "OfferedWait", s.OfferedWait(), inf, 0)
	near(t, "SLOffered", s.SLOffered(20), 0, 0)
	near(t, "SLExcludeWithin", s.SLExcludeWithin(20), 0, 0)
	isNaN(t, "ASA", s.ASA())
	isNaN(t, "SLAnswered", s.SLAnswered(20))
	isNaN(t, "Occupancy", s.Occupancy())

	for _, n := range []int{1, 2, 100} {
		s := MMnM{Servers: n, AHT: 60, Patience: 40}.Solve()
		near(t, "PAbandon", s.PAbandon(), 0, 0)
		near(t, "SLOffered", s.SLOffered(20), 1, 0)
		near(t, "MeanQueue", s.MeanQueue(), 0, 0)
		near(t, "Occupancy", s.Occupancy(), 0, 0)
		near(t, "WaitTail", s.WaitTail(0), 0, 0)
		small := MMnM{Servers: n, Load: 1e-9, AHT: 60, Patience: 40}.Solve()
		near(t, "WaitDelayed", s.WaitDelayed(), small.WaitDelayed(), 1e-8)
		near(t, "WaitAbandoned", s.WaitAbandoned(), small.WaitAbandoned(), 1e-8)
	}
}

func TestValidate(t *testing.T) {
	for _, q := range []interface{ Validate() error }{
		MMn{Servers: -1, AHT: 1}, MMn{AHT: 0}, MMn{Load: nan, AHT: 1}, MMn{AHT: 1, RingTime: -1}, MMnM{AHT: 1}, MMnM{AHT: 1, Patience: nan},
		MMnK{Servers: 2, Places: 1, AHT: 1}, MMnK{Places: 1, AHT: 1}, MD1{Load: -1, ServiceTime: 1}, MD1{},
	} {
		if q.Validate() == nil {
			t.Errorf("%#v is taken for valid", q)
		}
	}
	err := MMnM{Servers: -2, Load: -1, AHT: 60, Patience: 10}.Validate()
	const want = "erlang: Servers is -2; want 0 or more\nerlang: Load is -1; want a finite number of erlangs, 0 or more"
	if err == nil || err.Error() != want {
		t.Errorf("Validate: got %q, want %q", err, want)
	}
	s := MMnM{Servers: -2, Load: 1, AHT: 60, Patience: 10}.Solve()
	for i, x := range answers(s, 20) {
		isNaN(t, "answer "+string(rune('a'+i)), x)
	}
	for i, x := range answers(MMn{Servers: 2, Load: 1, AHT: 60}.Solve(), nan)[:9] {
		isNaN(t, "answer at NaN "+string(rune('a'+i)), x)
	}
}

// answers asks all there is, those with a threshold first.
func answers(s Steady, at float64) []float64 {
	return []float64{
		s.SLOffered(at), s.SLAnswered(at), s.SLExcludeWithin(at), s.SLExcludeShort(at, at/2), s.SLCountWithin(at), s.SLVirtual(at),
		s.PAbandonWithin(at), s.WaitTail(at), s.WaitQuantile(math.Max(at/2e9, 0)), s.PWait(), s.PAbandon(), s.PAnswered(), s.PAbandonDelayed(),
		s.ASA(), s.WaitAll(), s.WaitDelayed(), s.OfferedWait(), s.MeanQueue(), s.MeanInSystem(), s.Carried(), s.Occupancy(), s.WaitAbandoned(),
	}
}

func FuzzSteady(f *testing.F) {
	f.Add(51, 48.87, 180.0, 60.0, 0.0, 20.0)
	f.Add(1, 1e6, 1.0, 1e9, 3.0, 0.0)
	f.Add(1_000_000, 0.01, 1e6, 1e-3, 0.0, 1e7)
	f.Add(1000, 1000.0, 30.0, 1e12, 1.0, 1e-9)
	f.Fuzz(func(t *testing.T, n int, a, aht, patience, ring, at float64) {
		within := func(x, lo, hi float64) bool { return x >= lo && x <= hi }
		if n < 1 || n > 1_000_000 || !within(a, 0, 1e6) || !within(aht, 1e-3, 1e6) || !within(patience, 1e-3, 1e12) ||
			!within(ring, 0, 1e3) || !within(at, -1, 1e9) {
			t.Skip("out of the sensible range")
		}
		for i, x := range answers(MMnM{n, a, aht, patience, ring}.Solve(), at) {
			if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 || i < 8 && x > 1+1e-9 {
				t.Errorf("n=%d a=%v aht=%v patience=%v ring=%v at=%v: answer %d is %v", n, a, aht, patience, ring, at, i, x)
			}
		}
		for _, x := range []float64{B(n, a), C(n, a), Carried(n, a) / float64(n)} {
			if !(x >= 0 && x <= 1+1e-12) {
				t.Errorf("n=%d a=%v: B, C or carried per server is %v", n, a, x)
			}
		}
		if s := (MMn{n, a, aht, ring}).Solve(); s.Stable() {
			for i, x := range answers(s, at)[:21] { // all but WaitAbandoned
				if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 || i < 8 && x > 1+1e-9 {
					t.Errorf("n=%d a=%v aht=%v ring=%v at=%v: answer %d of MMn is %v", n, a, aht, ring, at, i, x)
				}
			}
		}
	})
}

func TestMMnKLimits(t *testing.T) {
	b := MMnK{Servers: 7, Places: 7, Load: 9, AHT: 60}.Solve()
	near(t, "no waiting room", b.PBlock(), B(7, 9), 1e-14)
	near(t, "no waiting room, wait", b.ASA(), 0, 0)
	c := MMn{Servers: 10, Load: 8, AHT: 60}.Solve()
	k := MMnK{Servers: 10, Places: 400, Load: 8, AHT: 60}.Solve()
	near(t, "much room, PWait", k.PWait(), c.PWait(), 1e-12)
	near(t, "much room, ASA", k.ASA(), c.ASA(), 1e-12)
	near(t, "much room, SL", k.SLOffered(20), c.SLOffered(20), 1e-12)
	near(t, "much room, tail", k.WaitTail(60), c.WaitTail(60), 1e-12)
	for _, load := range []float64{0.01, 9, 10, 10.000001, 11, 1e4} {
		for _, places := range []int{10, 11, 40, 1000} {
			s := MMnK{Servers: 10, Places: places, Load: load, AHT: 60}.Solve()
			near(t, "blocked + answered", s.PBlock()+s.PAnswered(), 1, 1e-12)
			near(t, "within + tail", s.SLOffered(20)+s.WaitTail(20), 1, 1e-11)
			near(t, "not at once", s.WaitTail(0), s.PWait(), 1e-13)
		}
	}
}

func TestMD1(t *testing.T) {
	// Crommelin's formula with 60 digits (mpmath), rho = 0.8, D = 1.
	q := MD1{Load: 0.8, ServiceTime: 1}
	for _, c := range []struct{ t, within, tail float64 }{
		{0, 0.2, 0.8},
		{0.5, 0.298364939528254, 0.701635060471746},
		{1, 0.44510818569849344, 0.55489181430150656},
		{3.3, 0.7909369621527094, 0.2090630378472906},
		{10, 0.98834289173498655, 0.011657108265013452},
		{30, 0.99999788970609683, 2.110293903173437e-6},
	} {
		near(t, "SLOffered", q.SLOffered(c.t), c.within, 1e-13)
		near(t, "WaitTail", q.WaitTail(c.t), c.tail, 1e-13)
	}
	// Both forms meet where one takes over from the other.
	for _, load := range []float64{0.3, 0.9, 0.999, 0.999999} {
		q := MD1{Load: load, ServiceTime: 1}
		near(t, "tail across 200 service times", q.WaitTail(farSlots-1e-9), q.WaitTail(farSlots), 1e-7)
		near(t, "within + tail", q.SLOffered(farSlots/2)+q.WaitTail(farSlots/2), 1, 1e-10)
		x, _ := q.decay()
		near(t, "decay", q.WaitTail(150)/q.WaitTail(140), math.Exp(-10*x), 1e-11)
	}
	// The tail integrates to the mean (Pollaczek-Khinchin), here by midpoints:
	// half as long as in M/M/1.
	for _, load := range []float64{0.05, 0.5, 0.9, 0.97} {
		q := MD1{Load: load, ServiceTime: 3}
		sum := 0.0
		for x := 0.05; x < 600; x += 0.1 {
			sum += q.WaitTail(x) * 0.1
		}
		near(t, "mean from the tail", sum, q.ASA(), 1e-3)
		near(t, "half of M/M/1", q.ASA(), MMn{Servers: 1, Load: load, AHT: 3}.Solve().ASA()/2, 1e-14)
	}
	over := MD1{Load: 1, ServiceTime: 3}
	near(t, "overload", over.SLOffered(5), 0, 0)
	near(t, "overload", over.ASA(), inf, 0)
	near(t, "no load", MD1{ServiceTime: 3}.SLOffered(0), 1, 0)
}

func benchmark(b *testing.B, f func() float64) {
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
}

func BenchmarkB100(b *testing.B) { benchmark(b, func() float64 { return B(100, 95) }) }
func BenchmarkB1e6(b *testing.B) { benchmark(b, func() float64 { return B(1e6, 1e6) }) }
func BenchmarkC100(b *testing.B) {
	benchmark(b, func() float64 { return MMn{Servers: 100, Load: 95, AHT: 180}.Solve().SLOffered(20) })
}
func BenchmarkC1e6(b *testing.B) {
	benchmark(b, func() float64 { return MMn{Servers: 1e6, Load: 999e3, AHT: 180}.Solve().SLOffered(20) })
}
func BenchmarkA100(b *testing.B) {
	benchmark(b, func() float64 { return MMnM{Servers: 100, Load: 95, AHT: 180, Patience: 60}.Solve().SLOffered(20) })
}
func BenchmarkA1e6(b *testing.B) {
	benchmark(b, func() float64 { return MMnM{Servers: 1e6, Load: 1e6, AHT: 180, Patience: 60}.Solve().SLOffered(20) })
}
func BenchmarkAQuantile(b *testing.B) {
	s := MMnM{Servers: 100, Load: 95, AHT: 180, Patience: 60}.Solve()
	benchmark(b, func() float64 { return s.WaitQuantile(0.95) })
}
func BenchmarkMD1(b *testing.B) {
	benchmark(b, func() float64 { return MD1{Load: 0.9, ServiceTime: 1}.SLOffered(20) })
}
