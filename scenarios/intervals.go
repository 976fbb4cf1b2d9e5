package scenarios

import (
	"fmt"
	"slices"
	"time"

	"callwright/realcore"
)

// grid is the days of the run cut into intervals of one length, as lists by
// interval are.
type grid struct {
	every time.Duration
	n     int // a day
}

// gridOf returns the grid of the list at path: of intervals of its own every, or
// else the file's. False after having reported that they do not fill a day.
func (c *compiler) gridOf(path string, every time.Duration) (grid, bool) {
	if c.has(path + ".every") {
		path += ".every"
	} else {
		every = c.s.Interval
	}
	return c.cut(path, every)
}

func (c *compiler) cut(path string, every time.Duration) (grid, bool) {
	if every < time.Second || every%time.Second != 0 || c.day.Length()%every != 0 {
		c.bad(path, "is %v; want 1s or more, whole seconds, that divide the day of %v", every, c.day.Length())
		return grid{}, false
	}
	return grid{every, int(c.day.Length() / every)}, true
}

// begins returns when interval k of a day begins; k may be the day's end.
func (c *compiler) begins(g grid, day, k int) realcore.Instant {
	return c.at(day, c.day.From+Clock(k*int(g.every/time.Second)), false)
}

// listed takes a list as that of every day, or as that of all days one after the
// other; nil after having reported that it is neither. what is what messages call
// its values.
func listed[T any](c *compiler, what string, list []T, g grid, path string) func(day int) []T {
	switch len(list) {
	case g.n:
		return func(int) []T { return list }
	case g.n * c.days:
		return func(i int) []T { return list[i*g.n : (i+1)*g.n] }
	}
	c.bad(path, "has %d %s; want %s", len(list), what, c.wanted(g))
	return nil
}

// wanted says how many values a list must have.
func (c *compiler) wanted(g grid) string {
	if c.days == 1 {
		return fmt.Sprintf("%d, one for each interval of %v-%v", g.n, c.day.From, c.day.To)
	}
	return fmt.Sprintf("%d, one for each interval of a day, or %d for all days", g.n, g.n*c.days)
}

// weekly takes lists by day of the week; nil after having reported one of the
// wrong length. Days that none is for have nothing. Where one is allowed, a single
// value holds all day.
func weekly[T, L any](c *compiler, what string, m *Map[L], g grid, one bool, path string, list func(*L) []T) func(day int) []T {
	var week [8][]T
	for i := range week {
		week[i] = make([]T, g.n)
	}
	for i, name := range m.Names {
		switch got := len(list(m.Items[i])); {
		case got == g.n || one && got == 1:
		case one:
			c.bad(path+".by-day."+name, "has %d %s; want %d, one for each interval, or 1", got, what, g.n)
			return nil
		default:
			c.bad(path+".by-day."+name, "has %d %s; want %d, one for each interval", got, what, g.n)
			return nil
		}
	}
	has := false
	byDay(m, func(day int, x *L) {
		if week[day] = list(x); len(week[day]) == 1 {
			week[day] = slices.Repeat(week[day], g.n)
		}
		has = has || day == holiday
	})
	return func(i int) []T { return week[c.dayType(i, has)] }
}
