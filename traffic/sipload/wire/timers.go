package wire

import (
	"time"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

// Instant is wall time since the driver began, in nanoseconds.
type Instant = realcore.Instant

// timer is armed once and never moved: it is dead when what it was for has another epoch.
type timer struct {
	at    Instant
	seq   uint64 // among those of one instant; the kind is in its lowest bits
	of    uint32 // transaction or call
	epoch uint32
}

type timerKind uint8

const (
	txTimer        timerKind = iota // what the transaction's state makes of it
	okTimer                         // a 2xx is sent again until its ACK
	ringingTimer                    // another provisional
	ringLimitTimer                  // it has rung long enough
	cancelTimer                     // no final answer 64 T1 after CANCEL
	reofferTimer                    // after 491: try the re-INVITE again
	kindBits       = 3
)

func (t *timer) kind() timerKind { return timerKind(t.seq & (1<<kindBits - 1)) }

func (t *timer) before(u *timer) bool { return t.at < u.at || t.at == u.at && t.seq < u.seq }

// timers has a lane for each length of time that is waited for again and again, in which
// the first to come is the first to be due, and a heap for the rest.
type timers struct {
	lanes []lane
	heap  []timer
	seq   uint64
}

// lane is a ring of timers.
type lane struct {
	d    time.Duration
	ring []timer // a power of two of them
	head int
	n    int
}

const mostLanes = 24

func (l *lane) first() *timer { return &l.ring[l.head] }

func (l *lane) pop() {
	l.head = (l.head + 1) & (len(l.ring) - 1)
	l.n--
}

func (l *lane) push(t timer) {
	if l.n == len(l.ring) {
		ring := make([]timer, max(64, 2*l.n))
		k := copy(ring, l.ring[l.head:])
		copy(ring[k:], l.ring[:l.head])
		l.ring, l.head = ring, 0
	}
	l.ring[(l.head+l.n)&(len(l.ring)-1)] = t
	l.n++
}

// arm sets a timer of a length that comes again: T1 and its doubles, T2, T4 and others
// of the configuration.
func (m *Machine) arm(k timerKind, of, epoch uint32, d time.Duration) {
	t := m.timers.next(m.now.Add(d), k, of, epoch)
	for i := range m.timers.lanes {
		if m.timers.lanes[i].d == d {
			m.timers.lanes[i].push(t)
			return
		}
	}
	if len(m.timers.lanes) < mostLanes {
		m.timers.lanes = append(m.timers.lanes, lane{d: d})
		m.timers.lanes[len(m.timers.lanes)-1].push(t)
		return
	}
	m.timers.push(t)
}

// armOnce sets a timer of a length that hardly comes again.
func (m *Machine) armOnce(k timerKind, of, epoch uint32, d time.Duration) {
	m.timers.push(m.timers.next(m.now.Add(d), k, of, epoch))
}

func (ts *timers) next(at Instant, k timerKind, of, epoch uint32) timer {
	ts.seq++
	return timer{at, ts.seq<<kindBits | uint64(k), of, epoch}
}

func (ts *timers) push(t timer) {
	h := append(ts.heap, t)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !t.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i], ts.heap = t, h
}

func (ts *timers) popHeap() {
	h := ts.heap
	n := len(h) - 1
	t := h[n]
	h = h[:n]
	for i := 0; i < n; {
		least := 4*i + 1
		if least >= n {
			h[i] = t
			break
		}
		for k := least + 1; k < min(n, 4*i+5); k++ {
			if h[k].before(&h[least]) {
				least = k
			}
		}
		if !h[least].before(&t) {
			h[i] = t
			break
		}
		h[i] = h[least]
		i = least
	}
	ts.heap = h
}

// soonest returns the first timer that is alive and its lane, -1 for the heap; nil if
// there is none. Dead ones before it are thrown away.
func (m *Machine) soonest() (best *timer, from int) {
	ts := &m.timers
	for i := range ts.lanes {
		l := &ts.lanes[i]
		for l.n > 0 && !m.alive(l.first()) {
			l.pop()
		}
		if l.n > 0 && (best == nil || l.first().before(best)) {
			best, from = l.first(), i
		}
	}
	for len(ts.heap) > 0 && !m.alive(&ts.heap[0]) {
		ts.popHeap()
	}
	if len(ts.heap) > 0 && (best == nil || ts.heap[0].before(best)) {
		best, from = &ts.heap[0], -1
	}
	return best, from
}

func (m *Machine) alive(t *timer) bool {
	switch t.kind() {
	case txTimer:
		return m.txs.at(t.of).epoch == t.epoch
	case okTimer:
		return m.txs.at(t.of).okEpoch == t.epoch
	}
	c := m.calls.at(t.of)
	switch t.kind() {
	case ringingTimer:
		return c.ringing == t.epoch
	case ringLimitTimer:
		return c.gen == t.epoch && c.state == calling
	case cancelTimer:
		return c.gen == t.epoch && c.state == cancelling
	}
	return c.reoffers == t.epoch && c.state == confirmed
}

// Deadline returns when Expire must next be called; ok is false if nothing is waited for.
func (m *Machine) Deadline() (at Instant, ok bool) {
	if t, _ := m.soonest(); t != nil {
		return t.at, true
	}
	return realcore.Never, false
}

// Expire does what is due at or before now, each at its own instant.
func (m *Machine) Expire(now Instant) []Out {
	m.begin(m.now)
	for {
		p, from := m.soonest()
		if p == nil || p.at > now {
			break
		}
		t := *p
		if from < 0 {
			m.timers.popHeap()
		} else {
			m.timers.lanes[from].pop()
		}
		m.now = max(m.now, t.at)
		m.fire(&t)
	}
	m.now = max(m.now, now)
	return m.out
}

func (m *Machine) fire(t *timer) {
	switch t.kind() {
	case txTimer:
		m.due(t.of)
	case okTimer:
		m.repeatOK(t.of)
	case ringingTimer:
		m.ringOn(t.of)
	case ringLimitTimer:
		m.cancel(t.of)
	case cancelTimer:
		m.cancelLost(t.of)
	case reofferTimer:
		m.tryReoffer(t.of)
	}
}

// orRFC fills in the values of RFC 3261 table 4.
func orRFC(t dialog.Times) dialog.Times {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&t.T1, 500*time.Millisecond)
	set(&t.T2, 4*time.Second)
	set(&t.T4, 5*time.Second)
	set(&t.Provisional, time.Minute)
	return t
}
