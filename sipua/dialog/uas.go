package dialog

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// invited begins a call that comes in (12.1.1).
func (m *Machine) invited(t *tx) {
	req := t.req
	if !reachable(req) && !old(req) { // nothing could be sent to it (12.1.1)
		m.respond(t, 400, "Contact Missing", nil)
		return
	}
	m.try(t)
	c := &Call{id: req.CallID().Value(), invite: t, localTag: m.token(), remoteTag: tag(req.From().Params),
		local: nameAddr(req.To().DisplayName, &req.To().Address), remote: nameAddr(req.From().DisplayName, &req.From().Address),
		remoteSeq: req.CSeq().SeqNo, routes: routesOf(req, false)}
	c.target = *req.From().Address.Clone()
	c.heard(req.Contact(), t.from)
	t.call, t.tag = c, c.localTag
	m.enter(c)
	m.tell(Out{Fact: Invited, Call: c, In: (*Incoming)(t), Req: req, SDP: sdpOf(req)})
}

// reachable reports whether a request has a Contact that a SIP request can be sent to.
func reachable(req *sip.Request) bool {
	h := req.Contact()
	if h == nil || h.Address.Host == "" {
		return false
	}
	s := strings.ToLower(h.Address.Scheme)
	return s == "sip" || s == "sips"
}

// old reports whether a request is of RFC 2543, which needed no Contact: its From is where
// requests go then.
func old(req *sip.Request) bool {
	branch, _ := req.Via().Params.Get("branch")
	return !strings.HasPrefix(branch, cookie) && req.Contact() == nil
}

// Ring sends a provisional answer, and again every minute (13.3.1.1). extra may hold
// a session description for early media.
func (m *Machine) Ring(now Instant, c *Call, code int, extra *Extra) []Out {
	m.begin(now)
	if c.state == incoming {
		m.respond(c.invite, code, "", extra)
		c.ringing++
		m.arm(timer{call: c, kind: ringingTimer, epoch: c.ringing}, m.cfg.Provisional)
	}
	return m.out
}

func (m *Machine) ringOn(c *Call) {
	m.send(c.invite.flow, c.invite.last)
	m.arm(timer{call: c, kind: ringingTimer, epoch: c.ringing}, m.cfg.Provisional)
}

// Accept answers the call with 200 and a session description; contact is where the
// peer's later requests shall go.
func (m *Machine) Accept(now Instant, c *Call, contact string, extra *Extra) []Out {
	m.begin(now)
	if c.state == incoming {
		c.ringing++
		c.state, c.contact = confirmed, contact
		m.respond(c.invite, 200, "", extra)
	}
	return m.out
}

// Refuse answers the call with a final answer that is none.
func (m *Machine) Refuse(now Instant, c *Call, code int, reason string, extra *Extra) []Out {
	m.begin(now)
	m.refuse(c, code, reason, extra)
	return m.out
}

func (m *Machine) refuse(c *Call, code int, reason string, extra *Extra) {
	if c.state == incoming {
		m.respond(c.invite, code, reason, extra)
		m.over(c)
	}
}

// acknowledged: our 2xx has arrived.
func (m *Machine) acknowledged(c *Call, ack *sip.Request) {
	for _, t := range []*tx{c.invite, c.theirs} {
		if t == nil || t.ok == nil || t.req.CSeq().SeqNo != ack.CSeq().SeqNo {
			continue
		}
		t.ok = nil
		t.okEpoch++
		if c.bye {
			m.sendBye(c, nil)
			return
		}
		m.tell(Out{Fact: Confirmed, Call: c, Req: ack, SDP: sdpOf(ack)})
		m.tryReoffer(c)
		return
	}
}

// unacknowledged: no ACK has come for 64 T1. The dialog is confirmed all the same,
// and ends with a BYE (13.3.1.4).
func (m *Machine) unacknowledged(t *tx) {
	t.ok = nil
	t.okEpoch++
	c := t.call
	if c.bye {
		m.sendBye(c, nil)
		return
	}
	m.lose(c)
}
