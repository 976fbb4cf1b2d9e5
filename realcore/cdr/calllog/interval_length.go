package calllog

import (
	"fmt"
	"slices"
	"time"
)

// spacing orders the intervals, settles their length and finds gaps.
func (c *intervalReader) spacing() error {
	slices.SortStableFunc(c.list, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	if c.daily {
		c.sum.Length = 24 * time.Hour
		for i := range c.list {
			v := &c.list[i]
			v.Length = v.Start.AddDate(0, 0, 1).Sub(v.Start)
		}
		return nil
	}
	c.sum.Length = c.usual()
	last := map[string]int{} // by queue, index in list
	var bad faults
	for i := range c.list {
		v := &c.list[i]
		if v.Length == 0 {
			v.Length = c.sum.Length
		}
		j, ok := last[v.Queue]
		last[v.Queue] = i
		if !ok {
			continue
		}
		w := &c.list[j]
		end := w.Start.Add(w.Length)
		switch {
		case v.Start.Before(end):
			e := &Error{File: c.f.opt.Name, Row: v.Row, Line: v.Row, Want: fmt.Sprintf("the interval begins %v after the one of row %d, which is %v long; want one length in a file, without overlap",
				v.Start.Sub(w.Start), w.Row, w.Length)}
			if !bad.add(e) {
				return bad.err()
			}
		case v.Start.After(end) && sameDay(v.Start, w.Start):
			if c.sum.NumGaps++; c.sum.NumGaps <= maxGaps {
				c.sum.Gaps = append(c.sum.Gaps, Gap{v.Queue, end, v.Start})
			}
		}
	}
	if c.sum.Length == 0 && len(c.list) > 0 {
		c.sum.Notes = append(c.sum.Notes, "the length of the intervals is unknown: give it")
	}
	if c.sum.NumGaps > 0 {
		c.sum.Notes = append(c.sum.Notes, fmt.Sprintf("%d gaps within days", c.sum.NumGaps))
	}
	if c.sum.Odd > 0 {
		c.sum.Notes = append(c.sum.Notes, fmt.Sprintf("%d intervals with more answered and abandoned than offered", c.sum.Odd))
	}
	return bad.err()
}

func sameDay(a, b time.Time) bool { return a.YearDay() == b.YearDay() && a.Year() == b.Year() }

// usual returns the length given, or the slot's, or the ranges' own, or the
// commonest distance between a queue's starts, the shortest of equals.
func (c *intervalReader) usual() time.Duration {
	if c.slot > 0 {
		return c.slot
	}
	if c.f.opt.Length > 0 {
		return c.f.opt.Length
	}
	if c.lengths {
		return c.list[0].Length
	}
	last := map[string]time.Time{}
	times := map[time.Duration]int{}
	best := time.Duration(0)
	for i := range c.list {
		v := &c.list[i]
		if t, ok := last[v.Queue]; ok {
			d := v.Start.Sub(t)
			times[d]++
			if n := times[d]; n > times[best] || n == times[best] && d < best {
				best = d
			}
		}
		last[v.Queue] = v.Start
	}
	return best
}
