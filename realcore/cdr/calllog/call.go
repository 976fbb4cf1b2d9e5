package calllog

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"callwright/realcore"
)

// Call is one call of a log.
type Call struct {
	Row      int              // in the file, the header being row 1
	Outcome  realcore.Outcome // Answered, Abandoned, LeftInFlow, Blocked...
	At       time.Time        // arrival: entry to the voice menu, or to the queue if the log begins there
	Queued   time.Time        // queue entry; zero: never queued
	Wait     time.Duration    // in the queue, ringing included; 0 if never queued
	Ring     time.Duration
	Talk     time.Duration // holds excluded where the log tells them apart
	Hold     time.Duration
	WrapUp   time.Duration
	Queue    string
	Priority string
	Type     string
	Agent    string // "": nobody, or not written down

	ServiceStart time.Time // zero: unknown
	ServiceEnd   time.Time
}

// Offered reports whether the call reached a queue or an agent: what the
// measures call offered. A caller who hangs up in the voice menu is not.
func (c *Call) Offered() bool {
	switch c.Outcome {
	case realcore.Answered, realcore.Abandoned, realcore.Overflowed, realcore.CalledBack, realcore.Voicemailed, realcore.Disconnected:
		return true
	}
	return false
}

// Suspicion is something odd about a row that is used all the same.
type Suspicion uint8

// The suspicions.
const (
	NegativeLength  Suspicion = iota // a length below zero: computed from instants where possible, else 0
	MidnightWrap                     // a time of day before the one it follows by over 12 hours: moved to the next day
	ExitBeforeEntry                  // left the queue, the menu or the agent before coming
	LengthMismatch                   // the talk time is not end less start
	AgentOverlap                     // the agent was busy with one of the last 32 calls read of his at the same time
	BlankAgent                       // answered by nobody
	WaitUnknown                      // queued, but no way to tell for how long: 0
	OutOfOrder                       // arrived before the row above
	ClockSkipped                     // a time of day that daylight saving left out: moved on
	ClockRepeated                    // a time of day that came twice: taken as the first
	NumSuspicions
)

var suspicionNames = [...]string{"negative length", "midnight wrap repaired", "exit before entry", "talk time is not end less start", "agent busy with two calls",
	"answered, agent blank", "wait unknown", "arrived before the row above", "time skipped by daylight saving", "time repeated by daylight saving"}

// String describes the suspicion.
func (s Suspicion) String() string {
	if s < NumSuspicions {
		return suspicionNames[s]
	}
	return "?"
}

// Tally counts rows of one kind.
type Tally struct {
	What  string
	Rows  int
	First int // row where it was first seen
}

// Summary says what became of every row: Rows = Used + Ignored, if there was
// no error.
type Summary struct {
	Rows       int     // below the header
	Used       int     // calls handed over
	Ignored    []Tally // by reason, in the order seen
	Suspicious []Tally // used all the same; a row may be in several
	First      time.Time
	Last       time.Time // arrivals
	Encoding   string
	Separator  rune
	Mapping    Mapping
	Reasons    []Reason
	Notes      []string
	susp       [NumSuspicions]Tally
}

// Count returns how many rows are under a suspicion.
func (s *Summary) Count(k Suspicion) int { return s.susp[k].Rows }

func (s *Summary) suspect(k Suspicion, row int) {
	if t := &s.susp[k]; t.Rows == 0 {
		*t = Tally{k.String(), 1, row}
	} else {
		t.Rows++
	}
}

func tally(list *[]Tally, what string, row int) {
	for i := range *list {
		if t := &(*list)[i]; t.What == what {
			t.Rows++
			return
		}
	}
	*list = append(*list, Tally{what, 1, row})
}

func (s *Summary) close() {
	for _, t := range s.susp {
		if t.Rows > 0 {
			s.Suspicious = append(s.Suspicious, t)
		}
	}
}

// Read reads a call log and hands its calls to each, one at a time and in the
// order of the file; the Call is good until each returns. Once a fault has been
// found the rest is only checked, so an error means that each has not seen all.
// An error of each ends reading and is returned as it is.
func Read(r io.Reader, opt Options, each func(*Call) error) (Summary, error) {
	f, err := Open(r, CallLog, opt)
	if err != nil {
		return Summary{}, err
	}
	return f.Calls(each)
}

