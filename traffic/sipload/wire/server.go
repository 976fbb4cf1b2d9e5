package wire

import (
	"net/netip"

	"callwright/sipua/dialog"
)

// serve begins a server transaction (17.2) for the message that has come.
func (m *Machine) serve(k key, flow Flow) uint32 {
	kind := otherServer
	if m.msg.method == "INVITE" {
		kind = inviteServer
	}
	i, t := m.newTx(kind, m.msg.method, flow)
	if kind == inviteServer {
		t.state = proceeding
	}
	t.keyA, t.keyB, t.seq, t.port = k.a, k.b, m.msg.seq, flow.Remote.Port()
	t.remote = netip.AddrPortFrom(flow.Remote.Addr(), m.replyPort(t.port))
	m.table.put(k, i)
	return i
}

// replyPort is where answers go at the address the request came from, whatever it says: to the
// port it came from if it asks for that (RFC 3581 4), or else to the one it names
// (18.2.2). Broadcast and multicast addresses (maddr) are never answered to.
func (m *Machine) replyPort(came uint16) uint16 {
	switch v := &m.msg.via; {
	case v.rport:
		return came
	case v.port != 0:
		return v.port
	}
	return 5060
}

// hold keeps the request that has come until it is answered.
func (m *Machine) hold(i uint32) In {
	t := m.txs.at(i)
	t.more = m.mem.keep(m.msg.b[:m.msg.bodyAt])
	m.kept.adopt(&m.msg, m.mem.bytes(t.more)) // it is mostly answered next
	m.keptIs = t.more
	return In{i, t.gen}
}

// held reads a request that was kept.
func (m *Machine) held(t *tx) *Message {
	if t.more == m.keptIs && t.more.size != 0 {
		return &m.kept
	}
	if b := m.mem.bytes(t.more); b == nil || m.kept.parse(b, true) != nil {
		panic("wire: a request that is answered was not kept")
	}
	m.keptIs = t.more
	return &m.kept
}

// try answers 100 to an INVITE that takes its time.
func (m *Machine) try(i uint32) {
	t := m.txs.at(i)
	t.code = 100
	m.sendOnce(t.flow(), m.answer(&m.msg, t, 100, "", nil))
}

// again: the request has come once more. What its answer was made of is in it, or was kept.
func (m *Machine) again(i uint32) {
	t := m.txs.at(i)
	m.countTheirs(t.call)
	switch {
	case t.code == 0 || t.state != proceeding && t.state != completed:
	case t.last.size != 0:
		m.sendKept(t.flow(), t.last)
	case t.more.size != 0:
		m.sendOnce(t.flow(), m.answer(m.held(t), t, int(t.code), "", nil))
	default:
		m.sendOnce(t.flow(), m.answer(&m.msg, t, int(t.code), "", nil))
	}
}

// respond sends an answer to a request, provisional or final; msg is the request. After a
// final one it does nothing.
func (m *Machine) respond(i uint32, msg *Message, code int, reason string, extra *Extra) {
	t := m.txs.at(i)
	if t.state >= completed {
		return
	}
	kept := m.send(t.flow(), m.answer(msg, t, code, reason, extra))
	m.mem.drop(&t.last)
	t.last, t.code = kept, uint16(code)
	if reason == "" && extra == nil && (code < 200 || t.kind == otherServer) {
		m.mem.drop(&t.last) // it can be written anew
	}
	if code < 200 {
		t.state = proceeding
		return
	}
	m.mem.drop(&t.more)
	switch {
	case t.kind == otherServer:
		m.linger(i, completed, m.to64()) // J
	case code < 300:
		m.linger(i, accepted, m.to64()) // L
		m.awaitACK(i)
	default:
		t.state, t.began, t.gap = completed, m.now, m.cfg.T1
		t.epoch++
		m.await(i) // G, H
	}
}

// respondHeld answers a request that was kept.
func (m *Machine) respondHeld(h In, code int, reason string, extra *Extra) {
	if t := m.tx(h); t != nil && t.state < completed {
		m.respond(h.n, m.held(t), code, reason, extra)
	}
}

// ack takes an ACK: to a refusal it ends the transaction's repetitions, to a 2xx
// those of the dialog.
func (m *Machine) ack(k key) {
	if i, ok := m.table.get(k); ok {
		if t := m.txs.at(i); t.kind == inviteServer && t.state != accepted {
			if t.state == completed {
				m.mem.drop(&t.last)
				m.linger(i, acknowledged, m.cfg.T4) // I
			}
			return
		}
	}
	n, ok := m.callOf(&m.msg)
	if !ok {
		m.Dropped++
		return
	}
	m.acknowledged(n)
}

// awaitACK repeats a 2xx from T1 on, doubling up to T2 (13.3.1.4), until the transaction
// ends.
func (m *Machine) awaitACK(i uint32) {
	t := m.txs.at(i)
	t.waits, t.gap = true, m.cfg.T1
	t.okEpoch++
	m.arm(okTimer, i, t.okEpoch, t.gap)
}

func (m *Machine) repeatOK(i uint32) {
	t := m.txs.at(i)
	m.sendKept(t.flow(), t.last)
	m.countMine(t.call)
	t.gap = min(2*t.gap, m.cfg.T2)
	m.arm(okTimer, i, t.okEpoch, t.gap)
}

// noMore ends the repetitions of a 2xx.
func (m *Machine) noMore(t *tx) {
	t.waits = false
	t.okEpoch++
	m.mem.drop(&t.last)
}

// cancelled answers a CANCEL (9.2): 200 if there is such an INVITE, and 487 to that
// if it has no final answer yet. A CANCEL that crosses the answer changes nothing.
func (m *Machine) cancelled(i uint32) {
	n, ok := m.table.get(m.serverKey(&m.msg, "INVITE"))
	if !ok {
		m.respond(i, &m.msg, 481, "", nil)
		return
	}
	t, inv := m.txs.at(i), m.txs.at(n)
	t.tag, t.tagCall, t.call = inv.tag, inv.tagCall, inv.call
	m.respond(i, &m.msg, 200, "", nil)
	if inv.state >= completed {
		return
	}
	c := m.call(inv.call)
	m.respondHeld(In{n, inv.gen}, 487, "", nil)
	if c == nil {
		return
	}
	if o := m.about(inv.call.n, dialog.Cancelled); c.invite == (In{n, inv.gen}) && c.state < confirmed {
		m.over(inv.call.n)
		m.tell(o)
		return
	}
	m.tell(m.about(inv.call.n, dialog.Inside).answering(In{i, t.gen}).with(&m.msg)) // a re-INVITE was taken back
}

func (o Out) answering(h In) Out {
	o.In = h
	return o
}

// Respond answers a request of the facts Requested, Inside and Reoffered. Answers
// after the final one are not sent.
func (m *Machine) Respond(now Instant, in In, code int, reason string, extra *Extra) []Out {
	m.begin(now)
	m.respondHeld(in, code, reason, extra)
	return m.out
}
