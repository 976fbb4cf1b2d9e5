package coretest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"callwright/realcore"
	"callwright/realcore/routing"
)

// RandomPlan returns a small plan with a random choice of every feature:
// groups and their order of contacts, queues with tiers, agent orders, ranks,
// widening, reserves, preferred waits, overflow, limits, lines, flows.
func RandomPlan(r *rand.Rand) *realcore.Plan {
	p := &realcore.Plan{Name: "random", Limits: realcore.Limits{MaxContacts: int32(3 + r.IntN(40))}}
	p.Prompts = []realcore.Prompt{{Name: "hello", Length: 3 * time.Second}}
	p.Trunks = []realcore.Trunk{{Name: "in", Lines: int32(r.IntN(12))}, {Name: "vendor", Lines: int32(1 + r.IntN(2))}}
	p.Calendars = []realcore.Calendar{{Name: "day", Open: []realcore.Span{{From: sec(20), To: sec(200)}, {From: sec(260), To: sec(1 << 20)}}}}
	for g := range 1 + r.IntN(4) {
		p.Groups = append(p.Groups, randomGroup(r, g))
		for i := range 1 + r.IntN(3) {
			p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprintf("a%d-%d", g, i), Group: realcore.GroupID(g)})
		}
	}
	queues := 1 + r.IntN(3)
	for q := range queues {
		p.Queues = append(p.Queues, realcore.Queue{Name: fmt.Sprintf("q%d", q), Calendar: realcore.None})
		for tier := range 1 + r.IntN(2) {
			randomClass(r, p, realcore.QueueID(q), uint8(tier), queues)
		}
		randomLimits(r, &p.Queues[q], queues)
	}
	for g := range p.Groups {
		_ = Serve(p, realcore.GroupID(g), nil)
		rank := int32(0)
		for i := range p.Groups[g].Serves {
			if r.IntN(2) == 0 {
				rank++
			}
			p.Groups[g].Serves[i].Rank = rank
		}
	}
	randomFlow(r, p)
	return p
}

func sec(n int) realcore.Instant { return realcore.Instant(n) * realcore.Instant(time.Second) }

// span returns a random time below d, in nanoseconds, so that chance meetings
// of timers at one instant are rare.
func span(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }

func randomGroup(r *rand.Rand, n int) realcore.Group {
	g := realcore.Group{Name: fmt.Sprintf("g%d", n), Order: realcore.ContactOrder(r.IntN(int(realcore.NumContactOrders))),
		RingTime: 5*time.Second + span(r, 10*time.Second), WrapUp: r.IntN(2) == 0, Slots: [realcore.NumChannels]uint8{1}}
	if r.IntN(3) > 0 {
		g.RONAPenalty = time.Second + span(r, 20*time.Second)
	}
	if r.IntN(3) > 0 {
		g.RejectPenalty = time.Second + span(r, 20*time.Second)
	}
	if r.IntN(2) == 0 {
		g.WrapUpCap = time.Second + span(r, 10*time.Second)
	}
	return g
}

func randomClass(r *rand.Rand, p *realcore.Plan, q realcore.QueueID, tier uint8, queues int) {
	c := realcore.Class{Name: fmt.Sprintf("q%d/%d", q, tier), Queue: q, Tier: tier, Order: realcore.AgentOrder(r.IntN(int(realcore.NumAgentOrders)))}
	if r.IntN(2) == 0 {
		c.Credit = span(r, time.Minute)
	}
	if r.IntN(3) == 0 {
		c.Rate = int32(r.IntN(4000))
	}
	if r.IntN(3) == 0 {
		c.PreferredWait = time.Second + span(r, 20*time.Second)
	}
	if r.IntN(4) == 0 {
		c.Reserve = int32(r.IntN(2) + 1)
	}
	levels, weights := make([]routing.Level, len(p.Groups)), make([]int32, len(p.Groups))
	for g := range p.Groups {
		levels[g], weights[g] = routing.Level(r.IntN(4)), int32(1+r.IntN(5))
	}
	by := routing.GroupOrder(r.IntN(3))
	at := time.Duration(0)
	for min := routing.Level(1 + r.IntN(3)); min >= 1; min-- {
		if len(c.Pools) > 0 {
			at += time.Second + span(r, 10*time.Second)
			c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.Widen}})
		}
		c.Pools = append(c.Pools, routing.Ranks(by, levels, min, nil, weights))
	}
	at += time.Second + span(r, 30*time.Second)
	switch r.IntN(6) {
	case 0:
		c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.OfferRinging}})
		c.Repeat = 10*time.Second + span(r, 10*time.Second)
	case 1:
		c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.ToQueue, Queue: realcore.QueueID(r.IntN(queues)), KeepTime: r.IntN(2) == 0}})
	case 2:
		c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.ToTrunk, Trunk: 1}})
		c.Repeat = 10*time.Second + span(r, 10*time.Second)
	case 3:
		c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.ToVoicemail}})
	case 4:
		c.Program = append(c.Program, realcore.Timed{After: at, Do: realcore.Treatment{Op: realcore.Release}})
	}
	p.Queues[q].Classes = append(p.Queues[q].Classes, realcore.ClassID(len(p.Classes)))
	p.Classes = append(p.Classes, c)
}

