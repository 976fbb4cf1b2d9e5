package scenarios

import (
	"math"
	"slices"

	"callwright/realcore"
	"callwright/traffic"
)

// arrivals compiles when the calls of a stream come.
func (c *compiler) arrivals(s *Stream, name, path string) traffic.Stream {
	r := traffic.Stream{Name: name}
	if ways := count(s.Volume != nil, s.Rate != nil, s.Trace != nil); ways > 1 || ways == 0 && len(s.Spikes) == 0 {
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

// profile makes a profile of values by interval of each day, times the day's factor.
func (c *compiler) profile(g grid, values func(day int) []float64, factor []float64, perSec func(value float64) float64) traffic.Profile {
	var starts, rates []float64
	end := 0.0
	for i := range c.days {
		for k, x := range values(i) {
			from, to := c.begins(g, i, k), c.begins(g, i, k+1)
			if to <= from {
				continue // an hour that clocks skip
			}
			if from.Seconds() > end { // night
				starts, rates = append(starts, end), append(rates, 0)
			}
			starts, rates = append(starts, from.Seconds()), append(rates, factor[i]*perSec(x))
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
	g, ok := c.gridOf(path, v.Every)
	if !ok {
		return traffic.Profile{}
	}
	var day func(i int) []float64
	switch {
	case v.Total != nil:
		day = c.shaped(v, g, path)
	case v.CSV != nil:
		if list := c.column(v.CSV, name, path+".csv"); list != nil {
			day = listed(c, "values", list, g, path+".csv")
		}
	case v.ByDay.Names != nil:
		day = weekly(c, "values", &v.ByDay, g, false, path, func(x *Volumes) []float64 { return x.List })
	default:
		day = listed(c, "values", v.Calls, g, path)
	}
	if day == nil {
		return traffic.Profile{}
	}
	return c.profile(g, day, c.factors(s), func(x float64) float64 { return x / g.every.Seconds() })
}

// shaped spreads a day's total over its intervals.
func (c *compiler) shaped(v *Volume, g grid, path string) func(day int) []float64 {
	shape := v.Shape
	if shape == nil {
		shape = slices.Repeat([]float64{1}, g.n)
	}
	sum := 0.0
	for _, x := range shape {
		sum += x
	}
	if len(shape) != g.n || sum == 0 || math.IsInf(sum, 0) {
		c.bad(path+".shape", "has %d values that sum to %g; want %s, not all 0", len(shape), sum, c.wanted(g))
		return nil
	}
	list := make([]float64, g.n)
	for i, x := range shape {
		list[i] = *v.Total * x / sum
	}
	return func(int) []float64 { return list }
}

// rate compiles calls a unit of time.
func (c *compiler) rate(s *Stream, path string) traffic.Profile {
	r := s.Rate
	if len(r.Values) == 1 && !r.Linear && c.f.MostCalls > 0 && len(s.ByDay.Names) == 0 {
		return traffic.Constant(r.Values[0] * r.perSec())
	}
	g, ok := c.gridOf(path, r.Every)
	if !ok {
		return traffic.Profile{}
	}
	if r.Linear {
		return c.linear(s, g, path)
	}
	list := r.Values
	if len(list) == 1 {
		list = slices.Repeat(list, g.n)
	}
	day := listed(c, "values", list, g, path)
	if day == nil {
		return traffic.Profile{}
	}
	return c.profile(g, day, c.factors(s), func(x float64) float64 { return x * r.perSec() })
}

// linear joins a day's values by straight lines.
func (c *compiler) linear(s *Stream, g grid, path string) traffic.Profile {
	if len(s.Rate.Values) != g.n+1 {
		c.bad(path, "has %d values; want %d, one at each end of an interval, for straight lines", len(s.Rate.Values), g.n+1)
		return traffic.Profile{}
	}
	var points []traffic.Point
	factors := c.factors(s)
	for i := range c.days {
		for k, x := range s.Rate.Values {
			at := c.begins(g, i, k).Seconds()
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
