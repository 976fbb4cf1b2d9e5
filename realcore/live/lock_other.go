//go:build !unix

package live

import "os"

// lock does nothing where there is no flock: two hosts on one journal would
// damage it.
func lock(*os.File) error { return nil }

// syncFolder does nothing where a folder cannot be synced.
func syncFolder(string) error { return nil }
