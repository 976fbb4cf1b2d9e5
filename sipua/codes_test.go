package sipua_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

// A transfer to a number that nobody has is refused; the call goes on.
func TestTransferRefused(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	for to, want := range map[string]int{"<sip:999@centre>": 404, "<sip:502@centre?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>": 501, "": 400} {
		anna.do(func() []dialog.Out {
			var h []sip.Header
			if to != "" {
				h = append(h, sip.NewHeader("Refer-To", to))
			}
			_, out := anna.m.Ask(anna.now(), anna.call, sip.REFER, nil, h, "", nil)
			return out
		})
		if code := anna.code(); code != want {
			t.Errorf("refer to %q: %d, want %d", to, code, want)
		}
	}
	carl.do(func() []dialog.Out { // a caller transfers nobody
		_, out := carl.m.Ask(carl.now(), carl.call, sip.REFER, nil, []sip.Header{sip.NewHeader("Refer-To", "<sip:502@centre>")}, "", nil)
		return out
	})
	if code := carl.code(); code != 403 {
		t.Errorf("a caller's refer: %d", code)
	}
	carl.bye()
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Legs != 1 {
		t.Errorf("recorded as %+v", r)
	}
}

// Agents' codes: not ready while a call goes on applies when it ends; logout; a code that
// does not apply is heard as a busy tone and changes nothing.
func TestCodes(t *testing.T) {
	c := newCentre(t, nil)
	anna, second, carl := c.phone("anna", "a1"), c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	second.dial("*12") // from the same agent's other phone
	second.want("answered")
	second.want("ended")
	if s, _ := c.state(0); s != realcore.Handling {
		t.Errorf("in a call the agent is %v", s)
	}
	carl.bye()
	anna.want("ended")
	c.ended(1)
	if s, _ := c.state(0); s != realcore.NotReady {
		t.Errorf("after it he is %v", s)
	}
	for i, want := range []realcore.AgentState{realcore.LoggedOut, realcore.LoggedOut} {
		second.dial("*10")
		second.want("answered")
		second.want("ended")
		if s, _ := c.state(0); s != want {
			t.Errorf("after logout %d he is %v", i+1, s)
		}
	}
	second.dial("*122") // the second of the plan's reasons
	second.want("answered")
	second.want("ended")
	if s, why := c.state(0); s != realcore.NotReady || why != realcore.ReasonOwn+1 {
		t.Errorf("he is %v for %v", s, why)
	}
	carl.dial("*11") // nobody's phone
	if code := carl.code(); code != 404 {
		t.Errorf("a code from a phone without an agent: %d", code)
	}
}

// Keys that come by INFO, in both of its forms, count like those in the audio.
func TestInfoDigits(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	for i, kind := range [][2]string{{"application/dtmf-relay", "Signal=1\r\nDuration=160\r\n"}, {"application/dtmf", "1"}} {
		carl.dial("600")
		carl.want("answered")
		time.Sleep(200 * time.Millisecond)
		carl.do(func() []dialog.Out {
			_, out := carl.m.Ask(carl.now(), carl.call, sip.INFO, nil, nil, kind[0], []byte(kind[1]))
			return out
		})
		if code := carl.code(); code != 200 {
			t.Errorf("%s: %d", kind[0], code)
		}
		anna.want("invited")
		time.Sleep(100 * time.Millisecond)
		carl.bye()
		carl.want("ended")
		anna.want("ended")
		if r := c.ended(i + 1); r.Outcome != realcore.Answered {
			t.Errorf("%s: recorded as %+v", kind[0], r)
		}
	}
}

// What is left of a call's Max-Forwards goes on with the agent's leg; with none left there
// is no such leg (483), but a call that ends here needs none.
func TestMaxForwards(t *testing.T) {
	c := newCentre(t, everybody)
	anna := c.phone("anna", "a1")
	if code := anna.register(600); code != 200 {
		t.Fatal(code)
	}
	c.host.Post(realcore.OfAgent(realcore.AgentReady, 0))
	v := newVictim(t)
	for mf, want := range map[int]string{0: "483", 1: "0", 40: "39"} {
		id := fmt.Sprintf("mf-%d", mf)
		fmt.Fprintf(udpTo{v.from, c.addr}, "INVITE sip:500@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=%s\r\nTo: <sip:500@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\nContact: <sip:x@%s>\r\nMax-Forwards: %d\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
			id, id, id, v.from.LocalAddr(), mf, len(floodSDP), floodSDP)
		if mf == 0 {
			if got := v.final(id, time.Second); got != 483 {
				t.Errorf("Max-Forwards 0: %d", got)
			}
			continue
		}
		anna.want("invited")
		anna.mu.Lock()
		got := anna.in.Req.MaxForwards().Value()
		anna.mu.Unlock()
		if got != want {
			t.Errorf("Max-Forwards %d goes on as %s, want %s", mf, got, want)
		}
		fmt.Fprintf(udpTo{v.from, c.addr}, "CANCEL sip:500@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=%s\r\nTo: <sip:500@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 CANCEL\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", id, id, id)
		anna.want("cancelled")
	}
}
