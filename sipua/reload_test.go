package sipua_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// certify writes a certificate of its own with a serial number, and its key, where a site
// file expects them.
func (s *served) certify(serial int64) {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	x := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, x, x, key.Public(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"site.pem": {Type: "CERTIFICATE", Bytes: cert}, "site.key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(s.dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
}

// shown returns the serial number of the certificate that a new handshake shows.
func (s *served) shown(port int) int64 {
	s.t.Helper()
	c, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// log returns what the program has said.
func (s *served) log() string {
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

// says waits until the program has said something so many times.
func (s *served) says(text string, times int) {
	s.t.Helper()
	for range 500 {
		if strings.Count(s.log(), text) >= times {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("it does not say %q %d times:\n%s", text, times, s.log())
}

// wrapped has the program run by a shell, which does something before and adds flags.
func (s *served) wrapped(before, flags string) {
	s.t.Helper()
	name := filepath.Join(s.dir, "wrapped")
	text := fmt.Sprintf("#!/bin/sh\n%s\n[ \"$1\" = serve ] && set -- \"$@\" %s\nexec %q \"$@\"\n", before, flags, s.bin)
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		s.t.Fatal(err)
	}
	s.bin = name
}

// On SIGHUP telephones and browsers are shown the new certificate. One that cannot be read
// changes nothing, and that is said.
func TestServeReload(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	s := newServed(t, "small-reception")
	port := freePort(t, "127.0.0.1")
	const files = "tls: {certificate: site.pem, key: site.key}\n"
	s.change("#    - tls: 192.0.2.10:5061\n#  tls: {certificate: /etc/callwright/site.pem, key: /etc/callwright/site.key}\n", fmt.Sprintf("    - tls: 127.0.0.1:%d\n  %s", port, files))
	s.change(fmt.Sprintf("listen: 127.0.0.1:%d\n", s.http), fmt.Sprintf("listen: 127.0.0.1:%d\n  %s", s.http, files))
	s.certify(1)
	s.start("small-reception")
	both := func(want int64) {
		t.Helper()
		for _, p := range []int{port, s.http} {
			if got := s.shown(p); got != want {
				t.Errorf("port %d shows certificate %d, want %d", p, got, want)
			}
		}
	}
	both(1)
	s.certify(2)
	both(1) // nobody has asked
	s.cmd.Process.Signal(syscall.SIGHUP)
	s.says("the certificate has been read again", 2)
	both(2)
	if err := os.WriteFile(filepath.Join(s.dir, "site.pem"), []byte("-----BEGIN NOTHING-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.cmd.Process.Signal(syscall.SIGHUP)
	s.says("the certificate stays the old one", 2)
	both(2)
	old, err := os.ReadFile(filepath.Join(s.dir, "site.key"))
	if err != nil {
		t.Fatal(err)
	}
	s.certify(3)
	if err := os.WriteFile(filepath.Join(s.dir, "site.key"), old, 0o600); err != nil { // half of a renewal
		t.Fatal(err)
	}
	s.cmd.Process.Signal(syscall.SIGHUP)
	s.says("the certificate stays the old one", 4)
	both(2)
	s.certify(4)
	s.cmd.Process.Signal(syscall.SIGHUP)
	s.says("the certificate has been read again", 4)
	both(4)
}

// tape is a line of the recordings' index.
type tape struct {
	Key    int64   `json:"key"`
	File   string  `json:"file"`
	Length float64 `json:"length_s"`
	Broken bool    `json:"broken"`
}

// plays returns how many seconds of a recording play, by the head of its file.
func (s *served) plays(file string) float64 {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, "tapes", file))
	if err != nil || len(b) < 44 {
		s.t.Fatalf("%d bytes, %v", len(b), err)
	}
	size := int(b[40]) | int(b[41])<<8 | int(b[42])<<16 | int(b[43])<<24
	if 44+size != len(b) {
		s.t.Errorf("%s: the head tells %d bytes, the file has %d", file, 44+size, len(b))
	}
	return float64(size) / 32000
}

// A file that grows no longer stands for a full disk: the call goes on, the log, the meter and
// the board say that it is not recorded, its record says how much there is, and the
// recording before it is untouched.
func TestServeFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	s := newServed(t, "small-reception")
	s.change("callwright-site: 1", "callwright-site: 1\nrecording: {path: tapes, keep-days: 30}")
	s.wrapped("ulimit -f 128", "") // of 512 bytes: 64 KiB, two seconds
	s.start("small-reception")
	agent, caller := s.phone("1001"), s.phone("1002")
	if code := agent.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	p := s.page("reception-1", s.screens["reception-1"])
	s.ready(agent)
	agent.auto.Store(200)
	call := func(d time.Duration) {
		t.Helper()
		caller.dial("5001")
		agent.want("invited")
		caller.want("answered")
		time.Sleep(d)
		caller.bye() // it is still there
		caller.want("ended")
		agent.want("ended")
	}
	call(700 * time.Millisecond)
	if b := p.do("GET", "/api/board", "", 200); !strings.Contains(b, `"unrecorded":false`) {
		t.Errorf("the board says %s", b)
	}
	call(3 * time.Second)
	s.says("a recording cannot be written", 1)
	if b := p.do("GET", "/api/board", "", 200); !strings.Contains(b, `"unrecorded":true`) || !strings.Contains(b, `"taking":true`) {
		t.Errorf("the board says %s", b)
	}
	if m := p.do("GET", "/metrics", "", 200); !strings.Contains(m, "callwright_recordings_unwritten_total 1\n") {
		t.Error("the meter does not count it")
	}
	s.stop(os.Interrupt)
	b, err := os.ReadFile(filepath.Join(s.dir, "tapes", "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var tapes []tape
	for line := range strings.Lines(string(b)) {
		var x tape
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		tapes = append(tapes, x)
	}
	if len(tapes) != 2 || tapes[0].Broken || !tapes[1].Broken || tapes[1].Length < 1 || tapes[1].Length > 2.1 {
		t.Fatalf("the index says %+v", tapes)
	}
	for _, x := range tapes {
		if got := s.plays(x.File); got != x.Length {
			t.Errorf("%v s play, the index says %v", got, x.Length)
		}
	}
	if notes, _ := os.ReadFile(filepath.Join(s.dir, "data", "notes.jsonl")); strings.Count(string(notes), `"broken":true`) != 1 {
		t.Errorf("the notes say %s", notes)
	}
	if out := s.callwright("measure", "data/journal", "--format", "csv"); !strings.Contains(out, ",offered,contacts,2\n") {
		t.Errorf("measure says %s", out)
	}
}

// A call that the closing cuts off is found among the recordings after the next start.
func TestServeClosesTapes(t *testing.T) {
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
	s.stop(os.Interrupt)
	if notes, _ := os.ReadFile(filepath.Join(s.dir, "data", "notes.jsonl")); strings.Count(string(notes), `"recording":"`) != 1 {
		t.Errorf("the notes say %q:\n%s", notes, s.log())
	}
}

// At speed 5 journal and records are in scenario time: a second's talk is five.
func TestServeSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	s := newServed(t, "small-reception")
	s.wrapped("", "--speed 5")
	began := time.Now()
	s.start("small-reception")
	agent, caller := s.phone("1001"), s.phone("1002")
	if code := agent.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	p := s.page("reception-1", s.screens["reception-1"])
	s.ready(agent)
	agent.auto.Store(200)
	caller.dial("5001")
	agent.want("invited")
	caller.want("answered")
	time.Sleep(time.Second)
	var board struct{ Now, Clock, Speed int64 }
	if err := json.Unmarshal([]byte(p.do("GET", "/api/board", "", 200)), &board); err != nil || board.Speed != 5 || board.Clock <= board.Now {
		t.Errorf("%v: the board says %+v", err, board)
	}
	caller.bye()
	agent.want("ended")
	s.stop(os.Interrupt)
	ran := time.Since(began)
	records, err := os.ReadFile(filepath.Join(s.dir, "data", "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(records)) {
		var c struct {
			Record  string
			At, End time.Time
			Talk    float64 `json:"talk_s"`
			Wait    float64 `json:"wait_s"`
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if c.Record != "contact" {
			continue
		}
		if c.Talk < 5 || c.Talk > 5*ran.Seconds() || c.At.Before(began) || c.End.After(began.Add(5*ran+time.Second)) || c.End.Sub(c.At).Seconds() < c.Talk {
			t.Errorf("in %v of wall time: %s", ran, line)
		}
		if out := s.callwright("replay", "data/journal"); !strings.Contains(out, "effects") {
			t.Errorf("replay says %s", out)
		}
		return
	}
	t.Errorf("no contact in\n%s", records)
}
