package wire

import (
	"bytes"

	"callwright/sipua/dialog"
)

// invited begins a call that comes in (12.1.1).
func (m *Machine) invited(i uint32, flow Flow) {
	msg := &m.msg
	if !hasHost(msg.Contact()) && !old(msg) { // nothing could be sent to it (12.1.1)
		m.respond(i, msg, 400, "Contact Missing", nil)
		return
	}
	m.try(i)
	n, c := m.newCall(incoming, flow, nil)
	c.remoteSeq = msg.seq
	w := [parts][]byte{idPart: msg.CallID(), localPart: nameAddr(msg, &msg.to, toKind), remotePart: nameAddr(msg, &msg.from, fromKind),
		tagPart: msg.FromTag(), targetPart: msg.FromURI()}
	if uri := msg.Contact(); hasHost(uri) {
		w[targetPart] = uri
	}
	if msg.first[recordRouteKind] > 0 {
		w[routesPart] = m.routesOf(msg, false)
	}
	t := m.txs.at(i)
	if !m.note(c, &w) {
		m.over(n)
		m.respond(i, msg, 513, "", nil)
		return
	}
	t.call, t.tag, t.tagCall = Call{n, c.gen}, c.tag, n+1
	c.invite = m.hold(i)
	o := m.about(n, dialog.Invited).answering(c.invite).with(msg).described()
	o.Flow = flow
	m.tell(o)
}

// nameAddr is a From or To as it was written, without its parameters.
func nameAddr(msg *Message, a *address, k kind) []byte {
	v := msg.only(k)
	return trim(v[:len(v)-(a.params.end-a.params.at)])
}

// old reports whether a request is of RFC 2543, which needed no Contact: its From is where
// requests go then.
func old(msg *Message) bool {
	return !bytes.HasPrefix(msg.Branch(), []byte(cookie)) && msg.first[contactKind] == 0
}

// Ring sends a provisional answer, and again every minute (13.3.1.1). extra may hold
// a session description for early media.
func (m *Machine) Ring(now Instant, h Call, code int, extra *Extra) []Out {
	m.begin(now)
	if c := m.call(h); c != nil && c.state == incoming {
		m.respondHeld(c.invite, code, "", extra)
		c.ringing++
		m.arm(ringingTimer, h.n, c.ringing, m.cfg.Provisional)
	}
	return m.out
}

func (m *Machine) ringOn(n uint32) {
	c := m.calls.at(n)
	if t := m.tx(c.invite); t.last.size != 0 {
		m.sendKept(t.flow(), t.last)
	} else {
		m.sendOnce(t.flow(), m.answer(m.held(t), t, int(t.code), "", nil))
	}
	m.arm(ringingTimer, n, c.ringing, m.cfg.Provisional)
}

// Accept answers the call with 200 and a session description; contact is where the
// peer's later requests shall go.
func (m *Machine) Accept(now Instant, h Call, contact []byte, extra *Extra) []Out {
	m.begin(now)
	if c := m.call(h); c != nil && c.state == incoming {
		c.ringing++
		c.state = confirmed
		w := m.words(c)
		w[ourPart] = contact
		m.note(c, &w)
		m.respondHeld(c.invite, 200, "", extra)
	}
	return m.out
}

// Refuse answers the call with a final answer that is none.
func (m *Machine) Refuse(now Instant, h Call, code int, reason string, extra *Extra) []Out {
	m.begin(now)
	if m.call(h) != nil {
		m.refuse(h.n, code, reason, extra)
	}
	return m.out
}

func (m *Machine) refuse(n uint32, code int, reason string, extra *Extra) {
	if c := m.calls.at(n); c.state == incoming {
		m.respondHeld(c.invite, code, reason, extra)
		m.over(n)
	}
}

// acknowledged: our 2xx has arrived.
func (m *Machine) acknowledged(n uint32) {
	c := m.calls.at(n)
	for _, h := range [...]In{c.invite, c.theirs} {
		t := m.tx(h)
		if t == nil || !t.waits || t.seq != m.msg.seq {
			continue
		}
		m.noMore(t)
		if c.bye {
			m.sendBye(n, nil)
			return
		}
		m.tell(m.about(n, dialog.Confirmed).with(&m.msg).described())
		m.tryReoffer(n)
		return
	}
}

// unacknowledged: no ACK has come for 64 T1. The dialog is confirmed all the same,
// and ends with a BYE (13.3.1.4).
func (m *Machine) unacknowledged(h Call) {
	c := m.call(h)
	switch {
	case c == nil:
	case c.bye:
		m.sendBye(h.n, nil)
	default:
		m.lose(h.n)
	}
}
