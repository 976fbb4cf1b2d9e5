package dialog

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
)

// Config is what a Machine must be told.
type Config struct {
	Times

	// Random returns 64 random bits: branches and tags are made of them, so they
	// must not be guessed. A test may hand in a counter.
	Random func() uint64

	// Route says where a request in a dialog goes whose next hop is hop, a proxy that has
	// recorded itself or else the peer, when the dialog's last message came by was. It
	// must not block.
	Route func(hop *sip.Uri, recorded bool, was Flow) Flow

	// SentBy is the host and port that our Via has on a flow.
	SentBy func(Flow) string

	// Credentials answers a challenge (401, 407) of a request in a dialog or of an
	// INVITE, with an Authorization or Proxy-Authorization header; nil: cannot. It
	// is asked once a request.
	Credentials func(call *Call, ask *Ask, req *sip.Request, res *sip.Response) sip.Header

	// Screen judges a request outside of dialogs before anything comes of it: who
	// sends it and what it asks (8.2.1, 8.2.2). 0 lets it pass; a status code is
	// answered; a code below 0 means silence. nil lets everything pass.
	Screen func(req *sip.Request, flow Flow) (code int, extra *Extra)

	Agent string // what Server and User-Agent say; "": nothing
	Allow string // methods; "": the Machine's own
	// Departures asks for the fact Departed, for drivers that want to know how BYEs fare.
	Departures bool

	Limit int // transactions at once; at the limit new requests are left unanswered. 0: 100,000
}

// DefaultAllow is the methods that a Machine knows how to treat.
const DefaultAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REFER, NOTIFY"

// Machine is all transactions and dialogs of one driver. It is not safe for
// concurrent use.
type Machine struct {
	cfg    Config
	now    realcore.Instant
	out    []Out
	timers timers
	seq    uint64

	servers table[*tx]
	clients table[*tx]
	merged  table[*tx] // by From tag, Call-ID and CSeq: what a request that came by another way is known by
	calls   table[*Call]

	Dropped int64   // messages that belonged to nothing, or came at the limit
	Repeats Repeats // of all calls and other requests
}

// Repeats is how often messages were sent again: by us, for want of an answer or an ACK, and
// by the peer.
type Repeats struct{ Mine, Theirs int64 }

func (m *Machine) mine(t *tx) {
	m.Repeats.Mine++
	if t.call != nil {
		t.call.repeats.Mine++
	}
}

func (m *Machine) theirs(t *tx) {
	m.Repeats.Theirs++
	if t.call != nil {
		t.call.repeats.Theirs++
	}
}

// New returns a Machine without calls.
func New(cfg Config) *Machine {
	cfg.Times = cfg.Times.orRFC()
	if cfg.Allow == "" {
		cfg.Allow = DefaultAllow
	}
	if cfg.Limit == 0 {
		cfg.Limit = 100_000
	}
	return &Machine{cfg: cfg}
}

// begin starts a call of the Machine: what it returned before is void.
func (m *Machine) begin(now realcore.Instant) {
	if now < m.now {
		panic("dialog: time goes back")
	}
	m.now, m.out = now, m.out[:0]
}

// Calls returns the number of calls that are not over.
func (m *Machine) Calls() int { return len(m.calls.m) }

// Transactions returns how many are going on.
func (m *Machine) Transactions() int { return len(m.servers.m) + len(m.clients.m) }

// Receive takes a message that came by a flow. The result is good until the next
// call of the Machine.
func (m *Machine) Receive(now realcore.Instant, msg sip.Message, flow Flow) []Out {
	m.begin(now)
	switch msg := msg.(type) {
	case *sip.Request:
		if complete(msg) {
			m.request(msg, flow)
		} else {
			m.Dropped++
		}
	case *sip.Response:
		if complete(msg) {
			m.response(msg, flow)
		} else {
			m.Dropped++
		}
	}
	return m.out
}

