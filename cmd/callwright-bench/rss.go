package main

import (
	"os/exec"
	"syscall"
)

// maxRSS returns the process's peak resident memory in KB (Linux counts so).
func maxRSS(c *exec.Cmd) int64 {
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss
	}
	return 0
}
