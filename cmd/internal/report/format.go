package report

import (
	"math"
	"strconv"

	"callwright/cmd/internal/page"
	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// defined returns the number behind a pointer, NaN if there is none.
func defined(x *float64) float64 {
	if x == nil || math.IsInf(*x, 0) {
		return math.NaN()
	}
	return *x
}

// percent is a fraction in a sentence.
func (w words) percent(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return page.Hundredths(x) + w.pick(" %", "%")
}

// level is a level such as 95 % or 99.9 %.
func (w words) level(x float64) string {
	return strconv.FormatFloat(math.Round(1e5*x)/1e3, 'f', -1, 64) + w.pick(" %", "%")
}

func (w words) seconds(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return w.s("unit.seconds", strconv.FormatFloat(math.Round(10*x)/10, 'f', -1, 64))
}

func (w words) hours(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	return w.s("unit.hours", page.Fixed(x, 1))
}

// points is a difference of two fractions.
func (w words) points(x float64) string {
	if math.IsNaN(x) {
		return page.Undefined
	}
	sign := ""
	if s := page.Hundredths(x); x > 0 && s != "0.0" {
		sign = "+"
	}
	return w.s("unit.points", sign+page.Hundredths(x))
}

// value is a number in its measure's unit.
func (w words) value(id measure.ID, x float64) string {
	def := measure.Find(id)
	if def == nil || math.IsNaN(x) {
		return page.Undefined
	}
	switch def.Unit {
	case measure.Fraction:
		return w.percent(x)
	case measure.Seconds:
		return w.s("unit.seconds", page.Fixed(x, 1))
	case measure.Contacts:
		return w.s("cell.contacts", page.Fixed(x, 1))
	}
	return page.Fixed(x, 2)
}

// between is the interval of a measure, "" if it has none.
func (w words) between(m beside.Measure) string {
	lo, hi := defined(m.Low), defined(m.High)
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return ""
	}
	return w.value(m.Definition, lo) + w.pick(" to ", "〜") + w.value(m.Definition, hi)
}

// full is a measure with its interval.
func (w words) full(m beside.Measure) string {
	s := w.value(m.Definition, defined(m.Value))
	if b := w.between(m); b != "" {
		s += w.pick(" (", "(") + b + w.pick(")", ")")
	}
	return s
}

// bracket is a fraction with its interval in cells whose head has the unit.
func bracket(m beside.Measure) string {
	s := page.Hundredths(defined(m.Value))
	if r := span(m); r != "" {
		s += " " + r
	}
	return s
}

func span(m beside.Measure) string {
	lo, hi := defined(m.Low), defined(m.High)
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return ""
	}
	return "[" + page.Hundredths(lo) + ", " + page.Hundredths(hi) + "]"
}

func (w words) name(id measure.ID) string {
	def := measure.Find(id)
	if def == nil {
		return string(id)
	}
	return w.pick(def.En, def.Ja)
}

func (w words) formula(id measure.ID) string {
	def := measure.Find(id)
	if def == nil {
		return page.Undefined
	}
	return w.pick(def.FormulaEn, def.FormulaJa)
}
