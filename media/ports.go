package media

import (
	"errors"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"callwright/netio"
)

// ErrPorts says that no port pair is free: the call is to be refused.
var ErrPorts = errors.New("media: no RTP port is free")

// The kernel's buffers hold what comes while a worker is at work: 64 KiB are some 80
// packets of 20 ms by the kernel's way of counting.
var socketSize = netio.Options{ReceiveBuffer: 64 << 10, SendBuffer: 64 << 10}

// ports gives out port pairs, the one that has rested longest first.
type ports struct {
	at   netip.Addr
	rest time.Duration
	size netio.Options

	mu   sync.Mutex
	any  bool      // the system chooses
	free []resting // in the order they were given back
}

type resting struct {
	port int
	from time.Duration // not to be used before
}

func newPorts(c Config) *ports {
	p := &ports{at: c.Bind, rest: c.PortRest, size: socketSize, any: c.PortMin == 0}
	if c.ReceiveBuffer > 0 {
		p.size.ReceiveBuffer = c.ReceiveBuffer
	}
	for port := (c.PortMin + 1) &^ 1; port < c.PortMax && !p.any; port += 2 {
		p.free = append(p.free, resting{port: port})
	}
	return p
}

// open opens a pair. A port that somebody else holds goes to the end of the queue; what
// else goes wrong (no files left to open) would with every port.
func (p *ports) open(now time.Duration) (netio.Pair, error) {
	if p.any {
		return netio.ListenPair(p.at, 0, p.size)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for range len(p.free) {
		r := p.free[0]
		if r.from > now {
			break
		}
		pair, err := netio.ListenPair(p.at, r.port, p.size)
		if err != nil && !errors.Is(err, syscall.EADDRINUSE) {
			return netio.Pair{}, err
		}
		p.free = append(p.free[:0], p.free[1:]...)
		if err == nil {
			return pair, nil
		}
		p.free = append(p.free, resting{r.port, now + p.rest})
	}
	return netio.Pair{}, ErrPorts
}

// giveBack closes a pair and lets its port rest.
func (p *ports) giveBack(pair netio.Pair, now time.Duration) error {
	port := pair.RTP.Port()
	err := pair.Close()
	if !p.any {
		p.mu.Lock()
		p.free = append(p.free, resting{port, now + p.rest})
		p.mu.Unlock()
	}
	return err
}