// callReader is Calls at work.
type callReader struct {
	f     *File
	sum   Summary
	call  Call
	last  time.Time
	busy  map[string]*lastCalls // of each agent
	names map[string]string
	bad   []*Error // of this row
	row   []string
	day   civil
	prev  int64 // the last time of day in this row, seconds since day's midnight
	wraps bool
}

const maxNames = 1 << 16 // distinct names remembered; more are still read

// Calls reads the file's calls. See Read.
func (f *File) Calls(each func(*Call) error) (Summary, error) {
	if f.mapping.Kind != CallLog {
		return Summary{}, errors.New(f.opt.Name + ": opened as an interval report, not as a call log")
	}
	c := callReader{f: f, busy: map[string]*lastCalls{}, names: map[string]string{}}
	var bad faults
	var stop error
	err := f.each(&bad, func(row []string) bool {
		c.sum.Rows++
		use := c.read(row)
		for _, e := range c.bad {
			if !bad.add(e) {
				return false
			}
		}
		if !use || len(bad.list) > 0 {
			return true
		}
		c.sum.Used++
		stop = each(&c.call)
		return stop == nil
	})
	if stop != nil {
		err = stop
	}
	if err == nil && c.sum.Rows == 0 {
		err = fmt.Errorf("%s: there is a header but there are no rows; want at least one row", f.opt.Name)
	}
	c.sum.close()
	c.sum.Encoding, c.sum.Separator, c.sum.Mapping, c.sum.Reasons, c.sum.Notes = f.Encoding(), f.Separator(), f.mapping, f.reasons, f.notes
	return c.sum, err
}

// total reports whether a cell begins a row of totals rather than a call.
func total(s string) bool {
	switch strings.ToLower(fold(s)) {
	case "total", "totals", "sum", "grand total", "subtotal", "average", "合計", "計", "総計", "小計", "平均", "全体":
		return true
	}
	return false
}

// read fills c.call from a row; use is false if it is no call or has faults.
func (c *callReader) read(row []string) (use bool) {
	f := c.f
	c.bad, c.row, c.prev, c.wraps = c.bad[:0], row, -1, false
	c.call = Call{Row: f.scan.row}
	if total(row[0]) || total(f.cell(row, RoleDate)) || total(f.cell(row, RoleArrival)) {
		tally(&c.sum.Ignored, "row of totals", f.scan.row)
		return false
	}
	fate, known := c.fate()
	if known && fate == ignore {
		tally(&c.sum.Ignored, "outcome "+short(f.cell(row, RoleOutcome)), f.scan.row)
		return false
	}
	var e *Error
	if c.day, e = f.dayOf(row); e != nil {
		c.bad = append(c.bad, e)
		return false
	}
	c.texts()
	arrival := c.instant(RoleArrival)
	ivrEnd := c.instant(RoleIVREnd)
	queued := c.instant(RoleQueued)
	dequeued := c.instant(RoleDequeued)
	answered := c.instant(RoleAnswered)
	ended := c.instant(RoleEnded)
	c.lengths(arrival, queued, dequeued, answered, ended, fate, known)
	if len(c.bad) > 0 {
		return false
	}
	c.arrive(arrival, queued, answered)
	if len(c.bad) > 0 {
		return false
	}
	c.check(arrival, ivrEnd, queued, dequeued, answered, ended)
	return true
}

// texts takes over names, interned: a Call must not keep its row alive.
func (c *callReader) texts() {
	c.call.Queue, c.call.Priority = c.name(RoleQueue), c.name(RolePriority)
	c.call.Type, c.call.Agent = c.name(RoleType), c.name(RoleAgent)
}

func (c *callReader) name(r Role) string {
	s := c.f.cell(c.row, r)
	if absent(s) {
		return ""
	}
	if n, ok := c.names[s]; ok {
		return n
	}
	s = strings.Clone(s)
	if len(c.names) < maxNames {
		c.names[s] = s
	}
	return s
}

// fate reads the outcome; known is false if the log has no word for it.
func (c *callReader) fate() (o realcore.Outcome, known bool) {
	if !c.f.mapping.Has(RoleOutcome) {
		return 0, false
	}
	w := c.f.cell(c.row, RoleOutcome)
	if o, ok := c.f.words[w]; ok {
		return o, true
	}
	if len(w) <= 64 {
		if o, ok := c.f.words[foldWord(w)]; ok {
			return o, true
		}
	}
	c.bad = append(c.bad, c.f.wrong(c.row, RoleOutcome, "not a known outcome; say what it means: one of "+strings.Join(fateNames(), ", ")))
	return 0, false
}

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
