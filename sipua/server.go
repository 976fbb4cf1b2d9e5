package sipua

import (
	"context"
	crand "crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/media"
	"callwright/realcore"
	"callwright/realcore/live"
	"callwright/sipua/dialog"
)

// Server is the SIP door. New makes it, a live.Host gets it as one of its doors, Run
// sets it going.
type Server struct {
	cfg   Config
	host  *live.Host
	media *media.Engine
	m     *dialog.Machine
	began time.Time
	ctx   context.Context

	// Of the loop alone.
	bindings  map[string][]*binding // by user
	byUser    map[string]*Account
	byExt     map[string]*Account
	ofAgent   map[realcore.AgentID]*Account
	present   map[realcore.AgentID]bool
	away      map[realcore.AgentID]awayFor
	legs      map[*leg]bool
	straights map[*contact]bool // calls that the centre does not know
	closing   bool              // no new calls
	unsaved   bool              // bindings have changed since
	savedAt   time.Time         // they were written
	digests   *digests
	contacts  map[realcore.Key]*contact
	most      int // there were at once
	offers    map[realcore.Ref]*ringing
	trunks    []trunkState
	unposted  []realcore.Event // refused by a full host: posted again
	sender    who              // of the request that has just been screened
	dialled   map[string][]time.Time
	lasts     map[realcore.AgentID]realcore.Ref // whose wrap-up an agent may be in
	orphans   *orphans

	// Shared.
	boxMu     sync.Mutex
	box       []func()
	wake      chan struct{}
	readers   sync.WaitGroup
	udp       map[int]*net.UDPConn
	tcp       map[int]*net.TCPListener
	addrs     []netip.AddrPort
	streamsMu sync.Mutex
	streams   map[uint64]*stream
	nextConn  atomic.Uint64
	clientTLS *tls.Config
	admit     *admission
	counts    counts
	figures   presentNow
	callers   sync.Map // key to number, of contacts that are here
}

// counts are what the loop and the readers have seen.
type counts struct {
	unread, unsent, overrun, scanners, limited, challenged, turnedAway, cut, overload atomic.Int64
}

// boxRoom is how many messages may wait for the loop; effects and timers always may.
const boxRoom = 8192

// overloadedAt is how many must wait for new calls to be refused (503) before anything
// is kept of them.
const overloadedAt = boxRoom / 4

// New opens the listeners. The Server answers once Run is called.
func New(cfg Config, engine *media.Engine) (*Server, error) {
	cfg.orDefaults()
	s := &Server{cfg: cfg, media: engine, began: time.Now(), ctx: context.Background(),
		bindings: map[string][]*binding{}, byUser: map[string]*Account{}, byExt: map[string]*Account{}, ofAgent: map[realcore.AgentID]*Account{},
		present: map[realcore.AgentID]bool{}, away: map[realcore.AgentID]awayFor{}, legs: map[*leg]bool{}, straights: map[*contact]bool{}, digests: newDigests(random), contacts: map[realcore.Key]*contact{}, offers: map[realcore.Ref]*ringing{},
		trunks: make([]trunkState, len(cfg.Trunks)), dialled: map[string][]time.Time{}, lasts: map[realcore.AgentID]realcore.Ref{}, wake: make(chan struct{}, 1),
		udp: map[int]*net.UDPConn{}, tcp: map[int]*net.TCPListener{}, streams: map[uint64]*stream{}, admit: newAdmission(cfg.Admission),
		clientTLS: &tls.Config{MinVersion: tls.VersionTLS12}}
	for i := range s.cfg.Accounts {
		a := &s.cfg.Accounts[i]
		s.byUser[a.User], s.byExt[a.Extension] = a, a
		if a.Agent != realcore.None {
			s.ofAgent[a.Agent] = a
		}
	}
	s.m = dialog.New(dialog.Config{Times: cfg.Times, Random: random, Route: s.route, SentBy: s.sentBy, Credentials: s.credentials,
		Screen: s.screen, Limit: transactions, Agent: cfg.Name, Allow: allow})
	if err := s.loadBindings(); err != nil {
		return nil, err
	}
	var err error
	if s.orphans, err = readOrphans(cfg.Dialogs); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		s.closeSockets()
		return nil, fmt.Errorf("sip: %w", err)
	}
	return s, nil
}

func random() uint64 {
	var b [8]byte
	_, _ = crand.Read(b[:]) // it does not fail (crypto/rand)
	return binary.LittleEndian.Uint64(b[:])
}

// Addrs returns the addresses listened at, in the order of Config.Listeners.
func (s *Server) Addrs() []netip.AddrPort { return slices.Clone(s.addrs) }

// Attach tells the server whose door it is, before Run.
func (s *Server) Attach(h *live.Host) { s.host = h }

// Run answers until ctx ends; then calls get BYE, and it returns when the sockets are
// closed and their goroutines have ended.
func (s *Server) Run(ctx context.Context) error {
	s.ctx = ctx
	if err := s.orphans.begin(); err != nil {
		s.closeSockets()
		return fmt.Errorf("sip: %w", err)
	}
	defer s.orphans.end()
	for i, c := range s.udp {
		s.readers.Add(1)
		go s.readUDP(i, c)
	}
	for i, ln := range s.tcp {
		s.readers.Add(1)
		go s.acceptStreams(i, ln)
	}
	for _, d := range s.orphans.left {
		s.run(s.m.Orphan(s.now(), d))
	}
	later := time.AfterFunc(orphanTime, func() { s.do(false, s.orphans.forget) })
	defer later.Stop()
	s.beginPhones()
	s.beginTrunks()
	s.loop(ctx)
	s.hangUpAll()
	s.finish()
	s.saveBindings()
	s.closeSockets()
	done := make(chan struct{})
	go func() { s.readers.Wait(); close(done) }()
	for { // readers that end leave word for the loop
		s.empty()
		select {
		case <-done:
			return nil
		case <-s.wake:
		}
	}
}

