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
// measure.Config as the simulation, over the same stretch of time.
func (s *Study) AddMeasured(r *sim.Result, measured *measure.Table) {
	s.Judged = judge(r, measured, measure.All)
	for q := range s.Queues {
		out := &s.Queues[q]
		out.Judged = judge(r, measured, q)
		for i := range out.Days {
			out.Days[i].Measured = measuredDay(&out.Days[i], measured, q, out.Rule)
		}
		s.Warnings = append(s.Warnings, silent(out)...)
		for i := range out.Rows {
			if i < measured.Intervals() {
				out.Rows[i].Measured = measuredRow(&out.Rows[i], measured, q, i, out.Rule)
			}
		}
	}
}

// silent warns of days on which the log has nothing of a queue that the
// simulation had calls for: sums over the run do not mean the same then.
func silent(q *Queue) []string {
	n, first := 0, ""
	for i := range q.Days {
		d := &q.Days[i]
		if v := d.Offered.Value; v != nil && *v >= 1 && (d.Measured.Offered.Value == nil || *d.Measured.Offered.Value == 0) {
			if n == 0 {
				first = d.Label
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("queue %s: the log has no contacts on %d of the days simulated (first %s): what is summed over all days is not the same stretch of time", q.Name, n, first)}
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

func judge(r *sim.Result, t *measure.Table, queue int) []Judgement {
	c := t.Cell(measure.All, queue, []realcore.GroupID{})
	var list []Judgement
	for _, id := range judged {
		e, level := r.Sums(measure.Find(id), measure.All, queue, nil).Predict(r.Config.Level)
		j := Judgement{Definition: id, Predicted: Wrap(id, e), Level: level, Measured: exactly(id, &c).Value}
		if j.Measured != nil && e.Kind == output.Prediction && !math.IsNaN(e.Low) {
			in := *j.Measured >= e.Low && *j.Measured <= e.High
			j.Inside = &in
		}
		list = append(list, j)
	}
	return list
}
