//go:build unix

package live

import (
	"os"
	"syscall"
)

// lock keeps a second host off the file for as long as it is open. The system
// lets go of it when the process dies, however it dies.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
