package traffic

import (
	"math"

	"callwright/realcore"
)

// noise walks forward through the periods of an Uncertainty and keeps the product
// of their factors.
type noise struct {
	u      *Uncertainty
	seed   uint64
	rep    uint32
	stream Purpose

	year, month, day walker
	slot             int     // interval within the day
	slotEnd          float64 // seconds
	interval         float64 // its length
	factor           [4]float64
}

// walker is a place in the periods of one level.
type walker struct {
	periods []Period
	every   float64 // length if there are no periods
	i       int
	on      bool
}

func (w *walker) end() float64 {
	switch {
	case !w.on:
		return math.Inf(1)
	case w.periods == nil:
		return float64(float64(w.i+1) * w.every)
	case w.i+1 < len(w.periods):
		return seconds(w.periods[w.i+1].From)
	}
	return math.Inf(1)
}

func (w *walker) start() float64 {
	if w.periods == nil {
		return float64(float64(w.i) * w.every)
	}
	return seconds(w.periods[w.i].From)
}

func (w *walker) ordinal() uint64 {
	if w.periods == nil {
		return uint64(w.i)
	}
	return w.periods[w.i].Ordinal
}

// moveTo moves on to the period of t and reports whether it did.
func (w *walker) moveTo(t float64) (moved bool) {
	for w.end() <= t {
		w.i++
		moved = true
	}
	return moved
}

func seconds(t realcore.Instant) float64 { return float64(t) / 1e9 }

func newNoise(u *Uncertainty, seed uint64, rep uint32, stream Purpose) *noise {
	if u.YearCV == 0 && u.MonthCV == 0 && u.DayCV == 0 && u.IntervalCV == 0 {
		return nil
	}
	const day = 86400
	n := &noise{u: u, seed: seed, rep: rep, stream: stream, interval: u.Interval.Seconds()}
	if n.interval == 0 {
		n.interval = 1800
	}
	n.year = walker{every: 365 * day, on: u.YearCV != 0}
	n.month = walker{every: 30 * day, on: u.MonthCV != 0}
	n.day = walker{every: day, on: u.DayCV != 0 || u.IntervalCV != 0}
	if c := u.Calendar; c != nil {
		n.year.periods, n.month.periods, n.day.periods = c.Years, c.Months, c.Days
	}
	n.enterYear()
	n.enterMonth()
	n.enterDay()
	return n
}

func (n *noise) enterYear()  { n.draw(0, YearLevel, n.year.ordinal()) }
func (n *noise) enterMonth() { n.draw(1, MonthLevel, n.month.ordinal()) }

func (n *noise) enterDay() {
	n.draw(2, DayLevel, n.day.ordinal())
	n.slot = 0
	n.enterSlot()
}

func (n *noise) enterSlot() {
	n.slotEnd = math.Inf(1)
	if n.u.IntervalCV != 0 {
		n.slotEnd = n.day.start() + float64(float64(n.slot+1)*n.interval)
	}
	n.draw(3, IntervalLevel, n.day.ordinal()<<16+uint64(n.slot))
}

func (n *noise) draw(i int, level Levels, ordinal uint64) {
	n.factor[i] = n.u.Factor(n.seed, n.rep, n.stream, level, ordinal)
}

// at returns the product of the factors at t, which never goes back, and until
// when it holds.
func (n *noise) at(t float64) (factor, until float64) {
	if n.year.moveTo(t) {
		n.enterYear()
	}
	if n.month.moveTo(t) {
		n.enterMonth()
	}
	if n.day.moveTo(t) {
		n.enterDay()
	}
	if n.slotEnd <= t {
		for n.slotEnd <= t {
			n.slot++
			n.slotEnd = n.day.start() + float64(float64(n.slot+1)*n.interval)
		}
		n.enterSlot()
	}
	f := n.factor[0] * n.factor[1] * n.factor[2] * n.factor[3]
	return f, min(n.year.end(), n.month.end(), n.day.end(), n.slotEnd)
}
