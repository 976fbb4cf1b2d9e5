package impair

import (
	"container/heap"
	"sync"
	"time"
)

// line holds datagrams back until their time. One goroutine sends for all streams of a
// proxy, by the clock; Close waits for it.
type line struct {
	mu    sync.Mutex
	queue waitings
	n     uint64
	wake  chan struct{}
	done  chan struct{}
	ended sync.WaitGroup
}

type waiting struct {
	at   time.Time
	n    uint64 // order among equals
	send func()
}

func newLine() *line {
	l := &line{wake: make(chan struct{}, 1), done: make(chan struct{})}
	l.ended.Go(l.run)
	return l
}

// after has something sent in a while.
func (l *line) after(d time.Duration, send func()) {
	if d <= 0 {
		send()
		return
	}
	l.mu.Lock()
	l.n++
	heap.Push(&l.queue, waiting{time.Now().Add(d), l.n, send})
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *line) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(l.flush())
		select {
		case <-l.done:
			return
		case <-l.wake:
		case <-timer.C:
		}
	}
}

// flush sends what is due, and returns how long the next has to wait.
func (l *line) flush() time.Duration {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 {
			l.mu.Unlock()
			return time.Hour
		}
		if d := time.Until(l.queue[0].at); d > 0 {
			l.mu.Unlock()
			return d
		}
		w := heap.Pop(&l.queue).(waiting)
		l.mu.Unlock()
		w.send()
	}
}

func (l *line) close() {
	close(l.done)
	l.ended.Wait()
}

type waitings []waiting

func (q waitings) Len() int { return len(q) }
func (q waitings) Less(i, k int) bool {
	return q[i].at.Before(q[k].at) || q[i].at.Equal(q[k].at) && q[i].n < q[k].n
}
func (q waitings) Swap(i, k int) { q[i], q[k] = q[k], q[i] }
func (q *waitings) Push(x any)   { *q = append(*q, x.(waiting)) }
func (q *waitings) Pop() any {
	x := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return x
}
