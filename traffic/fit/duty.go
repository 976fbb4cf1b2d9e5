package fit

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Duty is who was at work, told from who served when: a session of an agent is a
// run of services with no gap longer than Gap between them.
type Duty struct {
	Gap      time.Duration
	Slot     time.Duration
	Agents   int
	Sessions int
	Hours    float64 // on duty
	Handling float64 // of these, with a call
	Between  Between

	// Services without an agent's name: given to the agent on duty who had been
	// free longest, or, where nobody was free, to an agent of their own; or left
	// out.
	Blank, Assigned, Extra, Left int

	Nameless bool // the log names no agents at all

	// Services that hardly waited, and those of them with which an agent's session
	// begins: nobody had been told of him before, and yet he was there.
	Prompt, Unseen int
}

// service is one of an agent's, in order of start.
type service struct {
	start, end time.Duration
	entry      time.Duration
	waited     bool
	queue      int
}

// session is a stretch of an agent's duty.
type session struct {
	agent    int
	from, to time.Duration
}

// byAgent returns each agent's services in order of start, and the nameless ones.
func (h *History) byAgent() (known [][]service, blank []service) {
	known = make([][]service, len(h.agents.names))
	for i := range h.calls {
		c := &h.calls[i]
		if !c.answered {
			continue
		}
		s := service{c.start, c.end, c.entry, c.wait > 0, c.queue}
		if c.agent < 0 {
			blank = append(blank, s)
		} else {
			known[c.agent] = append(known[c.agent], s)
		}
	}
	for _, list := range known {
		slices.SortStableFunc(list, func(a, b service) int { return cmp.Compare(a.start, b.start) })
	}
	slices.SortStableFunc(blank, func(a, b service) int { return cmp.Compare(a.start, b.start) })
	return known, blank
}

// split cuts an agent's services into sessions.
func split(list []service, agent int, gap time.Duration) (out []session) {
	for _, s := range list {
		if n := len(out); n > 0 && s.start-out[n-1].to <= gap {
			out[n-1].to = max(out[n-1].to, s.end)
			continue
		}
		out = append(out, session{agent, s.start, s.end})
	}
	return out
}

// fitDuty finds sessions and the time between calls. The sessions of agents come
// first, in order of agent; agent numbers beyond the names are nameless ones.
func (h *History) fitDuty(gap time.Duration) (Duty, []session, [][]service) {
	d := Duty{Gap: gap, Slot: h.opt.DutySlot}
	known, blank := h.byAgent()
	if len(known) == 0 {
		return d.nameless(blank)
	}
	d.Between = between(known, h.waiting(), gap)
	d.Blank = len(blank)
	all := known
	if h.opt.LeaveOut {
		d.Left = len(blank)
	} else {
		all = d.assign(known, blank, gap)
	}
	var sessions []session
	for a, list := range all {
		if a < len(known) && len(list) > 0 {
			d.Agents++
		}
		x := split(list, a, gap)
		if a < len(known) {
			d.meet(list, x)
		}
		sessions = append(sessions, x...)
		d.Sessions += len(x)
		for _, s := range x {
			d.Hours += (s.to - s.from).Hours()
		}
		d.Handling += covered(list).Hours()
	}
	return d, sessions, all
}

// prompt is what a call waits at most that somebody is there for.
const prompt = 10 * time.Second

// meet counts an agent's services that hardly waited, in all and at the beginning
// of a session.
func (d *Duty) meet(list []service, on []session) {
	for _, s := range list {
		if s.start-s.entry > prompt {
			continue
		}
		d.Prompt++
		for len(on) > 0 && on[0].from < s.start {
			on = on[1:]
		}
		if len(on) > 0 && on[0].from == s.start {
			d.Unseen++
		}
	}
}

// unseen is the part of promptly answered calls whose agent the duty shows only
// from their answer on, in [0, 1].
func (d *Duty) unseen() float64 { return float64(d.Unseen) / float64(max(d.Prompt, 1)) }

// nameless is the duty of a log that names no agents: there is one as long as he has
// a call, and not a moment longer.
func (d *Duty) nameless(list []service) (Duty, []session, [][]service) {
	d.Nameless, d.Blank = true, len(list)
	d.Between.Median, d.Between.All, d.Between.Idle = math.NaN(), unknown(), unknown()
	var sessions []session
	for _, s := range list {
		sessions = append(sessions, session{0, s.start, s.end})
		d.Handling += (s.end - s.start).Hours()
	}
	d.Hours, d.Sessions = d.Handling, len(list)
	return *d, sessions, [][]service{list}
}

// covered is the time in which at least one service goes on: overlapping ones of
// one agent count once.
func covered(list []service) time.Duration {
	sum, end := time.Duration(0), time.Duration(math.MinInt64)
	for _, s := range list {
		if s.end > end {
			sum += s.end - max(s.start, end)
			end = s.end
		}
	}
	return sum
}

// assign gives nameless services to agents on duty and free at the time, the
// longest free first; those for whom nobody was free get an agent of their own.
func (d *Duty) assign(known [][]service, blank []service, gap time.Duration) [][]service {
	all := make([][]service, len(known))
	var on [][]session
	for a := range known {
		all[a] = slices.Clone(known[a])
		on = append(on, split(known[a], a, gap))
	}
	for _, b := range blank {
		best, since := -1, time.Duration(math.MaxInt64)
		for a := range known {
			if free, ok := freeSince(all[a], on[a], b); ok && free < since {
				best, since = a, free
			}
		}
		if best < 0 {
			d.Extra++
			all = append(all, []service{b})
			continue
		}
		d.Assigned++
		i, _ := slices.BinarySearchFunc(all[best], b.start, func(s service, t time.Duration) int { return cmp.Compare(s.start, t) })
		all[best] = slices.Insert(all[best], i, b)
	}
	return all
}

// freeSince reports whether an agent on duty was free for all of service b, and
// since when.
func freeSince(list []service, on []session, b service) (time.Duration, bool) {
	i, _ := slices.BinarySearchFunc(on, b.start, func(s session, t time.Duration) int { return cmp.Compare(s.to, t) })
	if i >= len(on) || on[i].from > b.start || on[i].to < b.end {
		return 0, false
	}
	k, _ := slices.BinarySearchFunc(list, b.end, func(s service, t time.Duration) int { return cmp.Compare(s.start, t) })
	if k == 0 || list[k-1].end > b.start {
		return 0, false
	}
	return list[k-1].end, true
}

// onDuty returns how many agents of each group were there, as a mean over each
// slot: by group, day and slot.
func (h *History) onDuty(sessions []session, group []int, groups int) [][][]float64 {
	slot := h.opt.DutySlot
	slots := int(24 * time.Hour / slot)
	out := make([][][]float64, groups)
	for g := range out {
		out[g] = make([][]float64, h.days())
		for d := range out[g] {
			out[g][d] = make([]float64, slots)
		}
	}
	var base []time.Duration
	for d := range h.days() {
		base = append(base, h.midnight(d).Sub(h.first))
	}
	for _, s := range sessions {
		g := group[s.agent]
		d, _ := slices.BinarySearch(base, s.from+1)
		for d = max(0, d-1); d < len(base) && base[d] < s.to; d++ {
			for k := max(0, int((s.from-base[d])/slot)); k < slots; k++ {
				from := base[d] + time.Duration(k)*slot
				if from >= s.to {
					break
				}
				out[g][d][k] += max(0, min(s.to, from+slot)-max(s.from, from)).Seconds() / slot.Seconds()
			}
		}
	}
	return out
}
