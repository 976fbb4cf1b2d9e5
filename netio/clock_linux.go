package netio

import (
	"time"
	"unsafe"

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

// Nap is SleepUntil for a goroutine that sleeps for a millisecond or so, hundreds of times
// a second: it keeps its processor (a GOMAXPROCS) meanwhile, where the runtime would wake
// another thread to take it. Where there is only one, other goroutines wait for it, for
// up to 10 ms.
func (c Clock) Nap(at time.Duration) {
	ts := unix.NsecToTimespec(c.mono + int64(at))
	for {
		_, _, e := unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
		if e != unix.EINTR {
			return
		}
	}
}
