package dialog

import (
	"github.com/emiago/sipgo/sip"
)

// launch starts a client transaction with the request in t.
func (m *Machine) launch(t *tx, branch string) {
	t.key = clientKey(branch, t.req.Method)
	t.last = wire(t.req)
	t.gap = m.cfg.T1
	m.clients.put(t.key, t)
	m.send(t.flow, t.last)
	if !t.flow.Reliable() {
		m.arm(timer{tx: t, kind: repeatTimer, epoch: t.epoch}, t.gap) // A, E
	}
	m.arm(timer{tx: t, kind: giveUpTimer, epoch: t.epoch}, m.to64()) // B, F
}

func (m *Machine) response(res *sip.Response, flow Flow) {
	branch, _ := res.Via().Params.Get("branch")
	t := m.clients.m[clientKey(branch, res.CSeq().MethodName)]
	if t == nil || string(*t.req.CallID()) != string(*res.CallID()) {
		m.Dropped++
		return
	}
	if t.kind == inviteClient {
		m.inviteResponse(t, res, flow)
		return
	}
	m.otherResponse(t, res, flow)
}

func (m *Machine) otherResponse(t *tx, res *sip.Response, flow Flow) {
	switch {
	case t.state >= completed:
		m.theirs(t)
	case res.StatusCode < 200:
		t.state = proceeding
	default:
		m.linger(t, completed, m.unlessReliable(t.flow, m.cfg.T4)) // K
		if t.ask != nil {
			t.ask.from = flow
		}
		m.replied(t, res.StatusCode, res)
	}
}

func (m *Machine) inviteResponse(t *tx, res *sip.Response, flow Flow) {
	switch {
	case res.StatusCode < 200:
		if t.state > proceeding {
			return
		}
		if t.state == trying { // A and B end: it may ring for long
			t.state = proceeding
			t.epoch++
		}
		m.progress(t, res)
	case res.StatusCode < 300:
		if t.state == trying || t.state == proceeding {
			m.linger(t, accepted, m.to64()) // M
		}
		if t.state == accepted {
			m.inviteOK(t, res, flow)
		}
	case t.state == completed:
		m.theirs(t)
		m.send(t.flow, t.ack)
	case t.state < completed:
		t.ack = m.refusalACK(t, res)
		m.send(t.flow, t.ack)
		m.linger(t, completed, m.unlessReliable(t.flow, m.to64())) // D
		m.inviteFailed(t, res.StatusCode, res)
	}
}

// Unsent tells that nothing can be sent on a flow: requests on it end as if nobody
// had answered (8.1.3.1 calls it 503).
func (m *Machine) Unsent(now Instant, flow Flow) []Out {
	m.begin(now)
	for _, t := range m.waitingOn(flow) {
		m.gaveUp(t)
	}
	return m.out
}
