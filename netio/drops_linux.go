package netio

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	soMemInfo    = 55 // SO_MEMINFO, <asm-generic/socket.h>
	memInfoDrops = 8  // SK_MEMINFO_DROPS, <linux/sock_diag.h>
)

// Drops returns how many datagrams the kernel has dropped because nobody had read those
// before them: the socket's receive buffer was full.
func (c *Conn) Drops() int64 {
	var info [memInfoDrops + 1]uint32
	size := uint32(unsafe.Sizeof(info))
	_, _, e := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(c.fd), unix.SOL_SOCKET, soMemInfo,
		uintptr(unsafe.Pointer(&info[0])), uintptr(unsafe.Pointer(&size)), 0)
	if e != 0 || uintptr(size) < unsafe.Sizeof(info) {
		return 0
	}
	return int64(info[memInfoDrops])
}
