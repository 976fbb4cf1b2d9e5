package traffic

import (
	"math"
	"testing"
	"time"

	"callwright/realcore"
)

// Factors are gamma with mean 1 and the CV asked for, and independent from one
// period to the next, between levels, streams and replications.
func TestFactorsAreGamma(t *testing.T) {
	u := Uncertainty{YearCV: 0.05, MonthCV: 0.1, DayCV: CVOfShape(10), IntervalCV: 0.5}
	sales, service := PurposeOf("sales"), PurposeOf("service")
	for level, cv := range map[Levels]float64{YearLevel: 0.05, MonthLevel: 0.1, DayLevel: 1 / math.Sqrt(10), IntervalLevel: 0.5} {
		law := must(Gamma(1, cv))
		var us []float64
		for i := range uint64(20000) {
			us = append(us, law.CDF(u.Factor(1, 2, sales, level, i)))
		}
		uniform(t, "factors", us)
		independent(t, "neighbours", len(us)-1, func(i int) (x, y float64) { return us[i], us[i+1] })
		independent(t, "streams", len(us), func(i int) (x, y float64) {
			return us[i], law.CDF(u.Factor(1, 2, service, level, uint64(i)))
		})
		independent(t, "replications", len(us), func(i int) (x, y float64) {
			return us[i], law.CDF(u.Factor(1, 3, sales, level, uint64(i)))
		})
	}
	day, interval := must(Gamma(1, u.DayCV)), must(Gamma(1, 0.5))
	independent(t, "levels", 20000, func(i int) (x, y float64) {
		return day.CDF(u.Factor(1, 2, sales, DayLevel, uint64(i))), interval.CDF(u.Factor(1, 2, sales, IntervalLevel, uint64(i)))
	})
}

func TestCommonFactors(t *testing.T) {
	sales, service := PurposeOf("sales"), PurposeOf("service")
	u := Uncertainty{DayCV: 0.2, IntervalCV: 0.1, Common: DayLevel}
	if a, b := u.Factor(1, 0, sales, DayLevel, 3), u.Factor(1, 0, service, DayLevel, 3); a != b {
		t.Errorf("a common day has factors %v and %v", a, b)
	}
	if a, b := u.Factor(1, 0, sales, IntervalLevel, 3), u.Factor(1, 0, service, IntervalLevel, 3); a == b {
		t.Errorf("intervals that are not common have one factor, %v", a)
	}
	v := u
	v.Pool = "overseas"
	if a, b := u.Factor(1, 0, sales, DayLevel, 3), v.Factor(1, 0, sales, DayLevel, 3); a == b {
		t.Errorf("two pools have one factor, %v", a)
	}
	if f := u.Factor(1, 0, sales, MonthLevel, 3); f != 1 {
		t.Errorf("a level without error has the factor %v, want 1", f)
	}
}

