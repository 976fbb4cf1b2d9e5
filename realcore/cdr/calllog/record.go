package calllog

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
)

// By says what makes the queues of the plan.
type By uint8

// The choices.
const (
	ByAny   By = iota // the queue column if the log has one, else the type, else one queue
	ByQueue           // the queue column
	ByType            // the type column
	ByNone            // one queue
)

// Limits of a log's names.
const (
	MaxQueues = 4096
	MaxAgents = 65536
	maxSpan   = 10 * 366 * 24 * time.Hour // from epoch to a call
)

// Names gathers the queues and agents that a log has, to make a Plan of them:
// feed it every call, then call Plan. Names are numbered in the order seen.
type Names struct {
	by     By
	queues [2]index // by queue column, by type
	agents index
	served [2][]map[int32]bool // by agent: the queues he took calls from
}

// index numbers names.
type index struct {
	id   map[string]int32
	list []string
}

func (x *index) add(s string, limit int) (int32, bool) {
	if i, ok := x.id[s]; ok {
		return i, true
	}
	if len(x.list) >= limit {
		return 0, false
	}
	if x.id == nil {
		x.id = map[string]int32{}
	}
	i := int32(len(x.list))
	x.id[s] = i
	x.list = append(x.list, s)
	return i, true
}

// NewNames returns an empty Names.
func NewNames(by By) *Names { return &Names{by: by} }

// Add takes note of a call's names. Calls that were not offered have no say.
func (n *Names) Add(c *Call) error {
	if !c.Offered() {
		return nil
	}
	agent := int32(-1)
	if c.Outcome == realcore.Answered {
		var ok bool
		if agent, ok = n.agents.add(c.Agent, MaxAgents); !ok {
			return fmt.Errorf("row %d: more than %d agents; is the agent column right?", c.Row, MaxAgents)
		}
	}
	for k, name := range [2]string{c.Queue, c.Type} {
		if n.by == ByNone || n.by == ByQueue && k == 1 || n.by == ByType && k == 0 {
			name = ""
		}
		q, ok := n.queues[k].add(name, MaxQueues)
		if !ok {
			return fmt.Errorf("row %d: more than %d different queues; is the column right?", c.Row, MaxQueues)
		}
		if agent < 0 {
			continue
		}
		if int(agent) == len(n.served[k]) {
			n.served[k] = append(n.served[k], map[int32]bool{})
		}
		n.served[k][agent][q] = true
	}
	return nil
}

// side is 0 if the queue column makes the queues, 1 if the type does.
func (n *Names) side() int {
	named := func(k int) bool {
		return len(n.queues[k].list) > 1 || len(n.queues[k].list) == 1 && n.queues[k].list[0] != ""
	}
	if n.by == ByType || n.by == ByAny && !named(0) && named(1) {
		return 1
	}
	return 0
}

// queue returns the queue of a call.
func (n *Names) queue(c *Call) (realcore.QueueID, bool) {
	k := n.side()
	name := c.Queue
	if k == 1 {
		name = c.Type
	}
	if n.by == ByNone {
		name = ""
	}
	q, ok := n.queues[k].id[name]
	return realcore.QueueID(q), ok
}

// Plan returns a plan with the log's queues, its agents, and a group for every
// set of queues that agents were seen to serve. It is enough to measure by;
// how calls were routed a log does not say, so every group serves its queues
// alike. A nameless queue is called "calls", or "other" beside named ones; who
// answered where no agent is named is called "unknown".
func (n *Names) Plan(name string, epoch time.Time) *realcore.Plan {
	k := n.side()
	p := &realcore.Plan{Name: name, Epoch: epoch.Format(time.RFC3339), Zone: epoch.Location().String(),
		Limits: realcore.Limits{MaxContacts: 1 << 20}}
	names := n.queues[k].list
	if len(names) == 0 {
		names = []string{""}
	}
	for i, q := range names {
		if q == "" {
			q = "calls"
			if len(names) > 1 {
				q = "other"
			}
		}
		p.Queues = append(p.Queues, realcore.Queue{Name: q, Calendar: realcore.None, Classes: []realcore.ClassID{realcore.ClassID(i)}})
		p.Classes = append(p.Classes, realcore.Class{Name: q, Queue: realcore.QueueID(i)})
		p.Nodes = append(p.Nodes, realcore.Node{Name: q, Kind: realcore.QueueNode, Queue: realcore.QueueID(i)})
		p.Entries = append(p.Entries, realcore.Entry{Name: q, Trunk: realcore.None, Start: realcore.NodeID(i)})
	}
	n.groups(p, k)
	ranks := make([][]realcore.Share, len(p.Classes))
	for g := range p.Groups {
		for _, s := range p.Groups[g].Serves {
			ranks[s.Class] = append(ranks[s.Class], realcore.Share{Group: realcore.GroupID(g), Weight: 1})
		}
	}
	for i, rank := range ranks {
		p.Classes[i].Pools = []realcore.Pool{{}}
		if rank != nil {
			p.Classes[i].Pools[0].Ranks = [][]realcore.Share{rank}
		}
	}
	return p
}

