package sipload

import (
	"container/heap"
	"time"

	"callwright/traffic"
)

// Caller is one attempt to call, as drawn.
type Caller struct {
	Key    uint64 // his number among those of his stream, from 1 on
	Stream int
	Luck   traffic.Luck
	Try    int           // 1, and more for redials
	At     time.Duration // since the run began: the intended start
}

// Arrivals says who calls when. It is asked by one goroutine.
type Arrivals interface {
	// Next returns the next caller in order of time, redials of those that have ended
	// among them; ok is false when none is known, as long as none that is open redials.
	Next() (c Caller, ok bool)
	// Ended tells how an attempt ended, and reports whether he will call again.
	Ended(c Caller, how Ending, at time.Duration) (again bool)
	// Planned is how many first attempts there will be; 0: not known.
	Planned() int64
	// Rate is the rate wanted at an instant, in calls/s.
	Rate(at time.Duration) float64
	String() string
}

// Ending is how an attempt ended, as far as calling again goes.
type Ending struct {
	Busy, Abandoned bool
	After           time.Duration // the target asked to come again after this (Retry-After); 0: it did not
}

// starts is a heap of callers by time.
type starts []Caller

func (s starts) Len() int { return len(s) }
func (s starts) Less(i, j int) bool {
	return s[i].At < s[j].At || s[i].At == s[j].At && s[i].Key < s[j].Key
}
func (s starts) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push and Pop are heap's.
func (s *starts) Push(x any) { *s = append(*s, x.(Caller)) }

// Pop takes the last away.
func (s *starts) Pop() any {
	x := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return x
}

func (s *starts) pop() (Caller, bool) {
	if len(*s) == 0 {
		return Caller{}, false
	}
	return heap.Pop(s).(Caller), true
}
