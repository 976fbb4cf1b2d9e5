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
	Calls   int
	Missing bool // no calls at all: left out
	Holiday bool // left out of its weekday
}

func (h *History) fitArrivals(tiers [][]float64) Arrivals {
	a := Arrivals{Slot: h.opt.Slot, Days: h.dayList()}
	for _, c := range h.calls {
		a.Days[c.day].Calls++
	}
	for i := range a.Days {
		a.Days[i].Missing = a.Days[i].Calls == 0
	}
	slots := int(24 * time.Hour / a.Slot)
	n := make([][]float64, len(a.Days)) // calls by day and slot
	for d := range n {
		n[d] = make([]float64, slots)
	}
	for _, c := range h.calls {
		n[c.day][h.slotOf(&c, slots)]++
	}
	a.group(n)
	a.weekdays()
	a.shapes(h, tiers, slots)
	a.scatter(n)
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
		w.Mean.Value += float64(d.Calls)
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

// weekdays estimates the volume of each day of the week within its group.
func (a *Arrivals) weekdays() {
	for g := range a.Groups {
		x := &a.Groups[g]
		within, df, sum := 0.0, 0.0, 0.0
		for i := range a.Days {
			d := &a.Days[i]
			w := &a.Week[d.Date.Weekday()]
			if !d.counts() || w.Group != g {
				continue
			}
			e := float64(d.Calls) - w.Mean.Value
			within += e * e
			sum += float64(d.Calls)
		}
		x.Mean = sum / float64(x.N)
		df = float64(x.N - len(x.Days))
		variance := math.NaN()
		if df > 0 {
			variance = within / df
		}
		a.shrink(x, variance)
	}
}

// shrink draws the weekdays' means of a group together: B = τ²/(τ² + σ²/n), τ² the
// variance between weekdays beyond what σ², that between days, explains.
func (a *Arrivals) shrink(x *DayGroup, variance float64) {
	between, weight, norm := 0.0, 0.0, 0.0
	for _, d := range x.Days {
		w := &a.Week[d]
		between += float64(w.N) * (w.Mean.Value - x.Mean) * (w.Mean.Value - x.Mean)
		weight += float64(w.N * w.N)
	}
	n, k := float64(x.N), float64(len(x.Days))
	norm = n - weight/n
	tau := 0.0
	if k > 1 {
		tau = max(0, (between-(k-1)*variance)/norm) // method of moments, as in one-way analysis of variance
	}
	if math.IsNaN(variance) {
		tau = 0
	}
	for _, d := range x.Days {
		w := &a.Week[d]
		v := variance
		if math.IsNaN(v) {
			v = x.Mean
		}
		b := 0.0
		if tau > 0 {
			b = tau / (tau + v/float64(w.N))
		}
		w.Factor = 1 + b*(w.Mean.Value/x.Mean-1)
		w.Mean = around(w.Mean.Value, math.Sqrt(v/float64(w.N)))
	}
}

// shapes estimates each queue's and tier's expected calls by slot, as those of
// its group's days together: a queue's calls by slot, times the tier's share.
func (a *Arrivals) shapes(h *History, tiers [][]float64, slots int) {
	for g := range a.Groups {
		x := &a.Groups[g]
		for q := range h.queues.names {
			x.Shapes = append(x.Shapes, nil)
			for range tiers[q] {
				x.Shapes[q] = append(x.Shapes[q], make([]float64, slots))
			}
		}
	}
	for i := range h.calls {
		c := &h.calls[i]
		g := a.Week[a.Days[c.day].Date.Weekday()].Group
		if g < 0 || !a.Days[c.day].counts() {
			continue
		}
		x := &a.Groups[g]
		for t, share := range tiers[c.queue] {
			x.Shapes[c.queue][t][h.slotOf(c, slots)] += share / float64(x.N)
		}
	}
}

// expected is how many calls a day and slot should have had, given its weekday.
func (a *Arrivals) expected(d *Day) []float64 {
	w := a.Week[d.Date.Weekday()]
	if w.Group < 0 {
		return nil
	}
	var m []float64
	for _, tiers := range a.Groups[w.Group].Shapes {
		for _, slots := range tiers {
			if m == nil {
				m = make([]float64, len(slots))
			}
			for k, x := range slots {
				m[k] += x * w.Factor
			}
		}
	}
	return m
}

// scatter estimates how far counts lie around what is expected, beyond Poisson.
func (a *Arrivals) scatter(n [][]float64) {
	var day, slot, weight []float64
	var residuals []float64
	dispersion, cells := 0.0, 0.0
	for i := range a.Days {
		d := &a.Days[i]
		if !d.counts() {
			continue
		}
		m := a.expected(d)
		total := 0.0
		for _, x := range m {
			total += x
		}
		e := float64(d.Calls)
		day = append(day, ((e-total)*(e-total)-total)/(total*total))
		residuals = append(residuals, e/total-1)
		for k, x := range m {
			if x == 0 {
				continue
			}
			given := x * e / total
			// given the day's total, the variance of a share p is m(1-p), not m
			slot = append(slot, (n[i][k]-given)*(n[i][k]-given)-given*(1-x/total))
			weight = append(weight, given*given)
			dispersion += (n[i][k] - x) * (n[i][k] - x) / x
			cells++
		}
	}
	a.Dispersion = dispersion / cells
	// Means of weekdays and slots were estimated from the same days: the moments
	// miss as much as those estimates took, n/(n-k).
	parameters := 0.0
	for g := range a.Groups {
		parameters += 1 + a.shrunk(g)
	}
	days := float64(len(day))
	if days > parameters {
		v := meanOf(day)
		f := days / (days - parameters)
		a.DayCV = root(Estimate{v.Value * f, v.Low * f, v.High * f})
	}
	num, den, spread := 0.0, 0.0, 0.0
	for k := range slot {
		num, den = num+slot[k], den+weight[k]
	}
	if groups := float64(len(a.Groups)); den > 0 && days > groups {
		r := num / den
		for k := range slot {
			spread += (slot[k] - r*weight[k]) * (slot[k] - r*weight[k])
		}
		e, f := around(r, math.Sqrt(spread)/den), days/(days-groups)
		a.IntervalCV = root(Estimate{e.Value * f, e.Low * f, e.High * f})
	}
	a.PeriodCV = periodCV(residuals, a.DayCV.Value)
}

// shrunk is how many free volumes the weekdays of a group amount to.
func (a *Arrivals) shrunk(g int) float64 {
	n := 0.0
	for _, d := range a.Groups[g].Days {
		w := &a.Week[d]
		if raw := w.Mean.Value/a.Groups[g].Mean - 1; raw != 0 {
			n += (w.Factor - 1) / raw
		}
	}
	return max(0, n-n/float64(len(a.Groups[g].Days)))
}

// root turns squares of coefficients of variation into such, 0 where negative.
func root(e Estimate) Estimate {
	return Estimate{math.Sqrt(max(0, e.Value)), math.Sqrt(max(0, e.Low)), math.Sqrt(max(0, e.High))}
}

// periodCV is the error of the mean of so many days: that of the day's factor over
// the root of their number, enlarged where neighbouring days are busy together
// (lag-one correlation r: (1+r)/(1-r), Bartlett 1946).
func periodCV(residuals []float64, dayCV float64) Estimate {
	n := float64(len(residuals))
	if n < 3 {
		return Estimate{0, math.NaN(), math.NaN()}
	}
	m := mean(residuals)
	num, den := 0.0, 0.0
	for i, x := range residuals {
		den += (x - m) * (x - m)
		if i > 0 {
			num += (x - m) * (residuals[i-1] - m)
		}
	}
	r := 0.0
	if den > 0 {
		r = max(0, min(num/den, 0.8))
	}
	return Estimate{dayCV * math.Sqrt((1+r)/(1-r)/n), math.NaN(), math.NaN()}
}
