package netio

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"
)

// Watch says how a goroutine that works by the clock spends its time, second by second:
// what part of it it was at work, from waking to sleeping, and what part its thread could
// have run but had no core. The first is the goroutine's doing, the second the machine's.
//
// Begin, Woke and Sleeps are the goroutine's; Shares is anybody's.
type Watch struct {
	from    time.Duration // of this second
	woke    time.Duration
	worked  time.Duration
	waited  time.Duration // at from
	thread  threadTime
	shares  [2]atomic.Uint64 // bits of floats
	started bool
}

// Begin locks the goroutine to its thread, which is its own from then on, and begins
// the first second.
func (w *Watch) Begin(now time.Duration) {
	runtime.LockOSThread()
	w.thread = openThreadTime()
	w.from, w.woke, w.waited, w.started = now, now, w.thread.waited(), true
}

// End gives the thread back.
func (w *Watch) End() {
	if w.started {
		w.thread.close()
		runtime.UnlockOSThread()
	}
}

// Woke says that work begins.
func (w *Watch) Woke(now time.Duration) { w.woke = now }

// Sleeps says that it has ended; once a second the shares are made up.
func (w *Watch) Sleeps(now time.Duration) {
	w.worked += now - w.woke
	d := now - w.from
	if d < time.Second || !w.started {
		return
	}
	waited := w.thread.waited()
	w.shares[0].Store(math.Float64bits(min(1, float64(w.worked)/float64(d))))
	w.shares[1].Store(math.Float64bits(min(1, float64(waited-w.waited)/float64(d))))
	w.from, w.worked, w.waited = now, 0, waited
}

// Shares returns both parts of the last whole second, in [0, 1]; waited is 0 where the
// system does not tell.
func (w *Watch) Shares() (busy, waited float64) {
	return math.Float64frombits(w.shares[0].Load()), math.Float64frombits(w.shares[1].Load())
}