// groups puts agents who served the same queues into one group.
func (n *Names) groups(p *realcore.Plan, k int) {
	var sets index
	for a, name := range n.agents.list {
		served := slices.Sorted(maps.Keys(n.served[k][a]))
		var key []string
		var serves []realcore.Serve
		for _, q := range served {
			key = append(key, p.Queues[q].Name)
			serves = append(serves, realcore.Serve{Class: realcore.ClassID(q)})
		}
		g, _ := sets.add(strings.Join(key, "+"), MaxAgents)
		if int(g) == len(p.Groups) {
			group := realcore.Group{Name: sets.list[g], Serves: serves}
			group.Slots[realcore.Voice] = 1
			p.Groups = append(p.Groups, group)
		}
		if name == "" {
			name = "unknown"
		}
		for taken(p.Agents, name) {
			name += "_"
		}
		p.Agents = append(p.Agents, realcore.Agent{Name: name, Group: realcore.GroupID(g)})
	}
}

// taken is only asked about "unknown": the other names are distinct.
func taken(agents []realcore.Agent, name string) bool {
	return strings.HasPrefix(name, "unknown") && slices.ContainsFunc(agents, func(a realcore.Agent) bool { return a.Name == name })
}

// Recorder makes records of calls.
type Recorder struct {
	names *Names
	epoch time.Time
	sink  cdr.Sink
	one   cdr.Contact // reused, like the next two
	visit cdr.Visit
	leg   cdr.Leg
}

// NewRecorder returns a Recorder that numbers queues and agents as names does
// and counts instants from epoch, which may be no later than any call: the
// Midnight of the first, say. Instants are time that passed: on the day that
// daylight saving begins the second midnight is 23 hours after the first.
func NewRecorder(names *Names, epoch time.Time, sink cdr.Sink) *Recorder {
	return &Recorder{names: names, epoch: epoch, sink: sink}
}

// Add hands the records of one call to the sink: a visit and a leg where there
// were any, then the contact. They come in the order of the calls, not of their
// ends. There are no spans: a call log does not say when agents were there.
//
// The answer is queue entry plus wait, as the log's wait says, also where the
// log's own instant of answer differs by a second or two.
func (r *Recorder) Add(c *Call) error {
	at, err := r.instant(c, c.At)
	if err != nil {
		return err
	}
	p := &r.one
	*p = cdr.Contact{Key: realcore.Key(c.Row), Entry: realcore.None, Queue: realcore.None, Outcome: c.Outcome, At: at,
		Queued: realcore.Never, Answered: realcore.Never, End: at, Agent: realcore.None}
	if !c.Offered() {
		r.sink.Contact(p)
		return nil
	}
	from := c.Queued
	if from.IsZero() { // an agent at once
		if from = c.ServiceStart; from.IsZero() {
			from = c.At
		}
	}
	queued, err := r.instant(c, from)
	if err != nil {
		return err
	}
	q, ok := r.names.queue(c)
	if !ok {
		return fmt.Errorf("row %d: queue %s is not among the names; add every call to them first", c.Row, strconv.Quote(c.Queue))
	}
	agent := realcore.AgentID(realcore.None)
	if c.Outcome == realcore.Answered {
		a, ok := r.names.agents.id[c.Agent]
		if !ok {
			return fmt.Errorf("row %d: agent %s is not among the names; add every call to them first", c.Row, strconv.Quote(c.Agent))
		}
		agent = realcore.AgentID(a)
	}
	p.Entry, p.Queue, p.Queued, p.Wait, p.Visits = realcore.EntryID(q), q, queued, c.Wait, 1
	p.End = queued.Add(c.Wait)
	r.visit = cdr.Visit{Key: p.Key, Queue: q, Outcome: c.Outcome, At: queued, End: p.End, Agent: agent, Ring: min(c.Ring, c.Wait)}
	if agent != realcore.None {
		r.visit.Offers = 1
	}
	r.sink.Visit(&r.visit)
	if agent != realcore.None {
		p.Answered, p.Agent, p.Talk, p.Hold, p.Legs = p.End, agent, c.Talk, c.Hold, 1
		p.End = p.Answered.Add(c.Talk + c.Hold)
		r.leg = cdr.Leg{Key: p.Key, Agent: agent, Queue: q, At: p.Answered, End: p.End, Ring: r.visit.Ring, Talk: c.Talk, Hold: c.Hold, Wrap: c.WrapUp}
		r.sink.Leg(&r.leg)
	}
	r.sink.Contact(p)
	return nil
}

func (r *Recorder) instant(c *Call, t time.Time) (realcore.Instant, error) {
	d := t.Sub(r.epoch)
	if d < 0 || d > maxSpan {
		return 0, fmt.Errorf("row %d: %s is %v from the epoch %s; want a call after it, within ten years", c.Row, t.Format(time.RFC3339), d, r.epoch.Format(time.RFC3339))
	}
	return realcore.Instant(d), nil
}

// Records hands the records of all calls to sink. names must have seen them.
func Records(calls iter.Seq[*Call], epoch time.Time, sink cdr.Sink, names *Names) error {
	r := NewRecorder(names, epoch, sink)
	for c := range calls {
		if err := r.Add(c); err != nil {
			return err
		}
	}
	return nil
}
