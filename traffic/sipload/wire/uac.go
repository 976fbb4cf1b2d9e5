package wire

import (
	"bytes"
	"encoding/binary"
	"time"

	"callwright/sipua/dialog"
)

// Invite is a call to be made. Everything in it is copied.
type Invite struct {
	Target      []byte // a URI
	Flow        Flow
	From, To    []byte   // name-addr without tags
	Contact     []byte   // ours, a name-addr
	CallID      []byte   // none: a new one
	Routes      [][]byte // Route values, the first one first
	MaxForwards int      // 0: 70; dialog.NoForwards: 0
	Headers     []Header
	SDP         []byte
	RingLimit   time.Duration // CANCEL then; 0: never
	Data        any
}

// Invite calls somebody. What becomes of it is told by Progress, Answered or Refused. At
// the limit of transactions it returns no call and does nothing.
func (m *Machine) Invite(now Instant, inv Invite) (Call, []Out) {
	m.begin(now)
	if m.Transactions() >= m.cfg.Limit {
		m.Dropped++
		return Call{}, m.out
	}
	n, c := m.newCall(calling, inv.Flow, inv.Data)
	c.caller = true
	if c.forwards = uint8(min(inv.MaxForwards, 255)); inv.MaxForwards == 0 {
		c.forwards = 70
	} else if inv.MaxForwards < 0 {
		c.forwards = 0
	}
	id := inv.CallID
	var made [32]byte
	if len(id) == 0 {
		id = appendToken(appendToken(made[:0], m.cfg.Random(), 0), m.cfg.Random(), 0)
	}
	m.set = m.set[:0]
	for _, r := range inv.Routes {
		m.set = append(append(m.set, r...), '\n')
	}
	if !m.note(c, &[parts][]byte{idPart: id, localPart: inv.From, remotePart: inv.To, targetPart: inv.Target, routesPart: m.set, ourPart: inv.Contact}) {
		panic("wire: an Invite longer than a datagram")
	}
	c.invite = m.sendInvite(n, inv.Headers, inv.SDP)
	m.txs.at(c.invite.n).initial = true
	if inv.RingLimit > 0 {
		m.arm(ringLimitTimer, n, c.gen, inv.RingLimit)
	}
	return Call{n, c.gen}, m.out
}

// Cancel takes back a call that has no answer yet. Where the answer crosses it, the
// call is acknowledged and ended; the driver is told Refused in every case.
func (m *Machine) Cancel(now Instant, h Call) []Out {
	m.begin(now)
	if m.call(h) != nil {
		m.cancel(h.n)
	}
	return m.out
}

// cancel sends CANCEL, but not before a provisional answer has come (9.1).
func (m *Machine) cancel(n uint32) {
	c := m.calls.at(n)
	inv := m.tx(c.invite)
	if c.state != calling || inv == nil {
		return
	}
	if inv.state == trying {
		c.giveUp = true
		return
	}
	c.state, c.giveUp = cancelling, false
	m.mine.Parse(m.mem.bytes(inv.last))
	i, t := m.newTx(otherClient, "CANCEL", inv.flow())
	t.call = Call{n, c.gen}
	inv.cancelTx = In{i, t.gen}
	m.launch(i, inv.keyA, inv.seq, m.mine.CallID(), m.like(&m.mine, "CANCEL", m.mine.To()))
	m.arm(cancelTimer, n, c.gen, m.to64())
}

// cancelLost: CANCEL has had no effect for 64 T1 (9.1).
func (m *Machine) cancelLost(n uint32) {
	if h := m.calls.at(n).invite; m.tx(h) != nil {
		m.remove(h.n)
	}
	o := m.about(n, dialog.Refused)
	m.over(n)
	m.tell(o)
}

func (m *Machine) progress(t *tx, self In, res *Message) {
	c := m.call(t.call)
	if c == nil || self != c.invite || c.state != calling {
		return
	}
	if c.giveUp {
		m.cancel(t.call.n)
		return
	}
	if res.code > 100 {
		m.tell(m.about(t.call.n, dialog.Progress).with(res).described().coded(res.code))
	}
}

// inviteOK takes a 2xx, which each is to be acknowledged: the first makes the
// dialog, its copies get the ACK again, and those of other forks are acknowledged and
// ended (13.2.2.4).
func (m *Machine) inviteOK(i uint32, res *Message, flow Flow) {
	t := m.txs.at(i)
	self, tag := In{i, t.gen}, m.sum(res.ToTag())
	if token, ok := m.acknowledgedAs(t, tag); ok {
		m.countTheirs(t.call)
		m.sendACK(i, res, token, flow)
		return
	}
	c := m.call(t.call)
	if !t.initial {
		m.reofferOK(i, res, flow)
		return
	}
	if t.acked || c == nil {
		m.endFork(i, res, flow)
		return
	}
	m.answeredBy(c, res, flow)
	m.acknowledge(i, res, flow)
	n := t.call.n
	if c.state == cancelling || c.giveUp { // the answer was faster
		c.state = ending
		m.sendBye(n, nil)
		m.tell(m.about(n, dialog.Refused).coded(487))
		return
	}
	if c.state != calling || self != c.invite {
		return
	}
	c.state = confirmed
	m.tell(m.about(n, dialog.Answered).with(res).described().coded(res.code))
}

