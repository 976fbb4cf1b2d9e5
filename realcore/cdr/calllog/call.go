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
