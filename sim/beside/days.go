package beside

import (
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim/output"
)

// Day is one day of a queue in a run of several. A run of one day has none: its
// day is the run.
type Day struct {
	Label    string  `json:"label"`
	Offered  Measure `json:"offered"`
	SL       Measure `json:"service_level"`
	SLDay    Measure `json:"service_level_day"` // prediction interval
	Abandon  Measure `json:"abandonment"`
	ASA      Measure `json:"asa"`
	Measured *Day    `json:"measured,omitempty"`
	First    int     `json:"first_interval"` // its intervals of the run
	Last     int     `json:"last_interval"`
}

// span is the intervals of one day: from, up to but without to.
type span struct{ from, to int }

// spans cuts the intervals into days; nil for a run of one day.
func (b *builder) spans() []span {
	if b.info.Day == nil {
		return nil
	}
	return daysOf(b.intervals, b.r.Config.Measure.Interval, b.info.Day)
}

// daysOf cuts n intervals of a length into days, by the day of their beginning.
func daysOf(n int, length time.Duration, day func(realcore.Instant) int) (list []span) {
	last := -1
	for i := range n {
		if d := day(realcore.Instant(i) * realcore.Instant(length)); d != last {
			list, last = append(list, span{i, i}), d
		}
		list[len(list)-1].to = i + 1
	}
	return list
}

// ByDay returns a measure's sums of a counted log, one pair a day: what the
// bridge takes as measured.
func ByDay(t *measure.Table, id measure.ID, queue int, day func(realcore.Instant) int) *output.Sums {
	s := &output.Sums{}
	for _, d := range daysOf(t.Intervals(), t.Config().Interval, day) {
		s.Add(over(measure.Find(id), t, queue, d))
	}
	return s
}

// sums returns a measure's sums over one day, replication by replication.
func (b *builder) sums(id measure.ID, q int, d span) *output.Sums {
	def, s := measure.Find(id), &output.Sums{}
	for _, t := range b.r.Tables {
		s.Add(over(def, t, q, d))
	}
	return s
}

// over adds a measure's numerators and denominators up over intervals.
func over(def *measure.Definition, t *measure.Table, q int, d span) (num, den float64) {
	for i := d.from; i < d.to && i < t.Intervals(); i++ {
		c := t.Cell(i, q, []realcore.GroupID{})
		n, m := def.Of(&c)
		num, den = num+n, den+m
	}
	if def.Unit == measure.Contacts {
		den = 1 // counts are over one, in every interval
	}
	return num, den
}

func (b *builder) days(q int, rule measure.ID) []Day {
	var list []Day
	for _, d := range b.spans() {
		get := func(id measure.ID) Measure { return Wrap(id, b.sums(id, q, d).Ratio(b.r.Config.Level)) }
		e, _ := b.sums(rule, q, d).Predict(b.r.Config.Level)
		list = append(list, Day{Label: b.label(float64(d.from) * b.length()), Offered: get("offered"), SL: get(rule), SLDay: Wrap(rule, e),
			Abandon: get("abandonment"), ASA: get("asa"), First: d.from, Last: d.to - 1})
	}
	return list
}

// meets returns how likely a day meets the queue's target. With one day a run
// it is the proportion of runs, with Wilson's interval; with several, days met
// over days that had contacts, whose interval is over the runs: the days of one
// run share their luck.
func (b *builder) meets(q int, rule measure.ID, target float64) output.Estimate {
	days := b.spans()
	if days == nil {
		return b.r.Meets(measure.Find(rule), q, target)
	}
	def, s := measure.Find(rule), &output.Sums{}
	for _, t := range b.r.Tables {
		met, all := 0.0, 0.0
		for _, d := range days {
			num, den := over(def, t, q, d)
			if den > 0 {
				all++
				if num/den >= target {
					met++
				}
			}
		}
		s.Add(met, all)
	}
	e := s.Ratio(b.r.Config.Level)
	if n := len(s.Num); e.Value == 0 || e.Value == 1 {
		// No run differs from another: the days say no more than as many as there are runs.
		return output.Wilson(int(e.Value)*n, n, b.r.Config.Level)
	}
	return e
}