// answeredBy makes the dialog of the first 2xx (12.1.2).
func (m *Machine) answeredBy(c *call, res *Message, flow Flow) {
	w := m.words(c)
	w[tagPart], w[routesPart] = res.ToTag(), nil
	if uri := res.Contact(); hasHost(uri) {
		w[targetPart] = uri
	}
	if res.first[recordRouteKind] > 0 {
		w[routesPart] = m.routesOf(res, true)
	}
	c.flow = flow
	m.note(c, &w)
}

// routesOf reads a route set: in order for the side that was called, the other way
// round for the side that calls (12.1).
func (m *Machine) routesOf(msg *Message, reverse bool) []byte {
	out := m.set[:0]
	m.hops = msg.values(recordRouteKind, m.hops[:0])
	for i := range m.hops {
		k := i
		if reverse {
			k = len(m.hops) - 1 - i
		}
		out = append(append(out, m.hops[k]...), '\n')
	}
	m.set = out
	return out
}

// acknowledge sends the ACK to a 2xx that has not been seen before: a request of its own
// (13.2.2.4). What lingers after that is its branch, and what the 2xx does not say.
func (m *Machine) acknowledge(i uint32, res *Message, flow Flow) {
	t := m.txs.at(i)
	token := m.cfg.Random()
	if t.acked {
		m.noteFork(t, m.sum(res.ToTag()), token)
	} else {
		t.acked, t.ack, t.ackTag = true, token, m.sum(res.ToTag())
		m.noteINVITE(t, res)
	}
	m.sendACK(i, res, token, flow)
}

// noteINVITE keeps of an INVITE what its ACKs need: where it went, if the 2xx has no
// Contact, and its credentials.
func (m *Machine) noteINVITE(t *tx, res *Message) {
	b := m.mem.bytes(t.last)
	m.mem.drop(&t.last)
	if hasHost(res.Contact()) && !t.authed {
		return
	}
	m.mine.Parse(b)
	w := m.w[:0]
	if !hasHost(res.Contact()) {
		w = append(w, m.mine.URI()...)
	}
	w = append(w, '\n')
	for i := range m.mine.n {
		if l := &m.mine.lines[i]; l.kind == authorizationKind || l.kind == proxyAuthorizationKind {
			w = append(append(w, b[l.name:l.valueEnd]...), "\r\n"...)
		}
	}
	m.w = w
	t.last = m.mem.keep(w)
}

// acknowledgedAs returns the branch of the ACK that a 2xx with this tag has had.
func (m *Machine) acknowledgedAs(t *tx, tag uint64) (token uint64, ok bool) {
	if t.acked && t.ackTag == tag {
		return t.ack, true
	}
	for b := m.mem.bytes(t.more); len(b) >= 16; b = b[16:] {
		if binary.LittleEndian.Uint64(b) == tag {
			return binary.LittleEndian.Uint64(b[8:]), true
		}
	}
	return 0, false
}

// noteFork keeps the branch of an ACK to another fork.
func (m *Machine) noteFork(t *tx, tag, token uint64) {
	m.w = append(m.w[:0], m.mem.bytes(t.more)...)
	m.w = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(m.w, tag), token)
	if len(m.w) <= MaxMessage {
		m.mem.drop(&t.more)
		t.more = m.mem.keep(m.w)
	}
}

// endFork ends the dialog that another branch of a forked INVITE has made. All that is to be
// known of it is in its 2xx.
func (m *Machine) endFork(i uint32, res *Message, flow Flow) {
	m.acknowledge(i, res, flow)
	t := m.txs.at(i)
	seq := t.seq + 1
	k, bye := m.newTx(otherClient, "BYE", flow)
	token := m.cfg.Random()
	to, b := m.fromAnswer("BYE", res, token, k+1, seq, flow, nil, nil)
	bye.local, bye.remote = uint16(to.Local), to.Remote
	m.launch(k, token, seq, res.CallID(), b)
}

// sendACK writes an ACK, the same for the same 2xx and branch.
func (m *Machine) sendACK(i uint32, res *Message, token uint64, flow Flow) {
	t := m.txs.at(i)
	target, auth, _ := bytes.Cut(m.mem.bytes(t.last), []byte{'\n'})
	if !t.initial { // the route set stays what it was (12.2.1.2)
		if c := m.call(t.call); c != nil {
			m.sendOnce(m.ackInside(c, t, token, auth))
			return
		}
	}
	m.sendOnce(m.fromAnswer("ACK", res, token, 0, t.seq, flow, target, auth))
}

// inviteFailed: an INVITE of ours has a final answer that is none, or no answer. Its
// request is in m.mine if it has one.
func (m *Machine) inviteFailed(t *tx, self In, code int, res *Message) {
	if !t.initial {
		m.reofferFailed(t, self, code, res)
		return
	}
	c := m.call(t.call)
	if c == nil || self != c.invite {
		return
	}
	if c.state == calling && !c.giveUp {
		if h, ok := m.challenged(t, res); ok {
			c.invite = m.retry(t, h)
			return
		}
	}
	if c.state != calling && c.state != cancelling {
		return
	}
	o := m.about(t.call.n, dialog.Refused).with(res).coded(code)
	m.over(t.call.n)
	m.tell(o)
}
