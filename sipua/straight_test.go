package sipua_test

import (
	"os"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// hears reports how loud a tone is that a phone hears for a second.
func hears(t *testing.T, p *phone, hz float64) float64 {
	t.Helper()
	var tape *media.Recording
	p.do(func() []dialog.Out {
		var err error
		if tape, err = p.engine.Record(p.audio); err != nil {
			t.Error(err)
		}
		return nil
	})
	if tape == nil {
		t.FailNow()
	}
	time.Sleep(1200 * time.Millisecond)
	file, _, err := tape.Close()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var left []int16
	for i := rtp.WAVHeaderSize; i+3 < len(b); i += 4 {
		left = append(left, int16(b[i])|int16(b[i+1])<<8)
	}
	return rtp.Tone(left[1600:], hz) / loud
}

func plays(t *testing.T, p *phone, hz float64) {
	t.Helper()
	p.do(func() []dialog.Out {
		clip, err := media.LoadWAV(reader(tone(hz, 5)))
		if err != nil {
			t.Error(err)
		}
		p.audio.Loop(clip)
		return nil
	})
}

// A phone that is no agent's dials out, and the two hear each other.
func TestPhoneDialsOut(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(200)
	carl.dial("0398765432")
	far.want("invited")
	carl.want("answered")
	if h := far.in.Req.MaxForwards(); h == nil || h.Val() != 69 {
		t.Errorf("Max-Forwards %v", h)
	}
	plays(t, carl, 900)
	if got := hears(t, far, 900); got < 0.8 || got > 1.2 {
		t.Errorf("the far end hears %.2f of the caller's tone", got)
	}
	far.bye()
	carl.want("ended")
}

// A phone hangs up before the far end has answered: that is cancelled; and the far end's
// refusal is the phone's.
func TestPhoneDialsOutInVain(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(0)
	carl.dial("0398765432")
	far.want("invited")
	carl.want("progress 180")
	carl.cancel()
	far.want("cancelled")
	if code := carl.code(); code != 487 {
		t.Errorf("cancelled: %d", code)
	}
	far.auto.Store(486)
	carl.dial("0398765432")
	far.want("invited")
	if code := carl.code(); code != 486 {
		t.Errorf("busy: %d", code)
	}
	for number, want := range map[string]int{"010442071234567": 403, "09012345678": 403, "999": 404} {
		carl.dial(number)
		if code := carl.code(); code != want {
			t.Errorf("%s: %d, want %d", number, code, want)
		}
	}
}

// A ready agent's call out is the centre's: he is offered nothing meanwhile, and it has
// its record.
func TestAgentDialsOut(t *testing.T) {
	c, far := newNet(t, nil)
	anna := c.phone("anna", "a1")
	far.auto.Store(200)
	c.ready(anna)
	anna.dial("0398765432")
	anna.want("answered")
	far.want("invited")
	time.Sleep(300 * time.Millisecond)
	if s, _ := c.state(0); s != realcore.Handling {
		t.Errorf("the agent is %v", s)
	}
	far.bye()
	anna.want("ended")
	if r := c.ended(1); r.Dir != realcore.Outbound || r.Outcome != realcore.Answered || r.Talk < 200*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
	far.want("ended")
	// and one that he gives up
	far.auto.Store(0)
	c.ready(anna)
	anna.dial("0398765432")
	anna.want("answered")
	far.want("invited")
	anna.bye()
	far.want("cancelled")
	if r := c.ended(2); r.Outcome != realcore.Disconnected {
		t.Errorf("recorded as %+v", r)
	}
}

// Emergency calls wait for nobody: an agent who is not ready, a full trunk.
func TestEmergency(t *testing.T) {
	c, far := newNet(t, func(cfg *sipua.Config) { cfg.Trunks[0].Lines = 1; cfg.Dial.TrunkConcurrent = 1 })
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	far.auto.Store(200)
	carl.dial("0398765432")
	far.want("invited")
	carl.want("answered")
	anna.dial("0398765432")
	if code := anna.code(); code != 480 {
		t.Errorf("no line: %d", code)
	}
	anna.dial("110")
	far.want("invited")
	anna.want("answered")
	if far.in.Req.Recipient.User != "110" {
		t.Errorf("dialled %s", far.in.Req.Recipient.User)
	}
	anna.bye()
	far.want("ended")
}

// An agent hands his caller on to a number outside: he is told of the answer, and the two
// others go on without him.
func TestHandOut(t *testing.T) {
	c, far := newNet(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	far.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	anna.refer("0398765432")
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	far.want("invited")
	anna.want("inside NOTIFY SIP/2.0 200 OK")
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Talk < 200*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
	plays(t, carl, 900)
	if got := hears(t, far, 900); got < 0.8 || got > 1.2 {
		t.Errorf("the far end hears %.2f of the caller's tone", got)
	}
	carl.bye()
	far.want("ended")
}

// The far end is busy: the agent has his caller back, and may try a number that is
// forbidden in vain.
func TestHandOutRefused(t *testing.T) {
	c, far := newNet(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	far.auto.Store(486)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	anna.refer("0398765432")
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	anna.want("inside NOTIFY SIP/2.0 486 Busy Here")
	far.want("invited")
	anna.do(func() []dialog.Out {
		_, out := anna.m.Ask(anna.now(), anna.call, sip.REFER, nil, []sip.Header{sip.NewHeader("Refer-To", "<sip:010442071234567@centre>")}, "", nil)
		return out
	})
	if code := anna.code(); code != 403 {
		t.Errorf("a forbidden number: %d", code)
	}
	if s, _ := c.state(0); s != realcore.Handling {
		t.Errorf("the agent is %v", s)
	}
	carl.bye()
	anna.want("ended")
	c.ended(1)
}

// The agent hangs up while it rings: the caller hears that, then the far end; or hangs up
// himself, and the far end rings no more.
func TestHandOutLeft(t *testing.T) {
	c, far := newNet(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	far.auto.Store(0)
	for i := range 2 {
		c.ready(anna)
		carl.dial("500")
		anna.want("invited")
		carl.want("answered")
		time.Sleep(200 * time.Millisecond)
		anna.refer("0398765432")
		anna.want("inside NOTIFY SIP/2.0 100 Trying")
		far.want("invited")
		if i == 0 {
			anna.bye()
			c.ended(1)
			far.do(func() []dialog.Out { far.accept(far.in); return nil })
			time.Sleep(200 * time.Millisecond)
			far.bye()
			far.want("ended")
			anna.want("ended")
			carl.want("ended")
			continue
		}
		carl.bye()
		far.want("cancelled")
		anna.want("inside NOTIFY SIP/2.0 487 Request Terminated")
		anna.want("ended")
		c.ended(2)
	}
}

// An agent's phone sends its calls on to a mobile (302): it rings there, if he may dial
// it; one that may not be dialled counts as declined.
func TestSentOn(t *testing.T) {
	c, far := newNet(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(302)
	far.auto.Store(200)
	c.ready(anna)
	anna.sendsOn("0398765432")
	carl.dial("500")
	anna.want("invited")
	far.want("invited")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	carl.bye()
	carl.want("ended")
	far.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Talk < 100*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
	c.ready(anna)
	anna.sendsOn("010442071234567")
	carl.dial("500")
	anna.want("invited")
	for range 100 {
		time.Sleep(20 * time.Millisecond)
		if s, _ := c.state(0); s == realcore.NotReady {
			break
		}
	}
	if s, _ := c.state(0); s != realcore.NotReady {
		t.Errorf("the agent is %v", s)
	}
	carl.want("answered") // and waits
	carl.bye()
}

// The network sends a call out on to another number, which is called once and no further.
func TestNetworkSendsOn(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(302)
	far.sendsOn("0311112222")
	carl.dial("0398765432")
	far.want("invited")
	far.want("invited")
	if code := carl.code(); code != 480 {
		t.Errorf("sent on twice: %d", code)
	}
	if far.in.Req.Recipient.User != "0311112222" {
		t.Errorf("called %s", far.in.Req.Recipient.User)
	}
}

// A call that a trusted trunk says was diverted counts as one to the number first dialled;
// an untrusted trunk's word does not.
func TestDiverted(t *testing.T) {
	for _, trusted := range []bool{true, false} {
		c, far := newNet(t, func(cfg *sipua.Config) { cfg.Trunks[0].Trusted = trusted })
		ben := c.phone("ben", "b2")
		_ = ben
		far.do(func() []dialog.Out {
			far.ses = dialog.NewSession(far.n)
			call, out := far.m.Invite(far.now(), dialog.Invite{Target: far.uri("0355550000"), Flow: far.flow(), From: "<sip:0398765432@net>", To: "<sip:0355550000@centre>",
				Contact: far.contact(), SDP: far.ses.Offer(far.local(), dialog.SendRecv),
				Headers: []sip.Header{sip.NewHeader("Diversion", `"A, B" <sip:0312345678@net>;reason=no-answer, <sip:500@net>;reason=unconditional`)}})
			far.call = call
			return out
		})
		if !trusted {
			if code := far.code(); code != 404 {
				t.Errorf("untrusted: %d", code)
			}
			continue
		}
		far.want("answered")
		far.bye()
		c.ended(1)
	}
}

// Credentials for one number do not do for another (RFC 7616 3.4.6); a host that a proxy
// has changed on the way is no matter.
func TestSignedForAnother(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(200)
	carl.signs = "sip:500@centre"
	carl.dial("0398765432")
	if code := carl.code(); code != 400 {
		t.Errorf("answered with %d", code)
	}
	carl.signs = "sip:0398765432@elsewhere.example"
	carl.dial("0398765432")
	carl.want("answered")
	carl.bye()
}
