package sipload

import (
	"container/heap"
	"fmt"
	"math"
	"time"

	"callwright/realcore"
	"callwright/traffic"
	"callwright/traffic/callscript"
)

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
