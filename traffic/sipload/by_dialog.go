package sipload

import (
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

// byDialog signals by sipua/dialog: what answers calls in the centre makes them here.
type byDialog struct {
	m       *dialog.Machine
	list    []happening
	spare   []happening
	targets map[string]sip.Uri // parsed once
}

func newByDialog(r *Run) *byDialog {
	b := &byDialog{targets: map[string]sip.Uri{}}
	b.m = dialog.New(dialog.Config{Times: r.cfg.Times, Random: r.random, Route: r.route, SentBy: r.sentBy, Agent: r.cfg.Agent, Departures: true, Limit: 1 << 20, Screen: r.screen,
		Credentials: func(c *dialog.Call, ask *dialog.Ask, req *sip.Request, res *sip.Response) sip.Header {
			var of *call
			if c != nil {
				of, _ = c.Data.(*call)
			} else if ask != nil {
				of, _ = ask.Data.(*call)
			}
			asks, gives := "WWW-Authenticate", "Authorization"
			if res.StatusCode == 407 {
				asks, gives = "Proxy-Authenticate", "Proxy-Authorization"
			} else if res.StatusCode != 401 {
				return nil
			}
			for _, h := range res.GetHeaders(asks) {
				if v, ok := r.credentials(of, h.Value(), string(req.Method), req.Recipient.String()); ok {
					return sip.NewHeader(gives, v)
				}
			}
			return nil
		}})
	return b
}

func (b *byDialog) uri(s string) sip.Uri {
	u, ok := b.targets[s]
	if !ok {
		_ = sip.ParseUri(s, &u) // Config.Validate has read those of the configuration
		if len(b.targets) > 10_000 {
			clear(b.targets)
		}
		b.targets[s] = u
	}
	return u
}

func (b *byDialog) invite(now realcore.Instant, x *invitation) dialogRef {
	var hs []sip.Header
	for _, line := range x.headers {
		name, value, _ := strings.Cut(line, ":")
		hs = append(hs, sip.NewHeader(strings.TrimSpace(name), strings.TrimSpace(value)))
	}
	c, out := b.m.Invite(now, dialog.Invite{Target: b.uri(string(x.target)), Flow: x.flow, From: string(x.from), To: string(x.to), Contact: string(x.contact), CallID: string(x.callID), Routes: x.routes, Headers: hs, SDP: x.sdp, Data: x.of})
	b.add(out)
	return dialogRef{d: c}
}

func (b *byDialog) ring(now realcore.Instant, d dialogRef) {
	b.add(b.m.Ring(now, d.d, 180, nil))
}

func (b *byDialog) accept(now realcore.Instant, d dialogRef, contact, sdp []byte) {
	b.add(b.m.Accept(now, d.d, string(contact), &dialog.Extra{Body: sdp}))
}

func (b *byDialog) refuse(now realcore.Instant, d dialogRef, code int) {
	b.add(b.m.Refuse(now, d.d, code, "", nil))
}

func (b *byDialog) cancel(now realcore.Instant, d dialogRef) {
	b.add(b.m.Cancel(now, d.d))
}

func (b *byDialog) bye(now realcore.Instant, d dialogRef) { b.add(b.m.Bye(now, d.d)) }

func (b *byDialog) reoffer(now realcore.Instant, d dialogRef, sdp []byte) {
	b.add(b.m.Reoffer(now, d.d, sdp))
}

func (b *byDialog) answer(now realcore.Instant, in request, sdp []byte) {
	b.add(b.m.Answer(now, in.d, &dialog.Extra{Body: sdp}))
}

func (b *byDialog) respond(now realcore.Instant, in request, code int) {
	b.add(b.m.Respond(now, in.d, code, "", nil))
}

func (b *byDialog) refer(now realcore.Instant, d dialogRef, to string) {
	c := d.d
	_, out := b.m.Ask(now, c, sip.REFER, c.Data, []sip.Header{sip.NewHeader("Refer-To", "<"+to+">")}, "", nil)
	b.add(out)
}

func (b *byDialog) register(now realcore.Instant, x *registration) {
	_, out := b.m.Send(now, dialog.Request{Method: sip.REGISTER, Target: b.uri(string(x.target)), Flow: x.flow, From: string(x.aor), To: string(x.aor), CallID: string(x.callID), Seq: x.seq,
		Headers: []sip.Header{sip.NewHeader("Contact", string(x.contact)), sip.NewHeader("Expires", strconv.Itoa(x.expires))}, Data: x.of})
	b.add(out)
}

func (b *byDialog) receive(now realcore.Instant, p []byte, flow dialog.Flow) {
	msg, err := sip.ParseMessage(append([]byte(nil), p...)) // the room is used again
	if err != nil {
		b.m.Dropped++
		return
	}
	b.add(b.m.Receive(now, msg, flow))
}

func (b *byDialog) receiveMessage(now realcore.Instant, msg sip.Message, flow dialog.Flow) {
	b.add(b.m.Receive(now, msg, flow))
}

// called is the user that a request is addressed to.
func (b *byDialog) called(h *happening) string {
	if p, ok := h.msg.(parsed); ok {
		if req, ok := p.m.(*sip.Request); ok {
			return req.Recipient.User
		}
	}
	return ""
}

func (b *byDialog) unsent(now realcore.Instant, flow dialog.Flow) { b.add(b.m.Unsent(now, flow)) }

func (b *byDialog) expire(now realcore.Instant) { b.add(b.m.Expire(now)) }

func (b *byDialog) deadline() (realcore.Instant, bool) { return b.m.Deadline() }

func (b *byDialog) sent() {}

func (b *byDialog) repeats() dialog.Repeats { return b.m.Repeats }

func (b *byDialog) repeatsOf(d dialogRef) dialog.Repeats { return d.d.Repeats() }

func (b *byDialog) transactions() int { return b.m.Transactions() }

func (b *byDialog) take() []happening {
	list := b.list
	b.list, b.spare = b.spare[:0], list // a happening is dealt with by asking for more
	return list
}

func (b *byDialog) add(out []dialog.Out) {
	for i := range out {
		b.list = append(b.list, b.convert(&out[i]))
	}
}

func (b *byDialog) convert(o *dialog.Out) happening {
	h := happening{send: o.Send, flow: o.Flow, fact: o.Fact, code: o.Code, sdp: o.SDP}
	if o.Call != nil {
		h.of, _ = o.Call.Data.(*call)
		h.dialog = dialogRef{d: o.Call}
	}
	if o.Ask != nil {
		h.of, _ = o.Ask.Data.(*call)
	}
	if o.In != nil {
		h.in = request{d: o.In}
		h.flow = o.In.Flow()
	}
	switch {
	case o.Res != nil:
		h.msg = parsed{o.Res}
	case o.Req != nil:
		h.msg = parsed{o.Req}
	}
	if o.Req != nil {
		h.method, h.body = string(o.Req.Method), o.Req.Body()
	}
	return h
}

func (b *byDialog) attach(d dialogRef, c *call) { d.d.Data = c }

// parsed is a message of sipgo's.
type parsed struct {
	m interface {
		GetHeader(name string) sip.Header
	}
}

// Header returns a header's first value, "" if there is none.
func (p parsed) Header(name string) string {
	if h := p.m.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}
