package wire

import (
	"bytes"
	"net/netip"
	"time"
)

// tx is one transaction of any of the four kinds (RFC 3261 17), and what is left of it
// while it lingers.
type tx struct {
	gen, epoch, okEpoch uint32 // of handles, of its timer, of a 2xx that waits for its ACK; they only rise

	kind    txKind
	state   txState
	method  uint8 // 1 + index in methods; 0: another
	initial bool  // client: the INVITE that begins a call
	authed  bool  // client: a challenge has been answered
	acked   bool  // client: ack and ackTag are set
	waits   bool  // server: a 2xx waits for its ACK

	local  uint16
	port   uint16         // server: the one that the request came from
	code   uint16         // server: of the newest answer
	remote netip.AddrPort // server: where answers go; client: where the request goes

	keyA  uint64 // server: in the table; client: the branch's
	keyB  uint32
	seq   uint32
	began Instant
	gap   time.Duration

	// last is what is sent again: of a server the newest answer, or none if that can be
	// written anew from the request; of a client the request, then the ACK to a refusal, or
	// what the ACK to a 2xx needs and the 2xx does not have (see notes).
	last text
	more text // server: the request, until its final answer; client: the ACKs of forks

	tag      uint64 // server: our tag; client: the hash of the Call-ID
	tagCall  uint32 // server: 1 + the call whose tag it is; 0: of none
	ack      uint64 // client: the branch of the ACK to a 2xx
	ackTag   uint64 // and the hash of whose it was
	call     Call
	ask      Ask
	cancelTx In // client: the CANCEL
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

func (t *tx) flow() Flow { return Flow{int(t.local), t.remote} }

// came is by what a request came.
func (t *tx) came() Flow { return Flow{int(t.local), netip.AddrPortFrom(t.remote.Addr(), t.port)} }

func (t *tx) server() bool { return t.kind <= otherServer }

// newTx returns a transaction that begins now.
func (m *Machine) newTx(kind txKind, method string, flow Flow) (uint32, *tx) {
	i, t := m.txs.take()
	*t = tx{gen: max(1, t.gen), epoch: t.epoch, okEpoch: t.okEpoch, kind: kind, method: methodCode(method),
		local: uint16(flow.Local), remote: flow.Remote, began: m.now, gap: m.cfg.T1}
	return i, t
}

func methodCode(method string) uint8 {
	for i := range methods {
		if methods[i] == method {
			return uint8(i + 1)
		}
	}
	return 0
}

// tx returns the transaction of a handle, or nil.
func (m *Machine) tx(h In) *tx {
	if h.gen == 0 || h.n >= m.txs.used {
		return nil
	}
	if t := m.txs.at(h.n); t.gen == h.gen && t.state != terminated {
		return t
	}
	return nil
}

const cookie = "z9hG4bK"

// serverKey tells the transaction of a request (17.2.3). The Call-ID is part of it
// too, since a branch is only as unique as its sender made it. Requests of RFC 2543
// have no branch to go by.
func (m *Machine) serverKey(msg *Message, method string) key {
	if method == "ACK" {
		method = "INVITE"
	}
	h := hash{m.cfg.Seed[0], m.cfg.Seed[1]}
	branch := msg.Branch()
	h.bytes(branch)
	h.bytes(msg.of(msg.via.host))
	h.word(uint64(msg.via.port)<<32 | uint64(methodCode(method)))
	if methodCode(method) == 0 {
		h.bytes(msg.b[:len(method)]) // it begins the request
	}
	h.bytes(msg.CallID())
	if len(branch) <= len(cookie) || !bytes.EqualFold(branch[:len(cookie)], []byte(cookie)) {
		h.word(uint64(msg.seq))
		h.bytes(msg.FromTag())
	}
	return h.key()
}

// sum is a hash of one text, for comparing without keeping it.
func (m *Machine) sum(b []byte) uint64 {
	h := hash{m.cfg.Seed[1], m.cfg.Seed[0]}
	h.bytes(b)
	return h.key().a
}

// to64 is how long a transaction goes on unanswered.
func (m *Machine) to64() time.Duration { return 64 * m.cfg.T1 }

// linger keeps a transaction for what may still come.
func (m *Machine) linger(i uint32, state txState, d time.Duration) {
	t := m.txs.at(i)
	t.state = state
	t.epoch++
	m.arm(txTimer, i, t.epoch, d)
}

// remove forgets a transaction. Its record may be another's at the next one that begins.
func (m *Machine) remove(i uint32) {
	t := m.txs.at(i)
	if t.server() {
		m.table.drop(key{t.keyA, t.keyB}, i)
	}
	t.state = terminated
	t.gen++
	t.epoch++
	t.okEpoch++
	m.mem.drop(&t.last)
	m.mem.drop(&t.more)
	m.txs.give(i)
}

// due: the one timer of a transaction has come, which is of its state.
func (m *Machine) due(i uint32) {
	t := m.txs.at(i)
	switch {
	case t.kind == inviteServer && t.state == accepted: // L
		waits, call := t.waits, t.call
		m.remove(i)
		if waits {
			m.unacknowledged(call)
		}
	case t.state >= completed && !(t.kind == inviteServer && t.state == completed):
		m.remove(i) // D, I, J, K, M
	case m.now >= t.began.Add(m.to64()):
		m.gaveUp(i) // B, F, H
	default:
		m.repeat(i) // A, E, G
	}
}

// await arms the timer of a transaction that repeats itself or gives up.
func (m *Machine) await(i uint32) {
	t := m.txs.at(i)
	m.arm(txTimer, i, t.epoch, min(t.gap, time.Duration(t.began.Add(m.to64())-m.now)))
}

// repeat sends again what has not been answered or acknowledged.
func (m *Machine) repeat(i uint32) {
	t := m.txs.at(i)
	m.sendKept(t.flow(), t.last)
	m.countMine(t.call)
	t.gap *= 2
	switch {
	case t.kind == otherClient && t.state == proceeding:
		t.gap = m.cfg.T2
	case t.kind != inviteClient: // timer A alone has no cap
		t.gap = min(t.gap, m.cfg.T2)
	}
	m.await(i)
}

// gaveUp: nobody has answered, or acknowledged a refusal.
func (m *Machine) gaveUp(i uint32) {
	was, self := *m.txs.at(i), In{i, m.txs.at(i).gen}
	m.remove(i)
	switch was.kind {
	case inviteClient:
		m.inviteFailed(&was, self, 0, nil)
	case otherClient:
		m.replied(&was, 0, nil)
	}
}

func (m *Machine) countMine(h Call) {
	m.Repeats.Mine++
	if c := m.call(h); c != nil {
		c.mine++
	}
}

func (m *Machine) countTheirs(h Call) {
	m.Repeats.Theirs++
	if c := m.call(h); c != nil {
		c.heardAgain++
	}
}
