package sipua

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// ringing is an offer: an agent's phones ring, all of them, and the first that answers
// has it.
type ringing struct {
	offer realcore.Ref
	agent realcore.AgentID
	of    *contact
	legs  []*leg
	taken *leg
	over  bool
}

// ring lets an agent's phones ring for a contact.
func (s *Server) ring(c *contact, e *realcore.Effect) {
	if c.dialler != nil {
		s.answersHimself(c, e)
		return
	}
	a := s.ofAgent[e.Agent]
	r := &ringing{offer: e.Offer, agent: e.Agent, of: c}
	s.offers[e.Offer] = r
	if a != nil {
		for _, b := range s.reachable(a.User) {
			s.ringPhone(r, a, b)
		}
	}
	if len(r.legs) == 0 {
		s.stopRinging(r)
		s.missed(e.Agent)
		s.post(realcore.OfOffer(realcore.OfferFailed, e.Offer))
	}
}

func (s *Server) ringPhone(r *ringing, a *Account, b *binding) {
	var uri sip.Uri
	if sip.ParseUri(b.Contact, &uri) != nil {
		return
	}
	l, err := s.newLeg(agentSide, nil, -1)
	if err != nil {
		s.cfg.Log.Error("no audio for an agent's phone", "err", err)
		return
	}
	l.ringing = r
	r.legs = append(r.legs, l)
	from := "<sip:" + orAnonymous(r.of.ani) + "@" + s.hostFor(b.Flow) + ">"
	if name := s.queueName(r.of.queue); name != "" {
		from = `"` + name + `" ` + from
	}
	call, out := s.m.Invite(s.now(), dialog.Invite{Target: uri, Flow: b.Flow, From: from, To: "<sip:" + a.User + "@" + s.cfg.Realm + ">",
		Contact: s.contactFor(b.Flow, "callwright"), SDP: l.session.Offer(s.local(l, b.Flow), dialog.SendRecv), Data: l, MaxForwards: r.of.forwards()})
	l.call = call
	s.run(out)
}

// forwards is the Max-Forwards of legs made for a contact: one less than it came with
// (16.6); whoever had none left has been refused.
func (c *contact) forwards() int {
	switch {
	case !c.came: // it begins here
		return 70
	case c.hops == 0:
		return dialog.NoForwards
	}
	return c.hops
}

func orAnonymous(ani string) string {
	if ani == "" {
		return "anonymous"
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("+-_.", r) {
			return r
		}
		return '_'
	}, ani)
}

