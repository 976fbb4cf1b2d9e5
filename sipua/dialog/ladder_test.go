package dialog

import (
	"bytes"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

var update = flag.Bool("update", false, "rewrite the ladders' expected lines")

// A ladder is a story of messages: lines that begin with a time are what happens,
// the indented ones after them what the Machine sends (>) and tells (!).
//
//	transport tcp            for what follows; udp is the default
//	0s   recv INVITE ...     a request from the peer; key=value say more (see request)
//	0s   recv 180 INVITE ... an answer to our last request of that method
//	1s   op accept           an operation on the call (see operate)
//	31s  expire              nothing happens until then
type ladder struct {
	t       *testing.T
	m       *Machine
	flow    Flow
	now     Instant
	call    *Call
	in      *Incoming
	sent    map[string]*sip.Request // our last request by method
	ourTag  string                  // in the peer's requests
	peerTag string
	asked   *Ask
}

const offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

func TestLadders(t *testing.T) {
	files, err := filepath.Glob("testdata/ladders/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no ladders: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func play(t *testing.T, text string) string {
	n := uint64(0)
	l := &ladder{t: t, sent: map[string]*sip.Request{}, flow: Flow{Remote: netip.MustParseAddrPort("127.0.0.2:5060")}}
	l.m = New(Config{Random: func() uint64 { n++; return n }, SentBy: func(Flow) string { return "127.0.0.1:5060" },
		Credentials: func(_ *Call, _ *Ask, _ *sip.Request, res *sip.Response) sip.Header {
			return sip.NewHeader("Authorization", "Digest to "+res.GetHeader("WWW-Authenticate").Value())
		}})
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch f := strings.Fields(line); {
		case strings.HasPrefix(line, " "):
			continue // what was expected: written anew
		case line == "" || line[0] == '#':
			b.WriteString(line + "\n")
		case f[0] == "transport":
			l.flow.Transport = TCP
			b.WriteString(line + "\n")
		default:
			b.WriteString(line + "\n")
			for _, out := range l.do(f) {
				b.WriteString("        " + out + "\n")
			}
		}
	}
	return b.String()
}

func (l *ladder) do(f []string) []string {
	at, err := time.ParseDuration(f[0])
	if err != nil {
		l.t.Fatal(err)
	}
	seen := l.show(nil)
	for { // what is due on the way, each with its time
		due, ok := l.m.Deadline()
		if !ok || due > Instant(at) {
			break
		}
		l.now = due
		seen = append(seen, l.show(l.m.Expire(due))...)
	}
	l.now = Instant(at)
	switch f[1] {
	case "expire":
		l.m.Expire(l.now)
	case "recv":
		seen = append(seen, l.show(l.m.Receive(l.now, l.message(f[2:]), l.flow))...)
	case "op":
		seen = append(seen, l.show(l.operate(f[2:]))...)
	default:
		l.t.Fatalf("unknown line %q", f)
	}
	return seen
}

// params reads key=value words.
func params(f []string) map[string]string {
	p := map[string]string{}
	for _, w := range f {
		k, v, _ := strings.Cut(w, "=")
		p[k] = v
	}
	return p
}

func or(v, def string) string {
	if v == "" {
		return def
	}
	return v
}

func (l *ladder) message(f []string) sip.Message {
	var raw string
	if code, err := strconv.Atoi(f[0]); err == nil {
		raw = l.answerTo(code, f[1], params(f[2:]))
	} else {
		raw = l.request(f[0], params(f[1:]))
	}
	msg, err := sip.ParseMessage([]byte(raw))
	if err != nil {
		l.t.Fatalf("%v in\n%s", err, raw)
	}
	return msg
}

func (l *ladder) request(method string, p map[string]string) string {
	var b strings.Builder
	id := "call-1"
	from := or(p["from"], or(l.peerTag, "peer"))
	if l.call != nil {
		id = l.call.ID()
	}
	id = or(p["id"], id)
	fmt.Fprintf(&b, "%s sip:us@127.0.0.1 SIP/2.0\r\n", method)
	fmt.Fprintf(&b, "Via: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK%s%s\r\n", or(p["branch"], "peer"+or(p["cseq"], "1")), p["via"])
	fmt.Fprintf(&b, "From: <sip:peer@127.0.0.2>;tag=%s\r\n", from)
	to := "<sip:us@127.0.0.1>"
	if tag := or(p["to"], l.ourTag); tag != "" && tag != "none" {
		to += ";tag=" + tag
	}
	fmt.Fprintf(&b, "To: %s\r\nCall-ID: %s\r\nCSeq: %s %s\r\n", to, id, or(p["cseq"], "1"), method)
	for _, r := range strings.FieldsFunc(p["rr"], func(r rune) bool { return r == '|' }) {
		fmt.Fprintf(&b, "Record-Route: <sip:%s>\r\n", r)
	}
	fmt.Fprintf(&b, "Contact: <sip:peer@127.0.0.2:%s>\r\nMax-Forwards: 70\r\n", or(p["port"], "5060"))
	if p["refer"] != "" {
		fmt.Fprintf(&b, "Refer-To: <sip:%s>\r\n", p["refer"])
	}
	return b.String() + body(p["sdp"])
}

func body(sdp string) string {
	if sdp == "" {
		return "Content-Length: 0\r\n\r\n"
	}
	return fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(offer), offer)
}

