package scenarios

import (
	"fmt"
	"math"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// arrivals compiles when the calls of a stream come.
func (c *compiler) arrivals(s *Stream, name, path string) traffic.Stream {
	r := traffic.Stream{Name: name}
	ways := 0
	for _, on := range []bool{s.Volume != nil, s.Rate != nil, s.Trace != nil} {
		if on {
			ways++
		}
	}
	if ways > 1 || ways == 0 && len(s.Spikes) == 0 {
		c.bad(path, "has %d of volume, rate and trace; want one of them", ways)
		return r
	}
	switch {
	case s.Trace != nil:
		r.Trace = c.trace(s.Trace, name, path+".trace")
		return r
	case s.Volume != nil:
		r.Rate = c.volume(s, name, path+".volume")
	case s.Rate != nil:
		r.Rate = c.rate(s, path+".rate")
	}
	if s.Factor != nil {
		r.Rate = r.Rate.Scaled(*s.Factor)
	}
	for i := range s.Spikes {
		r.Rate = traffic.Sum(r.Rate, c.spike(&s.Spikes[i], path+".spikes["+itoa(i)+"]"))
	}
	checkDays(c.decoder, &s.ByDay, path+".by-day")
	u, at := s.Uncertainty, path+".uncertainty"
	if u == nil {
		u, at = c.f.Uncertainty, "uncertainty"
	}
	r.Uncertainty = c.uncertainty(u, at)
	return r
}

var levels = map[string]traffic.Levels{"year": traffic.YearLevel, "month": traffic.MonthLevel, "day": traffic.DayLevel, "interval": traffic.IntervalLevel}

func (c *compiler) uncertainty(u *Uncertainty, path string) traffic.Uncertainty {
	if u == nil {
		return traffic.Uncertainty{}
	}
	r := traffic.Uncertainty{YearCV: float64(u.Year), MonthCV: float64(u.Month), DayCV: float64(u.Day), IntervalCV: float64(u.Interval),
		Interval: c.s.Interval, Pool: u.Pool, Calendar: c.seasons}
	for _, l := range u.Common {
		r.Common |= levels[l]
	}
	if err := r.Validate(); err != nil {
		c.bad(path, "is not to be had: %v", err)
	}
	return r
}

// factors returns the factor of each day.
func (c *compiler) factors(s *Stream) []float64 {
	var week [8]float64
	has := false
	for i := range week {
		week[i] = 1
	}
	byDay(&s.ByDay, func(day int, f *Factor) {
		week[day] = f.X
		has = has || day == holiday
	})
	list := make([]float64, c.days)
	for i := range list {
		list[i] = week[c.dayType(i, has)]
	}
	return list
}

// steps makes a profile of values by interval of each day, times per: list is
// what day i has from which place on.
func (c *compiler) stepsOf(every time.Duration, day func(i int) []float64, factor []float64, perSec func(value float64) float64) traffic.Profile {
	var starts, rates []float64
	end := 0.0
	n := c.perDay(every)
	for i := range c.days {
		values := day(i)
		for k := range n {
			from := c.at(i, c.day.From+Clock(k*int(every/time.Second)), false)
			to := c.at(i, c.day.From+Clock((k+1)*int(every/time.Second)), false)
			if to <= from {
				continue // an hour that clocks skip
			}
			if from.Seconds() > end { // night
				starts, rates = append(starts, end), append(rates, 0)
			}
			starts, rates = append(starts, from.Seconds()), append(rates, factor[i]*perSec(values[k]))
			end = to.Seconds()
		}
	}
	p, err := traffic.Steps(starts, rates, end)
	if err != nil {
		panic("scenarios: " + err.Error()) // values were checked by the reader
	}
	return p
}

// volume compiles calls by interval. On a day on which clocks change, each
// interval keeps its rate: the hour that is skipped brings no calls, the one
// that comes twice brings them twice.
func (c *compiler) volume(s *Stream, name, path string) traffic.Profile {
	v := s.Volume
	every, csv := c.s.Interval, path+".csv"
	if c.has(path + ".every") {
		every = v.Every
		path += ".every"
	}
	if c.slots(path, every) == nil {
		return traffic.Profile{}
	}
	n := c.perDay(every)
	var day func(i int) []float64
	switch {
	case v.Total != nil:
		day = c.shaped(v, n, path)
	case v.CSV != nil:
		if list := c.column(v.CSV, name, csv); list != nil {
			day = c.cycle(list, n, csv)
		}
	case v.ByDay.Names != nil:
		day = c.volumesByDay(v, n, path)
	default:
		day = c.cycle(v.Calls, n, path)
	}
	if day == nil {
		return traffic.Profile{}
	}
	return c.stepsOf(every, day, c.factors(s), func(x float64) float64 { return x / every.Seconds() })
}

// cycle takes a list as a day's, or as that of all days; nil if it is neither.
func (c *compiler) cycle(list []float64, n int, path string) func(int) []float64 {
	switch len(list) {
	case n:
		return func(int) []float64 { return list }
	case n * c.days:
		return func(i int) []float64 { return list[i*n : (i+1)*n] }
	}
	c.bad(path, "has %d values; want %s", len(list), c.wanted(n))
	return nil
}

// wanted says how many values a list must have.
func (c *compiler) wanted(n int) string {
	if c.days == 1 {
		return fmt.Sprintf("%d, one for each interval of %v-%v", n, c.day.From, c.day.To)
	}
	return fmt.Sprintf("%d, one for each interval of a day, or %d for all days", n, n*c.days)
}

func (c *compiler) shaped(v *Volume, n int, path string) func(int) []float64 {
	shape := v.Shape
	if shape == nil {
		shape = make([]float64, n)
		for i := range shape {
			shape[i] = 1
		}
	}
	sum := 0.0
	for _, x := range shape {
		sum += x
	}
	if len(shape) != n || sum == 0 || math.IsInf(sum, 0) {
		c.bad(path+".shape", "has %d values that sum to %g; want %s, not all 0", len(shape), sum, c.wanted(n))
		return nil
	}
	list := make([]float64, n)
	for i, x := range shape {
		list[i] = *v.Total * x / sum
	}
	return func(int) []float64 { return list }
}

func (c *compiler) volumesByDay(v *Volume, n int, path string) func(int) []float64 {
	var week [8][]float64
	has := false
	for i := range week {
		week[i] = make([]float64, n)
	}
	for i, name := range v.ByDay.Names {
		if got := len(v.ByDay.Items[i].List); got != n {
			c.bad(path+".by-day."+name, "has %d values; want %d, one for each interval", got, n)
			return nil
		}
	}
	byDay(&v.ByDay, func(day int, x *Volumes) { week[day], has = x.List, has || day == holiday })
	return func(i int) []float64 { return week[c.dayType(i, has)] }
}

// rate compiles calls a unit of time.
func (c *compiler) rate(s *Stream, path string) traffic.Profile {
	r := s.Rate
	if len(r.Values) == 1 && !r.Linear && c.f.MostCalls > 0 && len(s.ByDay.Names) == 0 {
		return traffic.Constant(r.Values[0] * r.perSec())
	}
	every := c.s.Interval
	if c.has(path + ".every") {
		every = r.Every
		path += ".every"
	}
	if c.slots(path, every) == nil {
		return traffic.Profile{}
	}
	n, list := c.perDay(every), r.Values
	if r.Linear {
		return c.linear(s, every, n, path)
	}
	if len(list) == 1 {
		list = make([]float64, n)
		for i := range list {
			list[i] = r.Values[0]
		}
	}
	day := c.cycle(list, n, path)
	if day == nil {
		return traffic.Profile{}
	}
	return c.stepsOf(every, day, c.factors(s), func(x float64) float64 { return x * r.perSec() })
}

// linear joins a day's values by straight lines.
func (c *compiler) linear(s *Stream, every time.Duration, n int, path string) traffic.Profile {
	if len(s.Rate.Values) != n+1 {
		c.bad(path, "has %d values; want %d, one at each end of an interval, for straight lines", len(s.Rate.Values), n+1)
		return traffic.Profile{}
	}
	var points []traffic.Point
	factors := c.factors(s)
	for i := range c.days {
		for k, x := range s.Rate.Values {
			at := c.at(i, c.day.From+Clock(k*int(every/time.Second)), false).Seconds()
			if k == 0 && len(points) > 0 && points[len(points)-1].At < at { // night
				points = append(points, traffic.Point{At: points[len(points)-1].At}, traffic.Point{At: at})
			}
			points = append(points, traffic.Point{At: at, Rate: x * s.Rate.perSec() * factors[i]})
		}
	}
	p, err := traffic.Linear(points)
	if err != nil {
		c.bad(path, "makes no straight lines: %v", err)
	}
	return p
}

func (c *compiler) spike(s *Spike, path string) traffic.Profile {
	day := max(1, s.OnDay) - 1
	if day >= c.days {
		c.bad(path+".on-day", "is %d; want a day of the run, which has %d", s.OnDay, c.days)
		return traffic.Profile{}
	}
	at := c.at(day, s.At, false)
	if at < c.opens[day] { // after midnight, in a day that ends then
		at = c.at(day, s.At+24*3600, false)
	}
	if at < c.opens[day] || at >= c.closes[day] {
		c.bad(path+".at", "is %v; want a time within the day, %v to %v", s.At, c.day.From, c.day.To)
		return traffic.Profile{}
	}
	p, err := traffic.Spike{Onset: at.Seconds(), Volume: s.Volume, Ramp: s.Ramp.Seconds(), Hold: s.Hold.Seconds(), Decay: s.Decay.Seconds(),
		Exponential: s.Exponential}.Profile()
	if err != nil {
		c.bad(path, "makes no surge: %v", err)
	}
	return p
}

// trace compiles recorded arrivals.
func (c *compiler) trace(t *Trace, name, path string) []realcore.Instant {
	at := make([]realcore.Instant, 0, len(t.At))
	for _, d := range t.At {
		at = append(at, realcore.Instant(d))
	}
	if t.CSV != nil {
		for i, x := range c.column(t.CSV, name, path) {
			if x > 9e9 || i > 0 && realcore.Instant(x*1e9) < at[i-1] {
				c.bad(path, "has %g s in row %d of its column; want times that do not fall", x, i+1)
				return at
			}
			at = append(at, realcore.Instant(x*1e9+0.5))
		}
	}
	return at
}
