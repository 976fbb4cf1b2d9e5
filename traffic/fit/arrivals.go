package fit

import (
	"math"
	"time"
)

// Arrivals is when and how many call, over all queues.
//
// Days of the week that open alike and are busy alike form a group (DayGroup),
// which has one shape of the day; each day of the week has its own volume within
// it, drawn towards the group's mean as far as the scatter between days of one
// weekday says that the difference is noise (empirical Bayes; Morris 1983).
//
// Beyond Poisson there are three factors with mean 1: of the whole period (how
// wrong the mean of so few days is), of the day, and of the interval; their
// coefficients of variation are moment estimates:
//
//	day       E[(N - m)² - m] / m²      over days, N calls and m expected
//	interval  the same over the day's slots, m being the slot's share of N
//
// (Jongbloed and Koole 2001; Avramidis, Deslauriers and L'Ecuyer 2004.)
type Arrivals struct {
	Slot   time.Duration
	Groups []DayGroup
	Week   [7]Weekday // Sunday first
	Days   []Day      // every day from first to last

	// Outside is how many calls came, on a mean day of each group, in slots in which
	// less than half an agent is there on average: they are left out.
	Outside []float64

	PeriodCV, DayCV, IntervalCV Estimate

	// Poisson dispersion of slot counts, 1 if arrivals were Poisson with the
	// known rate: mean over slots of (N-m)²/m.
	Dispersion float64
}

// DayGroup is days of the week with one shape.
type DayGroup struct {
	Days   []time.Weekday
	N      int           // days of it in the history
	Mean   float64       // calls a day
	Shapes [][][]float64 // by queue, tier and slot: expected calls of a mean day
}

// Weekday is one day of the week.
type Weekday struct {
	N      int      // days in the history
	Mean   Estimate // calls a day
	Factor float64  // on its group's mean, shrunk
	Group  int      // -1: never seen
}

// Day is one day of the history.
type Day struct {
	Date    time.Time
	Calls   float64
	Missing bool // no calls at all: left out
	Holiday bool // left out of its weekday
}

// fitDays finds the days and their groups.
func (h *History) fitDays() Arrivals {
	a := Arrivals{Slot: h.opt.Slot, Days: h.dayList()}
	slots := int(24 * time.Hour / a.Slot)
	g := newGrid(len(a.Days), slots)
	for i := range h.calls {
		c := &h.calls[i]
		a.Days[c.day].Calls += c.n
		g.n[c.day][h.slotOf(c, slots)] += c.n
	}
	for i := range a.Days {
		a.Days[i].Missing = a.Days[i].Calls == 0
	}
	a.group(g.n)
	return a
}

func (h *History) dayList() []Day {
	list := make([]Day, h.days())
	for i := range list {
		list[i].Date = h.midnight(i)
		for _, x := range h.opt.Holidays {
			list[i].Holiday = list[i].Holiday || dayNumber(x) == dayNumber(list[i].Date)
		}
	}
	return list
}

// midnight returns the beginning of day i in the log's zone.
func (h *History) midnight(i int) time.Time {
	y, m, d := h.first.Date()
	return time.Date(y, m, d+i, 0, 0, 0, 0, h.first.Location())
}

// slotOf returns the slot of the day in which a call came, by time passed since
// midnight. What came after midnight of a call's day counts as its last slot.
func (h *History) slotOf(c *call, slots int) int {
	at := c.entry - h.midnight(c.day).Sub(h.first)
	return max(0, min(int(at/(24*time.Hour/time.Duration(slots))), slots-1))
}

// counts reports whether a day counts towards its weekday.
func (d *Day) counts() bool { return !d.Missing && !d.Holiday }

// group puts days of the week together whose volumes differ by less than a factor
// of 1.5 and whose middle halves of calls begin and end within 90 minutes of each
// other, directly or by way of others.
func (a *Arrivals) group(n [][]float64) {
	var lo, hi [7]float64
	sums := make([][]float64, 7)
	for i := range a.Days {
		d := &a.Days[i]
		if !d.counts() {
			continue
		}
		w := &a.Week[d.Date.Weekday()]
		w.N++
		w.Mean.Value += d.Calls
		if sums[d.Date.Weekday()] == nil {
			sums[d.Date.Weekday()] = make([]float64, len(n[i]))
		}
		for k, x := range n[i] {
			sums[d.Date.Weekday()][k] += x
		}
	}
	for w := range a.Week {
		a.Week[w].Group = -1
		if a.Week[w].N > 0 {
			lo[w], hi[w] = slotQuantile(sums[w], 0.25), slotQuantile(sums[w], 0.75)
			a.Week[w].Mean.Value /= float64(a.Week[w].N)
		}
	}
	reach := float64(90*time.Minute) / float64(a.Slot)
	alike := func(v, w int) bool {
		x, y := a.Week[v].Mean.Value, a.Week[w].Mean.Value
		return max(x, y) < 1.5*min(x, y) && math.Abs(lo[v]-lo[w]) <= reach && math.Abs(hi[v]-hi[w]) <= reach
	}
	for w := range a.Week {
		if a.Week[w].N == 0 || a.Week[w].Group >= 0 {
			continue
		}
		g := len(a.Groups)
		a.Groups = append(a.Groups, DayGroup{})
		a.spread(w, g, alike)
	}
	for w := range a.Week {
		if g := a.Week[w].Group; g >= 0 {
			a.Groups[g].Days = append(a.Groups[g].Days, time.Weekday(w))
			a.Groups[g].N += a.Week[w].N
		}
	}
}

// spread puts w and all that are like it, by way of others too, into group g.
func (a *Arrivals) spread(w, g int, alike func(v, w int) bool) {
	a.Week[w].Group = g
	for v := range a.Week {
		if a.Week[v].N > 0 && a.Week[v].Group < 0 && alike(v, w) {
			a.spread(v, g, alike)
		}
	}
}

// slotQuantile is the slot, with its fraction, by which a part p of all has come.
func slotQuantile(n []float64, p float64) float64 {
	total, sum := 0.0, 0.0
	for _, x := range n {
		total += x
	}
	for k, x := range n {
		if x > 0 && sum+x >= p*total {
			return float64(k) + (p*total-sum)/x
		}
		sum += x
	}
	return float64(len(n))
}
