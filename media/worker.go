package media

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// A worker looks at its sockets each step, and plays a frame at each fourth.
const (
	step         = 5 * time.Millisecond
	stepsPerTick = int(rtp.FrameTime / step)
	giveUp       = 200 * time.Millisecond // after standing still for longer, ticks are left out, not made up for
)

// worker is one goroutine with a clock, and the legs that it serves. mu guards it, its
// legs and their bridges: a leg is touched with its worker's mu held only.
type worker struct {
	engine *Engine
	number int // the order in which two are locked
	clock  netio.Clock
	poller *netio.Poller
	batch  *netio.Batch
	wait   sync.WaitGroup
	stop   atomic.Bool
	wake   chan struct{} // capacity 1: a nudge is remembered, further ones are the same
	load   atomic.Int64  // legs

	mu      sync.Mutex
	legs    []*Leg // by slot; nil: free
	free    []int
	bridges []*Bridge
	calls   []call // to be made when mu is not held
	making  []call
	tags    []uint64
	out     []byte // a packet being built
	stats   Stats
	pace    Pace
	watch   netio.Watch

	// A generator's legs take turns: at each step those of every fourth slot.
	generator bool
	turn      int
	turns     int
}

func newWorker(e *Engine, number int) (*worker, error) {
	p, err := netio.NewPoller(256)
	if err != nil {
		return nil, err
	}
	w := &worker{engine: e, number: number, clock: e.clock, poller: p, batch: netio.NewBatch(8, rtp.MaxPacket),
		wake: make(chan struct{}, 1), out: make([]byte, 0, rtp.MaxPacket), turns: 1}
	if w.generator = e.config.Generator; w.generator {
		w.turns = stepsPerTick
	}
	return w, nil
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
	if w.generator {
		w.watch.Begin(next)
		defer w.watch.End()
	}
	for n := 0; !w.stop.Load(); n++ {
		w.clock.SleepUntil(next)
		woke := w.clock.Now()
		late := woke - next
		w.watch.Woke(woke)
		w.mu.Lock()
		w.poll()
		if w.turn = n % w.turns; n%stepsPerTick == 0 || w.generator {
			w.tick(next, late)
		}
		idle := w.load.Load() == 0 && len(w.calls) == 0
		w.mu.Unlock()
		w.deliver()
		w.watch.Sleeps(w.clock.Now())
		next += step
		switch {
		case idle:
			<-w.wake
			next = w.clock.Now()
		case late > giveUp:
			left := (w.clock.Now() - next) / rtp.FrameTime
			next += left * rtp.FrameTime
			w.mu.Lock()
			w.leaveOut(int64(left))
			w.mu.Unlock()
		}
	}
}

// leaveOut passes over frames: the machine stood still, and to send them all at once now
// would help nobody. Recordings keep their time by as much silence.
func (w *worker) leaveOut(frames int64) {
	w.stats.Missed += uint64(frames)
	for _, l := range w.legs {
		if l != nil && l.rec != nil {
			l.rec.leaveOut(frames)
		}
		if l != nil && l.set && l.params.Send {
			w.pace.Frames += uint64(frames)
			w.pace.FramesLate += uint64(frames)
		}
	}
}

// later has something called once no lock is held.
func (w *worker) later(f func()) {
	if f != nil {
		w.calls = append(w.calls, call{done: f})
	}
}

// deliver tells what happened, without a lock, so that who is told may call back.
func (w *worker) deliver() {
	w.mu.Lock()
	w.calls, w.making = w.making[:0], w.calls
	making := w.making
	w.mu.Unlock()
	for i := range making {
		making[i].make()
		making[i] = call{}
	}
}

// poll reads all sockets that have something.
func (w *worker) poll() {
	for range 16 { // 4,096 sockets; the rest at the next step
		var err error
		w.tags, err = w.poller.Ready(w.tags[:0], 0)
		if err != nil {
			w.engine.config.Log.Error("media: poll", "err", err)
			return
		}
		for _, tag := range w.tags {
			l := w.legs[tag>>1]
			switch {
			case l == nil:
			case tag&1 == 0:
				w.receive(l)
			default:
				w.receiveControl(l)
			}
		}
		if len(w.tags) < 256 {
			return
		}
	}
}

// tick is one frame of 20 ms, which begins at the instant now by the worker's clock.
func (w *worker) tick(now, late time.Duration) {
	w.stats.Ticks++
	w.stats.Latest = max(w.stats.Latest, late)
	if late > step {
		w.stats.Late++
	}
	for i := w.turn; i < len(w.legs); i += w.turns {
		if l := w.legs[i]; l != nil {
			l.take(now)
		}
	}
	for _, b := range w.bridges {
		b.mix()
	}
	for i := w.turn; i < len(w.legs); i += w.turns {
		if l := w.legs[i]; l != nil {
			w.send(l, now)
			w.housekeep(l, now)
		}
	}
}

// add takes a leg in. On an error the leg is in all the same, but deaf.
func (w *worker) add(l *Leg) error {
	var slot int
	if n := len(w.free); n > 0 {
		slot, w.free = w.free[n-1], w.free[:n-1]
	} else {
		slot = len(w.legs)
		w.legs = append(w.legs, nil)
	}
	w.legs[slot], l.slot = l, slot
	l.worker.Store(w)
	w.load.Add(1)
	return errors.Join(w.poller.Add(l.pair.RTP, uint64(slot)<<1), w.poller.Add(l.pair.RTCP, uint64(slot)<<1|1))
}

func (w *worker) remove(l *Leg) {
	_ = w.poller.Remove(l.pair.RTP) // not there after a failed add
	_ = w.poller.Remove(l.pair.RTCP)
	w.legs[l.slot] = nil
	w.free = append(w.free, l.slot)
	w.load.Add(-1)
}

// lockBoth locks the workers of two legs, in the order of their numbers.
func lockBoth(a, b *Leg) (wa, wb *worker) {
	for {
		wa, wb = a.worker.Load(), b.worker.Load()
		first, second := wa, wb
		if second.number < first.number {
			first, second = second, first
		}
		first.mu.Lock()
		if second != first {
			second.mu.Lock()
		}
		if a.worker.Load() == wa && b.worker.Load() == wb {
			return wa, wb
		}
		unlockBoth(wa, wb)
	}
}

func unlockBoth(a, b *worker) {
	a.mu.Unlock()
	if b != a {
		b.mu.Unlock()
	}
}
