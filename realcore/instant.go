package realcore

import (
	"math"
	"time"
)

// Instant is a point in a run's own time: nanoseconds since the run began. It
// is an integer, so that equal means equal. The core never sees civil time;
// calendars, zones and daylight saving are compiled into instants before.
type Instant int64

// Never is later than every instant of a run.
const Never Instant = math.MaxInt64

// Add returns the instant d after t. It saturates at Never.
func (t Instant) Add(d time.Duration) Instant {
	s := t + Instant(d)
	if d > 0 && s < t {
		return Never
	}
	return s
}

// Sub returns the time from u to t.
func (t Instant) Sub(u Instant) time.Duration { return time.Duration(t - u) }

// Seconds returns t as seconds since the run began.
func (t Instant) Seconds() float64 { return time.Duration(t).Seconds() }

// String prints t as a duration since the run began, as stories write it.
func (t Instant) String() string {
	if t == Never {
		return "never"
	}
	return time.Duration(t).String()
}
