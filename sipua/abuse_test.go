package sipua_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// A caller who hangs up in the same moment as he calls leaves nothing behind: no contact,
// and no call for the agent who becomes ready later.
func TestCancelledAtOnce(t *testing.T) {
	c := newCentre(t, everybody)
	v := newVictim(t)
	const n = 20
	for i := range n {
		id := fmt.Sprintf("once-%d", i)
		for _, m := range []string{"INVITE", "CANCEL"} {
			body := ""
			if m == "INVITE" {
				body = floodSDP
			}
			fmt.Fprintf(udpTo{v.from, c.addr}, "%s sip:500@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=%s\r\nTo: <sip:500@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 %s\r\nContact: <sip:x@%s>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
				m, id, id, id, m, v.from.LocalAddr(), len(body), body)
		}
	}
	time.Sleep(2200 * time.Millisecond) // the figures are as old as a second
	if s := c.server.Stats(); s.Contacts > s.Dialogs {
		t.Errorf("%d contacts, of whom %d have a dialog", s.Contacts, s.Dialogs)
	}
}

// An agent who could not be rung for want of ports is there again when there are some.
func TestNoPorts(t *testing.T) {
	engine, err := media.New(media.Config{Bind: netip.MustParseAddr("127.0.0.1"), PortMin: 40100, PortMax: 40103, PortRest: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	c := newCentreWith(t, onePlan(), engine, func(cfg *sipua.Config) { cfg.Keepalive = time.Second })
	ports := c.engine
	c.engine = mustEngine(t)
	defer c.engine.Close()
	_ = ports
	anna, carl, other := c.phone("anna", "a1"), c.phone("carl", "c3"), c.phone("carl", "c3")
	c.ready(anna)
	anna.auto.Store(200)
	time.Sleep(300 * time.Millisecond)
	carl.dial("600") // a menu, twice: both pairs are taken
	carl.want("answered")
	other.dial("600")
	other.want("answered")
	time.Sleep(100 * time.Millisecond)
	for _, p := range []*phone{carl, other} {
		p.do(func() []dialog.Out {
			_, out := p.m.Ask(p.now(), p.call, sip.INFO, nil, nil, "application/dtmf", []byte("1"))
			return out
		})
		p.code()
	}
	time.Sleep(500 * time.Millisecond)
	other.bye()
	anna.want("invited") // for carl, once there is a port and a second has passed
	carl.bye()
	anna.want("ended")
}

func mustEngine(t *testing.T) *media.Engine {
	t.Helper()
	e, err := media.New(media.Config{Bind: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Requests of calls that do not exist are charged to their source like all others, and
// nothing is kept of them; a trunk's calls go on.
func TestFloodOfUnknown(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) { cfg.Admission = sipua.Admission{PerSecond: 10, Burst: 50} })
	v := newVictim(t)
	for i := range 500 {
		fmt.Fprintf(udpTo{v.from, c.addr}, "BYE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKf%d\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>;tag=2\r\nCall-ID: flood%d\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", i, i)
	}
	time.Sleep(1500 * time.Millisecond)
	answered := 0
	for len(v.hear) > 0 {
		if s := <-v.hear; strings.HasPrefix(s, "SIP/2.0 481") {
			answered++
		}
	}
	if s := c.server.Stats(); answered == 0 || answered > 80 || s.Limited < 400 || s.Transactions > 2 {
		t.Errorf("%d answered, %+v", answered, s)
	}
}

// Do-not-disturb is the agent's word: he is not asked again and again.
func TestDoNotDisturb(t *testing.T) {
	for _, code := range []int{480, 488} {
		c := newCentre(t, nil)
		anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
		c.ready(anna)
		anna.auto.Store(int32(code))
		carl.dial("500")
		anna.want("invited")
		time.Sleep(1500 * time.Millisecond)
		if s, why := c.state(0); s != realcore.NotReady || why != realcore.ReasonReject {
			t.Errorf("after %d the agent is %v for %v", code, s, why)
		}
		if n := len(anna.events); n > 0 {
			t.Errorf("after %d he was asked again", code)
		}
		carl.bye()
	}
}

// A process that cannot start leaves the file of open dialogs to the one that can.
func TestOrphansSurviveAFailedStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dialogs")
	c := newCentre(t, func(cfg *sipua.Config) { cfg.Dialogs = file })
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	carl.want("answered")
	anna.want("invited")
	time.Sleep(100 * time.Millisecond)
	before, _ := os.ReadFile(file)
	_, err := sipua.New(sipua.Config{Dialogs: file, Realm: "x", Listeners: []sipua.Listener{{Transport: dialog.UDP, Addr: c.addr}}}, c.engine)
	after, _ := os.ReadFile(file)
	if err == nil || strings.Count(string(before), `"Open"`) < 2 || string(before) != string(after) {
		t.Errorf("%v; the file was\n%s and is\n%s", err, before, after)
	}
	carl.bye()
	anna.want("ended")
}

// When the centre closes, everybody in a call gets a BYE, also by TCP, and who is rung a
// CANCEL.
func TestGoodbye(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) { cfg.Goodbye = 3 * time.Second })
	anna, ben, carl := c.phone("anna", "a1"), c.phone("ben", "b2"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	c.ready(ben)
	carl.dial("500")
	carl.want("answered")
	anna.want("invited")
	anna.refer("502") // ben's phone rings for carl
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	ben.want("invited")
	begin := time.Now()
	c.stop()
	carl.want("ended")
	ben.want("cancelled")
	<-c.done
	if d := time.Since(begin); d > 2*time.Second {
		t.Errorf("closing took %v though all answered", d)
	}
}

// A callback does not ring the police for who says that is his number.
func TestCallbackToAService(t *testing.T) {
	c, far := newNet(t, nil)
	far.name = "110"
	anna := c.phone("anna", "a1")
	far.dial("500")
	far.want("answered")
	time.Sleep(500 * time.Millisecond)
	far.do(func() []dialog.Out { far.audio.Digits("1"); return nil })
	far.want("ended")
	anna.auto.Store(200)
	if code := anna.register(3600); code != 200 {
		t.Fatal(code)
	}
	c.host.Post(realcore.OfAgent(realcore.AgentReady, 0))
	c.ended(1)
	time.Sleep(200 * time.Millisecond)
	for len(far.events) > 0 {
		if e := <-far.events; e == "invited" {
			t.Error("the trunk was asked for 110")
		}
	}
}

// A stream that comes a byte at a time is cut when its message has had its time, and one
// source cannot take all connections.
func TestSlowStreams(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Admission = sipua.Admission{Half: 400 * time.Millisecond, Conns: 8, Idle: time.Minute}
	})
	var open []net.Conn
	for range 4 {
		conn, err := net.Dial("tcp", c.server.Addrs()[1].String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		open = append(open, conn)
	}
	begin := time.Now()
	cut := make(chan time.Duration, 1)
	go func() {
		for i := 0; ; i++ {
			if _, err := open[0].Write([]byte{"OPTIONS sip:x"[i%13]}); err != nil {
				cut <- time.Since(begin)
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	select {
	case d := <-cut:
		if d > 1500*time.Millisecond {
			t.Errorf("cut after %v", d)
		}
	case <-time.After(3 * time.Second):
		t.Error("never cut")
	}
	if n := c.server.Stats().TurnedAway; n < 2 {
		t.Errorf("%d of four connections of one source were turned away, want two", n)
	}
}

// A phone that calls itself the carrier does not get the trunk's secret out of us.
func TestSecretsStayWithTheirTrunk(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Keepalive = 100 * time.Millisecond
		cfg.Trunks[0].Target = sipua.Target{Host: "127.0.0.9", Port: 5999}
		cfg.Trunks[0].User, cfg.Trunks[0].Secret, cfg.Trunks[0].Realms = "u", "s", []string{"carrier"}
	})
	evil := c.phone("carl", "c3")
	evil.said = "<sip:carl@127.0.0.9>"
	evil.challenge.Store(true)
	if code := evil.register(600); code != 200 {
		t.Fatal(code)
	}
	time.Sleep(1500 * time.Millisecond)
	if evil.asked.Load() == 0 {
		t.Error("the phone was not asked, so this proves nothing")
	}
	if evil.told.Load() != 0 {
		t.Error("the trunk's secret was used")
	}
}

// Two calls at once to a trunk whose first server says 503 both reach the second.
func TestNextTrunkTwice(t *testing.T) {
	engine := mustEngine(t)
	defer engine.Close()
	second := newPhoneAt(t, "127.0.0.8", "second", "", netip.AddrPort{}, engine)
	second.auto.Store(486)
	at := netip.MustParseAddrPort(second.conn.LocalAddr().String())
	c, far := newNet(t, func(cfg *sipua.Config) {
		cfg.Trunks[0].Next = []sipua.Target{{Host: at.Addr().String(), Port: int(at.Port())}}
	})
	anna, ben := c.phone("anna", "a1"), c.phone("ben", "b2")
	anna.auto.Store(200)
	ben.auto.Store(200)
	far.auto.Store(503)
	c.ready(anna)
	c.ready(ben)
	for agent, queue := range map[realcore.AgentID]realcore.QueueID{0: 0, 1: 1} {
		if err := c.server.Dial(agent, queue, fmt.Sprint("039876543", agent)); err != nil {
			t.Fatal(err)
		}
	}
	second.want("invited")
	second.want("invited")
}

// What the limits of dialling count is what has been dialled.
func TestDialLimits(t *testing.T) {
	c, far := newNet(t, func(cfg *sipua.Config) { cfg.Dial.PerMinute = 2 })
	far.auto.Store(486)
	for i, want := range []error{nil, nil, sipua.ErrForbidden} {
		if err := c.server.Dial(0, 0, "0398765432"); err != want {
			t.Errorf("call %d: %v, want %v", i+1, err, want)
		}
	}
	if err := c.server.Dial(1, 0, "0398765432"); err != nil {
		t.Errorf("another agent's: %v", err)
	}
}

// A call that still waits for its agent counts among those he has.
func TestDialAtOnce(t *testing.T) {
	c, _ := newNet(t, func(cfg *sipua.Config) { cfg.Dial.Concurrent = 1 })
	for i, want := range []error{nil, sipua.ErrForbidden} {
		if err := c.server.Dial(0, 0, "0398765432"); err != want {
			t.Errorf("call %d: %v, want %v", i+1, err, want)
		}
	}
}

// A trunk's own limit holds for whoever calls.
func TestTrunkLimit(t *testing.T) {
	c, far := newNet(t, func(cfg *sipua.Config) { cfg.Dial.TrunkPerMinute = 1 })
	far.auto.Store(486)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	c.ready(anna)
	for i := range 2 {
		if err := c.server.Dial(0, 0, "0398765432"); err != nil {
			t.Fatal(err)
		}
		anna.want("invited")
		anna.want("ended")
		c.ended(i + 1)
	}
	far.want("invited")
	if n := len(far.events); n != 0 {
		t.Errorf("the trunk was called again: %s", <-far.events)
	}
}

// Registrations that come in the wrong order, or are too many, change nothing.
func TestRegisterOrderAndNumber(t *testing.T) {
	c := newCentre(t, nil)
	anna := c.phone("anna", "a1")
	anna.seq = 50
	if code := anna.register(600); code != 200 {
		t.Fatal(code)
	}
	anna.seq = 10
	if code := anna.register(0); code != 500 {
		t.Errorf("an older REGISTER: %d", code)
	}
	anna.seq = 60
	for i := range 11 {
		anna.said = fmt.Sprintf("<sip:anna@127.0.0.1:%d>", 6000+i)
		want := 200
		if i >= 9 { // with the first there are ten then
			want = 403
		}
		if code := anna.register(600); code != want {
			t.Errorf("binding %d: %d, want %d", i+2, code, want)
		}
	}
}
