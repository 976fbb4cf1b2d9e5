package sipua_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"callwright/media"
	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
	"callwright/realcore/live"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// centre is a live centre on loopback: one queue, agents anna and ben with phones, and
// a trunk that is everybody at 127.0.0.8.
type centre struct {
	t      testing.TB
	server *sipua.Server
	host   *live.Host
	engine *media.Engine
	addr   netip.AddrPort
	done   chan struct{}
	stop   context.CancelFunc

	mu       sync.Mutex
	contacts []cdr.Contact
}

func (c *centre) Contact(r *cdr.Contact) {
	c.mu.Lock()
	c.contacts = append(c.contacts, *r)
	c.mu.Unlock()
}
func (c *centre) Visit(*cdr.Visit)    {}
func (c *centre) Leg(*cdr.Leg)        {}
func (c *centre) Span(*cdr.AgentSpan) {}

func onePlan() *realcore.Plan {
	return &realcore.Plan{
		Name:    "desk",
		Reasons: []string{"lunch", "training"},
		Epoch:   "2026-11-25T00:00:00Z",
		Zone:    "UTC",
		Limits:  realcore.Limits{MaxContacts: 1000},
		Entries: []realcore.Entry{{Name: "main", Trunk: realcore.None, Start: 0}, {Name: "menu", Trunk: realcore.None, Start: 1}},
		Nodes: []realcore.Node{{Name: "start", Kind: realcore.QueueNode, Queue: 0},
			{Name: "menu", Kind: realcore.MenuNode, Prompt: 0, Timeout: 5 * time.Second, Next: 2, Else: 2, Keys: []realcore.MenuKey{{Digit: '1', Next: 0}}},
			{Name: "end", Kind: realcore.DisconnectNode}},
		Prompts: []realcore.Prompt{{Name: "hello", Length: time.Second}},
		Queues:  []realcore.Queue{{Name: "calls", Calendar: realcore.None, Classes: []realcore.ClassID{0}}, {Name: "second", Calendar: realcore.None, Classes: []realcore.ClassID{1}}},
		Classes: []realcore.Class{{Name: "calls", Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 0, Weight: 1}}}}}},
			{Name: "second", Queue: 1, Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 1, Weight: 1}}}}}}},
		Groups: []realcore.Group{{Name: "a", Serves: []realcore.Serve{{Class: 0}}, RingTime: 3 * time.Second, Slots: [realcore.NumChannels]uint8{1}},
			{Name: "b", Serves: []realcore.Serve{{Class: 1}}, RingTime: 3 * time.Second, Slots: [realcore.NumChannels]uint8{1}}},
		Agents: []realcore.Agent{{Name: "anna", Group: 0}, {Name: "ben", Group: 1}},
	}
}

func md5ha1(user, secret string) map[string]string {
	x := md5.Sum([]byte(user + ":centre:" + secret))
	return map[string]string{"MD5": hex.EncodeToString(x[:])}
}

// slowDoor is another door of the centres that are opened while it is set.
var slowDoor live.Door

// inbox is how many events may wait in a centre: few in a slow one.
func inbox() int {
	if slowDoor != nil {
		return 200
	}
	return 0
}

func doors(s *sipua.Server) []live.Door {
	if slowDoor != nil {
		return []live.Door{s, slowDoor}
	}
	return []live.Door{s}
}

// newCentre opens one; change may change what it is told.
func newCentre(t *testing.T, change func(*sipua.Config)) *centre {
	t.Helper()
	return newCentreOf(t, onePlan(), change)
}

func newCentreOf(t *testing.T, plan *realcore.Plan, change func(*sipua.Config)) *centre {
	t.Helper()
	return newCentreAt(t, plan, "", change)
}

func newCentreRecorded(t *testing.T, dir string, change func(*sipua.Config)) *centre {
	t.Helper()
	return newCentreAt(t, onePlan(), dir, change)
}

func newCentreAt(t testing.TB, plan *realcore.Plan, tapes string, change func(*sipua.Config)) *centre {
	t.Helper()
	engine, err := media.New(media.Config{RecordDir: tapes, Bind: netip.MustParseAddr("127.0.0.1"), PortMin: 20000, PortMax: 28000})
	if err != nil {
		t.Fatal(err)
	}
	return newCentreWith(t, plan, engine, change)
}

