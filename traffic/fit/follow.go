package fit

import "math"

// Follow is how far duty follows calls: planners expect busy days, and agents put
// off breaks in busy hours. Day and Interval are the slopes of the relative
// deviation of calls on that of duty, in [0, 1], by least squares over days and
// over slots with at least 5 calls expected. Calls that duty followed are no
// surprise to it: a future day's duty is drawn towards the mean by the slope, and
// only the scatter of calls that duty did not share stands in the scenario. What too
// few days tell nothing about is NaN.
type Follow struct {
	Day, Interval     float64
	DayCV, IntervalCV float64       // of calls given duty
	meanDuty          [][][]float64 // by group of days, group of agents, slot
	hours             []float64     // by group of days: mean of a day
}

// follow estimates it; interrupted slots have been filled.
func (m *Model) follow(g grid, bad [][]bool) {
	f, a := &m.Follow, &m.Arrivals
	for i := range a.Groups {
		days := m.daysOf(i)
		mean := make([][]float64, len(m.onDuty))
		hours := 0.0
		for t := range mean {
			mean[t] = m.meanDuty(t, days)
			hours += total(mean[t])
		}
		f.meanDuty, f.hours = append(f.meanDuty, mean), append(f.hours, hours)
	}
	var day, cell moments
	per := len(bad[0]) / len(g.n[0])
	for d := range a.Days {
		if !a.Days[d].counts() {
			continue
		}
		w := &a.Week[a.Days[d].Date.Weekday()]
		e := a.expected(&a.Days[d], g.w[d])
		mean, hours := f.meanDuty[w.Group], m.dayHours(d)
		if hours == 0 || total(g.n[d]) == 0 {
			continue // nobody there, or all of it interrupted
		}
		y, x := total(g.n[d])/total(e), hours/f.hours[w.Group]
		day.add(x-1, y-1, 1/total(e))
		for k := range e {
			if e[k] < 5 || g.w[d][k] < 1 {
				continue
			}
			there, usual := 0.0, 0.0
			for j := k * per; j < (k+1)*per; j++ {
				there += m.there(d, j)
				for t := range mean {
					usual += mean[t][j]
				}
			}
			if usual > 0 {
				cell.add(there/(usual*x)-1, g.n[d][k]/(e[k]*y)-1, 1/(e[k]*y))
			}
		}
	}
	f.Day, f.DayCV = day.slope(a.parameters())
	f.Interval, f.IntervalCV = cell.slope(0)
	f.DayCV, f.IntervalCV = given(f.DayCV, a.DayCV.Value), given(f.IntervalCV, a.IntervalCV.Value)
}

// moments are sums for a line through the origin.
type moments struct{ xx, xy, yy, noise, n float64 }

func (s *moments) add(x, y, poisson float64) {
	s.xx, s.xy, s.yy, s.noise, s.n = s.xx+x*x, s.xy+x*y, s.yy+y*y, s.noise+poisson, s.n+1
}

// given is the scatter given duty, which is no more than that without; as that where
// it cannot be told.
func given(duty, without float64) float64 {
	if math.IsNaN(duty) {
		return without
	}
	return min(duty, without)
}

// slope returns the slope within [0, 1], NaN with fewer than 5 points, and the scatter
// that is left beyond Poisson noise, NaN without a degree of freedom; lost is how
// many means were estimated before.
func (s *moments) slope(lost float64) (b, cv float64) {
	b = math.NaN()
	if s.n >= 5 && s.xx > 0 {
		b = max(0, min(s.xy/s.xx, 1))
	}
	left := s.yy - 2*orZero(b)*s.xy + orZero(b)*orZero(b)*s.xx
	if s.n <= lost+1 {
		return b, math.NaN()
	}
	return b, math.Sqrt(max(0, left/(s.n-lost-1)-s.noise/s.n))
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// dayHours is a day's duty, in slots of one agent.
func (m *Model) dayHours(d int) float64 {
	sum := 0.0
	for _, g := range m.onDuty {
		sum += total(g[d])
	}
	return sum
}

// parameters is how many volumes were estimated from the days.
func (a *Arrivals) parameters() float64 {
	n := 0.0
	for g := range a.Groups {
		n += 1 + a.shrunk(g)
	}
	return n
}

// drawn is the duty of each group on fitted day d, drawn towards the mean as far as
// duty follows calls.
func (m *Model) drawn(d int) (out [][]float64) {
	f, a := &m.Follow, &m.Arrivals
	w := &a.Week[a.Days[d].Date.Weekday()]
	hours := m.dayHours(d)
	if hours == 0 {
		for t := range m.onDuty {
			out = append(out, m.onDuty[t][d])
		}
		return out
	}
	day, interval := orZero(f.Day), orZero(f.Interval)
	usual := f.hours[w.Group] * (1 + day*(w.Factor-1))
	want := (1-day)*hours + day*usual
	out = make([][]float64, len(m.onDuty))
	for t := range out {
		for k, x := range m.onDuty[t][d] {
			mean := f.meanDuty[w.Group][t][k] * hours / f.hours[w.Group]
			out[t] = append(out[t], ((1-interval)*x+interval*mean)*want/hours)
		}
	}
	return out
}
