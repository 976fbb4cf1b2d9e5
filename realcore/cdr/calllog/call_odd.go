package calllog

import (
	"time"

	"callwright/realcore"
)

// check counts what looks wrong about a call that is used.
func (c *callReader) check(arrival, ivrEnd, queued, dequeued, answered, ended time.Time) {
	p, s, row := &c.call, &c.sum, c.f.scan.row
	if c.wraps {
		s.suspect(MidnightWrap, row)
	}
	before := func(exit, entry time.Time) bool { return !exit.IsZero() && !entry.IsZero() && exit.Before(entry) }
	if before(ivrEnd, arrival) || before(dequeued, queued) || before(ended, answered) {
		s.suspect(ExitBeforeEntry, row)
	}
	if p.Outcome == realcore.Answered && p.Agent == "" && c.f.mapping.Has(RoleAgent) {
		s.suspect(BlankAgent, row)
	}
	if p.Outcome == realcore.Answered && p.Agent != "" && !answered.IsZero() {
		end := ended
		if end.IsZero() {
			end = answered.Add(p.Talk + p.Hold)
		}
		if c.overlaps(p.Agent, answered.UnixNano(), end.UnixNano()) {
			s.suspect(AgentOverlap, row)
		}
	}
	if p.At.Before(c.last) {
		s.suspect(OutOfOrder, row)
	}
	c.last = p.At
	if s.First.IsZero() || p.At.Before(s.First) {
		s.First = p.At
	}
	if p.At.After(s.Last) {
		s.Last = p.At
	}
}

// lastCalls is when an agent served the last few calls read. A log is in order
// of arrival, not of service, so one is not enough.
type lastCalls struct {
	from, to [32]int64
	n        int
}

// overlaps reports whether the agent served another of those calls during this
// one, and takes note of this one.
func (c *callReader) overlaps(agent string, from, to int64) (found bool) {
	l := c.busy[agent]
	if l == nil {
		if len(c.busy) >= maxNames {
			return false
		}
		l = &lastCalls{}
		c.busy[agent] = l
	}
	for i := range min(l.n, len(l.from)) {
		found = found || from < l.to[i] && l.from[i] < to
	}
	i := l.n % len(l.from)
	l.from[i], l.to[i] = from, to
	l.n++
	return found
}
