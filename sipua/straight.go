package sipua

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// A straight call joins a leg of ours with one to the telephone network, and the centre
// knows nothing of it: a number dialled by a phone whose agent takes no calls now, or
// that is no agent's; an emergency number, which must not wait for anybody; a caller
// handed on to a number outside. MayDial and the trunks' limits hold for it as for any
// other, its audio's quality is reported; it is in no record and is not recorded.

// outside reads a telephone number dialled by one of our phones.
func (s *Server) outside(user string, from who) (number string, ok bool) {
	if from.account == nil {
		return "", false
	}
	return user, Outside(&s.cfg.Dial, user)
}

// dialsOut takes a call of one of our phones to a telephone number. That of an agent who
// is ready goes through the centre, so that he is offered nothing meanwhile and the call
// has its record.
func (s *Server) dialsOut(o *dialog.Out, a *Account, number string, hops int) {
	number = normal(number)
	c := &contact{key: s.host.Key(), by: s.agentKey(a.Agent), queue: realcore.None, agentID: realcore.None, trunk: -1,
		number: number, ani: number, came: true, hops: hops - 1, allowed: true, straight: true}
	if a.Agent == realcore.None {
		c.by = "phone " + a.User
	}
	code := 0
	if !s.mayDial(c.by, number, false) {
		code = 403
	} else if s.trunkTo(number) < 0 {
		code = 480
	}
	var l *leg
	if code == 0 {
		l, code = s.incomingLeg(o, c, -1)
	}
	if code != 0 {
		s.run(s.m.Refuse(s.now(), o.Call, code, "", comeAgain(code)))
		return
	}
	c.customer = l
	s.straights[c] = true
	queue := s.queueOf(a.Agent)
	if queue == realcore.None || s.emergency(number) {
		s.goStraight(c)
		return
	}
	s.ifReady(a.Agent, func(ready bool) {
		switch {
		case l.ended:
		case ready:
			s.throughCentre(c, a.Agent, queue)
		default:
			s.goStraight(c)
		}
	})
}

// queueOf is the queue in which an agent's own calls out are counted: the first that he
// serves.
func (s *Server) queueOf(a realcore.AgentID) realcore.QueueID {
	p := s.host.Plan()
	if a == realcore.None || int(a) >= len(p.Agents) {
		return realcore.None
	}
	for _, v := range p.Groups[p.Agents[a].Group].Serves {
		if q := p.Classes[v.Class].Queue; !p.Queues[q].Drain {
			return q
		}
	}
	return realcore.None
}

// ifReady asks the centre, and tells the loop.
func (s *Server) ifReady(a realcore.AgentID, then func(ready bool)) {
	s.readers.Add(1)
	go func() {
		defer s.readers.Done()
		ctx, cancel := context.WithTimeout(s.ctx, time.Second)
		defer cancel()
		state, _, err := s.host.Agent(ctx, a)
		s.do(false, func() { then(err == nil && state == realcore.Ready) })
	}()
}

// throughCentre has the centre offer the contact to the agent who dialled it: his leg is
// there already, see ring.
func (s *Server) throughCentre(c *contact, a realcore.AgentID, q realcore.QueueID) {
	delete(s.straights, c)
	l := c.customer
	c.straight, c.customer, c.came = false, nil, false
	c.dialler, c.queue = l, q
	l.role, l.of = agentSide, nil
	s.enter(c)
	s.host.PostWith(realcore.Event{Kind: realcore.Dialled, Key: c.key, Queue: q, Agent: a}, func(err error) {
		s.do(false, func() {
			if c.dialler == nil { // he has it
				return
			}
			if err != nil {
				s.forget(c)
			}
			l := c.dialler
			s.closeLeg(l)
			s.run(s.m.Refuse(s.now(), l.call, 480, "", nil))
		})
	})
}

// answersHimself takes the leg on which an agent dialled the contact for his answer to
// its offer. If he was given another call at that very moment, or has given up, the centre
// offers it to whoever is next; nobody is rung for it then, and it ends (see takeAgent).
func (s *Server) answersHimself(c *contact, e *realcore.Effect) {
	l := c.dialler
	if c.dialler = nil; s.agentKey(e.Agent) != c.by && !l.ended {
		s.closeLeg(l)
		s.run(s.m.Refuse(s.now(), l.call, 480, "", nil))
	}
	r := &ringing{offer: e.Offer, agent: e.Agent, of: c, legs: []*leg{l}, taken: l}
	s.offers[e.Offer] = r
	l.ringing = r
	s.accept(l)
	s.host.PostWith(realcore.OfOffer(realcore.OfferAnswered, e.Offer), func(err error) {
		if err != nil { // withdrawn meanwhile: nothing else ends this leg
			s.do(false, func() { s.endLeg(l) })
		}
	})
}

// goStraight calls the number.
func (s *Server) goStraight(c *contact) {
	trunk := s.trunkTo(c.number)
	if trunk >= 0 {
		c.vendor = s.callOut(c, vendor, trunk, c.number, s.cfg.Trunks[trunk].Number)
	}
	if c.vendor == nil {
		s.straightRefused(c, 480)
	}
}

// straightRings lets whoever waits for the far end hear that it rings.
func (s *Server) straightRings(c *contact) {
	if l := c.customer; l != nil && !l.ended && !l.up {
		s.run(s.m.Ring(s.now(), l.call, 180, nil))
	}
}

// straightAnswered joins the two, once the far end has answered.
func (s *Server) straightAnswered(c *contact) {
	if from := c.from; from != nil && c.customer == nil {
		if !s.takeOver(c, from) {
			return
		}
		if l := from.agent; l != nil {
			s.notify(l, 200, true)
			l.handing = false
			s.endLeg(l)
		}
		s.letGo(from)
	}
	s.accept(c.customer)
	s.join(c, c.customer, c.vendor)
}

