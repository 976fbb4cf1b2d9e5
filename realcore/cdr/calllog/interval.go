package calllog

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"time"
)

// Interval is one row of an interval report. What the file does not say is 0
// and not Known.
type Interval struct {
	Row      int // in the file
	Start    time.Time
	Length   time.Duration // 0: a lone interval whose length nobody said
	Queue    string
	Repeated bool // the second of two equal clock times when daylight saving ends

	Offered      float64 // forecasts have fractions; counts are whole
	Answered     float64
	Abandoned    float64
	AnsweredIn   float64 // answered within IntervalSummary.AWT
	ServiceLevel float64 // in [0, 1], by the report's own rule
	AHT          time.Duration
	Talk         time.Duration // means, like Hold and WrapUp
	Hold         time.Duration
	WrapUp       time.Duration

	known uint64
}

// Known reports whether the file says what role r stands for, or it follows
// from what the file says (AHT from its parts, offered from answered and
// abandoned).
func (v *Interval) Known(r Role) bool { return v.known>>r&1 == 1 }

func (v *Interval) know(r Role) { v.known |= 1 << r }

const (
	maxIntervals = 1 << 20 // held in memory at once
	maxGaps      = 100
)

// ReadIntervals reads an interval report. The intervals are in order of start,
// and of the file for equal starts.
//
// Starts without an offset are clock times of Options.Zone. A queue's start
// that stands twice is an error, except in the hour that comes twice when
// daylight saving ends: there the second is the later instant, and Repeated.
// Rows in the hour that daylight saving skips are ignored if they count
// nothing, and an error otherwise.
func ReadIntervals(r io.Reader, opt Options) ([]Interval, IntervalSummary, error) {
	f, err := Open(r, IntervalReport, opt)
	if err != nil {
		return nil, IntervalSummary{}, err
	}
	return f.Intervals()
}

// intervalReader is Intervals at work.
type intervalReader struct {
	f         *File
	sum       IntervalSummary
	list      []Interval
	seen      map[startKey]int // row of a queue's start
	queues    map[string]string
	slot      time.Duration
	thousands bool
	row       []string
	bad       []*Error
	daily     bool
	lengths   bool // rows say how long they are
}

type startKey struct {
	queue string
	unix  int64
}

// Intervals reads the file's intervals. See ReadIntervals.
func (f *File) Intervals() ([]Interval, IntervalSummary, error) {
	if f.mapping.Kind != IntervalReport {
		return nil, IntervalSummary{}, errors.New(f.opt.Name + ": opened as a call log, not as an interval report")
	}
	c := intervalReader{f: f, seen: map[startKey]int{}, queues: map[string]string{}, thousands: f.scan.sep != ';'}
	c.daily = !f.mapping.Has(RoleStart) && !f.mapping.Has(RoleSlot)
	if err := c.slots(); err != nil {
		return nil, c.sum, err
	}
	c.sum.AWT = f.awt()
	var bad faults
	err := f.each(&bad, func(row []string) bool {
		c.sum.Rows++
		v, use := c.read(row)
		for _, e := range c.bad {
			if !bad.add(e) {
				return false
			}
		}
		if !use || len(bad.list) > 0 {
			return true
		}
		if len(c.list) >= maxIntervals {
			return bad.add(f.scan.fault(0, fmt.Sprintf("more than %d intervals; split the file", maxIntervals))) && false
		}
		c.list = append(c.list, v)
		return true
	})
	if err == nil && c.sum.Rows == 0 {
		err = fmt.Errorf("%s: there is a header but there are no rows; want at least one row", f.opt.Name)
	}
	if err == nil {
		err = c.spacing()
	}
	c.sum.Used = len(c.list)
	c.sum.Encoding, c.sum.Separator, c.sum.Mapping, c.sum.Reasons = f.Encoding(), f.Separator(), f.mapping, f.reasons
	c.sum.Notes = append(f.notes, c.sum.Notes...)
	if err != nil {
		return nil, c.sum, err
	}
	return c.list, c.sum, nil
}

