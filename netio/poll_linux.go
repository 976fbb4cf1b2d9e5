package netio

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Poller says which of many sockets have something to read: epoll.
type Poller struct {
	fd     int
	events []unix.EpollEvent
}

// NewPoller returns a poller that reports up to n sockets at a time.
func NewPoller(n int) (*Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("netio: epoll: %w", err)
	}
	return &Poller{fd: fd, events: make([]unix.EpollEvent, n)}, nil
}

// Add watches a socket from now on. Ready reports it by its tag.
func (p *Poller) Add(c *Conn, tag uint64) error {
	return unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(tag), Pad: int32(tag >> 32)})
}

// Remove no longer watches it.
func (p *Poller) Remove(c *Conn) error { return unix.EpollCtl(p.fd, unix.EPOLL_CTL_DEL, c.fd, nil) }

// Ready appends the tags of sockets that have something to read. It waits for one up
// to a length of time, in whole milliseconds; 0 does not wait. A socket that is not
// read empty is reported again. When there are more than the poller's n the others
// are reported by the next call.
func (p *Poller) Ready(tags []uint64, wait time.Duration) ([]uint64, error) {
	n, err := unix.EpollWait(p.fd, p.events, int(wait.Milliseconds()))
	if err != nil {
		if err == unix.EINTR {
			return tags, nil
		}
		return tags, fmt.Errorf("netio: epoll: %w", err)
	}
	for _, e := range p.events[:n] {
		tags = append(tags, uint64(uint32(e.Fd))|uint64(uint32(e.Pad))<<32)
	}
	return tags, nil
}

// Close forgets all sockets; it closes none.
func (p *Poller) Close() error { return unix.Close(p.fd) }
