package sipua_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"callwright/media"
	"callwright/sipua/dialog"
)

// served is `callwright serve` in a process of its own.
type served struct {
	t        *testing.T
	dir, bin string
	port     int
	http     int
	screens  map[string]string // passwords of the agents' page, by name
	cmd      *exec.Cmd
	secrets  map[string]string // by SIP user
	engine   *media.Engine
}

var login = regexp.MustCompile(`(?m)^ *(\S+) +\d+ +(\d+) +(\S+) +(\S+) *$`)

// newServed builds the program and makes a site for a scenario.
func newServed(t *testing.T, scenario string) *served {
	t.Helper()
	engine, err := media.New(media.Config{Bind: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	s := &served{t: t, dir: t.TempDir(), secrets: map[string]string{}, screens: map[string]string{}, engine: engine, port: freePort(t, "127.0.0.1")}
	s.bin = filepath.Join(s.dir, "callwright")
	if out, err := exec.Command("go", "build", "-o", s.bin, "../cmd/callwright").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out := s.callwright("site", "init", scenario, "-o", "site.yaml")
	for _, m := range login.FindAllStringSubmatch(out, -1) {
		s.secrets[m[2]], s.screens[m[1]] = m[3], m[4]
	}
	if len(s.secrets) < 2 {
		t.Fatalf("no logins in\n%s", out)
	}
	s.change("127.0.0.1:5060", fmt.Sprintf("127.0.0.1:%d", s.port))
	s.http = freePort(t, "127.0.0.1")
	s.change("127.0.0.1:8080", fmt.Sprintf("127.0.0.1:%d", s.http))
	s.change("16384-32767", "28100-28998")
	return s
}

// change changes the site file.
func (s *served) change(old, new string) {
	s.t.Helper()
	name := filepath.Join(s.dir, "site.yaml")
	b, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		s.t.Fatalf("no %q in the site file", old)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(b), old, new)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// callwright runs a command and returns what it prints.
func (s *served) callwright(args ...string) string {
	s.t.Helper()
	cmd := exec.Command(s.bin, args...)
	cmd.Dir = s.dir
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("callwright %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// start serves, and waits until it is open.
func (s *served) start(scenario string) {
	s.t.Helper()
	s.cmd = exec.Command(s.bin, "serve", scenario, "--site", "site.yaml", "--data", "data")
	s.cmd.Dir = s.dir
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { s.cmd.Process.Kill(); s.cmd.Wait() })
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		if strings.Contains(sc.Text(), "Ctrl-C closes") {
			go func() {
				for sc.Scan() {
				}
			}()
			return
		}
	}
	b, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	s.t.Fatalf("serve ends: %v\n%s", s.cmd.Wait(), b)
}

func (s *served) stop(sig os.Signal) {
	s.cmd.Process.Signal(sig)
	s.cmd.Wait()
}

func (s *served) phone(user string) *phone {
	return newPhone(s.t, user, s.secrets[user], netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(s.port)), s.engine)
}

func (s *served) ready(p *phone) {
	s.t.Helper()
	p.dial("*11")
	p.want("answered")
	p.want("ended")
}

// The first ten minutes of a company: site init, serve, a phone registers and is ready,
// another calls. In mid-call the process is killed: the next one ends both legs with BYE,
// records the call once as lost, knows the phones, and calls go on. The journal replays.
func TestServeAndCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	s := newServed(t, "small-reception")
	s.change("callwright-site: 1", "callwright-site: 1\nrecording: {path: tapes, keep-days: 30}")
	s.start("small-reception")
	agent, caller := s.phone("1001"), s.phone("1002")
	if code := agent.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	s.ready(agent)
	agent.auto.Store(200)
	caller.dial("5001")
	agent.want("invited")
	caller.want("answered")
	time.Sleep(300 * time.Millisecond)
	s.stop(os.Kill)
	s.start("small-reception")
	agent.want("ended")
	caller.want("ended")
	time.Sleep(1500 * time.Millisecond) // the phone is asked whether it is there
	agent.auto.Store(0)
	s.ready(agent)
	agent.auto.Store(200)
	caller.dial("5001")
	agent.want("invited")
	caller.want("answered")
	time.Sleep(300 * time.Millisecond)
	caller.bye()
	agent.want("ended")
	time.Sleep(300 * time.Millisecond)
	s.stop(os.Interrupt)
	records, err := os.ReadFile(filepath.Join(s.dir, "data", "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(records), `"record":"contact"`); n != 2 {
		t.Errorf("%d contacts in\n%s", n, records)
	}
	for name, want := range map[string]string{"tapes/index.jsonl": `"file":"`, "data/quality.jsonl": `"side":"customer"`} {
		b, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v, %s", name, err, b)
		}
	}
	if tapes, _ := filepath.Glob(filepath.Join(s.dir, "tapes", "*.wav")); len(tapes) != 2 {
		t.Errorf("recordings %v; want one of each call, the one cut off too", tapes)
	}
	if out := s.callwright("measure", "data/journal", "--format", "csv"); !strings.Contains(out, ",offered,contacts,2\n") {
		t.Errorf("measure says %s", out)
	}
	if out := s.callwright("replay", "data/journal"); !strings.Contains(out, "effects") {
		t.Errorf("replay says %s", out)
	}
}