// slots settles how long a numbered slot is.
func (c *intervalReader) slots() error {
	f := c.f
	i, ok := f.mapping.Column(RoleSlot)
	if !ok {
		return nil
	}
	if c.slot = f.opt.Length; c.slot > 0 {
		return nil
	}
	most := 0.0
	for _, s := range f.sample.column(i) {
		if n, want := count(s, false); want == "" {
			most = max(most, n)
		}
	}
	if n := int(most); n < 1 || n > 86400 || 86400%n != 0 {
		return fmt.Errorf("%s: column %q: the highest slot at the beginning of the file is %v, which does not divide a day; want the interval length given",
			f.opt.Name, f.sample.Header[i], most)
	}
	c.slot = 24 * time.Hour / time.Duration(most)
	return nil
}

var (
	threshold = regexp.MustCompile(`[0-9]{1,4}`)
	target    = regexp.MustCompile(`[0-9.]+ ?%`)
)

// awt reads the threshold out of the header of the service level: "SL20",
// "20秒以内応答率". The target, such as the 80 of 80/20 or 80%, is not it.
func (f *File) awt() time.Duration {
	for _, r := range []Role{RoleServiceLevel, RoleAnsweredIn} {
		if i, ok := f.mapping.Column(r); ok {
			if m := threshold.FindAllString(target.ReplaceAllString(fold(f.sample.Header[i]), ""), -1); len(m) > 0 {
				d, _ := length(m[len(m)-1], time.Second)
				return d
			}
		}
	}
	return 0
}

func (c *intervalReader) fault(r Role, want string) {
	c.bad = append(c.bad, c.f.wrong(c.row, r, want))
}

func (c *intervalReader) read(row []string) (v Interval, use bool) {
	f := c.f
	c.row, c.bad = row, c.bad[:0]
	v.Row = f.scan.row
	if total(row[0]) || total(f.cell(row, RoleDate)) || total(f.cell(row, RoleStart)) {
		tally(&c.sum.Ignored, "row of totals", f.scan.row)
		return v, false
	}
	c.counts(&v)
	if q := f.cell(row, RoleQueue); q != "" {
		n, ok := c.queues[q]
		if !ok {
			n = strings.Clone(q)
			c.queues[n] = n
		}
		v.Queue = n
	}
	at, role, ok := c.start(&v)
	if !ok {
		return v, false
	}
	t, later, q := f.clock.at(at)
	v.Start = t
	key := startKey{v.Queue, t.Unix()}
	first, dup := c.seen[key]
	switch {
	case q == skipped && v.Offered == 0 && v.Answered == 0 && v.Abandoned == 0:
		tally(&c.sum.Ignored, "empty row in the hour that daylight saving skips", f.scan.row)
		return v, false
	case q == skipped:
		c.fault(role, fmt.Sprintf("daylight saving skips this time in %s; want calls at times that exist: is the zone right?", f.opt.Zone))
	case q == repeated && dup:
		v.Start, v.Repeated = later, true
		key.unix = later.Unix()
		first, dup = c.seen[key]
		c.sum.Repeated++
	}
	if dup {
		c.fault(role, fmt.Sprintf("this start stands in row %d already; want every start once a queue (if rows belong to several queues, name their column with queue=COLUMN)", first))
	} else if len(c.bad) == 0 {
		c.seen[key] = v.Row
	}
	return v, len(c.bad) == 0
}

// start reads when the interval begins, and from a range how long it is.
func (c *intervalReader) start(v *Interval) (at civil, role Role, ok bool) {
	f := c.f
	day, e := f.dayOf(c.row)
	if e != nil {
		c.bad = append(c.bad, e)
		return at, RoleDate, false
	}
	switch {
	case f.mapping.Has(RoleSlot) && !f.mapping.Has(RoleStart):
		n, want := count(f.cell(c.row, RoleSlot), false)
		if want != "" || n < 1 || n != math.Trunc(n) || time.Duration(n)*c.slot > 24*time.Hour {
			c.fault(RoleSlot, fmt.Sprintf("want a slot from 1 to %d (slots of %v; if they are shorter, give the interval length)", 24*time.Hour/c.slot, c.slot))
			return at, RoleSlot, false
		}
		day.sec = int64((time.Duration(n) - 1) * c.slot / time.Second)
		return day, RoleSlot, true
	case c.daily:
		return day, RoleDate, true
	}
	s := f.cell(c.row, RoleStart)
	to := ""
	if from, end, ok := splitRange(s); ok {
		s, to = from, end
	}
	at, want := f.civil(RoleStart, s)
	if want != "" {
		c.fault(RoleStart, want)
		return at, RoleStart, false
	}
	if !at.date {
		if !day.date {
			c.fault(RoleStart, "a time of day without a date; want date=COLUMN, or say which day it is")
			return at, RoleStart, false
		}
		at.y, at.m, at.d, at.date = day.y, day.m, day.d, true
	}
	if to != "" {
		end, _, _ := parseCivil(to, unknownOrder)
		d := end.sec - at.sec%86400
		if d <= 0 {
			d += 86400
		}
		v.Length = time.Duration(d) * time.Second
		if d%3600 == 3599 || d%60 == 59 { // 09:00:00-09:29:59
			v.Length += time.Second
		} else if d%900 == 840 { // 09:00-09:29
			v.Length += time.Minute
		}
		c.lengths = true
	}
	return at, RoleStart, true
}

