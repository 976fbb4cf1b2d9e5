package wire

import "callwright/sipua/dialog"

// call is one INVITE dialog, or what may become one (RFC 3261 12).
type call struct {
	gen, ringing, reoffers uint32 // of handles and of timers; they only rise

	state    callState
	caller   bool  // we began it
	bye      bool  // BYE is to be sent once the ACK has come
	giveUp   bool  // CANCEL is to be sent once a provisional answer has come
	forwards uint8 // Max-Forwards of our requests

	mine, heardAgain    uint32 // messages that were repeated
	localSeq, remoteSeq uint32
	tag                 uint64 // ours, and with the call's number behind it on the wire
	flow                Flow   // by which the peer was last heard
	data                any

	text text // the parts, one after the other
	ends [parts]uint16

	invite In   // the first INVITE
	ours   In   // our re-INVITE in progress
	theirs In   // the peer's last re-INVITE
	wanted text // our next offer, while it cannot be made
}

// part is what a call knows in words.
type part uint8

const (
	idPart     part = iota // Call-ID
	localPart              // name and address, no tag
	remotePart             // the peer's
	tagPart                // the peer's tag
	targetPart             // where requests are addressed: the peer's Contact
	routesPart             // route set, in the order of Route headers, a newline after each
	ourPart                // our Contact
	parts
)

type callState uint8

const (
	incoming   callState = iota // not answered yet
	calling                     // our INVITE has no final answer
	cancelling                  // and we have sent CANCEL
	confirmed
	ending // our BYE is on its way
	ended
)

// newCall returns a call with a tag of ours.
func (m *Machine) newCall(state callState, flow Flow, data any) (uint32, *call) {
	n, c := m.calls.take()
	*c = call{gen: max(1, c.gen), ringing: c.ringing, reoffers: c.reoffers, state: state, flow: flow, data: data, tag: m.cfg.Random(), forwards: 70}
	return n, c
}

// call returns the call of a handle, or nil if it is over.
func (m *Machine) call(h Call) *call {
	if h.gen == 0 || h.n >= m.calls.used {
		return nil
	}
	if c := m.calls.at(h.n); c.gen == h.gen && c.state != ended {
		return c
	}
	return nil
}

// part returns one of a call's texts.
func (m *Machine) part(c *call, p part) []byte {
	at := uint16(0)
	if p > 0 {
		at = c.ends[p-1]
	}
	return m.mem.bytes(c.text)[at:c.ends[p]]
}

// words returns all of them, for some to be replaced.
func (m *Machine) words(c *call) (w [parts][]byte) {
	for p := range w {
		w[p] = m.part(c, part(p))
	}
	return w
}

// note keeps a call's texts in place of those it had, if they are not too long together.
func (m *Machine) note(c *call, w *[parts][]byte) bool {
	b, ends := m.w[:0], c.ends
	for p := range w {
		if len(b)+len(w[p]) > MaxMessage {
			return false
		}
		b = append(b, w[p]...)
		ends[p] = uint16(len(b))
	}
	m.w = b
	old := c.text
	c.text, c.ends = m.mem.keep(b), ends
	m.mem.drop(&old)
	return true
}

// heard notes where the peer is now: by what it was heard, and what Contact it has.
func (m *Machine) heard(c *call, msg *Message, flow Flow) {
	c.flow = flow
	if uri := msg.Contact(); hasHost(uri) && string(uri) != string(m.part(c, targetPart)) {
		w := m.words(c)
		w[targetPart] = uri
		m.note(c, &w)
	}
}

// callOf finds the call of a request in a dialog (12.2.2): its number is in our tag.
func (m *Machine) callOf(msg *Message) (uint32, bool) {
	tag, n, ok := readToken(msg.ToTag())
	if !ok || n == 0 || n > m.calls.used {
		return 0, false
	}
	c := m.calls.at(n - 1)
	if c.tag != tag || c.gen == 0 || c.state == ended || string(m.part(c, idPart)) != string(msg.CallID()) {
		return 0, false
	}
	if c.caller && c.state < confirmed || string(msg.FromTag()) != string(m.part(c, tagPart)) {
		return 0, false
	}
	return n - 1, true
}

