package center

import "callwright/realcore"

// offer is one agent being asked about one contact. It exists from the first
// ring to the outcome; agents and contacts only refer to it.
type offer struct {
	gen     uint32
	agent   realcore.AgentID
	contact realcore.Ref
}

type offerSlab struct {
	a    []offer
	free []uint32
}

func (s *offerSlab) at(r realcore.Ref) *offer {
	if int(r.Index) >= len(s.a) || s.a[r.Index].gen != r.Gen || s.a[r.Index].contact.IsZero() {
		return nil
	}
	return &s.a[r.Index]
}

func (s *offerSlab) take() (realcore.Ref, *offer) {
	var i uint32
	if n := len(s.free); n > 0 {
		i = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		s.a = append(s.a, offer{})
		i = uint32(len(s.a) - 1)
	}
	o := &s.a[i]
	o.gen++
	return realcore.Ref{Index: i, Gen: o.gen}, o
}

func (s *offerSlab) put(i uint32) {
	s.a[i].contact = realcore.Ref{}
	s.a[i].gen++
	s.free = append(s.free, i)
}

// offerTo lets the agent's phone ring for the contact.
func (c *Center) offerTo(k *contact, a realcore.AgentID) {
	c.delist(k)
	p := &c.pools[k.pool]
	ag := &c.agents[a]
	s := c.freeSlot(ag, p.chan_)
	ref, o := c.offers.take()
	o.agent, o.contact = a, k.ref
	c.slots[s].state, c.slots[s].contact, c.slots[s].group = realcore.Reserved, k.ref, ag.group
	k.state, k.agent, k.slot, k.offer = offered, a, s, ref
	k.preferred = realcore.None
	c.turn++
	ag.turn = c.turn
	*c.takenBy(p.class, ag.group)++
	if ag.slots == 1 {
		ag.ready = false
		c.unlistAgent(a, ag)
	} else {
		c.delistUnroutable(a)
	}
	if d := c.groups[ag.group].ring; d > 0 {
		c.timers.arm(c, d, ringTimer, ref.Index, ref.Gen)
	}
	e := c.say(realcore.Offer, k)
	e.Agent, e.Offer, e.Chan = a, ref, p.chan_
	c.showAs(a, realcore.Reserved)
}

func (c *Center) freeSlot(ag *agent, ch realcore.Channel) int32 {
	if ag.slots == 1 { // whoever may be offered anything has it free
		return ag.slot0
	}
	for s := ag.slot0; s < ag.slot0+int32(ag.slots); s++ {
		if c.slots[s].state == idle && c.slots[s].chan_ == ch {
			return s
		}
	}
	panic("center: offer to an agent without a free slot")
}

// answerOffer takes what became of ringing.
func (c *Center) answerOffer(ev *realcore.Event) error {
	o := c.offers.at(ev.Offer)
	if o == nil {
		return ErrGone
	}
	k, a := c.contacts.at(o.contact), o.agent
	switch ev.Kind {
	case realcore.OfferAnswered:
		c.offerTaken(k, a)
	case realcore.OfferRejected:
		c.offerFailed(k, a, realcore.OfferDeclined)
	case realcore.OfferFailed:
		c.setDevice(a, false)
		c.settle(a)
	}
	return nil
}

func (c *Center) ringExpired(id uint32) {
	o := &c.offers.a[id]
	c.offerFailed(c.contacts.at(o.contact), o.agent, realcore.OfferExpired)
}

// offerFailed gives the contact its place back and the agent what he deserves.
func (c *Center) offerFailed(k *contact, a realcore.AgentID, how realcore.OfferOutcome) {
	c.endOffer(k, how)
	switch how {
	case realcore.OfferExpired:
		c.punish(a, realcore.ReasonRONA)
	case realcore.OfferDeclined:
		c.punish(a, realcore.ReasonReject)
	}
	c.delistUnroutable(a)
	c.show(a)
	c.comeBack(k)
	c.settle(a) // he may have asked for contacts, or be ready on another channel
}

// endOffer ends the offer of k without an answer: the phone stops ringing and
// the slot is free. What becomes of contact and agent is the caller's business.
func (c *Center) endOffer(k *contact, how realcore.OfferOutcome) {
	if how != realcore.OfferDeclined && how != realcore.OfferUndelivered {
		e := c.say(realcore.Withdraw, k)
		e.Agent, e.Offer = k.agent, k.offer
	}
	e := c.say(realcore.OfferEnded, k)
	e.Agent, e.Offer, e.Code = k.agent, k.offer, uint8(how)
	*c.takenBy(k.class, c.slots[k.slot].group)--
	c.offers.put(k.offer.Index)
	c.idleSlot(k.slot)
	k.agent, k.slot, k.offer = realcore.None, realcore.None, realcore.Ref{}
	k.state = waiting
}

// idleSlot frees a slot.
func (c *Center) idleSlot(s int32) {
	sl := &c.slots[s]
	sl.state, sl.contact = idle, realcore.Ref{}
	sl.count++
}

func b2i(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