// splitRange takes 09:00-09:30 apart. A date may stand before it; an offset
// from UTC is not an end.
func splitRange(s string) (from, to string, ok bool) {
	if len(s) > 64 {
		return "", "", false
	}
	s = fold(s)
	for _, sep := range []string{"~", "〜", "–", " - ", "-"} {
		i := strings.LastIndex(s, sep)
		if i <= 0 {
			continue
		}
		from, to = strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(sep):])
		a, _, aOK := parseCivil(from, unknownOrder)
		b, _, bOK := parseCivil(to, unknownOrder)
		if !aOK || !bOK || !a.clock || !b.clock || b.date {
			continue
		}
		if d := (b.sec - a.sec + 86400) % 86400; sep == "-" && a.date && (strings.Contains(s, "T") || d > 7200) {
			continue
		}
		return from, to, true
	}
	return "", "", false
}

func (c *intervalReader) counts(v *Interval) {
	c.count(RoleOfferedCount, &v.Offered, v, true)
	c.count(RoleAnsweredCount, &v.Answered, v, false)
	c.count(RoleAbandonedCount, &v.Abandoned, v, false)
	c.count(RoleAnsweredIn, &v.AnsweredIn, v, false)
	c.length(RoleAHT, &v.AHT, v)
	c.length(RoleMeanTalk, &v.Talk, v)
	c.length(RoleMeanHold, &v.Hold, v)
	c.length(RoleMeanWrapUp, &v.WrapUp, v)
	if s := c.f.cell(c.row, RoleServiceLevel); !absent(s) {
		x, want := fraction(s, c.f.formatOf(RoleServiceLevel).percent)
		if want != "" {
			c.fault(RoleServiceLevel, want)
		}
		v.ServiceLevel = x
		v.know(RoleServiceLevel)
	}
	if !c.f.mapping.Has(RoleOfferedCount) && v.Known(RoleAnsweredCount) && v.Known(RoleAbandonedCount) {
		v.Offered = v.Answered + v.Abandoned
		v.know(RoleOfferedCount)
	}
	if !v.Known(RoleAHT) && v.Known(RoleMeanTalk) && v.Known(RoleMeanWrapUp) {
		v.AHT = v.Talk + v.Hold + v.WrapUp
		v.know(RoleAHT)
	}
	if v.Known(RoleOfferedCount) && v.Answered+v.Abandoned > v.Offered {
		c.sum.Odd++
	}
}

func (c *intervalReader) count(r Role, x *float64, v *Interval, must bool) {
	if !c.f.mapping.Has(r) {
		return
	}
	s := c.f.cell(c.row, r)
	if absent(s) && !must {
		return
	}
	n, want := count(s, c.thousands)
	if want != "" {
		c.fault(r, want)
		return
	}
	*x = n
	v.know(r)
}

func (c *intervalReader) length(r Role, d *time.Duration, v *Interval) {
	s := c.f.cell(c.row, r)
	if absent(s) {
		return
	}
	x, err := length(s, c.f.formatOf(r).unit)
	switch {
	case err != nil:
		c.fault(r, lengthWant(err))
		return
	case x < 0:
		c.fault(r, wantLength)
		return
	}
	*d = x
	v.know(r)
}
