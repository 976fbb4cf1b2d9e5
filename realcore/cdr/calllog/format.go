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

func (f *format) instants(full []string) {
	var dates, clocks, both, ranges, digits, four, day, month, unclear int
	lo, hi := 1e18, -1.0
	for _, v := range full {
		if n, err := number(fold(v)); err == nil {
			if len(v) == 8 || len(v) == 12 || len(v) == 14 {
				if c, _, ok := parseCivil(v, f.order); ok {
					dates++
					if c.clock {
						clocks++
						both++
					}
					continue
				}
			}
			digits++
			lo, hi = min(lo, n), max(hi, n)
			if len(v) == 4 && v[0] <= '2' && v[2] < '6' {
				four++
			}
			continue
		}
		if from, _, ok := splitRange(v); ok {
			ranges++
			v = from
		}
		c, needs, ok := parseCivil(v, f.order)
		if !ok {
			continue
		}
		if needs {
			unclear++
		}
		switch first, second := dayAndMonth(v); {
		case first > 12:
			day++
		case second > 12:
			month++
		}
		if c.date {
			dates++
		}
		if c.clock {
			clocks++
		}
		if c.date && c.clock && c.sec != 0 { // spreadsheets add 0:00:00 to dates
			both++
		}
	}
	n := len(full)
	switch {
	case n == 0:
		f.form = textForm
		f.fits[instantValue], f.fits[dateValue] = true, true
		return
	case mostly(max(dates, clocks), n):
		f.form = textForm
		f.dated = dates*2 > n
		f.clocked = f.dated && both > 0 || !f.dated && clocks*2 > n
		f.fits[instantValue] = true
		f.fits[dateValue] = f.dated && !f.clocked
		f.ranged = ranges*2 > n
	case mostly(digits, n):
		switch {
		case four == digits && digits > 1 && lo < hi:
			f.form = hhmmForm
		case lo >= 3e8 && hi < 1e10:
			f.form = epochForm
		case lo >= 3e11 && hi < 1e13:
			f.form = epochMSForm
		case hi < 2*86400:
			f.form = secondsForm
		}
		f.fits[instantValue] = f.form != unknownForm
	}
	if f.order == unknownOrder {
		switch {
		case day > 0 && month == 0:
			f.order = dayFirst
		case month > 0 && day == 0:
			f.order = monthFirst
		default:
			f.unclear = unclear > 0
		}
	}
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
