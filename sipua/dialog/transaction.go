package dialog

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// tx is one transaction of any of the four kinds (RFC 3261 17).
type tx struct {
	kind  txKind
	state txState
	key   string
	flow  Flow // server: where answers go; client: where the request goes
	from  Flow // server: by what the request came
	req   *sip.Request
	last  []byte // the newest answer, or the request
	gap   time.Duration
	epoch uint32 // of its timers

	call     *Call
	ask      *Ask
	mergeKey string

	// An INVITE's 2xx, repeated end to end until its ACK (13.3.1.4).
	ok      []byte
	okGap   time.Duration
	okEpoch uint32
	tag     string    // ours, in answers outside of dialogs
	authed  bool      // a challenge has been answered already
	ack     []byte    // client INVITE: to a final answer that is no 2xx
	acks    []sentACK // to 2xx, by the tag of whom it came from
}

type txKind uint8

const (
	inviteServer txKind = iota
	otherServer
	inviteClient
	otherClient
)

type txState uint8

const (
	trying     txState = iota // trying or calling
	proceeding                // a provisional answer was sent or came
	completed
	accepted     // RFC 6026: a 2xx to INVITE has been sent or has come
	acknowledged // "confirmed" in the RFC: the ACK to another final answer has come
	terminated
)

// Incoming is a request that waits for its answer.
type Incoming tx

// Flow is by what the request came.
func (in *Incoming) Flow() Flow { return in.from }

// Request is the request.
func (in *Incoming) Request() *sip.Request { return in.req }

const cookie = "z9hG4bK"

// serverKey tells the transaction of a request (17.2.3). The Call-ID is part of it
// too, since a branch is only as unique as its sender made it. Requests of RFC 2543
// have no branch to go by.
func serverKey(req *sip.Request) string {
	via, method := req.Via(), req.Method
	if method == sip.ACK {
		method = sip.INVITE
	}
	branch, _ := via.Params.Get("branch")
	if len(branch) > len(cookie) && strings.EqualFold(branch[:len(cookie)], cookie) {
		return join(branch, via.Host, strconv.Itoa(via.Port), string(method), req.CallID().Value())
	}
	return join("2543", via.Host, strconv.Itoa(via.Port), string(method), req.CallID().Value(),
		strconv.FormatUint(uint64(req.CSeq().SeqNo), 10), tag(req.From().Params), branch)
}

// inviteKey is the key of the INVITE that a CANCEL is about (9.2).
func inviteKey(cancel *sip.Request) string {
	r := *cancel
	r.Method = sip.INVITE
	return serverKey(&r)
}

func mergeKey(req *sip.Request) string {
	return join(tag(req.From().Params), req.CallID().Value(), strconv.FormatUint(uint64(req.CSeq().SeqNo), 10), string(req.Method))
}

func clientKey(branch string, method sip.RequestMethod) string { return join(branch, string(method)) }

func join(s ...string) string { return strings.Join(s, "\x00") }

func tag(p sip.HeaderParams) string {
	t, _ := p.Get("tag")
	return t
}

// to64 is how long a transaction goes on unanswered.
func (m *Machine) to64() time.Duration { return 64 * m.cfg.T1 }

// linger keeps a transaction for what may still come, or ends it at once if
// nothing can.
func (m *Machine) linger(t *tx, state txState, d time.Duration) {
	t.state = state
	t.epoch++
	if d <= 0 {
		m.remove(t)
		return
	}
	m.arm(timer{tx: t, kind: lingerTimer, epoch: t.epoch}, d)
}

func (m *Machine) remove(t *tx) {
	t.state = terminated
	t.epoch++
	switch t.kind {
	case inviteServer, otherServer:
		m.servers.drop(t.key, t)
		m.merged.drop(t.mergeKey, t)
	default:
		m.clients.drop(t.key, t)
	}
}

// repeat sends again what has not been answered or acknowledged.
func (m *Machine) repeat(t *tx) {
	m.mine(t)
	m.send(t.flow, t.last)
	t.gap *= 2
	switch {
	case t.kind == otherClient && t.state == proceeding:
		t.gap = m.cfg.T2
	case t.kind != inviteClient: // timer A alone has no cap
		t.gap = min(t.gap, m.cfg.T2)
	}
	m.arm(timer{tx: t, kind: repeatTimer, epoch: t.epoch}, t.gap)
}

// gaveUp: nobody has answered, or acknowledged a refusal.
func (m *Machine) gaveUp(t *tx) {
	m.remove(t)
	switch t.kind {
	case inviteClient:
		m.inviteFailed(t, 0, nil)
	case otherClient:
		m.replied(t, 0, nil)
	}
}

// unlessReliable is d where a message may come twice, and 0 where it cannot.
func (m *Machine) unlessReliable(f Flow, d time.Duration) time.Duration {
	if f.Reliable() {
		return 0
	}
	return d
}
