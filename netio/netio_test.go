package netio

import (
	"net/netip"
	"testing"
	"time"
)

var loopbacks = []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}

// TestBatch sends 100 datagrams by one call and one each, and reads them as the poller
// says; their times of arrival are in order and lie between sending and reading.
func TestBatch(t *testing.T) {
	for _, at := range loopbacks {
		a, err := Listen(netip.AddrPortFrom(at, 0), Options{ReceiveBuffer: 1 << 20})
		if err != nil {
			t.Logf("%v is not to be had: %v", at, err)
			continue
		}
		defer a.Close()
		b, err := Listen(netip.AddrPortFrom(at, 0), Options{SendBuffer: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		p, err := NewPoller(4)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if err := p.Add(a, 1<<40|7); err != nil {
			t.Fatal(err)
		}
		clock := NewClock()
		out := make([]Datagram, 50)
		for i := range out {
			out[i] = Datagram{B: []byte{byte(i), 1}, Addr: a.Local()}
		}
		batch := NewBatch(16, 100)
		before := clock.Now()
		if n, err := batch.Send(b, out); n != 50 || err != nil {
			t.Fatalf("%d sent, %v", n, err)
		}
		for i := range 50 {
			if err := b.Send([]byte{byte(50 + i), 2}, a.Local()); err != nil {
				t.Fatal(err)
			}
		}
		last := before - time.Millisecond // both clocks are read one after the other
		for got := 0; got < 100; {
			tags, err := p.Ready(nil, time.Second)
			if err != nil || len(tags) != 1 || tags[0] != 1<<40|7 {
				t.Fatalf("ready %v, %v after %d", tags, err, got)
			}
			in, err := batch.Receive(a, clock)
			if err != nil || len(in) == 0 {
				t.Fatalf("%d received, %v", len(in), err)
			}
			for _, d := range in {
				if d.B[0] != byte(got) || len(d.B) != 2 || d.Addr != b.Local() || d.At < last || d.At > clock.Now() {
					t.Fatalf("datagram %d: % x from %v at %v, after %v", got, d.B, d.Addr, d.At, last)
				}
				last = d.At
				got++
			}
		}
		if in, err := batch.Receive(a, clock); len(in) != 0 || err != nil {
			t.Errorf("%d more, %v", len(in), err)
		}
		if n := testing.AllocsPerRun(200, func() {
			_ = b.Send(out[0].B, a.Local())
			_, _ = batch.Receive(a, clock)
			_, _ = batch.Send(b, out[:2])
			_, _ = batch.Receive(a, clock)
		}); n != 0 {
			t.Errorf("%v allocations a datagram, want 0", n)
		}
	}
}

func TestPair(t *testing.T) {
	at := loopbacks[0]
	for range 20 {
		p, err := ListenPair(at, 0, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if p.RTP.Port()%2 != 0 || p.RTCP.Port() != p.RTP.Port()+1 {
			t.Errorf("ports %d and %d", p.RTP.Port(), p.RTCP.Port())
		}
		if again, err := ListenPair(at, p.RTP.Port(), Options{}); err == nil {
			again.Close()
			t.Error("a pair was given twice")
		}
	}
	if _, err := ListenPair(at, 40001, Options{}); err == nil {
		t.Error("an odd port was taken")
	}
}

// TestSleepUntil: the clock does not wake early, nor does lateness add up.
func TestSleepUntil(t *testing.T) {
	c := NewClock()
	start := c.Now()
	for i := range 20 {
		at := start + time.Duration(i)*5*time.Millisecond
		c.SleepUntil(at)
		if now := c.Now(); now < at-50*time.Microsecond {
			t.Errorf("woke %v early", at-now)
		}
	}
	if d := c.Now() - start; d > 95*time.Millisecond+200*time.Millisecond {
		t.Errorf("95 ms took %v", d)
	}
	c.SleepUntil(0)
}
