//go:build unix

package live

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps a second host off the file for as long as it is open. The system
// lets go of it when the process dies, however it dies.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// syncFolder brings the names in a folder to the disk.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); !errors.Is(err, syscall.EINVAL) { // a file system that cannot has nothing to lose by it
		return err
	}
	return nil
}
