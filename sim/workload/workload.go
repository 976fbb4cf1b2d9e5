// Package workload holds the two centres that the simulator's speed is
// measured on and its results are checked with: W1, one queue with impatient
// callers, whose exact answers Erlang A gives, and W2, ten kinds of calls over
// twenty groups of agents. sim's tests and cmd/callwright-bench use it.
package workload

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// RingTime is the no-answer timer armed on every offer of the workloads.
const RingTime = 15 * time.Second

// W1 is M/M/n+M: 20 calls a minute, handle time exponential with mean 5 min
// (100 erlangs), 100 agents, patience exponential with mean 2 min, one queue.
// It starts empty, stops after so many arrivals and drains.
func W1(calls int64) (*realcore.Plan, *traffic.Demand) {
	return MMn(100, 20.0/60, must(traffic.Exponential(300)), must(traffic.Exponential(120)), calls)
}

// MMn is one queue with n agents: Poisson arrivals at ratePerSec, any handle
// time and patience, no ring time, wrap-up inside the handle time.
func MMn(n int, ratePerSec float64, handle, patience traffic.Law, calls int64) (*realcore.Plan, *traffic.Demand) {
	p := &realcore.Plan{
		Name:    "one queue",
		Limits:  realcore.Limits{MaxContacts: 1 << 20},
		Entries: []realcore.Entry{{Name: "main", Trunk: realcore.None, Start: 0}},
		Nodes:   []realcore.Node{{Name: "start", Kind: realcore.QueueNode, Queue: 0}},
		Queues:  []realcore.Queue{{Name: "calls", Calendar: realcore.None, Classes: []realcore.ClassID{0}}},
		Classes: []realcore.Class{{Name: "calls", Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 0, Weight: 1}}}}}}},
		Groups:  []realcore.Group{{Name: "agents", Serves: []realcore.Serve{{Class: 0}}, RingTime: RingTime, Slots: [realcore.NumChannels]uint8{1}}},
	}
	d := &traffic.Demand{Calls: calls, End: realcore.Never}
	addAgents(p, d, 0, n)
	d.Sources = []traffic.Source{stream("calls", ratePerSec, 0, handle, patience)}
	return p, d
}

func addAgents(p *realcore.Plan, d *traffic.Demand, g realcore.GroupID, n int) {
	for i := range n {
		a := realcore.AgentID(len(p.Agents))
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprintf("%s-%d", p.Groups[g].Name, i+1), Group: g})
		d.Staff = append(d.Staff, traffic.Shift{Agent: a, To: realcore.Never})
	}
}

func stream(name string, ratePerSec float64, entry realcore.EntryID, handle, patience traffic.Law) traffic.Source {
	return traffic.Source{Name: name, Entry: entry, Outbound: realcore.None,
		Arrivals: traffic.Stream{Name: name, Rate: traffic.Constant(ratePerSec)},
		Callers:  []traffic.Callers{{Talk: handle, Patience: patience}}}
}

//go:embed w2.json
var w2json []byte

type w2 struct {
	Types []struct {
		PerMin float64 `json:"lambda_per_min"`
		AHT    float64 `json:"aht_min"`
		Pat    float64 `json:"patience_mean_min"`
		Groups []int   `json:"group_order"`
	} `json:"types"`
	Groups []struct {
		Agents int   `json:"agents"`
		Skills []int `json:"type_order"`
	} `json:"groups"`
}

// W2 is ten contact types over twenty groups of 50 agents, all exponential,
// 994 erlangs: an arriving call takes the first group of its order with a free
// agent, a freed agent the first queue of his group's order in which anybody
// waits.
func W2(calls int64) (*realcore.Plan, *traffic.Demand) {
	var m w2
	if err := json.Unmarshal(w2json, &m); err != nil {
		panic("workload: w2.json: " + err.Error())
	}
	p := &realcore.Plan{Name: "W2", Limits: realcore.Limits{MaxContacts: 1 << 20}}
	d := &traffic.Demand{Calls: calls, End: realcore.Never}
	for g := range m.Groups {
		grp := realcore.Group{Name: fmt.Sprintf("g%d", g), RingTime: RingTime, Slots: [realcore.NumChannels]uint8{1}}
		for rank, k := range m.Groups[g].Skills {
			grp.Serves = append(grp.Serves, realcore.Serve{Class: realcore.ClassID(k), Rank: int32(rank)})
		}
		p.Groups = append(p.Groups, grp)
		addAgents(p, d, realcore.GroupID(g), m.Groups[g].Agents)
	}
	for k := range m.Types {
		t := &m.Types[k]
		name := fmt.Sprintf("type%d", k)
		cl := realcore.Class{Name: name, Queue: realcore.QueueID(k), Pools: make([]realcore.Pool, 1)}
		for _, g := range t.Groups {
			cl.Pools[0].Ranks = append(cl.Pools[0].Ranks, []realcore.Share{{Group: realcore.GroupID(g), Weight: 1}})
		}
		p.Classes = append(p.Classes, cl)
		p.Queues = append(p.Queues, realcore.Queue{Name: name, Calendar: realcore.None, Classes: []realcore.ClassID{realcore.ClassID(k)}})
		p.Nodes = append(p.Nodes, realcore.Node{Name: name, Kind: realcore.QueueNode, Queue: realcore.QueueID(k)})
		p.Entries = append(p.Entries, realcore.Entry{Name: name, Trunk: realcore.None, Start: realcore.NodeID(k)})
		d.Sources = append(d.Sources, stream(name, t.PerMin/60, realcore.EntryID(k),
			must(traffic.Exponential(t.AHT*60)), must(traffic.Exponential(t.Pat*60))))
	}
	return p, d
}

func must(l traffic.Law, err error) traffic.Law {
	if err != nil {
		panic(err)
	}
	return l
}
