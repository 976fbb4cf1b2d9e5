package dialog

import (
	"container/heap"
	"time"

	"callwright/realcore"
)

// Times are SIP's timers (RFC 3261 table 4). The zero Times has the RFC's values.
// Instants are wall time since the driver began: network timers are never scaled.
type Times struct {
	T1 time.Duration // a round trip; 500 ms
	T2 time.Duration // the longest gap between repetitions; 4 s
	T4 time.Duration // how long a message may live in the network; 5 s

	Provisional time.Duration // between two provisional answers while a phone rings; 60 s (13.3.1.1)
}

func (t Times) orRFC() Times {
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

// timer is armed once and never moved; it is dead when what it was for has
// another epoch.
type timer struct {
	at    realcore.Instant
	seq   uint64
	tx    *tx
	call  *Call
	kind  timerKind
	epoch uint32
}

type timerKind uint8

const (
	repeatTimer    timerKind = iota // A, E, G: send it again
	giveUpTimer                     // B, F, H: nobody answers
	lingerTimer                     // D, I, J, K, L, M: what comes late has come
	okTimer                         // a 2xx is sent again until its ACK
	okGiveUpTimer                   // no ACK for 64 T1
	ringingTimer                    // another provisional
	ringLimitTimer                  // it has rung long enough
	cancelTimer                     // no final answer 64 T1 after CANCEL
	reofferTimer                    // after 491: try the re-INVITE again
)

type timers []timer

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, k int) { t[i], t[k] = t[k], t[i] }
func (t timers) Less(i, k int) bool {
	return t[i].at < t[k].at || t[i].at == t[k].at && t[i].seq < t[k].seq
}
func (t *timers) Push(x any) { *t = append(*t, x.(timer)) }
func (t *timers) Pop() any {
	n := len(*t) - 1
	x := (*t)[n]
	(*t)[n] = timer{}
	*t = (*t)[:n]
	return x
}

func (m *Machine) arm(t timer, d time.Duration) {
	m.seq++
	t.at, t.seq = m.now.Add(d), m.seq
	heap.Push(&m.timers, t)
}

// Deadline returns when Expire must next be called.
func (m *Machine) Deadline() (realcore.Instant, bool) {
	for len(m.timers) > 0 && !m.timers[0].alive() {
		heap.Pop(&m.timers)
	}
	if len(m.timers) == 0 {
		if cap(m.timers) > keptRoom {
			m.timers = nil
		}
		return realcore.Never, false
	}
	return m.timers[0].at, true
}

func (t *timer) alive() bool {
	switch t.kind {
	case repeatTimer, giveUpTimer, lingerTimer:
		return t.epoch == t.tx.epoch && t.tx.state != terminated
	case okTimer, okGiveUpTimer:
		return t.tx.ok != nil && t.epoch == t.tx.okEpoch
	case ringingTimer:
		return t.epoch == t.call.ringing
	case ringLimitTimer:
		return t.call.state == calling
	case cancelTimer:
		return t.call.state == cancelling && t.epoch == t.call.invite.epoch
	default:
		return t.call.state == confirmed && t.epoch == t.call.reoffers
	}
}

// Expire does what is due at or before now, each at its own instant.
func (m *Machine) Expire(now realcore.Instant) []Out {
	m.begin(m.now)
	for {
		at, ok := m.Deadline()
		if !ok || at > now {
			break
		}
		t := heap.Pop(&m.timers).(timer)
		m.now = max(m.now, at)
		m.fire(&t)
	}
	m.now = max(m.now, now)
	return m.out
}

func (m *Machine) fire(t *timer) {
	switch t.kind {
	case repeatTimer:
		m.repeat(t.tx)
	case giveUpTimer:
		m.gaveUp(t.tx)
	case lingerTimer:
		m.remove(t.tx)
	case okTimer:
		m.repeatOK(t.tx)
	case okGiveUpTimer:
		m.unacknowledged(t.tx)
	case ringingTimer:
		m.ringOn(t.call)
	case ringLimitTimer:
		m.cancel(t.call)
	case cancelTimer:
		m.cancelLost(t.call)
	case reofferTimer:
		m.tryReoffer(t.call)
	}
}
