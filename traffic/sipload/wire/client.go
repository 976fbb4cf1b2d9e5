package wire

// launch starts a client transaction with a request that has been written.
func (m *Machine) launch(i uint32, token uint64, seq uint32, id []byte, b []byte) {
	t := m.txs.at(i)
	t.keyA, t.seq, t.tag = token, seq, m.sum(id)
	t.last = m.send(t.flow(), b)
	m.await(i)
}

func (m *Machine) response(flow Flow) {
	res := &m.msg
	i, ok := m.clientOf(res)
	if !ok {
		m.Dropped++
		return
	}
	if m.txs.at(i).kind == inviteClient {
		m.inviteResponse(i, res, flow)
		return
	}
	m.otherResponse(i, res)
}

// clientOf finds the transaction of an answer (17.1.3): its number is in our branch. What
// has another Call-ID is not an answer to it.
func (m *Machine) clientOf(res *Message) (uint32, bool) {
	branch := res.Branch()
	if len(branch) < len(cookie) || string(branch[:len(cookie)]) != cookie {
		return 0, false
	}
	token, n, ok := readToken(branch[len(cookie):])
	if !ok || n == 0 || n > m.txs.used {
		return 0, false
	}
	i, method := n-1, methodCode(res.method)
	t := m.txs.at(i)
	if t.server() || t.state == terminated || t.keyA != token || t.tag != m.sum(res.CallID()) {
		return 0, false
	}
	if t.method == method {
		return i, true
	}
	if c := m.tx(t.cancelTx); c != nil && c.method == method {
		return t.cancelTx.n, true
	}
	return 0, false
}

func (m *Machine) otherResponse(i uint32, res *Message) {
	t := m.txs.at(i)
	switch {
	case t.state >= completed:
		m.countTheirs(t.call)
	case res.code < 200:
		t.state = proceeding
	default:
		was := *t
		t.last = text{}                  // was.last is let go below: a challenge is answered from it
		m.linger(i, completed, m.cfg.T4) // K
		m.replied(&was, res.code, res)
		m.mem.drop(&was.last)
	}
}

func (m *Machine) inviteResponse(i uint32, res *Message, flow Flow) {
	t := m.txs.at(i)
	self := In{i, t.gen}
	switch {
	case res.code < 200:
		if t.state > proceeding {
			return
		}
		if t.state == trying { // A and B end: it may ring for long
			t.state = proceeding
			t.epoch++
		}
		m.progress(t, self, res)
	case res.code < 300:
		if t.state == trying || t.state == proceeding {
			m.linger(i, accepted, m.to64()) // M
		}
		if t.state == accepted {
			m.inviteOK(i, res, flow)
		}
	case t.state == completed:
		m.countTheirs(t.call)
		m.sendKept(t.flow(), t.last)
	case t.state < completed:
		m.mine.Parse(m.mem.bytes(t.last))
		ack := m.send(t.flow(), m.like(&m.mine, "ACK", res.To()))
		m.mem.drop(&t.last)
		t.last = ack
		m.linger(i, completed, m.to64()) // D
		was := *t
		m.inviteFailed(&was, self, res.code, res)
	}
}

// Unsent tells that nothing can be sent to a flow, as ICMP may say (18.4): requests to it
// end as if nobody had answered. It looks at every transaction.
func (m *Machine) Unsent(now Instant, flow Flow) []Out {
	m.begin(now)
	var waiting []In
	for i := range m.txs.used {
		if t := m.txs.at(i); !t.server() && t.state < completed && t.flow() == flow {
			waiting = append(waiting, In{i, t.gen})
		}
	}
	for _, h := range waiting {
		if m.tx(h) != nil {
			m.gaveUp(h.n)
		}
	}
	return m.out
}

// dataOf is what the driver has given the request that t is of, or its call.
func (m *Machine) dataOf(t *tx) any {
	if t.ask.gen != 0 {
		if a := m.asks.at(t.ask.n); a.gen == t.ask.gen {
			return a.data
		}
	}
	if c := m.call(t.call); c != nil {
		return c.data
	}
	return nil
}

// challenged asks for credentials, if that is what res wants and we have not sent any yet.
func (m *Machine) challenged(t *tx, res *Message) (Header, bool) {
	if t.authed || res == nil || res.code != 401 && res.code != 407 || m.cfg.Credentials == nil {
		return Header{}, false
	}
	h := m.cfg.Credentials(m.dataOf(t), &m.mine, res)
	return h, h.Name != ""
}

// retry sends the request in m.mine again with credentials: with the next number and a
// branch of its own (22.2).
func (m *Machine) retry(was *tx, auth Header) In {
	seq := was.seq + 1
	if c := m.call(was.call); c != nil {
		c.localSeq++
		seq = c.localSeq
	}
	i, t := m.newTx(was.kind, m.mine.method, was.flow())
	t.initial, t.authed, t.call, t.ask = was.initial, true, was.call, was.ask
	token := m.cfg.Random()
	m.launch(i, token, seq, m.mine.CallID(), m.anew(&m.mine, token, i, seq, t.flow(), auth))
	return In{i, t.gen}
}
