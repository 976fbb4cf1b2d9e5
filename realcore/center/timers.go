package center

import (
	"time"

	"callwright/realcore"
)

// timerKind says what a timer is for, and so how to tell a dead one.
type timerKind uint8

const (
	ringTimer      timerKind = iota // id = offer; gen = its generation
	programTimer                    // id = contact; gen = its epoch
	preferredTimer                  // likewise
	menuTimer                       // likewise
	wrapUpTimer                     // id = slot; gen = its count
	penaltyTimer                    // id = agent; gen = its intent count
)

// timer is armed once and never moved. Cancelling is making it dead: what it
// was for has another generation by then.
type timer struct {
	at   realcore.Instant
	seq  uint64
	id   uint32
	gen  uint32
	kind timerKind
}

// timers holds every timer of a Center. All delays are the plan's, so timers
// of one delay come due in the order they were armed: each delay has a lane,
// a ring buffer, and arming costs O(1). Dead timers are dropped when they
// reach the head of their lane, or when a full lane is swept.
type timers struct {
	lanes []lane
	seq   uint64
	bound realcore.Instant // none is due before: what the last search found, or one armed since
}

type lane struct {
	delay time.Duration
	buf   []timer // length is a power of two
	head  int
	n     int
}

// arm sets a timer to run delay from now.
func (t *timers) arm(c *Center, delay time.Duration, kind timerKind, id, gen uint32) {
	l := t.lane(delay)
	if l.n == len(l.buf) {
		l.grow(c)
	}
	t.seq++
	x := &l.buf[(l.head+l.n)&(len(l.buf)-1)]
	x.at, x.seq, x.id, x.gen, x.kind = c.now.Add(delay), t.seq, id, gen, kind
	t.bound = min(t.bound, x.at)
	l.n++
}

func (t *timers) lane(delay time.Duration) *lane {
	for i := range t.lanes {
		if t.lanes[i].delay == delay {
			return &t.lanes[i]
		}
	}
	t.lanes = append(t.lanes, lane{delay: delay, buf: make([]timer, 16)})
	return &t.lanes[len(t.lanes)-1]
}

// grow makes room: by dropping the dead if they are at least half, by doubling
// if not. So a lane holds at most twice what was ever alive in it at once.
func (l *lane) grow(c *Center) {
	alive := 0
	for i := range l.n {
		t := l.buf[(l.head+i)&(len(l.buf)-1)]
		if c.alive(&t) {
			l.buf[(l.head+alive)&(len(l.buf)-1)] = t
			alive++
		}
	}
	l.n = alive
	if alive*2 <= len(l.buf) {
		return
	}
	bigger := make([]timer, 2*len(l.buf))
	for i := range l.n {
		bigger[i] = l.buf[(l.head+i)&(len(l.buf)-1)]
	}
	l.buf, l.head = bigger, 0
}

// first returns the lane whose head is due first, dropping dead heads.
func (t *timers) first(c *Center) *lane {
	var best *lane
	for i := range t.lanes {
		l := &t.lanes[i]
		for l.n > 0 && !c.alive(&l.buf[l.head]) {
			l.drop()
		}
		if l.n == 0 {
			continue
		}
		h := &l.buf[l.head]
		if best == nil || h.at < best.buf[best.head].at || h.at == best.buf[best.head].at && h.seq < best.buf[best.head].seq {
			best = l
		}
	}
	return best
}

func (l *lane) drop() {
	l.head = (l.head + 1) & (len(l.buf) - 1)
	l.n--
}

func (t *timers) next(c *Center) (realcore.Instant, bool) {
	t.bound = realcore.Never
	l := t.first(c)
	if l == nil {
		return realcore.Never, false
	}
	t.bound = l.buf[l.head].at
	return t.bound, true
}

// pop removes and returns the first timer due at or before now.
func (t *timers) pop(c *Center, now realcore.Instant) (timer, bool) {
	l := t.first(c)
	if l == nil || l.buf[l.head].at > now {
		return timer{}, false
	}
	x := l.buf[l.head]
	l.drop()
	return x, true
}

func (c *Center) alive(t *timer) bool {
	switch t.kind {
	case ringTimer:
		return c.offers.a[t.id].gen == t.gen
	case programTimer, preferredTimer, menuTimer:
		return c.contacts.a[t.id].epoch == t.gen
	case wrapUpTimer:
		return c.slots[t.id].count == t.gen
	default:
		return c.agents[t.id].intents == t.gen
	}
}

func (c *Center) fire(t *timer) {
	switch t.kind {
	case ringTimer:
		c.ringExpired(t.id)
	case programTimer:
		c.programDue(&c.contacts.a[t.id])
	case preferredTimer:
		c.preferredOver(&c.contacts.a[t.id])
	case menuTimer:
		c.menuTimeOut(&c.contacts.a[t.id])
	case wrapUpTimer:
		c.endWrapUp(int32(t.id))
	case penaltyTimer:
		c.penaltyOver(realcore.AgentID(t.id))
	}
}
