package sipua

import (
	"slices"
	"strings"
)

// DialRules say which numbers may be called.
type DialRules struct {
	Emergency []string // always, by everybody: "110", "119", "112"
	Allowed   []string // prefixes; none: nothing but emergency numbers
	Premium   []string // prefixes that cost: off unless PremiumOn
	PremiumOn bool

	International   []string // prefixes that lead abroad ("010", "+", "00"): off unless InternationalOn
	InternationalOn bool

	PerMinute  int // calls that one agent, or one trunk's caller, may begin in a minute; 0: no limit
	Concurrent int // at once; 0: no limit

	TrunkPerMinute  int // calls out by one trunk, whoever wanted them; 0: no limit
	TrunkConcurrent int
}

// Dialled is one wish to make a leg, whoever had it: a number dialled, a REFER, a 302,
// a callback, a click.
type Dialled struct {
	Number     string
	InMinute   int // legs that the same one began in the last minute
	Concurrent int // and has now

	// Callback: the number is what a caller said is his. It may be another's.
	Callback bool
	ThisHour int // legs to this number in the last hour, whoever wanted them
}

const (
	shortestSubscriber = 7 // digits; shorter numbers are services
	mostCallbacks      = 3 // to one number in an hour
)

// Outside reports whether what was dialled is a telephone number, allowed or not, rather
// than nobody's: a subscriber's, an emergency number, or one of the destination list.
func Outside(r *DialRules, number string) bool {
	n := normal(number)
	return len(n) >= shortestSubscriber || n != "" && (slices.Contains(r.Emergency, n) || hasPrefix(n, r.Allowed))
}

// MayUseTrunk decides whether a trunk may carry one more call out, of so many in the last
// minute and now. Emergency calls always may.
func MayUseTrunk(r *DialRules, number string, inMinute, concurrent int) bool {
	return slices.Contains(r.Emergency, normal(number)) ||
		(r.TrunkPerMinute == 0 || inMinute < r.TrunkPerMinute) && (r.TrunkConcurrent == 0 || concurrent < r.TrunkConcurrent)
}

// MayDial decides whether a leg may be made, and says why not. Every leg to the
// telephone network passes here, and nothing else decides it.
func MayDial(r *DialRules, d Dialled) (ok bool, why string) {
	n := normal(d.Number)
	if d.Callback {
		switch {
		case len(n) < shortestSubscriber, slices.Contains(r.Emergency, n):
			return false, "no subscriber's number"
		case d.ThisHour >= mostCallbacks:
			return false, "called back too often"
		}
	}
	for _, e := range r.Emergency {
		if n == e {
			return true, "emergency"
		}
	}
	switch {
	case n == "":
		return false, "no number"
	case !r.PremiumOn && hasPrefix(n, r.Premium):
		return false, "premium rate"
	case !r.InternationalOn && hasPrefix(n, r.International):
		return false, "international"
	case !hasPrefix(n, r.Allowed):
		return false, "not in the destination list"
	case r.PerMinute > 0 && d.InMinute >= r.PerMinute:
		return false, "too many calls in a minute"
	case r.Concurrent > 0 && d.Concurrent >= r.Concurrent:
		return false, "too many calls at once"
	}
	return true, ""
}

// normal is a number without the marks people write in it; "" if it holds anything
// that is not dialled.
func normal(number string) string {
	n := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.', '(', ')', '/':
			return -1
		}
		return r
	}, number)
	for i := range len(n) {
		if c := n[i]; (c < '0' || c > '9') && (c != '+' || i > 0) {
			return ""
		}
	}
	return n
}

func hasPrefix(n string, list []string) bool {
	for _, p := range list {
		if p != "" && strings.HasPrefix(n, p) {
			return true
		}
	}
	return false
}
