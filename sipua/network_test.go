package sipua_test

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// path is a network between a phone and the centre: a UDP relay that loses datagrams by
// a rule. The phone's own address is not what the centre sees, so it is an address
// translator too.
type path struct {
	in   *net.UDPConn // towards the phone
	out  *net.UDPConn // towards the centre
	addr netip.AddrPort
	mu   sync.Mutex
	lose func(b []byte, up bool) bool
}

func newPath(t *testing.T, centre netip.AddrPort) *path {
	t.Helper()
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	p := &path{in: listen(), out: listen()}
	p.addr = p.in.LocalAddr().(*net.UDPAddr).AddrPort()
	var phone netip.AddrPort
	relay := func(from, to *net.UDPConn, up bool) {
		b := make([]byte, 65536)
		for {
			n, src, err := from.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			p.mu.Lock()
			if up {
				phone = src
			}
			dst := phone
			if up {
				dst = centre
			}
			lost := p.lose != nil && p.lose(b[:n], up)
			p.mu.Unlock()
			if !lost && dst.IsValid() {
				to.WriteToUDPAddrPort(b[:n], dst)
			}
		}
	}
	go relay(p.in, p.out, true)
	go relay(p.out, p.in, false)
	return p
}

func (p *path) loses(f func(b []byte, up bool) bool) {
	p.mu.Lock()
	p.lose = f
	p.mu.Unlock()
}

// Of every datagram, both ways, the first two of each three are lost: everything is sent
// again until it arrives, and happens once.
func TestLoss(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Times = dialog.Times{T1: 50 * time.Millisecond, T2: 400 * time.Millisecond}
	})
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	c.ready(anna)
	p := newPath(t, c.addr)
	n := 0
	p.loses(func([]byte, bool) bool { n++; return n%3 != 0 })
	carl := newPhone(t, "carl", "c3", p.addr, c.engine)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	carl.bye()
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || r.Legs != 1 {
		t.Errorf("recorded as %+v", r)
	}
}

// The ACK to our 200 is lost for ever: the 200 is sent again, and at last the call ends
// with a BYE and a record.
func TestLostACK(t *testing.T) {
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Times = dialog.Times{T1: 20 * time.Millisecond, T2: 100 * time.Millisecond}
	})
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	c.ready(anna)
	p := newPath(t, c.addr)
	var oks atomic.Int32
	p.loses(func(b []byte, up bool) bool {
		if !up && strings.HasPrefix(string(b), "SIP/2.0 200") && strings.Contains(string(b), "INVITE") {
			oks.Add(1)
		}
		return up && strings.HasPrefix(string(b), "ACK ")
	})
	carl := newPhone(t, "carl", "c3", p.addr, c.engine)
	carl.dial("500")
	carl.want("answered")
	carl.want("ended")
	anna.want("invited")
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered || oks.Load() < 5 {
		t.Errorf("recorded as %+v, after %d times 200", r, oks.Load())
	}
}

// A phone behind an address translator: its Contact leads nowhere, and it is rung by the
// way it registered.
func TestTranslated(t *testing.T) {
	c := newCentre(t, nil)
	p := newPath(t, c.addr)
	anna := newPhone(t, "anna", "a1", p.addr, c.engine)
	anna.auto.Store(200)
	anna.said = "<sip:anna@10.99.99.99:5060>"
	c.ready(anna)
	carl := c.phone("carl", "c3")
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(100 * time.Millisecond)
	carl.bye()
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered {
		t.Errorf("recorded as %+v", r)
	}
}

// The caller's phone vanishes in mid-call without a word. When nothing comes from it for
// long it is asked whether it is there, and the call ends.
func TestDeadPeer(t *testing.T) {
	if !*soak {
		t.Skip("waits for 30 s of silence: make soak")
	}
	c := newCentre(t, func(cfg *sipua.Config) {
		cfg.Times = dialog.Times{T1: 20 * time.Millisecond, T2: 100 * time.Millisecond}
	})
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	time.Sleep(100 * time.Millisecond)
	carl.do(func() []dialog.Out { carl.audio.Close(); carl.audio = nil; return nil })
	carl.conn.Close()
	deadline := time.Now().Add(40 * time.Second)
	for time.Now().Before(deadline) {
		select {
		case e := <-anna.events:
			if e == "ended" {
				if r := c.ended(1); r.Outcome != realcore.Answered || r.Talk < 29*time.Second || r.Talk > 36*time.Second {
					t.Errorf("recorded as %+v", r)
				}
				return
			}
		case <-time.After(time.Second):
		}
	}
	t.Error("the dead peer is never missed")
}
