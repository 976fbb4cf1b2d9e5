package sipload

import (
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/traffic/sipload/wire"
)

// byWire signals by wire: UDP alone, over bytes. What it tells of is good until its next
// call, and dealing with one thing calls it again; so what facts need is copied.
type byWire struct {
	r     *Run
	m     *wire.Machine
	list  []happening
	spare []happening
	room  [2]arena // of list and of spare
}

// arena holds the bytes of a round's facts.
type arena struct {
	b    []byte
	msgs []rawMessage
}

func (a *arena) keep(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	n := len(a.b)
	a.b = append(a.b, b...)
	return a.b[n:len(a.b):len(a.b)]
}

// rawMessage is read only where a script looks into it.
type rawMessage struct{ b []byte }

// Header returns a header's first value, "" if there is none.
func (m *rawMessage) Header(name string) string {
	var x wire.Message
	if x.Parse(m.b) != nil {
		return ""
	}
	v, _ := x.Header(name)
	return string(v)
}

func newByWire(r *Run) *byWire {
	b := &byWire{r: r}
	b.m = wire.New(wire.Config{Times: r.cfg.Times, Random: r.random, Seed: [2]uint64{r.random(), r.random()}, Agent: r.cfg.Agent, Departures: true,
		SentBy: func(local int) string { return r.socks[local].via }, Route: b.route, Credentials: b.credentials, Screen: b.screen})
	return b
}

func (b *byWire) route(hop []byte, _ bool, was wire.Flow) wire.Flow {
	t := &b.r.texts
	if to, ok := t.hops[string(hop)]; ok {
		if to.IsValid() {
			was.Remote = to
		}
		return was
	}
	to := netip.AddrPort{} // a name: back to where the last message came from
	var u sip.Uri
	if sip.ParseUri(string(hop), &u) == nil {
		if at, ok := addrOf(&u); ok && b.r.may(at.Addr()) {
			to = at
		}
	}
	if len(t.hops) > 10_000 || t.hops == nil {
		t.hops = map[string]netip.AddrPort{}
	}
	t.hops[string(hop)] = to
	return b.route(hop, false, was)
}

func (b *byWire) credentials(data any, req, res *wire.Message) wire.Header {
	c, _ := data.(*call)
	asks, gives := "WWW-Authenticate", "Authorization"
	if res.Code() == 407 {
		asks, gives = "Proxy-Authenticate", "Proxy-Authorization"
	}
	for v, at := res.Next(asks, 0); at > 0; v, at = res.Next(asks, at) {
		if out, ok := b.r.credentials(c, string(v), req.Method(), string(req.URI())); ok {
			return wire.Header{Name: gives, Value: []byte(out)}
		}
	}
	return wire.Header{}
}

func (b *byWire) screen(req *wire.Message, _ wire.Flow) (int, *wire.Extra) {
	return b.r.screenMethod(req.Method()), nil
}

func flowOf(f dialog.Flow) wire.Flow { return wire.Flow{Local: f.Listener, Remote: f.Remote} }

func (b *byWire) invite(now realcore.Instant, x *invitation) dialogRef {
	inv := wire.Invite{Target: x.target, Flow: flowOf(x.flow), From: x.from, To: x.to, Contact: x.contact, CallID: x.callID, SDP: x.sdp, Data: x.of}
	for _, r := range x.routes {
		inv.Routes = append(inv.Routes, []byte(r))
	}
	for _, line := range x.headers {
		name, value, _ := strings.Cut(line, ":")
		inv.Headers = append(inv.Headers, wire.Header{Name: strings.TrimSpace(name), Value: []byte(strings.TrimSpace(value))})
	}
	c, out := b.m.Invite(now, inv)
	b.add(out)
	return dialogRef{w: c}
}

func (b *byWire) attach(d dialogRef, c *call) { b.m.SetData(d.w, c) }

func (b *byWire) ring(now realcore.Instant, d dialogRef) { b.add(b.m.Ring(now, d.w, 180, nil)) }

func (b *byWire) accept(now realcore.Instant, d dialogRef, contact, sdp []byte) {
	b.add(b.m.Accept(now, d.w, contact, &wire.Extra{Body: sdp}))
}

func (b *byWire) refuse(now realcore.Instant, d dialogRef, code int) {
	b.add(b.m.Refuse(now, d.w, code, "", nil))
}

