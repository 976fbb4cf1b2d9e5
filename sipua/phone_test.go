package sipua_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// phone is a telephone for tests: a socket, a dialog machine and a tone of its own. It
// knows nothing of the server's code but the dialogs and the audio, which have tests of
// their own; other people's phones are in peers_test.go.
type phone struct {
	t      testing.TB
	name   string
	secret string
	said   string // its Contact, if it is to be another than its own
	conn   *net.UDPConn
	server netip.AddrPort
	engine *media.Engine
	began  time.Time

	mu          sync.Mutex
	m           *dialog.Machine
	call        *dialog.Call
	ses         *dialog.Session
	audio       *media.Leg
	auto        atomic.Int32 // answers calls with this status at once; 0: lets them ring
	challenge   atomic.Bool  // asks who asks it
	asked, told atomic.Int32
	in          *dialog.Out  // the call that rings
	signs       string       // what its credentials are for, if not what it asks
	elsewhere   atomic.Value // where a 302 says to call
	n           uint64
	codes       chan int // final answers to requests
	events      chan string
	seq         uint32
}

func newPhone(t testing.TB, name, secret string, server netip.AddrPort, engine *media.Engine) *phone {
	t.Helper()
	return newPhoneAt(t, "127.0.0.1", name, secret, server, engine)
}

// newPhoneAt is a phone on another host.
func newPhoneAt(t testing.TB, host, name, secret string, server netip.AddrPort, engine *media.Engine) *phone {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, name: name, secret: secret, conn: c, server: server, engine: engine, began: time.Now(), codes: make(chan int, 10), events: make(chan string, 100)}
	p.m = dialog.New(dialog.Config{Random: func() uint64 { p.n++; return p.n<<32 ^ uint64(time.Now().UnixNano()) }, SentBy: func(dialog.Flow) string { return c.LocalAddr().String() },
		Credentials: p.credentials})
	t.Cleanup(func() { c.Close() })
	go p.read()
	go p.tick()
	return p
}

func (p *phone) now() realcore.Instant { return realcore.Instant(time.Since(p.began)) }

func (p *phone) flow() dialog.Flow { return dialog.Flow{Transport: dialog.UDP, Remote: p.server} }

func (p *phone) read() {
	buf := make([]byte, 65536)
	for {
		n, from, err := p.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		msg, err := sip.ParseMessage(append([]byte(nil), buf[:n]...))
		if err != nil {
			p.events <- "unreadable"
			continue
		}
		p.do(func() []dialog.Out {
			return p.m.Receive(p.now(), msg, dialog.Flow{Remote: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())})
		})
	}
}

func (p *phone) tick() {
	for range time.Tick(20 * time.Millisecond) {
		p.do(func() []dialog.Out { return p.m.Expire(p.now()) })
	}
}

// do runs the machine and carries out what it says.
func (p *phone) do(f func() []dialog.Out) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run(f())
}

func (p *phone) run(out []dialog.Out) {
	for _, o := range append([]dialog.Out(nil), out...) {
		if o.Send != nil {
			p.conn.WriteToUDPAddrPort(o.Send, o.Flow.Remote)
			continue
		}
		p.fact(&o)
	}
}

var factNames = map[dialog.Fact]string{dialog.Invited: "invited", dialog.Cancelled: "cancelled", dialog.Confirmed: "confirmed", dialog.Progress: "progress",
	dialog.Answered: "answered", dialog.Refused: "refused", dialog.Ended: "ended", dialog.Reoffered: "reoffered", dialog.Reanswered: "reanswered", dialog.Inside: "inside", dialog.Replied: "replied"}

