package calllog

import (
	"time"

	"callwright/realcore"
)

// instant reads a time; zero if there is none. Times of day follow each other
// within a row: one that is over 12 hours before its predecessor is tomorrow's.
func (c *callReader) instant(r Role) time.Time {
	f := c.f
	s := f.cell(c.row, r)
	if absent(s) {
		return time.Time{}
	}
	v, want := f.civil(r, s)
	if want != "" {
		c.bad = append(c.bad, f.wrong(c.row, r, want))
		return time.Time{}
	}
	if f.formatOf(r).form == secondsForm && v.sec == 0 && v.ns == 0 && r != RoleArrival {
		return time.Time{}
	}
	if !v.date {
		if !c.day.date {
			c.bad = append(c.bad, f.wrong(c.row, r, "a time of day without a date; want date=COLUMN, or say which day it is"))
			return time.Time{}
		}
		v.y, v.m, v.d, v.date = c.day.y, c.day.m, c.day.d, true
		for v.sec < c.prev-12*3600 && v.sec < 2*86400 {
			v.sec += 86400
			c.wraps = true
		}
		c.prev = v.sec
	} else if !c.day.date {
		c.day, c.prev = v, v.sec
	}
	t, _, q := f.clock.at(v)
	switch q {
	case skipped:
		c.sum.suspect(ClockSkipped, f.scan.row)
	case repeated:
		c.sum.suspect(ClockRepeated, f.scan.row)
	}
	return t
}

func (f *File) formatOf(r Role) *format { return &f.formats[f.mapping.column[r]-1] }

// civil reads a time as the role's column writes it.
func (f *File) civil(r Role, s string) (v civil, want string) {
	g := f.formatOf(r)
	switch g.form {
	case secondsForm:
		n, err := number(fold(s))
		if err != nil || n < 0 || n >= 2*86400 {
			return v, "want seconds from midnight, 0 to 172799"
		}
		v.sec, v.clock = int64(n), true
		v.ns = int64((n - float64(v.sec)) * 1e9)
		return v, ""
	case hhmmForm:
		n, err := number(fold(s))
		if h, m := int(n)/100, int(n)%100; err == nil && n >= 0 && h < 48 && m < 60 {
			return civil{sec: int64(h*3600 + m*60), clock: true}, ""
		}
		return v, "want a clock time such as 0930"
	case epochForm, epochMSForm:
		n, err := number(fold(s))
		if g.form == epochMSForm {
			n /= 1000
		}
		if err != nil || n < 0 || n > 7e9 {
			return v, "want seconds since 1970"
		}
		u := time.Unix(int64(n), int64((n-float64(int64(n)))*1e9)).UTC()
		return civil{y: u.Year(), m: int(u.Month()), d: u.Day(), sec: int64(u.Hour()*3600 + u.Minute()*60 + u.Second()), ns: int64(u.Nanosecond()),
			date: true, clock: true, zoned: true}, ""
	}
	v, needs, ok := parseCivil(s, g.order)
	if needs {
		return v, "day and month cannot be told apart; want the date order dmy or mdy"
	}
	if !ok {
		return v, "want a time such as 2026-11-25T13:05:09, 2026/11/25 13:05:09 or 13:05:09"
	}
	return v, ""
}

// length reads a length of time; ok is false if there is none or it is below
// zero, which is counted.
func (c *callReader) length(r Role) (d time.Duration, ok bool) {
	if !c.f.mapping.Has(r) {
		return 0, false
	}
	s := c.f.cell(c.row, r)
	if absent(s) {
		return 0, false
	}
	d, err := length(s, c.f.formatOf(r).unit)
	if err != nil {
		c.bad = append(c.bad, c.f.wrong(c.row, r, lengthWant(err)))
		return 0, false
	}
	if d < 0 {
		c.sum.suspect(NegativeLength, c.f.scan.row)
		return 0, false
	}
	return d, true
}

// lengths reads the lengths, decides the outcome and fills in what follows.
func (c *callReader) lengths(arrival, queued, dequeued, answered, ended time.Time, fate realcore.Outcome, known bool) {
	p := &c.call
	c.length(RoleIVRTime) // only to notice what is wrong with it
	wait, hasWait := c.length(RoleWait)
	talk, hasTalk := c.length(RoleTalk)
	handle, hasHandle := c.length(RoleHandle)
	p.Ring, _ = c.length(RoleRing)
	p.Hold, _ = c.length(RoleHold)
	p.WrapUp, _ = c.length(RoleWrapUp)
	if !known {
		fate = realcore.Abandoned
		if !answered.IsZero() || talk > 0 || handle > 0 || p.Agent != "" {
			fate = realcore.Answered
		}
	}
	if fate == realcore.Abandoned && c.f.mapping.Has(RoleQueued) && queued.IsZero() && wait == 0 {
		fate = realcore.LeftInFlow
	}
	p.Outcome, p.Queued = fate, queued
	if fate == realcore.Answered {
		p.ServiceStart, p.ServiceEnd = answered, ended
		switch {
		case hasTalk:
			p.Talk = talk
		case hasHandle:
			p.Talk = max(0, handle-p.Hold-p.WrapUp)
		case !answered.IsZero() && !ended.IsZero():
			p.Talk = max(0, ended.Sub(answered)-p.Hold)
		}
		if hasTalk && !answered.IsZero() && !ended.IsZero() && ended.Sub(answered) != talk+p.Hold && ended.Sub(answered) != talk {
			c.sum.suspect(LengthMismatch, c.f.scan.row)
		}
	}
	if !p.Offered() {
		return
	}
	if hasWait {
		p.Wait = wait
		return
	}
	until := dequeued
	if until.IsZero() && fate == realcore.Answered {
		until = answered
	}
	if until.IsZero() && fate != realcore.Answered {
		until = ended
	}
	from := queued
	if !c.f.mapping.Has(RoleQueued) { // the log begins at the queue
		from = arrival
	}
	if !from.IsZero() && !until.IsZero() {
		p.Wait = max(0, until.Sub(from))
	} else if !c.f.mapping.Has(RoleQueued) || !queued.IsZero() {
		c.sum.suspect(WaitUnknown, c.f.scan.row)
	}
}

// arrive settles At and Queued.
func (c *callReader) arrive(arrival, queued, answered time.Time) {
	p := &c.call
	switch {
	case !arrival.IsZero():
		p.At = arrival
	case !queued.IsZero():
		p.At = queued
	case !answered.IsZero():
		p.At = answered.Add(-p.Wait)
	default:
		e := c.f.scan.fault(0, "the row has no time of arrival; want one, or leave the row out")
		c.bad = append(c.bad, e)
		return
	}
	if p.Queued.IsZero() && p.Offered() && !c.f.mapping.Has(RoleQueued) {
		p.Queued = p.At
	}
}
