package sipua_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

// sipp runs SIPp 3.6.1 from 127.0.0.8, which the centre takes for its trunk, and returns
// what it counted: calls that went as the scenario says, and those that did not.
func sipp(t *testing.T, c *centre, args ...string) (good, failed int) {
	t.Helper()
	path := needs(t, "sipp")
	dir := t.TempDir()
	args = append([]string{c.addr.String(), "-i", "127.0.0.8", "-p", strconv.Itoa(freePort(t, "127.0.0.8")), "-mi", "127.0.0.8", "-nostdin", "-timeout", "60s",
		"-trace_stat", "-stf", filepath.Join(dir, "stat.csv"), "-fd", "1", "-trace_err", "-error_file", filepath.Join(dir, "errors")}, args...)
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	b, rerr := os.ReadFile(filepath.Join(dir, "stat.csv"))
	if rerr != nil {
		t.Fatalf("sipp: %v, %v\n%s", err, rerr, out)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	head, last := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	for i, name := range head {
		if i >= len(last) {
			break
		}
		switch name {
		case "SuccessfulCall(C)":
			good, _ = strconv.Atoi(last[i])
		case "FailedCall(C)":
			failed, _ = strconv.Atoi(last[i])
		}
	}
	if e, err := os.ReadFile(filepath.Join(dir, "errors")); err == nil && len(e) > 0 {
		t.Logf("sipp says\n%.2000s", e)
	}
	return good, failed
}

// deskOf is a centre of n agents in one queue, whose phones answer at once.
func deskOf(t *testing.T, n int) (*centre, []*phone) {
	p := onePlan()
	p.Agents = nil
	for i := range n {
		p.Agents = append(p.Agents, realcore.Agent{Name: fmt.Sprint("agent-", i), Group: 0})
	}
	c := newCentreOf(t, p, func(cfg *sipua.Config) {
		cfg.Accounts = nil
		for i := range n {
			u := fmt.Sprint("u", i)
			cfg.Accounts = append(cfg.Accounts, sipua.Account{User: u, Extension: fmt.Sprint(700 + i), Agent: realcore.AgentID(i), HA1: md5ha1(u, "p")})
		}
		cfg.Trunks[0].Lines = 0
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32")}
	})
	var phones []*phone
	for i := range n {
		ph := c.phone(fmt.Sprint("u", i), "p")
		ph.auto.Store(200)
		c.ready(ph)
		phones = append(phones, ph)
		go func() {
			for range ph.events {
			}
		}()
	}
	return c, phones
}

// SIPp calls, is answered by an agent's phone, and hangs up: every call, also those that
// must wait for an agent.
func TestSippCalls(t *testing.T) {
	needs(t, "sipp")
	c, _ := deskOf(t, 4)
	good, failed := sipp(t, c, "-sn", "uac", "-s", "500", "-r", "10", "-m", "30", "-d", "300")
	if good != 30 || failed != 0 {
		t.Errorf("%d calls went well, %d did not", good, failed)
	}
	answered := 0
	c.ended(30)
	for _, r := range c.contacts {
		if r.Outcome == realcore.Answered {
			answered++
		}
	}
	if answered != 30 {
		t.Errorf("%d answered", answered)
	}
}

// A number that is not allocated, all lines busy, a caller who gives up while the agent's
// phone rings.
func TestSippRefusals(t *testing.T) {
	needs(t, "sipp")
	c := newCentre(t, nil)
	if _, failed := sipp(t, c, "-sn", "uac", "-s", "999", "-m", "1"); failed != 1 {
		t.Error("a number that nobody has is called well")
	}
	anna := c.phone("anna", "a1")
	c.ready(anna)
	if good, failed := sipp(t, c, "-sf", cancelScenario(t), "-s", "500", "-m", "1"); good != 1 || failed != 0 {
		t.Errorf("cancelling: %d went well, %d did not", good, failed)
	}
	anna.want("invited")
	anna.want("cancelled")
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
	if good, failed := sipp(t, c, "-sf", busyScenario(t), "-s", "500", "-r", "10", "-m", "4", "-l", "4"); good != 4 || failed != 0 {
		t.Errorf("three lines of two: %d went well, %d did not", good, failed)
	}
	time.Sleep(100 * time.Millisecond)
}

func scenario(t *testing.T, text string) string {
	name := filepath.Join(t.TempDir(), "scenario.xml")
	if err := os.WriteFile(name, []byte(`<?xml version="1.0"?>`+"\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const sippInvite = `<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
]]></send>
<recv response="100" optional="true"/>
`

const sippACK = `<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
`

func cancelScenario(t *testing.T) string {
	return scenario(t, `<scenario name="cancel">`+sippInvite+`<recv response="180"/><pause milliseconds="300"/>
<send retrans="500"><![CDATA[
CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/><recv response="487"/>`+sippACK+`</scenario>`)
}

// busyScenario wants music (200) or, where the trunk's two lines are taken, 486.
func busyScenario(t *testing.T) string {
	return scenario(t, `<scenario name="busy">`+sippInvite+`<recv response="180" optional="true"/><recv response="486" optional="true" next="busy"/><recv response="200"/>`+
		sippACK+`<pause milliseconds="1500"/>
<send retrans="500"><![CDATA[
BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200" next="end"/>
<label id="busy"/>`+sippACK+`<label id="end"/></scenario>`)
}

// A caller who offers nothing: our 200 has the offer, his ACK the answer; and a re-INVITE
// without an offer likewise.
func TestSippOfferless(t *testing.T) {
	needs(t, "sipp")
	c := newCentre(t, nil)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	c.ready(anna)
	if good, failed := sipp(t, c, "-sf", offerlessScenario(t), "-s", "500", "-m", "1"); good != 1 || failed != 0 {
		t.Errorf("%d went well, %d did not", good, failed)
	}
	anna.want("invited")
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered {
		t.Errorf("recorded as %+v", r)
	}
}

func offerlessScenario(t *testing.T) string {
	head := func(method, extra string, seq int) string {
		return fmt.Sprintf(`%s sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
%s
Call-ID: [call_id]
CSeq: %d %s
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
`, method, extra, seq, method)
	}
	const to, none = "To: <sip:[service]@[remote_ip]:[remote_port]>", "Content-Length: 0\n\n"
	const answer = "Content-Type: application/sdp\nContent-Length: [len]\n\nv=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [media_port] RTP/AVP 8\n"
	send := func(s string) string { return "<send><![CDATA[\n" + s + "]]></send>\n" }
	return scenario(t, `<scenario name="offerless">`+send(head("INVITE", to, 1)+none)+
		`<recv response="100" optional="true"/><recv response="180" optional="true"/>
<recv response="200"><action><ereg regexp="m=audio [1-9][0-9]* RTP/AVP 0 8" search_in="body" check_it="true" assign_to="1"/></action></recv>`+
		send(head("ACK", "[last_To:]", 1)+answer)+`<pause milliseconds="300"/>`+send(head("INVITE", "[last_To:]", 2)+none)+
		`<recv response="100" optional="true"/><recv response="200"><action><ereg regexp="m=audio [1-9][0-9]* RTP/AVP 8 101" search_in="body" check_it="true" assign_to="2"/></action></recv>`+
		send(head("ACK", "[last_To:]", 2)+answer)+`<pause milliseconds="300"/>`+send(head("BYE", "[last_To:]", 3)+none)+`<recv response="200"/>
<Reference variables="1,2"/></scenario>`)
}

// sipsak asks whether we are there, from an address that is a trunk's: yes; and from
// anywhere else it is asked who it is.
func TestSipsak(t *testing.T) {
	path := needs(t, "sipsak")
	c := newCentre(t, everybody)
	if out, err := exec.Command(path, "-s", "sip:us@"+c.addr.String()).CombinedOutput(); err != nil {
		t.Errorf("a trunk's OPTIONS: %v\n%s", err, out)
	}
	other := newCentre(t, nil)
	if out, err := exec.Command(path, "-v", "-s", "sip:us@"+other.addr.String()).CombinedOutput(); err == nil {
		t.Errorf("a stranger's OPTIONS is answered well\n%s", out)
	}
}
