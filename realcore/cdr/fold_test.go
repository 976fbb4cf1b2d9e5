package cdr

import (
	"testing"
	"time"

	"callwright/realcore"
)

// keeper keeps what a Fold hands over.
type keeper struct {
	contacts []Contact
	visits   []Visit
	legs     []Leg
	spans    []AgentSpan
}

func (k *keeper) Contact(c *Contact) { k.contacts = append(k.contacts, *c) }
func (k *keeper) Visit(v *Visit)     { k.visits = append(k.visits, *v) }
func (k *keeper) Leg(l *Leg)         { k.legs = append(k.legs, *l) }
func (k *keeper) Span(s *AgentSpan)  { k.spans = append(k.spans, *s) }
func at(sec int64) realcore.Instant  { return realcore.Instant(sec * int64(time.Second)) }

const sec = time.Second

// effect is one about contact 0, key 7, queue 0.
func effect(s int64, kind realcore.EffectKind, set func(*realcore.Effect)) realcore.Effect {
	e := realcore.Effect{At: at(s), Kind: kind, Queue: 0, Agent: realcore.None, Trunk: realcore.None, Node: realcore.None, Contact: realcore.Ref{Gen: 1}, Key: 7}
	if set != nil {
		set(&e)
	}
	return e
}

func agent(a realcore.AgentID) func(*realcore.Effect) {
	return func(e *realcore.Effect) { e.Agent = a }
}

func fold(effects ...realcore.Effect) *keeper {
	k := &keeper{}
	f := NewFold(k)
	for i := range effects {
		f.Add(effects[i].At, nil, effects[i:i+1])
	}
	f.Close(effects[len(effects)-1].At)
	return k
}

// A customer waits 10 s, 4 of them ringing, talks with two agents in turn and is
// put on hold by each; each leg has its own times, the contact their sums.
func TestTwoLegsWithHolds(t *testing.T) {
	wrapUp := func(e *realcore.Effect) { e.Agent, e.Arg = 0, 1 }
	again := func(e *realcore.Effect) { e.Queue, e.Arg = 1, int64(at(60)) }
	k := fold(
		effect(0, realcore.Accepted, nil), // straight into queue 0
		effect(6, realcore.Offer, agent(0)), effect(10, realcore.Connect, agent(0)),
		effect(20, realcore.Hold, agent(0)), effect(25, realcore.Retrieve, agent(0)),
		effect(60, realcore.SegmentEnded, wrapUp), effect(60, realcore.Queued, again),
		effect(70, realcore.Offer, func(e *realcore.Effect) { e.Agent, e.Queue = 1, 1 }),
		effect(72, realcore.Connect, func(e *realcore.Effect) { e.Agent, e.Queue = 1, 1 }),
		effect(80, realcore.Hold, agent(1)), effect(90, realcore.Retrieve, agent(1)),
		effect(95, realcore.WrapUpEnded, agent(0)),
		effect(100, realcore.SegmentEnded, agent(1)),
		effect(100, realcore.Closed, func(e *realcore.Effect) { e.Code = uint8(realcore.Answered) }),
	)
	if len(k.visits) != 2 || k.visits[0].Wait() != 10*sec || k.visits[0].Ring != 4*sec || k.visits[1].Queue != 1 || k.visits[1].Wait() != 12*sec || !k.visits[1].Again {
		t.Errorf("visits %+v", k.visits)
	}
	want := []Leg{
		{Key: 7, Agent: 0, Queue: 0, At: at(10), End: at(60), Ring: 4 * sec, Talk: 45 * sec, Hold: 5 * sec, Wrap: 35 * sec},
		{Key: 7, Agent: 1, Queue: 1, At: at(72), End: at(100), Ring: 2 * sec, Talk: 18 * sec, Hold: 10 * sec},
	}
	for i := range want {
		if i >= len(k.legs) || k.legs[i] != want[i] {
			t.Errorf("leg %d is %+v, want %+v", i, k.legs, want[i])
		}
	}
	c := k.contacts[0]
	if c.Talk != 63*sec || c.Hold != 15*sec || c.Wait != 10*sec || c.Legs != 2 || c.Visits != 2 || c.Agent != 0 || c.Answered != at(10) {
		t.Errorf("contact %+v", c)
	}
}

// A callback that is taken after 30 s is rung at 100 s and reached at 110 s; one
// that is not reached costs the agent time and is no talk with anybody.
func TestCallbacks(t *testing.T) {
	out := func(a realcore.AgentID) func(*realcore.Effect) {
		return func(e *realcore.Effect) { e.Agent, e.Dir, e.Arg = a, realcore.Outbound, 0 }
	}
	begin := []realcore.Effect{
		effect(0, realcore.Accepted, nil),
		effect(30, realcore.Dequeued, func(e *realcore.Effect) { e.Code = uint8(realcore.CalledBack) }),
		effect(30, realcore.CallbackTaken, nil),
		effect(30, realcore.Queued, func(e *realcore.Effect) { e.Dir, e.Arg = realcore.Outbound, 0 }),
		effect(98, realcore.Offer, out(0)), effect(100, realcore.Dial, out(0)),
	}
	closed := func(e *realcore.Effect) { e.Dir, e.Code = realcore.Outbound, uint8(realcore.CalledBack) }
	k := fold(append(begin, effect(110, realcore.Connect, out(0)), effect(150, realcore.SegmentEnded, out(0)), effect(150, realcore.Closed, closed))...)
	if c := k.contacts[0]; c.CallbackDelay != 80*sec || c.Answered != at(110) || c.Wait != 30*sec || c.Dir != realcore.Inbound {
		t.Errorf("contact %+v", c)
	}
	if l := k.legs[0]; l.Unreached || l.At != at(100) || l.End != at(150) {
		t.Errorf("leg %+v", l)
	}
	if v := k.visits[1]; !v.Kept || v.Dir != realcore.Outbound {
		t.Errorf("the second visit %+v keeps no place", v)
	}
	k = fold(append(begin, effect(120, realcore.SegmentEnded, out(0)), effect(120, realcore.Closed, closed))...)
	if l := k.legs[0]; !l.Unreached || l.End.Sub(l.At) != 20*sec {
		t.Errorf("leg of a customer not reached %+v", l)
	}
	if c := k.contacts[0]; c.CallbackDelay != 0 || c.Answered != realcore.Never {
		t.Errorf("contact %+v was not reached", c)
	}
}
