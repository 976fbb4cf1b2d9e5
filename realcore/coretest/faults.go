package coretest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
	"callwright/realcore/journal"
	"callwright/realcore/measure"
)

// Faults plays one random centre with everything that goes wrong in real ones:
// answers that come late, events lost or doubled or about things long gone,
// agents who come and go, phones that vanish, plans that change. After every
// step it checks the Center's own bookkeeping, the Reference's judgement of
// every offer, and that records add up; at the end, that all is freed, that no
// contact was lost or answered twice, and that a replay of the journal decides
// the same to the byte.
//
// A planted bug makes the Center's plan differ from the one the Reference judges
// by, or the Reference itself from the rules; nil: neither is wrong. It must be
// caught.
func Faults(seed uint64, planted *Bug) error {
	r := rand.New(rand.NewPCG(seed, 0xFA17))
	right := RandomPlan(r)
	if err := right.Validate(); err != nil {
		return fmt.Errorf("seed %d: the random plan: %w", seed, err)
	}
	real := right
	if planted != nil && planted.Plan != nil {
		copied, err := realcore.ParsePlan(right.Bytes())
		if err != nil {
			return err
		}
		planted.Plan(copied)
		real = copied
	}
	d, err := newDriver(r, real, right)
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	if planted != nil {
		d.mutated = planted.Plan != nil
		d.ref.newestContact, d.ref.newestAgent = planted.NewestContact, planted.NewestAgent
	}
	for range 400 {
		if err := d.round(); err != nil {
			return fmt.Errorf("seed %d, at %v after %v: %w", seed, d.now, d.last, err)
		}
	}
	if err := d.finish(); err != nil {
		return fmt.Errorf("seed %d, at the end: %w", seed, err)
	}
	return nil
}

// Bug is a planted one: another plan than the true one for the Center, or ties
// that go to the last instead of the first.
type Bug struct {
	Plan          func(*realcore.Plan)
	NewestContact bool
	NewestAgent   bool
}

// driver holds what the outside of the centre knows, mistakes included.
type driver struct {
	r       *rand.Rand
	c       *center.Center
	first   *realcore.Plan
	ref     *Reference
	fold    *cdr.Fold
	table   *measure.Table
	tally   *tally
	jbuf    bytes.Buffer
	journal *journal.Writer
	digest  journal.Digest
	mutated bool

	now      realcore.Instant
	last     realcore.Event
	key      realcore.Key
	contacts []realcore.Ref // ever seen, so that some are gone
	offers   []realcore.Ref
	talks    []realcore.Effect // Connect and SegmentEnded, for releases and wrap-ups
	due      []later
	plans    int
}

// later is an event that is on its way.
type later struct {
	at realcore.Instant
	ev realcore.Event
}

func newDriver(r *rand.Rand, real, right *realcore.Plan) (*driver, error) {
	c, err := center.New(real)
	if err != nil {
		return nil, err
	}
	d := &driver{r: r, c: c, first: real, ref: NewReference(right)}
	d.table = measure.NewTable(real, measure.Config{Interval: 30 * time.Second, Tau: []time.Duration{time.Second}})
	d.tally = &tally{table: d.table, seen: map[realcore.Key]int{}, until: map[realcore.AgentID]realcore.Instant{}}
	d.fold = cdr.NewFold(d.tally)
	d.journal, err = journal.NewWriter(&d.jbuf, real)
	return d, err
}

// round lets some time pass and one event happen, sometimes at the same
// instant as the last, sometimes twice.
func (d *driver) round() error {
	if d.r.IntN(4) > 0 {
		d.now = d.now.Add(span(d.r, 4*time.Second))
	}
	if err := d.arrivals(); err != nil {
		return err
	}
	ev, ok := d.choose()
	if !ok {
		return nil
	}
	if err := d.step(ev); err != nil {
		return err
	}
	if d.r.IntN(20) == 0 && ev.Key == 0 { // doubled; but nobody arrives twice under one key
		return d.step(ev)
	}
	return nil
}

