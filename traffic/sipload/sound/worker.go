package sound

import (
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// A dense worker wakes each millisecond, for the legs whose turn it is; it reads its
// ports each second time.
const (
	step      = time.Millisecond
	steps     = int(rtp.FrameTime / step)
	readEvery = 2
	giveUp    = 200 * time.Millisecond // after standing still for longer, frames are left out, not made up for
	atATime   = 64                     // datagrams a system call
	packet    = 12 + rtp.FrameSize
)

// worker is one pacing loop, its ports and its legs. mu guards them.
type worker struct {
	engine *dense
	clock  netio.Clock
	batch  *netio.Batch
	watch  netio.Watch
	wait   sync.WaitGroup
	stop   atomic.Bool
	wake   chan struct{} // capacity 1: a nudge is remembered, further ones are the same
	load   atomic.Int64  // legs

	mu     sync.Mutex
	ports  []*port
	turns  [steps][]*turn
	parser rtp.Parser
	calls  []func() // to be made when mu is not held
	making []func()
	stats  Stats
	pace   netio.Lateness
	drops  int64 // of ports that are closed

	out  []netio.Datagram // being sent
	from []*denseLeg      // whose they are
	room [atATime * packet]byte
	loop [rtp.FrameSize]byte // a frame that has a loop's end and its beginning
}

// turn is the legs of one port that send at the same step: one batch.
type turn struct {
	port *port
	legs []*denseLeg
}

// port is a socket that legs share.
type port struct {
	conn  *netio.Conn
	turns []*turn
	peers peers
}

func newWorker(e *dense, conns []*netio.Conn) *worker {
	w := &worker{engine: e, clock: e.config.Clock, batch: netio.NewBatch(atATime, rtp.MaxPacket), wake: make(chan struct{}, 1)}
	for i, c := range conns {
		p := &port{conn: c, peers: newPeers()}
		// Each port has steps of its own, as far as they go round: batches are large then.
		for k := i % steps; k < steps; k += max(len(conns), 1) {
			t := &turn{port: p}
			p.turns = append(p.turns, t)
			w.turns[k] = append(w.turns[k], t)
		}
		w.ports = append(w.ports, p)
	}
	return w
}

// nudge wakes a worker that has nothing to do.
func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *worker) run() {
	defer w.wait.Done()
	next := w.clock.Now()
	w.watch.Begin(next)
	defer w.watch.End()
	for n := 0; !w.stop.Load(); n++ {
		w.clock.SleepUntil(next)
		woke := w.clock.Now()
		w.watch.Woke(woke)
		w.mu.Lock()
		for _, t := range w.turns[n%steps] {
			w.send(t, next)
		}
		if n%readEvery == 0 {
			w.read()
		}
		idle := w.load.Load() == 0 && len(w.calls) == 0
		w.mu.Unlock()
		w.deliver()
		late := woke - next
		next += step
		w.watch.Sleeps(w.clock.Now())
		switch {
		case idle:
			<-w.wake
			next = w.clock.Now()
		case late > giveUp:
			left := (w.clock.Now() - next) / rtp.FrameTime
			next += left * rtp.FrameTime
			w.leaveOut(int64(left))
		}
	}
}

// leaveOut passes over frames: the machine stood still, or has too much to do.
func (w *worker) leaveOut(frames int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.ports {
		for _, t := range p.turns {
			for _, l := range t.legs {
				if l.sends() {
					w.stats.Frames += frames
					w.stats.FramesLate += frames
				}
			}
		}
	}
}

// deliver tells what happened, without a lock, so that who is told may call back.
func (w *worker) deliver() {
	w.mu.Lock()
	w.calls, w.making = w.making[:0], w.calls
	making := w.making
	w.mu.Unlock()
	for i, f := range making {
		f()
		making[i] = nil
	}
}

func (w *worker) later(f func()) {
	if f != nil {
		w.calls = append(w.calls, f)
	}
}

