package sipua_test

import (
	"syscall"
	"time"
)

// cpu is the processor time that this process has taken.
func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