func (s *Server) loop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		s.empty()
		s.run(s.m.Expire(s.now()))
		s.repost()
		d := time.Hour
		if at, ok := s.m.Deadline(); ok {
			d = max(0, time.Duration(at-s.now()))
		}
		if len(s.unposted) > 0 {
			d = min(d, 10*time.Millisecond)
		}
		timer.Reset(d)
		select {
		case <-s.wake:
		case <-timer.C:
		case <-tick.C:
			s.leaveFigures()
			if s.unsaved {
				s.saveBindings()
			}
			s.askPhones()
			s.probeLegs()
			s.forgetDialled()
			s.renewTrunks()
		case <-ctx.Done():
			return
		}
	}
}

// do leaves work for the loop. What may be refused is, when too much waits.
func (s *Server) do(refusable bool, f func()) bool {
	s.boxMu.Lock()
	if refusable && len(s.box) >= boxRoom {
		s.boxMu.Unlock()
		return false
	}
	s.box = append(s.box, f)
	s.boxMu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return true
}

func (s *Server) waiting() int {
	s.boxMu.Lock()
	defer s.boxMu.Unlock()
	return len(s.box)
}

// empty does what has been left.
func (s *Server) empty() {
	for {
		s.boxMu.Lock()
		box := s.box
		s.box = nil
		s.boxMu.Unlock()
		if len(box) == 0 {
			return
		}
		for _, f := range box {
			f()
		}
	}
}

// receive takes a message that the guard let through: who is no one's friend, or sends
// too much, is not heard; and when too much waits, new calls are refused unseen.
func (s *Server) receive(msg sip.Message, flow dialog.Flow) {
	req, ok := msg.(*sip.Request)
	if !ok {
		s.run(s.m.Receive(s.now(), msg, flow))
		return
	}
	if isScanner(req) {
		s.counts.scanners.Add(1)
		return
	}
	trunk := s.trunkAt(flow.Remote.Addr()) >= 0
	if !s.m.Knows(req) {
		if !s.admit.allow(flow.Remote.Addr(), trunk) {
			s.counts.limited.Add(1)
			return
		}
		if s.unknown(req, flow, trunk) {
			return
		}
	}
	if req.Method == sip.INVITE && !hasTag(req.To()) && s.waiting() > overloadedAt {
		s.counts.overload.Add(1)
		b, to := s.m.Stateless(req, flow, 503, comeAgain(503))
		s.write(to, b)
		return
	}
	s.run(s.m.Receive(s.now(), msg, flow))
}

// unknown deals with requests that belong to nothing, without keeping anything of them:
// those that should belong to a call, and strangers' when much is kept already.
func (s *Server) unknown(req *sip.Request, flow dialog.Flow, trunk bool) bool {
	code, extra := 0, (*dialog.Extra)(nil)
	switch {
	case req.Method == sip.ACK:
		return true
	case hasTag(req.To()), req.Method == sip.CANCEL:
		code = 481
	case !trunk && s.m.Transactions() > transactions*3/4:
		s.counts.overload.Add(1)
		code, extra = 503, comeAgain(503)
	default:
		return false
	}
	b, to := s.m.Stateless(req, flow, code, extra)
	s.write(to, b)
	return true
}

// transactions is how many the dialogs may have; strangers get three quarters.
const transactions = 100_000

func hasTag(to *sip.ToHeader) bool {
	if to == nil {
		return false
	}
	t, _ := to.Params.Get("tag")
	return t != ""
}

// run sends what is to be sent and deals with what has become true.
func (s *Server) run(out []dialog.Out) {
	for _, o := range slices.Clone(out) { // dealing with a fact makes the machine write its own again
		if o.Send != nil {
			s.write(o.Flow, o.Send)
		} else {
			s.fact(&o)
		}
	}
}

func (s *Server) respond(in *dialog.Incoming, code int, extra *dialog.Extra) {
	s.run(s.m.Respond(s.now(), in, code, "", extra))
}

// post has an event stepped by the centre. One about a call in progress that a full
// host refuses is kept.
func (s *Server) post(ev realcore.Event) {
	if len(s.unposted) > 0 || s.host.Post(ev) == live.ErrBusy {
		s.unposted = append(s.unposted, ev)
	}
}

func (s *Server) repost() {
	for len(s.unposted) > 0 {
		if s.host.Post(s.unposted[0]) == live.ErrBusy {
			return
		}
		s.unposted = s.unposted[1:]
	}
	s.unposted = nil
}

func (s *Server) closeSockets() {
	for _, c := range s.udp {
		c.Close()
	}
	for _, c := range s.tcp {
		c.Close()
	}
	s.streamsMu.Lock()
	for _, st := range s.streams {
		st.conn.Close()
	}
	s.streamsMu.Unlock()
}

// hangUpAll ends every call: the centre is going away.
func (s *Server) hangUpAll() {
	s.closing = true
	for l := range s.legs {
		s.endLeg(l)
	}
}

// finish goes on until all BYEs and CANCELs have been answered, or for as long as people
// wait for a program to end.
func (s *Server) finish() {
	deadline := time.Now().Add(s.cfg.Goodbye)
	for s.m.Calls() > 0 && time.Now().Before(deadline) {
		s.empty()
		s.run(s.m.Expire(s.now()))
		select {
		case <-s.wake:
		case <-time.After(10 * time.Millisecond):
		}
	}
	time.Sleep(50 * time.Millisecond) // what streams' writers still have
}
