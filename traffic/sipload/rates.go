package sipload

import (
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/traffic"
)

// Spacing is how starts lie under a rate.
type Spacing uint8

// The spacings.
const (
	Even    Spacing = iota // at equal parts of the rate: 20 calls/s are 50 ms apart
	Poisson                // independent: the law of calls by many people
)

func (s Spacing) String() string { return [...]string{"evenly spaced", "Poisson"}[s] }

// Rates are calls under a rate that changes with time.
type Rates struct {
	profile traffic.Profile
	spacing Spacing
	calls   int64
	length  time.Duration
	words   string
	seed    uint64

	n      int64
	cursor traffic.Cursor
	pace   float64
	origin float64 // of the profile's time, in seconds: it ran to here
	since  float64 // when the pace began, in the run's seconds
}

// NewRates returns arrivals under a rate in calls/s over seconds, up to a length of time, a
// number of calls (0: none), or the profile's end. words say it to people.
func NewRates(p traffic.Profile, s Spacing, calls int64, length time.Duration, seed uint64, words string) (*Rates, error) {
	if calls <= 0 && length <= 0 && math.IsInf(p.End(), 1) {
		return nil, errors.New("neither a number of calls nor a length of time ends the run")
	}
	if p.End() == 0 {
		return nil, errors.New("the rate is 0 throughout")
	}
	if length <= 0 {
		length = math.MaxInt64
	}
	if e := p.End(); !math.IsInf(e, 1) {
		length = min(length, seconds(e))
	}
	r := &Rates{profile: p, spacing: s, calls: calls, length: length, seed: seed, words: words, pace: 1}
	stream := traffic.Stream{Name: "load", Rate: p}
	r.cursor = stream.Start(seed, 0)
	return r, nil
}

func seconds(x float64) time.Duration {
	if x >= math.MaxInt64/1e9 {
		return math.MaxInt64
	}
	return time.Duration(math.Round(x * 1e9))
}

// Pace changes how fast the profile passes from an instant on: with 1.1, there are 10 % more
// calls a second.
func (r *Rates) Pace(factor float64, at time.Duration) {
	r.origin, r.since, r.pace = r.inProfile(at.Seconds()), at.Seconds(), factor
}

// Paced returns the factor in force.
func (r *Rates) Paced() float64 { return r.pace }

func (r *Rates) inProfile(t float64) float64 { return r.origin + (t-r.since)*r.pace }

// Next returns the next start; with Even, the k-th (from 0) comes when k calls are expected.
func (r *Rates) Next() (Caller, bool) {
	if r.calls > 0 && r.n >= r.calls {
		return Caller{}, false
	}
	var at float64
	var luck traffic.Luck
	if r.spacing == Poisson {
		i, _, l, ok := r.cursor.Next()
		if !ok {
			return Caller{}, false
		}
		at, luck = i.Seconds(), l
	} else {
		t, ok := r.profile.Inverse(float64(r.n))
		if !ok {
			return Caller{}, false
		}
		at, luck = t, traffic.NewLuck(r.seed, 0, forLoad, uint64(r.n+1))
	}
	wall := r.since + (at-r.origin)/r.pace
	if at < r.origin { // it was passed over when the pace changed
		wall = r.since
	}
	d := seconds(wall)
	if d >= r.length {
		return Caller{}, false
	}
	r.n++
	return Caller{Key: uint64(r.n), Luck: luck, Try: 1, At: d}, true
}

var forLoad = traffic.PurposeOf("load")

// Ended changes nothing: nobody calls again.
func (r *Rates) Ended(Caller, Ending, time.Duration) bool { return false }

// Planned returns how many calls there will be, for Poisson starts the expected number.
func (r *Rates) Planned() int64 {
	expected := r.profile.Cumulative(r.inProfile(r.length.Seconds()))
	n := int64(math.Round(expected))
	if r.spacing == Even {
		n = int64(math.Ceil(expected - 1e-9))
	}
	if r.calls > 0 && (n > r.calls || expected > 1e15) {
		return r.calls
	}
	return n
}

// Rate returns the rate wanted.
func (r *Rates) Rate(at time.Duration) float64 {
	if at >= r.length {
		return 0
	}
	return r.pace * r.profile.Rate(r.inProfile(at.Seconds()))
}

func (r *Rates) String() string {
	s := r.words
	if r.calls > 0 {
		s += fmt.Sprintf(", %d calls", r.calls)
	}
	if r.length < math.MaxInt64 {
		s += fmt.Sprintf(" for %v", r.length.Round(time.Millisecond))
	}
	return s + ", " + r.spacing.String()
}