// Over reports whether nothing more can be done with a call.
func (m *Machine) Over(h Call) bool {
	c := m.call(h)
	return c == nil || c.state >= ending
}

// Data returns what the driver has given a call; nil if it is over.
func (m *Machine) Data(h Call) any {
	if c := m.call(h); c != nil {
		return c.data
	}
	return nil
}

// SetData gives a call something of the driver's: those that come in begin without.
func (m *Machine) SetData(h Call, data any) {
	if c := m.call(h); c != nil {
		c.data = data
	}
}

// CallID returns a call's Call-ID until the next call of the Machine; nil if it is over.
func (m *Machine) CallID(h Call) []byte { return m.wordOf(h, idPart) }

// Target returns the peer's Contact likewise.
func (m *Machine) Target(h Call) []byte { return m.wordOf(h, targetPart) }

func (m *Machine) wordOf(h Call, p part) []byte {
	if c := m.call(h); c != nil {
		return m.part(c, p)
	}
	return nil
}

// LocalTag appends our tag to b: with the Call-ID it names the call among ours.
func (m *Machine) LocalTag(b []byte, h Call) []byte {
	if c := m.call(h); c != nil {
		b = appendToken(b, c.tag, h.n+1)
	}
	return b
}

// PeerFlow is by which the peer was last heard.
func (m *Machine) PeerFlow(h Call) Flow {
	if c := m.call(h); c != nil {
		return c.flow
	}
	return Flow{}
}

// CallRepeats returns what has been sent more than once in a call that is not over.
func (m *Machine) CallRepeats(h Call) Repeats {
	if c := m.call(h); c != nil {
		return Repeats{int64(c.mine), int64(c.heardAgain)}
	}
	return Repeats{}
}

// over ends a call; nobody is told. Its record may be another's at the next one that begins.
func (m *Machine) over(n uint32) {
	c := m.calls.at(n)
	if c.state == ended {
		return
	}
	for _, h := range [...]In{c.invite, c.theirs} {
		if t := m.tx(h); t != nil && t.waits {
			m.noMore(t)
		}
	}
	m.mem.drop(&c.text)
	m.mem.drop(&c.wanted)
	c.state, c.data = ended, nil
	c.gen++
	c.ringing++
	c.reoffers++
	m.calls.give(n)
}

// Bye ends a call from our side, whatever its state: an incoming one is refused 480,
// one that rings is cancelled (its end is told by Refused), an answered one gets BYE
// and is told Ended at once. A BYE waits for the ACK to our 2xx (15).
func (m *Machine) Bye(now Instant, h Call, headers ...Header) []Out {
	m.begin(now)
	c := m.call(h)
	if c == nil {
		return m.out
	}
	switch c.state {
	case incoming:
		m.refuse(h.n, 480, "", nil)
	case calling:
		m.cancel(h.n)
	case confirmed:
		c.state = ending
		m.tell(m.about(h.n, dialog.Ended).coded(dialog.EndedByUs))
		if m.refuseTheirs(c); m.waits(c.invite) {
			c.bye = true
		} else {
			m.sendBye(h.n, headers)
		}
	}
	return m.out
}

// waits reports whether a 2xx of ours has no ACK yet.
func (m *Machine) waits(h In) bool {
	t := m.tx(h)
	return t != nil && t.waits
}

func (m *Machine) sendBye(n uint32, headers []Header) {
	c := m.calls.at(n)
	c.bye = false
	m.ask(n, Ask{}, "BYE", headers, "", nil)
}

// lose ends a call that the peer knows no more, with a BYE all the same.
func (m *Machine) lose(n uint32) {
	c := m.calls.at(n)
	if c.state != confirmed {
		return
	}
	c.state = ending
	m.refuseTheirs(c)
	m.sendBye(n, nil)
	m.tell(m.about(n, dialog.Ended).coded(dialog.EndedLost))
}

// refuseTheirs answers a re-INVITE that has no answer yet: 487, since the call ends.
func (m *Machine) refuseTheirs(c *call) { m.respondHeld(c.theirs, 487, "", nil) }
