package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"callwright/yamlfile"
)

// Date is a day of the calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

func (x *Date) read(d *decoder, t *tree, path string) {
	at, err := time.Parse("2006-01-02", t.Text)
	if t.Kind != yamlfile.Scalar || err != nil || at.Year() < 1900 || at.Year() > 2200 {
		d.Wrong(t, path, "a date, as 2026-11-25")
		return
	}
	x.Year, x.Month, x.Day = at.Date()
}

// plus returns the date n days later.
func (x Date) plus(n int) Date {
	y, m, d := time.Date(x.Year, x.Month, x.Day+n, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, d}
}

func (x Date) weekday() time.Weekday {
	return time.Date(x.Year, x.Month, x.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// number counts days since 1970.
func (x Date) number() int64 {
	return time.Date(x.Year, x.Month, x.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// Clock is a time of day in seconds after midnight, up to 24:00.
type Clock int

var clockForm = regexp.MustCompile(`^([01][0-9]|2[0-4]):([0-5][0-9])(:([0-5][0-9]))?$`)

func parseClock(s string) (Clock, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	c := Clock(twoDigits(m[1])*3600 + twoDigits(m[2])*60 + twoDigits(m[4]))
	return c, c <= 24*3600
}

func twoDigits(s string) int {
	if s == "" {
		return 0
	}
	return int(s[0]-'0')*10 + int(s[1]-'0')
}

func (c *Clock) read(d *decoder, t *tree, path string) {
	x, ok := parseClock(t.Text)
	if t.Kind != yamlfile.Scalar || !ok {
		d.Wrong(t, path, "a time of day, as 09:30")
	}
	*c = x
}

// String prints 09:30.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/3600, int(c)/60%60) }

// Hours is a stretch of a day. One that ends no later than it begins ends on
// the next day: 22:00-08:00.
type Hours struct{ From, To Clock } // To may be up to 48 h

func parseHours(s string) (Hours, bool) {
	a, b, ok := strings.Cut(strings.ReplaceAll(s, " ", ""), "-")
	from, ok1 := parseClock(a)
	to, ok2 := parseClock(b)
	if from == 24*3600 {
		ok = false
	}
	if to <= from {
		to += 24 * 3600
	}
	return Hours{from, to}, ok && ok1 && ok2
}

func (h *Hours) read(d *decoder, t *tree, path string) {
	x, ok := parseHours(t.Text)
	if t.Kind != yamlfile.Scalar || !ok {
		d.Wrong(t, path, "hours, as 09:00-18:00; 22:00-08:00 ends on the next day")
	}
	*h = x
}

// Length is how long it is, on a day without a change of clocks.
func (h Hours) Length() time.Duration { return time.Duration(h.To-h.From) * time.Second }

// dayNames are the days as weeks name them, Sunday first as package time has it.
var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat", "holiday"}

const holiday = 7

// parseDays reads mon, mon-fri, fri-mon, holiday or daily.
func parseDays(s string) (set [8]bool, ok bool) {
	if s == "daily" {
		return [8]bool{true, true, true, true, true, true, true, false}, true
	}
	a, b, isRange := strings.Cut(s, "-")
	i, j := slices.Index(dayNames, a), slices.Index(dayNames, b)
	if !isRange {
		j = i
	}
	if i < 0 || j < 0 || isRange && (i == holiday || j == holiday) {
		return set, false
	}
	for ; ; i = (i + 1) % 7 {
		set[i] = true
		if i == j {
			return set, true
		}
	}
}

const daysWanted = "daily, mon, tue, wed, thu, fri, sat, sun, holiday or a range as mon-fri"

// byDay hands the items of a mapping by days to put, the most general first, so
// that sat: wins over mon-sat: and that over daily:.
func byDay[T any](m *Map[T], put func(day int, item *T)) {
	for size := 7; size > 0; size-- {
		for i, name := range m.Names {
			set, _ := parseDays(name)
			n := count(set[:]...)
			for day, on := range set {
				if on && n == size {
					put(day, m.Items[i])
				}
			}
		}
	}
}

// checkDays reports names of a mapping that are no days.
func checkDays[T any](d *decoder, m *Map[T], path string) {
	for _, name := range m.Names {
		if _, ok := parseDays(name); !ok {
			d.Add(d.Places[yamlfile.Join(path, name)], yamlfile.Join(path, name), "is no day; want %s", daysWanted)
		}
	}
}

// Week is opening hours by day of the week; days not named are closed, holidays
// too.
type Week struct{ Days [8][]Hours }

type openings struct{ list []Hours }

func (o *openings) read(d *decoder, t *tree, path string) {
	items := t.Items
	if t.Kind != yamlfile.List {
		items = []*tree{t}
	}
	if t.Kind == yamlfile.Scalar && t.Text == "closed" {
		return
	}
	for _, item := range items {
		var h Hours
		h.read(d, item, path)
		o.list = append(o.list, h)
	}
}

func (w *Week) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Mapping { // the same every day
		var o openings
		o.read(d, t, path)
		for i := range w.Days {
			w.Days[i] = o.list
		}
		return
	}
	var m Map[openings]
	m.Read(d.Decoder, t, path)
	checkDays(d, &m, path)
	byDay(&m, func(day int, o *openings) { w.Days[day] = o.list })
}

// HoursRef is a name of hours, or hours themselves, every day.
type HoursRef struct {
	Name string
	Week Week
}

func (r *HoursRef) read(d *decoder, t *tree, path string) {
	if h, ok := parseHours(t.Text); ok && t.Kind == yamlfile.Scalar {
		for i := range r.Week.Days {
			r.Week.Days[i] = []Hours{h}
		}
		return
	}
	r.Name, _ = d.Text(t, path)
}
