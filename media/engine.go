package media

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"callwright/netio"
)

// ErrClosed says that the engine, or the leg, has been closed.
var ErrClosed = errors.New("media: closed")

// Engine owns the workers, the ports and the writer of recordings. Its methods, and
// those of what it makes, may be called from any goroutine, callbacks included.
type Engine struct {
	config  Config
	clock   netio.Clock
	ports   *ports
	workers []*worker
	disk    *disk

	mu     sync.Mutex
	legs   map[*Leg]bool // open
	closed bool
}

// New starts an engine.
func New(c Config) (*Engine, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	probe, err := netio.Listen(netip.AddrPortFrom(c.Bind, 0), netio.Options{}) // an address that is not this machine's fails now, not with each call
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	probe.Close()
	e := &Engine{config: c, clock: c.Clock, ports: newPorts(c), legs: map[*Leg]bool{}}
	for i := range c.Workers {
		w, err := newWorker(e, i)
		if err != nil {
			for _, w := range e.workers {
				w.poller.Close()
			}
			return nil, err
		}
		e.workers = append(e.workers, w)
	}
	e.disk = newDisk(c)
	for _, w := range e.workers {
		w.wait.Add(1)
		go w.run()
	}
	return e, nil
}

// Close closes all legs, completes all recordings and waits for the engine's
// goroutines: it must not be called from a callback. What legs still had to tell is told
// before it returns.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	open := make([]*Leg, 0, len(e.legs))
	for l := range e.legs {
		open = append(open, l)
	}
	e.mu.Unlock()
	for _, l := range open {
		l.Close()
	}
	var bad []error
	for _, w := range e.workers {
		w.stop.Store(true)
		w.nudge()
		w.wait.Wait()
		w.deliver()
		bad = append(bad, w.poller.Close())
	}
	e.disk.close()
	return errors.Join(bad...)
}

// Open opens a leg: a port pair on the least busy worker. Until Set says who the peer
// is, it neither listens nor sends. ErrPorts: none is free.
func (e *Engine) Open() (*Leg, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	pair, err := e.ports.open(e.clock.Now())
	if err != nil {
		return nil, err
	}
	w := e.workers[0]
	for _, o := range e.workers[1:] {
		if o.load.Load() < w.load.Load() {
			w = o
		}
	}
	l := newLeg(e, pair)
	w.mu.Lock()
	if err = w.add(l); err != nil {
		w.remove(l)
	}
	w.mu.Unlock()
	if err != nil {
		_ = e.ports.giveBack(pair, e.clock.Now())
		return nil, fmt.Errorf("media: %w", err)
	}
	w.nudge()
	e.legs[l] = true
	return l, nil
}

// chance returns random numbers that cannot be guessed: SSRCs and sequence numbers
// are all that a stranger who sees no packets must guess (RFC 3550 section 9).
func chance() (a, b, c uint32) {
	var x [12]byte
	rand.Read(x[:]) // never fails: crypto/rand ends the program instead
	return binary.LittleEndian.Uint32(x[:]), binary.LittleEndian.Uint32(x[4:]), binary.LittleEndian.Uint32(x[8:])
}

// Stats is how the engine itself does: trouble here is not the network's.
type Stats struct {
	Legs      int
	Ticks     uint64        // frames of 20 ms, of all workers
	Latest    time.Duration // latest start of a tick
	Late      uint64        // ticks that began more than 5 ms late
	Missed    uint64        // ticks left out, after the machine stood still for more than 200 ms
	Unsent    uint64        // packets the kernel did not take
	Relayed   uint64        // packets
	Sent      uint64        // packets, of which relayed
	Received  uint64        // datagrams at RTP ports
	Unwritten uint64        // recordings that could not be written, or not to their end
}

// Stats returns the figures since the engine was made.
func (e *Engine) Stats() Stats {
	s := Stats{Unwritten: e.disk.failures.Load()}
	for _, w := range e.workers {
		w.mu.Lock()
		s.Legs += int(w.load.Load())
		s.Ticks += w.stats.Ticks
		s.Latest = max(s.Latest, w.stats.Latest)
		s.Late += w.stats.Late
		s.Missed += w.stats.Missed
		s.Unsent += w.stats.Unsent
		s.Relayed += w.stats.Relayed
		s.Sent += w.stats.Sent
		s.Received += w.stats.Received
		w.mu.Unlock()
	}
	return s
}