// arrivals delivers what was on its way and is due: answers, hang-ups.
func (d *driver) arrivals() error {
	for {
		best := -1
		for i := range d.due {
			if d.due[i].at <= d.now && (best < 0 || d.due[i].at < d.due[best].at) {
				best = i
			}
		}
		if best < 0 {
			return d.expire(d.now)
		}
		l := d.due[best]
		d.due = append(d.due[:best], d.due[best+1:]...)
		at := d.now
		d.now = max(l.at, d.clock())
		if err := d.step(l.ev); err != nil {
			return err
		}
		d.now = at
	}
}

func (d *driver) clock() realcore.Instant { return d.tally.now }

func (d *driver) expire(now realcore.Instant) error {
	// Now and then late: the effects must be those of the due instants.
	effects := d.c.Expire(now, nil)
	d.tally.now = now
	return d.take(nil, effects)
}

func (d *driver) step(ev realcore.Event) error {
	d.last = ev
	if err := d.expire(d.now); err != nil {
		return err
	}
	if err := d.journal.Event(d.now, &ev); err != nil {
		return err
	}
	effects, err := d.c.Step(d.now, &ev, nil)
	if err != nil {
		if len(effects) > 0 {
			return fmt.Errorf("event %v is refused but has effects", ev.Kind)
		}
		return d.c.Check()
	}
	d.ref.Event(d.now, &ev)
	return d.take(&ev, effects)
}

// take gives effects to everybody who watches and plans reactions.
func (d *driver) take(ev *realcore.Event, effects []realcore.Effect) error {
	d.digest.Add(effects)
	d.fold.Add(d.now, ev, effects)
	if ev != nil && ev.Kind == realcore.PlanChanged {
		d.table.Extend(d.c.Plan())
	}
	d.ref.Effects(effects, d.c.Plan())
	for i := range effects {
		d.react(&effects[i])
	}
	if err := d.c.Check(); err != nil {
		return err
	}
	if d.ref.Judge() != nil {
		return d.ref.Judge()
	}
	return d.tally.err
}

// soon plans an event, or loses it.
func (d *driver) soon(within time.Duration, ev realcore.Event) {
	if d.r.IntN(15) == 0 {
		return
	}
	d.due = append(d.due, later{d.now.Add(span(d.r, within)), ev})
}

func (d *driver) react(e *realcore.Effect) {
	if !e.Contact.IsZero() && e.Kind != realcore.WrapUpEnded {
		d.contacts = append(d.contacts, e.Contact)
	}
	about := func(k realcore.EventKind) realcore.Event {
		return realcore.Event{Kind: k, Contact: e.Contact, Agent: e.Agent}
	}
	switch e.Kind {
	case realcore.Offer:
		d.offers = append(d.offers, e.Offer)
		kinds := []realcore.EventKind{realcore.OfferAnswered, realcore.OfferAnswered, realcore.OfferAnswered, realcore.OfferRejected, realcore.OfferFailed}
		d.soon(12*time.Second, realcore.OfOffer(kinds[d.r.IntN(len(kinds))], e.Offer))
	case realcore.Connect, realcore.Joined:
		d.talks = append(d.talks, *e)
		d.soon(30*time.Second, about([]realcore.EventKind{realcore.HungUp, realcore.Released}[d.r.IntN(2)]))
	case realcore.Dial:
		d.soon(5*time.Second, about([]realcore.EventKind{realcore.DialAnswered, realcore.DialAnswered, realcore.DialFailed}[d.r.IntN(3)]))
	case realcore.SegmentEnded:
		if e.Arg != 0 {
			d.soon(10*time.Second, about(realcore.WrapUpDone))
		}
	case realcore.Play:
		d.soon(3*time.Second, about(realcore.PromptDone))
		if d.r.IntN(2) == 0 {
			ev := about(realcore.Digit)
			ev.Code = "12345"[d.r.IntN(5)]
			d.soon(6*time.Second, ev)
		}
	case realcore.Announce:
		if d.r.IntN(2) == 0 {
			ev := about(realcore.Digit)
			ev.Code = '1'
			d.soon(3*time.Second, ev)
		}
	case realcore.Divert:
		d.soon(5*time.Second, about([]realcore.EventKind{realcore.VendorAnswered, realcore.VendorFailed}[d.r.IntN(2)]))
	case realcore.Accepted, realcore.Queued, realcore.Record, realcore.VendorJoined:
		if e.Kind != realcore.Accepted || e.Enters() {
			d.soon(40*time.Second, about(realcore.HungUp))
		}
	case realcore.AgentBecame:
		if realcore.AgentState(e.Code) == realcore.NotReady {
			d.soon(20*time.Second, realcore.OfAgent([]realcore.EventKind{realcore.AgentReady, realcore.DeviceBack}[d.r.IntN(2)], e.Agent))
		}
	}
}

