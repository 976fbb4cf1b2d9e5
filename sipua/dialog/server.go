package dialog

import (
	"github.com/emiago/sipgo/sip"
)

// serve begins a server transaction (17.2).
func (m *Machine) serve(req *sip.Request, key string, reply, from Flow) *tx {
	t := &tx{kind: otherServer, key: key, flow: reply, from: from, req: req}
	if req.Method == sip.INVITE {
		t.kind = inviteServer
		t.state = proceeding
	}
	m.servers.put(key, t)
	return t
}

// try answers 100 to an INVITE that takes its time.
func (m *Machine) try(t *tx) {
	t.last = m.answer(t, 100, "", nil)
	m.send(t.flow, t.last)
}

// again: the request has come once more.
func (m *Machine) again(t *tx) {
	m.theirs(t)
	if t.last != nil && (t.state == proceeding || t.state == completed) {
		m.send(t.flow, t.last)
	}
}

// respond sends an answer to a request, provisional or final. Headers and body are
// those of extra. After a final one it does nothing.
func (m *Machine) respond(t *tx, code int, reason string, extra *Extra) {
	if t.state >= completed {
		return
	}
	b := m.answer(t, code, reason, extra)
	m.send(t.flow, b)
	t.last = b
	switch {
	case code < 200:
		t.state = proceeding
		return
	case t.kind == otherServer:
		m.linger(t, completed, m.unlessReliable(t.flow, m.to64())) // J
		return
	case code < 300:
		m.linger(t, accepted, m.to64()) // L
		m.awaitACK(t, b)
		return
	}
	t.state = completed
	t.epoch++
	if !t.flow.Reliable() {
		t.gap = m.cfg.T1
		m.arm(timer{tx: t, kind: repeatTimer, epoch: t.epoch}, t.gap) // G
	}
	m.arm(timer{tx: t, kind: giveUpTimer, epoch: t.epoch}, m.to64()) // H
}

// ack takes an ACK: to a refusal it ends the transaction's repetitions, to a 2xx
// those of the dialog.
func (m *Machine) ack(req *sip.Request, key string) {
	if t := m.servers.m[key]; t != nil && t.kind == inviteServer && t.state != accepted {
		if t.state == completed {
			m.linger(t, acknowledged, m.unlessReliable(t.flow, m.cfg.T4)) // I
		}
		return
	}
	c := m.callOf(req)
	if c == nil {
		m.Dropped++
		return
	}
	m.acknowledged(c, req)
}

// awaitACK repeats a 2xx from T1 on, doubling up to T2, on every transport, since
// it goes end to end (13.3.1.4).
func (m *Machine) awaitACK(t *tx, b []byte) {
	t.ok, t.okGap = b, m.cfg.T1
	t.okEpoch++
	m.arm(timer{tx: t, kind: okTimer, epoch: t.okEpoch}, t.okGap)
	m.arm(timer{tx: t, kind: okGiveUpTimer, epoch: t.okEpoch}, m.to64())
}

func (m *Machine) repeatOK(t *tx) {
	m.mine(t)
	m.send(t.flow, t.ok)
	t.okGap = min(2*t.okGap, m.cfg.T2)
	m.arm(timer{tx: t, kind: okTimer, epoch: t.okEpoch}, t.okGap)
}

// cancelled answers a CANCEL (9.2): 200 if there is such an INVITE, and 487 to that
// if it has no final answer yet. A CANCEL that crosses the answer changes nothing.
func (m *Machine) cancelled(t *tx) {
	inv := m.servers.m[inviteKey(t.req)]
	if inv == nil {
		m.respond(t, 481, "", nil)
		return
	}
	t.tag = inv.tag
	m.respond(t, 200, "", nil)
	if inv.state >= completed {
		return
	}
	m.respond(inv, 487, "", nil)
	c := inv.call
	if c == nil {
		return
	}
	if c.invite == inv && c.state < confirmed {
		m.over(c)
		m.tell(Out{Fact: Cancelled, Call: c})
		return
	}
	m.tell(Out{Fact: Inside, Call: c, In: (*Incoming)(t), Req: t.req}) // a re-INVITE was taken back
}

// Respond answers a request of the facts Requested, Inside and Reoffered. Answers
// after the final one are not sent.
func (m *Machine) Respond(now Instant, in *Incoming, code int, reason string, extra *Extra) []Out {
	m.begin(now)
	m.respond((*tx)(in), code, reason, extra)
	return m.out
}