func (s *Server) queueName(q realcore.QueueID) string {
	if q < 0 || int(q) >= len(s.cfg.Queues) {
		return ""
	}
	return strings.NewReplacer(`"`, "", `\`, "").Replace(s.cfg.Queues[q])
}

// stopRinging ends an offer's legs, but for the one that was taken.
func (s *Server) stopRinging(r *ringing) {
	if r.over {
		return
	}
	r.over = true
	delete(s.offers, r.offer)
	for _, l := range r.legs {
		if l != r.taken {
			s.endLeg(l)
		}
	}
}

// isRung reports whether an agent's phone rings for the contact.
func (s *Server) isRung(c *contact) bool {
	for _, r := range s.offers {
		if r.of == c {
			return true
		}
	}
	return false
}

// answered: somebody we called has picked up.
func (s *Server) answered(l *leg, o *dialog.Out) {
	if l == nil || l.ended {
		return
	}
	l.up = true
	m, err := l.session.Accept(o.SDP)
	if err != nil { // it answered without audio that we can use
		s.endLeg(l)
		s.unanswered(l, 488)
		return
	}
	s.agree(l, m, o.Call.Flow())
	switch {
	case l.ringing != nil:
		s.pickedUp(l)
	case l.role == customer:
		s.post(realcore.OfContact(realcore.DialAnswered, l.of.ref))
	case l.of.straight:
		s.straightAnswered(l.of)
	case l.role == vendor:
		s.post(realcore.OfContact(realcore.VendorAnswered, l.of.ref))
	}
}

// pickedUp: an agent has answered. If the offer is over meanwhile he is hung up on.
func (s *Server) pickedUp(l *leg) {
	r := l.ringing
	if r.over || r.taken != nil {
		s.endLeg(l)
		return
	}
	r.taken = l
	delete(s.away, r.agent)
	for _, other := range r.legs {
		if other != l {
			s.endLeg(other)
		}
	}
	s.host.PostWith(realcore.OfOffer(realcore.OfferAnswered, r.offer), func(err error) {
		if err != nil {
			s.do(false, func() { s.endLeg(l) })
		}
	})
}

// connect joins customer and agent.
func (s *Server) connect(c *contact, e *realcore.Effect) {
	if c.agent == nil && !s.takeAgent(c, e) {
		return
	}
	if c.customer == nil {
		return
	}
	s.accept(c.customer)
	s.join(c, c.customer, c.agent)
	s.record(c)
}

// takeAgent makes the leg that answered the offer the contact's.
func (s *Server) takeAgent(c *contact, e *realcore.Effect) bool {
	r := s.offers[e.Offer]
	if r == nil || r.taken == nil {
		return false
	}
	l := r.taken
	s.stopRinging(r)
	l.ringing, l.of = nil, c
	c.agent, c.agentID = l, e.Agent
	if l.ended { // he has hung up between answer and effect
		s.post(realcore.Event{Kind: realcore.Released, Contact: c.ref, Agent: c.agentID})
		return false
	}
	return true
}

// refused: somebody we called does not come.
func (s *Server) refused(l *leg, o *dialog.Out) {
	if l == nil || l.ended {
		return
	}
	s.closeLeg(l)
	if o.Code == 301 || o.Code == 302 {
		if s.redirected(l, o.Res) {
			return
		}
		s.cfg.Log.Info("a redirection is not followed", "code", o.Code)
	}
	s.unanswered(l, o.Code)
}

func (s *Server) unanswered(l *leg, code int) {
	switch {
	case l.ringing != nil:
		s.phoneRefused(l, code)
	case l.of == nil || l.of.closed, s.tryNext(l, code):
	case l.role == customer:
		s.post(realcore.OfContact(realcore.DialFailed, l.of.ref))
	case l.role == vendor:
		s.vendorRefused(l, code)
	}
}

// phoneRefused: one of the agent's phones will not; when none is left, the agent has
// declined (busy, decline), or his phones are not there.
func (s *Server) phoneRefused(l *leg, code int) {
	r := l.ringing
	if r.over {
		return
	}
	for _, other := range r.legs {
		if !other.ended {
			return
		}
	}
	s.stopRinging(r)
	kind := realcore.OfferRejected // busy, do not disturb, no codec in common: asked again he would say the same
	if !l.sentOn && (code == 0 || code == 404 || code == 408 || code == 410 || code >= 500 && code < 600) {
		kind = realcore.OfferFailed
		s.missed(r.agent)
	}
	s.post(realcore.OfOffer(kind, r.offer))
}

// missed notes that an agent could not be rung, which the centre takes for a lost phone.
// He is there again after a while, longer each time until he has answered.
func (s *Server) missed(a realcore.AgentID) {
	s.present[a] = false
	w := s.away[a]
	w.pause = min(max(2*w.pause, time.Second), s.cfg.Keepalive)
	w.until = time.Now().Add(w.pause)
	s.away[a] = w
	if account := s.ofAgent[a]; account != nil {
		for _, b := range s.bindings[account.User] {
			b.nextAsk = time.Now()
		}
	}
}

// awayFor is how long an agent whose phone could not be rung is left alone.
type awayFor struct {
	until time.Time
	pause time.Duration
}

// last remembers whose wrap-up an agent's code ends.
func (s *Server) last(a realcore.AgentID, c realcore.Ref) {
	s.lasts[a] = c
}

func (s *Server) lastOf(a realcore.AgentID) realcore.Ref { return s.lasts[a] }

// info takes digits sent by INFO (application/dtmf-relay, application/dtmf).
func (s *Server) info(l *leg, o *dialog.Out) {
	ct := o.Req.ContentType()
	if ct == nil {
		s.respond(o.In, 200, nil)
		return
	}
	kind, _, _ := strings.Cut(strings.ToLower(ct.Value()), ";")
	switch strings.TrimSpace(kind) {
	case "application/dtmf-relay", "application/dtmf":
		s.respond(o.In, 200, nil)
		if key, ok := infoDigit(string(o.Req.Body())); ok && l != nil && l.of != nil {
			l.audio.Press(key) // it comes back as those in the audio do, or not while a recording rests
		}
	default:
		s.respond(o.In, 415, headers("Accept", "application/dtmf-relay, application/dtmf"))
	}
}

// infoDigit reads "Signal=5" or "5".
func infoDigit(body string) (byte, bool) {
	v := strings.TrimSpace(body)
	for line := range strings.Lines(body) {
		if k, x, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(k), "signal") {
			v = strings.TrimSpace(x)
			break
		}
	}
	if n, err := strconv.Atoi(v); err == nil && n >= 10 && n <= 15 {
		return "*#ABCD"[n-10], true
	}
	if len(v) == 1 && strings.Contains("0123456789*#ABCD", v) {
		return v[0], true
	}
	return 0, false
}

// confirmation is what an agent hears after a code: one tone, or two if it did not apply.
func confirmation(good bool) *media.Clip {
	if good {
		return media.Beep()
	}
	return media.Busy(rtp.Japan)
}
