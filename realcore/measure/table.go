package measure

import (
	"time"

	"callwright/realcore"
)

// Config says how a Table counts.
type Config struct {
	Interval time.Duration   // length of a reporting interval; 0: the whole run is one
	Period   time.Duration   // intervals repeat after this (a day folded onto itself); 0: never
	AWT      []time.Duration // acceptable wait by queue, inclusive; the last one for further queues; none: 20 s
	Tau      []time.Duration // short abandons by queue: within this, inclusive; the last one for further queues; none, or 0: none are short
	Bins     int             // count waits in so many bins of a second, the last for all longer ones; 0: not at all
	From     realcore.Instant
	// From: records that begin earlier are warm-up and not counted; agents'
	// time is counted from there on.
}

// Waits is how long inbound visits waited, in bins of one second.
type Waits struct{ Answered, Abandoned []int64 }

func (w *Waits) add(wait time.Duration, how realcore.Outcome) {
	bin := min(int(wait/time.Second), len(w.Answered)-1)
	switch how {
	case realcore.Answered:
		w.Answered[bin]++
	case realcore.Abandoned:
		w.Abandoned[bin]++
	}
}

// Table counts records by interval and queue, and by interval and group. It is
// a cdr.Sink.
type Table struct {
	cfg     Config
	queues  int
	groups  int
	groupOf []realcore.GroupID // by agent
	leads   []realcore.QueueID // by entry: the queue it leads straight to, or None

	lo, hi realcore.Instant // the interval last asked for, and its index: records come close together
	last   int

	Waits []Waits // by queue, of the whole run, if Config.Bins is set

	Center []Line   // by interval
	Queue  []Counts // interval-major: [interval*queues + queue]
	Legs   []Work   // likewise by queue: Handled, Talk, Hold, Wrap
	Group  []Work   // interval-major: [interval*groups + group]
}

// NewTable returns an empty table for the plan's queues and groups.
func NewTable(p *realcore.Plan, cfg Config) *Table {
	t := &Table{cfg: cfg}
	t.Extend(p)
	return t
}

// Extend makes room for a plan that has grown (Center.Plan after PlanChanged).
func (t *Table) Extend(p *realcore.Plan) {
	t.groupOf = t.groupOf[:0]
	for i := range p.Agents {
		t.groupOf = append(t.groupOf, p.Agents[i].Group)
	}
	t.leads = t.leads[:0]
	for i := range p.Entries {
		t.leads = append(t.leads, p.Straight(realcore.EntryID(i)))
	}
	for t.cfg.Bins > 0 && len(t.Waits) < len(p.Queues) {
		t.Waits = append(t.Waits, Waits{Answered: make([]int64, t.cfg.Bins), Abandoned: make([]int64, t.cfg.Bins)})
	}
	if t.queues == len(p.Queues) && t.groups == len(p.Groups) {
		return
	}
	n := len(t.Center)
	queue, legs, group := make([]Counts, n*len(p.Queues)), make([]Work, n*len(p.Queues)), make([]Work, n*len(p.Groups))
	for i := range n {
		copy(queue[i*len(p.Queues):], t.Queue[i*t.queues:(i+1)*t.queues])
		copy(legs[i*len(p.Queues):], t.Legs[i*t.queues:(i+1)*t.queues])
		copy(group[i*len(p.Groups):], t.Group[i*t.groups:(i+1)*t.groups])
	}
	t.queues, t.groups, t.Queue, t.Legs, t.Group = len(p.Queues), len(p.Groups), queue, legs, group
}

// Intervals returns the number of intervals counted so far.
func (t *Table) Intervals() int { return len(t.Center) }

// Queues returns the number of queues.
func (t *Table) Queues() int { return t.queues }

// Groups returns the number of groups.
func (t *Table) Groups() int { return t.groups }

// Config returns how the table counts.
func (t *Table) Config() Config { return t.cfg }

