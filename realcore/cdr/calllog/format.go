package calllog

import (
	"fmt"
	"time"
)

// timeForm is how a column writes instants.
type timeForm uint8

const (
	unknownForm timeForm = iota
	textForm             // a date, a clock time or both
	secondsForm          // seconds from midnight; 0 of an optional instant: did not happen
	hhmmForm             // 0930
	epochForm            // Unix seconds
	epochMSForm          // Unix milliseconds
)

// format is what a column's values are like, found by looking at a sample.
type format struct {
	filled  int // values seen that are not empty
	form    timeForm
	dated   bool // textForm with a date in it
	clocked bool // textForm with a time of day in it
	ranged  bool // 09:00-09:30
	order   dateOrder
	unclear bool // day and month cannot be told apart
	unit    time.Duration
	percent bool
	fits    [fractionValue + 1]bool // by valueKind
}

// look finds the format of a column.
func look(header string, values []string, order dateOrder, isOutcome func(string) bool) format {
	f := format{order: order, unit: time.Second}
	_, unit := normalise(header)
	switch unit {
	case "ms":
		f.unit = time.Millisecond
	case "min":
		f.unit = time.Minute
	case "%":
		f.percent = true
	}
	var full []string
	for _, v := range values {
		if !absent(v) {
			full = append(full, v)
		}
	}
	f.filled = len(full)
	f.fits[anyText] = true
	f.instants(full)
	f.numbers(full, isOutcome)
	return f
}

// mostly reports whether enough of n values are of a kind: a few damaged ones
// do not change what a column is.
func mostly(k, n int) bool { return n == 0 || 10*k >= 9*n || n < 10 && k >= n-1 && k > 0 }

// instants tells whether the values are instants, and how they are written.
func (f *format) instants(full []string) {
	x := tallies{lo: 1e18, hi: -1}
	for _, v := range full {
		x.at(v, f.order)
	}
	n := len(full)
	switch {
	case n == 0:
		f.form = textForm
		f.fits[instantValue], f.fits[dateValue] = true, true
		return
	case mostly(max(x.dates, x.clocks), n):
		f.form = textForm
		f.dated = x.dates*2 > n
		f.clocked = f.dated && x.both > 0 || !f.dated && x.clocks*2 > n
		f.fits[instantValue] = true
		f.fits[dateValue] = f.dated && !f.clocked
		f.ranged = x.ranges*2 > n
	case mostly(x.digits, n):
		f.form = x.numberForm()
		f.fits[instantValue] = f.form != unknownForm
	}
	if f.order == unknownOrder {
		switch {
		case x.day > 0 && x.month == 0:
			f.order = dayFirst
		case x.month > 0 && x.day == 0:
			f.order = monthFirst
		default:
			f.unclear = x.unclear > 0
		}
	}
}

// tallies count of what kind the values of a column are.
type tallies struct {
	dates, clocks, both int // both: not counting midnight, which spreadsheets add to dates
	ranges              int
	digits, four        int     // bare numbers; those that may be hhmm
	lo, hi              float64 // of the numbers
	day, month          int     // dates with a number over 12 first, second
	unclear             int     // dates that the order of day and month decides
}

func (x *tallies) at(v string, order dateOrder) {
	if n, err := number(fold(v)); err == nil {
		x.number(v, n, order)
		return
	}
	if from, _, ok := splitRange(v); ok {
		x.ranges++
		v = from
	}
	c, needs, ok := parseCivil(v, order)
	if !ok {
		return
	}
	if needs {
		x.unclear++
	}
	switch first, second := dayAndMonth(v); {
	case first > 12:
		x.day++
	case second > 12:
		x.month++
	}
	if c.date {
		x.dates++
	}
	if c.clock {
		x.clocks++
	}
	if c.date && c.clock && c.sec != 0 {
		x.both++
	}
}

// number counts a bare number, which may be a date written in one: 20261125.
func (x *tallies) number(v string, n float64, order dateOrder) {
	if len(v) == 8 || len(v) == 12 || len(v) == 14 {
		if c, _, ok := parseCivil(v, order); ok {
			x.dates++
			if c.clock {
				x.clocks++
				x.both++
			}
			return
		}
	}
	x.digits++
	x.lo, x.hi = min(x.lo, n), max(x.hi, n)
	if len(v) == 4 && v[0] <= '2' && v[2] < '6' {
		x.four++
	}
}

// numberForm is what bare numbers of that size are as instants.
func (x *tallies) numberForm() timeForm {
	switch {
	case x.four == x.digits && x.digits > 1 && x.lo < x.hi:
		return hhmmForm
	case x.lo >= 3e8 && x.hi < 1e10:
		return epochForm
	case x.lo >= 3e11 && x.hi < 1e13:
		return epochMSForm
	case x.hi < 2*86400:
		return secondsForm
	}
	return unknownForm
}

// dayAndMonth returns the first two numbers of a date that ends in the year.
func dayAndMonth(v string) (first, second int) {
	c := cursor{fold(v)}
	first, w := c.digits()
	if w == 0 || w > 2 || !c.take("/") && !c.take("-") {
		return 0, 0
	}
	second, _ = c.digits()
	return first, second
}

func (f *format) numbers(full []string, isOutcome func(string) bool) {
	var lengths, counts, fractions, outcomes int
	over := false
	for _, v := range full {
		if _, err := length(v, time.Second); err == nil || err == errComma {
			lengths++
		}
		if _, want := count(v, true); want == "" {
			counts++
		}
		if _, want := fraction(v, true); want == "" {
			fractions++
		}
		if n, err := number(fold(v)); err == nil && n > 1 {
			over = true
		}
		if isOutcome(v) {
			outcomes++
		}
	}
	n := len(full)
	f.percent = f.percent || over
	f.fits[lengthValue] = mostly(lengths, n)
	f.fits[countValue] = mostly(counts, n)
	f.fits[fractionValue] = mostly(fractions, n)
	f.fits[outcomeValue] = mostly(outcomes, n)
}

// says describes the values for a Reason.
func (f *format) says(k valueKind) string {
	if f.filled == 0 {
		return "no values in the sample"
	}
	switch k {
	case instantValue, dateValue:
		switch f.form {
		case secondsForm:
			return "seconds from midnight"
		case hhmmForm:
			return "clock times such as 0930"
		case epochForm:
			return "Unix seconds"
		case epochMSForm:
			return "Unix milliseconds"
		case textForm:
			switch {
			case f.dated && f.clocked:
				return "dates with a time"
			case f.dated:
				return "dates"
			case f.ranged:
				return "ranges of clock times"
			}
			return "clock times"
		}
	case lengthValue:
		switch f.unit {
		case time.Millisecond:
			return "lengths of time, bare numbers are milliseconds"
		case time.Minute:
			return "lengths of time, bare numbers are minutes"
		}
		return "lengths of time, bare numbers are seconds"
	case outcomeValue:
		return "words for outcomes"
	case countValue:
		return "numbers"
	case fractionValue:
		if f.percent {
			return "percentages"
		}
		return "fractions"
	}
	return fmt.Sprintf("%d values in the sample", f.filled)
}