func (b *byWire) cancel(now realcore.Instant, d dialogRef) { b.add(b.m.Cancel(now, d.w)) }

func (b *byWire) bye(now realcore.Instant, d dialogRef) { b.add(b.m.Bye(now, d.w)) }

func (b *byWire) reoffer(now realcore.Instant, d dialogRef, sdp []byte) {
	b.add(b.m.Reoffer(now, d.w, sdp))
}

func (b *byWire) answer(now realcore.Instant, in request, sdp []byte) {
	b.add(b.m.Answer(now, in.w, &wire.Extra{Body: sdp}))
}

func (b *byWire) respond(now realcore.Instant, in request, code int) {
	b.add(b.m.Respond(now, in.w, code, "", nil))
}

func (b *byWire) refer(now realcore.Instant, d dialogRef, to string) {
	_, out := b.m.Ask(now, d.w, "REFER", b.m.Data(d.w), []wire.Header{{Name: "Refer-To", Value: []byte("<" + to + ">")}}, "", nil)
	b.add(out)
}

func (b *byWire) register(now realcore.Instant, x *registration) {
	_, out := b.m.Send(now, wire.Request{Method: "REGISTER", Target: x.target, Flow: flowOf(x.flow), From: x.aor, To: x.aor, Contact: x.contact, CallID: x.callID, Seq: x.seq,
		Headers: []wire.Header{{Name: "Expires", Value: []byte(itoa(x.expires))}}, Data: x.of})
	b.add(out)
}

func (b *byWire) receive(now realcore.Instant, p []byte, flow dialog.Flow) {
	b.add(b.m.Receive(now, p, flowOf(flow)))
}

func (b *byWire) unsent(now realcore.Instant, flow dialog.Flow) {
	b.add(b.m.Unsent(now, flowOf(flow)))
}

func (b *byWire) expire(now realcore.Instant) { b.add(b.m.Expire(now)) }

func (b *byWire) deadline() (realcore.Instant, bool) { return b.m.Deadline() }

func (b *byWire) sent() { b.m.Recycle() }

func (b *byWire) repeats() dialog.Repeats {
	return dialog.Repeats{Mine: b.m.Repeats.Mine, Theirs: b.m.Repeats.Theirs}
}

func (b *byWire) repeatsOf(d dialogRef) dialog.Repeats {
	n := b.m.CallRepeats(d.w)
	return dialog.Repeats{Mine: n.Mine, Theirs: n.Theirs}
}

func (b *byWire) transactions() int { return b.m.Transactions() }

// called is the user that a request is addressed to.
func (b *byWire) called(h *happening) string {
	raw, ok := h.msg.(*rawMessage)
	if !ok {
		return ""
	}
	var x wire.Message
	var u sip.Uri
	if x.Parse(raw.b) != nil || sip.ParseUri(string(x.URI()), &u) != nil {
		return ""
	}
	return u.User
}

func (b *byWire) take() []happening {
	list := b.list
	b.list, b.spare = b.spare[:0], list
	b.room[0], b.room[1] = b.room[1], b.room[0]
	b.room[0].b, b.room[0].msgs = b.room[0].b[:0], b.room[0].msgs[:0]
	return list
}

func (b *byWire) add(out []wire.Out) {
	for i := range out {
		o := &out[i]
		h := happening{send: o.Send, flow: dialog.Flow{Listener: o.Local, Remote: o.Remote}, fact: o.Fact, code: o.Code}
		if o.Fact != dialog.NoFact {
			b.fact(&h, o)
		}
		b.list = append(b.list, h)
	}
}

func (b *byWire) fact(h *happening, o *wire.Out) {
	a := &b.room[0]
	if h.of, _ = o.Data.(*call); h.of != nil && o.Repeats != (wire.Repeats{}) { // a call that is over is asked no more
		h.of.a.Mine, h.of.a.Theirs = int(o.Repeats.Mine), int(o.Repeats.Theirs)
	}
	h.dialog, h.in, h.method, h.sdp = dialogRef{w: o.Call}, request{w: o.In}, o.Method, a.keep(o.SDP)
	if o.Msg == nil {
		return
	}
	a.msgs = append(a.msgs, rawMessage{a.keep(o.Msg.Bytes())})
	h.msg = &a.msgs[len(a.msgs)-1]
	if o.Fact == dialog.Inside || o.Fact == dialog.Requested {
		h.body = a.keep(o.Msg.Body())
	}
}
