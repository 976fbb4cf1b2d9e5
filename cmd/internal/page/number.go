package page

import (
	"math"
	"strconv"
	"strings"
)

// Undefined stands for a number that does not exist; ASCII, so that its width is
// the same in every terminal.
const Undefined = "-"

// Fixed is a number with so many digits after the point.
func Fixed(x float64, digits int) string {
	if math.IsNaN(x) {
		return Undefined
	}
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if zero := strconv.FormatFloat(0, 'f', digits, 64); s == "-"+zero {
		return zero
	}
	return s
}

// Hundredths is a fraction as a percentage without its sign: a cell of a table
// whose head has it.
func Hundredths(x float64) string { return Fixed(100*x, 1) }

// Number is a number in a data file: all its digits, and nothing where it is undefined.
func Number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return string(strconv.AppendFloat(nil, x, 'g', -1, 64))
}

// Harmless returns a name that no spreadsheet takes for a formula: with an
// apostrophe before it if it would.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