func (p *phone) fact(o *dialog.Out) {
	switch o.Fact {
	case dialog.Requested:
		p.asked.Add(1)
		if p.challenge.Load() {
			if o.Req.GetHeader("Authorization") != nil {
				p.told.Add(1)
			}
			p.run(p.m.Respond(p.now(), o.In, 401, "", &dialog.Extra{Headers: []sip.Header{sip.NewHeader("WWW-Authenticate", `Digest realm="carrier", nonce="n"`)}}))
			return
		}
		p.run(p.m.Respond(p.now(), o.In, 200, "", nil))
		return
	case dialog.Invited:
		p.call, p.ses = o.Call, dialog.NewSession(p.n)
		p.in = o
		if auto := int(p.auto.Load()); auto >= 300 {
			var extra *dialog.Extra
			if to, _ := p.elsewhere.Load().(string); to != "" && auto == 302 {
				extra = &dialog.Extra{Headers: []sip.Header{sip.NewHeader("Contact", "<sip:"+to+"@elsewhere.example>")}}
			}
			p.run(p.m.Refuse(p.now(), o.Call, auto, "", extra))
		} else {
			p.run(p.m.Ring(p.now(), o.Call, 180, nil))
			if auto == 200 {
				p.accept(o)
			}
		}
	case dialog.Answered, dialog.Reanswered:
		if m, err := p.ses.Accept(o.SDP); err == nil {
			p.hear(m)
		}
	case dialog.Reoffered:
		body, m, err := p.ses.Answer(o.SDP, p.local(), dialog.SendRecv)
		if err == nil {
			p.run(p.m.Answer(p.now(), o.In, &dialog.Extra{Body: body}))
			p.hear(m)
		}
	case dialog.Inside:
		p.run(p.m.Respond(p.now(), o.In, 200, "", nil))
		p.events <- "inside " + string(o.Req.Method) + " " + firstLine(o.Req.Body())
		return
	case dialog.Replied, dialog.Refused:
		p.codes <- o.Code
		return
	case dialog.Ended, dialog.Cancelled:
		if p.audio != nil {
			p.audio.Close()
			p.audio = nil
		}
	}
	s := factNames[o.Fact]
	if o.Fact == dialog.Progress {
		s += fmt.Sprint(" ", o.Code)
	}
	p.events <- s
}

func firstLine(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\r\n")
	return s
}

func (p *phone) local() netip.AddrPort {
	if p.audio == nil {
		a, err := p.engine.Open()
		if err != nil {
			p.t.Error(err)
			return netip.AddrPort{}
		}
		p.audio = a
	}
	return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(p.audio.Port()))
}

func (p *phone) accept(o *dialog.Out) {
	body, m, err := p.ses.Answer(o.SDP, p.local(), dialog.SendRecv)
	if err != nil {
		p.t.Error(err)
		return
	}
	p.run(p.m.Accept(p.now(), o.Call, p.contact(), &dialog.Extra{Body: body}))
	p.hear(m)
}

func (p *phone) contact() string {
	if p.said != "" {
		return p.said
	}
	return "<sip:" + p.name + "@" + p.conn.LocalAddr().String() + ">"
}

func (p *phone) hear(m dialog.Media) {
	if p.audio == nil {
		return
	}
	c := rtp.PCMU
	if m.Send.Law == dialog.PCMA {
		c = rtp.PCMA
	}
	p.audio.Set(media.Params{Remote: m.Remote, RemoteRTCP: m.RTCP, Signalling: m.Remote.Addr(), Codec: c, Send: m.ToPeer, Receive: m.FromPeer,
		SendType: m.Send.Payload, ReceiveType: m.Receive.Payload, SendEvent: m.Send.Event, ReceiveEvent: m.Receive.Event})
}

var quoted = regexp.MustCompile(`(\w+)="?([^",]+)"?`)

