package cti

import (
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/measure"
)

// today is what has been counted since midnight, by the one code that counts records.
// Server.mu guards it.
type today struct {
	zone  *time.Location
	epoch time.Time
	from  realcore.Instant
	to    realcore.Instant
	table *measure.Table
	early []cdr.Visit // of a continued journal, before the plan is known
}

// earlyMost bounds the visits that wait for Attach: those of a day.
const earlyMost = 200_000

// begin starts counting for the day of now.
func (t *today) begin(p *realcore.Plan, cfg *Config, now realcore.Instant) {
	t.epoch = time.Unix(0, 0).UTC()
	if e, err := time.Parse(time.RFC3339, p.Epoch); err == nil {
		t.epoch = e
	}
	t.turn(p, cfg, now)
	for i := range t.early {
		t.visit(&t.early[i])
	}
	t.early = nil
}

// turn begins another day, if now is in another.
func (t *today) turn(p *realcore.Plan, cfg *Config, now realcore.Instant) {
	if t.table != nil && now < t.to {
		return
	}
	y, m, d := t.epoch.Add(time.Duration(now)).In(t.zone).Date()
	t.from = realcore.Instant(time.Date(y, m, d, 0, 0, 0, 0, t.zone).Sub(t.epoch))
	t.to = realcore.Instant(time.Date(y, m, d+1, 0, 0, 0, 0, t.zone).Sub(t.epoch))
	mc := measure.Config{From: t.from}
	for i := range p.Queues {
		q := cfg.queue(p.Queues[i].Name)
		mc.AWT, mc.Tau = append(mc.AWT, q.AWT), append(mc.Tau, q.Short)
	}
	t.table = measure.NewTable(p, mc)
}

func (t *today) visit(v *cdr.Visit) {
	switch {
	case t.table == nil:
		if len(t.early) == earlyMost {
			t.early = append(t.early[:0], t.early[earlyMost/2:]...)
		}
		t.early = append(t.early, *v)
	case int(v.Queue) < t.table.Queues():
		t.table.Visit(v)
	}
}

// counts returns what was counted of a queue.
func (t *today) counts(q int) measure.Counts {
	if t.table.Intervals() == 0 || q >= t.table.Queues() {
		return measure.Counts{}
	}
	return t.table.Queue[q]
}

// Visit counts a visit to a queue. It is called by the live host, like the other three.
func (s *Server) Visit(v *cdr.Visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host != nil { // whether or not anybody has looked at the board since midnight
		s.today.turn(s.floor.plan, &s.cfg, v.End)
	}
	s.today.visit(v)
	s.metrics.visit(v)
}

// Contact remembers who called.
func (s *Server) Contact(c *cdr.Contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil { // of a continued journal: nobody knows the number any more
		return
	}
	if c.Outcome == realcore.Blocked && c.Entry != realcore.None {
		s.today.turn(s.floor.plan, &s.cfg, c.End)
		s.today.table.Contact(c) // blocked at a queue's own number
	}
	number := ""
	if known := s.floor.contacts[c.Key]; known != nil {
		number = known.number
	} else {
		number = s.caller(c.Key)
	}
	x := pastContact{key: c.Key, at: s.host.Wall(c.At), queue: s.queueName(c.Queue), outcome: c.Outcome, out: c.Dir == realcore.Outbound}
	if c.Agent != realcore.None && int(c.Agent) < len(s.floor.plan.Agents) {
		x.agent = s.floor.plan.Agents[c.Agent].Name
	}
	s.past.add(number, x)
}

// Leg is not counted here.
func (s *Server) Leg(*cdr.Leg) {}

// Span is not counted here.
func (s *Server) Span(*cdr.AgentSpan) {}

// boardView is a wallboard as pages and programs are shown it.
type boardView struct {
	Now        int64          `json:"now"`
	Day        string         `json:"day"`
	Clock      int64          `json:"clock"`      // what the scenario clock shows: Now, unless it is faster
	Speed      int            `json:"speed"`      // by which pages multiply waits, since T is scenario time
	Taking     bool           `json:"taking"`     // new calls
	Unrecorded bool           `json:"unrecorded"` // the last recording could not be written
	Queues     []queueView    `json:"queues"`
	Total      totalView      `json:"total"`  // of these queues
	Agents     map[string]int `json:"agents"` // by state, logged-out ones left out
}

