package sipua

import (
	"slices"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// Carry takes the effects of one event or of timers; the loop carries them out.
func (s *Server) Carry(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
	list := slices.Clone(effects)
	s.do(false, func() {
		for i := range list {
			s.effect(&list[i])
		}
		s.letWait(list)
	})
}

func (s *Server) effect(e *realcore.Effect) {
	c := s.contacts[e.Key]
	switch e.Kind {
	case realcore.Accepted:
		if c != nil {
			c.ref, c.queue = e.Contact, e.Queue
			if c.customer != nil && c.customer.ended { // he gave up before the centre knew of him
				s.post(realcore.OfContact(realcore.HungUp, c.ref))
			}
		} else if e.Dir == realcore.Outbound {
			s.enter(&contact{key: e.Key, ref: e.Contact, queue: e.Queue, trunk: -1, agentID: realcore.None})
		}
		return
	case realcore.Rejected:
		if c != nil {
			s.rejected(c, realcore.Cause(e.Code))
		}
		return
	case realcore.WrapUpEnded, realcore.AgentBecame, realcore.PlanIs:
		return
	}
	if c == nil {
		return
	}
	switch e.Kind {
	case realcore.Queued:
		c.queue = e.Queue
	case realcore.Offer:
		s.ring(c, e)
	case realcore.Withdraw, realcore.OfferEnded:
		if r := s.offers[e.Offer]; r != nil {
			s.stopRinging(r)
		}
	case realcore.Connect:
		s.connect(c, e)
	case realcore.Dial:
		s.ringCustomer(c, e)
	case realcore.Divert:
		s.divert(c, e)
	case realcore.VendorJoined:
		if c.customer != nil && c.vendor != nil {
			s.accept(c.customer)
			s.join(c, c.customer, c.vendor)
		}
	case realcore.Play:
		s.play(c, e)
	case realcore.Announce:
		s.announce(c, e)
	case realcore.Hold:
		s.musicFor(c)
	case realcore.Retrieve:
		if c.customer != nil && c.agent != nil {
			s.join(c, c.customer, c.agent)
		}
	case realcore.CallbackTaken:
		c.waiting = false
	case realcore.SegmentEnded:
		s.segmentEnded(c)
	case realcore.HangUp:
		c.cause = statusOf(realcore.Cause(e.Code))
		if c.customer != nil {
			s.endLeg(c.customer)
			c.customer = nil
		}
	case realcore.Closed:
		s.closed(c, e)
	}
}

// letWait lets those hear music who, after all effects of a batch, wait in a queue; and
// those a ring to whom an agent is being rung at once.
func (s *Server) letWait(list []realcore.Effect) {
	for i := range list {
		e := &list[i]
		if !e.Enters() && e.Kind != realcore.Requeued || e.Dir != realcore.Inbound {
			continue
		}
		c := s.contacts[e.Key]
		if c == nil || c.customer == nil || c.customer.ended || c.agent != nil || c.vendor != nil {
			continue
		}
		if !c.customer.up && s.isRung(c) && e.Kind != realcore.Requeued {
			s.run(s.m.Ring(s.now(), c.customer.call, 180, nil))
			continue
		}
		s.musicFor(c)
	}
}

// musicFor lets the customer hear music on hold.
func (s *Server) musicFor(c *contact) {
	s.unjoin(c)
	if c.customer == nil || c.customer.ended {
		return
	}
	s.accept(c.customer)
	if !c.waiting && s.cfg.Music != nil {
		c.customer.audio.Loop(s.cfg.Music)
	}
	c.waiting = true
}

// rejected: the centre has no place for the call.
func (s *Server) rejected(c *contact, why realcore.Cause) {
	c.closed, c.cause = true, statusOf(why)
	s.forget(c)
	if c.customer != nil {
		s.endLeg(c.customer)
	}
}

// statusOf is the answer to a call that ends unanswered for a cause.
func statusOf(c realcore.Cause) int {
	switch c {
	case realcore.CauseNoLine, realcore.CauseFull:
		return 486
	case realcore.CauseLimit:
		return 503
	}
	return 480
}

// play plays a prompt once, and reports its end.
func (s *Server) play(c *contact, e *realcore.Effect) {
	if c.customer == nil {
		return
	}
	s.accept(c.customer)
	c.waiting = false
	ref, prompt := c.ref, e.Prompt
	done := func() { s.do(false, func() { s.post(realcore.OfContact(realcore.PromptDone, ref)) }) }
	clip := s.clip(prompt)
	if clip == nil {
		done()
		return
	}
	c.customer.audio.Play(clip, done)
}

func (s *Server) clip(p realcore.PromptID) *media.Clip {
	if p < 0 || int(p) >= len(s.cfg.Prompts) {
		return nil
	}
	return s.cfg.Prompts[p]
}

// announce plays over the music: the prompt, and then where the caller stands.
func (s *Server) announce(c *contact, e *realcore.Effect) {
	if c.customer == nil || c.customer.ended {
		return
	}
	s.accept(c.customer)
	if s.cfg.Announcement != nil {
		l := c.customer
		s.cfg.Announcement(int(e.Arg>>32), int(e.Arg&0xffffffff), e.Code == 1, func(clip *media.Clip) {
			s.do(false, func() { s.playOver(c, l, clip) })
		})
	}
	if clip := s.clip(e.Prompt); clip != nil {
		s.playOver(c, c.customer, clip)
	}
}

// playOver plays a clip to somebody who waits, after what is being played to him, and then
// the music again.
func (s *Server) playOver(c *contact, l *leg, clip *media.Clip) {
	if !c.waiting || l.ended || c.customer != l {
		return
	}
	if l.speaking {
		l.next = append(l.next, clip)
		return
	}
	l.speaking = true
	l.audio.Play(clip, func() {
		s.do(false, func() {
			l.speaking = false
			switch {
			case !c.waiting || l.ended || c.customer != l:
				l.next = nil
			case len(l.next) > 0:
				clip := l.next[0]
				l.next = l.next[1:]
				s.playOver(c, l, clip)
			case s.cfg.Music != nil:
				l.audio.Loop(s.cfg.Music)
			}
		})
	})
}

// segmentEnded: the agent's part is over.
func (s *Server) segmentEnded(c *contact) {
	s.unjoin(c)
	if c.agent != nil {
		s.last(c.agentID, c.ref)
		if c.agent.handing {
			c.agent.handing = false
			code := 200
			if c.handedTo != nil {
				code = 487
			}
			s.notify(c.agent, code, true)
		}
		s.endLeg(c.agent)
		c.agent = nil
	}
	s.callBack(c)
	c.agentID = realcore.None
}

// closed: nothing of the contact is left.
func (s *Server) closed(c *contact, e *realcore.Effect) {
	c.closed = true
	s.stopRecording(c)
	if l := c.dialler; l != nil {
		s.endLeg(l)
	}
	if c.cause == 0 {
		c.cause = statusOf(realcore.Cause(e.Arg))
	}
	for _, l := range []*leg{c.customer, c.agent, c.vendor} {
		if l != nil {
			s.endLeg(l)
		}
	}
	s.forget(c)
}

// reoffered answers a re-INVITE: hold and resume among them.
func (s *Server) reoffered(l *leg, o *dialog.Out) {
	if code, extra := inspect(o.Req); code != 0 {
		s.respond(o.In, code, extra)
		return
	}
	if l == nil || l.ended {
		s.respond(o.In, 481, nil)
		return
	}
	flow := o.In.Flow()
	if o.SDP == nil { // it wants an offer (14.2); the answer is in its ACK
		l.awaiting = true
		s.run(s.m.Answer(s.now(), o.In, &dialog.Extra{Body: l.session.Offer(s.local(l, flow), dialog.SendRecv)}))
		return
	}
	body, m, err := l.session.Answer(o.SDP, s.local(l, flow), dialog.SendRecv)
	if err != nil {
		s.respond(o.In, 488, nil)
		return
	}
	s.run(s.m.Answer(s.now(), o.In, &dialog.Extra{Body: body}))
	s.agree(l, m, flow)
	s.heldBy(l, m.Hold)
}

// heldBy: a peer has put us on hold or taken us back. An agent's hold is the centre's
// business; a customer's is his own.
func (s *Server) heldBy(l *leg, hold bool) {
	if l.held == hold {
		return
	}
	l.held = hold
	if l.role != agentSide || l.of == nil || l.of.agent != l {
		return
	}
	kind := realcore.Retrieved
	if hold {
		kind = realcore.Held
	}
	s.post(realcore.OfContact(kind, l.of.ref))
}

// inside answers other requests of a call.
func (s *Server) inside(l *leg, o *dialog.Out) {
	if code, extra := inspect(o.Req); code != 0 {
		s.respond(o.In, code, extra)
		return
	}
	switch o.Req.Method {
	case sip.OPTIONS:
		s.respond(o.In, 200, headers("Accept", "application/sdp"))
	case sip.INFO:
		s.info(l, o)
	case sip.REFER:
		s.refer(l, o)
	case sip.NOTIFY:
		s.respond(o.In, 489, nil)
	case sip.CANCEL: // of a re-INVITE: answered
	default:
		s.respond(o.In, 405, nil)
	}
}
