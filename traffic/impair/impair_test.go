package impair

import (
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"callwright/traffic"
)

func exponential(t *testing.T, mean time.Duration) traffic.Law {
	t.Helper()
	l, err := traffic.Exponential(mean.Seconds())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is said of a link is what becomes of datagrams, within the binomial interval at 1e-6.
func TestFates(t *testing.T) {
	l := Link{Loss: 0.03, Delay: 40 * time.Millisecond, Jitter: exponential(t, 5*time.Millisecond), Reorder: 0.1, Duplicate: 0.02, Seed: 7}
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	lost, twice, held, sum, diff := 0, 0, 0, 0.0, 0.0
	plain := l
	plain.Loss, plain.Reorder, plain.Duplicate = 0, 0, 0
	was := plain.Fate(1, 0).After
	for i := range uint64(n) {
		f := l.Fate(1, i+1)
		if f != l.Fate(1, i+1) {
			t.Fatal("another fate the second time")
		}
		p := plain.Fate(1, i+1)
		switch {
		case f.Lost:
			lost++
			continue
		case f.Twice:
			twice++
		}
		if f.After != p.After {
			held++
		}
		sum += p.After.Seconds()
		diff += math.Abs((p.After - was).Seconds())
		was = p.After
	}
	within := func(what string, k int, of, p float64) {
		t.Helper()
		if z := (float64(k) - of*p) / math.Sqrt(of*p*(1-p)); math.Abs(z) > 4.9 {
			t.Errorf("%s: %d of %v, want the part %v", what, k, of, p)
		}
	}
	kept := float64(n - lost)
	within("lost", lost, n, 0.03)
	within("twice", twice, kept, 0.02)
	within("held back", held, kept, 0.1)
	if m := sum / kept; math.Abs(m-0.045) > 0.0002 {
		t.Errorf("mean delay %v s", m)
	}
	// successive kept packets: |X1 - X2| of independent draws
	if j, want := diff/kept, MeanDifference(l.Jitter); math.Abs(j/want-1) > 0.02 {
		t.Errorf("mean difference %v, want %v", j, want)
	}
	if l.Fate(2, 1) == l.Fate(1, 1) && l.Fate(2, 2) == l.Fate(1, 2) && l.Fate(2, 3) == l.Fate(1, 3) {
		t.Error("two streams have the same fates")
	}
}

// Gini's mean difference: of an exponential its mean, of a uniform on [0, a] a third of a.
func TestMeanDifference(t *testing.T) {
	uniform, err := traffic.Quantiles(traffic.QuantilePoint{P: 0, X: 0}, traffic.QuantilePoint{P: 1, X: 0.03})
	if err != nil {
		t.Fatal(err)
	}
	always, _ := traffic.Deterministic(5)
	for _, c := range []struct {
		law  traffic.Law
		want float64
	}{{exponential(t, 10*time.Millisecond), 0.010}, {uniform, 0.010}, {always, 0}} {
		if got := MeanDifference(c.law); math.Abs(got-c.want) > 1e-3*c.want+1e-12 {
			t.Errorf("%v: %v, want %v", c.law, got, c.want)
		}
	}
	if !math.IsNaN(MeanDifference(traffic.Never())) {
		t.Error("of Never")
	}
}

func TestValidate(t *testing.T) {
	for _, l := range []Link{{Loss: -0.1}, {Loss: 1.1}, {Reorder: math.NaN()}, {Delay: -1}, {Jitter: traffic.Never()}} {
		if l.Validate() == nil {
			t.Errorf("%+v is taken", l)
		}
	}
}

// A request comes with our Via on top and our address as Contact and for sound; its answer
// without our Via.
func TestProxy(t *testing.T) {
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	target, caller := listen(), listen()
	p, err := Listen(Config{At: netip.MustParseAddrPort("127.0.0.1:0"), To: target.LocalAddr().(*net.UDPAddr).AddrPort()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	body := "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp:4001\r\nm=video 0 RTP/AVP 31\r\n"
	send := func(c *net.UDPConn, to netip.AddrPort, text string) {
		if _, err := c.WriteToUDPAddrPort([]byte(text), to); err != nil {
			t.Fatal(err)
		}
	}
	get := func(c *net.UDPConn) (string, netip.AddrPort) {
		b := make([]byte, 4096)
		c.SetReadDeadline(time.Now().Add(2 * time.Second))
		n, from, err := c.ReadFromUDPAddrPort(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n]), from
	}
	send(caller, p.Addr(), "INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.1:5062>\r\nContent-Type: application/sdp\r\nContent-Length: 999\r\n\r\n"+body)
	got, from := get(target)
	lines := strings.Split(got, "\r\n")
	if !strings.HasPrefix(lines[1], "Via: SIP/2.0/UDP "+from.String()) || !strings.HasPrefix(lines[2], "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa") || !strings.Contains(got, "<sip:a@"+from.String()+">") {
		t.Errorf("the target has\n%s", got)
	}
	if strings.Contains(got, "m=audio 4000 ") || strings.Contains(got, "a=rtcp:4001") || !strings.Contains(got, "c=IN IP4 127.0.0.1") || !strings.Contains(got, "m=video 0 ") {
		t.Errorf("session description\n%s", got)
	}
	send(target, from, "SIP/2.0 180 Ringing\r\n"+lines[1]+"\r\n"+lines[2]+"\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:b@127.0.0.1:9>\r\nContent-Length: 0\r\n\r\n")
	back, _ := get(caller)
	if strings.Count(back, "Via:") != 1 || !strings.Contains(back, "192.0.2.1;branch=z9hG4bKa") || !strings.Contains(back, "<sip:b@"+p.Addr().String()+">") {
		t.Errorf("the caller has\n%s", back)
	}
}
