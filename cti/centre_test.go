package cti

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"callwright/realcore"
	"callwright/realcore/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onePlan has two queues, a group for each, wrap-up, and reasons of its own.
func onePlan() *realcore.Plan {
	slots := [realcore.NumChannels]uint8{1}
	return &realcore.Plan{
		Name: "desk", Epoch: "2026-11-25T00:00:00Z", Zone: "UTC",
		Limits:  realcore.Limits{MaxContacts: 1000},
		Entries: []realcore.Entry{{Name: "main", Trunk: realcore.None, Start: 0}, {Name: "tech", Trunk: realcore.None, Start: 1}},
		Nodes:   []realcore.Node{{Name: "sales", Kind: realcore.QueueNode, Queue: 0}, {Name: "support", Kind: realcore.QueueNode, Queue: 1}},
		Queues:  []realcore.Queue{{Name: "sales", Calendar: realcore.None, Classes: []realcore.ClassID{0}}, {Name: "support", Calendar: realcore.None, Classes: []realcore.ClassID{1}}},
		Classes: []realcore.Class{{Name: "sales", Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 0, Weight: 1}}}}}},
			{Name: "support", Queue: 1, Pools: []realcore.Pool{{Ranks: [][]realcore.Share{{{Group: 1, Weight: 1}}}}}}},
		Groups: []realcore.Group{{Name: "a", Serves: []realcore.Serve{{Class: 0}}, RingTime: 20 * time.Second, WrapUp: true, Slots: slots},
			{Name: "b", Serves: []realcore.Serve{{Class: 1}}, RingTime: 20 * time.Second, WrapUp: true, Slots: slots}},
		Agents:  []realcore.Agent{{Name: "sales-1", Group: 0}, {Name: "support-1", Group: 1}, {Name: "sales-2", Group: 0}},
		Reasons: []string{"lunch", "training"},
	}
}

// phones is a SIP door of the mind: it knows callers' numbers, and answers when told.
type phones struct {
	mu      sync.Mutex
	host    *live.Host
	numbers map[realcore.Key]string
	paused  map[realcore.Key]bool
	dialled []string
	offers  map[realcore.AgentID]realcore.Ref
	refs    map[realcore.Key]realcore.Ref
	offered func(agent realcore.AgentID) // told at once of each offer
}

func (p *phones) Carry(_ realcore.Instant, _ *realcore.Event, effects []realcore.Effect) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range effects {
		e := &effects[i]
		switch e.Kind {
		case realcore.Offer:
			p.offers[e.Agent] = e.Offer
			if p.offered != nil {
				p.offered(e.Agent)
			}
		case realcore.Accepted:
			p.refs[e.Key] = e.Contact
		}
	}
}

func (p *phones) Caller(key realcore.Key) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, ok := p.numbers[key]
	return n, ok
}

func (p *phones) PauseRecording(key realcore.Key, pause bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.numbers[key] == "untaped" {
		return errors.New("not recorded")
	}
	p.paused[key] = pause
	return nil
}

func (p *phones) Dial(agent realcore.AgentID, queue realcore.QueueID, number string) error {
	p.mu.Lock()
	p.dialled = append(p.dialled, number)
	p.mu.Unlock()
	if number == "0900" {
		return errors.New("premium rate")
	}
	key := p.host.Key()
	p.mu.Lock()
	p.numbers[key] = number
	p.mu.Unlock()
	return p.host.Post(realcore.Event{Kind: realcore.Dialled, Key: key, Queue: queue, Agent: agent})
}

// centre is a live centre with pages, on loopback.
type centre struct {
	t      testing.TB
	dir    string
	server *Server
	host   *live.Host
	phones *phones
	stop   func()
}

const token = "a-long-random-token"