// straightRefused: the far end does not come. A phone is told so; an agent who wants to
// hand his caller on still has him, if he has waited; a caller who waits alone hears it.
func (s *Server) straightRefused(c *contact, code int) {
	if code < 400 || code >= 500 && code < 600 || code == 401 || code == 407 || code == 487 { // the last answers a CANCEL (21.4.25), and the phone sent none
		code = 480
	}
	c.vendor = nil
	switch l := c.customer; {
	case l == nil:
		s.straightOver(c)
		if from := c.from; from != nil && from.handedTo == c {
			from.handedTo = nil
			if from.agent != nil {
				from.agent.handing = false
				s.notify(from.agent, code, true)
			}
		}
	case !l.up:
		s.straightOver(c)
		s.closeLeg(l)
		s.run(s.m.Refuse(s.now(), l.call, code, "", nil))
	default:
		l.audio.Loop(media.Busy(rtp.Japan))
		time.AfterFunc(4*time.Second, func() { s.do(false, func() { s.straightGone(l) }) })
	}
}

// straightGone: one of the two has hung up, so the other is hung up on.
func (s *Server) straightGone(l *leg) {
	c := l.of
	for _, x := range []*leg{c.customer, c.vendor} {
		if x != nil {
			s.endLeg(x)
		}
	}
	s.straightOver(c)
}

func (s *Server) straightOver(c *contact) { delete(s.straights, c) }

// handOut is a blind transfer to a telephone number, which the agent must be allowed to
// dial. He keeps his caller until the far end answers, unless he hangs up before; the
// centre's part of the contact ends with his.
func (s *Server) handOut(l *leg, in *dialog.Incoming, number string) {
	from := l.of
	trunk := s.trunkTo(number)
	switch {
	case from.customer == nil || !from.customer.up: // he is being rung himself
		s.respond(in, 403, nil)
		return
	case !s.mayDial(s.agentKey(from.agentID), number, false):
		s.respond(in, 403, nil)
		return
	case trunk < 0:
		s.respond(in, 480, nil)
		return
	}
	s.respond(in, 202, nil)
	s.notify(l, 100, false)
	c := &contact{key: from.key, by: s.agentKey(from.agentID), queue: realcore.None, agentID: realcore.None, trunk: -1,
		number: normal(number), ani: from.ani, came: from.came, hops: from.hops, allowed: true, straight: true, from: from}
	l.handing, from.handedTo = true, c
	s.straights[c] = true
	s.goStraight(c)
}

// takeOver makes the customer of a contact that of the straight call he is handed on to.
// If he has hung up, that is over.
func (s *Server) takeOver(c, from *contact) bool {
	l := from.customer
	if l == nil || l.ended {
		s.callBack(from)
		return false
	}
	from.handedTo = nil
	s.unjoin(from)
	s.stopRecording(from)
	from.customer, c.customer, l.of = nil, l, c
	s.accept(l)
	if s.cfg.Ringback != nil {
		l.audio.Loop(s.cfg.Ringback)
	}
	return true
}

// letGo ends the centre's part of a contact whose customer has been taken over. If the
// centre has moved it on at that very moment, nobody is on the line there.
func (s *Server) letGo(from *contact) {
	s.host.PostWith(realcore.Event{Kind: realcore.Released, Contact: from.ref, Agent: from.agentID}, func(err error) {
		if err != nil {
			s.do(false, func() { s.post(realcore.OfContact(realcore.HungUp, from.ref)) })
		}
	})
}

// callBack gives up handing a contact's customer on outside: he has hung up while it rang,
// or was handed on elsewhere, by the agent's page say.
func (s *Server) callBack(from *contact) {
	c := from.handedTo
	if c == nil {
		return
	}
	from.handedTo = nil
	if c.vendor != nil {
		s.endLeg(c.vendor)
	}
	s.straightOver(c)
}

// redirected follows an answer that says to call elsewhere (301, 302; 8.1.3.4), once, to
// a telephone number that may be dialled by whom it was sent for. A phone that sends its
// calls to a colleague is not followed: who takes a call is the centre's choice.
func (s *Server) redirected(l *leg, res *sip.Response) bool {
	number, ok := sentTo(res)
	if !ok || l.sentOn || !Outside(&s.cfg.Dial, number) || s.emergency(number) { // no limit holds for those, and nobody has dialled it
		return false
	}
	of, whose := l.of, ""
	switch r := l.ringing; {
	case r != nil && !r.over:
		of, whose = r.of, s.agentKey(r.agent)
	case of == nil || of.closed:
		return false
	case l.trunk >= 0:
		whose = "trunk " + itoa(l.trunk) + " sends on"
	}
	trunk := s.trunkTo(number)
	if trunk < 0 || !s.mayDial(whose, number, false) {
		return false
	}
	again := s.callOutBy(outLeg{of: of, role: l.role, trunk: trunk, number: normal(number), from: s.cfg.Trunks[trunk].Number, ringing: l.ringing, sentOn: true})
	switch {
	case again == nil:
		return false
	case l.ringing != nil:
		l.ringing.legs = append(l.ringing.legs, again)
	case l.role == customer:
		of.customer = again
	default:
		of.vendor = again
	}
	return true
}

// sentTo is the number that a redirection names first.
func sentTo(res *sip.Response) (string, bool) {
	if res == nil {
		return "", false
	}
	c := res.Contact()
	if c == nil {
		return "", false
	}
	return userOf(&c.Address), true
}
