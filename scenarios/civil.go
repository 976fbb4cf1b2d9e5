package scenarios

import (
	"slices"
	"time"

	"callwright/realcore"
	"callwright/traffic"
	"callwright/yamlfile"
)

// mostSlots is how many reporting intervals a run may have: two years of half
// hours for a dozen queues still fit into memory.
const mostSlots = 200_000

// calendar lays out the days of the run. It reports whether there are any.
func (c *compiler) calendar() bool {
	f := c.f
	c.zone, c.s.Zone = time.UTC, "UTC"
	if f.Zone != "" && f.Zone != "UTC" {
		c.s.Zone = f.Zone
		if c.opt.Zone == nil {
			c.bad("zone", "is %s, and no zones are known here; want UTC", f.Zone)
			return false
		}
		z, err := c.opt.Zone(f.Zone)
		if err != nil || f.Zone == "Local" {
			c.bad("zone", "is %s; want a zone's name, as Asia/Tokyo", yamlfile.Shown(f.Zone))
			return false
		}
		c.zone = z
	}
	c.start, c.day, c.days = f.Start, f.Day, max(f.Days, 1)
	if c.start == (Date{}) {
		c.start = Date{2026, 4, 6}
	}
	if c.opt.Live != (Date{}) {
		c.start = c.opt.Live
	}
	if c.day == (Hours{}) {
		c.day = Hours{0, 24 * 3600}
	}
	c.s.Interval = f.Interval
	if !c.has("interval") {
		c.s.Interval = 30 * time.Minute
	}
	if _, ok := c.cut("interval", c.s.Interval); !ok {
		return false
	}
	c.holidays = map[Date]bool{}
	for _, d := range f.Holidays {
		c.holidays[d] = true
	}
	c.s.Epoch = c.civil(c.start, c.day.From, false)
	if n := float64(c.days) * 86400 / c.s.Interval.Seconds(); n > mostSlots {
		c.bad("interval", "is %v, and %d days have %.3g of it; want at most %d intervals in all", c.s.Interval, c.days, n, mostSlots)
		return false
	}
	for i := range c.days {
		c.opens = append(c.opens, c.at(i, c.day.From, false))
		c.closes = append(c.closes, c.at(i, c.day.To, false))
	}
	c.s.Days = c.days
	c.s.Horizon = c.closes[c.days-1]
	c.plan.Epoch, c.plan.Zone = c.s.Epoch.Format(time.RFC3339), c.s.Zone
	c.demand.End = c.s.Horizon
	if f.Stop == "closing" {
		c.demand.Stop = c.s.Horizon
	}
	if f.MostCalls > 0 {
		c.demand.Calls, c.demand.End, c.s.Horizon = int64(f.MostCalls), realcore.Never, realcore.Never
		if f.Stop == "closing" {
			c.bad("stop", "is closing beside most-calls; want one of the two")
		}
	}
	c.periods()
	return true
}

// periods tells forecast errors where days, months and years begin.
func (c *compiler) periods() {
	c.seasons = &traffic.Calendar{}
	for i, from := range c.opens {
		d := c.start.plus(i)
		c.seasons.Days = append(c.seasons.Days, traffic.Period{From: from, Ordinal: uint64(d.number())})
		if i == 0 || d.Day == 1 {
			c.seasons.Months = append(c.seasons.Months, traffic.Period{From: from, Ordinal: uint64(d.Year*12 + int(d.Month))})
		}
		if i == 0 || d.Day == 1 && d.Month == 1 {
			c.seasons.Years = append(c.seasons.Years, traffic.Period{From: from, Ordinal: uint64(d.Year)})
		}
	}
}

// at returns the instant of a time of day on day i of the run.
func (c *compiler) at(i int, t Clock, last bool) realcore.Instant {
	return realcore.Instant(c.civil(c.start.plus(i), t, last).Sub(c.s.Epoch))
}

// civil returns when a clock on the wall shows a time of day, which may be on
// the next day. A time that clocks skip is the moment of the jump; one they show
// twice is the first, or with last the second.
func (c *compiler) civil(d Date, t Clock, last bool) time.Time {
	u := time.Date(d.Year, d.Month, d.Day, 0, 0, int(t), 0, time.UTC)
	_, before := u.Add(-26 * time.Hour).In(c.zone).Zone()
	_, after := u.Add(26 * time.Hour).In(c.zone).Zone()
	early := u.Add(-time.Duration(max(before, after)) * time.Second).In(c.zone)
	late := u.Add(-time.Duration(min(before, after)) * time.Second).In(c.zone)
	isEarly, isLate := shows(early, u), shows(late, u)
	switch {
	case isEarly && (!last || !isLate):
		return early
	case isLate:
		return late
	}
	for late.Sub(early) > time.Second { // early is still before the jump, late after it
		mid := early.Add(late.Sub(early) / 2)
		if _, off := mid.Zone(); off == before {
			early = mid
		} else {
			late = mid
		}
	}
	return late.Truncate(time.Second)
}

// shows reports whether the clock shows at t what u says.
func shows(t, u time.Time) bool {
	_, off := t.Zone()
	return t.Add(time.Duration(off)*time.Second).Unix() == u.Unix()
}

// dayType returns the day of the week of day i, or holiday where that is told
// apart.
func (c *compiler) dayType(i int, holidays bool) int {
	d := c.start.plus(i)
	if holidays && c.holidays[d] {
		return holiday
	}
	return int(d.weekday())
}

// hours compiles the named opening hours, which are the first calendars.
func (c *compiler) hours() {
	for i, name := range c.f.Hours.Names {
		c.openAt(name, c.f.Hours.Items[i])
	}
}

// openAt adds a calendar of a week's hours, two days longer than the run.
func (c *compiler) openAt(name string, w *Week) realcore.CalendarID {
	var spans []realcore.Span
	days := c.days
	if c.opt.Live != (Date{}) {
		days = LiveDays
	}
	for i := -1; i < days+2; i++ {
		for _, h := range w.Days[c.dayType(i, true)] {
			s := realcore.Span{From: max(0, c.at(i, h.From, false)), To: c.at(i, h.To, true)}
			if s.From < s.To {
				spans = append(spans, s)
			}
		}
	}
	slices.SortFunc(spans, func(a, b realcore.Span) int { return int(min(max(a.From-b.From, -1), 1)) })
	cal := realcore.Calendar{Name: name}
	for _, s := range spans {
		if n := len(cal.Open); n > 0 && s.From <= cal.Open[n-1].To {
			cal.Open[n-1].To = max(cal.Open[n-1].To, s.To)
			continue
		}
		cal.Open = append(cal.Open, s)
	}
	c.plan.Calendars = append(c.plan.Calendars, cal)
	return realcore.CalendarID(len(c.plan.Calendars) - 1)
}

// calendarOf returns the calendar of a reference, None for no hours.
func (c *compiler) calendarOf(path string, r *HoursRef) realcore.CalendarID {
	if r == nil {
		return realcore.None
	}
	if r.Name == "" {
		return c.openAt(path, &r.Week)
	}
	return realcore.CalendarID(c.named(path, "hours", r.Name, c.f.Hours.Names))
}
