package netio

import (
	"bytes"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is a thread's schedstat: nanoseconds that it ran, that it could have run
// but waited for a core, and how often it was put on one.
type threadTime struct{ fd int }

// openThreadTime opens the calling thread's.
func openThreadTime() threadTime {
	fd, err := unix.Open("/proc/thread-self/schedstat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return threadTime{-1}
	}
	return threadTime{fd}
}

func (t threadTime) waited() time.Duration {
	var b [64]byte
	if t.fd < 0 {
		return 0
	}
	n, err := unix.Pread(t.fd, b[:], 0)
	if err != nil {
		return 0
	}
	f := bytes.Fields(b[:n])
	if len(f) < 2 {
		return 0
	}
	ns, _ := strconv.ParseInt(string(f[1]), 10, 64)
	return time.Duration(ns)
}

func (t threadTime) close() {
	if t.fd >= 0 {
		unix.Close(t.fd)
	}
}
