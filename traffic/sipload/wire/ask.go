package wire

import "callwright/sipua/dialog"

// ask is a request of ours that is no INVITE: REGISTER and OPTIONS to somebody, or
// INFO, REFER, NOTIFY and OPTIONS in a dialog.
type ask struct {
	gen    uint32
	method string
	data   any
}

// Request is a request outside of dialogs. Everything in it is copied.
type Request struct {
	Method   string
	Target   []byte
	Flow     Flow
	From, To []byte // name-addr without tags
	Contact  []byte // ours; none: without
	CallID   []byte // none: a new one. Registrations of one binding share it
	Seq      uint32 // of CSeq; 0: 1
	Routes   [][]byte
	Headers  []Header
	Type     string // of Body
	Body     []byte
	Data     any
}

func (m *Machine) newAsk(method string, data any) Ask {
	n, a := m.asks.take()
	*a = ask{max(1, a.gen), method, data}
	return Ask{n, a.gen}
}

// take ends an Ask and returns it; nil if there is none.
func (m *Machine) take(h Ask) (a ask, ok bool) {
	if h.gen == 0 {
		return a, false
	}
	p := m.asks.at(h.n)
	a = *p
	p.gen++
	p.data = nil
	m.asks.give(h.n)
	return a, true
}

// Send sends a request outside of dialogs. Its answer is told by Replied. At the limit of
// transactions it does nothing.
func (m *Machine) Send(now Instant, r Request) (Ask, []Out) {
	m.begin(now)
	if m.Transactions() >= m.cfg.Limit {
		m.Dropped++
		return Ask{}, m.out
	}
	var made [32]byte
	if len(r.CallID) == 0 {
		r.CallID = appendToken(appendToken(made[:0], m.cfg.Random(), 0), m.cfg.Random(), 0)
	}
	h := m.newAsk(r.Method, r.Data)
	tag := m.cfg.Random()
	i, t := m.newTx(otherClient, r.Method, r.Flow)
	t.ask = h
	m.hops = append(m.hops[:0], r.Routes...)
	q := request{method: r.Method, flow: r.Flow, target: r.Target, local: r.From, remote: r.To, id: r.CallID, contact: r.Contact, tag: tag,
		token: m.cfg.Random(), n: i + 1, seq: max(r.Seq, 1), forwards: 70}
	m.launch(i, q.token, q.seq, q.id, m.write(&q, r.Headers, nil, r.Type, r.Body))
	return h, m.out
}

// Ask sends a request in the dialog of a call. Its answer is told by Replied; 408,
// 481 or none mean that the peer knows the dialog no more, and end the call
// (12.2.1.2): so an OPTIONS is a probe.
func (m *Machine) Ask(now Instant, h Call, method string, data any, headers []Header, kind string, body []byte) (Ask, []Out) {
	m.begin(now)
	c := m.call(h)
	if c == nil || c.state != confirmed {
		return Ask{}, m.out
	}
	a := m.newAsk(method, data)
	m.ask(h.n, a, method, headers, kind, body)
	return a, m.out
}

// ask sends a request that is no INVITE in a dialog.
func (m *Machine) ask(n uint32, a Ask, method string, headers []Header, kind string, body []byte) {
	c := m.calls.at(n)
	i, t := m.newTx(otherClient, method, c.flow)
	t.call, t.ask = Call{n, c.gen}, a
	q := m.inDialog(n, method, i+1)
	t.local, t.remote = uint16(q.flow.Local), q.flow.Remote
	m.launch(i, q.token, q.seq, q.id, m.write(&q, headers, nil, kind, body))
}

// replied: a request that is no INVITE has its final answer, or none.
func (m *Machine) replied(t *tx, code int, res *Message) {
	if t.method == methodCode("CANCEL") {
		return
	}
	c := m.call(t.call)
	if res != nil && m.cfg.Credentials != nil && (code == 401 || code == 407) {
		m.mine.Parse(m.mem.bytes(t.last))
		mayRetry := c != nil && (t.ask == (Ask{}) || c.state == confirmed) || t.call == (Call{}) // one outside of dialogs, or the BYE to another fork
		if h, ok := m.challenged(t, res); ok && mayRetry {
			m.retry(t, h)
			return
		}
	}
	a, ok := m.take(t.ask)
	if !ok {
		if c != nil { // our BYE
			o := m.about(t.call.n, dialog.Departed).with(res).coded(code)
			m.over(t.call.n)
			if m.cfg.Departures {
				m.tell(o)
			}
		}
		return
	}
	o := Out{Fact: dialog.Replied, Ask: t.ask, Call: t.call, Data: a.data}.with(res).coded(code)
	o.Method = a.method
	m.tell(o)
	if c != nil && a.method != "NOTIFY" && (code == 0 || code == 408 || code == 481) { // NOTIFY's is the subscription's end (RFC 5057)
		m.lose(t.call.n)
	}
}
