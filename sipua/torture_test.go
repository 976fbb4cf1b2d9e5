package sipua_test

import (
	"encoding/csv"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callwright/internal/shared"
	"callwright/realcore"
	"callwright/sipua"
)

// What a server must answer to the RFCs' torture messages where 127.0.0.1 is a trusted
// trunk and every number leads somewhere; 0: no answer. The manifest says why.
var answers = map[string][]int{
	"wsinv.dat": {200}, "esc01.dat": {200}, "esc02.dat": {501, 405}, "longreq.dat": {200}, "semiuri.dat": {200}, "mpart01.dat": {405, 415}, "noreason.dat": {0},
	"clerr.dat": {400}, "scalar02.dat": {400}, "quotbal.dat": {400}, "lwsruri.dat": {400}, "trws.dat": {400, 200}, "baddate.dat": {400, 200, 488}, "badaspec.dat": {400, 200},
	"badvers.dat": {505}, "mismatch02.dat": {501, 400}, "badbranch.dat": {200, 400}, "unkscm.dat": {416}, "unksm2.dat": {400, 401}, "invut.dat": {415}, "multi01.dat": {400},
	"bcast.dat": {0}, "cparam01.dat": {200, 401}, "regescrt.dat": {200, 401}, "inv2543.dat": {200},
	"ipv6-good.sip": {200, 401}, "port-ambiguous.sip": {200, 401}, "via-received-param-with-delim.sip": {481}, "ipv6-in-sdp.sip": {200, 488}, "mult-ip-in-sdp.sip": {200, 488}, "ipv6-bug-abnf-3-colons.sip": {200, 401},
}

var viaPort = regexp.MustCompile(`(?im)^(?:via|v)\s*:\s*SIP\s*/\s*2\.0\s*/\s*\w+\s+(?:\[[^\]]*\]|[^\s:;,]+)\s*(?::\s*(\d+))?`)

// victim sends raw bytes to a server and hears what it answers, wherever the answer goes.
type victim struct {
	t    *testing.T
	from *net.UDPConn
	hear chan string
}

func newVictim(t *testing.T, ports ...int) *victim {
	v := &victim{t: t, hear: make(chan string, 1000)}
	for i, port := range append([]int{0}, ports...) {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			t.Skipf("port %d is taken: %v", port, err)
		}
		if i == 0 {
			v.from = c
		}
		t.Cleanup(func() { c.Close() })
		go func() {
			b := make([]byte, 65536)
			for {
				n, _, err := c.ReadFromUDPAddrPort(b)
				if err != nil {
					return
				}
				v.hear <- string(b[:n])
			}
		}()
	}
	return v
}

// final is the first final answer to a Call-ID, or 0 after a while without.
func (v *victim) final(callID string, wait time.Duration) int {
	deadline := time.After(wait)
	for {
		select {
		case s := <-v.hear:
			if !strings.HasPrefix(s, "SIP/2.0 ") || callID != "" && !strings.Contains(s, callID) {
				continue
			}
			if n, _ := strconv.Atoi(s[8:11]); n >= 200 {
				return n
			}
		case <-deadline:
			return 0
		}
	}
}

var callIDLine = regexp.MustCompile(`(?im)^(?:call-id|i)\s*:\s*(\S+)`)

func callID(b []byte) string {
	if m := callIDLine.FindSubmatch(b); m != nil {
		return string(m[1])
	}
	return ""
}

func everybody(cfg *sipua.Config) {
	cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	cfg.Trunks[0].Lines = 0
	cfg.Trunks[0].Numbers = map[string]realcore.EntryID{"": 0}
}

// RFC 4475 and 5118: each message to a server of its own, answered as the RFC says; the
// good request after it within 100 ms.
func TestTortureRFC(t *testing.T) {
	dir := shared.Path(t, "torture")
	for _, family := range []string{"rfc4475", "rfc5118"} {
		files, _ := filepath.Glob(filepath.Join(dir, family, "*"))
		for _, name := range files {
			want, ok := answers[filepath.Base(name)]
			if !ok {
				if !strings.HasSuffix(name, ".raw") {
					t.Errorf("%s: no answer is known", name)
				}
				continue
			}
			t.Run(filepath.Base(name), func(t *testing.T) {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				c := newCentre(t, everybody)
				v := newVictim(t, portsOf(b)...)
				v.from.WriteToUDPAddrPort(b, c.addr)
				wait := 2 * time.Second
				if slices.Contains(want, 0) {
					wait = 200 * time.Millisecond
				}
				if got := v.final(callID(b), wait); !slices.Contains(want, got) {
					t.Errorf("answered %d, want %v", got, want)
				}
				v.good(c)
			})
		}
	}
}

func portsOf(b []byte) []int {
	port := 5060
	if m := viaPort.FindSubmatch(b); m != nil && len(m[1]) > 0 {
		if n, _ := strconv.Atoi(string(m[1])); n > 1023 && n < 65536 {
			port = n
		}
	}
	return []int{port}
}

var asked int

