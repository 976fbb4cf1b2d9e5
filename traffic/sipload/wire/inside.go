package wire

import "callwright/sipua/dialog"

// inside takes a request with a To tag (12.2.2).
func (m *Machine) inside(i uint32) {
	msg := &m.msg
	n, ok := m.callOf(msg)
	if !ok {
		m.respond(i, msg, 481, "", nil)
		return
	}
	c, t := m.calls.at(n), m.txs.at(i)
	t.call, t.tag, t.tagCall = Call{n, c.gen}, c.tag, n+1
	if msg.seq < c.remoteSeq {
		m.respond(i, msg, 500, "CSeq Out of Order", nil)
		return
	}
	c.remoteSeq = msg.seq
	switch {
	case msg.method == "BYE":
		m.byeCame(n, i)
	case c.state >= ending:
		m.respond(i, msg, 481, "", nil)
	case msg.method == "INVITE":
		m.reoffered(n, i)
	default:
		c.flow = t.came()
		m.tell(m.about(n, dialog.Inside).answering(m.hold(i)).with(msg).described())
	}
}

// byeCame: the peer ends the call (15.1.2). One that crosses ours is answered too.
func (m *Machine) byeCame(n, i uint32) {
	c := m.calls.at(n)
	m.respond(i, &m.msg, 200, "", nil)
	switch c.state {
	case incoming: // an early dialog may be ended so
		m.respondHeld(c.invite, 487, "", nil)
		o := m.about(n, dialog.Cancelled)
		m.over(n)
		m.tell(o)
	case confirmed:
		m.refuseTheirs(c)
		o := m.about(n, dialog.Ended).with(&m.msg).coded(dialog.EndedByPeer)
		m.over(n)
		m.tell(o)
	}
}
