package dialog

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
)

// Instant is wall time since the driver began, in nanoseconds.
type Instant = realcore.Instant

// Extra is what an answer has beyond what every answer has.
type Extra struct {
	Headers []sip.Header
	Contact string // name-addr; "": the call's, in answers that make or change a dialog
	Type    string // of Body; "": application/sdp
	Body    []byte
}

type sentACK struct {
	tag   string
	flow  Flow
	bytes []byte
}

// token returns 64 random bits as 16 digits: for tags, branches and Call-IDs.
func (m *Machine) token() string {
	const hex = "0123456789abcdef"
	x := m.cfg.Random()
	var b [16]byte
	for i := range b {
		b[i] = hex[x&15]
		x >>= 4
	}
	return string(b[:])
}

// answer writes a response (8.2.6): what it copies it copies as it was, but for where
// the request came from, which the top Via says.
func (m *Machine) answer(t *tx, code int, reason string, extra *Extra) []byte {
	if reason == "" {
		reason = Reason(code)
	}
	if extra == nil {
		extra = &Extra{}
	}
	var w writer
	w.start("SIP/2.0 " + strconv.Itoa(code) + " " + reason)
	req := t.req
	for _, h := range req.GetHeaders("via") {
		w.line("Via", h.Value())
	}
	w.line("From", req.From().Value())
	w.line("To", m.toOf(t, code))
	w.line("Call-ID", req.CallID().Value())
	w.line("CSeq", req.CSeq().Value())
	if req.Method == sip.INVITE && code > 100 && code < 300 {
		for _, h := range req.GetHeaders("record-route") {
			w.line("Record-Route", h.Value())
		}
	}
	m.answerContact(&w, t, code, extra)
	for _, h := range extra.Headers {
		w.line(h.Name(), h.Value())
	}
	if code == 405 || code/100 == 2 && (req.Method == sip.INVITE || req.Method == sip.OPTIONS) {
		w.line("Allow", m.cfg.Allow)
	}
	if m.cfg.Agent != "" {
		w.line("Server", m.cfg.Agent)
	}
	return w.end(extra.Type, extra.Body)
}

func (m *Machine) answerContact(w *writer, t *tx, code int, extra *Extra) {
	contact := extra.Contact
	if contact == "" && t.call != nil && t.req.Method == sip.INVITE && code > 100 && code < 300 {
		contact = t.call.contact
	}
	if contact != "" {
		w.line("Contact", contact)
	}
}

// toOf is the To of an answer: with a tag of ours, but in 100 (8.2.6.2).
func (m *Machine) toOf(t *tx, code int) string {
	to := t.req.To()
	if tag(to.Params) != "" || code == 100 {
		return to.Value()
	}
	if t.tag == "" {
		t.tag = m.token()
	}
	return to.Value() + ";tag=" + t.tag
}

// build writes a request of a call (12.2.1.1), and returns it with its branch and
// where it goes.
func (m *Machine) build(c *Call, method sip.RequestMethod, headers []sip.Header, kind string, body []byte) (*sip.Request, string, Flow) {
	uri, routes := c.target, c.routes
	hop := c.target
	if len(routes) > 0 {
		var first sip.Uri
		if err := parseRoute(routes[0], &first); err == nil {
			hop = first
			if !first.UriParams.Has("lr") { // a strict router wants its own address (12.2.1.1)
				uri, routes = first, append(routes[1:len(routes):len(routes)], "<"+c.target.String()+">")
			}
		}
	}
	flow := c.flow
	if m.cfg.Route != nil {
		flow = m.cfg.Route(&hop, len(routes) > 0, c.flow)
	}
	if c.state == calling && method == sip.INVITE {
		flow = c.order.Flow
	}
	c.localSeq++
	branch := cookie + m.token()
	uri.UriParams = removed(uri.UriParams, "method") // not allowed in a Request-URI (19.1.1)
	uri.Headers = nil
	r := sip.NewRequest(method, uri)
	add := func(name, value string) { r.AppendHeader(sip.NewHeader(name, value)) }
	add("Via", "SIP/2.0/"+flow.Transport.String()+" "+m.cfg.SentBy(flow)+";rport;branch="+branch)
	add("Max-Forwards", strconv.Itoa(c.forwards()))
	for _, v := range routes {
		add("Route", v)
	}
	add("From", c.local+";tag="+c.localTag)
	to := c.remote
	if c.remoteTag != "" {
		to += ";tag=" + c.remoteTag
	}
	add("To", to)
	add("Call-ID", c.id)
	add("CSeq", strconv.FormatUint(uint64(c.localSeq), 10)+" "+string(method))
	if c.contact != "" && method != sip.BYE {
		add("Contact", c.contact)
	}
	if method == sip.INVITE {
		add("Allow", m.cfg.Allow)
	}
	for _, h := range headers {
		add(h.Name(), clean(h.Value()))
	}
	if m.cfg.Agent != "" {
		add("User-Agent", m.cfg.Agent)
	}
	if len(body) > 0 {
		add("Content-Type", kind)
		r.SetBody(body)
	}
	return r, branch, flow
}

