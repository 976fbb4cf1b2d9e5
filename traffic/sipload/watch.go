package sipload

import (
	"runtime"
	"slices"
	"syscall"
	"time"

	"callwright/netio"
	"callwright/traffic/loadstats"
)

const t1 = 500 * time.Millisecond // after which a request is repeated (RFC 3261 17.1.1.1)

// watch is how the generator watches itself: how late starts are, how long messages lie
// unread, how much of its thread's time the loop needs and waits for.
type watch struct {
	netio.Watch
	starts, reads         netio.Lateness
	startsLate, readsLate int64
	inVain                int64 // messages that lay unread for longer than t1

	busy   []float64 // of each second: the busiest of loop and sound
	waited []float64
	began  time.Duration
	cpu    time.Duration
}

func (w *watch) begin(now time.Duration) {
	w.Watch.Begin(now)
	w.began, w.cpu = now, cpuTime()
}

func (w *watch) started(late time.Duration) {
	w.starts.Add(late, 1)
	if late > loadstats.LateAt {
		w.startsLate++
	}
}

func (w *watch) read(after time.Duration) {
	w.reads.Add(after, 1)
	if after > t1 {
		w.inVain++
	}
	if after > loadstats.LateAt {
		w.readsLate++
	}
}

func (w *watch) second(r *Run) {
	busy, waited := w.Shares()
	if r.cfg.Sound != nil {
		s := r.cfg.Sound.Stats()
		busy, waited = max(busy, s.Busy), max(waited, s.Waited)
	}
	w.busy = append(w.busy, busy)
	w.waited = append(w.waited, waited)
}

// selfCheck sums up.
func (r *Run) selfCheck() loadstats.SelfCheck {
	w, c := &r.watch, &r.check
	c.Starts, c.StartsLate, c.LateP50, c.LateP99 = int64(w.starts.Count()), w.startsLate, w.starts.Quantile(0.5), w.starts.Quantile(0.99)
	c.Read, c.ReadLate, c.ReadP99 = int64(w.reads.Count()), w.readsLate, w.reads.Quantile(0.99)
	c.Datagrams, c.MineWaiting = c.Read, w.inVain
	for _, s := range r.socks {
		if s.conn != nil {
			c.Dropped += s.conn.Drops()
		}
	}
	c.CPU, c.Cores, c.Waited = (cpuTime() - w.cpu).Seconds(), runtime.GOMAXPROCS(0), medianOf(w.waited)
	c.Busy = medianOf(w.busy)
	if d := r.lasted.Seconds(); d > 0 {
		c.Reached = float64(c.Starts) / d
		c.Rate = float64(r.total.Wanted) / d
	}
	if e := r.cfg.Sound; e != nil {
		s := e.Stats()
		c.Frames, c.FramesLate, c.PaceP99 = s.Frames, s.FramesLate, s.PaceP99
		c.Dropped += s.Dropped
		c.Datagrams += s.Datagrams
		c.Unsent += s.Unsent
	}
	return *c
}

func medianOf(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(x))[len(x)/2]
}

// cpuTime is what all our threads have used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
