package main

import (
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"callwright/netio"
	"callwright/traffic/sipload"
)

func newClock() netio.Clock { return netio.NewClock() }

func cores() int { return runtime.GOMAXPROCS(0) }

// isTerminal reports whether somebody looks at what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}

// readKeys takes keys from a terminal while a run goes on: + and - change the rate by a
// tenth, 0 takes that back, q ends the run. It returns what gives the terminal back.
func readKeys(run *sipload.Run) func() {
	fd := int(os.Stdin.Fd())
	old, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil { // no terminal
		return func() {}
	}
	raw := *old
	raw.Lflag &^= unix.ICANON | unix.ECHO // Ctrl-C stays a signal
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 0, 2
	if unix.IoctlSetTermios(fd, unix.TCSETS, &raw) != nil {
		return func() {}
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 1)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if n, err := unix.Read(fd, b); err != nil || n == 0 { // a fifth of a second without a key
				continue
			}
			switch b[0] {
			case '+':
				run.Pace(1.1)
			case '-':
				run.Pace(1 / 1.1)
			case '0':
				run.Pace(0)
			case 'q':
				run.Stop()
			}
		}
	}()
	return func() {
		close(stop)
		<-done
		_ = unix.IoctlSetTermios(fd, unix.TCSETS, old)
	}
}
