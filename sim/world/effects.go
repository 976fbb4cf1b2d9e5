package world

import (
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// carryOut lets people react to what the Center has done, effect by effect.
func (w *World) carryOut() {
	out := w.out // nothing below makes effects
	for i := range out {
		e := &out[i]
		switch e.Kind {
		case realcore.AgentBecame:
			if w.crew != nil && realcore.AgentState(e.Code) == realcore.LoggedOut {
				w.crew.settle(e.Agent, w.plan.Agents[e.Agent].Group)
			}
		case realcore.OfferEnded, realcore.Withdraw, realcore.Dequeued:
		case realcore.Accepted:
			w.meet(e)
			if e.Queue != realcore.None {
				w.startWaiting(e)
			}
		case realcore.Rejected:
			w.callAgain(w.arrival, traffic.CauseBusy)
		case realcore.Queued:
			w.startWaiting(e)
		case realcore.Offer:
			w.ring(e)
		case realcore.Connect, realcore.Joined:
			w.talk(e)
		case realcore.Dial:
			w.rungBack(e)
		case realcore.SegmentEnded:
			w.segmentEnded(e)
		case realcore.Play:
			w.listen(e)
		case realcore.Announce:
			w.announced(e)
		case realcore.CallbackTaken:
			c := w.of(e)
			c.epoch++ // he has stopped being impatient
			c.waiting = false
		case realcore.Divert:
			w.diverted(e)
		case realcore.VendorJoined:
			w.taken(e)
		case realcore.Record:
			c := w.of(e)
			c.epoch++
			c.waiting = false
			w.later(c.how.Message.Draw(c.luck, traffic.ForMessage, 0), hangsUp, e.Contact).epoch = c.epoch
		case realcore.Closed:
			w.gone(e)
		}
	}
}

func (w *World) of(e *realcore.Effect) *caller { return &w.callers[e.Contact.Index] }

// meet learns which contact the one who has just arrived is.
func (w *World) meet(e *realcore.Effect) {
	for int(e.Contact.Index) >= len(w.callers) {
		w.callers = append(w.callers, caller{})
	}
	c := w.of(e)
	c.person, c.how = *w.arrival, w.how
	c.epoch++
	c.offers, c.talks, c.waits, c.menus, c.vendors, c.waiting, c.impatient = 0, 0, 0, 0, 0, false, false
}

// startWaiting begins a wait. Its patience is drawn once this instant's offers
// have been answered, since most callers never need any.
func (w *World) startWaiting(e *realcore.Effect) {
	if e.Dir != realcore.Inbound {
		return
	}
	c := w.of(e)
	c.waiting = true
	if !c.impatient {
		w.queued = append(w.queued, e.Contact.Index)
	}
}

// losePatience plans the hanging up of those who have begun to wait at this
// instant and still do. Patience runs on through queues until an answer.
func (w *World) losePatience() {
	for _, i := range w.queued {
		c := &w.callers[i]
		if !c.waiting || c.impatient {
			continue
		}
		c.impatient = true
		d := c.how.Patience.Draw(c.luck, traffic.ForPatience, uint32(c.waits))
		c.waits++
		w.later(d, hangsUp, w.Center.RefAt(i)).epoch = c.epoch
	}
	w.queued = w.queued[:0]
}

// ring lets an agent pick up, decline, or miss the offer.
func (w *World) ring(e *realcore.Effect) {
	t := w.team(e.Agent)
	if t == nil {
		w.post(realcore.OfferAnswered, e.Offer)
		return
	}
	c := w.offeredTo(e)
	k := uint32(c.offers)
	c.offers++
	do := picksUp
	if t.Miss > 0 || t.Reject > 0 {
		u := c.luck.Uniform(traffic.ForMiss, k)
		if u < t.Miss {
			return // it rings until the core's ring time
		}
		if u < t.Miss+t.Reject {
			do = declines
		}
	}
	d := t.Ring.Draw(c.luck, traffic.ForRing, k)
	if d == 0 && do == picksUp {
		w.post(realcore.OfferAnswered, e.Offer)
		return
	}
	w.later(d, do, e.Offer)
}

// offeredTo returns whose luck decides about an offer: the caller's, or for a
// consultation nobody's, so the agent picks up as if for a first call.
func (w *World) offeredTo(e *realcore.Effect) *caller {
	if e.Dir == realcore.Internal {
		return &caller{}
	}
	return w.of(e)
}

func (w *World) team(a realcore.AgentID) *traffic.Team {
	teams := w.demand.Teams
	if len(teams) == 0 {
		return nil
	}
	g := w.groupOf[a]
	if int(g) >= len(teams) {
		return nil
	}
	return &teams[g]
}

// talk begins: its length is the serving group's quantile at the caller's u.
func (w *World) talk(e *realcore.Effect) {
	if e.Dir == realcore.Internal {
		return
	}
	c := w.of(e)
	c.waiting, c.impatient = false, false
	c.agent = e.Agent
	c.epoch++
	d := w.talkTime(c, e.Agent)
	c.talks++
	w.later(d, endsTalk, e.Contact).epoch = c.epoch
}

func (w *World) talkTime(c *caller, a realcore.AgentID) time.Duration {
	law := &c.how.Talk
	if len(c.how.ByGroup) > 0 {
		if g := w.groupOf[a]; int(g) < len(c.how.ByGroup) && !c.how.ByGroup[g].IsZero() {
			law = &c.how.ByGroup[g]
		}
	}
	return paced(law.Draw(c.luck, traffic.ForTalk, uint32(c.talks)), w.team(a))
}

func paced(d time.Duration, t *traffic.Team) time.Duration {
	if t == nil || t.Pace == 0 || t.Pace == 1 {
		return d
	}
	return time.Duration(float64(d)*t.Pace + 0.5)
}

func (w *World) segmentEnded(e *realcore.Effect) {
	if e.Arg == 0 || e.Dir == realcore.Internal {
		return
	}
	c := w.of(e)
	d := paced(c.how.WrapUp.Draw(c.luck, traffic.ForWrapUp, uint32(c.talks)), w.team(e.Agent))
	w.later(d, wrapsUp, e.Contact).agent = int32(e.Agent)
}

// rungBack: the customer of an outbound leg picks up, or does not.
func (w *World) rungBack(e *realcore.Effect) {
	c := w.of(e)
	c.epoch++
	c.agent = e.Agent
	do := notReached
	if c.luck.Uniform(traffic.ForReached, uint32(c.talks)) < c.how.Reached {
		do = reached
	}
	w.later(c.how.PickUp.Draw(c.luck, traffic.ForPickUp, uint32(c.talks)), do, e.Contact).epoch = c.epoch
}

// listen: the caller hears a prompt, and at a menu does something about it.
func (w *World) listen(e *realcore.Effect) {
	c := w.of(e)
	c.epoch++
	c.waiting, c.impatient = false, false // in a flow nobody counts the seconds
	length := w.plan.Prompts[e.Prompt].Length
	p := planned{do: promptEnds, ref: e.Contact, epoch: c.epoch}
	n := &w.plan.Nodes[e.Node]
	switch n.Kind {
	case realcore.CallbackNode:
		p.do, p.code = presses, '2'
		if c.luck.Uniform(traffic.ForCallback, uint32(c.menus)) < c.how.Callback {
			p.code = '1'
		}
		c.menus++
	case realcore.MenuNode:
		if int(e.Node) < len(c.how.Menus) {
			w.choose(c, &c.how.Menus[e.Node], &p)
		}
		c.menus++
	}
	*w.later(length, p.do, e.Contact) = p
}

// choose draws what the caller does at a menu: a key, nothing, or hanging up.
func (w *World) choose(c *caller, m *traffic.Menu, p *planned) {
	u := c.luck.Uniform(traffic.ForMenu, uint32(c.menus))
	for _, ch := range m.Choices {
		if u < ch.P {
			p.do, p.code = presses, ch.Digit
			return
		}
		u -= ch.P
	}
	if u < m.HangUp {
		p.do = hangsUp
	}
}

// announced: a caller who is offered a callback over the music may take it.
func (w *World) announced(e *realcore.Effect) {
	if e.Code == 0 {
		return
	}
	c := w.of(e)
	if c.luck.Uniform(traffic.ForCallback, uint32(c.menus)) < c.how.Callback {
		d := time.Duration(0)
		if e.Prompt != realcore.None {
			d = w.plan.Prompts[e.Prompt].Length
		}
		p := w.later(d, presses, e.Contact)
		p.code, p.epoch = '1', c.epoch
	}
	c.menus++
}

func (w *World) vendor(t realcore.TrunkID) *traffic.Vendor {
	if int(t) < len(w.demand.Vendors) {
		return &w.demand.Vendors[t]
	}
	return &traffic.Vendor{}
}

// diverted: the vendor takes the contact after a while, or refuses it. The
// caller goes on waiting, and his patience runs on.
func (w *World) diverted(e *realcore.Effect) {
	c := w.of(e)
	c.waiting = false
	v, k := w.vendor(e.Trunk), uint32(c.vendors)
	c.vendors++
	do := vendorTakes
	if v.Refuse > 0 && c.luck.Uniform(traffic.ForRefuse, k) < v.Refuse {
		do = vendorRefuses
	}
	w.later(v.Answer.Draw(c.luck, traffic.ForVendor, 2*k), do, e.Contact).epoch = c.epoch
}

// taken: the vendor has answered.
func (w *World) taken(e *realcore.Effect) {
	c := w.of(e)
	c.epoch++ // he has stopped being impatient
	c.impatient = false
	w.later(w.vendor(e.Trunk).Handle.Draw(c.luck, traffic.ForVendor, 2*uint32(c.vendors)-1), hangsUp, e.Contact).epoch = c.epoch
}

// gone: the contact is over; its caller may call again.
func (w *World) gone(e *realcore.Effect) {
	if e.Dir == realcore.Internal {
		return
	}
	c := w.of(e)
	c.epoch++
	switch realcore.Outcome(e.Code) {
	case realcore.Abandoned, realcore.LeftInFlow:
		w.callAgain(&c.person, traffic.CauseAbandon)
	case realcore.Disconnected:
		why := traffic.CauseAbandon
		if realcore.Cause(e.Arg) == realcore.CauseFull {
			why = traffic.CauseBusy
		}
		w.callAgain(&c.person, why)
	case realcore.OutOfHours:
		w.callAgain(&c.person, traffic.CauseClosed)
	}
	c.waiting, c.impatient = false, false
}
