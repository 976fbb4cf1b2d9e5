package sipua_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
)

// kamailio runs a proxy at an address that records itself and sends everything on.
func kamailio(t *testing.T, at, next netip.AddrPort) {
	t.Helper()
	path := needs(t, "kamailio")
	dir := t.TempDir()
	cfg := filepath.Join(dir, "kamailio.cfg")
	text := fmt.Sprintf(`#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=1
auto_aliases=no
listen=udp:%v
disable_tcp=yes
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {
	if (is_method("CANCEL")) {
		if (t_check_trans()) { t_relay(); }
		exit;
	}
	if (loose_route()) {
		t_relay();
		exit;
	}
	if (is_method("ACK")) {
		if (t_check_trans()) { t_relay(); }
		exit;
	}
	if (is_method("INVITE")) { record_route(); }
	$du = "sip:%v";
	t_relay();
}
`, at, next)
	if err := os.WriteFile(cfg, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log := &safeBuffer{}
	cmd := exec.Command(path, "-f", cfg, "-DD", "-E", "-m", "16", "-M", "4", "-P", filepath.Join(dir, "pid"), "-Y", dir)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		done := make(chan struct{})
		go func() { cmd.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(3 * time.Second):
			cmd.Process.Kill()
		}
		if t.Failed() {
			t.Logf("kamailio says\n%.3000s", log)
		}
	})
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		if b, err := os.ReadFile(filepath.Join(dir, "pid")); err == nil && len(strings.TrimSpace(string(b))) > 0 {
			time.Sleep(200 * time.Millisecond)
			return
		}
	}
	t.Fatalf("kamailio does not start: %s", log)
}

// A call through two proxies that have recorded themselves: ACK, re-INVITE and both
// sides' BYE go through both, in order.
func TestTwoProxies(t *testing.T) {
	needs(t, "kamailio")
	second := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.5"), uint16(freePort(t, "127.0.0.5")))
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("127.0.0.5/32")}
	})
	first := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.4"), uint16(freePort(t, "127.0.0.4")))
	kamailio(t, second, c.addr)
	kamailio(t, first, second)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	c.ready(anna)
	caller := newPhone(t, "caller", "", first, c.engine)
	for i, ends := range []func(){caller.bye, anna.bye} {
		caller.dial("500")
		anna.want("invited")
		caller.want("answered")
		time.Sleep(200 * time.Millisecond)
		anna.hold(1) // sendonly: the centre answers the agent's phone; the caller hears music
		time.Sleep(100 * time.Millisecond)
		anna.hold(0)
		time.Sleep(100 * time.Millisecond)
		ends()
		anna.want("ended")
		caller.want("ended")
		if r := c.ended(i + 1); r.Outcome != realcore.Answered || r.Hold == 0 {
			t.Errorf("recorded as %+v", r)
		}
	}
}
