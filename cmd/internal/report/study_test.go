package report

import (
	"fmt"
	"math"

	"callwright/realcore/measure"
	"callwright/sim/beside"
)

func ptr[T any](x T) *T { return &x }

func m(id measure.ID, v, half float64) beside.Measure {
	if math.IsNaN(v) {
		return beside.Measure{Definition: id, Kind: "none"}
	}
	return beside.Measure{Definition: id, Value: &v, Low: ptr(v - half), High: ptr(v + half), Kind: "confidence"}
}

func formula(id measure.ID, v float64) beside.Measure {
	return beside.Measure{Definition: id, Value: &v, Kind: "none"}
}

// small is a hand-made study of one queue and four intervals: one ordinary, one
// in overload, one without calls, one measured.
func small() *beside.Study {
	nan := math.NaN()
	q := beside.Queue{Name: "sales", AWT: 20, Target: 0.8, Rule: "sl_offered",
		Meets: &beside.Measure{Definition: "sl_offered", Value: ptr(0.48), Low: ptr(0.41), High: ptr(0.55), Kind: "confidence"},
		Day: []beside.Measure{m("offered", 150.2, 1.5), m("sl_offered", 0.799, 0.008), m("abandonment", 0.041, 0.003),
			m("asa", 12.3, 0.6), m("aht", 300.4, 2.2), m("occupancy", 0.861, 0.004)}}
	run := func(id measure.ID, lo, hi float64) beside.Measure {
		return beside.Measure{Definition: id, Value: ptr((lo + hi) / 2), Low: &lo, High: &hi, Kind: "prediction"}
	}
	q.Run = []beside.Measure{run("offered", 120, 181), run("sl_offered", 0.71, 0.88), run("abandonment", 0.012, 0.075), run("asa", 9.9, 14.8)}
	row := func(label string, start, offered, agents, load, sl, ab, asa, occ float64) beside.Row {
		return beside.Row{Start: start, Label: label, Offered: m("offered", offered, 1), AHT: m("aht", 300, 3), Agents: agents, Load: load,
			SL: m("sl_offered", sl, 0.01), SLDay: beside.Measure{Definition: "sl_offered", Value: ptr(sl), Low: ptr(sl - 0.09), High: ptr(sl + 0.08), Kind: "prediction"},
			Abandon: m("abandonment", ab, 0.002), ASA: m("asa", asa, 0.7), Occup: m("occupancy", occ, 0.01)}
	}
	q.Rows = []beside.Row{
		row("09:00", 0, 60, 12, 10, 0.862, 0.021, 8.4, 0.83),
		row("09:30", 1800, 75.2, 12, 12.53, 0.702, 0.071, 21.6, 0.95),
		{Start: 3600, Label: "10:00", Offered: m("offered", 0, 0), AHT: m("aht", nan, 0), Agents: 2, SL: m("sl_offered", nan, 0),
			SLDay: m("sl_offered", nan, 0), Abandon: m("abandonment", nan, 0), ASA: m("asa", nan, 0), Occup: m("occupancy", 0, 0)},
		row("10:30", 5400, 15, 5, 2.5, 0.92, 0.01, 4.1, 0.52),
	}
	set := func(i int, c, a, ab float64, needC, needA int) {
		r := &q.Rows[i]
		r.ErlangC, r.ErlangA, r.AbandonA, r.NeedC, r.NeedA = formula("sl_offered", c), formula("sl_offered", a), formula("abandonment", ab), &needC, &needA
	}
	set(0, 0.8051, 0.871, 0.02, 12, 12)
	set(1, 0, 0.694, 0.075, 16, 13)
	set(3, 0.89, 0.93, 0.012, 5, 4)
	q.Rows[0].Measured = &beside.Row{Start: 0, Label: "09:00", Offered: m("offered", 58, 0), AHT: m("aht", 310, 0), SL: m("sl_offered", 0.845, 0), Abandon: m("abandonment", 0.034, 0), ASA: m("asa", 9.2, 0)}
	q.Waits = &beside.Waits{BinSec: 5, Answered: []int64{9000, 700, 500, 420, 300, 260, 200, 150, 90, 60, 30, 20, 12, 5, 2, 1}, Abandoned: []int64{40, 60, 70, 70, 60, 55, 50, 40, 30, 20, 10, 8, 4, 2, 1, 1}}
	judged := func(id measure.ID, v, lo, hi, was float64, in bool) beside.Judgement {
		return beside.Judgement{Definition: id, Predicted: beside.Measure{Definition: id, Value: &v, Low: &lo, High: &hi, Kind: "prediction"}, Level: 0.95, Measured: &was, Inside: &in}
	}
	q.Judged = []beside.Judgement{judged("sl_offered", 0.80, 0.71, 0.88, 0.845, true), judged("asa", 12.3, 9.9, 14.8, 9.2, false)}
	return &beside.Study{Version: 1, Scenario: "day.yaml", Title: map[string]string{"en": "Mail-order centre, Monday", "ja": "通販センター 月曜日"},
		Digest: "feed", Plan: "0123456789abcdef", Program: "callwright dev", Seed: 7, Reps: 200, Level: 0.95, Epoch: "2025-11-03T09:00:00", Zone: "Asia/Tokyo", IntervalSec: 1800,
		Queues: []beside.Queue{q},
		Groups: []beside.Group{{Name: "受注", Day: []beside.Measure{m("occupancy", 0.861, 0.004), m("occupancy_handling", 0.84, 0.004), m("utilisation", 0.71, 0.003)},
			Rows: []beside.Staff{{Start: 0, Agents: 12, Occupancy: m("occupancy", 0.83, 0.01)}, {Start: 1800, Agents: 12, Occupancy: m("occupancy", 0.95, 0.01)},
				{Start: 3600, Agents: 2, Occupancy: m("occupancy", 0, 0)}, {Start: 5400, Agents: 5, Occupancy: m("occupancy", 0.52, 0.01)}}}},
		Center: []beside.Measure{m("attempts", 152, 1.4), m("offered", 150.2, 1.5), m("sl_offered", 0.799, 0.008), m("callback_delay", nan, 0)},
		Bridge: []beside.Rung{
			{ID: "erlang_c", En: "Erlang C: nobody hangs up", Ja: "アーランC:誰も切断しない", Value: formula("sl_offered", 0.411), Change: m("sl_offered", 0, 0)},
			{ID: "erlang_a", En: "callers hang up", Ja: "放棄を考慮(アーランA)", Value: formula("sl_offered", 0.789), Change: beside.Measure{Definition: "sl_offered", Value: ptr(0.378), Kind: "none"}},
			{ID: "time_varying", En: "demand and staff change during the day", Ja: "時間変動(需要・配置)", Value: formula("sl_offered", 0.781), Change: m("sl_offered", -0.008, 0.006)},
			{ID: "patience", En: "patience as fitted, not exponential", Ja: "我慢時間の分布", Value: formula("sl_offered", 0.799), Change: m("sl_offered", 0.018, 0.002)},
			{ID: "measured", En: "unexplained", Ja: "説明できない差", Value: formula("sl_offered", 0.845), Change: m("sl_offered", 0.046, 0.05)},
		},
		Warnings:    []string{"queue sales: in 1 intervals (first 09:30) the load is at least the agents: Erlang C has no steady state there and says 0", "something only known in English"},
		Assumptions: []string{"patience: exponential, mean 120 s (unsourced)"},
	}
}