func randomLimits(r *rand.Rand, q *realcore.Queue, queues int) {
	away := []realcore.Treatment{{Op: realcore.Release}, {Op: realcore.ToQueue, Queue: realcore.QueueID(r.IntN(queues))},
		{Op: realcore.ToVoicemail}, {Op: realcore.ToTrunk, Trunk: 1}}
	if r.IntN(3) == 0 {
		q.Calendar, q.OnClosed = 0, away[r.IntN(len(away))]
	}
	if r.IntN(3) == 0 {
		q.MaxLength, q.OnFull = int32(1+r.IntN(4)), away[r.IntN(len(away))]
	}
}

// randomFlow gives queue 0 a direct entry, and a menu with hours, a split, a
// callback and a voicemail behind it.
func randomFlow(r *rand.Rand, p *realcore.Plan) {
	last := realcore.QueueID(len(p.Queues) - 1)
	p.Nodes = []realcore.Node{
		{Name: "q0", Kind: realcore.QueueNode, Queue: 0},
		{Name: "menu", Kind: realcore.MenuNode, Prompt: 0, Else: 5, Timeout: 4 * time.Second, Tries: 2,
			Keys: []realcore.MenuKey{{Digit: '1', Next: 0}, {Digit: '2', Next: 2}, {Digit: '3', Next: 3}, {Digit: '4', Next: 4}}},
		{Name: "hours", Kind: realcore.HoursNode, Calendar: 0, Next: 6, Else: 5},
		{Name: "split", Kind: realcore.SplitNode, Keys: []realcore.MenuKey{{Next: 0, Weight: 2}, {Next: 6, Weight: 1}}},
		{Name: "callback", Kind: realcore.CallbackNode, Prompt: 0, Queue: last, Next: 6, Timeout: 4 * time.Second},
		{Name: "box", Kind: realcore.VoicemailNode, Queue: realcore.None},
		{Name: "qlast", Kind: realcore.QueueNode, Queue: last, Tier: uint8(len(p.Queues[last].Classes) - 1)},
		{Name: "divert", Kind: realcore.DivertNode, Trunk: 1, Else: 8},
		{Name: "bye", Kind: realcore.DisconnectNode},
	}
	trunk := realcore.TrunkID(r.IntN(2) - 1)
	p.Entries = []realcore.Entry{{Name: "direct", Trunk: trunk, Start: 0}, {Name: "menu", Trunk: 0, Start: 1},
		{Name: "last", Trunk: realcore.None, Start: 6}, {Name: "divert", Trunk: realcore.None, Start: 7}}
}

// Changed returns a plan that differs from p as a new day's might: orders,
// penalties and reserves drawn anew, an agent removed, a group's agent moved.
func Changed(r *rand.Rand, p *realcore.Plan) *realcore.Plan {
	n, err := realcore.ParsePlan(p.Bytes()) // a deep copy
	if err != nil {
		panic("coretest: " + err.Error())
	}
	for i := range n.Classes {
		n.Classes[i].Order = realcore.AgentOrder(r.IntN(int(realcore.NumAgentOrders)))
		n.Classes[i].Reserve = int32(r.IntN(2))
	}
	for i := range n.Groups {
		n.Groups[i].Order = realcore.ContactOrder(r.IntN(int(realcore.NumContactOrders)))
	}
	if len(n.Agents) > 1 && r.IntN(2) == 0 {
		n.Agents = n.Agents[:len(n.Agents)-1]
	}
	n.Agents[0].Group = realcore.GroupID(r.IntN(len(n.Groups)))
	return n
}