func newCentreWith(t testing.TB, plan *realcore.Plan, engine *media.Engine, change func(*sipua.Config)) *centre {
	t.Helper()
	var err error
	cfg := sipua.Config{Goodbye: 100 * time.Millisecond, Realm: "centre", Name: "callwright", Codes: sipua.DefaultCodes,
		Listeners: []sipua.Listener{{Transport: dialog.UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}, {Transport: dialog.TCP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}},
		Accounts: []sipua.Account{{User: "anna", Extension: "201", Agent: 0, HA1: md5ha1("anna", "a1")}, {User: "ben", Extension: "202", Agent: 1, HA1: md5ha1("ben", "b2")},
			{User: "carl", Extension: "203", Agent: realcore.None, HA1: md5ha1("carl", "c3")}},
		Numbers: map[string]realcore.EntryID{"500": 0, "600": 1}, QueueNumbers: map[string]realcore.QueueID{"502": 1},
		Music: media.HoldMusic(), Queues: []string{"calls", "second"}, Prompts: []*media.Clip{media.Beep()},
		Trunks: []sipua.Trunk{{Name: "net", Sources: []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32")}, Trusted: true, Plan: realcore.None, Lines: 2,
			Numbers: map[string]realcore.EntryID{"500": 0, "600": 1}}}}
	if change != nil {
		change(&cfg)
	}
	c := &centre{t: t, engine: engine, done: make(chan struct{})}
	if c.server, err = sipua.New(cfg, engine); err != nil {
		t.Fatal(err)
	}
	c.addr = c.server.Addrs()[0]
	dir := t.TempDir()
	c.host, _, err = live.Open(live.Config{Plan: plan, Journal: filepath.Join(dir, "journal"), Records: filepath.Join(dir, "records"), Doors: doors(c.server), Sink: c, Queue: inbox()})
	if err != nil {
		t.Fatal(err)
	}
	c.server.Attach(c.host)
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); c.server.Run(ctx) }()
	go func() { defer both.Done(); c.host.Run(ctx) }()
	go func() { both.Wait(); close(c.done) }()
	t.Cleanup(c.close)
	return c
}

func (c *centre) close() {
	c.stop()
	select {
	case <-c.done:
	case <-time.After(10 * time.Second):
		c.t.Error("the centre does not end")
	}
	c.engine.Close()
}

// phone makes a phone at the centre.
func (c *centre) phone(name, secret string) *phone {
	return newPhone(c.t, name, secret, c.addr, c.engine)
}

