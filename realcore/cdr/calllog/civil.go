package calllog

import (
	"strings"
	"time"
)

// civil is a date, a time of day, or both, as written: no zone yet.
type civil struct {
	y, m, d int
	sec     int64 // since midnight by the clock on the wall; may pass 24 h
	ns      int64
	date    bool
	clock   bool
	zoned   bool // an offset was written
	offset  int  // seconds east of UTC
}

// dateOrder says how 05/04/2026 is to be read.
type dateOrder uint8

const (
	unknownOrder dateOrder = iota
	dayFirst
	monthFirst
)

// cursor reads a string from the left.
type cursor struct {
	s string
}

func (c *cursor) digits() (n, width int) {
	for width < len(c.s) && width < 18 && c.s[width] >= '0' && c.s[width] <= '9' {
		n = n*10 + int(c.s[width]-'0')
		width++
	}
	c.s = c.s[width:]
	return n, width
}

func (c *cursor) take(p string) bool {
	rest, ok := strings.CutPrefix(c.s, p)
	if ok {
		c.s = rest
	}
	return ok
}

func (c *cursor) spaces() {
	for c.take(" ") || c.take("\u3000") {
	}
}

// parseCivil reads dates (2026-11-25, 2026/11/25, 2026年11月25日, 20261125,
// 25.11.2026 by order), times of day (13:05, 13:05:09.25, 1:05 PM, 13時05分,
// 午後1時5分, hours up to 47 for the small hours of the next day), both together
// and with an offset (Z, +09:00). needsOrder says that a date was read whose
// day and month only order tells apart.
func parseCivil(s string, order dateOrder) (v civil, needsOrder, ok bool) {
	c := cursor{fold(s)}
	mark := c.s
	n, w := c.digits()
	switch {
	case w == 0:
	case w == 8, w == 12, w == 14:
		if w > 8 && c.s != "" {
			return v, false, false
		}
		v.compact(mark[:w])
	case c.take("年"):
		ok := v.rest(&c, n, "月")
		if c.take("日"); !ok || w != 4 {
			return v, false, false
		}
	case strings.HasPrefix(c.s, "-"), strings.HasPrefix(c.s, "/"), strings.HasPrefix(c.s, "."):
		sep := c.s[:1]
		c.s = c.s[1:]
		if w == 4 {
			if !v.rest(&c, n, sep) {
				return v, false, false
			}
			break
		}
		b, w2 := c.digits()
		if w > 2 || w2 == 0 || w2 > 2 || !c.take(sep) {
			return v, false, false
		}
		y, w4 := c.digits()
		if w4 != 4 {
			return v, false, false
		}
		v.y, v.m, v.d, v.date = y, n, b, true
		switch {
		case n > 12, sep == "." || b <= 12 && order == dayFirst: // points are the continent's
			v.m, v.d = b, n
		case b <= 12 && order == unknownOrder && n != b:
			needsOrder = true
		}
	default:
		c.s = mark
	}
	if v.date {
		if v.m < 1 || v.m > 12 || v.d < 1 || v.d > daysIn(v.y, v.m) || v.y < 1900 || v.y > 2200 {
			return v, false, false
		}
		c.weekday()
		if !v.clock {
			c.spaces()
			if (c.take("T") || c.take("t")) && c.s == "" {
				return v, false, false
			}
		}
	}
	if c.s == "" {
		return v, needsOrder, v.date || v.clock
	}
	if v.clock || !v.time(&c) {
		return v, needsOrder, false
	}
	return v, needsOrder, c.s == ""
}

// compact reads YYYYMMDD, with HHMM or HHMMSS behind it.
func (v *civil) compact(s string) {
	num := func(a, b int) int {
		n := 0
		for _, c := range []byte(s[a:b]) {
			n = n*10 + int(c-'0')
		}
		return n
	}
	v.y, v.m, v.d, v.date = num(0, 4), num(4, 6), num(6, 8), true
	if len(s) > 8 {
		v.sec, v.clock = int64(num(8, 10)*3600+num(10, 12)*60), true
		if len(s) == 14 {
			v.sec += int64(num(12, 14))
		}
	}
}

// rest reads month and day after the year.
func (v *civil) rest(c *cursor, y int, sep string) bool {
	m, w := c.digits()
	if w == 0 || w > 2 || !c.take(sep) {
		return false
	}
	d, w2 := c.digits()
	v.y, v.m, v.d, v.date = y, m, d, true
	return w2 > 0 && w2 <= 2
}

// weekday skips "(水)" or "(Wed)" after a date.
func (c *cursor) weekday() {
	c.spaces()
	if strings.HasPrefix(c.s, "(") {
		if i := strings.IndexByte(c.s, ')'); i > 0 && i < 12 {
			c.s = c.s[i+1:]
		}
	}
}

