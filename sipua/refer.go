package sipua

import (
	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

// refer is a blind transfer: the agent hands his caller on to another queue (its
// number), to a colleague (his extension: the caller waits for him in his queue), to a
// telephone number (straight.go), or to nobody we know, which is refused. He is told by NOTIFY (RFC 3515) and hung up on.
func (s *Server) refer(l *leg, o *dialog.Out) {
	if l == nil || l.role != agentSide || l.of == nil || l.of.agent != l || l.of.handedTo != nil {
		s.respond(o.In, 403, nil)
		return
	}
	h := o.Req.GetHeader("refer-to")
	if h == nil {
		s.respond(o.In, 400, nil)
		return
	}
	var u sip.Uri
	var p sip.HeaderParams
	if _, err := sip.ParseAddressValue(h.Value(), &u, &p); err != nil {
		s.respond(o.In, 400, nil)
		return
	}
	if _, attended := u.Headers.Get("Replaces"); attended {
		s.respond(o.In, 501, nil) // attended transfer comes later
		return
	}
	ev, ok := s.transferTo(l.of, userOf(&u))
	switch {
	case ok:
	case Outside(&s.cfg.Dial, userOf(&u)):
		s.handOut(l, o.In, userOf(&u))
		return
	default:
		s.respond(o.In, 404, nil)
		return
	}
	s.respond(o.In, 202, nil)
	s.notify(l, 100, false)
	l.handing = true
	s.host.PostWith(ev, func(err error) {
		s.do(false, func() {
			if l.handing && err != nil { // the effects of success have told it before
				l.handing = false
				s.notify(l, 503, true)
			}
		})
	})
}

// transferTo is the event of a transfer to a number.
func (s *Server) transferTo(c *contact, number string) (ev realcore.Event, ok bool) {
	ev = realcore.Event{Kind: realcore.TransferBlind, Contact: c.ref, Queue: c.queue, Agent: realcore.None}
	if a := s.byExt[number]; a != nil && a.Agent != realcore.None {
		ev.Agent = a.Agent
		return ev, c.queue != realcore.None
	}
	if q, ok := s.cfg.QueueNumbers[number]; ok {
		ev.Queue = q
		return ev, true
	}
	return ev, false
}

// notify tells how a transfer goes, as a piece of a SIP answer (RFC 3420).
func (s *Server) notify(l *leg, code int, last bool) {
	if l.ended {
		return
	}
	state := "active;expires=300" // a number outside may ring for two minutes at each of the trunk's addresses
	if last {
		state = "terminated;reason=noresource"
	}
	_, out := s.m.Ask(s.now(), l.call, sip.NOTIFY, nil, []sip.Header{sip.NewHeader("Event", "refer"), sip.NewHeader("Subscription-State", state)},
		"message/sipfrag;version=2.0", []byte("SIP/2.0 "+itoa(code)+" "+dialog.Reason(code)+"\r\n"))
	s.run(out)
}
