package wire

import (
	"bytes"
	"strconv"
)

// request is what a request of ours is written from. Its route set is m.hops.
type request struct {
	method                             string
	flow                               Flow
	target, local, remote, id, contact []byte
	remoteTag                          []byte
	tag, token                         uint64
	tagCall, n                         uint32 // behind tag and token
	seq                                uint32
	forwards                           uint8
}

// inDialog begins a request of a call (12.2.1.1), of the transaction n-1.
func (m *Machine) inDialog(at uint32, method string, n uint32) request {
	c := m.calls.at(at)
	q := request{method: method, target: m.part(c, targetPart), local: m.part(c, localPart), remote: m.part(c, remotePart), id: m.part(c, idPart),
		contact: m.part(c, ourPart), remoteTag: m.part(c, tagPart), tag: c.tag, tagCall: at + 1, n: n, forwards: c.forwards}
	m.hops = m.hops[:0]
	for routes := m.part(c, routesPart); len(routes) > 0; {
		i := bytes.IndexByte(routes, '\n')
		m.hops = append(m.hops, routes[:i])
		routes = routes[i+1:]
	}
	if q.flow = c.flow; c.state != calling {
		q.flow = m.where(q.target, c.flow)
	}
	if method == "BYE" {
		q.contact = nil
	}
	if method != "ACK" {
		c.localSeq++
		q.seq = c.localSeq
	}
	q.token = m.nextToken(method)
	return q
}

// nextToken draws a branch, but for an ACK, whose branch is drawn once for all its copies.
func (m *Machine) nextToken(method string) uint64 {
	if method == "ACK" {
		return 0
	}
	return m.cfg.Random()
}

// where is where the next hop of the route set in m.hops is.
func (m *Machine) where(target []byte, was Flow) Flow {
	if m.cfg.Route == nil {
		return was
	}
	if len(m.hops) > 0 {
		target = uriOf(m.hops[0])
	}
	return m.cfg.Route(target, len(m.hops) > 0, was)
}

// sendInvite sends an INVITE of a call, its first or another.
func (m *Machine) sendInvite(n uint32, headers []Header, sdp []byte) In {
	c := m.calls.at(n)
	i, t := m.newTx(inviteClient, "INVITE", c.flow)
	t.call = Call{n, c.gen}
	q := m.inDialog(n, "INVITE", i+1)
	t.local, t.remote = uint16(q.flow.Local), q.flow.Remote
	m.launch(i, q.token, q.seq, q.id, m.write(&q, headers, nil, "application/sdp", sdp))
	return In{i, t.gen}
}

// ackInside writes the ACK to the 2xx of a re-INVITE, whose route set is the call's.
func (m *Machine) ackInside(c *call, t *tx, token uint64, auth []byte) (Flow, []byte) {
	q := m.inDialog(t.call.n, "ACK", 0)
	q.seq, q.token = t.seq, token
	return q.flow, m.write(&q, nil, auth, "", nil)
}

// write writes a request into m.w. lines are whole headers, as they were.
func (m *Machine) write(q *request, headers []Header, lines []byte, kind string, body []byte) []byte {
	uri, routes, last := m.aim(q.target)
	w := m.startRequest(q.method, uri, q.flow, q.token, q.n, int(q.forwards))
	w = appendRoutes(w, routes, last)
	w = appendClean(append(w, "From: "...), q.local)
	w = appendToken(append(w, ";tag="...), q.tag, q.tagCall)
	w = appendClean(append(w, "\r\nTo: "...), q.remote)
	if len(q.remoteTag) > 0 {
		w = append(append(w, ";tag="...), q.remoteTag...)
	}
	w = appendClean(append(w, "\r\nCall-ID: "...), q.id)
	w = append(w, "\r\n"...)
	w = appendCSeq(w, q.seq, q.method)
	if len(q.contact) > 0 {
		w = append(appendClean(append(w, "Contact: "...), q.contact), "\r\n"...)
	}
	if q.method == "INVITE" {
		w = append(append(append(w, "Allow: "...), m.cfg.Allow...), "\r\n"...)
	}
	w = append(appendHeaders(w, headers), lines...)
	m.w = appendBody(m.userAgent(w), kind, body)
	return m.w
}

func (m *Machine) startRequest(method string, uri []byte, flow Flow, token uint64, n uint32, forwards int) []byte {
	w := append(append(m.w[:0], method...), ' ')
	w = append(appendURI(w, uri), " SIP/2.0\r\n"...)
	w = m.appendVia(w, flow, token, n)
	w = append(w, "Max-Forwards: "...)
	return append(strconv.AppendUint(w, uint64(forwards), 10), "\r\n"...)
}

func (m *Machine) appendVia(w []byte, flow Flow, token uint64, n uint32) []byte {
	w = append(append(w, "Via: SIP/2.0/UDP "...), m.cfg.SentBy(flow.Local)...)
	return append(appendToken(append(w, ";rport;branch="+cookie...), token, n), "\r\n"...)
}

func (m *Machine) userAgent(w []byte) []byte {
	if m.cfg.Agent == "" {
		return w
	}
	return append(append(append(w, "User-Agent: "...), m.cfg.Agent...), "\r\n"...)
}

