package wire

import (
	"time"

	"callwright/sipua/dialog"
)

// reoffered takes a re-INVITE (14.2): not while one of ours, or another of theirs,
// is in progress.
func (m *Machine) reoffered(n, i uint32) {
	c := m.calls.at(n)
	switch {
	case c.ours != In{}:
		m.respond(i, &m.msg, 491, "", nil)
		return
	case c.state == incoming, m.open(c.theirs):
		wait := [1]byte{'0' + byte(m.cfg.Random()%10)}
		m.respond(i, &m.msg, 500, "", &Extra{Headers: []Header{{"Retry-After", wait[:]}}})
		return
	}
	m.try(i)
	c.theirs = m.hold(i)
	m.tell(m.about(n, dialog.Reoffered).answering(c.theirs).with(&m.msg).described())
}

// open reports whether a request of the peer's has no final answer yet.
func (m *Machine) open(h In) bool {
	t := m.tx(h)
	return t != nil && t.state < completed
}

// Answer accepts a re-INVITE. Other answers to one go through Respond.
func (m *Machine) Answer(now Instant, in In, extra *Extra) []Out {
	m.begin(now)
	t := m.tx(in)
	if t == nil || t.kind != inviteServer || t.state >= completed {
		return m.out
	}
	if c := m.call(t.call); c != nil && c.state == confirmed {
		m.heard(c, m.held(t), t.came())
		m.respondHeld(in, 200, "", extra)
	}
	return m.out
}

// Reoffer offers the peer a new session description in a re-INVITE: at once, or when
// what is in progress has ended. A later one takes the place of one that waits. What
// becomes of it is told by Reanswered; 491 is tried again after a while (14.1).
func (m *Machine) Reoffer(now Instant, h Call, sdp []byte) []Out {
	m.begin(now)
	if c := m.call(h); c != nil && c.state == confirmed && len(sdp) > 0 && len(sdp) <= MaxMessage {
		m.mem.drop(&c.wanted)
		c.wanted = m.mem.keep(sdp)
		m.tryReoffer(h.n)
	}
	return m.out
}

func (m *Machine) tryReoffer(n uint32) {
	c := m.calls.at(n)
	if c.wanted.size == 0 || c.state != confirmed || c.ours != (In{}) || m.waits(c.invite) || m.open(c.theirs) || m.waits(c.theirs) {
		return
	}
	c.reoffers++
	sdp := m.mem.bytes(c.wanted)
	m.mem.drop(&c.wanted)
	c.ours = m.sendInvite(n, nil, sdp)
}

func (m *Machine) reofferOK(i uint32, res *Message, flow Flow) {
	t := m.txs.at(i)
	self, n := In{i, t.gen}, t.call.n
	c := m.call(t.call)
	if c != nil && c.state == confirmed {
		m.heard(c, res, flow)
	}
	m.acknowledge(i, res, flow)
	if c == nil || self != c.ours {
		return
	}
	if c.ours = (In{}); c.state == confirmed {
		m.tell(m.about(n, dialog.Reanswered).with(res).described().coded(res.code))
		m.tryReoffer(n)
	}
}

func (m *Machine) reofferFailed(t *tx, self In, code int, res *Message) {
	c, n := m.call(t.call), t.call.n
	if c == nil || self != c.ours {
		return
	}
	if c.ours = (In{}); c.state != confirmed {
		return
	}
	switch code {
	case 0, 408, 481: // the peer knows the dialog no more (12.2.1.2)
		m.lose(n)
		return
	case 491:
		if c.wanted.size == 0 {
			c.wanted = m.mem.keep(m.mine.Body())
		}
		c.reoffers++
		m.armOnce(reofferTimer, n, c.reoffers, m.backOff(c))
		return
	}
	if h, ok := m.challenged(t, res); ok {
		c.ours = m.retry(t, h)
		return
	}
	m.tell(m.about(n, dialog.Reanswered).with(res).coded(code))
	m.tryReoffer(n)
}

// backOff is how long to wait after 491: 2.1 to 4 s for the side that chose the
// Call-ID, up to 2 s for the other, in steps of 10 ms (14.1).
func (m *Machine) backOff(c *call) time.Duration {
	if c.caller {
		return 2100*time.Millisecond + time.Duration(m.cfg.Random()%191)*10*time.Millisecond
	}
	return time.Duration(m.cfg.Random()%201) * 10 * time.Millisecond
}