// queueView is one queue. Oldest is since when the one who waits longest waits; 0: nobody
// does. ServiceLevel is null while nothing has been counted.
type queueView struct {
	Name      string   `json:"name"`
	Waiting   int      `json:"waiting"`
	Callbacks int      `json:"callbacks"`
	Oldest    int64    `json:"oldest"`
	Ready     int      `json:"ready"`
	Offered   int64    `json:"offered"`
	Answered  int64    `json:"answered"`
	Abandoned int64    `json:"abandoned"`
	Level     *float64 `json:"serviceLevel"`
	Target    float64  `json:"target"`
	T         float64  `json:"T"`
	Rule      string   `json:"rule"`
	RuleName  inBoth   `json:"ruleName"`
	Formula   inBoth   `json:"formula"`
}

// totalView is all of a board's queues together. The service level is null too where
// they promise different things: there is no one number then.
type totalView struct {
	Waiting    int      `json:"waiting"`
	Oldest     int64    `json:"oldest"`
	T          float64  `json:"T"` // of the queue in which Oldest waits
	AnswerRate *float64 `json:"answerRate"`
	Level      *float64 `json:"serviceLevel"`
	Target     float64  `json:"target"`
	OneRule    bool     `json:"oneRule"`
}

// inBoth is a text in both languages, as measures have them.
type inBoth struct {
	En string `json:"en"`
	Ja string `json:"ja"`
}

// board returns what a role may see of the centre now; mu is held.
func (s *Server) board(role *Role) boardView {
	now := s.now()
	at := s.host.Instant(now)
	s.today.turn(s.floor.plan, &s.cfg, at)
	taking, _ := s.host.Accepting()
	civil := s.today.epoch.Add(time.Duration(at))
	v := boardView{Now: milli(now), Day: civil.In(s.today.zone).Format(time.DateOnly), Clock: milli(civil), Speed: s.host.Speed(), Taking: taking, Unrecorded: s.unwritten,
		Queues: []queueView{}, Agents: map[string]int{}}
	waiting := s.floor.waiting(s.today.from)
	seen := make([]bool, len(s.floor.plan.Queues))
	var sum measure.Counts
	for i := range s.floor.plan.Queues {
		q := &s.floor.plan.Queues[i]
		if q.Drain || !role.sees(q.Name) {
			continue
		}
		seen[i] = true
		v.Queues = append(v.Queues, s.queueView(i, &waiting[i]))
		c := s.today.counts(i)
		sum.Add(&c)
	}
	v.Total = totalOf(v.Queues, &sum)
	ready := s.countAgents(seen, v.Agents)
	k := 0
	for i := range seen {
		if seen[i] {
			v.Queues[k].Ready = ready[i]
			k++
		}
	}
	return v
}

func totalOf(queues []queueView, sum *measure.Counts) totalView {
	t := totalView{OneRule: len(queues) > 0}
	for i := range queues {
		q := &queues[i]
		t.Waiting += q.Waiting
		if q.Oldest != 0 && (t.Oldest == 0 || q.Oldest < t.Oldest) {
			t.Oldest, t.T = q.Oldest, q.T
		}
		t.OneRule = t.OneRule && q.Rule == queues[0].Rule && q.T == queues[0].T && q.Target == queues[0].Target
	}
	t.AnswerRate = value("answer_rate", sum)
	if t.OneRule {
		t.Level, t.Target = value(measure.ID(queues[0].Rule), sum), queues[0].Target
	}
	return t
}

// value is a measure of what was counted of queues; nil where it is undefined.
func value(id measure.ID, c *measure.Counts) *float64 {
	x, ok := measure.Find(id).Value(&measure.Cell{Counts: *c, Line: measure.Line{Blocked: c.Blocked}})
	if !ok {
		return nil
	}
	return &x
}

func (s *Server) queueView(i int, w *waits) queueView {
	q := s.cfg.queue(s.floor.plan.Queues[i].Name)
	c := s.today.counts(i)
	def := measure.Find(q.Rule)
	return queueView{Name: q.Name, Waiting: w.calls, Callbacks: w.callbacks, Oldest: s.wall(w.oldest), Offered: c.Offered + int64(w.today), Answered: c.Answered,
		Abandoned: c.Abandoned, Target: q.Target, T: q.AWT.Seconds(), Rule: string(q.Rule), RuleName: inBoth{def.En, def.Ja}, Formula: inBoth{def.FormulaEn, def.FormulaJa}, Level: value(q.Rule, &c)}
}

// countAgents counts the agents of some queues by state, and the ready ones by queue.
func (s *Server) countAgents(seen []bool, byState map[string]int) (ready []int) {
	f := s.floor
	ready = make([]int, len(seen))
	for a := range f.desks {
		d, serves, any := &f.desks[a], f.serves[f.plan.Agents[a].Group], false
		for q := range seen {
			if serves[q] && seen[q] {
				any = true
				if d.state == realcore.Ready {
					ready[q]++
				}
			}
		}
		if any && d.state != realcore.LoggedOut {
			byState[d.state.String()]++
		}
	}
	return ready
}
