package sipload

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/traffic"
)

// Users is a closed model: so many callers, each of whom begins anew a while after his last
// call has ended. A slow target slows them: that is what the model is, and why reports
// name it.
type Users struct {
	n      int
	pause  traffic.Law
	length time.Duration
	calls  int64
	seed   uint64

	queue starts
	made  int64
}

// NewUsers returns n users; the first calls are spread over the time ramp. They stop after a
// length of time or a number of calls, whichever comes first; one of the two must be given.
func NewUsers(n int, pause traffic.Law, ramp, length time.Duration, calls int64, seed uint64) (*Users, error) {
	if n <= 0 {
		return nil, errors.New("there must be at least one user")
	}
	if length <= 0 && calls <= 0 {
		return nil, errors.New("neither a number of calls nor a length of time ends the run")
	}
	if length <= 0 {
		length = math.MaxInt64
	}
	u := &Users{n: n, pause: pause, length: length, calls: calls, seed: seed}
	for i := range n {
		u.push(uint64(i), time.Duration(float64(ramp)*float64(i)/float64(n)))
	}
	return u, nil
}

func (u *Users) push(user uint64, at time.Duration) bool {
	if at >= u.length || u.calls > 0 && u.made >= u.calls {
		return false
	}
	u.made++
	heap.Push(&u.queue, Caller{Key: user + 1, Luck: traffic.NewLuck(u.seed, uint32(u.made), forLoad, user), Try: 1, At: at})
	return true
}

// Next returns the next call of any user.
func (u *Users) Next() (Caller, bool) { return u.queue.pop() }

// Ended lets the user call again.
func (u *Users) Ended(c Caller, how Ending, at time.Duration) bool {
	return u.push(c.Key-1, at+max(how.After, u.pause.Draw(c.Luck, forPause, 0)))
}

// later has a user whom a limit keeps back try again.
func (u *Users) later(c Caller, at time.Duration) {
	u.made--
	u.push(c.Key-1, at+heldFor)
}

const heldFor = 20 * time.Millisecond

var forPause = traffic.PurposeOf("load-pause")

// Planned returns the number of calls, if there is one.
func (u *Users) Planned() int64 { return u.calls }

// Rate is not fixed by a closed model: NaN.
func (u *Users) Rate(time.Duration) float64 { return math.NaN() }

func (u *Users) String() string {
	s := fmt.Sprintf("%d users, closed model", u.n)
	if u.calls > 0 {
		s += fmt.Sprintf(", %d calls", u.calls)
	}
	if u.length < math.MaxInt64 {
		s += fmt.Sprintf(" for %v", u.length)
	}
	return s
}
