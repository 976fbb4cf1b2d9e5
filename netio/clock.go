package netio

import "time"

// Clock counts from when it was made and never goes back, whatever is done to the
// system's time.
type Clock struct {
	start time.Time
	mono  int64 // CLOCK_MONOTONIC at start, ns, where there is one
}

// NewClock returns a clock at 0.
func NewClock() Clock { return Clock{start: time.Now(), mono: monotonic()} }

// Now returns the time since the clock was made.
func (c Clock) Now() time.Duration { return time.Since(c.start) }

// Unix returns the Unix time of an instant as the system's clock had it when this one
// was made: later corrections of it are not followed.
func (c Clock) Unix(at time.Duration) time.Duration {
	return time.Duration(c.start.UnixNano()) + at
}
