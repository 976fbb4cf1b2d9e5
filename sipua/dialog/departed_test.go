package dialog

import (
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// How BYEs fare is told to who asks, and repetitions are counted on both sides.
func TestDepartedAndRepeats(t *testing.T) {
	m := New(Config{Random: func() uint64 { return 7 }, SentBy: func(Flow) string { return "127.0.0.1:5060" }, Departures: true})
	c, out := m.Invite(0, Invite{Target: sip.Uri{Scheme: "sip", User: "peer", Host: "127.0.0.2"}, From: "<sip:a@b>", To: "<sip:peer@c>", Contact: "<sip:a@127.0.0.1>"})
	answer := func(at time.Duration, code int, req []byte) []Out {
		msg, err := sip.ParseMessage(req)
		if err != nil {
			t.Fatal(err)
		}
		res := sip.NewResponseFromRequest(msg.(*sip.Request), code, "x", nil)
		res.To().Params.Add("tag", "peer")
		return m.Receive(Instant(at), res, Flow{})
	}
	invite := out[0].Send
	m.Expire(Instant(600 * time.Millisecond))
	answer(time.Second, 200, invite)
	answer(time.Second, 200, invite)
	if r := c.Repeats(); r != (Repeats{1, 1}) || m.Repeats != r {
		t.Errorf("repeated %+v", r)
	}
	bye := m.Bye(Instant(2*time.Second), c)
	var departed *Out
	for _, o := range bye {
		if o.Send == nil {
			continue
		}
		for _, o := range answer(2100*time.Millisecond, 200, o.Send) {
			if o.Fact == Departed {
				departed = &o
			}
		}
	}
	if departed == nil || departed.Call != c || departed.Code != 200 {
		t.Errorf("departed: %+v", departed)
	}
}
