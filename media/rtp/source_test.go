package rtp

import (
	"net/netip"
	"testing"
	"time"
)

var (
	public  = netip.MustParseAddrPort("192.0.2.1:40000")
	moved   = netip.MustParseAddrPort("192.0.2.1:51234") // the same machine, another port
	inside  = netip.MustParseAddrPort("192.168.1.7:40000")
	third   = netip.MustParseAddrPort("198.51.100.9:40000")
	signals = public.Addr()
)

// from sends n packets in order from an address, beginning with a number, and
// returns how many were listened to.
func from(s *Source, a netip.AddrPort, ssrc uint32, first, n int, known bool) (heard int) {
	for i := range n {
		if s.Packet(0, a, &Packet{Seq: uint16(first + i), SSRC: ssrc}, known) {
			heard++
		}
	}
	return heard
}

func TestSource(t *testing.T) {
	tests := []struct {
		name   string
		policy Policy
		sdp    netip.AddrPort
		from   netip.AddrPort
		ssrc   uint32
		known  bool
		heard  int // of ten packets
	}{
		{"exactly SDP's address locks at once", Auto, public, public, 1, true, 10},
		{"strict: so too", Strict, public, public, 1, true, 10},
		{"another port where SDP is public and signals itself: never", Auto, public, moved, 1, true, 0},
		{"private SDP: signalling's address after four", Auto, inside, moved, 1, true, 7},
		{"SDP names a third party: signalling's address after four", Auto, third, moved, 1, true, 7},
		{"strict does not learn", Strict, inside, moved, 1, true, 0},
		{"a payload type nobody negotiated does not count", Auto, inside, moved, 1, false, 0},
		{"a stranger is never learned", Auto, inside, third, 1, true, 0},
		{"the third party itself locks at once", Auto, third, third, 1, true, 10},
	}
	for _, x := range tests {
		var s Source
		s.Set(0, x.policy, x.sdp, signals, true)
		if got := from(&s, x.from, x.ssrc, 65534, 10, x.known); got != x.heard {
			t.Errorf("%s: %d of 10 heard, want %d", x.name, got, x.heard)
		}
		if want := uint32(10 - x.heard); s.Foreign() != want {
			t.Errorf("%s: %d counted, want %d", x.name, s.Foreign(), want)
		}
		to, _ := s.Target(0)
		want := x.sdp
		if x.heard > 0 {
			want = x.from
		}
		if to != want {
			t.Errorf("%s: sends to %v, want %v", x.name, to, want)
		}
	}
}

func TestSourceOrder(t *testing.T) {
	var s Source
	s.Set(0, Auto, inside, signals, true)
	for i, step := range []struct {
		ssrc uint32
		seq  int
	}{{1, 1}, {1, 2}, {1, 3}, {2, 4}, {2, 5}, {2, 5}, {2, 6}, {2, 7}} { // a change, a double
		if from(&s, moved, step.ssrc, step.seq, 1, true) != 0 {
			t.Errorf("step %d: locked out of order", i)
		}
	}
	if from(&s, moved, 2, 8, 1, true) != 1 {
		t.Error("not locked after four in order")
	}
	if from(&s, inside, 1, 1, 5, true) != 0 {
		t.Error("SDP's address is heard after the source was locked to another")
	}
	s.Set(0, Auto, inside, signals, true)
	if _, locked := s.Locked(); locked {
		t.Error("a new SDP does not open learning")
	}
	if to, _ := s.Target(0); to != moved {
		t.Errorf("the same addresses again: sends to %v until somebody locks, want %v", to, moved)
	}
	if from(&s, inside, 1, 1, 1, true) != 1 {
		t.Error("SDP's address does not lock after the new SDP")
	}
	s.Set(0, Auto, third, signals, true)
	if to, _ := s.Target(0); to != third {
		t.Errorf("other addresses: sends to %v, want %v", to, third)
	}
}

func TestTarget(t *testing.T) {
	for _, a := range []string{"224.0.1.75:40000", "[ff02::1]:40000", "255.255.255.255:40000", "0.0.0.0:40000", "[::]:40000", "192.0.2.1:1023", "192.0.2.1:0"} {
		var s Source
		s.Set(0, Auto, netip.MustParseAddrPort(a), signals, true)
		if to, ok := s.Target(0); ok {
			t.Errorf("sends to %v", to)
		}
	}
	may := func(s *Source, at time.Duration, want bool, when string) {
		t.Helper()
		if _, ok := s.Target(at); ok != want {
			t.Errorf("%s: may send is %v, want %v", when, ok, want)
		}
	}
	var s Source
	const sec = time.Second
	s.Set(0, Auto, public, signals, true)
	may(&s, 2*sec, true, "first packet, 2 s after SDP")
	may(&s, 7*sec, true, "5 s later")
	may(&s, 7*sec+1, false, "more than 5 s without an answer")
	s.Packet(8*sec, public, &Packet{}, true)
	may(&s, 13*sec, true, "5 s after an answer")
	may(&s, 14*sec, false, "6 s after an answer")
	s.Control(14*sec, netip.AddrPortFrom(public.Addr(), 40001))
	may(&s, 19*sec, true, "5 s after RTCP")
	s.Set(20*sec, Auto, public, signals, false)
	may(&s, 100*sec, true, "on hold: it answered once, and was told to be silent")

	var never Source
	never.Set(0, Auto, public, signals, false)
	may(&never, 0, true, "on hold from the beginning")
	may(&never, 6*sec, false, "that never answered")
}
