package beside

import (
	"fmt"
	"math"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/sim"
	"callwright/sim/output"
)

// Judgement is a measured value beside what the simulation predicted for a run
// of the same length. A measured run is one run, so it is judged by the
// prediction interval: a confidence interval says where the mean lies, which no
// single day has to hit.
type Judgement struct {
	Definition measure.ID `json:"definition"`
	Predicted  Measure    `json:"predicted"` // mean of the replications' values, prediction interval
	Level      float64    `json:"level"`     // of that interval: lower than asked for with few replications, a little higher with others
	Measured   *float64   `json:"measured"`
	Inside     *bool      `json:"inside"` // null where either is undefined
}

// judged are the measures that a call log can tell.
var judged = []measure.ID{"offered", "abandonment", "wait_all", "asa", "sl_offered", "sl_answered", "sl_exclude_within", "sl_count_within", "aht"}

// AddMeasured sets what a log says beside the simulation's result, which the
// study was built from. measured counts the log by the same plan and the same
// measure.Config as the simulation, over the same stretch of time. Of a run of
// several days those are judged on which the log has contacts.
func (s *Study) AddMeasured(r *sim.Result, measured *measure.Table) {
	cover := s.covered(measured)
	s.Judged = judge(r, measured, measure.All, cover)
	for q := range s.Queues {
		out := &s.Queues[q]
		out.Judged = judge(r, measured, q, cover)
		for i := range out.Days {
			out.Days[i].Measured = measuredDay(&out.Days[i], measured, q, out.Rule)
		}
		for i := range out.Rows {
			if i < measured.Intervals() {
				out.Rows[i].Measured = measuredRow(&out.Rows[i], measured, q, i, out.Rule)
			}
		}
	}
	if n := s.days(); len(cover) < n {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the log has contacts on %d of the %d days simulated: these are judged; the bridge is about all", len(cover), n))
	}
}

func (s *Study) days() int {
	if len(s.Queues) == 0 {
		return 0
	}
	return len(s.Queues[0].Days)
}

// covered returns the days on which a log has contacts, of those on which the
// simulation had any; the whole run if it is one day.
func (s *Study) covered(measured *measure.Table) []span {
	n := s.days()
	if n == 0 {
		return []span{{0, math.MaxInt32}}
	}
	var list []span
	for i := range n {
		d := span{s.Queues[0].Days[i].First, s.Queues[0].Days[i].Last + 1}
		if got, _ := over(measure.Find("offered"), measured, measure.All, d); got > 0 || s.quiet(i) {
			list = append(list, d)
		}
	}
	return list
}

// quiet reports whether a day had next to no contacts in the simulation either.
func (s *Study) quiet(day int) bool {
	sum := 0.0
	for q := range s.Queues {
		if v := s.Queues[q].Days[day].Offered.Value; v != nil {
			sum += *v
		}
	}
	return sum < 1
}

func measuredDay(d *Day, t *measure.Table, q int, rule measure.ID) *Day {
	get := func(id measure.ID) Measure {
		m := Measure{Definition: id, Kind: string(output.None)}
		if num, den := over(measure.Find(id), t, q, span{d.First, d.Last + 1}); den > 0 {
			v := num / den
			m.Value = &v
		}
		return m
	}
	return &Day{Label: d.Label, First: d.First, Last: d.Last, Offered: get("offered"), SL: get(rule), SLDay: Measure{Definition: rule, Kind: string(output.None)}, Abandon: get("abandonment"), ASA: get("asa")}
}

func measuredRow(row *Row, t *measure.Table, q, i int, rule measure.ID) *Row {
	c := t.Cell(i, q, []realcore.GroupID{})
	get := func(id measure.ID) Measure { return exactly(id, &c) }
	none := func(id measure.ID) Measure { return Measure{Definition: id, Kind: string(output.None)} }
	return &Row{Start: row.Start, Label: row.Label, ErlangC: none(rule), ErlangA: none(rule), AbandonA: none("abandonment"), Offered: get("offered"), AHT: get("aht"),
		SL: get(rule), SLDay: Measure{Definition: rule, Kind: string(output.None)}, Abandon: get("abandonment"), ASA: get("asa"),
		Occup: Measure{Definition: "occupancy", Kind: string(output.None)}}
}

// exactly is a measure as it was counted: no interval.
func exactly(id measure.ID, c *measure.Cell) Measure {
	m := Measure{Definition: id, Kind: string(output.None)}
	if v, ok := measure.Find(id).Value(c); ok {
		m.Value = &v
	}
	return m
}

func judge(r *sim.Result, t *measure.Table, queue int, cover []span) []Judgement {
	sums := func(id measure.ID, t *measure.Table) (num, den float64) {
		for _, d := range cover {
			n, m := over(measure.Find(id), t, queue, span{d.from, min(d.to, t.Intervals())})
			num, den = num+n, den+m
		}
		if measure.Find(id).Unit == measure.Contacts {
			den = 1
		}
		return num, den
	}
	var list []Judgement
	for _, id := range judged {
		if work, _ := sums("acw", t); id == "aht" && work == 0 {
			id = "att" // the log knows of no wrap-up, and the simulation may
		}
		all := &output.Sums{}
		for _, x := range r.Tables {
			all.Add(sums(id, x))
		}
		e, level := all.Predict(r.Config.Level)
		j := Judgement{Definition: id, Predicted: Wrap(id, e), Level: level}
		if num, den := sums(id, t); den > 0 {
			v := num / den
			j.Measured = &v
		}
		if j.Measured != nil && e.Kind == output.Prediction && !math.IsNaN(e.Low) {
			in := *j.Measured >= e.Low && *j.Measured <= e.High
			j.Inside = &in
		}
		list = append(list, j)
	}
	return list
}