func (l *ladder) answerTo(code int, method string, p map[string]string) string {
	r := l.sent[method]
	if r == nil {
		l.t.Fatalf("no %s has been sent", method)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d Any\r\nVia: %s\r\nFrom: %s\r\n", code, r.Via().Value(), r.From().Value())
	to := r.To().Value()
	if _, ok := r.To().Params.Get("tag"); !ok && code > 100 {
		l.peerTag = or(p["tag"], "peer")
		to += ";tag=" + l.peerTag
		l.ourTag, _ = r.From().Params.Get("tag")
	}
	fmt.Fprintf(&b, "To: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n", to, r.CallID().Value(), r.CSeq().Value())
	for _, rr := range strings.FieldsFunc(p["rr"], func(r rune) bool { return r == '|' }) {
		fmt.Fprintf(&b, "Record-Route: <sip:%s>\r\n", rr)
	}
	if code == 401 {
		b.WriteString("WWW-Authenticate: nonce\r\n")
	}
	fmt.Fprintf(&b, "Contact: <sip:peer@127.0.0.2:%s>\r\n", or(p["port"], "5070"))
	return b.String() + body(p["sdp"])
}

func (l *ladder) operate(f []string) []Out {
	p := params(f[1:])
	arg := ""
	if len(f) > 1 {
		arg = f[1]
	}
	code, _ := strconv.Atoi(arg)
	m := l.m
	switch f[0] {
	case "invite":
		limit, _ := time.ParseDuration(p["limit"])
		var out []Out
		l.call, out = m.Invite(l.now, Invite{Target: uri("sip:peer@127.0.0.2"), Flow: l.flow, From: "<sip:us@127.0.0.1>", To: "<sip:peer@127.0.0.2>",
			Contact: "<sip:us@127.0.0.1:5060>", SDP: []byte(offer), RingLimit: limit})
		return out
	case "ring":
		return m.Ring(l.now, l.call, code, nil)
	case "accept":
		return m.Accept(l.now, l.call, "<sip:us@127.0.0.1:5060>", &Extra{Body: []byte(offer)})
	case "refuse":
		return m.Refuse(l.now, l.call, code, "", nil)
	case "bye":
		return m.Bye(l.now, l.call)
	case "cancel":
		return m.Cancel(l.now, l.call)
	case "reoffer":
		return m.Reoffer(l.now, l.call, []byte(offer))
	case "answer":
		return m.Answer(l.now, l.in, &Extra{Body: []byte(offer)})
	case "respond":
		return m.Respond(l.now, l.in, code, "", nil)
	case "ask":
		a, out := m.Ask(l.now, l.call, sip.RequestMethod(arg), nil, nil, "", nil)
		l.asked = a
		return out
	case "notify":
		_, out := m.Ask(l.now, l.call, sip.NOTIFY, nil, []sip.Header{sip.NewHeader("Event", "refer"), sip.NewHeader("Subscription-State", arg)},
			"message/sipfrag;version=2.0", []byte("SIP/2.0 200 OK\r\n"))
		return out
	case "send":
		_, out := m.Send(l.now, Request{Method: sip.RequestMethod(arg), Target: uri("sip:127.0.0.2"), Flow: l.flow, From: "<sip:us@127.0.0.1>", To: "<sip:us@127.0.0.1>"})
		return out
	case "unsent":
		return m.Unsent(l.now, l.flow)
	}
	l.t.Fatalf("unknown operation %q", f)
	return nil
}

func uri(s string) (u sip.Uri) {
	if err := sip.ParseUri(s, &u); err != nil {
		panic(err)
	}
	return u
}

func (l *ladder) show(out []Out) (lines []string) {
	for _, o := range out {
		if o.Send != nil {
			lines = append(lines, l.showMessage(o))
			continue
		}
		if o.Call != nil && o.Fact == Invited {
			l.call, l.ourTag = o.Call, o.Call.localTag
		}
		if o.In != nil && o.Fact != Invited {
			l.in = o.In
		}
		s := fmt.Sprintf("%v ! %s", time.Duration(l.now), factNames[o.Fact])
		if o.Code != 0 {
			s += fmt.Sprintf(" %d", o.Code)
		}
		if o.Fact == Inside || o.Fact == Requested || o.Fact == Replied {
			s += " " + string(o.Req.Method)
		}
		if o.SDP != nil {
			s += " sdp"
		}
		lines = append(lines, s)
	}
	return lines
}

var factNames = [...]string{"none", "invited", "cancelled", "confirmed", "progress", "answered", "refused", "ended", "reoffered", "reanswered", "inside", "requested", "replied"}

func (l *ladder) showMessage(o Out) string {
	msg, err := sip.ParseMessage(o.Send)
	if err != nil {
		l.t.Fatalf("we send what does not parse: %v\n%s", err, o.Send)
	}
	if bytes.Count(o.Send, []byte("\r\nContent-Length: ")) != 1 {
		l.t.Errorf("not one Content-Length in\n%s", o.Send)
	}
	s := fmt.Sprintf("%v > ", time.Duration(l.now))
	var to *sip.ToHeader
	switch r := msg.(type) {
	case *sip.Request:
		l.sent[string(r.Method)] = r
		s += string(r.Method) + " " + r.Recipient.String()
		to = r.To()
		for _, h := range r.GetHeaders("route") {
			s += " route=" + h.Value()
		}
		for _, name := range []string{"Authorization", "Subscription-State"} {
			if h := r.GetHeader(name); h != nil {
				s += fmt.Sprintf(" %s=%q", strings.ToLower(name), h.Value())
			}
		}
	case *sip.Response:
		s += fmt.Sprintf("%d", r.StatusCode)
		to = r.To()
		if n := len(r.GetHeaders("record-route")); n > 0 {
			s += fmt.Sprintf(" record-routes=%d", n)
		}
		if h := r.GetHeader("Retry-After"); h != nil {
			s += " retry-after"
		}
	}
	s += " cseq=" + msg.CSeq().Value()
	if tag := tag(to.Params); tag != "" && strings.HasPrefix(tag, "peer") {
		s += " to=" + tag
	}
	if p := o.Flow.Remote.Port(); p != 5060 {
		s += fmt.Sprintf(" port=%d", p)
	}
	if len(msg.Body()) > 0 {
		s += " body"
	}
	return s
}
