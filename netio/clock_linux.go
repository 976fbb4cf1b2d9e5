package netio

import (
	"time"

	"golang.org/x/sys/unix"
)

func monotonic() int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return 0
	}
	return ts.Nano()
}

// SleepUntil returns at the instant at, or at once if it has passed: clock_nanosleep
// with an absolute time, so that being woken late once does not move the next time,
// and the runtime's timers, which may be a millisecond off, have no part in it.
func (c Clock) SleepUntil(at time.Duration) {
	ts := unix.NsecToTimespec(c.mono + int64(at))
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &ts, nil) == unix.EINTR {
	}
}