// good sends an OPTIONS and wants its answer within 100 ms.
func (v *victim) good(c *centre) {
	v.t.Helper()
	asked++
	id := fmt.Sprintf("good-%d", asked)
	fmt.Fprintf(udpTo{v.from, c.addr}, "OPTIONS sip:us@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=%s\r\nTo: <sip:us@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", id, id, id)
	if got := v.final(id, 100*time.Millisecond); got != 200 && got != 401 {
		v.t.Errorf("the next good request is answered %d", got)
	}
}

type udpTo struct {
	c    *net.UDPConn
	addr netip.AddrPort
}

func (u udpTo) Write(b []byte) (int, error) { return u.c.WriteToUDPAddrPort(b, u.addr) }

// All other SIP messages of the torture set, hostile ones among them, to one server of
// the default kind that trusts nobody: no crash, no leg, scanners met with silence, what
// the manifest allows and nothing else, and the next good request answered.
func TestTortureHostile(t *testing.T) {
	dir := shared.Path(t, "torture")
	f, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = '\t', -1, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c := newCentre(t, func(cfg *sipua.Config) { cfg.Admission = sipua.Admission{PerSecond: 1e6, Burst: 1e6} })
	v := newVictim(t, 5099, 5060)
	seen := 0
	for _, row := range rows[1:] {
		family, name, verdict, expected := row[0], row[1], row[4], row[5]
		if family != "sip-own" && family != "sip-seeds" && family != "sofia-sip" {
			continue
		}
		seen++
		b, err := os.ReadFile(filepath.Join(dir, family, name))
		if err != nil {
			t.Fatal(err)
		}
		v.from.WriteToUDPAddrPort(b, c.addr)
		id := callID(b)
		got := 0
		if id != "" {
			got = v.final(id, 30*time.Millisecond)
		}
		switch {
		case strings.Contains(expected, "no answer") && strings.HasPrefix(name, "scanner") && got != 0:
			t.Errorf("%s: a scanner is answered %d", name, got)
		case (verdict == "invalid" || verdict == "bad" || verdict == "hostile") && got >= 200 && got < 300:
			t.Errorf("%s/%s: answered %d; want %s", family, name, got, expected)
		}
		if seen%20 == 0 {
			v.good(c)
		}
	}
	v.good(c)
	if seen < 120 {
		t.Errorf("%d messages", seen)
	}
	if n := c.host.Counts(); n.Events > 3 { // two lost phones
		t.Errorf("the centre has had %d events", n.Events)
	}
}

// Every byte of a stream in its own packet, two messages in one, a half message that
// never ends: answered, answered, and closed.
func TestStreams(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		everybody(cfg)
		cfg.Admission = sipua.Admission{Half: 300 * time.Millisecond, Idle: time.Minute}
	})
	addr := c.server.Addrs()[1]
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ask := func(id string) string {
		return fmt.Sprintf("OPTIONS sip:us@127.0.0.1;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5;branch=z9hG4bK%s\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:us@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", id, id)
	}
	one := ask("s1")
	for i := range len(one) {
		conn.Write([]byte{one[i]})
	}
	conn.Write([]byte("\r\n\r\n" + ask("s2") + ask("s3") + ask("s4")[:60]))
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var got []byte
	buf := make([]byte, 65536)
	for {
		n, err := conn.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			break
		}
	}
	for _, id := range []string{"s1", "s2", "s3"} {
		if !strings.Contains(string(got), "Call-ID: "+id) {
			t.Errorf("%s is not answered", id)
		}
	}
	if strings.Contains(string(got), "s4") || !strings.Contains(string(got), "\r\n\r\n\r\nSIP/2.0 200 OK") && !strings.HasPrefix(string(got), "\r\n") {
		t.Errorf("got %q; want no answer to half a message, and an empty line for the keep-alive", got)
	}
}

// A busy stream, of which each packet ends in the middle of a message, is not taken for a
// slow one: every message is whole in time.
func TestBusyStream(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		everybody(cfg)
		cfg.Admission = sipua.Admission{Half: 300 * time.Millisecond, Idle: time.Minute}
	})
	conn, err := net.Dial("tcp", c.server.Addrs()[1].String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const n = 15
	var all []byte
	for i := range n {
		all = fmt.Appendf(all, "OPTIONS sip:us@127.0.0.1;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5;branch=z9hG4bKb%d\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:us@127.0.0.1>\r\nCall-ID: busy-%d-\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", i, i)
	}
	size := len(all) / n
	sent := size / 2
	conn.Write(all[:sent])
	for sent < len(all) {
		time.Sleep(100 * time.Millisecond)
		next := min(sent+size, len(all))
		if _, err := conn.Write(all[sent:next]); err != nil {
			t.Fatalf("cut after %d of %d bytes", sent, len(all))
		}
		sent = next
	}
	conn.SetReadDeadline(time.Now().Add(time.Second))
	var got []byte
	buf := make([]byte, 65536)
	for strings.Count(string(got), "Call-ID: busy-") < n {
		k, err := conn.Read(buf)
		got = append(got, buf[:k]...)
		if err != nil {
			break
		}
	}
	if k := strings.Count(string(got), "Call-ID: busy-"); k != n {
		t.Errorf("%d of %d answered", k, n)
	}
}
