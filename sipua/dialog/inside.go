package dialog

import "github.com/emiago/sipgo/sip"

// inside takes a request with a To tag (12.2.2).
func (m *Machine) inside(t *tx) {
	c := m.callOf(t.req)
	if c == nil {
		m.respond(t, 481, "", nil)
		return
	}
	t.call, t.tag = c, c.localTag
	if t.req.CSeq().SeqNo < c.remoteSeq {
		m.respond(t, 500, "CSeq Out of Order", nil)
		return
	}
	c.remoteSeq = t.req.CSeq().SeqNo
	switch {
	case t.req.Method == sip.BYE:
		m.byeCame(c, t)
	case c.Over():
		m.respond(t, 481, "", nil)
	case t.req.Method == sip.INVITE:
		m.reoffered(c, t)
	default:
		c.flow = t.from
		m.tell(Out{Fact: Inside, Call: c, In: (*Incoming)(t), Req: t.req, SDP: sdpOf(t.req)})
	}
}

// byeCame: the peer ends the call (15.1.2). One that crosses ours is answered too.
func (m *Machine) byeCame(c *Call, t *tx) {
	m.respond(t, 200, "", nil)
	switch c.state {
	case incoming: // an early dialog may be ended so
		m.respond(c.invite, 487, "", nil)
		m.over(c)
		m.tell(Out{Fact: Cancelled, Call: c})
	case confirmed:
		m.refuseTheirs(c)
		m.over(c)
		m.tell(Out{Fact: Ended, Call: c, Code: EndedByPeer, Req: t.req})
	}
}