// complete reports whether a message has what every message must (8.1.1); the
// guards have seen to it that it does.
func complete(msg sip.Message) bool {
	return msg.Via() != nil && msg.From() != nil && msg.To() != nil && msg.CallID() != nil && msg.CSeq() != nil
}

func (m *Machine) request(req *sip.Request, flow Flow) {
	reply := stamp(req, flow)
	key := serverKey(req)
	if req.Method == sip.ACK {
		m.ack(req, key)
		return
	}
	if t := m.servers.m[key]; t != nil {
		m.again(t)
		return
	}
	if m.Transactions() >= m.cfg.Limit {
		m.Dropped++
		return
	}
	t := m.serve(req, key, reply, flow)
	switch {
	case req.Method == sip.CANCEL:
		m.cancelled(t)
	case tag(req.To().Params) != "":
		m.inside(t)
	case m.screened(t), m.isMerged(t):
	case req.Method == sip.INVITE:
		m.invited(t)
	default:
		m.tell(Out{Fact: Requested, In: (*Incoming)(t), Req: req})
	}
}

// stamp writes into the top Via where the request came from (RFC 3261 18.2.1, RFC
// 3581 4) and returns where its answers go (18.2.2): to the address it came from,
// whatever it says, at the port it came from if it asks for that, or else at the
// one it names. Broadcast and multicast addresses (maddr) are never answered to.
func stamp(req *sip.Request, flow Flow) Flow {
	via := req.Via()
	via.Params = removed(via.Params, "received")
	addr := flow.Remote.Addr().Unmap()
	_, rport := via.Params.Get("rport")
	if rport {
		via.Params = removed(via.Params, "rport")
		via.Params = append(via.Params, sip.HeaderKV{K: "rport", V: strconv.Itoa(int(flow.Remote.Port()))})
	}
	host, err := netip.ParseAddr(strings.Trim(via.Host, "[]"))
	if rport || err != nil || host.Unmap() != addr {
		via.Params = append(via.Params, sip.HeaderKV{K: "received", V: addr.String()})
	}
	if flow.Transport == UDP && !rport {
		port := via.Port
		if port <= 0 || port > 65535 {
			port = 5060
		}
		flow.Remote = netip.AddrPortFrom(flow.Remote.Addr(), uint16(port))
	}
	return flow
}

func removed(p sip.HeaderParams, key string) sip.HeaderParams {
	out := p[:0:0]
	for _, kv := range p {
		if !strings.EqualFold(kv.K, key) {
			out = append(out, kv)
		}
	}
	return out
}

// Knows reports whether a request belongs to something that is there: it has come before,
// or is of a dialog, or cancels an INVITE.
func (m *Machine) Knows(req *sip.Request) bool {
	if !complete(req) {
		return false
	}
	return m.servers.m[serverKey(req)] != nil || tag(req.To().Params) != "" && m.callOf(req) != nil || m.servers.m[inviteKey(req)] != nil
}

// screened answers what the driver does not want, or forgets it.
func (m *Machine) screened(t *tx) bool {
	if m.cfg.Screen == nil {
		return false
	}
	code, extra := m.cfg.Screen(t.req, t.from)
	switch {
	case code > 0:
		m.respond(t, code, "", extra)
	case code < 0:
		m.remove(t)
		m.Dropped++
	}
	return code != 0
}

// Stateless writes an answer to a request that nothing is kept of, and says where it
// goes: for overload, when keeping anything is what there is too much of.
func (m *Machine) Stateless(req *sip.Request, flow Flow, code int, extra *Extra) ([]byte, Flow) {
	t := &tx{req: req, tag: "none"}
	reply := stamp(req, flow)
	return m.answer(t, code, "", extra), reply
}

// isMerged answers a request that has come another way before (8.2.2.2).
func (m *Machine) isMerged(t *tx) bool {
	k := mergeKey(t.req)
	if other := m.merged.m[k]; other != nil && other != t {
		m.respond(t, 482, "", nil)
		return true
	}
	t.mergeKey = k
	m.merged.put(k, t)
	return false
}
