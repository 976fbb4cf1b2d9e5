package sipua

import (
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ringCustomer rings the customer of a callback or dial request for an agent, who hears
// it ringing.
func (s *Server) ringCustomer(c *contact, e *realcore.Effect) {
	if !s.takeAgent(c, e) {
		s.post(realcore.OfContact(realcore.DialFailed, c.ref))
		return
	}
	if s.cfg.Ringback != nil {
		c.agent.audio.Loop(s.cfg.Ringback)
	}
	trunk := s.outTrunk(c.trunk)
	if c.trunk < 0 {
		trunk = s.trunkTo(c.number)
	}
	if trunk < 0 || !c.allowed && !s.mayDial(s.agentKey(e.Agent), c.number, c.came) {
		s.post(realcore.OfContact(realcore.DialFailed, c.ref))
		return
	}
	c.by = s.agentKey(e.Agent)
	if c.customer = s.callOut(c, customer, trunk, c.number, s.cfg.Trunks[trunk].Number); c.customer == nil {
		s.post(realcore.OfContact(realcore.DialFailed, c.ref))
	}
}

// divert sends a contact to a vendor's trunk; the caller goes on hearing music.
func (s *Server) divert(c *contact, e *realcore.Effect) {
	for i := range s.cfg.Trunks {
		t := &s.cfg.Trunks[i]
		if t.Plan != e.Trunk || t.Target.Host == "" {
			continue
		}
		if c.vendor = s.callOut(c, vendor, i, t.Number, orAnonymous(c.ani)); c.vendor != nil {
			if c.customer != nil {
				s.musicFor(c)
			}
			return
		}
	}
	s.post(realcore.OfContact(realcore.VendorFailed, c.ref))
}

func (s *Server) vendorRefused(l *leg, code int) {
	if l.of.straight {
		s.straightRefused(l.of, code)
		return
	}
	if l.of.vendor == l {
		l.of.vendor = nil
	}
	s.post(realcore.OfContact(realcore.VendorFailed, l.of.ref))
}

// tryNext calls again by the trunk's next address, after 503 or no answer at all.
func (s *Server) tryNext(l *leg, code int) bool {
	if l.trunk < 0 || code != 503 && code != 0 || l.tries+1 >= len(s.trunks[l.trunk].addrs) {
		return false
	}
	if t := &s.trunks[l.trunk]; t.now == l.addr { // the first call to notice
		t.now++
	}
	again := s.callOutBy(outLeg{of: l.of, role: l.role, trunk: l.trunk, number: l.number, from: l.from, tries: l.tries + 1, sentOn: l.sentOn})
	if again == nil {
		return false
	}
	if l.role == customer {
		l.of.customer = again
	} else {
		l.of.vendor = again
	}
	return true
}

// callOut makes a leg by a trunk; nil if that cannot be.
func (s *Server) callOut(c *contact, r role, trunk int, number, from string) *leg {
	return s.callOutBy(outLeg{of: c, role: r, trunk: trunk, number: number, from: from})
}

// outLeg is a leg to be made by a trunk.
type outLeg struct {
	of           *contact
	role         role
	trunk        int
	number, from string
	tries        int      // addresses of the trunk tried before
	ringing      *ringing // it is one of an agent's phones
	sentOn       bool     // a redirection asked for it
}

func (s *Server) callOutBy(x outLeg) *leg {
	t := &s.cfg.Trunks[x.trunk]
	if s.full(x.trunk) && !s.emergency(x.number) || s.spent(x.trunk, x.number) {
		return nil
	}
	flow, ok := s.trunkFlow(x.trunk)
	if !ok {
		return nil
	}
	uri := sip.Uri{Scheme: "sip", User: x.number, Host: t.Target.Host, Port: t.Target.Port}
	of := x.of
	if x.ringing != nil { // it is the contact's once he has answered
		of = nil
	}
	l, err := s.newLeg(x.role, of, x.trunk)
	if err != nil {
		return nil
	}
	l.tries, l.addr, l.number, l.from, l.ringing, l.sentOn = x.tries, s.trunks[x.trunk].now, x.number, x.from, x.ringing, x.sentOn
	s.trunks[x.trunk].busy++
	s.trunks[x.trunk].out++
	l.out = true
	call, out := s.m.Invite(s.now(), dialog.Invite{Target: uri, Flow: flow, From: "<sip:" + orAnonymous(x.from) + "@" + s.hostFor(flow) + ">",
		To: "<sip:" + x.number + "@" + t.Target.Host + ">", Contact: s.contactFor(flow, "callwright"), MaxForwards: x.of.forwards(),
		SDP: l.session.Offer(s.local(l, flow), dialog.SendRecv), Data: l, RingLimit: 2 * time.Minute})
	l.call = call
	s.run(out)
	return l
}

// spent reports whether a trunk has had all the calls out that it may have, and counts
// this one if not.
func (s *Server) spent(trunk int, number string) bool {
	whose := "trunk " + itoa(trunk)
	if !MayUseTrunk(&s.cfg.Dial, number, s.recent(whose, time.Minute), s.trunks[trunk].out) {
		s.cfg.Log.Warn("a trunk has no more calls out for now", "trunk", s.cfg.Trunks[trunk].Name)
		return true
	}
	s.dialled[whose] = append(s.dialled[whose], time.Now())
	return false
}

func (s *Server) agentKey(a realcore.AgentID) string { return "agent " + itoa(int(a)) }

// mayDial asks MayDial with what this one has dialled of late, and writes a line of it.
func (s *Server) mayDial(whose, number string, callback bool) bool {
	to := "to " + normal(number)
	ok, why := MayDial(&s.cfg.Dial, Dialled{Number: number, InMinute: s.recent(whose, time.Minute), Concurrent: s.concurrent(whose),
		Callback: callback, ThisHour: s.recent(to, time.Hour)})
	if ok {
		s.dialled[whose] = append(s.dialled[whose], time.Now())
		s.dialled[to] = append(s.dialled[to], time.Now())
	}
	s.cfg.Log.Info("dial", "who", whose, "number", redact(number), "allowed", ok, "why", why)
	return ok
}

// recent is how often one has dialled, or was dialled, of late.
func (s *Server) recent(whose string, within time.Duration) int {
	list, now := s.dialled[whose], time.Now()
	for len(list) > 0 && now.Sub(list[0]) > within {
		list = list[1:]
	}
	if s.dialled[whose] = list; len(list) == 0 {
		delete(s.dialled, whose)
	}
	return len(list)
}

// forgetDialled drops what is too old to count; every second.
func (s *Server) forgetDialled() {
	for whose := range s.dialled {
		s.recent(whose, time.Hour)
	}
}

// concurrent is how many calls out one has, those that wait for him among them.
func (s *Server) concurrent(whose string) (n int) {
	for _, c := range s.contacts {
		if c.by == whose {
			n++
		}
	}
	for c := range s.straights {
		if c.by == whose {
			n++
		}
	}
	return n
}

// redact keeps a number's last digits out of logs.
func redact(n string) string {
	if len(n) <= 4 {
		return n
	}
	return n[:len(n)-4] + "xxxx"
}
