package dialog

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// Invite is a call to be made.
type Invite struct {
	Target      sip.Uri
	Flow        Flow
	From, To    string   // name-addr without tags
	Contact     string   // ours
	CallID      string   // "": a new one
	Routes      []string // Route values, the first one first
	MaxForwards int      // 0: 70. A leg made for a call that came in carries one less than that (16.6), NoForwards if none is left
	Headers     []sip.Header
	SDP         []byte
	RingLimit   time.Duration // CANCEL then; 0: never
	Data        any
}

// NoForwards is a MaxForwards of 0 in the message.
const NoForwards = -1

// Invite calls somebody. What becomes of it is told by Progress, Answered or Refused.
func (m *Machine) Invite(now Instant, inv Invite) (*Call, []Out) {
	m.begin(now)
	c := &Call{Data: inv.Data, state: calling, caller: true, order: inv, id: inv.CallID, localTag: m.token(),
		local: inv.From, remote: inv.To, contact: inv.Contact, target: inv.Target, routes: inv.Routes, flow: inv.Flow}
	if c.id == "" {
		c.id = m.token() + m.token()
	}
	m.enter(c)
	m.callOut(c, nil)
	if inv.RingLimit > 0 {
		m.arm(timer{call: c, kind: ringLimitTimer}, inv.RingLimit)
	}
	return c, m.out
}

func (m *Machine) callOut(c *Call, auth sip.Header) {
	headers := c.order.Headers
	if auth != nil {
		headers = append(headers[:len(headers):len(headers)], auth)
	}
	req, branch, _ := m.build(c, sip.INVITE, headers, "application/sdp", c.order.SDP)
	c.invite = &tx{kind: inviteClient, req: req, flow: c.order.Flow, call: c, authed: auth != nil}
	m.launch(c.invite, branch)
}

// Cancel takes back a call that has no answer yet. Where the answer crosses it, the
// call is acknowledged and ended; the driver is told Refused in every case.
func (m *Machine) Cancel(now Instant, c *Call) []Out {
	m.begin(now)
	m.cancel(c)
	return m.out
}

// cancel sends CANCEL, but not before a provisional answer has come (9.1).
func (m *Machine) cancel(c *Call) {
	if c.state != calling {
		return
	}
	if c.invite.state == trying {
		c.giveUp = true
		return
	}
	c.state, c.giveUp = cancelling, false
	req, branch := cancelOf(c.invite.req)
	m.launch(&tx{kind: otherClient, req: req, flow: c.invite.flow, call: c}, branch)
	m.arm(timer{call: c, kind: cancelTimer, epoch: c.invite.epoch}, m.to64())
}

// cancelLost: CANCEL has had no effect for 64 T1 (9.1).
func (m *Machine) cancelLost(c *Call) {
	m.remove(c.invite)
	m.over(c)
	m.tell(Out{Fact: Refused, Call: c})
}

func (m *Machine) progress(t *tx, res *sip.Response) {
	c := t.call
	if t != c.invite || c.state != calling {
		return
	}
	if c.giveUp {
		m.cancel(c)
		return
	}
	if res.StatusCode > 100 {
		m.tell(Out{Fact: Progress, Call: c, Code: res.StatusCode, Res: res, SDP: sdpOf(res)})
	}
}

// inviteOK takes a 2xx, which each is to be acknowledged: the first makes the
// dialog, its copies get the ACK again, and those of other forks are acknowledged and
// ended (13.2.2.4).
func (m *Machine) inviteOK(t *tx, res *sip.Response, flow Flow) {
	c, to := t.call, tag(res.To().Params)
	for i := range t.acks {
		if t.acks[i].tag == to {
			m.theirs(t)
			m.send(t.acks[i].flow, t.acks[i].bytes)
			return
		}
	}
	if t != c.invite {
		m.reofferOK(t, res, flow)
		return
	}
	if c.remoteTag != "" {
		m.endFork(t, res, flow)
		return
	}
	c.remoteTag, c.routes = to, routesOf(res, true)
	c.heard(res.Contact(), flow)
	m.acknowledge(c, t, to)
	if c.state == cancelling || c.giveUp { // the answer was faster
		c.state = ending
		m.sendBye(c, nil)
		m.tell(Out{Fact: Refused, Call: c, Code: 487})
		return
	}
	if c.state != calling {
		return
	}
	c.state = confirmed
	m.tell(Out{Fact: Answered, Call: c, Code: res.StatusCode, Res: res, SDP: sdpOf(res)})
}

// endFork ends the dialog that another branch of a forked INVITE has made.
func (m *Machine) endFork(t *tx, res *sip.Response, flow Flow) {
	f := *t.call // a copy of the call, with the fork's own peer
	f.Data, f.remoteTag, f.routes, f.state = nil, tag(res.To().Params), routesOf(res, true), ending
	f.key, f.invite, f.ours, f.theirs = "", nil, nil, nil // those are the call's own
	f.heard(res.Contact(), flow)
	m.acknowledge(&f, t, f.remoteTag)
	m.sendBye(&f, nil)
}

// inviteFailed: an INVITE of ours has a final answer that is none, or no answer.
func (m *Machine) inviteFailed(t *tx, code int, res *sip.Response) {
	c := t.call
	if t != c.invite {
		m.reofferFailed(t, code, res)
		return
	}
	if c.state == calling && !c.giveUp && !t.authed {
		if h := m.credentials(c, nil, t.req, res); h != nil {
			m.callOut(c, h)
			return
		}
	}
	if c.state != calling && c.state != cancelling {
		return
	}
	m.over(c)
	m.tell(Out{Fact: Refused, Call: c, Code: code, Res: res})
}

// credentials answers a challenge, if that is what res is and we can.
func (m *Machine) credentials(c *Call, a *Ask, req *sip.Request, res *sip.Response) sip.Header {
	if res == nil || res.StatusCode != 401 && res.StatusCode != 407 || m.cfg.Credentials == nil {
		return nil
	}
	return m.cfg.Credentials(c, a, req, res)
}
