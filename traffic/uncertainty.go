package traffic

import (
	"math"
	"time"
)

// Uncertainty is the error of a forecast: gamma factors with mean 1 on the
// rate, at up to four levels, each given by its coefficient of variation
// (0: none). A gamma factor of shape s has 1/sqrt(s).
//
// Factors are addressed by seed, replication, level and ordinal, so two
// designs meet the same days. A run of several days counts days of 24 h,
// months of 30 and years of 365 days from its beginning; a run of one day
// draws one factor of each.
type Uncertainty struct {
	Year, Month, Day float64
	Interval         float64
	Every            time.Duration // length of the interval level
	Common           bool          // the streams of a run share the factors of the levels above the interval
}

// None reports whether the forecast is taken as exact.
func (u Uncertainty) None() bool {
	return u.Year == 0 && u.Month == 0 && u.Day == 0 && u.Interval == 0
}

var (
	levelYear     = PurposeOf("forecast year")
	levelMonth    = PurposeOf("forecast month")
	levelDay      = PurposeOf("forecast day")
	levelInterval = PurposeOf("forecast interval")
	commonStream  = PurposeOf("forecast of all streams")
)

const day = 86400.0

// factor returns the gamma factor of one period of a level.
func factor(cv float64, luck Luck, level Purpose, ordinal int64) float64 {
	if cv <= 0 {
		return 1
	}
	g, err := Gamma(1, cv)
	if err != nil {
		return math.NaN()
	}
	return g.Quantile(luck.Uniform(level, uint32(ordinal)))
}

// apply returns the profile as it turns out in one replication.
func (u Uncertainty) apply(p Profile, seed uint64, rep uint32, stream Purpose) Profile {
	own := NewLuck(seed, rep, stream, 0)
	shared := own
	if u.Common {
		shared = NewLuck(seed, rep, commonStream, 0)
	}
	if u.Year > 0 || u.Month > 0 || u.Day > 0 {
		p = p.cut(day, func(d int64) float64 {
			return factor(u.Year, shared, levelYear, d/365) * factor(u.Month, shared, levelMonth, d/30) *
				factor(u.Day, shared, levelDay, d)
		})
	}
	if u.Interval > 0 && u.Every > 0 {
		p = p.cut(u.Every.Seconds(), func(i int64) float64 { return factor(u.Interval, own, levelInterval, i) })
	}
	return p
}
