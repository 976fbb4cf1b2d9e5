package sipua

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// fact deals with what a dialog tells.
func (s *Server) fact(o *dialog.Out) {
	l := legOf(o.Call)
	switch o.Fact {
	case dialog.Invited:
		s.invited(o)
	case dialog.Requested:
		s.requested(o.In)
	case dialog.Cancelled:
		if l != nil {
			s.gone(l)
		}
	case dialog.Confirmed:
		s.confirmed(l, o)
	case dialog.Progress: // the one who waits for it hears our own ringing
		if l != nil && l.of != nil && l.of.straight {
			s.straightRings(l.of)
		}
	case dialog.Answered:
		s.answered(l, o)
	case dialog.Refused:
		s.refused(l, o)
	case dialog.Ended:
		if l != nil {
			s.gone(l)
		}
	case dialog.Reoffered:
		s.reoffered(l, o)
	case dialog.Inside:
		s.inside(l, o)
	case dialog.Replied:
		switch x := o.Ask.Data.(type) {
		case func(int):
			x(o.Code)
		case trunkAsk:
			x.done(o.Code)
		}
	}
}

func legOf(c *dialog.Call) *leg {
	if c == nil {
		return nil
	}
	l, _ := c.Data.(*leg)
	return l
}

// requested answers requests outside of dialogs.
func (s *Server) requested(in *dialog.Incoming) {
	if code, extra := inspect(in.Request()); code != 0 {
		s.respond(in, code, extra)
		return
	}
	switch in.Request().Method {
	case sip.REGISTER:
		if s.sender.account == nil {
			s.respond(in, 403, nil)
			return
		}
		s.registered(in, s.sender.account)
	case sip.OPTIONS:
		s.respond(in, 200, headers("Accept", "application/sdp"))
	default:
		s.respond(in, 405, nil)
	}
}

// invited takes a call: an agent's code, or a caller for an entry.
func (s *Server) invited(o *dialog.Out) {
	from := s.sender
	if code, extra := inspect(o.Req); code != 0 {
		s.run(s.m.Refuse(s.now(), o.Call, code, "", extra))
		return
	}
	if s.closing {
		s.run(s.m.Refuse(s.now(), o.Call, 503, "", comeAgain(503)))
		return
	}
	user := userOf(&o.Req.Recipient)
	number, out := s.outside(user, from)
	urgent := out && s.emergency(number) // whatever else the number means here
	if kind, reason, ok := s.codeOf(user, from); ok && !urgent {
		s.agentCode(o, from.account, kind, reason)
		return
	}
	entry, entered := s.entryOf(o.Req, from)
	hops := 70
	if mf := o.Req.MaxForwards(); mf != nil {
		hops = int(mf.Val())
	}
	if hops == 0 { // a leg to an agent would have to be made (16.3)
		s.run(s.m.Refuse(s.now(), o.Call, 483, "", nil))
		return
	}
	if out && (urgent || !entered) {
		s.dialsOut(o, from.account, number, hops)
		return
	}
	if from.trunk >= 0 && s.full(from.trunk) {
		s.run(s.m.Refuse(s.now(), o.Call, 486, "", nil))
		return
	}
	c := &contact{key: s.host.Key(), queue: realcore.None, agentID: realcore.None, trunk: from.trunk, ani: s.callerOf(o.Req, from), came: true, hops: hops - 1}
	c.number = normal(c.ani)
	l, code := s.incomingLeg(o, c, from.trunk)
	if code != 0 {
		s.run(s.m.Refuse(s.now(), o.Call, code, "", comeAgain(code)))
		return
	}
	c.customer = l
	s.enter(c)
	if err := s.host.Post(realcore.Arrive(c.key, entry)); err != nil {
		s.counts.overload.Add(1)
		s.forget(c)
		s.run(s.m.Refuse(s.now(), o.Call, 503, "", comeAgain(503)))
		s.closeLeg(l)
	}
}

// comeAgain says when a call that there is no room for may be tried again: randomly, so
// that they do not all come at once.
func comeAgain(code int) *dialog.Extra {
	if code != 503 {
		return nil
	}
	return headers("Retry-After", itoa(5+int(random()%20)))
}