func testConfig(dir string, p *phones) Config {
	is := func(want string) func(string) bool { return func(got string) bool { return got == want } }
	agent := Role{Name: "agent", May: []Right{MayState, MayCall, MayWallboard}}
	boss := Role{Name: "supervisor", May: []Right{MayState, MayCall, MayWallboard, MayAgents, MayRecordings, MayRecords}}
	return Config{Listen: netip.MustParseAddrPort("127.0.0.1:0"), Nobody: func(string) bool { return false }, Phones: p,
		People: []Person{{Name: "anna", Agent: "sales-1", Role: agent, Check: is("secret-a")}, {Name: "ben", Agent: "support-1", Role: agent, Check: is("secret-b")},
			{Name: "eva", Agent: "sales-2", Role: agent, Check: is("secret-e")},
			{Name: "sue", Role: boss, Check: is("secret-s")}, {Name: "wall", Role: Role{Name: "wall", May: []Right{MayWallboard}, Queues: []string{"support"}}, Check: is("secret-w")}},
		Tokens: []Token{{Name: "crm", SHA256: sha256.Sum256([]byte(token)), Role: boss},
			{Name: "old", SHA256: sha256.Sum256([]byte("old" + token)), Role: boss, Expires: time.Now().Add(-time.Hour)}},
		Notes: filepath.Join(dir, "notes.jsonl"), Audit: filepath.Join(dir, "audit.jsonl"),
		Recordings: fstest.MapFS{"0011.wav": {Data: []byte("RIFF....WAVE")}, "secret.txt": {Data: []byte("no")}}}
}

func newCentre(t testing.TB, change func(*Config)) *centre {
	t.Helper()
	return openCentre(t, t.TempDir(), change)
}

func openCentre(t testing.TB, dir string, change func(*Config)) *centre {
	t.Helper()
	return openCentreOf(t, dir, onePlan(), change)
}

