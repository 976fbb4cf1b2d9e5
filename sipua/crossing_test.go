package sipua_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// watcher is a door that notes which contact was joined with an agent last, and that holds
// the host up at an agent's wish to be ready, once it is told to.
type watcher struct {
	joined atomic.Value
	stalls atomic.Bool
}

func (d *watcher) Carry(_ realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	for i := range effects {
		if effects[i].Kind == realcore.Connect {
			d.joined.Store(effects[i].Contact)
		}
	}
	if ev != nil && ev.Kind == realcore.AgentReady && d.stalls.Load() {
		time.Sleep(300 * time.Millisecond)
	}
}

// watched has the centres of a test watched.
func watched(t *testing.T) *watcher {
	d := &watcher{}
	slowDoor = d
	t.Cleanup(func() { slowDoor = nil })
	return d
}

// stall holds the host up; ben, who has a phone, is ready after that.
func (c *centre) stall(d *watcher) {
	c.t.Helper()
	d.stalls.Store(true)
	if err := c.host.Post(realcore.OfAgent(realcore.AgentReady, 1)); err != nil {
		c.t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
}

// referCode asks for a blind transfer, and returns what is said of it.
func (p *phone) referCode(number string) int {
	p.t.Helper()
	p.do(func() []dialog.Out {
		_, out := p.m.Ask(p.now(), p.call, sip.REFER, nil, []sip.Header{sip.NewHeader("Refer-To", "<sip:"+number+"@centre>")}, "", nil)
		return out
	})
	return p.code()
}

// While a number outside rings for his caller, an agent's second REFER is refused; on his
// page he may hand him on to a queue, and the number rings no more: the caller is the next
// agent's alone.
func TestHandOutThenElsewhere(t *testing.T) {
	door := watched(t)
	c, far := newNet(t, nil)
	anna, ben, carl := c.phone("anna", "a1"), c.phone("ben", "b2"), c.phone("carl", "c3")
	anna.auto.Store(200)
	ben.auto.Store(200)
	far.auto.Store(0)
	c.ready(anna)
	c.ready(ben)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	anna.refer("0398765432")
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	far.want("invited")
	if code := anna.referCode("502"); code != 403 {
		t.Errorf("a second transfer: %d", code)
	}
	if err := c.host.Post(realcore.Event{Kind: realcore.TransferBlind, Contact: door.joined.Load().(realcore.Ref), Queue: 1, Agent: realcore.None}); err != nil {
		t.Fatal(err)
	}
	anna.want("inside NOTIFY SIP/2.0 487 Request Terminated")
	anna.want("ended")
	far.want("cancelled")
	ben.want("invited")
	time.Sleep(200 * time.Millisecond)
	carl.bye()
	ben.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Legs != 2 {
		t.Errorf("recorded as %+v", r)
	}
}

// The number outside answers at the very moment at which the page hands the caller on: he is
// with the number, and the next agent is not left on a line with nobody.
func TestHandOutCrossesTransfer(t *testing.T) {
	door := watched(t)
	c, far := newNet(t, nil)
	anna, ben, carl := c.phone("anna", "a1"), c.phone("ben", "b2"), c.phone("carl", "c3")
	anna.auto.Store(200)
	far.auto.Store(0)
	c.ready(anna)
	if code := ben.register(3600); code != 200 {
		t.Fatal(code)
	}
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	anna.refer("0398765432")
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	far.want("invited")
	c.stall(door)
	if err := c.host.Post(realcore.Event{Kind: realcore.TransferBlind, Contact: door.joined.Load().(realcore.Ref), Queue: 1, Agent: realcore.None}); err != nil {
		t.Fatal(err)
	}
	far.do(func() []dialog.Out { far.accept(far.in); return nil })
	anna.want("inside NOTIFY SIP/2.0 200 OK")
	anna.want("ended")
	c.ended(1)
	carl.bye()
	far.want("ended")
}

// Whom an agent is calling cannot be handed on before he has answered: nobody would be on
// the line.
func TestHandOutBeforeAnswer(t *testing.T) {
	c, far := newNet(t, nil)
	anna := c.phone("anna", "a1")
	far.auto.Store(0)
	c.ready(anna)
	anna.dial("0398765432")
	anna.want("answered")
	far.want("invited")
	if code := anna.referCode("0311112222"); code != 403 {
		t.Errorf("refer: %d", code)
	}
	anna.bye()
	far.want("cancelled")
	c.ended(1)
}

// No redirection leads to an emergency number, for which no limit holds; nor is a phone
// told that it has cancelled what it has not.
func TestSentOnToEmergency(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	for _, code := range []int32{302, 487} {
		far.auto.Store(code)
		far.sendsOn("110")
		carl.dial("0398765432")
		far.want("invited")
		if got := carl.code(); got != 480 {
			t.Errorf("%d becomes %d", code, got)
		}
	}
	select {
	case e := <-far.events:
		t.Errorf("the far end: %s", e)
	default:
	}
}

// An emergency number is that, even where a number or an agent's code of the centre's is
// the same.
func TestEmergencyFirst(t *testing.T) {
	c, far := newNet(t, func(cfg *sipua.Config) {
		cfg.Numbers["110"] = 0
		cfg.Codes.NotReady = "11"
		cfg.Dial.Emergency = append(cfg.Dial.Emergency, "112")
	})
	anna := c.phone("anna", "a1")
	far.auto.Store(200)
	for _, number := range []string{"110", "112"} {
		anna.dial(number)
		far.want("invited")
		anna.want("answered")
		anna.bye()
		anna.want("ended")
		far.want("ended")
	}
}

// An agent dials two numbers at once, and is found ready for both: the second call is
// refused, and no colleague's phone rings for it.
func TestAgentDialsTwice(t *testing.T) {
	door := watched(t)
	plan := onePlan()
	plan.Agents[1].Group = 0
	var far *phone
	c := newCentreOf(t, plan, func(cfg *sipua.Config) {
		far = newPhoneAt(t, "127.0.0.8", "0398765432", "", cfg.Listeners[0].Addr, nil)
		withNet(far)(cfg)
	})
	anna, ben := c.phone("anna", "a1"), c.phone("ben", "b2")
	far.auto.Store(486)
	c.ready(anna)
	if code := ben.register(3600); code != 200 {
		t.Fatal(code)
	}
	time.Sleep(100 * time.Millisecond)
	c.stall(door)
	anna.do(func() (out []dialog.Out) {
		for range 2 {
			anna.ses = dialog.NewSession(anna.n)
			_, o := anna.m.Invite(anna.now(), dialog.Invite{Target: anna.uri("0398765432"), Flow: anna.flow(), From: "<sip:anna@centre>", To: "<sip:0398765432@centre>",
				Contact: anna.contact(), SDP: anna.ses.Offer(anna.local(), dialog.SendRecv)})
			out = append(out, o...)
		}
		return out
	})
	c.ended(2)
	time.Sleep(100 * time.Millisecond)
	select {
	case e := <-ben.events:
		t.Errorf("the colleague's phone: %s", e)
	default:
	}
	for a := range realcore.AgentID(2) {
		if s, _ := c.state(a); s != realcore.Ready {
			t.Errorf("agent %d is %v", a, s)
		}
	}
}
