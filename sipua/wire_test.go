package sipua_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// wire is a telephone without timers of its own: what it sends is sent once, what it hears
// is kept with its time. It answers OPTIONS while it is awake, and what rules say.
type wire struct {
	t     *testing.T
	conn  *net.UDPConn
	addr  netip.AddrPort
	to    netip.AddrPort
	began time.Time

	mu     sync.Mutex
	asleep bool
	rules  []func(msg string) (answer string)
	got    []heard
}

// heard is one message.
type heard struct {
	at   time.Duration // since the wire was made, or begin was called
	text string
}

func newWire(t *testing.T, host string) *wire {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	w := &wire{t: t, conn: c, addr: c.LocalAddr().(*net.UDPAddr).AddrPort(), began: time.Now()}
	go w.read()
	return w
}

func (w *wire) read() {
	b := make([]byte, 65536)
	for {
		n, from, err := w.conn.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		s := string(b[:n])
		w.mu.Lock()
		w.got = append(w.got, heard{time.Since(w.began), s})
		answer := ""
		for _, r := range w.rules {
			if answer = r(s); answer != "" {
				break
			}
		}
		if answer == "" && !w.asleep && strings.HasPrefix(s, "OPTIONS ") {
			answer = w.answerTo(s, 200, "")
		}
		w.mu.Unlock()
		if answer != "" {
			w.conn.WriteToUDPAddrPort([]byte(answer), from)
		}
	}
}

// rule has messages answered with what f makes of them, if it is not "".
func (w *wire) rule(f func(msg string) string) {
	w.mu.Lock()
	w.rules = append(w.rules, f)
	w.mu.Unlock()
}

// says answers requests of a method with a code.
func (w *wire) says(method string, code int, sdp string) {
	w.rule(func(m string) string {
		if !strings.HasPrefix(m, method+" ") {
			return ""
		}
		return w.answerTo(m, code, sdp)
	})
}

func (w *wire) sleep(yes bool) {
	w.mu.Lock()
	w.asleep = yes
	w.mu.Unlock()
}

// begin makes now the instant 0, and forgets what has been heard.
func (w *wire) begin() {
	w.mu.Lock()
	w.began, w.got = time.Now(), nil
	w.mu.Unlock()
}

func (w *wire) now() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Since(w.began)
}

// until waits for an instant.
func (w *wire) until(at time.Duration) { time.Sleep(at - w.now()) }

func (w *wire) send(s string) { w.conn.WriteToUDPAddrPort([]byte(s), w.to) }

// all are the messages that begin so.
func (w *wire) all(prefix string) (out []heard) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.got {
		if strings.HasPrefix(h.text, prefix) {
			out = append(out, h)
		}
	}
	return out
}

// nth waits for the n-th message (from 1 on) that begins so, until an instant.
func (w *wire) nth(prefix string, n int, until time.Duration) heard {
	w.t.Helper()
	for {
		if list := w.all(prefix); len(list) >= n {
			return list[n-1]
		}
		if w.now() > until {
			w.t.Fatalf("at %v: %d of %q, want %d; heard %s", w.now(), len(w.all(prefix)), prefix, n, w.story())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// story is all first lines, for messages.
func (w *wire) story() string {
	var b strings.Builder
	for _, h := range w.all("") {
		line, _, _ := strings.Cut(h.text, "\r\n")
		fmt.Fprintf(&b, "\n  %6.2f s %s", h.at.Seconds(), line)
	}
	return b.String()
}

func headerOf(msg, name string) string {
	_, v, ok := strings.Cut(msg, "\r\n"+name+": ")
	if !ok {
		return ""
	}
	v, _, _ = strings.Cut(v, "\r\n")
	return v
}

// answerTo writes an answer; its To has a tag.
func (w *wire) answerTo(req string, code int, sdp string) string {
	to := headerOf(req, "To")
	if !strings.Contains(to, ";tag=") && code > 100 {
		to += ";tag=wire"
	}
	return fmt.Sprintf("SIP/2.0 %d Said\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:wire@%v>\r\n%s", code, headerOf(req, "Via"), headerOf(req, "From"), to,
		headerOf(req, "Call-ID"), headerOf(req, "CSeq"), w.addr, body(sdp))
}

func body(sdp string) string {
	if sdp == "" {
		return "Content-Length: 0\r\n\r\n"
	}
	return fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(sdp), sdp)
}

// request writes a request of a call by name; to is To's value, with the tag of a dialog.
func (w *wire) request(method, number, call, branch, to string, seq int, extra, sdp string) string {
	if to == "" {
		to = "<sip:" + number + "@centre>"
	}
	return fmt.Sprintf("%s sip:%s@%v SIP/2.0\r\nVia: SIP/2.0/UDP %v;rport;branch=z9hG4bK-%s\r\nFrom: <sip:wire@centre>;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:wire@%v>\r\nMax-Forwards: 70\r\n%s%s",
		method, number, w.to, w.addr, branch, call, to, call, seq, strings.Fields(method)[0], w.addr, extra, body(sdp))
}

// sdp offers or answers audio that never comes.
func (w *wire) sdp(version int, direction string) string {
	return fmt.Sprintf("v=0\r\no=- 1 %d IN IP4 %v\r\ns=-\r\nc=IN IP4 %v\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=%s\r\n", version, w.addr.Addr(), w.addr.Addr(), direction)
}

// calls sends an INVITE and waits for its 2xx, which it acknowledges.
func (w *wire) calls(number, call string) (to string) {
	w.t.Helper()
	w.send(w.request("INVITE", number, call, call, "", 1, "", w.sdp(1, "sendrecv")))
	ok := w.nth("SIP/2.0 200", 1, w.now()+5*time.Second)
	to = headerOf(ok.text, "To")
	w.send(w.request("ACK", number, call, call+"a", to, 1, "", ""))
	return to
}

// wired is a centre whose trunk is caller, at 127.0.0.8, and whose agents' phones are the
// wires; all are ready. change may change plan and configuration.
func wired(t *testing.T, caller *wire, phones []*wire, change func(*realcore.Plan, *sipua.Config)) *centre {
	t.Helper()
	p := onePlan()
	type saved struct {
		Contact, CallID string
		Seq             int
		Until           time.Time
		Flow            dialog.Flow
	}
	all := map[string][]saved{}
	for i, w := range phones {
		user := []string{"anna", "ben"}[i]
		all[user] = []saved{{Contact: fmt.Sprintf("sip:%s@%v", user, w.addr), CallID: "x", Seq: 1, Until: time.Now().Add(time.Hour), Flow: dialog.Flow{Transport: dialog.UDP, Remote: w.addr}}}
	}
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bindings")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := newCentreOf(t, p, func(cfg *sipua.Config) {
		cfg.Bindings = file
		if change != nil {
			change(p, cfg)
		}
	})
	for _, w := range append(phones, caller) {
		if w != nil {
			w.to = c.addr
		}
	}
	for i := range phones {
		c.host.Post(realcore.OfAgent(realcore.AgentReady, realcore.AgentID(i)))
		c.becomes(realcore.AgentID(i), realcore.Ready, 0, 10*time.Second)
	}
	return c
}

// becomes waits until an agent is in a state.
func (c *centre) becomes(a realcore.AgentID, want realcore.AgentState, why realcore.Reason, within time.Duration) {
	c.t.Helper()
	var s realcore.AgentState
	var r realcore.Reason
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if s, r = c.state(a); s == want && (s != realcore.NotReady || r == why) {
			return
		}
	}
	c.t.Fatalf("agent %d is %v for %v after %v, want %v for %v", a, s, r, within, want, why)
}
