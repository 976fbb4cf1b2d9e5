package sipua_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

// The waits of RFC 3261 and of our own that last for minutes: each once on the wire with
// its real length, all at the same time. With other lengths they are in the ladders of
// sipua/dialog.
func long(t *testing.T) {
	t.Helper()
	if !*soak {
		t.Skip("SKIPPED: waits for up to five minutes of real time: make soak")
	}
	t.Parallel()
}

// Repetitions over UDP with the RFC's T1 and T2, in seconds after the first.
var (
	inviteAgain = []float64{0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5}                         // timer A: no cap
	otherAgain  = []float64{0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5} // E, G and those of a 2xx: up to T2
)

// late is how much later than its time something may happen: this machine has other work.
const late = 700 * time.Millisecond

// spaced wants messages at these seconds after the first of them, and no others.
func spaced(t *testing.T, w *wire, what string, got []heard, slack time.Duration, want ...float64) {
	t.Helper()
	bad := len(got) != len(want)
	for i := range min(len(got), len(want)) {
		d := got[i].at - got[0].at - time.Duration(want[i]*float64(time.Second))
		bad = bad || d < -slack || d > slack
	}
	if bad {
		t.Errorf("%s: want %v s after the first; heard %s", what, want, w.story())
	}
}

// within wants a length of time.
func within(t *testing.T, what string, got, from, to time.Duration) {
	t.Helper()
	if got < from || got > to {
		t.Errorf("%s after %v, want %v to %v", what, got, from, to)
	}
}

// Timers A and B: an agent's phone that answers OPTIONS but no INVITE. After 64 T1 the
// agent counts as one whose phone is lost, and the caller waits on.
func TestWaitTimerB(t *testing.T) {
	long(t)
	caller, anna := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.9")
	c := wired(t, caller, []*wire{anna}, func(p *realcore.Plan, _ *sipua.Config) { p.Groups[0].RingTime = time.Minute })
	anna.begin()
	caller.send(caller.request("INVITE", "500", "b", "b", "", 1, "", caller.sdp(1, "sendrecv")))
	anna.until(31 * time.Second)
	if s, _ := c.state(0); s != realcore.Reserved {
		t.Errorf("before timer B the agent is %v", s)
	}
	c.becomes(0, realcore.NotReady, realcore.ReasonDevice, 3*time.Second)
	list := anna.all("INVITE ")
	within(t, "the offer fails", anna.now()-list[0].at, 32*time.Second, 33*time.Second)
	spaced(t, anna, "INVITE", list, late, inviteAgain...)
	caller.nth("SIP/2.0 200", 1, caller.now()+2*time.Second)
}

