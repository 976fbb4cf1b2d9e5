package sound

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"syscall"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/netio"
)

// dense is an engine whose legs share a few ports.
type dense struct {
	config  Config
	kept    *store
	workers []*worker

	mu     sync.Mutex
	closed bool
}

// Dense starts an engine whose legs share a few ports, so that the kernel takes and gives
// many packets at a time. What it does not have: RTCP, neither sent nor read, so there is
// no round trip (R assumes 20 ms one way); and the learning of where a peer sends from.
//
// A stream is the leg's whose Params.Remote it comes from. Where several legs of a port
// have the same remote (an echo, another dense engine), the SSRC decides: the leg's own,
// for an echo sends it back; else a stream belongs to the leg that has waited longest
// for one. To a leg whose Set comes before its Port such a port is not given as long as
// there is another: answerers should call them in this order. A known SSRC's stream may
// go on from another address. All else is Stats.Foreign.
func Dense(c Config) (Engine, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	e := &dense{config: c, kept: newStore(c)}
	conns, err := listen(c)
	if err != nil {
		return nil, err
	}
	for i := range c.Workers {
		e.workers = append(e.workers, newWorker(e, conns[i*len(conns)/c.Workers:(i+1)*len(conns)/c.Workers]))
	}
	for _, w := range e.workers {
		w.wait.Add(1)
		go w.run()
	}
	return e, nil
}

// denseBuffer is as much as a net.core.rmem_max of 4 MB lets it be.
const denseBuffer = 4 << 20

// listen opens the shared ports: as many as are wished, or as the range has.
func listen(c Config) (conns []*netio.Conn, err error) {
	size := netio.Options{ReceiveBuffer: denseBuffer, SendBuffer: denseBuffer}
	if c.ReceiveBuffer > 0 {
		size.ReceiveBuffer = c.ReceiveBuffer
	}
	defer func() {
		if err != nil {
			for _, c := range conns {
				c.Close()
			}
		}
	}()
	port := (c.PortMin + 1) &^ 1
	for len(conns) < c.Workers*c.Sockets && (c.PortMin == 0 || port <= c.PortMax) {
		conn, err := netio.Listen(netip.AddrPortFrom(c.Bind, uint16(port)), size)
		if c.PortMin != 0 {
			port += 2
			if errors.Is(err, syscall.EADDRINUSE) {
				continue
			}
		}
		if err != nil {
			return conns, fmt.Errorf("sound: %w", err)
		}
		conns = append(conns, conn)
	}
	if len(conns) < c.Workers {
		return conns, fmt.Errorf("sound: %d ports of %d to %d are free; want one for each of %d workers: %w", len(conns), c.PortMin, c.PortMax, c.Workers, media.ErrPorts)
	}
	return conns, nil
}

func (e *dense) Close() error {
	e.mu.Lock()
	closed := e.closed
	e.closed = true
	e.mu.Unlock()
	if closed {
		return nil
	}
	var bad []error
	for _, w := range e.workers {
		w.stop.Store(true)
		w.nudge()
		w.wait.Wait()
		w.deliver()
		bad = append(bad, w.closePorts())
	}
	return errors.Join(bad...)
}

func (e *dense) Open() (Leg, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, media.ErrClosed
	}
	w := e.workers[0]
	for _, o := range e.workers[1:] {
		if o.load.Load() < w.load.Load() {
			w = o
		}
	}
	l := &denseLeg{worker: w, sender: rtp.NewSender(rand.Uint32(), uint16(rand.Uint32()), rand.Uint32()), ear: newEar(e.config, e.kept)}
	w.mu.Lock()
	w.enter(l, w.emptiest(nil))
	w.mu.Unlock()
	w.nudge()
	return l, nil
}

func (e *dense) Stats() Stats {
	s := Stats{Uncaptured: e.kept.uncaptured.Load()}
	var pace netio.Lateness
	for _, w := range e.workers {
		w.mu.Lock()
		s.Legs += int(w.load.Load())
		s.Frames += w.stats.Frames
		s.FramesLate += w.stats.FramesLate
		s.Datagrams += w.stats.Datagrams
		s.Unsent += w.stats.Unsent
		s.Foreign += w.stats.Foreign
		s.Dropped += w.dropped()
		pace.Merge(&w.pace)
		w.mu.Unlock()
		busy, waited := w.watch.Shares()
		s.Busy, s.Waited = max(s.Busy, busy), max(s.Waited, waited)
	}
	s.PaceP50, s.PaceP99 = pace.Quantile(0.50), pace.Quantile(0.99)
	return s
}