// incomingLeg opens the audio of a call that comes in, and looks at its offer.
func (s *Server) incomingLeg(o *dialog.Out, c *contact, trunk int) (*leg, int) {
	if o.SDP != nil {
		if _, _, err := dialog.NewSession(0).Answer(o.SDP, s.addrs[0], dialog.SendRecv); err != nil {
			if errors.Is(err, dialog.ErrBadSDP) {
				return nil, 400
			}
			return nil, 488
		}
	}
	l, err := s.newLeg(customer, c, trunk)
	if err != nil {
		s.cfg.Log.Error("no audio for a call", "err", err)
		return nil, 503
	}
	l.call, l.offered, l.offer = o.Call, o.SDP != nil, o.SDP
	o.Call.Data = l
	if trunk >= 0 {
		s.trunks[trunk].busy++
	}
	return l, 0
}

// accept answers a call that came in, if that has not been done.
func (s *Server) accept(l *leg) {
	if l.up || l.ended {
		return
	}
	l.up = true
	flow := l.call.Flow()
	var body []byte
	if l.offered {
		b, m, err := l.session.Answer(l.offer, s.local(l, flow), dialog.SendRecv)
		if err != nil {
			return // it was read before
		}
		body = b
		s.agree(l, m, flow)
	} else {
		body, l.awaiting = l.session.Offer(s.local(l, flow), dialog.SendRecv), true
	}
	s.run(s.m.Accept(s.now(), l.call, s.contactFor(flow, ""), &dialog.Extra{Body: body}))
	s.orphans.opened(l.call)
}

// confirmed: our 2xx has been acknowledged; the answer to an offer of ours is in it.
func (s *Server) confirmed(l *leg, o *dialog.Out) {
	if l == nil || l.ended || !l.awaiting {
		return
	}
	l.awaiting = false
	m, err := l.session.Accept(o.SDP)
	if err != nil { // an ACK must answer our offer (13.2.1)
		s.endLeg(l)
		s.goneAfter(l)
		return
	}
	s.agree(l, m, o.Call.Flow())
}

// gone: whoever was on a leg has hung up, or was lost.
func (s *Server) gone(l *leg) {
	if l.ended {
		return
	}
	s.closeLeg(l)
	s.goneAfter(l)
}

// goneAfter tells the centre of a leg that has been closed.
func (s *Server) goneAfter(l *leg) {
	c := l.of
	if c != nil && c.straight {
		s.straightGone(l)
		return
	}
	if c == nil || c.closed || c.ref.IsZero() { // one that the centre does not know yet is told of when it does
		return
	}
	switch l.role {
	case customer:
		s.post(realcore.OfContact(realcore.HungUp, c.ref))
	case agentSide:
		switch x := c.handedTo; {
		case c.agent != l:
		case x != nil && s.takeOver(x, c): // he does not wait for what comes of it
			s.letGo(c)
		default:
			s.post(realcore.Event{Kind: realcore.Released, Contact: c.ref, Agent: c.agentID})
		}
	case vendor:
		s.post(realcore.OfContact(realcore.HungUp, c.ref))
	}
}

// heard is what the audio noticed.
func (s *Server) heard(l *leg, e media.Event) {
	if l.ended || l.of == nil {
		return
	}
	switch e.Kind {
	case media.Digit:
		s.digit(l, e.Key)
	case media.Dead:
		s.probe(l)
	}
}

// probe asks whether a leg's peer is there; if not, the dialog ends (12.2.1.2).
func (s *Server) probe(l *leg) {
	l.probe = time.Now().Add(s.cfg.Probe)
	_, out := s.m.Ask(s.now(), l.call, sip.OPTIONS, nil, nil, "", nil)
	s.run(out)
}

// probeLegs asks the peers of all legs now and then: silence alone does not tell of one
// that vanished while it was on hold. It is called every second.
func (s *Server) probeLegs() {
	now := time.Now()
	for l := range s.legs {
		switch {
		case l.call == nil || !l.up || l.ended:
		case l.probe.IsZero():
			l.probe = now.Add(s.cfg.Probe)
		case now.After(l.probe):
			s.probe(l)
		}
	}
}

func (s *Server) digit(l *leg, key byte) {
	if l.role == customer && l.of.ref != (realcore.Ref{}) {
		s.post(realcore.Event{Kind: realcore.Digit, Contact: l.of.ref, Code: key})
	}
}

