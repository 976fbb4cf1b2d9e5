package coretest

import (
	"math/big"

	"callwright/realcore"
)

// alone reports whether the contact still waits for its preferred agent only.
func (r *Reference) alone(now realcore.Instant, w *waiter) bool {
	d := r.plan.Classes[w.class].PreferredWait
	return d > 0 && !w.wantedOff && now < w.entered.Add(d)
}

// hopes reports whether the preferred agent may still take the contact.
func (r *Reference) hopes(now realcore.Instant, w *waiter) bool {
	d := r.plan.Classes[w.class].PreferredWait
	if w.wanted < 0 || w.wantedOff || d > 0 && now >= w.entered.Add(d) {
		return false
	}
	p := &r.people[w.wanted]
	return p.intent != realcore.LoggedOut && !p.noPhone && r.rank(w, p.group) >= 0
}

// rank returns the group's rank for the contact at its step, or -1.
func (r *Reference) rank(w *waiter, group int32) int {
	for i, rank := range r.plan.Classes[w.class].Pools[w.step].Ranks {
		for _, s := range rank {
			if int32(s.Group) == group {
				return i
			}
		}
	}
	return -1
}

func (r *Reference) weight(w *waiter, group int32) int64 {
	for _, rank := range r.plan.Classes[w.class].Pools[w.step].Ranks {
		for _, s := range rank {
			if int32(s.Group) == group {
				return int64(s.Weight)
			}
		}
	}
	return 0
}

func (r *Reference) readyIn(group int32) int {
	n := 0
	for i := range r.people {
		if r.people[i].ready && r.people[i].group == group {
			n++
		}
	}
	return n
}

// bestAgent returns who should take the contact now, or -1.
func (r *Reference) bestAgent(now realcore.Instant, w *waiter) int {
	if r.hopes(now, w) {
		if r.people[w.wanted].ready {
			return int(w.wanted)
		}
		if r.alone(now, w) {
			return -1
		}
	}
	best := -1
	for i := range r.people {
		if r.mayTake(w, i) && (best < 0 || r.agentBeats(w, i, best)) {
			best = i
		}
	}
	return best
}

func (r *Reference) mayTake(w *waiter, i int) bool {
	p := &r.people[i]
	return p.ready && r.rank(w, p.group) >= 0 && r.readyIn(p.group) > int(r.plan.Classes[w.class].Reserve)
}

// agentBeats reports whether agent i should be taken before agent j.
func (r *Reference) agentBeats(w *waiter, i, j int) bool {
	a, b := &r.people[i], &r.people[j]
	if x, y := r.rank(w, a.group), r.rank(w, b.group); x != y {
		return x < y
	}
	switch r.plan.Classes[w.class].Order {
	case realcore.FewestContacts:
		if a.contacts != b.contacts {
			return a.contacts < b.contacts
		}
	case realcore.RoundRobin:
		if a.turnNo != b.turnNo {
			return a.turnNo < b.turnNo
		}
	case realcore.LeastOccupied:
		if x, y := occupied(a), occupied(b); x.Cmp(y) != 0 {
			return x.Cmp(y) < 0
		}
	case realcore.PercentSplit:
		if a.group != b.group {
			x := r.split[[2]int32{w.class, a.group}] * r.weight(w, b.group)
			y := r.split[[2]int32{w.class, b.group}] * r.weight(w, a.group)
			if x != y {
				return x < y
			}
			return r.listedBefore(w, a.group, b.group)
		}
	}
	if a.readyAt != b.readyAt {
		return a.readyAt < b.readyAt != r.newestAgent
	}
	return a.readyNo < b.readyNo != r.newestAgent
}

func (r *Reference) listedBefore(w *waiter, g, h int32) bool {
	for _, rank := range r.plan.Classes[w.class].Pools[w.step].Ranks {
		for _, s := range rank {
			if int32(s.Group) == g || int32(s.Group) == h {
				return int32(s.Group) == g
			}
		}
	}
	return false
}

// occupied returns busy time over time logged in as it was when the agent
// became ready, in steps of 2^-32.
func occupied(p *person) *big.Int {
	whole := int64(p.readyAt - p.loggedIn)
	if whole <= 0 || p.busy <= 0 {
		return big.NewInt(0)
	}
	x := new(big.Int).Lsh(big.NewInt(min(p.busy, whole)), 32)
	return x.Div(x, big.NewInt(whole))
}

// bestContact returns whom agent i should take now, or nil, when offered is
// the one he got.
func (r *Reference) bestContact(now realcore.Instant, i int, offered realcore.Ref) *waiter {
	var best *waiter
	for k := range r.queue {
		w := &r.queue[k]
		if w.ringing || w.loose && w.ref != offered {
			continue
		}
		mine := r.alone(now, w) && int(w.wanted) == i
		if !mine && (r.alone(now, w) || !r.mayTake(w, i)) {
			continue
		}
		if best == nil || r.contactBeats(now, w, best, i) {
			best = w
		}
	}
	return best
}

func (r *Reference) contactBeats(now realcore.Instant, v, w *waiter, i int) bool {
	vm, wm := r.alone(now, v), r.alone(now, w)
	if vm != wm {
		return vm // who waits for him alone goes first
	}
	if !vm {
		g := &r.plan.Groups[r.people[i].group]
		if x, y := serveRank(g, v.class), serveRank(g, w.class); x != y {
			return x < y
		}
		if g.Order == realcore.Priority {
			if x, y := r.urgency(now, v), r.urgency(now, w); x.Cmp(y) != 0 {
				return x.Cmp(y) > 0
			}
		}
	}
	if v.since != w.since {
		return v.since < w.since != r.newestContact
	}
	return v.no < w.no != r.newestContact
}

func serveRank(g *realcore.Group, class int32) int32 {
	for _, s := range g.Serves {
		if int32(s.Class) == class {
			return s.Rank
		}
	}
	return 1 << 30
}

func (r *Reference) urgency(now realcore.Instant, w *waiter) *big.Int {
	c := &r.plan.Classes[w.class]
	rate := int64(c.Rate)
	if rate == 0 {
		rate = 1000
	}
	us := big.NewInt(int64(now-w.since) / 1000)
	us.Mul(us, big.NewInt(rate))
	return us.Add(us, big.NewInt(int64(c.Credit)))
}