// choose draws something that happens now.
func (d *driver) choose() (realcore.Event, bool) {
	p, r := d.c.Plan(), d.r
	agent := realcore.AgentID(r.IntN(len(p.Agents)))
	queue := realcore.QueueID(r.IntN(len(p.Queues)))
	wish := realcore.AgentID(realcore.None)
	if r.IntN(3) == 0 {
		wish = realcore.AgentID(r.IntN(len(p.Agents)))
	}
	switch n := r.IntN(100); {
	case n < 40:
		d.key++
		ev := realcore.Event{Kind: realcore.Arrived, Key: d.key, Entry: realcore.EntryID(r.IntN(len(p.Entries))), Code: uint8(r.IntN(3)), Agent: wish}
		if r.IntN(6) == 0 {
			ev.Kind, ev.Queue = realcore.Dialled, queue
		}
		d.tally.arrived(d.key)
		return ev, true
	case n < 65:
		kinds := []realcore.EventKind{realcore.AgentReady, realcore.AgentReady, realcore.AgentReady, realcore.AgentNotReady, realcore.AgentLogout,
			realcore.DeviceLost, realcore.DeviceBack, realcore.DeviceBack}
		ev := realcore.OfAgent(kinds[r.IntN(len(kinds))], agent)
		if ev.Kind == realcore.AgentNotReady {
			ev.Code = uint8(realcore.ReasonBreak)
		}
		return ev, true
	case n < 68:
		return d.change(), true
	case n < 85 && len(d.talks) > 0:
		t := d.talks[len(d.talks)-1-r.IntN(min(4, len(d.talks)))]
		kinds := []realcore.EventKind{realcore.Held, realcore.Retrieved, realcore.TransferBlind, realcore.ConsultBegan, realcore.ConsultDone,
			realcore.ConsultCanceled, realcore.Released, realcore.WrapUpDone}
		ev := realcore.Event{Kind: kinds[r.IntN(len(kinds))], Contact: t.Contact, Agent: t.Agent, Queue: queue}
		if ev.Kind == realcore.TransferBlind || ev.Kind == realcore.ConsultBegan {
			ev.Agent = realcore.None
			if ev.Kind == realcore.ConsultBegan {
				d.key++
				ev.Key = d.key
			}
		}
		return ev, true
	case n < 95 && len(d.contacts) > 0: // anything about anybody, most of them gone
		kinds := []realcore.EventKind{realcore.HungUp, realcore.Digit, realcore.PromptDone, realcore.DialAnswered, realcore.DialFailed,
			realcore.VendorAnswered, realcore.VendorFailed, realcore.Held, realcore.ConsultDone}
		return realcore.Event{Kind: kinds[r.IntN(len(kinds))], Contact: d.contacts[r.IntN(len(d.contacts))], Code: '1', Agent: agent}, true
	case len(d.offers) > 0:
		return realcore.OfOffer(realcore.OfferAnswered, d.offers[r.IntN(len(d.offers))]), true
	}
	return realcore.Event{}, false
}

