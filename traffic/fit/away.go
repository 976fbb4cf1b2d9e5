package fit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Away says whether agents who are free are at the phone: of calls that came while
// nobody waited, and somebody on duty who serves their queue had been free for
// longer than nine in ten times between calls, how many had to wait all the same.
// Where that is more than a twentieth, what goes beyond the median time between
// calls is not wrap-up, which only follows a call, but time away from the phone,
// which meets a call to an idle agent too: it stands in the scenario as time to
// pick up. An offer goes to somebody else after Limit, which is assumed (on
// the bank's days 14 to 20, after fitting on 1 to 13, 30 s came nearer than 15 s or
// no limit), and Penalty is what then is left of the agent's absence on average.
type Away struct {
	Calls, Waited int
	Is            bool
	Base          float64 // wrap-up, seconds
	Limit         time.Duration
	Penalty       float64 // seconds
}

const pickUpLimit = 30 * time.Second

// away looks at such calls, at most 50,000 of them evenly from all.
func (h *History) away(m *Model, all [][]service, sessions []session, of []int) Away {
	a := Away{Limit: pickUpLimit}
	b := &m.Duty.Between
	if len(b.T) == 0 {
		return a
	}
	w := h.waiting()
	long := time.Duration(b.quantile(0.9) * float64(time.Second))
	on := make([][]session, len(all))
	for _, s := range sessions {
		on[s.agent] = append(on[s.agent], s)
	}
	for i := 0; i < len(h.calls); i += 1 + len(h.calls)/50_000 {
		c := &h.calls[i]
		if w.at(c.entry-1) > 0 {
			continue
		}
		for x, list := range all {
			if slices.Contains(m.Groups[of[x]].Queues, c.queue) && freeFor(list, on[x], c.entry-1, long) {
				a.Calls++
				if c.wait > 0 {
					a.Waited++
				}
				break
			}
		}
	}
	a.Is = a.Calls >= 20 && float64(a.Waited) > 0.05*float64(a.Calls)
	a.settle(b)
	return a
}

// freeFor reports whether an agent was on duty at t and had been free for that long.
func freeFor(list []service, on []session, t, long time.Duration) bool {
	i, _ := slices.BinarySearchFunc(on, t, func(s session, t time.Duration) int { return cmp.Compare(s.to, t) })
	if i >= len(on) || on[i].from > t {
		return false
	}
	k, _ := slices.BinarySearchFunc(list, t, func(s service, t time.Duration) int { return cmp.Compare(s.start, t) })
	return k > 0 && list[k-1].end < t-long
}

// settle parts the time between calls: beyond twice the median it is an absence.
func (a *Away) settle(b *Between) {
	before, absent, over, missed := 0.0, 0.0, 0.0, 0.0
	for i, x := range b.T {
		p := b.F[i] - before
		before = b.F[i]
		r := b.absence(x)
		absent += p * r
		if r > a.Limit.Seconds() {
			over, missed = over+p*(r-a.Limit.Seconds()), missed+p
		}
	}
	a.Base = max(0, b.All.Value-absent)
	if missed > 0 {
		a.Penalty = over / missed
	}
}

func (b *Between) absence(x float64) float64 {
	if x <= 2*b.Median {
		return 0
	}
	return x - b.Median
}

var parts = []float64{0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 1}

// points writes a function of the time between calls as the points of a quantile
// function.
func (b *Between) points(of func(x float64) float64) string {
	var words []string
	for i, p := range parts {
		x := of(b.quantile(p))
		if i > 0 && i < len(parts)-1 && x == of(b.quantile(parts[i-1])) && x == of(b.quantile(parts[i+1])) {
			continue // on a flat stretch only its ends are needed
		}
		words = append(words, fmt.Sprintf("%g: %s", p, seconds(round(x, 3))))
	}
	return strings.Join(words, ", ")
}

func (b *Between) quantile(p float64) float64 {
	for i, f := range b.F {
		if f >= p-1e-12 {
			return b.T[i]
		}
	}
	return b.T[len(b.T)-1]
}
