package traffic

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
)

type arrival struct {
	at   realcore.Instant
	key  uint64
	luck Luck
}

func collect(s *Stream, seed uint64, rep uint32, most int) []arrival {
	var all []arrival
	for c := s.Start(seed, rep); len(all) < most; {
		at, key, luck, ok := c.Next()
		if !ok {
			for range 3 {
				if _, _, _, again := c.Next(); again {
					panic("an arrival after the last")
				}
			}
			break
		}
		all = append(all, arrival{at, key, luck})
	}
	return all
}

// Whatever the rate, the times of arrival seen through the cumulative rate are a
// Poisson process of rate 1: exponential gaps, each independent of the next.
func TestArrivalsArePoisson(t *testing.T) {
	for name, p := range profiles() {
		if p.Total() == 0 {
			continue
		}
		s := Stream{Name: name, Rate: p}
		var us []float64
		for rep := range uint32(2000) {
			last := 0.0
			for _, a := range collect(&s, 1, rep, 500) {
				x := p.Cumulative(a.at.Seconds())
				// a gap that is cut off at the end of the profile is not seen:
				// given that it is seen, its law is cut off too
				u := math.Expm1(last-x) / math.Expm1(last-p.Total())
				us = append(us, min(max(u, 1e-12), 1-1e-12))
				last = x
			}
			if len(us) > 200_000 {
				break
			}
		}
		uniform(t, name+": gaps", us)
		independent(t, name+": neighbouring gaps", len(us)-1, func(i int) (x, y float64) { return us[i], us[i+1] })
	}
}

// Counts of a day over replications have the Poisson mean and variance.
func TestCountsArePoisson(t *testing.T) {
	p := mustProfile(Steps([]float64{0, 50}, []float64{0.5, 1}, 100)) // 75 expected
	s := Stream{Name: "day", Rate: p}
	var counts, squares []float64
	for rep := range uint32(20000) {
		n := float64(len(collect(&s, 2, rep, math.MaxInt)))
		counts = append(counts, n)
		squares = append(squares, (n-75)*(n-75))
	}
	meanIs(t, "count", counts, 75, math.Sqrt(75))
	meanIs(t, "squared deviation", squares, 75, math.Sqrt(75+2*75*75)) // fourth central moment is m + 3m²
}

// More volume keeps the callers: the same persons in the same order, each sooner.
func TestMoreVolumeKeepsTheCallers(t *testing.T) {
	for name, p := range profiles() {
		base := Stream{Name: "sales", Rate: p, Uncertainty: Uncertainty{DayCV: 0.2, IntervalCV: 0.1}}
		more := base
		more.Rate = p.Scaled(1.1)
		a, b := collect(&base, 5, 7, 3000), collect(&more, 5, 7, 3000)
		if len(b) < len(a) {
			t.Fatalf("%s: %d callers at 10%% more, %d before", name, len(b), len(a))
		}
		for i := range a {
			if a[i].luck != b[i].luck || a[i].key != b[i].key || a[i].key != uint64(i+1) {
				t.Fatalf("%s: caller %d is another person at 10%% more", name, i+1)
			}
			if b[i].at > a[i].at {
				t.Fatalf("%s: caller %d comes at %v, at 10%% more at %v", name, i+1, a[i].at, b[i].at)
			}
			if want := NewLuck(5, 7, PurposeOf("sales"), a[i].key); a[i].luck != want {
				t.Fatalf("%s: caller %d does not have the luck of his number", name, i+1)
			}
		}
	}
}

// What happens to the rate at noon leaves the morning as it was.
func TestLaterRatesLeaveEarlierArrivals(t *testing.T) {
	a := Stream{Name: "x", Rate: mustProfile(Steps([]float64{0, 1000}, []float64{1, 1}, 2000))}
	b := Stream{Name: "x", Rate: mustProfile(Steps([]float64{0, 1000}, []float64{1, 5}, 2000))}
	x, y := collect(&a, 1, 1, math.MaxInt), collect(&b, 1, 1, math.MaxInt)
	for i := 0; x[i].at < 1000*1e9; i++ {
		if x[i] != y[i] {
			t.Fatalf("arrival %d is %v, and %v if the rate rises later", i+1, x[i], y[i])
		}
	}
}