// AWT returns the acceptable wait of a queue.
func (t *Table) AWT(q realcore.QueueID) time.Duration {
	return byQueue(t.cfg.AWT, q, 20*time.Second)
}

// Tau returns how long a wait before hanging up counts as short in a queue; 0:
// none does.
func (t *Table) Tau(q realcore.QueueID) time.Duration { return byQueue(t.cfg.Tau, q, 0) }

func byQueue(list []time.Duration, q realcore.QueueID, none time.Duration) time.Duration {
	switch n := len(list); {
	case n == 0:
		return none
	case int(q) >= n:
		return list[n-1]
	}
	return list[q]
}

// interval returns the index of the interval that at lies in, making room.
func (t *Table) interval(at realcore.Instant) int {
	if at < t.lo || at >= t.hi {
		t.seek(at)
	}
	return t.last
}

// seek finds the interval that at lies in.
func (t *Table) seek(at realcore.Instant) {
	i, d := 0, realcore.Instant(t.cfg.Interval)
	t.lo, t.hi = 0, realcore.Never
	if d > 0 {
		t.lo = at / d * d
		t.hi = t.lo + d
		if t.cfg.Period > 0 {
			at %= realcore.Instant(t.cfg.Period)
		}
		i = int(at / d)
	}
	t.last = i
	for len(t.Center) <= i {
		t.Center = append(t.Center, Line{})
		for range t.queues {
			t.Queue = append(t.Queue, Counts{})
			t.Legs = append(t.Legs, Work{})
		}
		for range t.groups {
			t.Group = append(t.Group, Work{})
		}
	}
}

// Sum returns all intervals and queues together.
func (t *Table) Sum() (center Line, queues Counts, work Work) {
	for i := range t.Center {
		center.Add(&t.Center[i])
	}
	for i := range t.Queue {
		queues.Add(&t.Queue[i])
	}
	for i := range t.Group {
		work.Add(&t.Group[i])
	}
	return
}

// All selects every interval, queue or group of a table.
const All = -1

// Cell returns what was counted of a queue (or All) in an interval (or All).
// Agents' time is that of all groups when the queue is All, and of the groups
// in the list otherwise (those that serve the queue, say). A queue's attempts are
// its visits and those who were blocked on a number that leads straight to it.
func (t *Table) Cell(interval, queue int, groups []realcore.GroupID) Cell {
	var c Cell
	from, to := interval, interval+1
	if interval == All {
		from, to = 0, len(t.Center)
	}
	for i := from; i < to && i < len(t.Center); i++ {
		if queue == All {
			c.Line.Add(&t.Center[i])
		}
		for q := range t.queues {
			if queue == All || q == queue {
				c.Counts.Add(&t.Queue[i*t.queues+q])
				c.Legs.Add(&t.Legs[i*t.queues+q])
			}
		}
		if queue == All {
			for g := range t.groups {
				c.Agents.Add(&t.Group[i*t.groups+g])
			}
			continue
		}
		for _, g := range groups {
			c.Agents.Add(&t.Group[i*t.groups+int(g)])
		}
	}
	if queue != All {
		c.Line.Blocked, c.Line.Attempts = c.Counts.Blocked, c.Counts.Offered+c.Counts.Blocked
	}
	return c
}

// Slice returns a table of one interval: a batch of a long run.
func (t *Table) Slice(interval int) *Table {
	s := &Table{cfg: t.cfg, queues: t.queues, groups: t.groups, groupOf: t.groupOf}
	s.Center = t.Center[interval : interval+1 : interval+1]
	s.Queue = t.Queue[interval*t.queues : (interval+1)*t.queues : (interval+1)*t.queues]
	s.Legs = t.Legs[interval*t.queues : (interval+1)*t.queues : (interval+1)*t.queues]
	s.Group = t.Group[interval*t.groups : (interval+1)*t.groups : (interval+1)*t.groups]
	return s
}
