package dialog

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Call is one INVITE dialog, or what may become one (RFC 3261 12).
type Call struct {
	Data any // the driver's

	state callState
	id    string // Call-ID
	key   string // in Machine.calls

	local, remote       string // name and address, no tag
	localTag, remoteTag string
	localSeq, remoteSeq uint32
	target              sip.Uri  // where requests are addressed: the peer's Contact
	routes              []string // route set, as Route headers want it
	contact             string   // ours
	flow                Flow     // by which the peer was last heard

	invite   *tx    // the first INVITE
	order    Invite // what it was made of, of a call that goes out
	ours     *tx    // our re-INVITE in progress
	theirs   *tx    // the peer's last re-INVITE
	wanted   []byte // our next offer, while it cannot be made
	bye      bool   // BYE is to be sent once the ACK has come
	giveUp   bool   // CANCEL is to be sent once a provisional answer has come
	caller   bool   // we began it
	ringing  uint32 // epochs of timers
	reoffers uint32
	repeats  Repeats
}

// Repeats is how often the call's messages were sent again, so far.
func (c *Call) Repeats() Repeats { return c.repeats }

type callState uint8

const (
	incoming   callState = iota // not answered yet
	calling                     // our INVITE has no final answer
	cancelling                  // and we have sent CANCEL
	confirmed
	ending // our BYE is on its way
	ended
)

// ID returns the Call-ID.
func (c *Call) ID() string { return c.id }

// LocalTag returns our tag: with the Call-ID it names the call among ours.
func (c *Call) LocalTag() string { return c.localTag }

// Over reports whether nothing more can be done with the call.
func (c *Call) Over() bool { return c.state >= ending }

// Flow is by which the peer was last heard.
func (c *Call) Flow() Flow { return c.flow }

// Target is the peer's Contact.
func (c *Call) Target() *sip.Uri { return &c.target }

// callOf finds the call of a request in a dialog (12.2.2).
func (m *Machine) callOf(req *sip.Request) *Call {
	c := m.calls.m[join(req.CallID().Value(), tag(req.To().Params))]
	if c == nil || c.remoteTag != tag(req.From().Params) {
		return nil
	}
	return c
}

func (m *Machine) enter(c *Call) {
	c.key = join(c.id, c.localTag)
	m.calls.put(c.key, c)
}

// over ends a call; nobody is told.
func (m *Machine) over(c *Call) {
	c.state = ended
	c.ringing++
	c.reoffers++
	c.bye, c.giveUp, c.wanted = false, false, nil
	for _, t := range []*tx{c.invite, c.theirs} {
		if t != nil && t.ok != nil {
			t.ok = nil
			t.okEpoch++
		}
	}
	m.calls.drop(c.key, c)
}

// Bye ends a call from our side, whatever its state: an incoming one is refused 480,
// one that rings is cancelled (its end is told by Refused), an answered one gets BYE
// and is told Ended at once. A BYE waits for the ACK to our 2xx (15).
func (m *Machine) Bye(now Instant, c *Call, headers ...sip.Header) []Out {
	m.begin(now)
	switch c.state {
	case incoming:
		m.refuse(c, 480, "", nil)
	case calling:
		m.cancel(c)
	case confirmed:
		c.state = ending
		m.tell(Out{Fact: Ended, Call: c, Code: EndedByUs})
		if m.refuseTheirs(c); c.invite.ok != nil {
			c.bye = true
		} else {
			m.sendBye(c, headers)
		}
	}
	return m.out
}

func (m *Machine) sendBye(c *Call, headers []sip.Header) {
	c.bye = false
	req, branch, flow := m.build(c, sip.BYE, headers, "", nil)
	m.launch(&tx{kind: otherClient, req: req, flow: flow, call: c}, branch)
}

// lose ends a call that the peer knows no more, with a BYE all the same.
func (m *Machine) lose(c *Call) {
	if c.state != confirmed {
		return
	}
	c.state = ending
	m.refuseTheirs(c)
	m.sendBye(c, nil)
	m.tell(Out{Fact: Ended, Call: c, Code: EndedLost})
}

// refuseTheirs answers a re-INVITE that has no answer yet: 487, since the call ends.
func (m *Machine) refuseTheirs(c *Call) {
	if c.theirs != nil {
		m.respond(c.theirs, 487, "", nil)
	}
}

// heard notes where the peer is now: by what it was heard, and what Contact it has.
func (c *Call) heard(h *sip.ContactHeader, flow Flow) {
	c.flow = flow
	if h != nil && !h.Address.Wildcard && h.Address.Host != "" {
		c.target = *h.Address.Clone()
	}
}

type headers interface {
	GetHeaders(name string) []sip.Header
}

// routesOf reads a route set: in order for the side that was called, the other way
// round for the side that calls (12.1).
func routesOf(msg headers, reverse bool) (out []string) {
	for _, h := range msg.GetHeaders("record-route") {
		if reverse {
			out = append([]string{h.Value()}, out...)
		} else {
			out = append(out, h.Value())
		}
	}
	return out
}

// nameAddr is a From or To value without its tag.
func nameAddr(display string, uri *sip.Uri) string {
	var b strings.Builder
	if display != "" {
		b.WriteByte('"')
		b.WriteString(quotable(display))
		b.WriteString(`" `)
	}
	b.WriteByte('<')
	b.WriteString(uri.String())
	b.WriteByte('>')
	return b.String()
}

// quotable escapes what a quoted string must not hold (25.1).
func quotable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
