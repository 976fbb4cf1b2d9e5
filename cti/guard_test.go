package cti

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// What is configured is judged, all at once.
func TestValidate(t *testing.T) {
	err := (&Config{Listen: netip.MustParseAddrPort("0.0.0.0:8080"), Lang: "fr", People: []Person{{Name: "a"}}, Queues: []Queue{{Name: "q", Rule: "sl_best"}}}).Validate()
	for _, want := range []string{"without TLS", "Phones is nil", `Lang is "fr"`, "People[0]", "Nobody is nil", `"sl_best"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in %v", want, err)
		}
	}
	cfg := testConfig(t.TempDir(), &phones{})
	cfg.Listen = netip.MustParseAddrPort("0.0.0.0:0")
	if cfg.Validate() == nil {
		t.Error("others may reach it without TLS")
	}
	cfg.Insecure = true
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}

// A cookie counts only from our own pages.
func TestOrigin(t *testing.T) {
	c := newCentre(t, nil)
	anna := c.login("anna", "secret-a")
	body := m{"state": "ready"}
	for _, x := range []struct {
		origin, site, kind string
		want               int
	}{
		{"", "", "application/json", 403},
		{"null", "", "application/json", 403},
		{"http://evil.example", "cross-site", "application/json", 403},
		{"http://evil.example", "", "application/json", 403},
		{"http://" + c.server.Addr().String() + ".evil.example", "", "application/json", 403},
		{"http://127.0.0.1:1", "", "application/json", 403}, // another port is another origin
		{anna.origin, "same-site", "application/json", 403},
		{anna.origin, "", "text/plain", 415}, // what a form could send
		{anna.origin, "", "application/x-www-form-urlencoded", 415},
		{anna.origin, "same-origin", "application/json", 200},
	} {
		r := anna.send("POST", "/api/agents/me/state", body, func(r *http.Request) {
			r.Header.Del("Origin")
			if x.origin != "" {
				r.Header.Set("Origin", x.origin)
			}
			if x.site != "" {
				r.Header.Set("Sec-Fetch-Site", x.site)
			}
			r.Header.Set("Content-Type", x.kind)
		})
		r.Body.Close()
		if r.StatusCode != x.want {
			t.Errorf("%+v: %d", x, r.StatusCode)
		}
		if x.want != 403 {
			continue
		}
		_, resp, err := websocket.Dial(context.Background(), c.url("/api/agents/me/socket"), &websocket.DialOptions{HTTPClient: anna.http,
			HTTPHeader: http.Header{"Origin": {x.origin}, "Sec-Fetch-Site": {x.site}}})
		if err == nil || resp == nil || resp.StatusCode != 403 {
			t.Errorf("a socket from %q: %v", x.origin, err)
		}
	}
	r := anna.send("GET", "/api/me", nil, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	r.Body.Close()
	if r.StatusCode != 403 {
		t.Errorf("read from elsewhere: %d", r.StatusCode)
	}
	// Nobody is logged in from elsewhere either.
	r = c.browser().send("POST", "/api/login", m{"user": "anna", "password": "secret-a"}, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") })
	r.Body.Close()
	if r.StatusCode != 403 || len(r.Cookies()) != 0 {
		t.Errorf("login from elsewhere: %d", r.StatusCode)
	}
}

// The cookie cannot be read by scripts nor sent from elsewhere, ends with the session, and
// cannot be guessed or made up.
func TestSession(t *testing.T) {
	c := newCentre(t, nil)
	b := c.browser()
	r := b.send("POST", "/api/login", m{"user": "anna", "password": "secret-a"}, nil)
	r.Body.Close()
	x := r.Cookies()[0]
	if !x.HttpOnly || x.SameSite != http.SameSiteStrictMode || len(x.Value) != 43 || x.Path != "/" {
		t.Errorf("cookie is %v", x)
	}
	page := b.socket()
	page.next()
	b.want(200, "POST", "/api/logout", m{})
	if _, _, err := page.conn.Read(context.Background()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("after logout the socket says %v", err)
	}
	for _, value := range []string{x.Value, "", strings.Repeat("A", 43), strings.Repeat("A", 10_000)} {
		r := c.browser().send("GET", "/api/me", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: x.Name, Value: value}) })
		r.Body.Close()
		if r.StatusCode != 401 {
			t.Errorf("cookie %.50q: %d", value, r.StatusCode)
		}
	}
	// Idle and old sessions end; too many of one person's push the oldest out.
	first := c.login("anna", "secret-a")
	for range sessionsMost {
		c.login("anna", "secret-a")
	}
	first.want(401, "GET", "/api/me", nil)
	last := c.login("anna", "secret-a")
	later := time.Now().Add(sessionIdle + time.Minute)
	for _, o := range c.server.sessions.all {
		if !o.over(later) {
			t.Error("idle for twelve hours and still there")
		}
	}
	c.server.sessions.sweep(later)
	last.want(401, "GET", "/api/me", nil)
}

// Who is refused does not learn who exists, and not often.
func TestLogin(t *testing.T) {
	asked := make(chan string, 10)
	c := newCentre(t, func(cfg *Config) {
		cfg.Nobody = func(p string) bool { asked <- p; return true } // even so
	})
	b := c.browser()
	wrong := b.want(401, "POST", "/api/login", m{"user": "anna", "password": "x"})
	unknown := b.want(401, "POST", "/api/login", m{"user": "nobody", "password": "x"})
	if wrong != unknown {
		t.Errorf("wrong password: %s, unknown user: %s", wrong, unknown)
	}
	if got := <-asked; got != "x" {
		t.Errorf("nobody's password was %q", got)
	}
	b.want(401, "POST", "/api/login", m{"user": "anna", "password": strings.Repeat("x", 300)})
	for _, user := range []string{"ben", "nobody2"} {
		for range 5 {
			b.want(401, "POST", "/api/login", m{"user": user, "password": "x"})
		}
		b.want(429, "POST", "/api/login", m{"user": user, "password": "secret-b"})
	}
	b.want(400, "POST", "/api/login", "no object")
	b.want(413, "POST", "/api/login", m{"user": strings.Repeat("x", bodyMost)})
}

func TestRate(t *testing.T) {
	r, now := newRate(3, time.Second), time.Unix(1000, 0)
	for i := range 3 {
		if ok, _ := r.take("a", now); !ok {
			t.Errorf("take %d", i)
		}
	}
	if ok, wait := r.take("a", now); ok || wait != time.Second {
		t.Errorf("a fourth: %v, wait %v", ok, wait)
	}
	if ok, _ := r.take("b", now); !ok {
		t.Error("another's")
	}
	if ok, _ := r.take("a", now.Add(time.Second)); !ok {
		t.Error("after a second")
	}
	for i := range 20_000 {
		r.take(fmt.Sprint(i), now)
	}
	if n := r.names.len(); n != 10_000 {
		t.Errorf("%d names are remembered", n)
	}
}

// Every answer says what a browser may do with it, pages have no script but files, and a
// name from outside is text wherever it stands.
func TestHeadersAndEscapes(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	c := newCentre(t, func(cfg *Config) {
		cfg.People = append(cfg.People, Person{Name: evil, Agent: "sales-2", Role: cfg.People[0].Role, Check: func(string) bool { return true }})
	})
	b := c.login(evil, "x")
	for _, path := range []string{"/", "/login", "/agent", "/wallboard", "/static/agent.js", "/words/ja", "/api/me", "/nowhere", "/api/nowhere", "/healthz"} {
		r := b.send("GET", path, nil, nil)
		r.Body.Close()
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", path)
		}
	}
	_, text := b.do("GET", "/agent", nil)
	if strings.Contains(text, "<script>alert") || !strings.Contains(text, "&lt;script&gt;alert") {
		t.Error("the agent's page has the name as markup")
	}
	if strings.Contains(text, "style=") || strings.Contains(text, "onclick") {
		t.Error("the agent's page has a style or a script in it")
	}
	b.want(200, "POST", "/api/agents/me/state", m{"state": "ready"})
	page := b.socket()
	c.call(evil, 0)
	page.until(at("ringing"))
	if _, text := b.do("GET", "/api/agents/me", nil); strings.Contains(text, "<") || !strings.Contains(text, `\u003cscript`) {
		t.Errorf("JSON holds markup: %s", text)
	}
}

// One person has so many sockets, and no more; the oldest gives way.
func TestSocketsOfOne(t *testing.T) {
	c := newCentre(t, nil)
	anna := c.login("anna", "secret-a")
	first := anna.socket()
	first.next()
	for range socketsMost {
		anna.socket().next()
	}
	if _, _, err := first.conn.Read(context.Background()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the oldest says %v", err)
	}
	last := anna.socket()
	last.next()
	last.conn.Write(context.Background(), websocket.MessageText, []byte("hello")) // nobody asked
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if _, _, err := last.conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("after a message the socket says %v", err)
	}
}

// Who hears a recording is written down first; if that cannot be, nobody hears it.
func TestRecordings(t *testing.T) {
	c := newCentre(t, nil)
	c.server.Recorded(7, "/var/tapes/0011.wav", time.Unix(0, 0), 3*time.Second, false)
	key := c.call("0312345678", 1)
	c.settle()
	c.hangUp(key)
	c.server.Recorded(key, "0033.wav", time.Unix(0, 0), time.Second, false) // after its contact has left
	c.server.mu.Lock()
	if n, _ := c.server.tapes.find(key, "0033.wav"); n.Queue != "support" || n.Number != "0312345678" {
		t.Errorf("remembered as %+v", n)
	}
	c.server.mu.Unlock()
	c.server.Recorded(8, "0022.wav", time.Unix(0, 0), 3*time.Second, false) // deleted since
	sue := c.login("sue", "secret-s")
	if text := sue.want(200, "GET", "/api/contacts/7/recordings", nil); !strings.Contains(text, `"0011.wav"`) {
		t.Error(text)
	}
	c.login("anna", "secret-a").want(403, "GET", "/api/contacts/7/recordings/0011.wav", nil)
	for _, path := range []string{"7/recordings/secret.txt", "8/recordings/0011.wav", "8/recordings/0022.wav", "7/recordings/..%2fnotes.jsonl"} {
		sue.want(404, "GET", "/api/contacts/"+path, nil)
	}
	if b, _ := os.ReadFile(c.server.cfg.Audit); len(b) != 0 {
		t.Errorf("nobody heard anything, and the audit says %s", b)
	}
	if text := sue.want(200, "GET", "/api/contacts/7/recordings/0011.wav", nil); text != "RIFF....WAVE" {
		t.Errorf("heard %q", text)
	}
	b, _ := os.ReadFile(c.server.cfg.Audit)
	var h heard
	if err := json.Unmarshal(b, &h); err != nil || h.Who != "sue" || h.Contact != 7 || h.File != "0011.wav" || h.At.IsZero() || h.What != "hear" {
		t.Errorf("audit: %s %v", b, err)
	}
	c.server.audit.f.Close() // the disk has gone
	sue.want(503, "GET", "/api/contacts/7/recordings/0011.wav", nil)
	c.server.audit.f = nil
}

// Metrics are for tokens, and for this machine if nobody stands between.
func TestMetrics(t *testing.T) {
	c := newCentre(t, nil)
	c.call("1", 0)
	b := c.browser()
	for _, x := range []struct {
		name, value, host string
		want              int
	}{{"", "", "", 200}, {"X-Forwarded-For", "203.0.113.9", "", 401}, {"Via", "1.1 proxy", "", 401}, {"", "", "rebound.example", 401},
		{"Authorization", "Bearer wrong", "", 401}, {"Authorization", "Bearer " + token, "rebound.example", 200}} {
		r := b.send("GET", "/metrics", nil, func(r *http.Request) {
			if x.name != "" {
				r.Header.Set(x.name, x.value)
			}
			r.Host = x.host
		})
		r.Body.Close()
		if r.StatusCode != x.want {
			t.Errorf("%+v: %d", x, r.StatusCode)
		}
	}
	_, text := b.do("GET", "/metrics", nil)
	for _, want := range []string{`callwright_contacts_waiting{queue="sales"} 1`, `callwright_agents{state="logged-out"} 3`, "callwright_taking_calls 1", "go_goroutines", `callwright_http_requests_total{code="401",route="GET /metrics"}`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// Connections that say nothing, or half of something, do not stay.
func TestHalfRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("takes six seconds")
	}
	c := newCentre(t, nil)
	conn, err := net.Dial("tcp", c.server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if r, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
		r.Body.Close()
		t.Errorf("half a request is answered %d", r.StatusCode)
	} else if e, ok := err.(net.Error); ok && e.Timeout() {
		t.Error("it stays")
	}
}

// One address cannot take all connections; this machine's may.
func TestConnectionsOfOne(t *testing.T) {
	l := bounded(nil, 10, 2)
	a, b, here := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2"), netip.MustParseAddr("127.0.0.1")
	for i, x := range []struct {
		at   netip.Addr
		want bool
	}{{a, true}, {a, true}, {a, false}, {b, true}, {here, true}, {here, true}, {here, true}} {
		if got := l.enter(x.at); got != x.want {
			t.Errorf("%d, from %v: %v", i, x.at, got)
		}
	}
	l.left(a)
	if !l.enter(a) {
		t.Error("one has left, and no other may come")
	}
	p := netip.MustParseAddrPort
	if one, other := sourceOf(net.TCPAddrFromAddrPort(p("[2001:db8::1]:1"))), sourceOf(net.TCPAddrFromAddrPort(p("[2001:db8::2:3]:2"))); one != other {
		t.Errorf("%v and %v are one network", one, other)
	}
	for range 2 {
		l.left(a)
	}
	l.left(b)
	if len(l.of) != 0 {
		t.Errorf("nobody is there, and %v is remembered", l.of)
	}
}

// A mistake of ours ends one request, and says nothing of itself.
func TestOurMistake(t *testing.T) {
	c := newCentre(t, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { panic("secret") })
	w := httptest.NewRecorder()
	c.server.measured(mux).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Over TLS the cookie is bound to this host and to TLS.
func TestTLS(t *testing.T) {
	x := httptest.NewUnstartedServer(nil)
	x.StartTLS()
	cert := x.TLS.Certificates[0]
	x.Close()
	c := newCentre(t, func(cfg *Config) { cfg.TLS = &tls.Config{Certificates: []tls.Certificate{cert}} })
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer tr.CloseIdleConnections()
	r, _ := http.NewRequest("POST", strings.TrimSuffix(c.server.URL(), "/")+"/api/login", strings.NewReader(`{"user":"anna","password":"secret-a"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", strings.TrimSuffix(c.server.URL(), "/"))
	resp, err := (&http.Client{Transport: tr}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || len(resp.Cookies()) != 1 {
		t.Fatalf("login over TLS: %d", resp.StatusCode)
	}
	if k := resp.Cookies()[0]; k.Name != "__Host-callwright" || !k.Secure {
		t.Errorf("cookie %v", k)
	}
}