// page is somebody logged in at the agents' page, as a browser is.
type page struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (s *served) page(user, password string) *page {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	p := &page{s.t, fmt.Sprintf("http://127.0.0.1:%d", s.http), &http.Client{Jar: jar, Timeout: 5 * time.Second}}
	p.do("POST", "/api/login", fmt.Sprintf(`{"user":%q,"password":%q}`, user, password), 200)
	return p
}

// do asks for something, and wants a status.
func (p *page) do(method, path, body string, want int) string {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", p.base)
	res, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	if res.StatusCode != want {
		p.t.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, b, want)
	}
	return string(b)
}

// desk waits until the desk shows what is wanted, and returns the contact.
func (p *page) desk(want ...string) (contact string) {
	p.t.Helper()
	var got string
	for range 100 {
		got = p.do("GET", "/api/agents/me", "", 200)
		ok := true
		for _, w := range want {
			ok = ok && strings.Contains(got, w)
		}
		if ok {
			_, after, _ := strings.Cut(got, `"contact":"`)
			contact, _, _ = strings.Cut(after, `"`)
			return contact
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("the desk shows %s, want %q", got, want)
	return ""
}

// An agent works with screen and telephone together: ready on the screen, the caller's
// number while it rings, hold and back, recording paused and on again, a note, and the
// transfer; all of it happens to the telephones' calls.
func TestServePages(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	s := newServed(t, "small-reception")
	s.change("callwright-site: 1", "callwright-site: 1\nrecording: {path: tapes, keep-days: 30}")
	s.start("small-reception")
	agent, caller := s.phone("1001"), s.phone("1002")
	if code := agent.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	p := s.page("reception-1", s.screens["reception-1"])
	p.do("POST", "/api/agents/me/state", `{"state":"ready"}`, 200)
	p.desk(`"state":"ready"`)
	caller.dial("5001")
	agent.want("invited")
	contact := p.desk(`"stage":"ringing"`, `"number":"1002"`, `"queue":"tel"`)
	agent.do(func() []dialog.Out { agent.accept(agent.in); return nil })
	caller.want("answered")
	p.desk(`"stage":"talking"`)
	at := "/api/agents/me/contacts/" + contact
	p.do("POST", at+"/hold", "{}", 200)
	p.desk(`"stage":"held"`)
	p.do("POST", at+"/retrieve", "{}", 200)
	p.desk(`"stage":"talking"`)
	p.do("POST", at+"/recording", `{"paused":true}`, 200)
	p.desk(`"paused":true`)
	p.do("POST", at+"/recording", `{"paused":false}`, 200)
	p.do("POST", "/api/contacts/"+contact+"/notes", `{"disposition":"resolved","text":"blue one"}`, 201)
	p.do("POST", at+"/release", "{}", 200)
	caller.want("ended")
	agent.want("ended")
	caller.dial("5001") // what was noted is shown before the next answer
	agent.want("invited")
	p.desk(`"stage":"ringing"`, `blue one`)
	caller.cancel()
	agent.want("cancelled")
	if m := p.do("GET", "/metrics", "", 200); !strings.Contains(m, "callwright_sip_phones ") {
		t.Errorf("metrics say\n%.3000s", m)
	}
	p.do("POST", "/api/agents/me/dial", `{"number":"0990123456","queue":"tel"}`, 403)
}
