//go:build !linux

package netio

import "time"

func monotonic() int64 { return 0 }

// SleepUntil returns at the instant at, or at once if it has passed.
func (c Clock) SleepUntil(at time.Duration) { time.Sleep(at - c.Now()) }

// Nap is SleepUntil.
func (c Clock) Nap(at time.Duration) { c.SleepUntil(at) }
