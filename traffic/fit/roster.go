package fit

import (
	"fmt"
	"math"
	"time"
)

// roster returns how many agents of each group work in each duty slot of day i of
// the forecast, and as on which fitted day.
func (m *Model) roster(f Forecast, i int) ([][]int, string) {
	day := f.First.AddDate(0, 0, i)
	days := m.sameDays(day.Weekday())
	if len(days) == 0 {
		none := make([][]int, len(m.Groups))
		for g := range none {
			none[g] = make([]int, int(24*time.Hour/m.Duty.Slot))
		}
		return none, "nobody: there is no such day in the history"
	}
	if m.Options.Spread == Mean {
		mean := make([][]float64, len(m.onDuty))
		for g := range mean {
			mean[g] = m.meanDuty(g, days)
		}
		return whole(mean), fmt.Sprintf("the mean of %d days", len(days))
	}
	nth := 0
	for k := range i {
		if f.First.AddDate(0, 0, k).Weekday() == day.Weekday() {
			nth++
		}
	}
	d := days[nth%len(days)]
	for _, own := range days {
		if dayNumber(m.Arrivals.Days[own].Date) == dayNumber(day) {
			d = own // a fitted day played again
		}
	}
	return whole(m.drawn(d)), m.Arrivals.Days[d].Date.Format("Mon 2 Jan")
}

// sameDays lists the fitted days with that day of the week, the latest first.
func (m *Model) sameDays(w time.Weekday) (days []int) {
	for d := len(m.Arrivals.Days) - 1; d >= 0; d-- {
		if x := &m.Arrivals.Days[d]; x.counts() && x.Date.Weekday() == w {
			days = append(days, d)
		}
	}
	return days
}

func (m *Model) meanDuty(g int, days []int) []float64 {
	out := make([]float64, len(m.onDuty[g][days[0]]))
	for _, d := range days {
		for k, x := range m.onDuty[g][d] {
			out[k] += x / float64(len(days))
		}
	}
	return out
}

// whole rounds means over slots, by group, to whole agents. What is left of all
// groups together is carried on to the next slot, so that the hours stay right and
// the sum is never off by an agent; each group carries its own remainder too, and
// those with the largest get the agents there are.
func whole(x [][]float64) [][]int {
	out := make([][]int, len(x))
	carry, all := make([]float64, len(x)), 0.0
	for g := range x {
		out[g] = make([]int, len(x[g]))
	}
	for k := range x[0] {
		sum := 0.0
		for g := range x {
			sum += x[g][k]
			carry[g] += x[g][k]
		}
		if sum == 0 {
			clear(carry)
			all = 0
			continue
		}
		n := max(0, int(math.Round(sum+all)))
		all += sum - float64(n)
		for range n {
			best := 0
			for g := range carry {
				if carry[g] > carry[best] {
					best = g
				}
			}
			out[best][k]++
			carry[best]--
		}
	}
	return out
}
