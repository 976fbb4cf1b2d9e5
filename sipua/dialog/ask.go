package dialog

import (
	"maps"
	"slices"

	"github.com/emiago/sipgo/sip"
)

// Ask is a request of ours that is no INVITE: REGISTER and OPTIONS to somebody, or
// INFO, REFER, NOTIFY and OPTIONS in a dialog.
type Ask struct {
	Data any // the driver's

	method  sip.RequestMethod
	headers []sip.Header
	kind    string // of body
	body    []byte
	call    *Call
	order   Request
	seq     uint32
	from    Flow
}

// Request is a request outside of dialogs.
type Request struct {
	Method   sip.RequestMethod
	Target   sip.Uri
	Flow     Flow
	From, To string // name-addr without tags
	CallID   string // "": a new one. Registrations of one binding share it
	Seq      uint32 // of CSeq; 0: 1
	Routes   []string
	Headers  []sip.Header
	Data     any
}

// From is by which the answer came.
func (a *Ask) From() Flow { return a.from }

// Send sends a request outside of dialogs. Its answer is told by Replied.
func (m *Machine) Send(now Instant, r Request) (*Ask, []Out) {
	m.begin(now)
	if r.CallID == "" {
		r.CallID = m.token() + m.token()
	}
	a := &Ask{Data: r.Data, method: r.Method, headers: r.Headers, order: r, seq: max(r.Seq, 1)}
	m.sendAlone(a, m.token(), nil)
	return a, m.out
}

func (m *Machine) sendAlone(a *Ask, localTag string, auth sip.Header) {
	r := &a.order
	c := &Call{id: r.CallID, localTag: localTag, local: r.From, remote: r.To, localSeq: a.seq - 1, target: r.Target, routes: r.Routes, flow: r.Flow}
	req, branch, _ := m.build(c, r.Method, with(a.headers, auth), "", nil)
	m.launch(&tx{kind: otherClient, req: req, flow: r.Flow, ask: a, authed: auth != nil}, branch)
}

func with(headers []sip.Header, auth sip.Header) []sip.Header {
	if auth == nil {
		return headers
	}
	return append(headers[:len(headers):len(headers)], auth)
}

// Ask sends a request in the dialog of a call. Its answer is told by Replied; 408,
// 481 or none mean that the peer knows the dialog no more, and end the call
// (12.2.1.2): so an OPTIONS is a probe.
func (m *Machine) Ask(now Instant, c *Call, method sip.RequestMethod, data any, headers []sip.Header, kind string, body []byte) (*Ask, []Out) {
	m.begin(now)
	a := &Ask{Data: data, method: method, headers: headers, kind: kind, body: body, call: c}
	if c.state == confirmed {
		m.sendInside(a, nil)
	}
	return a, m.out
}

func (m *Machine) sendInside(a *Ask, auth sip.Header) {
	req, branch, flow := m.build(a.call, a.method, with(a.headers, auth), a.kind, a.body)
	m.launch(&tx{kind: otherClient, req: req, flow: flow, call: a.call, ask: a, authed: auth != nil}, branch)
}

// replied: a request that is no INVITE has its final answer, or none.
func (m *Machine) replied(t *tx, code int, res *sip.Response) {
	switch {
	case t.ask != nil:
		m.askReplied(t, code, res)
	case t.req.Method == sip.BYE:
		if h := m.credentials(t.call, nil, t.req, res); h != nil && !t.authed {
			req, branch, flow := m.build(t.call, sip.BYE, []sip.Header{h}, "", nil)
			m.launch(&tx{kind: otherClient, req: req, flow: flow, call: t.call, authed: true}, branch)
			return
		}
		m.over(t.call)
		if m.cfg.Departures {
			m.tell(Out{Fact: Departed, Call: t.call, Code: code, Res: res})
		}
	}
}

func (m *Machine) askReplied(t *tx, code int, res *sip.Response) {
	a := t.ask
	if h := m.credentials(a.call, a, t.req, res); h != nil && !t.authed && (a.call == nil || a.call.state == confirmed) {
		if a.call != nil {
			m.sendInside(a, h)
		} else {
			a.seq++
			m.sendAlone(a, tag(t.req.From().Params), h)
		}
		return
	}
	m.tell(Out{Fact: Replied, Ask: a, Call: a.call, Code: code, Req: t.req, Res: res})
	if a.call != nil && a.method != sip.NOTIFY && (code == 0 || code == 408 || code == 481) { // NOTIFY's is the subscription's end (RFC 5057)
		m.lose(a.call)
	}
}

// waitingOn lists the client transactions on a flow that have no answer yet, in the
// order of their keys.
func (m *Machine) waitingOn(flow Flow) (out []*tx) {
	for _, key := range slices.Sorted(maps.Keys(m.clients.m)) {
		if t := m.clients.m[key]; t.flow == flow && t.state < completed {
			out = append(out, t)
		}
	}
	return out
}
