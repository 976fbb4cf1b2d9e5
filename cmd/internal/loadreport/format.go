package loadreport

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"callwright/cmd/internal/page"
	"callwright/traffic/loadstats"
)

// count is a number of things, in groups of three digits.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// three is a number with three digits, as histograms keep them.
func three(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return page.Undefined
	case x == 0:
		return "0"
	case a >= 99.95:
		return page.Fixed(x, 0)
	case a >= 9.995:
		return page.Fixed(x, 1)
	case a >= 0.9995:
		return page.Fixed(x, 2)
	}
	return page.Fixed(x, 3)
}

// length is a length of time in the unit that suits it.
func (w words) length(seconds float64) string {
	switch {
	case math.IsNaN(seconds):
		return page.Undefined
	case math.Abs(seconds) < 0.9995:
		return three(1000*seconds) + " ms"
	}
	return w.s("unit.seconds", three(seconds))
}

func (w words) duration(d time.Duration) string { return w.length(d.Seconds()) }

// percent is a share. One that is near 0 or 1 gets two digits of what it lacks: 99.96 %
// is not 100 %.
func (w words) percent(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return page.Fixed(100*x, digitsOf(x)) + w.pick(" %", "%")
}

func digitsOf(x float64) int {
	less := 100 * math.Min(math.Abs(x), math.Abs(1-x))
	if less == 0 {
		return 1
	}
	return min(max(1, 1-int(math.Floor(math.Log10(less)))), 5)
}

// plain is a number somebody chose, such as a rate or a level: without the zeros behind.
func plain(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return page.Undefined
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// level is a confidence.
func (w words) level(x float64) string { return plain(100*x) + w.pick(" %", "%") }

// outward is a bound of a share, never nearer than it is: an upper one is rounded up, a
// lower one down.
func (w words) outward(x float64, up bool) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	d := digitsOf(x)
	p := math.Pow(10, float64(d))
	if v := 100 * x * p; up {
		x = math.Min(math.Ceil(v-1e-9)/p, 100)
	} else {
		x = math.Max(math.Floor(v+1e-9)/p, 0)
	}
	return page.Fixed(x, d) + w.pick(" %", "%")
}

// rate is in calls per second.
func (w words) rate(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return w.s("unit.rate", rounded(x))
}

// rounded has three digits, or all before the point.
func rounded(x float64) string {
	if x >= 1000 {
		return count(int64(math.Round(x)))
	}
	return plain(x)
}

// value is how a measure's values are written.
func (w words) value(m loadstats.Measure, v float64) string {
	switch {
	case math.IsNaN(v):
		return page.Undefined
	case m.Length():
		return w.length(v)
	case m == loadstats.MOS:
		return page.Fixed(v, 2)
	}
	return w.percent(v)
}

// bound is that of a share in a threshold.
func (w words) bound(j loadstats.Judgement) string { return w.outward(j.Bound, !j.Above) }

// named is the value of a measure or ratio by its name in thresholds.
func (w words) named(what string, v float64) string {
	if m, ok := loadstats.MeasureOf(what); ok {
		return w.value(m, v)
	}
	return w.percent(v)
}

// clock is an instant since the run began.
func clock(d time.Duration) string {
	s := int64(d / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