// entryOf is the entry that a dialled number leads to. A call that a trusted trunk says
// was diverted to us counts, if we do not know the number it came to, as one to the number
// first dialled (RFC 5806: the last of Diversion's values).
func (s *Server) entryOf(req *sip.Request, from who) (realcore.EntryID, bool) {
	user, first := userOf(&req.Recipient), ""
	numbers := s.cfg.Numbers
	if from.trunk >= 0 {
		numbers = s.cfg.Trunks[from.trunk].Numbers
		if s.cfg.Trunks[from.trunk].Trusted {
			first = divertedFrom(req)
		}
	}
	for _, n := range []string{user, normal(user), first, normal(first), ""} {
		if e, ok := numbers[n]; ok {
			return e, true
		}
	}
	return realcore.None, false
}

// knows reports whether an INVITE's target is somebody here.
func (s *Server) knows(req *sip.Request, from who) bool {
	user := userOf(&req.Recipient)
	if _, _, ok := s.codeOf(user, from); ok {
		return true
	}
	if _, ok := s.outside(user, from); ok {
		return true
	}
	_, ok := s.entryOf(req, from)
	return ok
}

// divertedFrom is the number first dialled of a call that was diverted; "" if none is
// named.
func divertedFrom(req *sip.Request) string {
	list := req.GetHeaders("diversion")
	if len(list) == 0 {
		return ""
	}
	v := list[len(list)-1].Value()
	if i := strings.LastIndex(v, "<"); i > 0 { // several in one line
		v = v[i:]
	}
	var u sip.Uri
	var p sip.HeaderParams
	if _, err := sip.ParseAddressValue(v, &u, &p); err != nil {
		return ""
	}
	return userOf(&u)
}

// callerOf is who calls, as shown: what a trusted trunk asserts, or else From. One who
// wants not to be known is "" (非通知).
func (s *Server) callerOf(req *sip.Request, from who) string {
	if from.trunk >= 0 && s.cfg.Trunks[from.trunk].Trusted {
		if h := req.GetHeader("privacy"); h != nil && strings.Contains(strings.ToLower(h.Value()), "id") {
			return ""
		}
		if h := req.GetHeader("p-asserted-identity"); h != nil {
			var u sip.Uri
			var p sip.HeaderParams
			if _, err := sip.ParseAddressValue(h.Value(), &u, &p); err == nil {
				return shown(userOf(&u))
			}
		}
	}
	u := &req.From().Address
	if strings.EqualFold(u.User, "anonymous") || strings.EqualFold(u.Host, "anonymous.invalid") {
		return ""
	}
	return shown(userOf(u))
}

// shown is a caller's name as it may be shown and written: short, and without control
// characters.
func shown(v string) string {
	v = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, v)
	if len(v) > 64 {
		v = v[:64]
	}
	return strings.ToValidUTF8(v, "")
}

// codeOf reads an agent's code.
func (s *Server) codeOf(user string, from who) (kind realcore.EventKind, reason realcore.Reason, ok bool) {
	if from.account == nil || from.account.Agent == realcore.None || user == "" {
		return 0, 0, false
	}
	switch c := &s.cfg.Codes; user {
	case c.Ready:
		return realcore.AgentReady, 0, true
	case c.NotReady:
		return realcore.AgentNotReady, realcore.ReasonBreak, true
	case c.Logout:
		return realcore.AgentLogout, 0, true
	case c.WrapUpDone:
		return realcore.WrapUpDone, 0, true
	}
	if n, ok := strings.CutPrefix(user, s.cfg.Codes.NotReady); ok && s.cfg.Codes.NotReady != "" {
		if i, err := strconv.Atoi(n); err == nil && i >= 1 && i <= len(s.host.Plan().Reasons) { // its number among the plan's reasons
			return realcore.AgentNotReady, realcore.ReasonOwn + realcore.Reason(i-1), true
		}
	}
	return 0, 0, false
}

// agentCode carries out an agent's code: he hears a tone and is hung up on.
func (s *Server) agentCode(o *dialog.Out, a *Account, kind realcore.EventKind, reason realcore.Reason) {
	ev := realcore.OfAgent(kind, a.Agent)
	ev.Code = uint8(reason)
	if kind == realcore.WrapUpDone {
		ev.Contact = s.lastOf(a.Agent)
	}
	l, code := s.incomingLeg(o, nil, -1)
	if code != 0 {
		s.run(s.m.Refuse(s.now(), o.Call, code, "", nil))
		return
	}
	s.accept(l)
	done := func(good bool) {
		s.do(false, func() {
			l.audio.Play(confirmation(good), func() { s.do(false, func() { s.endLeg(l) }) })
			time.AfterFunc(3*time.Second, func() { s.do(false, func() { s.endLeg(l) }) })
		})
	}
	s.host.PostWith(ev, func(err error) { done(err == nil) })
}
