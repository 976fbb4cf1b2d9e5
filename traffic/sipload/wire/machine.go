package wire

import (
	"net/netip"

	"callwright/sipua/dialog"
)

// Config is what a Machine must be told.
type Config struct {
	dialog.Times // the zero value has the RFC's

	// Random returns 64 random bits: branches and tags are made of them, so they
	// must not be guessed. A test may hand in a counter.
	Random func() uint64

	// Seed is of the table of requests; a stranger who knows it can make the table slow.
	Seed [2]uint64

	// SentBy is the host and port that our Via has on a socket.
	SentBy func(local int) string

	// Route says where a request in a dialog goes whose next hop is hop, a proxy that has
	// recorded itself or else the peer, when the dialog's last message came by was. It
	// must not block. nil: always was.
	Route func(hop []byte, recorded bool, was Flow) Flow

	// Credentials answers a challenge (401, 407) with an Authorization or
	// Proxy-Authorization header; one without a name: cannot. It is asked once a request,
	// and must not keep the messages; data is the driver's, of the request or its call. nil:
	// cannot.
	Credentials func(data any, req, res *Message) Header

	// Screen judges a request outside of dialogs before anything comes of it. 0 lets it
	// pass; a status code is answered; a code below 0 means silence.
	Screen func(req *Message, flow Flow) (code int, extra *Extra)

	// Departures asks for the fact Departed, for drivers that want to know how BYEs fare.
	Departures bool

	Agent string // what Server and User-Agent say; "": nothing
	Allow string // methods; "": dialog.DefaultAllow
	Limit int    // transactions at once, those that linger for 32 s among them. At the limit new requests are left unanswered and new calls are not made. 0: 1,000,000
}

// Machine is all transactions and dialogs of one driver. It is not safe for
// concurrent use.
type Machine struct {
	cfg Config
	now Instant
	out []Out

	mem    memory
	txs    slab[tx]
	calls  slab[call]
	asks   slab[ask]
	table  table // of server transactions
	timers timers

	msg    Message  // what has come
	kept   Message  // a request that came earlier
	keptIs text     // which
	mine   Message  // a request of ours
	w      []byte   // what is being written
	hops   [][]byte // a route set
	set    []byte   // one as a call has it

	Dropped int64   // datagrams that were no message, belonged to nothing or came at the limit
	Repeats Repeats // of all calls, and of what belongs to none
}

// New returns a Machine without calls.
func New(cfg Config) *Machine {
	cfg.Times = orRFC(cfg.Times)
	if cfg.Allow == "" {
		cfg.Allow = dialog.DefaultAllow
	}
	if cfg.Limit == 0 {
		cfg.Limit = 1_000_000
	}
	return &Machine{cfg: cfg}
}

// begin starts a call of the Machine: what it returned before is void.
func (m *Machine) begin(now Instant) {
	if now < m.now {
		panic("wire: time goes back")
	}
	m.now, m.out = now, m.out[:0]
}

// Recycle says that everything in the Send of earlier Outs has been sent: its room may be
// used again. Without it the Machine grows.
func (m *Machine) Recycle() { m.mem.recycle() }

// Calls returns the number of calls that are not over.
func (m *Machine) Calls() int { return m.calls.live() }

// Transactions returns how many are going on or linger.
func (m *Machine) Transactions() int { return m.txs.live() }

// Receive takes a datagram that came by a flow. A folded header is unfolded in it.
func (m *Machine) Receive(now Instant, datagram []byte, flow Flow) []Out {
	m.begin(now)
	if flow.Remote.Addr().Is4In6() {
		flow.Remote = netip.AddrPortFrom(flow.Remote.Addr().Unmap(), flow.Remote.Port())
	}
	switch {
	case m.msg.Parse(datagram) != nil:
		m.Dropped++
	case m.msg.request:
		m.request(flow)
	case m.msg.vias == 1:
		m.response(flow)
	default: // it is not ours (8.1.3.3)
		m.Dropped++
	}
	return m.out
}

func (m *Machine) request(flow Flow) {
	msg := &m.msg
	k := m.serverKey(msg, msg.method)
	if msg.method == "ACK" {
		m.ack(k)
		return
	}
	if i, ok := m.table.get(k); ok {
		m.again(i)
		return
	}
	if m.Transactions() >= m.cfg.Limit {
		m.Dropped++
		return
	}
	i := m.serve(k, flow)
	switch {
	case msg.method == "CANCEL":
		m.cancelled(i)
	case len(msg.ToTag()) > 0:
		m.inside(i)
	case m.screened(i, flow):
	case msg.method == "INVITE":
		m.invited(i, flow)
	default:
		m.tell(Out{Fact: dialog.Requested, In: m.hold(i), Flow: flow}.with(msg))
	}
}

// screened answers what the driver does not want, or forgets it.
func (m *Machine) screened(i uint32, flow Flow) bool {
	if m.cfg.Screen == nil {
		return false
	}
	code, extra := m.cfg.Screen(&m.msg, flow)
	switch {
	case code > 0:
		m.respond(i, &m.msg, code, "", extra)
	case code < 0:
		m.remove(i)
		m.Dropped++
	}
	return code != 0
}
