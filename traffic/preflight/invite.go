package preflight

import (
	"time"

	"callwright/sipua/dialog"
)

// Unanswered is what becomes of an INVITE that nobody answers, since it was first sent.
type Unanswered struct {
	Sent   []time.Duration // each transmission
	Failed time.Duration   // the transaction gives up
}

// unanswered asks the machine that makes the calls of the load generator and of the server:
// it is driven along its own deadlines, and what it sends is written down.
func (p *Plan) unanswered() (u Unanswered) {
	n := uint64(0)
	m := dialog.New(dialog.Config{Times: dialog.Times{T1: p.T1}, Random: func() uint64 { n++; return n }, SentBy: func(dialog.Flow) string { return "preflight.invalid" }})
	inv := dialog.Invite{Flow: dialog.Flow{Transport: p.Transport}, From: "<sip:preflight@preflight.invalid>", To: "<sip:silent@preflight.invalid>", Contact: "<sip:preflight@preflight.invalid>"}
	inv.Target.Scheme, inv.Target.User, inv.Target.Host = "sip", "silent", "preflight.invalid"
	note := func(at dialog.Instant, outs []dialog.Out) {
		for i := range outs {
			switch o := &outs[i]; {
			case o.Send != nil:
				u.Sent = append(u.Sent, time.Duration(at))
			case o.Fact == dialog.Refused:
				u.Failed = time.Duration(at)
			}
		}
	}
	_, outs := m.Invite(0, inv)
	note(0, outs)
	for at, ok := m.Deadline(); ok; at, ok = m.Deadline() {
		note(at, m.Expire(at))
	}
	return u
}