// many is a study of so many queues and intervals, without waits.
func many(queues, intervals int) *beside.Study {
	s := small()
	s.Queues, s.Bridge = nil, nil
	base := small().Queues[0]
	for i := range queues {
		q := base
		q.Name = fmt.Sprintf("queue %d", i)
		q.Waits, q.Rows, q.Days, q.Judged = nil, nil, nil, nil
		for k := range intervals {
			r := base.Rows[k%4]
			r.Start = 1800 * float64(k)
			r.Label = fmt.Sprintf("%02d:%02d", k/2%24, k%2*30)
			q.Rows = append(q.Rows, r)
		}
		s.Queues = append(s.Queues, q)
	}
	return s
}

// days is the small study as a run of two days, of which the first was measured.
func days() *beside.Study {
	s := small()
	day := func(label string, offered, sl float64) beside.Day {
		return beside.Day{Label: label, Offered: m("offered", offered, 1), SL: m("sl_offered", sl, 0.01), Abandon: m("abandonment", 0.04, 0.002), ASA: m("asa", 12, 0.7),
			SLDay: beside.Measure{Definition: "sl_offered", Value: ptr(sl), Low: ptr(sl - 0.09), High: ptr(sl + 0.08), Kind: "prediction"}}
	}
	s.Queues[0].Days = []beside.Day{day("11-03 09:00", 80.5, 0.81), day("11-04 09:00", 69.7, 0.78)}
	was := day("11-03 09:00", 83, 0.9)
	s.Queues[0].Days[0].Measured = &was
	return s
}
