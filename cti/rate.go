package cti

import (
	"sync"
	"time"
)

// rate lets each name do something burst times at once, and then once every so often
// (the generic cell rate algorithm: one instant a name). It remembers a bounded number
// of names; who is forgotten begins anew.
type rate struct {
	every time.Duration
	burst int

	mu    sync.Mutex
	names *recent[string, time.Time] // when the name's burst would be whole again
}

func newRate(burst int, every time.Duration) *rate {
	return &rate{every: every, burst: burst, names: newRecent[string, time.Time](10_000)}
}

// take reports whether the name may now, and if not, how long it must wait.
func (r *rate) take(name string, now time.Time) (ok bool, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	whole, _ := r.names.get(name)
	if whole.Before(now) {
		whole = now
	}
	if over := whole.Sub(now) - time.Duration(r.burst-1)*r.every; over > 0 {
		return false, over
	}
	r.names.put(name, whole.Add(r.every))
	return true, 0
}

// forgive gives a name its whole burst again.
func (r *rate) forgive(name string) {
	r.mu.Lock()
	r.names.drop(name)
	r.mu.Unlock()
}
