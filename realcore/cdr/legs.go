package cdr

import "callwright/realcore"

// joined: an agent has the contact. For Dial the customer is still to be
// reached; the agent's work has begun all the same.
func (f *Fold) joined(o *open, e *realcore.Effect) {
	if o.has(onLine) { // Connect after Dial
		o.is &^= unreached
		o.answered = min(o.answered, e.At)
		if o.has(calledBack) {
			r := f.rareOf(e.Contact.Index)
			r.delay = e.At.Sub(r.takenAt)
		}
		return
	}
	f.endVisit(o, e.At, realcore.Answered, e.Agent)
	if o.legs == 0 {
		o.agent = e.Agent
		if e.Kind == realcore.Connect {
			o.answered = e.At
		}
	}
	how := openFlags(0)
	if e.Kind == realcore.Dial {
		how = unreached
	}
	f.beginLeg(o, e, how)
}

func (f *Fold) beginLeg(o *open, e *realcore.Effect, how openFlags) {
	if o.legs > 0 {
		r := f.rareOf(e.Contact.Index)
		r.talk, r.hold = o.talk, o.hold
	}
	o.legAt, o.since, o.legAgent, o.where, o.dirNow = e.At, e.At, e.Agent, e.Queue, e.Dir
	o.is = o.is&^(onHold|handed|unreached) | onLine | how
	o.legs++
}

// rareOf returns what few contacts have, making room.
func (f *Fold) rareOf(index uint32) *rare {
	for int(index) >= len(f.rare) {
		f.rare = append(f.rare, rare{})
	}
	return &f.rare[index]
}

// turn turns hold on or off.
func (o *open) turn(at realcore.Instant, on bool) {
	if !o.has(onLine) || o.has(onHold) == on {
		return
	}
	o.talked(at)
	o.is ^= onHold
}

// talked books the time since the last change as talk or hold.
func (o *open) talked(at realcore.Instant) {
	d := at.Sub(o.since)
	o.since = at
	if o.has(onHold) {
		o.hold += d
	} else {
		o.talk += d
	}
}

// endLeg makes the record of the open segment, which ends at at.
func (f *Fold) endLeg(o *open, index uint32, at realcore.Instant) *Leg {
	o.talked(at)
	o.is &^= onLine | onHold
	l := &f.leg
	l.Key, l.Agent, l.Queue, l.Dir, l.At, l.End = o.key, o.legAgent, o.where, o.dirNow, o.legAt, at
	l.Ring, l.Talk, l.Hold, l.Wrap, l.Unreached = 0, o.talk, o.hold, 0, o.has(unreached)
	if !o.has(handed) {
		l.Ring = o.legAt.Sub(o.offerAt)
	}
	if o.legs > 1 {
		r := f.rareOf(index)
		l.Talk, l.Hold = l.Talk-r.talk, l.Hold-r.hold
	}
	return l
}

func (f *Fold) segmentEnded(o *open, e *realcore.Effect) {
	l := f.endLeg(o, e.Contact.Index, e.At)
	if e.Arg == 0 {
		f.sink.Leg(l)
		return
	}
	f.agentIs(e.Agent, e.At, realcore.WrapUp, realcore.ReasonNone)
	for int(e.Agent) >= len(f.wraps) {
		f.wraps = append(f.wraps, nil)
	}
	f.wraps[e.Agent] = append(f.wraps[e.Agent], wrap{e.Contact, *l})
}

func (f *Fold) wrapUpEnded(e *realcore.Effect) {
	if int(e.Agent) >= len(f.wraps) {
		return
	}
	list := f.wraps[e.Agent]
	for i := range list {
		if w := &list[i]; w.contact == e.Contact {
			f.leg = w.leg
			f.leg.Wrap = e.At.Sub(w.leg.End)
			f.wraps[e.Agent] = append(list[:i], list[i+1:]...)
			f.sink.Leg(&f.leg)
			return
		}
	}
}