func appendCSeq(w []byte, seq uint32, method string) []byte {
	w = strconv.AppendUint(append(w, "CSeq: "...), uint64(seq), 10)
	return append(append(append(w, ' '), method...), "\r\n"...)
}

// aim turns a target and the route set in m.hops into a Request-URI and Route headers:
// a strict router wants its own address, and the target comes last (12.2.1.1).
func (m *Machine) aim(target []byte) (uri []byte, routes [][]byte, last []byte) {
	if len(m.hops) == 0 {
		return target, nil, nil
	}
	if first := uriOf(m.hops[0]); !loose(first) {
		return first, m.hops[1:], target
	}
	return target, m.hops, nil
}

func appendRoutes(w []byte, routes [][]byte, last []byte) []byte {
	for _, r := range routes {
		w = append(appendClean(append(w, "Route: "...), r), "\r\n"...)
	}
	if last != nil {
		w = append(append(append(w, "Route: <"...), last...), ">\r\n"...)
	}
	return w
}

// uriOf is the URI of a route.
func uriOf(v []byte) []byte {
	a, _, _, err := readAddress(v, 0, len(v))
	if err != nil {
		return v
	}
	return a.uri.of(v)
}

// appendURI writes a URI without what a Request-URI must not have: the parameter method,
// and headers (19.1.1).
func appendURI(w, uri []byte) []byte {
	user := bytes.IndexByte(uri, '@') + 1
	end := len(uri)
	if i := bytes.IndexByte(uri[user:], '?'); i >= 0 {
		end = user + i
	}
	at := len(w)
	w = appendClean(w, uri[:end])
	const name = ";method="
	for i := at; i+len(name) <= len(w); i++ {
		if w[i] != ';' || !fold(w[i:i+len(name)], name) {
			continue
		}
		k := bytes.IndexByte(w[i+1:], ';')
		if k < 0 {
			return w[:i]
		}
		w = append(w[:i], w[i+1+k:]...)
	}
	return w
}

// like writes an ACK or CANCEL that belongs to the hop of an INVITE: the same
// Request-URI, Via, Route, From, Call-ID and number (9.1, 17.1.1.3).
func (m *Machine) like(inv *Message, method string, to []byte) []byte {
	w := append(append(m.w[:0], method...), ' ')
	w = append(append(w, inv.URI()...), " SIP/2.0\r\n"...)
	w = appendLine(w, "Via: ", inv.only(viaKind))
	w = append(w, "Max-Forwards: 70\r\n"...)
	w = appendAll(w, "Route: ", inv, routeKind)
	w = appendLine(w, "From: ", inv.From())
	w = appendLine(w, "To: ", to)
	w = appendLine(w, "Call-ID: ", inv.CallID())
	m.w = appendBody(appendCSeq(w, inv.seq, method), "", nil)
	return m.w
}

// anew writes a request of ours once more, with credentials.
func (m *Machine) anew(req *Message, token uint64, i, seq uint32, flow Flow, auth Header) []byte {
	same := kindOf([]byte(auth.Name))
	w := append(append(m.w[:0], req.method...), ' ')
	w = append(append(w, req.URI()...), " SIP/2.0\r\n"...)
	for k := range req.n {
		switch l := &req.lines[k]; l.kind {
		case viaKind:
			w = m.appendVia(w, flow, token, i+1)
		case cseqKind:
			w = appendHeaders(appendCSeq(w, seq, req.method), []Header{auth})
		case contentTypeKind, contentLengthKind:
		default:
			if l.kind != same || same == otherKind {
				w = append(append(w, req.b[l.name:l.valueEnd]...), "\r\n"...)
			}
		}
	}
	m.w = appendBody(w, string(req.ContentType()), req.Body())
	return m.w
}

// fromAnswer writes an ACK or BYE in the dialog that a 2xx has made, from the 2xx alone; but
// target is where to if it has no Contact.
func (m *Machine) fromAnswer(method string, res *Message, token uint64, n, seq uint32, flow Flow, target, lines []byte) (Flow, []byte) {
	if uri := res.Contact(); hasHost(uri) {
		target = uri
	} else if len(target) == 0 {
		target = res.ToURI()
	}
	m.hops = m.hops[:0]
	if res.first[recordRouteKind] > 0 {
		m.hops = res.values(recordRouteKind, m.hops)
		for i, k := 0, len(m.hops)-1; i < k; i, k = i+1, k-1 { // the caller's is turned round (12.1.2)
			m.hops[i], m.hops[k] = m.hops[k], m.hops[i]
		}
	}
	flow = m.where(target, flow)
	uri, routes, last := m.aim(target)
	w := m.startRequest(method, uri, flow, token, n, 70)
	w = appendRoutes(w, routes, last)
	w = appendLine(w, "From: ", res.From())
	w = appendLine(w, "To: ", res.To())
	w = appendLine(w, "Call-ID: ", res.CallID())
	w = append(appendCSeq(w, seq, method), lines...)
	m.w = appendBody(m.userAgent(w), "", nil)
	return flow, m.w
}