// Timers E and F: a trunk that does not answer OPTIONS is down after 64 T1, and its next
// address is asked half a minute later.
func TestWaitTimerF(t *testing.T) {
	long(t)
	dead, other := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.8")
	dead.sleep(true)
	var log lines
	wired(t, dead, nil, func(_ *realcore.Plan, cfg *sipua.Config) {
		cfg.Trunks[0].Target = targetOf(dead)
		cfg.Trunks[0].Next = []sipua.Target{targetOf(other)}
		cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	first := dead.nth("OPTIONS ", 1, 5*time.Second)
	dead.until(first.at + 31*time.Second)
	if s := log.String(); strings.Contains(s, "down=true") {
		t.Errorf("before timer F: %s", s)
	}
	dead.until(first.at + 33*time.Second)
	if s := log.String(); !strings.Contains(s, "down=true") {
		t.Errorf("after timer F: %s", s)
	}
	spaced(t, dead, "OPTIONS", dead.all("OPTIONS "), late, otherAgain...)
	other.nth("OPTIONS ", 1, other.now()+32*time.Second)
	within(t, "the next address is asked", dead.now()-first.at, 62*time.Second, 64*time.Second)
	time.Sleep(time.Second)
	if s := log.String(); !strings.Contains(s, "down=false") {
		t.Errorf("with the next address: %s", s)
	}
}

// A 2xx of ours that is never acknowledged: repeated up to T2, and after 64 T1 a BYE
// (13.3.1.4), which is not answered either and given up after another 64 T1.
func TestWaitNoACK(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	c := wired(t, caller, nil, nil)
	caller.begin()
	caller.send(caller.request("INVITE", "500", "h", "h", "", 1, "", caller.sdp(1, "sendrecv")))
	ok := caller.nth("SIP/2.0 200", 1, 2*time.Second)
	bye := caller.nth("BYE ", 1, 35*time.Second)
	within(t, "BYE", bye.at-ok.at, 32*time.Second-late, 32*time.Second+late)
	spaced(t, caller, "200", caller.all("SIP/2.0 200"), late, otherAgain...)
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
	caller.until(bye.at + 37*time.Second)
	spaced(t, caller, "BYE", caller.all("BYE "), late, otherAgain...)
}

// Timers G and H: a refusal that is never acknowledged, repeated for 64 T1.
func TestWaitTimersGH(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	wired(t, caller, nil, nil)
	caller.begin()
	caller.send(caller.request("INVITE", "999", "g", "g", "", 1, "", caller.sdp(1, "sendrecv")))
	caller.until(40 * time.Second)
	spaced(t, caller, "404", caller.all("SIP/2.0 404"), late, otherAgain...)
}

// Timer I: for T4 after the ACK to a refusal the INVITE is not heard again.
func TestWaitTimerI(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	wired(t, caller, nil, nil)
	caller.begin()
	invite := caller.request("INVITE", "999", "i", "i", "", 1, "", caller.sdp(1, "sendrecv"))
	caller.send(invite)
	refusal := caller.nth("SIP/2.0 404", 1, 2*time.Second)
	caller.send(caller.request("ACK", "999", "i", "i", headerOf(refusal.text, "To"), 1, "", ""))
	caller.until(4300 * time.Millisecond)
	caller.send(invite)
	caller.until(6 * time.Second)
	if n := len(caller.all("SIP/2.0 404")); n != 1 {
		t.Errorf("within timer I: %d answers %s", n, caller.story())
	}
	caller.send(invite)
	again := caller.nth("SIP/2.0 404", 2, 8*time.Second)
	if headerOf(again.text, "To") == headerOf(refusal.text, "To") {
		t.Error("after timer I it is the same transaction")
	}
	caller.send(caller.request("ACK", "999", "i", "i", headerOf(again.text, "To"), 1, "", ""))
}

// Timer J: for 64 T1 a request that comes again gets the very answer that it got.
func TestWaitTimerJ(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	wired(t, caller, nil, nil)
	caller.begin()
	options := caller.request("OPTIONS", "500", "j", "j", "", 1, "", "")
	caller.send(options)
	first := caller.nth("SIP/2.0 200", 1, 2*time.Second)
	caller.until(31 * time.Second)
	caller.send(options)
	if again := caller.nth("SIP/2.0 200", 2, 33*time.Second); again.text != first.text {
		t.Errorf("within timer J\n%s\nis answered instead of\n%s", again.text, first.text)
	}
	caller.until(33 * time.Second)
	caller.send(options)
	if again := caller.nth("SIP/2.0 200", 3, 35*time.Second); again.text == first.text {
		t.Error("after timer J it is still the same transaction")
	}
}

// Timer L (RFC 6026): an INVITE that comes again up to 64 T1 after its 2xx was acknowledged
// is neither answered nor a second call.
func TestWaitTimerL(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	c := wired(t, caller, nil, nil)
	caller.begin()
	to := caller.calls("500", "l")
	for _, at := range []time.Duration{1, 10, 31} {
		caller.until(at * time.Second)
		caller.send(caller.request("INVITE", "500", "l", "l", "", 1, "", caller.sdp(1, "sendrecv")))
	}
	caller.until(32 * time.Second)
	if n := len(caller.all("SIP/2.0 ")); n != 2 { // 100 and 200
		t.Errorf("%d answers: %s", n, caller.story())
	}
	caller.send(caller.request("BYE", "500", "l", "lb", to, 2, "", ""))
	c.ended(1)
	time.Sleep(time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.contacts) != 1 {
		t.Errorf("%d calls are recorded", len(c.contacts))
	}
}

// Timer D: for 64 T1 a refusal that comes again is acknowledged again; then it belongs to
// nothing.
func TestWaitTimerD(t *testing.T) {
	long(t)
	testRepeats(t, 486, "")
}

// Timer M (RFC 6026): the same for a 2xx.
func TestWaitTimerM(t *testing.T) {
	long(t)
	testRepeats(t, 200, "sendrecv")
}

func testRepeats(t *testing.T, code int, audio string) {
	caller, anna := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.9")
	sdp := ""
	if audio != "" {
		sdp = anna.sdp(1, audio)
	}
	anna.says("INVITE", code, sdp)
	wired(t, caller, []*wire{anna}, nil)
	anna.begin()
	caller.calls("500", "d")
	invite := anna.nth("INVITE ", 1, 2*time.Second)
	anna.nth("ACK ", 1, 2*time.Second)
	for i, at := range []time.Duration{5, 15, 31} {
		anna.until(at * time.Second)
		anna.send(anna.answerTo(invite.text, code, sdp))
		anna.nth("ACK ", i+2, at*time.Second+time.Second)
	}
	anna.until(33 * time.Second)
	anna.send(anna.answerTo(invite.text, code, sdp))
	anna.until(34 * time.Second)
	if n := len(anna.all("ACK ")); n != 4 {
		t.Errorf("%d ACKs, want 4: %s", n, anna.story())
	}
	if n := len(anna.all("INVITE ")); n != 1 {
		t.Errorf("%d INVITEs, want 1: %s", n, anna.story())
	}
}

// A customer who is rung and never answers: CANCEL after two minutes (as timer C would
// have a proxy do), and when that has no effect for 64 T1 the call is given up and the
// agent who waits is free.
func TestWaitRingLimit(t *testing.T) {
	long(t)
	far, anna := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.9")
	far.says("INVITE", 180, "")
	far.says("CANCEL", 200, "")
	anna.says("INVITE", 200, anna.sdp(1, "sendrecv"))
	anna.says("BYE", 200, "")
	c := wired(t, far, []*wire{anna}, func(_ *realcore.Plan, cfg *sipua.Config) {
		cfg.Trunks[0].Target, cfg.Trunks[0].Number = targetOf(far), "0312345678"
		cfg.Dial = sipua.DialRules{Allowed: []string{"03"}}
	})
	time.Sleep(time.Second) // until the trunk has been asked
	if err := c.server.Dial(0, 0, "0398765432"); err != nil {
		t.Fatal(err)
	}
	rung := far.nth("INVITE ", 1, 10*time.Second)
	cancel := far.nth("CANCEL ", 1, rung.at+125*time.Second)
	within(t, "CANCEL", cancel.at-rung.at, 120*time.Second-late, 120*time.Second+late)
	if n := len(anna.all("BYE ")); n != 0 {
		t.Error("the agent is hung up on before the call is given up")
	}
	anna.nth("BYE ", 1, anna.now()+35*time.Second)
	within(t, "the agent is free", far.now()-cancel.at, 32*time.Second-late, 32*time.Second+late)
	if r := c.ended(1); r.Outcome != realcore.Disconnected || r.Cause != realcore.CauseDialFail {
		t.Errorf("recorded as %+v", r)
	}
}

// A caller for whom an agent is rung for long hears 180 at least once a minute
// (13.3.1.1), and when the ring time is over, music.
func TestWaitRinging(t *testing.T) {
	long(t)
	caller, anna := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.9")
	anna.says("INVITE", 180, "")
	anna.says("CANCEL", 200, "")
	wired(t, caller, []*wire{anna}, func(p *realcore.Plan, _ *sipua.Config) { p.Groups[0].RingTime = 130 * time.Second })
	caller.begin()
	caller.send(caller.request("INVITE", "500", "r", "r", "", 1, "", caller.sdp(1, "sendrecv")))
	ok := caller.nth("SIP/2.0 200", 1, 135*time.Second)
	caller.send(caller.request("ACK", "500", "r", "ra", headerOf(ok.text, "To"), 1, "", ""))
	within(t, "music", ok.at, 130*time.Second-late, 130*time.Second+late)
	spaced(t, caller, "180", caller.all("SIP/2.0 180"), late, 0, 60, 120)
	anna.nth("CANCEL ", 1, anna.now()+time.Second)
}

// A registration of the shortest time is not renewed: the phone would answer, but is not
// rung any more.
func TestWaitExpiry(t *testing.T) {
	long(t)
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	began := time.Now()
	if code := anna.register(60); code != 200 {
		t.Fatalf("register: %d", code)
	}
	anna.dial("*11")
	anna.want("answered")
	anna.want("ended")
	time.Sleep(time.Until(began.Add(59 * time.Second)))
	if s, _ := c.state(0); s != realcore.Ready {
		t.Errorf("while it is registered the agent is %v", s)
	}
	c.becomes(0, realcore.NotReady, realcore.ReasonDevice, 5*time.Second)
	within(t, "the registration is gone", time.Since(began), time.Minute, 62*time.Second)
	carl.dial("500")
	carl.want("answered")
	select {
	case e := <-anna.events:
		t.Errorf("the phone is told %s", e)
	case <-time.After(2 * time.Second):
	}
	carl.bye()
}

// A nonce is good for five minutes; then the phone is told that it is stale, which needs
// no one to type a password, and a new one is good.
func TestWaitNonce(t *testing.T) {
	long(t)
	c := newCentre(t, nil)
	w := newWire(t, "127.0.0.9")
	w.to = c.addr
	h := func(s string) string { x := md5.Sum([]byte(s)); return hex.EncodeToString(x[:]) }
	uri := "sip:anna@" + c.addr.String()
	seq := 0
	register := func(nonce string, nc int, want string) heard {
		t.Helper()
		seq++
		auth := ""
		if nonce != "" {
			count := fmt.Sprintf("%08x", nc)
			r := h(md5ha1("anna", "a1")["MD5"] + ":" + nonce + ":" + count + ":abc:auth:" + h("REGISTER:"+uri))
			auth = fmt.Sprintf("Authorization: Digest username=\"anna\", realm=\"centre\", nonce=\"%s\", uri=\"%s\", algorithm=MD5, qop=auth, nc=%s, cnonce=\"abc\", response=\"%s\"\r\n", nonce, uri, count, r)
		}
		n := len(w.all("SIP/2.0 " + want))
		w.send(w.request("REGISTER", "anna", "n", fmt.Sprint("n", seq), "", seq, auth+"Expires: 3600\r\n", ""))
		return w.nth("SIP/2.0 "+want, n+1, w.now()+2*time.Second)
	}
	nonceOf := func(m heard) string {
		_, v, _ := strings.Cut(headerOf(m.text, "WWW-Authenticate"), `nonce="`)
		v, _, _ = strings.Cut(v, `"`)
		return v
	}
	w.begin()
	old := nonceOf(register("", 0, "401"))
	register(old, 1, "200")
	w.until(297 * time.Second)
	register(old, 2, "200")
	w.until(301 * time.Second)
	again := register(old, 3, "401")
	if !strings.Contains(headerOf(again.text, "WWW-Authenticate"), "stale=true") || nonceOf(again) == old {
		t.Errorf("after five minutes\n%s", again.text)
	}
	register(nonceOf(again), 1, "200")
}

// Streams: a connection that says nothing is closed after 10 s, and so is one whose
// message is not whole by then, however it drips; one that has shown itself after 3 min
// of silence, which the keep-alive of RFC 5626 ends.
func TestWaitStreams(t *testing.T) {
	long(t)
	c := newCentre(t, nil)
	at := c.server.Addrs()[1]
	options := fmt.Sprintf("OPTIONS sip:%v SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKs\r\nFrom: <sip:x@x>;tag=s\r\nTo: <sip:%v>\r\nCall-ID: s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", at, at)
	var all sync.WaitGroup
	for _, x := range []struct {
		name  string
		talk  func(io.Writer)
		ends  time.Duration
		pongs int
	}{
		{"silent from the first", func(io.Writer) {}, 10 * time.Second, 0},
		{"drips", func(w io.Writer) {
			w.Write([]byte(options))
			time.Sleep(5 * time.Second)
			for i := range 10 {
				w.Write([]byte(options[i : i+1]))
				time.Sleep(2 * time.Second)
			}
		}, 15 * time.Second, 0},
		{"silent after a message", func(w io.Writer) { w.Write([]byte(options)) }, 3 * time.Minute, 0},
		{"kept alive", func(w io.Writer) {
			w.Write([]byte(options))
			time.Sleep(time.Minute)
			w.Write([]byte("\r\n\r\n"))
		}, 4 * time.Minute, 1},
	} {
		conn, err := net.Dial("tcp", at.String())
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		all.Add(1)
		go x.talk(conn)
		go func() {
			defer all.Done()
			defer conn.Close()
			conn.SetReadDeadline(began.Add(x.ends + 5*time.Second))
			heard, err := io.ReadAll(conn)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: not closed after %v", x.name, time.Since(began))
				return
			}
			within(t, x.name+": closed", time.Since(began), x.ends-late, x.ends+late)
			if got := bytes.HasSuffix(heard, []byte("\r\n\r\n\r\n")); got != (x.pongs == 1) {
				t.Errorf("%s: hears %q", x.name, heard)
			}
		}()
	}
	all.Wait()
}

// A phone is asked every 30 s whether it is there. One that does not answer for 64 T1 is
// lost, and asked again 30 s later; when it answers, its agent is as he was.
func TestWaitKeepalive(t *testing.T) {
	long(t)
	anna := newWire(t, "127.0.0.9")
	c := wired(t, nil, []*wire{anna}, nil)
	first := anna.nth("OPTIONS ", 1, 5*time.Second)
	anna.sleep(true)
	second := anna.nth("OPTIONS ", 2, first.at+35*time.Second)
	within(t, "asked again", second.at-first.at, 30*time.Second, 32*time.Second)
	anna.until(second.at + 31*time.Second)
	if s, _ := c.state(0); s != realcore.Ready {
		t.Errorf("before timer F the agent is %v", s)
	}
	c.becomes(0, realcore.NotReady, realcore.ReasonDevice, 3*time.Second)
	lost := anna.now()
	within(t, "the phone is lost", lost-second.at, 32*time.Second-late, 32*time.Second+late)
	spaced(t, anna, "OPTIONS", anna.all("OPTIONS ")[1:], late, otherAgain...)
	anna.sleep(false)
	c.becomes(0, realcore.Ready, 0, 35*time.Second)
	within(t, "the phone is back", anna.now()-lost, 29*time.Second, 32*time.Second)
}

// A caller on hold, from whom no audio is due, is asked every 2 min whether he is there;
// when he does not answer for 64 T1 the call ends.
func TestWaitProbe(t *testing.T) {
	long(t)
	caller := newWire(t, "127.0.0.8")
	c := wired(t, caller, nil, nil)
	caller.begin()
	to := caller.calls("500", "p")
	caller.send(caller.request("INVITE", "500", "p", "p2", to, 2, "", caller.sdp(2, "inactive")))
	caller.nth("SIP/2.0 200", 2, 3*time.Second)
	caller.send(caller.request("ACK", "500", "p", "p2a", to, 2, "", ""))
	first := caller.nth("OPTIONS ", 1, 125*time.Second)
	within(t, "asked", first.at, 120*time.Second, 123*time.Second)
	caller.sleep(true) // he has answered that one
	bye := caller.nth("BYE ", 1, first.at+160*time.Second)
	second := caller.all("OPTIONS ")[1]
	within(t, "asked again", second.at-first.at, 120*time.Second, 122*time.Second)
	within(t, "BYE", bye.at-second.at, 32*time.Second-late, 32*time.Second+late)
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
}

// A registration of ours is renewed after four fifths of its time.
func TestWaitTrunkRenews(t *testing.T) {
	long(t)
	far := newWire(t, "127.0.0.8")
	far.says("REGISTER", 200, "")
	wired(t, far, nil, registering(far))
	far.nth("REGISTER ", 3, 105*time.Second)
	spaced(t, far, "REGISTER", far.all("REGISTER "), 2500*time.Millisecond, 0, 48, 96)
}

// One that is refused is tried again after 30 s, and twice as long each time (RFC 5626
// 4.5).
func TestWaitTrunkRefuses(t *testing.T) {
	long(t)
	far := newWire(t, "127.0.0.8")
	far.says("REGISTER", 403, "")
	wired(t, far, nil, registering(far))
	far.nth("REGISTER ", 4, 220*time.Second)
	spaced(t, far, "REGISTER", far.all("REGISTER "), 3500*time.Millisecond, 0, 30, 90, 210)
}

func registering(far *wire) func(*realcore.Plan, *sipua.Config) {
	return func(_ *realcore.Plan, cfg *sipua.Config) {
		cfg.Trunks[0].Target = targetOf(far)
		cfg.Trunks[0].User, cfg.Trunks[0].Register = "us", time.Minute
	}
}

func targetOf(w *wire) sipua.Target {
	return sipua.Target{Host: w.addr.Addr().String(), Port: int(w.addr.Port())}
}

// A caller handed on to a telephone that rings for long: the agent's subscription
// (RFC 3515) does not run out before he is told what became of it.
func TestWaitSubscription(t *testing.T) {
	long(t)
	far, anna := newWire(t, "127.0.0.8"), newWire(t, "127.0.0.9")
	far.says("CANCEL", 200, "")
	far.rule(func(m string) string {
		if !strings.HasPrefix(m, "INVITE ") {
			return ""
		}
		return far.answerTo(m, 180, "")
	})
	anna.says("INVITE", 200, anna.sdp(1, "sendrecv"))
	for _, m := range []string{"NOTIFY", "BYE"} {
		anna.says(m, 200, "")
	}
	c := wired(t, far, []*wire{anna}, func(_ *realcore.Plan, cfg *sipua.Config) {
		cfg.Trunks[0].Target, cfg.Trunks[0].Number = targetOf(far), "0312345678"
		cfg.Dial = sipua.DialRules{Allowed: []string{"03"}}
	})
	carl := c.phone("carl", "c3")
	time.Sleep(time.Second) // until the trunk has been asked
	carl.dial("500")
	carl.want("answered")
	invite := anna.nth("INVITE ", 1, 10*time.Second)
	anna.nth("ACK ", 1, 10*time.Second)
	anna.send(fmt.Sprintf("REFER sip:x@%v SIP/2.0\r\nVia: SIP/2.0/UDP %v;rport;branch=z9hG4bK-refer\r\nFrom: %s;tag=wire\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 REFER\r\nContact: <sip:wire@%v>\r\nMax-Forwards: 70\r\nRefer-To: <sip:0398765432@centre>\r\nContent-Length: 0\r\n\r\n",
		anna.to, anna.addr, headerOf(invite.text, "To"), headerOf(invite.text, "From"), headerOf(invite.text, "Call-ID"), anna.addr))
	anna.nth("SIP/2.0 202", 1, anna.now()+2*time.Second)
	rung := far.nth("INVITE ", 1, far.now()+2*time.Second)
	for n := 1; ; n++ {
		until := anna.now() + 5*time.Second
		if n > 1 {
			last := anna.all("NOTIFY ")[n-2]
			var left int
			if _, err := fmt.Sscanf(headerOf(last.text, "Subscription-State"), "active;expires=%d", &left); err != nil {
				break // terminated
			}
			until = last.at + time.Duration(left)*time.Second
		}
		anna.nth("NOTIFY ", n, until)
	}
	within(t, "the last NOTIFY", far.now()-rung.at, 120*time.Second, 155*time.Second)
	carl.bye()
}

// lines is a log.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
