package traffic

import (
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/realcore"
)

// Uncertainty is the error of a forecast: at each level the rate is multiplied by
// a gamma factor with mean 1, drawn anew for each year, month, day or interval.
// The zero Uncertainty is a forecast without error.
//
// A factor's address is (seed, replication, stream, level, ordinal of the
// period): two designs meet the same busy Monday.
type Uncertainty struct {
	YearCV, MonthCV, DayCV, IntervalCV float64 // coefficient of variation at each level; 0: exact

	// Interval is the length of the intervals, counted from the beginning of each
	// day; 0: 30 minutes.
	Interval time.Duration

	// Common are the levels whose factor all streams with the same Pool share: if
	// Monday is busy for sales, it is for service too. At the others each stream
	// has its own.
	Common Levels
	Pool   string

	// Calendar says when days, months and years begin; nil: days of 24 hours,
	// months of 30 and years of 365 of them, from the beginning of the run.
	Calendar *Calendar
}

// Levels is a set of the levels at which a forecast errs.
type Levels uint8

// The levels.
const (
	YearLevel Levels = 1 << iota
	MonthLevel
	DayLevel
	IntervalLevel
)

// Calendar holds the periods that a run lies in, in order. The first of each kind
// counts also before its beginning, the last has no end.
type Calendar struct{ Years, Months, Days []Period }

// Period is a year, month or day. Its ordinal names it, whatever else the run
// holds: a day's might be its number since 1970.
type Period struct {
	From    realcore.Instant
	Ordinal uint64
}

// CVOfShape returns the coefficient of variation of a gamma factor given by its
// shape: 1/sqrt(shape). A shape of 10 is a CV of 0.316.
func CVOfShape(shape float64) float64 { return 1 / math.Sqrt(shape) }

// Validate reports what is wrong with u.
func (u *Uncertainty) Validate() error {
	errs := []error{gammaCV("YearCV", u.YearCV), gammaCV("MonthCV", u.MonthCV), gammaCV("DayCV", u.DayCV), gammaCV("IntervalCV", u.IntervalCV)}
	if u.Interval != 0 && u.Interval < time.Second {
		errs = append(errs, fmt.Errorf("Interval is %v; want 1s or more, or 0 for 30 minutes", u.Interval))
	}
	if c := u.Calendar; c != nil {
		errs = append(errs, rising("Years", c.Years), rising("Months", c.Months), rising("Days", c.Days))
	}
	return check("uncertainty", errs...)
}

func rising(what string, periods []Period) error {
	if len(periods) == 0 {
		return errors.New("Calendar." + what + " is empty; want at least one period, or no Calendar")
	}
	for i := 1; i < len(periods); i++ {
		if periods[i].From <= periods[i-1].From {
			return fmt.Errorf("Calendar.%s[%d] begins at %v, the one before at %v; want times that rise", what, i, periods[i].From, periods[i-1].From)
		}
	}
	return nil
}

// Factor returns the factor of one period of one level. The ordinal of an
// interval is that of its day times 65536 plus its place in the day.
func (u *Uncertainty) Factor(seed uint64, rep uint32, stream Purpose, level Levels, ordinal uint64) float64 {
	var cv float64
	var p Purpose
	switch level {
	case YearLevel:
		cv, p = u.YearCV, forYear
	case MonthLevel:
		cv, p = u.MonthCV, forMonth
	case DayLevel:
		cv, p = u.DayCV, forDay
	case IntervalLevel:
		cv, p = u.IntervalCV, forInterval
	default:
		panic("traffic: Factor of no level, or of several")
	}
	if cv == 0 {
		return 1
	}
	if u.Common&level != 0 {
		stream = PurposeOf("pool " + u.Pool)
	}
	v := NewLuck(seed, rep, stream, ordinal).Uniform(p, 0)
	shape := 1 / (cv * cv)
	return math.Exp(gammaLog(shape, v, 1-v)) / shape
}

var (
	forYear     = PurposeOf("forecast error of the year")
	forMonth    = PurposeOf("forecast error of the month")
	forDay      = PurposeOf("forecast error of the day")
	forInterval = PurposeOf("forecast error of the interval")
)