// send sends a frame of each of a turn's legs, due at an instant.
func (w *worker) send(t *turn, due time.Duration) {
	for _, l := range t.legs {
		l.ear.tick(due)
		w.later(l.ear.telling())
		if !l.sends() {
			continue
		}
		at := len(w.out) * packet
		w.out = append(w.out, netio.Datagram{B: l.packet(w.room[at:at:at+packet], due, &w.loop), Addr: l.params.Remote})
		w.from = append(w.from, l)
		if len(w.out) == atATime {
			w.flush(t.port, due)
		}
	}
	w.flush(t.port, due)
}

// flush gives what is ready to the kernel. What it does not take is left out: a frame
// that waited would be late.
func (w *worker) flush(p *port, due time.Duration) {
	w.stats.Frames += int64(len(w.out))
	for len(w.out) > 0 {
		n, err := w.batch.Send(p.conn, w.out)
		now := w.clock.Now()
		w.pace.Add(now-due, uint64(n))
		if now-due > rtp.FrameTime {
			w.stats.FramesLate += int64(n)
		}
		for i, l := range w.from[:n] {
			l.ear.capture.add(now, true, w.out[i].Addr, w.out[i].B)
		}
		if n < len(w.out) {
			skip := 1
			if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOBUFS) {
				skip = len(w.out) - n // no room for any
			}
			w.stats.Unsent += int64(skip)
			w.stats.FramesLate += int64(skip)
			n += skip
		}
		w.out, w.from = w.out[:copy(w.out, w.out[n:])], w.from[:copy(w.from, w.from[n:])]
	}
}

// read reads all ports empty, but none for ever.
func (w *worker) read() {
	for _, p := range w.ports {
		for range 64 {
			in, err := w.batch.Receive(p.conn, w.clock)
			if err != nil {
				w.engine.config.Log.Warn("sound: receive", "port", p.conn.Port(), "err", err)
				break
			}
			for i := range in {
				w.came(p, &in[i])
			}
			if len(in) < atATime {
				break
			}
		}
	}
}

// came has the leg hear a datagram.
func (w *worker) came(p *port, d *netio.Datagram) {
	w.stats.Datagrams++
	packet, err := w.parser.Parse(d.B)
	if err != nil {
		if l := p.peers.only(d.Addr); l != nil {
			l.bad++
		}
		return
	}
	l := p.peers.find(d.Addr, &packet)
	if l == nil {
		w.stats.Foreign++
		return
	}
	l.came(p, d, &packet)
	w.later(l.ear.telling())
}

// emptiest returns the port with the fewest legs of those that may be had.
func (w *worker) emptiest(may func(*port) bool) (best *port) {
	for _, p := range w.ports {
		if (best == nil || p.peers.legs < best.peers.legs) && (may == nil || may(p)) {
			best = p
		}
	}
	return best
}

// enter gives a leg its port, and the turn with the fewest legs.
func (w *worker) enter(l *denseLeg, p *port) {
	t := p.turns[0]
	for _, o := range p.turns[1:] {
		if len(o.legs) < len(t.legs) {
			t = o
		}
	}
	l.turn, l.place = t, len(t.legs)
	t.legs = append(t.legs, l)
	p.peers.add(l)
	if l.ear.capture != nil {
		l.ear.capture.local = p.conn.Local()
	}
	w.load.Add(1)
}

func (w *worker) leave(l *denseLeg) {
	t := l.turn
	last := len(t.legs) - 1
	t.legs[l.place] = t.legs[last]
	t.legs[l.place].place = l.place
	t.legs[last] = nil
	t.legs = t.legs[:last]
	t.port.peers.remove(l)
	w.load.Add(-1)
}

func (w *worker) dropped() int64 {
	n := w.drops
	for _, p := range w.ports {
		n += p.conn.Drops()
	}
	return n
}

func (w *worker) closePorts() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drops = w.dropped()
	var bad []error
	for _, p := range w.ports {
		bad = append(bad, p.conn.Close())
	}
	w.ports = nil
	return errors.Join(bad...)
}
