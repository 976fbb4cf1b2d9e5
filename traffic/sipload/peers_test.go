package sipload

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// needs skips a test, saying so, where a peer is not installed: `make peers` does that.
func needs(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("CALLWRIGHT_PEERS") == "required" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("SKIPPED: %s is not installed, so this proves nothing; run make peers", program)
	}
	return path
}

func freePort(t testing.TB, host string) int {
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// sippAt starts SIPp as an endpoint that answers.
func sippAt(t testing.TB, host string, args ...string) netip.AddrPort {
	t.Helper()
	path := needs(t, "sipp")
	port := freePort(t, host)
	dir := t.TempDir()
	cmd := exec.Command(path, append([]string{"-i", host, "-mi", host, "-p", strconv.Itoa(port), "-nostdin"}, args...)...)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	at := netip.AddrPortFrom(netip.MustParseAddr(host), uint16(port))
	for range 100 { // until it has its port
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
		if err != nil {
			break
		}
		c.Close()
		time.Sleep(20 * time.Millisecond)
	}
	return at
}

// SIPp answers: all calls go as its built-in scenario says, on UDP and TCP.
func TestSippAnswers(t *testing.T) {
	for name, args := range map[string][]string{"udp": nil, "tcp": {"-t", "tn", "-max_socket", "100"}} {
		at := sippAt(t, "127.0.0.5", append([]string{"-sn", "uas"}, args...)...)
		cfg := callers(at, callStep, callscript.Step{Op: callscript.Expect, Codes: []callscript.CodeRange{{From: 200, To: 200}}}, lasts(callscript.Wait, 100*time.Millisecond), hangUp)
		cfg.Arrivals = rates(t, 50, 100)
		if name == "tcp" {
			cfg.Transport = 1
		}
		e, total := play(t, cfg)
		if total.Completed != 100 || total.Failed != 0 {
			t.Errorf("%s: %+v %v", name, total.Counts, total.FailedBy())
		}
		honest(t, e)
	}
}

// sippCalls runs SIPp as a caller and returns its figures and messages.
func sippCalls(t testing.TB, to netip.AddrPort, calls int, args ...string) (good int, messages string) {
	t.Helper()
	path := needs(t, "sipp")
	dir := t.TempDir()
	msgs := filepath.Join(dir, "messages")
	cmd := exec.Command(path, append([]string{to.String(), "-sn", "uac", "-s", "500", "-d", "100", "-i", "127.0.0.6", "-mi", "127.0.0.6", "-p", strconv.Itoa(freePort(t, "127.0.0.6")), "-m", strconv.Itoa(calls), "-r", "50", "-nostdin", "-timeout", "30s",
		"-trace_stat", "-stf", filepath.Join(dir, "stat.csv"), "-fd", "1", "-trace_msg", "-message_file", msgs}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	b, rerr := os.ReadFile(filepath.Join(dir, "stat.csv"))
	if rerr != nil {
		t.Fatalf("sipp: %v, %v\n%.2000s", err, rerr, out)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	head, last := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	if i := slices.Index(head, "SuccessfulCall(C)"); i >= 0 && i < len(last) {
		good, _ = strconv.Atoi(last[i])
	}
	m, err := os.ReadFile(msgs)
	if err != nil {
		t.Fatal(err)
	}
	return good, string(m)
}

// SIPp calls our answerer: all its calls go as its built-in scenario says.
func TestSippCalls(t *testing.T) {
	for _, args := range [][]string{nil, {"-t", "tn", "-max_socket", "200"}} {
		at, end := answerer(t, "127.0.0.2", answers, func(c *Config) {
			if args != nil {
				c.Transport = 1
			}
		})
		good, _ := sippCalls(t, at, 100, args...)
		if good != 100 {
			t.Errorf("%v: %d of 100 calls", args, good)
		}
		if total := end(); total.Completed != 100 || total.Failed != 0 {
			t.Errorf("%v: ours: %+v %v", args, total.Counts, total.FailedBy())
		}
	}
}

// meaning is a ladder without what is each side's own: who sends what, with which CSeq, and
// whether the dialog's tags are there.
func meaning(ours bool, text string) string {
	first, rest, _ := strings.Cut(text, "\r\n")
	w := strings.Fields(first)
	if len(w) < 2 {
		return ""
	}
	what := w[0]
	if strings.HasPrefix(first, "SIP/2.0 ") {
		what = w[1]
	}
	dir := "<"
	if ours {
		dir = ">"
	}
	header := func(name string) string {
		for _, l := range strings.Split(rest, "\r\n") {
			if n, v, ok := strings.Cut(l, ":"); ok && strings.EqualFold(strings.TrimSpace(n), name) {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	body := ""
	if _, b, _ := strings.Cut(text, "\r\n\r\n"); strings.Contains(b, "m=audio") {
		body = " audio"
	}
	return fmt.Sprintf("%s %s cseq=%s from-tag=%v to-tag=%v%s", dir, what, header("CSeq"), strings.Contains(header("From"), "tag="), strings.Contains(header("To"), "tag="), body)
}

// The ladder of a call of ours says the same as that of SIPp's with the same endpoint.
func TestLadderLikeSipps(t *testing.T) {
	at, _ := answerer(t, "127.0.0.2", answers, nil)
	_, log := sippCalls(t, at, 1)
	var theirs []string
	for _, part := range strings.Split("\n"+log, "\n-----------------------------------------------")[1:] {
		head, text, _ := strings.Cut(part, "\n\n")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		if m := meaning(strings.Contains(head, "message sent"), strings.TrimLeft(text, "\r\n")); m != "" {
			theirs = append(theirs, m)
		}
	}
	cfg := callers(at, callStep, lasts(callscript.Wait, 100*time.Millisecond), hangUp)
	cfg.Arrivals = rates(t, 1, 1)
	var ours []string
	cfg.OnSample = func(s *loadstats.Sample, _ *Kept) {
		for _, l := range s.Lines {
			ours = append(ours, meaning(l.Ours, l.Text))
		}
	}
	play(t, cfg)
	// SIPp counts CSeq as a UAC may; the order and the meaning are what is compared
	if !slices.Equal(ours, theirs) || len(ours) != 7 {
		t.Errorf("ours\n%s\nSIPp's\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
	}
}
