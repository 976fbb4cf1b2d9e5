package workload

import (
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// MailOrder is a day of a mail-order centre, the one that `callwright demo`
// shows: orders and service from 09:00 to 19:00, two morning and evening
// peaks, 18 to 26 agents in two teams of which the service team helps out with
// orders after 20 s, phones that ring 4 s and are sometimes missed, and callers
// of whom 3 % hang up at once when they have to wait. The figures are invented.
func MailOrder() (*realcore.Plan, *traffic.Demand) {
	p := &realcore.Plan{
		Name: "mail-order day", Epoch: "2026-11-25T09:00:00+09:00", Zone: "Asia/Tokyo",
		Limits:  realcore.Limits{MaxContacts: 10_000},
		Trunks:  []realcore.Trunk{{Name: "lines", Lines: 60}},
		Entries: []realcore.Entry{{Name: "orders", Trunk: 0, Start: 0}, {Name: "service", Trunk: 0, Start: 1}},
		Nodes:   []realcore.Node{{Name: "orders", Kind: realcore.QueueNode, Queue: 0}, {Name: "service", Kind: realcore.QueueNode, Queue: 1}},
		Queues: []realcore.Queue{{Name: "orders", Calendar: realcore.None, Classes: []realcore.ClassID{0}},
			{Name: "service", Calendar: realcore.None, Classes: []realcore.ClassID{1}}},
		Classes: []realcore.Class{
			{Name: "orders", Queue: 0, Program: []realcore.Timed{{After: 20 * time.Second, Do: realcore.Treatment{Op: realcore.Widen}}},
				Pools: []realcore.Pool{{Ranks: ranks(0)}, {Ranks: ranks(0, 1)}}},
			{Name: "service", Queue: 1, Pools: []realcore.Pool{{Ranks: ranks(1)}}}},
	}
	for g, serves := range [][]realcore.Serve{{{Class: 0}}, {{Class: 1}, {Class: 0, Step: 1, Rank: 1}}} {
		p.Groups = append(p.Groups, realcore.Group{Name: []string{"order team", "service team"}[g], Serves: serves, RingTime: RingTime,
			RONAPenalty: time.Minute, WrapUp: true, WrapUpCap: 5 * time.Minute, Slots: [realcore.NumChannels]uint8{1}})
	}
	d := &traffic.Demand{End: 10 * hour}
	ring := must(traffic.Deterministic(4))
	d.Teams = []traffic.Team{{Ring: ring, Miss: 0.01}, {Ring: ring, Miss: 0.01}}
	// Agents by half hour; the last half hour's stay until the last caller is served.
	shift(p, d, 0, []int{11, 13, 14, 14, 13, 12, 11, 11, 12, 12, 12, 12, 12, 12, 12, 13, 14, 14, 13, 12})
	shift(p, d, 1, []int{7, 8, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7})
	d.Sources = []traffic.Source{
		mailOrderSource("orders", 0, []float64{70, 88, 100, 96, 86, 74, 66, 70, 78, 80, 78, 76, 76, 78, 82, 90, 98, 94, 84, 70}, 190, 0.8, 40),
		mailOrderSource("service", 1, []float64{34, 42, 46, 46, 44, 38, 36, 38, 40, 40, 40, 38, 38, 38, 40, 40, 40, 38, 34, 30}, 260, 1.1, 60),
	}
	return p, d
}

const (
	hour     = realcore.Instant(time.Hour)
	halfHour = hour / 2
)

// ranks gives each group a rank of its own, in order.
func ranks(groups ...realcore.GroupID) (r [][]realcore.Share) {
	for _, g := range groups {
		r = append(r, []realcore.Share{{Group: g, Weight: 1}})
	}
	return r
}

// shift puts as many agents of a group to work as counts says for each half
// hour: agent j is there while at least j are.
func shift(p *realcore.Plan, d *traffic.Demand, g realcore.GroupID, counts []int) {
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	first := len(p.Agents)
	crew := traffic.Demand{}
	addAgents(p, &crew, g, most)
	for j := range most {
		from := -1
		for i := 0; i <= len(counts); i++ {
			on := i < len(counts) && counts[i] > j
			switch {
			case on && from < 0:
				from = i
			case !on && from >= 0:
				to := realcore.Instant(i) * halfHour
				if i == len(counts) {
					to = realcore.Never
				}
				d.Staff = append(d.Staff, traffic.Shift{Agent: realcore.AgentID(first + j), From: realcore.Instant(from) * halfHour, To: to, Crew: true})
				from = -1
			}
		}
	}
}

func mailOrderSource(name string, entry realcore.EntryID, perHalfHour []float64, talk, cv, wrapUp float64) traffic.Source {
	starts, rates := make([]float64, len(perHalfHour)), make([]float64, len(perHalfHour))
	for i, n := range perHalfHour {
		starts[i], rates[i] = float64(i)*1800, n/1800
	}
	rate, err := traffic.Steps(starts, rates, float64(len(starts))*1800)
	if err != nil {
		panic(err)
	}
	patience := must(traffic.Balking(0.03, must(traffic.Exponential(150))))
	return traffic.Source{Name: name, Entry: entry, Outbound: realcore.None,
		Arrivals: traffic.Stream{Name: name, Rate: rate, Uncertainty: traffic.Uncertainty{DayCV: 0.08}},
		Callers:  []traffic.Callers{{Talk: must(traffic.Lognormal(talk, cv)), WrapUp: must(traffic.Exponential(wrapUp)), Patience: patience}}}
}
