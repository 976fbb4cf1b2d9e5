package wire

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// notHere are the ladders of sipua/dialog that are not played, with the reason.
var notHere = map[string]string{
	"merged":               "merged requests (8.2.2.2) are not looked for: a load generator's peers do not fork back to it",
	"uac-no-answer-tcp":    "TCP: timer A does not run there",
	"uas-2xx-repeated-tcp": "TCP; uas-2xx-repeated is the same over UDP",
}

// The ladders of sipua/dialog must come out the same to the line: what a Machine over
// bytes does is what the one over messages does.
func TestLadders(t *testing.T) {
	files, err := filepath.Glob("../../../sipua/dialog/testdata/ladders/*.txt")
	own, _ := filepath.Glob("testdata/ladders/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d ladders: %v", len(files), err)
	}
	for _, name := range append(files, own...) {
		short := strings.TrimSuffix(filepath.Base(name), ".txt")
		t.Run(short, func(t *testing.T) {
			if why := notHere[short]; why != "" {
				t.Skip(why)
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := play(t, string(want)); got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

const offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

// ladder plays one story: lines with a time are done, indented ones are what came of them.
// The words are explained in sipua/dialog's ladder_test.go.
type ladder struct {
	t            *testing.T
	door         door
	now          Instant
	flow         Flow
	id           string
	sent         map[string]*sip.Request // our last request by method
	ours, theirs string                  // tags, as the peer's requests have them
	lines        []string
	damaged      bool // what the peer sends, and so what we copy of it
	due          int  // how many lines there were when all timers had fired
}

func newMachine() *Machine {
	n := uint64(0)
	return New(Config{Random: func() uint64 { n++; return n }, SentBy: func(int) string { return "127.0.0.1:5060" },
		Credentials: func(_ any, _, res *Message) Header {
			v, _ := res.Header("www-authenticate")
			return Header{"Authorization", append([]byte("Digest to "), v...)}
		}})
}

func play(t *testing.T, text string) string {
	l := newLadder(t, &wireDoor{m: newMachine()})
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, " ") {
			continue
		}
		l.lines = append(l.lines, line)
		if f := strings.Fields(line); len(f) > 1 && line[0] != '#' && f[0] != "transport" {
			l.do(f)
		}
	}
	return strings.Join(l.lines, "\n") + "\n"
}

func newLadder(t *testing.T, d door) *ladder {
	return &ladder{t: t, door: d, sent: map[string]*sip.Request{}, flow: Flow{Remote: netip.MustParseAddrPort("127.0.0.2:5060")}}
}

// door is a Machine of either kind, and what has come of it last.
type door interface {
	deadline() (Instant, bool)
	expire(now Instant) []event
	receive(now Instant, raw string, flow Flow) []event
	operate(now Instant, op, arg string, p func(string, string) string, flow Flow) []event
	identity() (id, tag string) // of the call
}

// event is an Out of either kind.
type event struct {
	send   []byte
	to     netip.AddrPort
	fact   dialog.Fact
	code   int
	method string
	sdp    bool
}

// wireDoor is this package's.
type wireDoor struct {
	m        *Machine
	call     Call
	in       In
	datagram [4096]byte // the driver's: overwritten each time
}

func (d *wireDoor) deadline() (Instant, bool)  { return d.m.Deadline() }
func (d *wireDoor) expire(now Instant) []event { return d.events(d.m.Expire(now)) }
func (d *wireDoor) identity() (id, tag string) {
	return string(d.m.CallID(d.call)), string(d.m.LocalTag(nil, d.call))
}

func (d *wireDoor) receive(now Instant, raw string, flow Flow) []event {
	return d.events(d.m.Receive(now, d.datagram[:copy(d.datagram[:], raw)], flow))
}

func (d *wireDoor) events(out []Out) (events []event) {
	for _, o := range out {
		switch {
		case o.Fact == dialog.Invited:
			d.call = o.Call
		case o.In != In{}:
			d.in = o.In
		}
		events = append(events, event{bytes.Clone(o.Send), o.Remote, o.Fact, o.Code, o.Method, o.SDP != nil})
	}
	d.m.Recycle()
	clear(d.datagram[:])
	return events
}

func (l *ladder) do(f []string) {
	at, err := time.ParseDuration(f[0])
	if err != nil {
		l.t.Fatal(err)
	}
	for { // what is due on the way, each with its time
		due, ok := l.door.deadline()
		if !ok || due > Instant(at) {
			break
		}
		l.now = due
		l.show(l.door.expire(due))
	}
	l.now, l.due = Instant(at), len(l.lines)
	switch f[1] {
	case "expire":
		l.show(l.door.expire(l.now))
	case "recv":
		p := words(f[3:])
		raw := ""
		if code, err := strconv.Atoi(f[2]); err == nil {
			raw = l.answer(code, f[3], p)
		} else {
			raw = l.request(f[2], p)
		}
		l.show(l.door.receive(l.now, raw, l.flow))
	case "op":
		l.show(l.door.operate(l.now, f[2], append(f[3:], "")[0], words(f[3:]), l.flow))
		if f[2] == "invite" {
			l.id, _ = l.door.identity()
		}
	default:
		l.t.Fatalf("unknown line %q", f)
	}
}

func words(f []string) func(key, otherwise string) string {
	return func(key, otherwise string) string {
		for _, w := range f {
			if k, v, _ := strings.Cut(w, "="); k == key && v != "" {
				return v
			}
		}
		return otherwise
	}
}

func (l *ladder) request(method string, p func(string, string) string) string {
	theirs := l.theirs
	if theirs == "" {
		theirs = "peer"
	}
	id := l.id
	if id == "" {
		id = "call-1"
	}
	cseq := p("cseq", "1")
	to := p("to", l.ours)
	if to != "" && to != "none" {
		to = ";tag=" + to
	} else {
		to = ""
	}
	b := fmt.Sprintf("%s sip:us@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK%s%s\r\nFrom: <sip:peer@127.0.0.2>;tag=%s\r\nTo: <sip:us@127.0.0.1>%s\r\nCall-ID: %s\r\nCSeq: %s %s\r\n",
		method, p("branch", "peer"+cseq), p("via", ""), p("from", theirs), to, p("id", id), cseq, method)
	b += recorded(p("rr", "")) + fmt.Sprintf("Contact: <sip:peer@127.0.0.2:%s>\r\nMax-Forwards: 70\r\n", p("port", "5060"))
	if r := p("refer", ""); r != "" {
		b += "Refer-To: <sip:" + r + ">\r\n"
	}
	return b + described(p("sdp", ""))
}

func recorded(list string) (b string) {
	for r := range strings.SplitSeq(list, "|") {
		if r != "" {
			b += "Record-Route: <sip:" + r + ">\r\n"
		}
	}
	return b
}

func described(sdp string) string {
	if sdp == "" {
		return "Content-Length: 0\r\n\r\n"
	}
	return fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(offer), offer)
}

func (l *ladder) answer(code int, method string, p func(string, string) string) string {
	r := l.sent[method]
	if r == nil {
		l.t.Fatalf("no %s has been sent", method)
	}
	to := r.To().Value()
	if _, ok := r.To().Params.Get("tag"); !ok && code > 100 {
		l.theirs = p("tag", "peer")
		to += ";tag=" + l.theirs
		l.ours, _ = r.From().Params.Get("tag")
	}
	b := fmt.Sprintf("SIP/2.0 %d Any\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n", code, r.Via().Value(), r.From().Value(), to, r.CallID().Value(), r.CSeq().Value())
	b += recorded(p("rr", ""))
	if code == 401 {
		b += "WWW-Authenticate: nonce\r\n"
	}
	return b + fmt.Sprintf("Contact: <sip:peer@127.0.0.2:%s>\r\n", p("port", "5070")) + described(p("sdp", ""))
}

func (d *wireDoor) operate(now Instant, op, arg string, p func(string, string) string, flow Flow) []event {
	var out []Out
	code, _ := strconv.Atoi(arg)
	m, us, body := d.m, []byte("<sip:us@127.0.0.1>"), &Extra{Body: []byte(offer)}
	switch op {
	case "invite":
		limit, _ := time.ParseDuration(p("limit", "0s"))
		d.call, out = m.Invite(now, Invite{Target: []byte("sip:peer@127.0.0.2"), Flow: flow, From: us, To: []byte("<sip:peer@127.0.0.2>"),
			Contact: []byte("<sip:us@127.0.0.1:5060>"), SDP: []byte(offer), RingLimit: limit})
	case "ring":
		out = m.Ring(now, d.call, code, nil)
	case "accept":
		out = m.Accept(now, d.call, []byte("<sip:us@127.0.0.1:5060>"), body)
	case "refuse":
		out = m.Refuse(now, d.call, code, "", nil)
	case "bye":
		out = m.Bye(now, d.call)
	case "cancel":
		out = m.Cancel(now, d.call)
	case "reoffer":
		out = m.Reoffer(now, d.call, []byte(offer))
	case "answer":
		out = m.Answer(now, d.in, body)
	case "respond":
		out = m.Respond(now, d.in, code, "", nil)
	case "ask":
		_, out = m.Ask(now, d.call, arg, nil, nil, "", nil)
	case "notify":
		_, out = m.Ask(now, d.call, "NOTIFY", nil, []Header{{"Event", []byte("refer")}, {"Subscription-State", []byte(arg)}},
			"message/sipfrag;version=2.0", []byte("SIP/2.0 200 OK\r\n"))
	case "send":
		_, out = m.Send(now, Request{Method: arg, Target: []byte("sip:127.0.0.2"), Flow: flow, From: us, To: us})
	case "unsent":
		out = m.Unsent(now, flow)
	default:
		panic("unknown operation " + op)
	}
	return d.events(out)
}

func (l *ladder) show(out []event) {
	for _, o := range out {
		s := ""
		if len(o.send) > 0 {
			s = l.sentLine(o)
		} else {
			s = l.factLine(o)
		}
		l.lines = append(l.lines, fmt.Sprintf("        %v %s", time.Duration(l.now), s))
	}
}

var factNames = [...]string{"none", "invited", "cancelled", "confirmed", "progress", "answered", "refused", "ended", "reoffered", "reanswered", "inside", "requested", "replied"}

func (l *ladder) factLine(o event) string {
	if o.fact == dialog.Invited {
		l.id, l.ours = l.door.identity()
	}
	s := "! " + factNames[o.fact]
	if o.code != 0 {
		s += fmt.Sprintf(" %d", o.code)
	}
	if slices.Contains([]dialog.Fact{dialog.Inside, dialog.Requested, dialog.Replied}, o.fact) {
		s += " " + o.method
	}
	if o.sdp {
		s += " sdp"
	}
	return s
}

func (l *ladder) sentLine(o event) string {
	var own Message
	if err := own.Parse(bytes.Clone(o.send)); err != nil {
		l.t.Errorf("we send what we do not read: %v\n%s", err, o.send)
	}
	msg, err := sip.ParseMessage(o.send)
	if err != nil && l.damaged {
		return "> something"
	}
	if err != nil || bytes.Count(o.send, []byte("\r\nContent-Length: ")) != 1 {
		l.t.Fatalf("we send what is no message: %v\n%s", err, o.send)
	}
	s := ""
	switch r := msg.(type) {
	case *sip.Request:
		l.sent[string(r.Method)] = r
		s = string(r.Method) + " " + r.Recipient.String()
		for _, h := range r.GetHeaders("route") {
			s += " route=" + h.Value()
		}
		for _, name := range []string{"Authorization", "Subscription-State"} {
			if h := r.GetHeader(name); h != nil {
				s += fmt.Sprintf(" %s=%q", strings.ToLower(name), h.Value())
			}
		}
	case *sip.Response:
		s = strconv.Itoa(r.StatusCode)
		if n := len(r.GetHeaders("record-route")); n > 0 {
			s += fmt.Sprintf(" record-routes=%d", n)
		}
		if r.GetHeader("Retry-After") != nil {
			s += " retry-after"
		}
	}
	s += " cseq=" + msg.CSeq().Value()
	if tag, _ := msg.To().Params.Get("tag"); strings.HasPrefix(tag, "peer") {
		s += " to=" + tag
	}
	if p := o.to.Port(); p != 5060 {
		s += fmt.Sprintf(" port=%d", p)
	}
	if len(msg.Body()) > 0 {
		s += " body"
	}
	return "> " + s
}