func (v *civil) time(c *cursor) bool {
	c.spaces()
	half := ""
	if c.take("午前") {
		half = "am"
	} else if c.take("午後") {
		half = "pm"
	}
	h, w := c.digits()
	if w == 0 || w > 2 {
		return false
	}
	colon := c.take(":")
	if !colon && !c.take("時") {
		return false
	}
	m, w := c.digits()
	if colon && w != 2 || m > 59 {
		return false
	}
	s := 0
	if colon && c.take(":") || !colon && c.take("分") {
		s, w = c.digits()
		if colon && w != 2 || s > 59 {
			return false
		}
		if !colon {
			c.take("秒")
		}
		if c.take(".") && !v.fractionOf(c) {
			return false
		}
	}
	c.spaces()
	if len(c.s) >= 2 && half == "" {
		if p := strings.ToLower(c.s[:2]); p == "am" || p == "pm" {
			half, c.s = p, c.s[2:]
		}
	}
	if half != "" {
		if h > 12 {
			return false
		}
		if h %= 12; half == "pm" {
			h += 12
		}
	}
	v.sec, v.clock = int64(h*3600+m*60+s), true
	return h < 48 && v.zone(c)
}

func (v *civil) fractionOf(c *cursor) bool {
	n, w := c.digits()
	if w == 0 || w > 9 {
		return false
	}
	for ; w < 9; w++ {
		n *= 10
	}
	v.ns = int64(n)
	return true
}

func (v *civil) zone(c *cursor) bool {
	if c.s == "" {
		return true
	}
	if c.take("Z") || c.take("z") || c.take("UTC") {
		v.zoned = true
		return true
	}
	sign := 1
	if c.take("-") {
		sign = -1
	} else if !c.take("+") {
		return false
	}
	n, w := c.digits()
	m := 0
	if w == 4 {
		n, m = n/100, n%100
	} else if w == 2 {
		c.take(":")
		m, _ = c.digits()
	} else {
		return false
	}
	v.zoned, v.offset = true, sign*(n*3600+m*60)
	return n < 16 && m < 60
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// quirk is what a change of the clocks does to a time of day.
type quirk uint8

const (
	plain    quirk = iota
	skipped        // the clock never showed it
	repeated       // the clock showed it twice
)

// clockwork turns civil times into instants of one zone. Most days are 24
// hours long: of those it remembers midnight.
type clockwork struct {
	loc     *time.Location
	y, m, d int
	unix    int64 // of that day's midnight
	even    bool  // the day has 24 hours
}

// at returns the instant of v. A repeated time of day is its first occurrence,
// and later the second; one that the clock skipped is moved on by what was
// skipped.
func (k *clockwork) at(v civil) (t, later time.Time, q quirk) {
	if v.zoned {
		u := time.Date(v.y, time.Month(v.m), v.d, 0, 0, int(v.sec), int(v.ns), time.UTC).Unix() - int64(v.offset)
		t = time.Unix(u, v.ns).In(k.loc)
		return t, t, plain
	}
	if v.sec >= 86400 {
		u := time.Date(v.y, time.Month(v.m), v.d+int(v.sec/86400), 0, 0, 0, 0, time.UTC)
		v.y, v.m, v.d = u.Year(), int(u.Month()), u.Day()
		v.sec %= 86400
	}
	if v.y != k.y || v.m != k.m || v.d != k.d {
		k.y, k.m, k.d = v.y, v.m, v.d
		t0 := time.Date(v.y, time.Month(v.m), v.d, 0, 0, 0, 0, k.loc)
		t1 := time.Date(v.y, time.Month(v.m), v.d+1, 0, 0, 0, 0, k.loc)
		k.unix, k.even = t0.Unix(), t1.Unix()-t0.Unix() == 86400
	}
	if k.even {
		t = time.Unix(k.unix+v.sec, v.ns).In(k.loc)
		return t, t, plain
	}
	wall := time.Date(v.y, time.Month(v.m), v.d, 0, 0, int(v.sec), 0, time.UTC).Unix()
	before, after := offsetAt(wall-86400, k.loc), offsetAt(wall+86400, k.loc)
	a, b := wall-before, wall-after
	aOK, bOK := offsetAt(a, k.loc) == before, offsetAt(b, k.loc) == after
	ta, tb := time.Unix(a, v.ns).In(k.loc), time.Unix(b, v.ns).In(k.loc)
	switch {
	case aOK && bOK && a != b:
		return ta, tb, repeated
	case aOK:
		return ta, ta, plain
	case bOK:
		return tb, tb, plain
	}
	return ta, ta, skipped
}

func offsetAt(unix int64, loc *time.Location) int64 {
	_, off := time.Unix(unix, 0).In(loc).Zone()
	return int64(off)
}

// Midnight returns the midnight that begins t's day in t's zone: the epoch that
// Records wants.
func Midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