// Ten million arrivals lie where the sum of their gaps, added with 200 bits, puts
// them: to 2^-52 of the time, a few times over.
func TestNoDriftInTenMillionArrivals(t *testing.T) {
	n := 10_000_000
	if testing.Short() {
		n = 1_000_000
	}
	const rate = 20.0 / 60
	s := Stream{Name: "calls", Rate: Constant(rate)}
	c := s.Start(1, 0)
	sum := new(big.Float).SetPrec(200)
	var at realcore.Instant
	for block := 0; block < n; block += 1000 {
		part, lost := 0.0, 0.0 // a thousand gaps, compensated
		for range 1000 {
			a, _, luck, ok := c.Next()
			if !ok || a < at {
				t.Fatalf("after %v comes %v, %v", at, a, ok)
			}
			at = a
			g := -math.Log(luck.Uniform(forGap, 0)) - lost
			next := part + g
			lost = (next - part) - g
			part = next
		}
		sum.Add(sum, new(big.Float).SetFloat64(part))
		sum.Sub(sum, new(big.Float).SetFloat64(lost))
	}
	want, _ := new(big.Float).Quo(sum, big.NewFloat(rate)).Float64()
	// 1 ns, one rounding for each million, and the gaps' own rounding to 2^-42,
	// which adds up like a random walk
	limit := 1e-9 + 20*want*0x1p-53 + 6*math.Sqrt(float64(n)/12)*0x1p-42/rate
	if d := math.Abs(at.Seconds() - want); d > limit {
		t.Errorf("arrival %d comes at %v, want %v s: %.2g s off, want at most %.2g", n, at.Seconds(), want, d, limit)
	}
	t.Logf("off by %.2g s after %.3g s", at.Seconds()-want, want)
}

func TestTraceIsReplayed(t *testing.T) {
	s := Stream{Name: "log", Rate: Constant(1), Trace: []realcore.Instant{5, 5, 9}}
	got := collect(&s, 1, 0, math.MaxInt)
	if len(got) != 3 || got[0].at != 5 || got[1].at != 5 || got[2].at != 9 || got[2].key != 3 || got[2].luck != NewLuck(1, 0, PurposeOf("log"), 3) {
		t.Errorf("got %v", got)
	}
	s.Trace = []realcore.Instant{}
	if got := collect(&s, 1, 0, math.MaxInt); got != nil {
		t.Errorf("an empty trace gave %v", got)
	}
}

func TestExtremeRates(t *testing.T) {
	for _, c := range []struct {
		name  string
		rate  Profile
		count int // of the first 100
	}{
		{"nobody", Constant(0), 0},
		{"one in 1000 years", Constant(1e-12), 0},
		{"10^12 a second", Constant(1e12), 100},
		{"10^30 a second", Constant(1e30), 100},
		{"late", mustProfile(Steps([]float64{9e9}, []float64{1}, inf)), 100},
		{"too late for an Instant", mustProfile(Steps([]float64{1e10}, []float64{1}, inf)), 0},
		{"short", mustProfile(Steps([]float64{1e9}, []float64{1e12}, 1e9+1e-6)), 100},
	} {
		for _, u := range []Uncertainty{{}, {DayCV: 0.3, IntervalCV: 10, Interval: 20 * time.Hour, MonthCV: 0.1, YearCV: 0.1}} {
			s := Stream{Name: c.name, Rate: c.rate, Uncertainty: u}
			got := collect(&s, 1, 0, 100)
			if len(got) != c.count && u == (Uncertainty{}) {
				t.Errorf("%s: %d arrivals of the first 100, want %d", c.name, len(got), c.count)
			}
			if !slices.IsSortedFunc(got, func(a, b arrival) int { return int(a.at - b.at) }) {
				t.Errorf("%s: instants go back", c.name)
			}
		}
	}
}

func TestStreamErrors(t *testing.T) {
	s := Stream{Trace: []realcore.Instant{3, 2}, Uncertainty: Uncertainty{DayCV: 50, Interval: time.Millisecond, Calendar: &Calendar{Days: []Period{{From: 5}, {From: 5}}}}}
	err := s.Validate()
	for _, want := range []string{"Name is empty", "Trace[1] is 2ns", "DayCV is 50", "Interval is 1ms; want 1s", "Calendar.Years is empty", "Calendar.Days[1] begins at 5ns, the one before at 5ns"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	s = Stream{Name: "sales", Rate: Constant(1), Trace: []realcore.Instant{2, 2, 3}}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}

func TestNextDoesNotAllocate(t *testing.T) {
	p := profiles()["forever"]
	s := Stream{Name: "calls", Rate: p, Uncertainty: Uncertainty{DayCV: 0.1, IntervalCV: 0.1, Common: DayLevel}}
	c := s.Start(1, 0)
	if n := testing.AllocsPerRun(20000, func() { c.Next() }); n != 0 {
		t.Errorf("Next allocates %v times, want never", n)
	}
}

func BenchmarkNext(b *testing.B) {
	minutes := make([]float64, 14400)
	rates := make([]float64, len(minutes))
	for i := range minutes {
		minutes[i], rates[i] = float64(i)*60, 10+float64(i%60)
	}
	for _, c := range []struct {
		name string
		s    Stream
	}{
		{"constant", Stream{Rate: Constant(20.0 / 60)}},
		{"minutes", Stream{Rate: mustProfile(Steps(minutes, rates, 864000))}},                         // 40 in each
		{"noisy", Stream{Rate: Constant(0.5), Uncertainty: Uncertainty{DayCV: 0.1, IntervalCV: 0.1}}}, // 900 in each interval
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			rep := uint32(0)
			cur := c.s.Start(1, rep)
			var x realcore.Instant
			for b.Loop() {
				at, _, _, ok := cur.Next()
				if !ok {
					rep++
					cur = c.s.Start(1, rep)
				}
				x ^= at
			}
			sink = float64(x)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "arrivals/s")
		})
	}
}
