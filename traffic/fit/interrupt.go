package fit

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"
)

// Interruption is a stretch of one day in which the centre, or its log, stood
// still: far fewer calls than usual and fewer than half the usual agents with a
// call. Such stretches count neither towards the day's shape nor towards duty; a
// forecast has none.
type Interruption struct {
	From, To time.Time
	Calls    int
	Usual    float64 // calls on a median day
}

// grid is counts by day and slot, and which part of each slot counts.
type grid struct {
	n, w [][]float64
}

func newGrid(days, slots int) grid {
	g := grid{make([][]float64, days), make([][]float64, days)}
	for d := range g.n {
		g.n[d], g.w[d] = make([]float64, slots), make([]float64, slots)
		for k := range g.w[d] {
			g.w[d][k] = 1
		}
	}
	return g
}

// interruptions looks for them in duty slots: at most so many calls have
// probability under 0.001 in a Poisson law with the median of the group's days, and
// less than half the group's median of agents is there.
func (m *Model) interruptions(h *History) (bad [][]bool) {
	slots := int(24 * time.Hour / m.Duty.Slot)
	g := newGrid(len(m.Arrivals.Days), slots)
	for i := range h.calls {
		c := &h.calls[i]
		g.n[c.day][h.slotOf(c, slots)] += c.n
	}
	bad = make([][]bool, len(g.n))
	for d := range bad {
		bad[d] = make([]bool, slots)
	}
	for x := range m.Arrivals.Groups {
		days := m.daysOf(x)
		if len(days) < 3 || h.report != nil {
			continue // nothing to tell what is usual
		}
		for k := range slots {
			calls, agents := median(days, func(d int) float64 { return g.n[d][k] }), median(days, func(d int) float64 { return m.there(d, k) })
			for _, d := range days {
				bad[d][k] = poissonAtMost(g.n[d][k], calls) < 0.001 && m.there(d, k) < agents/2
			}
		}
		for _, d := range days {
			m.interrupted(d, bad[d], g.n[d], func(k int) float64 {
				return median(days, func(d int) float64 { return g.n[d][k] })
			})
		}
	}
	slices.SortStableFunc(m.Interruptions, func(a, b Interruption) int { return a.From.Compare(b.From) })
	return bad
}

// interrupted notes the stretches of a day.
func (m *Model) interrupted(d int, bad []bool, n []float64, usual func(k int) float64) {
	for k := 0; k < len(bad); k++ {
		if !bad[k] {
			continue
		}
		x := Interruption{From: m.Arrivals.Days[d].Date.Add(time.Duration(k) * m.Duty.Slot)}
		for ; k < len(bad) && bad[k]; k++ {
			x.Calls += int(n[k])
			x.Usual += usual(k)
		}
		x.To = m.Arrivals.Days[d].Date.Add(time.Duration(k) * m.Duty.Slot)
		m.Interruptions = append(m.Interruptions, x)
	}
}

// there is the mean number of agents on duty in duty slot k of day d.
func (m *Model) there(d, k int) float64 {
	sum := 0.0
	for _, g := range m.onDuty {
		sum += g[d][k]
	}
	return sum
}

func median(days []int, of func(d int) float64) float64 {
	var x []float64
	for _, d := range days {
		x = append(x, of(d))
	}
	slices.Sort(x)
	return quantile(x, 0.5)
}

// poissonAtMost is the probability of at most n, by the gamma function: a sum of
// terms that begin with exp(-mean) is 0 beyond a mean of 745.
//
//	P(N <= n) = Q(n+1, mean), Q the regularised upper incomplete gamma function
func poissonAtMost(n, mean float64) float64 {
	if mean == 0 {
		return 1
	}
	return mathext.GammaIncRegComp(math.Floor(n)+1, mean)
}

// fill gives interrupted slots the mean duty of other days: those with the same day
// of the week, or else all of the group.
func (m *Model) fill(bad [][]bool) {
	for x := range m.Arrivals.Groups {
		days := m.daysOf(x)
		for _, d := range days {
			for k, b := range bad[d] {
				if !b {
					continue
				}
				var same, others []int
				for _, o := range days {
					if !bad[o][k] {
						others = append(others, o)
						if m.Arrivals.Days[o].Date.Weekday() == m.Arrivals.Days[d].Date.Weekday() {
							same = append(same, o)
						}
					}
				}
				if len(same) > 0 {
					others = same
				}
				for _, g := range m.onDuty {
					sum := 0.0
					for _, o := range others {
						sum += g[o][k]
					}
					g[d][k] = sum / float64(max(1, len(others)))
				}
			}
		}
	}
}

// counts is calls by slot of the shape, without what is interrupted.
func (m *Model) counts(h *History, bad [][]bool) grid {
	a := &m.Arrivals
	slots := int(24 * time.Hour / a.Slot)
	fine := int(24 * time.Hour / m.Duty.Slot)
	g := newGrid(len(a.Days), slots)
	per := fine / slots
	for d := range bad {
		for k, b := range bad[d] {
			if b {
				g.w[d][k/per] -= 1 / float64(per)
			}
		}
	}
	for i := range h.calls {
		if c := &h.calls[i]; !bad[c.day][h.slotOf(c, fine)] {
			g.n[c.day][h.slotOf(c, slots)] += c.n
		}
	}
	return g
}
