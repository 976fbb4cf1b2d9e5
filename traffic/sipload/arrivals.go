package sipload

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/realcore"
	"callwright/traffic"
	"callwright/traffic/callscript"
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

// Spacing is how starts lie under a rate.
type Spacing uint8

// The spacings.
const (
	Even    Spacing = iota // at equal parts of the rate: 20 calls/s are 50 ms apart
	Poisson                // independent: the law of calls by many people
)

func (s Spacing) String() string { return [...]string{"evenly spaced", "Poisson"}[s] }

// Rates are calls under a rate that changes with time.
type Rates struct {
	profile traffic.Profile
	spacing Spacing
	calls   int64
	length  time.Duration
	words   string
	seed    uint64

	n      int64
	cursor traffic.Cursor
	pace   float64
	origin float64 // of the profile's time, in seconds: it ran to here
	since  float64 // when the pace began, in the run's seconds
}

// NewRates returns arrivals under a rate in calls/s over seconds, up to a length of time, a
// number of calls (0: none), or the profile's end. words say it to people.
func NewRates(p traffic.Profile, s Spacing, calls int64, length time.Duration, seed uint64, words string) (*Rates, error) {
	if calls <= 0 && length <= 0 && math.IsInf(p.End(), 1) {
		return nil, errors.New("neither a number of calls nor a length of time ends the run")
	}
	if p.End() == 0 {
		return nil, errors.New("the rate is 0 throughout")
	}
	if length <= 0 {
		length = math.MaxInt64
	}
	if e := p.End(); !math.IsInf(e, 1) {
		length = min(length, seconds(e))
	}
	r := &Rates{profile: p, spacing: s, calls: calls, length: length, seed: seed, words: words, pace: 1}
	stream := traffic.Stream{Name: "load", Rate: p}
	r.cursor = stream.Start(seed, 0)
	return r, nil
}

func seconds(x float64) time.Duration {
	if x >= math.MaxInt64/1e9 {
		return math.MaxInt64
	}
	return time.Duration(math.Round(x * 1e9))
}

// Pace changes how fast the profile passes from an instant on: with 1.1, there are 10 % more
// calls a second.
func (r *Rates) Pace(factor float64, at time.Duration) {
	r.origin, r.since, r.pace = r.inProfile(at.Seconds()), at.Seconds(), factor
}

// Paced returns the factor in force.
func (r *Rates) Paced() float64 { return r.pace }

func (r *Rates) inProfile(t float64) float64 { return r.origin + (t-r.since)*r.pace }

// Next returns the next start; with Even, the k-th (from 0) comes when k calls are expected.
func (r *Rates) Next() (Caller, bool) {
	if r.calls > 0 && r.n >= r.calls {
		return Caller{}, false
	}
	var at float64
	var luck traffic.Luck
	if r.spacing == Poisson {
		i, _, l, ok := r.cursor.Next()
		if !ok {
			return Caller{}, false
		}
		at, luck = i.Seconds(), l
	} else {
		t, ok := r.profile.Inverse(float64(r.n))
		if !ok {
			return Caller{}, false
		}
		at, luck = t, traffic.NewLuck(r.seed, 0, forLoad, uint64(r.n+1))
	}
	wall := r.since + (at-r.origin)/r.pace
	if at < r.origin { // it was passed over when the pace changed
		wall = r.since
	}
	d := seconds(wall)
	if d >= r.length {
		return Caller{}, false
	}
	r.n++
	return Caller{Key: uint64(r.n), Luck: luck, Try: 1, At: d}, true
}

var forLoad = traffic.PurposeOf("load")

// Ended changes nothing: nobody calls again.
func (r *Rates) Ended(Caller, Ending, time.Duration) bool { return false }

// Planned returns how many calls there will be, for Poisson starts the expected number.
func (r *Rates) Planned() int64 {
	expected := r.profile.Cumulative(r.inProfile(r.length.Seconds()))
	n := int64(math.Round(expected))
	if r.spacing == Even {
		n = int64(math.Ceil(expected - 1e-9))
	}
	if r.calls > 0 && (n > r.calls || expected > 1e15) {
		return r.calls
	}
	return n
}

// Rate returns the rate wanted.
func (r *Rates) Rate(at time.Duration) float64 {
	if at >= r.length {
		return 0
	}
	return r.pace * r.profile.Rate(r.inProfile(at.Seconds()))
}

func (r *Rates) String() string {
	s := r.words
	if r.calls > 0 {
		s += fmt.Sprintf(", %d calls", r.calls)
	}
	if r.length < math.MaxInt64 {
		s += fmt.Sprintf(" for %v", r.length.Round(time.Millisecond))
	}
	return s + ", " + r.spacing.String()
}

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

// Day is a scenario's demand, at a speed: its streams, spikes and redials. Scenario time is
// speed times wall time, so a day of ten hours at speed 20 takes half an hour.
type Day struct {
	demand  *traffic.Demand
	speed   float64
	from    realcore.Instant // of scenario time
	length  time.Duration    // of wall time
	words   string
	cursors []dayCursor
	again   starts
	made    int64
}

type dayCursor struct {
	c    traffic.Cursor
	next Caller
	ok   bool
}

