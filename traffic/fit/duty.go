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
}

// Between is the time from the end of a service until its agent is ready for the
// next one, told from the gap between two services of a session. Where the next
// customer waited, nobody was free when he came: the gap is that time. Where he
// did not, the agent had been idle: the time was shorter than the gap, which is
// cut on the left. The distribution is Kaplan and Meier's with time reversed
// (Gomez, Julia and Utzet 1994): F(t) = product over t_i > t of 1 - d_i/n_i, n_i
// the gaps of at most t_i.
type Between struct {
	Waiting int     // gaps before a customer who was waiting when the service ended
	Median  float64 // seconds, of these
	Mean    float64
	Exact   int // gaps before a customer who waited at all
	Cut     int // gaps before one who did not
	All     Estimate
	T, F    []float64 // the reversed estimate: a part F of all is at most T seconds
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
	d.Between = between(known, gap)
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
		sessions = append(sessions, x...)
		d.Sessions += len(x)
		for _, s := range x {
			d.Hours += (s.to - s.from).Hours()
		}
		d.Handling += covered(list).Hours()
	}
	return d, sessions, all
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

// between looks at the gaps within sessions.
func between(known [][]service, gap time.Duration) Between {
	var b Between
	var waiting, exact, cut []float64
	for _, list := range known {
		end := time.Duration(math.MinInt64)
		for i, s := range list {
			if g := s.start - end; i > 0 && g <= gap {
				x := max(0, g).Seconds()
				switch {
				case s.waited && s.entry <= end:
					waiting, exact = append(waiting, x), append(exact, x)
				case s.waited:
					exact = append(exact, x)
				default:
					cut = append(cut, x)
				}
			}
			end = max(end, s.end)
		}
	}
	b.Waiting, b.Exact, b.Cut = len(waiting), len(exact), len(cut)
	slices.Sort(waiting)
	b.Median, b.Mean = quantile(waiting, 0.5), mean(waiting)
	b.T, b.F = reversed(exact, cut)
	b.All = reversedMean(b.T, b.F, len(exact))
	return b
}

// reversed is Kaplan and Meier's estimate with time reversed, of lengths of which
// some are only known to be at most so long.
func reversed(exact, cut []float64) (t, f []float64) {
	if len(exact) == 0 {
		return nil, nil
	}
	minus := func(list []float64) []float64 {
		out := make([]float64, len(list))
		for i, x := range list {
			out[i] = -x
		}
		return out
	}
	// Reversed, a length at most c is one cut at -c; ends come before cuts at equal
	// times there, as here a length of exactly c is at most c.
	km := kaplanMeier(newSample(minus(exact), minus(cut)))
	before := 1.0
	for i := range km.T {
		t, f = append(t, -km.T[i]), append(f, before)
		before = km.S[i]
	}
	slices.Reverse(t)
	slices.Reverse(f)
	f0 := before // what is left below the least exact length lies at it
	_ = f0
	return t, f
}

// reversedMean is the mean of the estimate, with the error of so many lengths.
func reversedMean(t, f []float64, n int) Estimate {
	m, square, before := 0.0, 0.0, 0.0
	for i, x := range t {
		p := f[i] - before
		m, square, before = m+p*x, square+p*x*x, f[i]
	}
	if n == 0 {
		return Estimate{0, math.NaN(), math.NaN()}
	}
	return around(m, math.Sqrt(max(0, square-m*m)/float64(n)))
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
	for _, s := range sessions {
		g := group[s.agent]
		for d := range h.days() {
			base := h.midnight(d).Sub(h.first)
			for k := max(0, int((s.from-base)/slot)); k < slots; k++ {
				from := base + time.Duration(k)*slot
				if from >= s.to {
					break
				}
				out[g][d][k] += max(0, min(s.to, from+slot)-max(s.from, from)).Seconds() / slot.Seconds()
			}
		}
	}
	return out
}