// The cursor applies to each stretch the product of the four factors that its
// calendar names: seen through a profile multiplied by them, arrivals are those
// of a stream without uncertainty.
func TestCursorAppliesFactors(t *testing.T) {
	const hour = realcore.Instant(time.Hour)
	cal := &Calendar{ // the run begins at noon of day 100; day 101 has 23 hours
		Years:  []Period{{-5000 * hour, 2026}, {60 * hour, 2027}},
		Months: []Period{{-12 * hour, 12}, {60 * hour, 13}},
		Days:   []Period{{-12 * hour, 100}, {12 * hour, 101}, {35 * hour, 102}, {59 * hour, 103}},
	}
	u := Uncertainty{YearCV: 0.1, MonthCV: 0.2, DayCV: 0.3, IntervalCV: 0.5, Interval: time.Hour, Common: DayLevel, Calendar: cal}
	base := mustProfile(Linear([]Point{{1000, 0.1}, {30 * 3600, 0.5}, {30 * 3600, 0}, {40 * 3600, 0}, {70 * 3600, 0.4}}))

	sales := PurposeOf("sales")
	var starts, factors []float64
	for h := range 100 {
		at := realcore.Instant(h) * hour
		f := 1.0
		for _, l := range []struct {
			level   Levels
			periods []Period
		}{{YearLevel, cal.Years}, {MonthLevel, cal.Months}, {DayLevel, cal.Days}} {
			i := len(l.periods) - 1
			for l.periods[i].From > at {
				i--
			}
			f *= u.Factor(9, 4, sales, l.level, l.periods[i].Ordinal)
			if l.level == DayLevel {
				f *= u.Factor(9, 4, sales, IntervalLevel, l.periods[i].Ordinal<<16+uint64((at-l.periods[i].From)/hour))
			}
		}
		starts, factors = append(starts, float64(h)*3600), append(factors, f)
	}
	noisy := Stream{Name: "sales", Rate: base, Uncertainty: u}
	plain := Stream{Name: "sales", Rate: mustProfile(base.Times(starts, factors))}
	a, b := collect(&noisy, 9, 4, math.MaxInt), collect(&plain, 9, 4, math.MaxInt)
	if len(a) != len(b) || len(a) < 1000 {
		t.Fatalf("%d arrivals, want %d", len(a), len(b))
	}
	for i := range a {
		if d := a[i].at - b[i].at; a[i].luck != b[i].luck || d < -100 || d > 100 { // 100 ns: two orders of rounding where the rate is low
			t.Fatalf("arrival %d at %v, want %v", i+1, a[i].at, b[i].at)
		}
	}
}

// Without a calendar days have 24 hours, months 30 days, years 365; without an
// interval 30 minutes.
func TestDefaultCalendar(t *testing.T) {
	u := Uncertainty{YearCV: 0.1, MonthCV: 0.2, DayCV: 0.3, IntervalCV: 0.5}
	p := PurposeOf("x")
	n := newNoise(&u, 1, 2, p)
	for _, c := range []struct {
		at, until         float64
		year, month, days uint64
		slot              uint64
	}{
		{0, 1800, 0, 0, 0, 0},
		{1799, 1800, 0, 0, 0, 0},
		{1800, 3600, 0, 0, 0, 1},
		{86400*31 + 5000, 86400*31 + 5400, 0, 1, 31, 2},
		{86400 * 366, 86400*366 + 1800, 1, 12, 366, 0},
	} {
		f, until := n.at(c.at)
		want := u.Factor(1, 2, p, YearLevel, c.year) * u.Factor(1, 2, p, MonthLevel, c.month) *
			u.Factor(1, 2, p, DayLevel, c.days) * u.Factor(1, 2, p, IntervalLevel, c.days<<16+c.slot)
		if f != want || until != c.until {
			t.Errorf("at %v: factor %v until %v, want %v until %v", c.at, f, until, want, c.until)
		}
	}
}

// Over days the count has the variance of a Poisson number with a gamma mean:
// m + (m cv)². Judged by the mean of the squares, whose own deviation is taken
// from the sample.
func TestUncertaintyWidensCounts(t *testing.T) {
	const m, cv, n = 200.0, 0.3, 10000
	s := Stream{Name: "day", Rate: Constant(m / 86400), Uncertainty: Uncertainty{DayCV: cv}}
	var counts, squares []float64
	var sum, sum2 float64
	for rep := range uint32(n) {
		c := s.Start(3, rep)
		k := 0.0
		for at, _, _, _ := c.Next(); at < realcore.Instant(24*time.Hour); at, _, _, _ = c.Next() {
			k++
		}
		counts = append(counts, k)
		q := (k - m) * (k - m)
		squares = append(squares, q)
		sum += q
		sum2 += q * q
	}
	meanIs(t, "count", counts, m, math.Sqrt(m+m*m*cv*cv))
	meanIs(t, "squared deviation", squares, m+m*m*cv*cv, math.Sqrt(sum2/n-sum/n*sum/n))
}