func openCentreOf(t testing.TB, dir string, plan *realcore.Plan, change func(*Config)) *centre {
	t.Helper()
	p := &phones{numbers: map[realcore.Key]string{}, paused: map[realcore.Key]bool{}, offers: map[realcore.AgentID]realcore.Ref{}, refs: map[realcore.Key]realcore.Ref{}}
	cfg := testConfig(dir, p)
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.beat = 50 * time.Millisecond
	epoch := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	h, _, err := live.Open(live.Config{Plan: plan, Journal: filepath.Join(dir, "journal"), Records: filepath.Join(dir, "records"), Anchor: epoch, Doors: []live.Door{p, s}, Sink: s})
	if err != nil {
		t.Fatal(err)
	}
	p.host = h
	s.Attach(h)
	c := &centre{t: t, dir: dir, server: s, host: h, phones: p}
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Add(2)
	go func() {
		defer both.Done()
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	go func() { defer both.Done(); h.Run(ctx) }()
	var once sync.Once
	c.stop = func() {
		once.Do(func() {
			cancel()
			both.Wait()
		})
	}
	t.Cleanup(c.stop)
	return c
}

func (c *centre) url(path string) string { return "http://" + c.server.Addr().String() + path }

// call has somebody call, and returns the contact's key.
func (c *centre) call(number string, entry realcore.EntryID) realcore.Key {
	c.t.Helper()
	key := c.host.Key()
	c.phones.mu.Lock()
	c.phones.numbers[key] = number
	c.phones.mu.Unlock()
	if err := c.host.Post(realcore.Arrive(key, entry)); err != nil {
		c.t.Fatal(err)
	}
	return key
}

func (c *centre) post(ev realcore.Event) {
	c.t.Helper()
	told := make(chan error, 1)
	c.host.PostWith(ev, func(err error) { told <- err })
	if err := <-told; err != nil {
		c.t.Fatalf("%v: %v", ev.Kind, err)
	}
}

// answer has an agent pick up the phone that rings.
func (c *centre) answer(a realcore.AgentID) {
	c.t.Helper()
	c.phones.mu.Lock()
	o := c.phones.offers[a]
	c.phones.mu.Unlock()
	c.post(realcore.OfOffer(realcore.OfferAnswered, o))
}

func (c *centre) hangUp(key realcore.Key) {
	c.t.Helper()
	c.phones.mu.Lock()
	ref := c.phones.refs[key]
	c.phones.mu.Unlock()
	c.post(realcore.OfContact(realcore.HungUp, ref))
}

// browser is one of a person: it keeps cookies and names its origin.
type browser struct {
	c      *centre
	http   *http.Client
	origin string
	bearer string
}

func (c *centre) browser() *browser {
	jar, _ := cookiejar.New(nil)
	tr := &http.Transport{}
	c.t.Cleanup(tr.CloseIdleConnections)
	return &browser{c: c, http: &http.Client{Jar: jar, Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, origin: "http://" + c.server.Addr().String()}
}

func (c *centre) login(user, password string) *browser {
	c.t.Helper()
	b := c.browser()
	if code, body := b.do("POST", "/api/login", map[string]string{"user": user, "password": password}); code != 200 {
		c.t.Fatalf("login of %s: %d %s", user, code, body)
	}
	return b
}

func (c *centre) program() *browser {
	b := c.browser()
	b.origin, b.bearer = "", token
	return b
}

// do makes a request with a JSON body (nil: none) and returns what comes.
func (b *browser) do(method, path string, body any) (int, string) {
	b.c.t.Helper()
	r := b.send(method, path, body, nil)
	defer r.Body.Close()
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		b.c.t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

func (b *browser) send(method, path string, body any, change func(*http.Request)) *http.Response {
	b.c.t.Helper()
	var in io.Reader
	if body != nil {
		j, err := json.Marshal(body)
		if err != nil {
			b.c.t.Fatal(err)
		}
		in = bytes.NewReader(j)
	}
	r, err := http.NewRequest(method, b.c.url(path), in)
	if err != nil {
		b.c.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if b.origin != "" && method != "GET" {
		r.Header.Set("Origin", b.origin)
	}
	if b.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
	}
	if change != nil {
		change(r)
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.c.t.Fatal(err)
	}
	return resp
}

// want makes a request and asks for a status.
func (b *browser) want(code int, method, path string, body any) string {
	b.c.t.Helper()
	got, text := b.do(method, path, body)
	if got != code {
		b.c.t.Fatalf("%s %s: %d %s, want %d", method, path, got, text, code)
	}
	return text
}

func decode[T any](t testing.TB, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// board opens the wallboard's stream.
func (b *browser) board() *http.Response {
	b.c.t.Helper()
	r := b.send("GET", "/api/board/stream", nil, nil)
	if r.StatusCode != 200 {
		b.c.t.Fatalf("stream: %d", r.StatusCode)
	}
	b.c.t.Cleanup(func() { r.Body.Close() })
	return r
}

// page is an agent's open socket.
type page struct {
	t    testing.TB
	conn *websocket.Conn
}

func (b *browser) socket() *page {
	b.c.t.Helper()
	conn, _, err := websocket.Dial(context.Background(), b.c.url("/api/agents/me/socket"), &websocket.DialOptions{HTTPClient: b.http, HTTPHeader: http.Header{"Origin": {b.origin}}})
	if err != nil {
		b.c.t.Fatal(err)
	}
	b.c.t.Cleanup(func() { conn.CloseNow() })
	return &page{b.c.t, conn}
}

// next returns the next state that is shown.
func (p *page) next() deskView {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	_, b, err := p.conn.Read(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	return decode[deskView](p.t, string(b))
}

// until reads states until one is as wanted.
func (p *page) until(ok func(*deskView) bool) deskView {
	p.t.Helper()
	for {
		if v := p.next(); ok(&v) {
			return v
		}
	}
}

func at(stage string) func(*deskView) bool {
	return func(v *deskView) bool { return v.Call != nil && v.Call.Stage == stage }
}

func state(s string) func(*deskView) bool { return func(v *deskView) bool { return v.State == s } }
