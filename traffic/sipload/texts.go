package sipload

import (
	"net/netip"
	"strconv"
	"strings"

	"callwright/sipua/dialog"
)

// texts are the pieces of requests that are the same for many calls, and the room in which
// the others are put together: a call's INVITE costs no memory of its own.
type texts struct {
	uris map[string]uriText // by number
	sdp  [][]byte           // by socket, of calls without sound
	hops map[string]netip.AddrPort

	registrar []byte

	from, contact, callID []byte
}

// uriText is whom to call, as a request has it.
type uriText struct{ uri, to []byte }

// number returns the texts of a number; "" is the target's own user.
func (t *texts) number(r *Run, n string) uriText {
	if x, ok := t.uris[n]; ok {
		return x
	}
	u := r.target
	if n != "" {
		u.User = n
	}
	if t.uris == nil {
		t.uris = map[string]uriText{}
	}
	x := uriText{[]byte(u.String()), []byte("<" + u.String() + ">")}
	t.uris[n] = x
	return x
}

// caller appends the user part of who calls.
func (r *Run) appendUser(b []byte, c *call) []byte {
	if a := r.accountOf(c); a != nil {
		return append(b, a.User...)
	}
	head, tail, numbered := strings.Cut(r.cfg.From, "{n}")
	b = append(b, head...)
	if numbered {
		b = strconv.AppendUint(b, c.a.Number, 10)
	}
	return append(b, tail...)
}

// domainOf is the domain of who calls: his account's, or the target's.
func (r *Run) domainOf(c *call) string {
	if a := r.accountOf(c); a != nil && a.Domain != "" {
		return a.Domain
	}
	return r.target.Host
}

// fromOf is From's name-addr, good until the next.
func (r *Run) fromOf(c *call) []byte {
	b := append(r.texts.from[:0], "<sip:"...)
	b = append(r.appendUser(b, c), '@')
	b = append(append(b, r.domainOf(c)...), '>')
	r.texts.from = b
	return b
}

// contactOf is our Contact, good until the next.
func (r *Run) contactOf(user func([]byte) []byte, flow dialog.Flow) []byte {
	b := append(r.texts.contact[:0], "<sip:"...)
	b = append(user(b), '@')
	b = append(b, r.sentBy(flow)...)
	if flow.Transport == dialog.TCP {
		b = append(b, ";transport=tcp"...)
	}
	b = append(b, '>')
	r.texts.contact = b
	return b
}

// callIDOf is a call's Call-ID, good until the next: it begins with the call's number, so
// that its messages are found in a capture.
func (r *Run) callIDOf(c *call) []byte {
	b := r.texts.callID[:0]
	if c.registers {
		b = append(b, 'r')
	}
	b = strconv.AppendUint(b, c.a.Number, 10)
	b = append(append(b, '-'), r.id...)
	b = append(b, '@')
	b = r.socks[c.flow.Listener].addr.Addr().AppendTo(b)
	r.texts.callID = b
	return b
}

// plainSDP is the offer of calls that have no sound: one for each socket.
func (r *Run) plainSDP(c *call) []byte {
	for len(r.texts.sdp) <= c.flow.Listener {
		r.texts.sdp = append(r.texts.sdp, nil)
	}
	if b := r.texts.sdp[c.flow.Listener]; b != nil {
		return b
	}
	b := dialog.NewSession(r.random()>>1).Offer(r.local(c), dialog.SendRecv)
	r.texts.sdp[c.flow.Listener] = b
	return b
}
