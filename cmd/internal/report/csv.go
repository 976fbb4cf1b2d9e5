package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"callwright/cmd/internal/page"
	"callwright/sim/beside"
)

var columns = []string{
	"queue", "start_s", "label", "rule", "awt_s", "target_fraction",
	"offered_contacts", "offered_low", "offered_high", "aht_s", "agents", "load_erlangs", "required_c_agents", "required_a_agents",
	"erlang_c_fraction", "erlang_a_fraction", "erlang_a_abandonment_fraction",
	"service_level_fraction", "service_level_low", "service_level_high", "service_level_day_low", "service_level_day_high",
	"abandonment_fraction", "abandonment_low", "abandonment_high", "asa_s", "asa_low_s", "asa_high_s",
	"occupancy_fraction", "occupancy_low", "occupancy_high",
	"measured_offered_contacts", "measured_aht_s", "measured_service_level_fraction", "measured_abandonment_fraction", "measured_asa_s",
}

// CSV writes one row a queue and interval, RFC 4180 with a head. Units are in
// the columns' names, fractions are in [0, 1], what is undefined is empty. A
// name or label that a spreadsheet would take for a formula gets an apostrophe
// before it.
func CSV(w io.Writer, s *beside.Study) error {
	c := csv.NewWriter(w)
	if err := c.Write(columns); err != nil {
		return err
	}
	for i := range s.Queues {
		q := &s.Queues[i]
		for k := range q.Rows {
			if err := c.Write(record(q, &q.Rows[k])); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

func record(q *beside.Queue, r *beside.Row) []string {
	target := math.NaN()
	if q.Target > 0 {
		target = q.Target
	}
	m := r.Measured
	if m == nil {
		m = &beside.Row{}
	}
	out := []string{Harmless(q.Name), page.Number(r.Start), Harmless(r.Label), string(q.Rule), page.Number(q.AWT), page.Number(target)}
	add := func(x ...*float64) {
		for _, v := range x {
			out = append(out, page.Number(defined(v)))
		}
	}
	add(r.Offered.Value, r.Offered.Low, r.Offered.High, r.AHT.Value, &r.Agents, &r.Load)
	out = append(out, agents(r.NeedC), agents(r.NeedA))
	add(r.ErlangC.Value, r.ErlangA.Value, r.AbandonA.Value,
		r.SL.Value, r.SL.Low, r.SL.High, r.SLDay.Low, r.SLDay.High,
		r.Abandon.Value, r.Abandon.Low, r.Abandon.High, r.ASA.Value, r.ASA.Low, r.ASA.High,
		r.Occup.Value, r.Occup.Low, r.Occup.High,
		m.Offered.Value, m.AHT.Value, m.SL.Value, m.Abandon.Value, m.ASA.Value)
	return out
}

func agents(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// Harmless returns a name that no spreadsheet takes for a formula: with an
// apostrophe before it if it would.
func Harmless(s string) string { return page.Harmless(s) }
