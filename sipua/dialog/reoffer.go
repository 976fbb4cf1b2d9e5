package dialog

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// reoffered takes a re-INVITE (14.2): not while one of ours, or another of theirs,
// is in progress.
func (m *Machine) reoffered(c *Call, t *tx) {
	switch {
	case c.ours != nil:
		m.respond(t, 491, "", nil)
		return
	case c.state == incoming, c.theirs != nil && c.theirs.state < completed:
		wait := sip.NewHeader("Retry-After", string('0'+byte(m.cfg.Random()%10)))
		m.respond(t, 500, "", &Extra{Headers: []sip.Header{wait}})
		return
	}
	m.try(t)
	c.theirs = t
	m.tell(Out{Fact: Reoffered, Call: c, In: (*Incoming)(t), Req: t.req, SDP: sdpOf(t.req)})
}

// Answer accepts a re-INVITE. Other answers to one go through Respond.
func (m *Machine) Answer(now Instant, in *Incoming, extra *Extra) []Out {
	m.begin(now)
	t := (*tx)(in)
	if t.call != nil && t.req.Method == sip.INVITE && t.call.state == confirmed && t.state < completed {
		t.call.heard(t.req.Contact(), t.from)
		m.respond(t, 200, "", extra)
	}
	return m.out
}

// Reoffer offers the peer a new session description in a re-INVITE: at once, or when
// what is in progress has ended. A later one takes the place of one that waits. What
// becomes of it is told by Reanswered; 491 is tried again after a while (14.1).
func (m *Machine) Reoffer(now Instant, c *Call, sdp []byte) []Out {
	m.begin(now)
	if c.state == confirmed {
		c.wanted = sdp
		m.tryReoffer(c)
	}
	return m.out
}

func (m *Machine) tryReoffer(c *Call) {
	if c.wanted == nil || c.state != confirmed || c.ours != nil || c.invite.ok != nil ||
		c.theirs != nil && (c.theirs.state < completed || c.theirs.ok != nil) {
		return
	}
	c.reoffers++
	m.sendReoffer(c, c.wanted, nil)
	c.wanted = nil
}

func (m *Machine) sendReoffer(c *Call, sdp []byte, auth sip.Header) {
	var headers []sip.Header
	if auth != nil {
		headers = append(headers, auth)
	}
	req, branch, flow := m.build(c, sip.INVITE, headers, "application/sdp", sdp)
	c.ours = &tx{kind: inviteClient, req: req, flow: flow, call: c, authed: auth != nil}
	m.launch(c.ours, branch)
}

func (m *Machine) reofferOK(t *tx, res *sip.Response, flow Flow) {
	c := t.call
	if c.state == confirmed {
		c.heard(res.Contact(), flow)
	}
	m.acknowledge(c, t, tag(res.To().Params))
	if t != c.ours {
		return
	}
	c.ours = nil
	if c.state == confirmed {
		m.tell(Out{Fact: Reanswered, Call: c, Code: res.StatusCode, Res: res, SDP: sdpOf(res)})
		m.tryReoffer(c)
	}
}

func (m *Machine) reofferFailed(t *tx, code int, res *sip.Response) {
	c := t.call
	if t != c.ours {
		return
	}
	c.ours = nil
	if c.state != confirmed {
		return
	}
	switch code {
	case 0, 408, 481: // the peer knows the dialog no more (12.2.1.2)
		m.lose(c)
		return
	case 491:
		if c.wanted == nil {
			c.wanted = t.req.Body()
		}
		c.reoffers++
		m.arm(timer{call: c, kind: reofferTimer, epoch: c.reoffers}, m.backOff(c))
		return
	}
	if h := m.credentials(c, nil, t.req, res); h != nil && !t.authed {
		m.sendReoffer(c, t.req.Body(), h)
		return
	}
	m.tell(Out{Fact: Reanswered, Call: c, Code: code, Res: res})
	m.tryReoffer(c)
}

// backOff is how long to wait after 491: 2.1 to 4 s for the side that chose the
// Call-ID, up to 2 s for the other, in steps of 10 ms (14.1).
func (m *Machine) backOff(c *Call) time.Duration {
	if c.caller {
		return 2100*time.Millisecond + time.Duration(m.cfg.Random()%191)*10*time.Millisecond
	}
	return time.Duration(m.cfg.Random()%201) * 10 * time.Millisecond
}