// ended waits for the n-th contact to end, and returns it.
func (c *centre) ended(n int) cdr.Contact {
	c.t.Helper()
	for range 500 {
		c.mu.Lock()
		if len(c.contacts) >= n {
			r := c.contacts[n-1]
			c.mu.Unlock()
			return r
		}
		c.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Fatalf("no contact %d", n)
	return cdr.Contact{}
}

// A call comes in, an agent answers, both hear each other, the caller hangs up.
func TestACall(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	if code := anna.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	anna.dial("*11") // ready
	anna.want("answered")
	anna.want("ended")
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(300 * time.Millisecond)
	carl.bye()
	anna.want("ended")
	r := c.ended(1)
	if r.Outcome != realcore.Answered || r.Agent != 0 || r.Talk < 200*time.Millisecond || r.Talk > time.Second {
		t.Errorf("recorded as %+v", r)
	}
}

// ready registers a phone and makes its agent ready.
func (c *centre) ready(p *phone) {
	c.t.Helper()
	if code := p.register(3600); code != 200 {
		c.t.Fatalf("%s: register: %d", p.name, code)
	}
	p.dial("*11")
	p.want("answered")
	p.want("ended")
}

func TestRegister(t *testing.T) {
	c := newCentre(t, nil)
	if code := c.phone("anna", "wrong").register(60); code != 401 {
		t.Errorf("wrong password: %d", code)
	}
	if code := c.phone("nobody", "x").register(60); code != 401 {
		t.Errorf("unknown user: %d", code)
	}
	anna := c.phone("anna", "a1")
	for i, want := range []struct{ expires, code int }{{3600, 200}, {30, 423}, {0, 200}, {3600, 200}} {
		if code := anna.register(want.expires); code != want.code {
			t.Errorf("register %d: %d, want %d", i, code, want.code)
		}
	}
}

// A number that nobody has; a call without a password from nowhere.
func TestUnknownNumber(t *testing.T) {
	c := newCentre(t, nil)
	carl := c.phone("carl", "c3")
	carl.dial("999")
	if code := carl.code(); code != 404 {
		t.Errorf("unknown number: %d", code)
	}
	evil := c.phone("evil", "x")
	evil.dial("500")
	if code := evil.code(); code != 401 {
		t.Errorf("no account: %d", code)
	}
}

// Nobody is ready: the caller hears music, gives up, and is counted as abandoned.
func TestAbandoned(t *testing.T) {
	c := newCentre(t, nil)
	carl := c.phone("carl", "c3")
	carl.dial("500")
	carl.want("answered")
	time.Sleep(200 * time.Millisecond)
	carl.bye()
	if r := c.ended(1); r.Outcome != realcore.Abandoned || r.Wait < 150*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
}

// The agent's phone rings out: the offer is withdrawn after the ring time, the agent is
// not ready, the caller keeps his place and hears music; ready again, the agent gets him.
func TestNoAnswer(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	anna.want("cancelled")
	carl.want("answered")
	anna.dial("*11")
	anna.want("answered")
	anna.want("invited") // while the code's call is still up
	anna.want("ended")
	carl.bye()
	anna.want("cancelled")
	if r := c.ended(1); r.Outcome != realcore.Abandoned || r.Visits != 1 {
		t.Errorf("recorded as %+v", r)
	}
}

// The agent declines: he is not ready, and the caller waits.
func TestDeclined(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(486)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	carl.bye()
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
}

// The caller gives up while the agent's phone rings: it stops ringing.
func TestCancelled(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.cancel()
	anna.want("cancelled")
	if code := carl.code(); code != 487 {
		t.Errorf("the caller gets %d", code)
	}
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
}

// Menu: the prompt is heard, a key leads to the queue; no key leads out.
func TestMenu(t *testing.T) {
	c := newCentre(t, nil)
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("600")
	carl.want("answered")
	time.Sleep(300 * time.Millisecond)
	carl.do(func() []dialog.Out { carl.audio.Digits("1"); return nil })
	anna.want("invited")
	time.Sleep(200 * time.Millisecond)
	anna.bye() // the agent hangs up: so is the caller
	carl.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Agent != 0 {
		t.Errorf("recorded as %+v", r)
	}
	carl.dial("600")
	carl.want("answered")
	carl.want("ended") // 5 s without a key
	if r := c.ended(2); r.Outcome != realcore.Contained {
		t.Errorf("recorded as %+v", r)
	}
}

// The agent puts the caller on hold and takes him back, then hands him on to another
// queue, whose agent gets him.
func TestHoldAndTransfer(t *testing.T) {
	c := newCentre(t, nil)
	anna, ben, carl := c.phone("anna", "a1"), c.phone("ben", "b2"), c.phone("carl", "c3")
	anna.auto.Store(200)
	ben.auto.Store(200)
	c.ready(anna)
	c.ready(ben)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(100 * time.Millisecond)
	anna.hold(dialog.SendOnly)
	time.Sleep(300 * time.Millisecond)
	anna.hold(dialog.SendRecv)
	time.Sleep(200 * time.Millisecond)
	anna.refer("502")
	anna.want("inside NOTIFY SIP/2.0 100 Trying")
	anna.want("inside NOTIFY SIP/2.0 200 OK")
	anna.want("ended")
	ben.want("invited")
	time.Sleep(200 * time.Millisecond)
	carl.bye()
	ben.want("ended")
	r := c.ended(1)
	if r.Outcome != realcore.Answered || r.Legs != 2 || r.Visits != 2 || r.Hold < 200*time.Millisecond || r.Hold > 600*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
}

// A phone that is gone is not offered, and not punished: its agent stays ready.
func TestLostPhone(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Keepalive = 100 * time.Millisecond
		cfg.Times = dialog.Times{T1: 20 * time.Millisecond}
	})
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	c.ready(anna)
	anna.conn.Close()
	for range 100 { // until it is missed
		time.Sleep(50 * time.Millisecond)
		if s, why := c.state(0); s == realcore.NotReady && why == realcore.ReasonDevice {
			break
		}
	}
	if s, why := c.state(0); s != realcore.NotReady || why != realcore.ReasonDevice {
		t.Fatalf("the agent is %v for %v", s, why)
	}
	back := c.phone("anna", "a1")
	back.auto.Store(200)
	back.seq = 100
	if code := back.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	carl.dial("500")
	back.want("invited")
	carl.want("answered")
	carl.bye()
	if r := c.ended(1); r.Outcome != realcore.Answered {
		t.Errorf("recorded as %+v", r)
	}
}

func (c *centre) state(a realcore.AgentID) (s realcore.AgentState, why realcore.Reason) {
	c.host.Do(context.Background(), func(_ realcore.Instant, k *center.Center) { s, why = k.Agent(a) })
	return s, why
}