// NewDay returns the arrivals of a demand from an instant of scenario time on, for a length of
// scenario time. Streams of outbound contacts are left out: those are the centre's calls.
func NewDay(d *traffic.Demand, seed uint64, rep uint32, from realcore.Instant, length time.Duration, speed float64, words string) (*Day, error) {
	if !(speed > 0) || math.IsInf(speed, 1) {
		return nil, fmt.Errorf("speed is %v; want a number above 0", speed)
	}
	day := &Day{demand: d, speed: speed, from: from, length: time.Duration(float64(length) / speed), words: words}
	if length <= 0 || d.End != realcore.Never && from.Add(length) > d.End {
		day.length = time.Duration(float64(d.End.Sub(from)) / speed)
		if d.End == realcore.Never {
			day.length = math.MaxInt64
		}
	}
	for i := range d.Sources {
		c := dayCursor{}
		if d.Sources[i].Outbound == realcore.None {
			c.c, c.ok = d.Sources[i].Arrivals.Start(seed, rep), true
			day.advance(i, &c)
		}
		day.cursors = append(day.cursors, c)
	}
	return day, nil
}

// wall turns an instant of scenario time into one of the run.
func (d *Day) wall(t realcore.Instant) time.Duration {
	return time.Duration(float64(t.Sub(d.from)) / d.speed)
}

func (d *Day) advance(stream int, c *dayCursor) {
	for {
		at, key, luck, ok := c.c.Next()
		wall := d.wall(at)
		if !ok || wall >= d.length {
			c.ok = false
			return
		}
		if at >= d.from {
			c.next = Caller{Key: key, Stream: stream, Luck: luck, Try: 1, At: wall}
			return
		}
	}
}

// Next returns the next arrival of any stream, or redial.
func (d *Day) Next() (Caller, bool) {
	best := -1
	for i := range d.cursors {
		if d.cursors[i].ok && (best < 0 || d.cursors[i].next.At < d.cursors[best].next.At) {
			best = i
		}
	}
	if d.demand.Calls > 0 && d.made >= d.demand.Calls {
		best = -1
	}
	if len(d.again) > 0 && (best < 0 || d.again[0].At < d.cursors[best].next.At) {
		return d.again.pop()
	}
	if best < 0 {
		return Caller{}, false
	}
	d.made++
	c := d.cursors[best].next
	d.advance(best, &d.cursors[best])
	return c, true
}

// Ended draws whether he calls again, and when: after his drawn delay from the end of this
// attempt, or after what the target asked for if that is longer.
func (d *Day) Ended(c Caller, how Ending, at time.Duration) bool {
	cause := traffic.CauseAbandon
	switch {
	case how.Busy:
		cause = traffic.CauseBusy
	case !how.Abandoned:
		return false
	}
	delay, child, again := d.demand.Sources[c.Stream].Redial.Next(c.Luck, cause, c.Try)
	if !again {
		return false
	}
	next := c
	next.Luck, next.Try = child, c.Try+1
	next.At = at + max(how.After, time.Duration(float64(delay)/d.speed))
	if next.At >= d.length {
		return false
	}
	heap.Push(&d.again, next)
	return true
}

// Planned returns the number of first attempts, if the demand has one.
func (d *Day) Planned() int64 { return d.demand.Calls }

// Rate returns the sum of the streams' rates, in calls/s of wall time.
func (d *Day) Rate(at time.Duration) (sum float64) {
	t := d.from.Seconds() + at.Seconds()*d.speed
	for i := range d.cursors {
		if d.demand.Sources[i].Outbound == realcore.None {
			sum += d.demand.Sources[i].Arrivals.Rate.Rate(t) * d.speed
		}
	}
	return sum
}

func (d *Day) String() string { return fmt.Sprintf("%s at speed %g", d.words, d.speed) }

// callers is how the caller's stream behaves at his time.
func (d *Day) callers(c *Caller) *traffic.Callers {
	list := d.demand.Sources[c.Stream].Callers
	at := d.from.Add(time.Duration(float64(c.At) * d.speed))
	i := len(list) - 1
	for i > 0 && list[i].From > at {
		i--
	}
	return &list[i]
}

// Scripts returns what the callers of each stream and period do: they call, hang up when their
// patience ends before the answer, talk as long as they would, and hang up. Times are
// those of the scenario over the speed.
func (d *Day) Scripts(s callscript.Sound) (func(*Caller) *callscript.Script, error) {
	all := map[*traffic.Callers]*callscript.Script{}
	for i := range d.demand.Sources {
		for k := range d.demand.Sources[i].Callers {
			c := &d.demand.Sources[i].Callers[k]
			talk, err := traffic.Scaled(c.Talk, 1/d.speed)
			if err != nil {
				return nil, err
			}
			patience, err := traffic.Scaled(c.Patience, 1/d.speed)
			if err != nil {
				return nil, err
			}
			all[c] = &callscript.Script{Name: d.demand.Sources[i].Name, Role: callscript.Caller, Steps: []callscript.Step{
				{Op: callscript.Call, Law: patience, HasLaw: c.Patience.Kind() != "never"}, {Op: callscript.Talk, Law: talk, HasLaw: true, Sound: s}, {Op: callscript.HangUp}}}
		}
	}
	return func(c *Caller) *callscript.Script { return all[d.callers(c)] }, nil
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