// credentials answers an MD5 challenge; written apart from the server's own.
func (p *phone) credentials(_ *dialog.Call, _ *dialog.Ask, req *sip.Request, res *sip.Response) sip.Header {
	for _, h := range res.GetHeaders("WWW-Authenticate") {
		v := map[string]string{}
		for _, m := range quoted.FindAllStringSubmatch(h.Value(), -1) {
			v[m[1]] = m[2]
		}
		if v["algorithm"] != "MD5" {
			continue
		}
		h := func(s string) string { x := md5.Sum([]byte(s)); return hex.EncodeToString(x[:]) }
		uri := req.Recipient.String()
		if p.signs != "" {
			uri = p.signs
		}
		r := h(h(p.name+":"+v["realm"]+":"+p.secret) + ":" + v["nonce"] + ":00000001:abc:auth:" + h(string(req.Method)+":"+uri))
		return sip.NewHeader("Authorization", fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc", response="%s"`,
			p.name, v["realm"], v["nonce"], uri, r))
	}
	return nil
}

func (p *phone) uri(user string) sip.Uri {
	return sip.Uri{Scheme: "sip", User: user, Host: p.server.Addr().String(), Port: int(p.server.Port())}
}

// register registers, and returns the final status.
func (p *phone) register(expires int) int {
	p.t.Helper()
	p.do(func() []dialog.Out {
		p.seq += 2
		me := "<sip:" + p.name + "@centre>"
		_, out := p.m.Send(p.now(), dialog.Request{Method: sip.REGISTER, Target: p.uri(""), Flow: p.flow(), From: me, To: me, CallID: "reg-" + p.name, Seq: p.seq,
			Headers: []sip.Header{sip.NewHeader("Contact", p.contact()), sip.NewHeader("Expires", fmt.Sprint(expires))}})
		return out
	})
	return p.code()
}

func (p *phone) code() int {
	p.t.Helper()
	select {
	case c := <-p.codes:
		return c
	case <-time.After(5 * time.Second):
		p.t.Fatalf("%s: no answer", p.name)
		return 0
	}
}

// dial calls a number.
func (p *phone) dial(number string) {
	p.do(func() []dialog.Out {
		p.ses = dialog.NewSession(p.n)
		c, out := p.m.Invite(p.now(), dialog.Invite{Target: p.uri(number), Flow: p.flow(), From: "<sip:" + p.name + "@centre>", To: "<sip:" + number + "@centre>",
			Contact: p.contact(), SDP: p.ses.Offer(p.local(), dialog.SendRecv)})
		p.call = c
		return out
	})
}

func (p *phone) bye()    { p.do(func() []dialog.Out { return p.m.Bye(p.now(), p.call) }) }
func (p *phone) cancel() { p.do(func() []dialog.Out { return p.m.Cancel(p.now(), p.call) }) }

// hold puts the other side on hold, or takes it back.
func (p *phone) hold(d dialog.Direction) {
	p.do(func() []dialog.Out { return p.m.Reoffer(p.now(), p.call, p.ses.Offer(p.local(), d)) })
}

// want waits for an event of the phone; those in between must be among the ones skipped.
func (p *phone) want(event string) {
	p.t.Helper()
	deadline := time.After(8 * time.Second)
	for {
		select {
		case e := <-p.events:
			if e == event {
				return
			}
			if !strings.HasPrefix(e, "progress") && !strings.HasPrefix(e, "confirmed") && !strings.HasPrefix(e, "reanswered") {
				p.t.Fatalf("%s: %s, want %s", p.name, e, event)
			}
		case <-deadline:
			p.t.Fatalf("%s: no %s", p.name, event)
		}
	}
}

// sendsOn lets calls be answered with 302 and a number.
func (p *phone) sendsOn(number string) { p.elsewhere.Store(number) }

// refer asks for a blind transfer to a number.
func (p *phone) refer(number string) {
	p.do(func() []dialog.Out {
		_, out := p.m.Ask(p.now(), p.call, sip.REFER, nil, []sip.Header{sip.NewHeader("Refer-To", "<sip:"+number+"@centre>")}, "", nil)
		return out
	})
	if c := p.code(); c != 202 {
		p.t.Errorf("refer: %d", c)
	}
}