// forwards is the Max-Forwards of the call's requests.
func (c *Call) forwards() int {
	switch n := c.order.MaxForwards; {
	case n < 0:
		return 0
	case n > 0:
		return n
	}
	return 70
}

func parseRoute(v string, uri *sip.Uri) error {
	var params sip.HeaderParams
	_, err := sip.ParseAddressValue(v, uri, &params)
	return err
}

// acknowledge sends the ACK to a 2xx: a request of its own, with the INVITE's number
// (13.2.2.4), and its credentials if it had any.
func (m *Machine) acknowledge(c *Call, t *tx, to string) {
	seq := c.localSeq
	c.localSeq = t.req.CSeq().SeqNo - 1
	var auth []sip.Header
	for _, name := range []string{"authorization", "proxy-authorization"} {
		auth = append(auth, t.req.GetHeaders(name)...)
	}
	r, _, flow := m.build(c, sip.ACK, auth, "", nil)
	c.localSeq = seq
	b := wire(r)
	t.acks = append(t.acks, sentACK{to, flow, b})
	m.send(flow, b)
}

// refusalACK writes the ACK to a final answer that is no 2xx: part of the INVITE's
// transaction (17.1.1.3).
func (m *Machine) refusalACK(t *tx, res *sip.Response) []byte {
	return wire(like(t.req, sip.ACK, res.To().Value()))
}

// cancelOf writes the CANCEL of an INVITE, with the same branch (9.1).
func cancelOf(inv *sip.Request) (*sip.Request, string) {
	branch, _ := inv.Via().Params.Get("branch")
	return like(inv, sip.CANCEL, inv.To().Value()), branch
}

// like writes an ACK or CANCEL that belongs to the hop of an INVITE: the same
// Request-URI, Via, Route, From, Call-ID and number.
func like(inv *sip.Request, method sip.RequestMethod, to string) *sip.Request {
	r := sip.NewRequest(method, inv.Recipient)
	r.AppendHeader(sip.NewHeader("Via", inv.Via().Value()))
	r.AppendHeader(sip.NewHeader("Max-Forwards", "70"))
	for _, h := range inv.GetHeaders("route") {
		r.AppendHeader(sip.NewHeader("Route", h.Value()))
	}
	r.AppendHeader(sip.NewHeader("From", inv.From().Value()))
	r.AppendHeader(sip.NewHeader("To", to))
	r.AppendHeader(sip.NewHeader("Call-ID", inv.CallID().Value()))
	r.AppendHeader(sip.NewHeader("CSeq", strconv.FormatUint(uint64(inv.CSeq().SeqNo), 10)+" "+string(method)))
	return r
}

// wire returns a request's bytes.
func wire(r *sip.Request) []byte {
	var w writer
	w.start(string(r.Method) + " " + r.Recipient.String() + " SIP/2.0")
	for _, h := range r.Headers() {
		if n := h.Name(); !strings.EqualFold(n, "content-length") && !strings.EqualFold(n, "content-type") {
			w.line(n, h.Value())
		}
	}
	kind := ""
	if h := r.GetHeader("content-type"); h != nil {
		kind = h.Value()
	}
	return w.end(kind, r.Body())
}

// writer writes a message. Values come from messages that have passed the guards and
// from configuration; control characters are dropped all the same, so that nothing
// can make a line of its own.
type writer struct{ b bytes.Buffer }

func (w *writer) start(line string) {
	w.b.WriteString(clean(line))
	w.b.WriteString("\r\n")
}

func (w *writer) line(name, value string) {
	w.b.WriteString(name)
	w.b.WriteString(": ")
	w.b.WriteString(clean(value))
	w.b.WriteString("\r\n")
}

func (w *writer) end(kind string, body []byte) []byte {
	if len(body) > 0 {
		if kind == "" {
			kind = "application/sdp"
		}
		w.line("Content-Type", kind)
	}
	w.line("Content-Length", strconv.Itoa(len(body)))
	w.b.WriteString("\r\n")
	w.b.Write(body)
	return w.b.Bytes()
}

func clean(s string) string {
	if strings.IndexFunc(s, control) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, s)
}

func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// mediaType is a Content-Type without its parameters, in lower case.
func mediaType(v string) string {
	v, _, _ = strings.Cut(v, ";")
	return strings.ToLower(strings.TrimSpace(v))
}
