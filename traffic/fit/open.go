package fit

import "time"

// open leaves out the slots of each group of days in which nobody is there as a
// rule: on average less than half an agent. Calls that were offered then met
// somebody who stayed late or came early on that day, which a mean day does not
// tell; against a roster of another day they would wait for nobody.
func (m *Model) open() {
	a := &m.Arrivals
	for g := range a.Groups {
		x := &a.Groups[g]
		days, lost := m.daysOf(g), 0.0
		for k := range x.slots() {
			if m.staffed(days, k) >= 0.5 {
				continue
			}
			for _, tiers := range x.Shapes {
				for _, list := range tiers {
					lost += list[k]
					list[k] = 0
				}
			}
			m.dismiss(days, k)
		}
		a.Outside = append(a.Outside, lost)
	}
}

// Lost is the part of all calls of mean days that open left out, in [0, 1].
func (a *Arrivals) Lost() float64 {
	lost, all := 0.0, 0.0
	for g, x := range a.Outside {
		lost += x * float64(a.Groups[g].N)
		all += a.Groups[g].Mean * float64(a.Groups[g].N)
	}
	if lost == 0 {
		return 0
	}
	return lost / all
}

// LeftOut is how many calls a day of that day of the week were left out so.
func (a *Arrivals) LeftOut(d time.Weekday) float64 {
	w := &a.Week[d]
	if w.Group < 0 || len(a.Outside) == 0 {
		return 0
	}
	return w.Factor * a.Outside[w.Group]
}

func (x *DayGroup) slots() int { return len(x.Shapes[0][0]) }

// daysOf lists the fitted days of a group.
func (m *Model) daysOf(g int) (days []int) {
	for i := range m.Arrivals.Days {
		d := &m.Arrivals.Days[i]
		if d.counts() && m.Arrivals.Week[d.Date.Weekday()].Group == g {
			days = append(days, i)
		}
	}
	return days
}

// within returns the duty slots that slot k of the shape touches.
func (m *Model) within(k int) (from, to int) {
	a, d := m.Arrivals.Slot, m.Duty.Slot
	return k * int(a) / int(d), (k*int(a) + int(a) + int(d) - 1) / int(d)
}

// staffed is the mean number of agents there in slot k.
func (m *Model) staffed(days []int, k int) float64 {
	from, to := m.within(k)
	sum := 0.0
	for _, g := range m.onDuty {
		for _, d := range days {
			for _, x := range g[d][from:to] {
				sum += x
			}
		}
	}
	return sum / float64(len(days)*(to-from))
}

func (m *Model) dismiss(days []int, k int) {
	from, to := m.within(k)
	for _, g := range m.onDuty {
		for _, d := range days {
			for i := from; i < to; i++ {
				g[d][i] = 0
			}
		}
	}
}
