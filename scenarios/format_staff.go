package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"callwright/yamlfile"
)

// Staff is how many agents there are: one number, a list by interval for a day
// or for the whole run, or shifts.
type Staff struct {
	Always int
	Plan   StaffPlan
}

// StaffPlan is a mapping of a group's agents.
type StaffPlan struct {
	Every  time.Duration `key:"every" doc:"Length of the list's intervals; default that of the file."`
	Count  []int         `key:"count" max:"100000" doc:"Agents in each interval, of a day or of the whole run."`
	ByDay  Map[Counts]   `key:"by-day" doc:"Lists by day of the week: {mon-fri: [4, 6], sat: 2}."`
	CSV    *CSV          `key:"csv" doc:"Agents in each interval, from a file."`
	Shifts []Shift       `key:"shifts" doc:"Instead of counts."`
}

func (s *Staff) read(d *decoder, t *tree, path string) {
	switch t.Kind {
	case yamlfile.Scalar:
		s.Always = d.whole(t, path, 0, 100_000)
	case yamlfile.List:
		d.Value(valueOf(&s.Plan.Count), t, path, `max:"100000"`)
	default:
		d.Structure(valueOf(&s.Plan), t, path)
		p := &s.Plan
		if n := count(p.Count != nil, p.ByDay.Names != nil, p.CSV != nil, p.Shifts != nil); n != 1 {
			d.Add(t.At, path, "has %d ways to count; want one of count, by-day, csv, shifts", n)
		}
		checkDays(d, &p.ByDay, path+".by-day")
	}
}

// Counts are agents by interval of a day; one number holds all day.
type Counts struct{ List []int }

func (c *Counts) read(d *decoder, t *tree, path string) {
	d.Value(valueOf(&c.List), t, path, `one:"yes" max:"100000"`)
}

// Shift is agents who come and go together.
type Shift struct {
	Agents int     `key:"agents" max:"100000"`
	Hours  Hours   `key:"hours"`
	Days   DaySet  `key:"days" doc:"mon-fri, or [mon, wed, holiday]; default every day. On holidays only shifts work that say holiday, or have no days."`
	Breaks []Break `key:"breaks"`
}

// Break is a stretch of a shift off the phone.
type Break struct {
	At     Clock         `key:"at"`
	For    time.Duration `key:"for"`
	Reason string        `key:"reason" doc:"Default break."`
}

// DaySet is days of the week.
type DaySet struct {
	Days [8]bool
	Set  bool
}

func (s *DaySet) read(d *decoder, t *tree, path string) {
	items := t.Items
	if t.Kind != yamlfile.List {
		items = []*tree{t}
	}
	s.Set = true
	for _, item := range items {
		days, ok := parseDays(item.Text)
		if !ok || item.Kind != yamlfile.Scalar {
			d.Wrong(item, path, "days: "+daysWanted)
		}
		for i, on := range days {
			s.Days[i] = s.Days[i] || on
		}
	}
}

// Volume is calls by interval.
type Volume struct {
	Every time.Duration `key:"every" doc:"Length of the list's intervals; default that of the file."`
	Calls []float64     `key:"calls" doc:"Expected calls in each interval, of a day or of the whole run."`
	Total *float64      `key:"total" doc:"Or: calls a day,"`
	Shape []float64     `key:"shape" doc:"spread over its intervals in these proportions; default evenly."`
	ByDay Map[Volumes]  `key:"by-day" doc:"Or lists by day of the week."`
	CSV   *CSV          `key:"csv" doc:"Or calls in each interval, from a file."`
}

// Volumes are calls by interval of a day.
type Volumes struct{ List []float64 }

func (v *Volumes) read(d *decoder, t *tree, path string) {
	d.Value(valueOf(&v.List), t, path, "")
}

func (v *Volume) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.List {
		d.Value(valueOf(&v.Calls), t, path, "")
		return
	}
	if t.Kind == yamlfile.Scalar { // a total
		x := d.number(t, path, 0, 1e12)
		v.Total = &x
		return
	}
	type plain Volume
	d.Structure(valueOf((*plain)(v)), t, path)
	if n := count(v.Calls != nil, v.Total != nil, v.ByDay.Names != nil, v.CSV != nil); n != 1 {
		d.Add(t.At, path, "has %d ways to count; want one of calls, total, by-day, csv", n)
	}
	checkDays(d, &v.ByDay, path+".by-day")
}

// Rate is calls a unit of time, as a text: 20/min.
type Rate struct {
	Per    string        `key:"per" of:"s,min,h,day" doc:"Unit of time of the values; default h."`
	Every  time.Duration `key:"every" doc:"Length of the values' intervals; default that of the file."`
	Values []float64     `key:"values" one:"yes" doc:"In each interval, of a day or of the whole run; one value holds all day."`
	Linear bool          `key:"linear" doc:"Straight lines between the values, one more than there are intervals, instead of steps."`
}

var units = []string{"s", "min", "h", "day"}

// perSec returns a rate's factor to calls a second.
func (r *Rate) perSec() float64 {
	switch r.Per {
	case "s":
		return 1
	case "min":
		return 1.0 / 60
	case "day":
		return 1.0 / 86400
	}
	return 1.0 / 3600
}

func (r *Rate) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Mapping {
		type plain Rate
		d.Structure(valueOf((*plain)(r)), t, path)
		if len(r.Values) == 0 {
			d.Add(t.At, path, "has no values; want at least one")
		}
		return
	}
	num, per, ok := strings.Cut(t.Text, "/")
	if t.Kind != yamlfile.Scalar || !ok || !slices.Contains(units, per) {
		d.Wrong(t, path, "a rate, as 20/min (s, min, h, day)")
		return
	}
	r.Per = per
	r.Values = []float64{d.number(&tree{At: t.At, Text: num}, path, 0, 1e12)}
}

// Trace is arrival times since the run began.
type Trace struct {
	At  []time.Duration
	CSV *CSV
}

func (x *Trace) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.List {
		for i, item := range t.Items {
			x.At = append(x.At, d.length(item, fmt.Sprintf("%s[%d]", path, i)))
		}
		if !slices.IsSorted(x.At) {
			d.Add(t.At, path, "goes back in time; want times that do not fall")
		}
		return
	}
	x.CSV = &CSV{}
	d.Places[path] = t.At
	x.CSV.read(d, t, path)
}