// change gives the Center and its journal a new plan.
func (d *driver) change() realcore.Event {
	if d.mutated { // the Reference would learn the Center's plan
		return realcore.OfAgent(realcore.AgentReady, 0)
	}
	p := Changed(d.r, d.first)
	d.plans++
	side := d.c.AddPlan(p)
	if err := d.journal.Plan(p); err != nil {
		panic("coretest: a buffer refuses: " + err.Error())
	}
	return realcore.Event{Kind: realcore.PlanChanged, Side: side}
}

func (d *driver) finish() error {
	d.now = d.now.Add(time.Minute)
	if err := d.step(realcore.Event{Kind: realcore.Shutdown}); err != nil {
		return err
	}
	if n := d.c.Contacts(); n != 0 {
		return fmt.Errorf("%d contacts are left after the shutdown", n)
	}
	if at, ok := d.c.Deadline(); ok {
		return fmt.Errorf("a timer is left after the shutdown, due at %v", at)
	}
	d.fold.Close(d.now)
	if err := d.tally.finish(d.key); err != nil {
		return err
	}
	return d.replay()
}

// replay plays the journal back and compares decisions, to the byte.
func (d *driver) replay() error {
	rd, err := journal.NewReader(&d.jbuf)
	if err != nil {
		return err
	}
	p, err := journal.NewReplay(rd)
	if err != nil {
		return err
	}
	if err := p.All(nil); err != nil {
		return err
	}
	if p.Digest != d.digest {
		return fmt.Errorf("replay decides otherwise: %v, want %v", &p.Digest, &d.digest)
	}
	return nil
}

// tally is a sink that checks that records add up.
type tally struct {
	table *measure.Table
	now   realcore.Instant
	seen  map[realcore.Key]int // 0: arrived; then one for each record
	until map[realcore.AgentID]realcore.Instant
	err   error
}

func (t *tally) bad(format string, a ...any) { t.err = errors.Join(t.err, fmt.Errorf(format, a...)) }

func (t *tally) arrived(k realcore.Key) { t.seen[k] = 0 }

func (t *tally) Contact(c *cdr.Contact) {
	t.table.Contact(c)
	n, ok := t.seen[c.Key]
	if !ok || n != 0 {
		t.bad("contact %d has %d records before this one (known: %v)", c.Key, n, ok)
	}
	t.seen[c.Key] = n + 1
	if c.Outcome == realcore.Open {
		t.bad("contact %d is open after the shutdown", c.Key)
	}
}

func (t *tally) Visit(v *cdr.Visit) {
	t.table.Visit(v)
	if v.End < v.At {
		t.bad("contact %d left queue %d before it came", v.Key, v.Queue)
	}
}

func (t *tally) Leg(l *cdr.Leg) {
	t.table.Leg(l)
	if got, want := l.Talk+l.Hold, l.End.Sub(l.At); got != want {
		t.bad("leg of contact %d: talk and hold are %v, from answer to end %v", l.Key, got, want)
	}
}

// Span checks that an agent's time has no holes and no overlaps while logged in.
func (t *tally) Span(s *cdr.AgentSpan) {
	t.table.Span(s)
	if s.To <= s.From || s.From < t.until[s.Agent] {
		t.bad("agent %d: span [%v, %v) after one that ends at %v", s.Agent, s.From, s.To, t.until[s.Agent])
	}
	t.until[s.Agent] = s.To
}

func (t *tally) finish(keys realcore.Key) error {
	for k := realcore.Key(1); k <= keys; k++ {
		if n, ok := t.seen[k]; ok && n != 1 {
			t.bad("contact %d has %d records, want one", k, n)
		}
	}
	line, queues, work := t.table.Sum()
	if !line.Balanced() {
		t.bad("contacts do not add up: %+v", line)
	}
	if !queues.Balanced() {
		t.bad("visits do not add up: %+v", queues)
	}
	var time int64
	for _, x := range work.State[realcore.NotReady:] {
		time += x
	}
	if time == 0 && work.Handled > 0 {
		t.bad("contacts were handled in no time")
	}
	return t.err
}
