package rtp

import (
	"testing"
	"time"
)

func voice(seq uint16, ts uint32) *Packet {
	return &Packet{Seq: seq, Timestamp: ts, SSRC: 1, Payload: make([]byte, FrameSize)}
}

// A plain wrap of the sequence number loses nothing.
func TestWrap(t *testing.T) {
	var r Receiver
	for i := range 200000 {
		if a := r.Packet(time.Duration(i)*FrameTime, voice(uint16(65000+i), uint32(i*FrameSize)), false); a > First {
			t.Fatalf("packet %d: %d", i, a)
		}
	}
	if e, lost := r.Loss(); e != 200000 || lost != 0 {
		t.Errorf("%d expected, %d lost; want 200000, 0", e, lost)
	}
}

// TestBursts loses known runs, reorders what is kept, and doubles some of it.
func TestBursts(t *testing.T) {
	gone := map[int]bool{}
	for _, run := range [][2]int{{10, 1}, {50, 3}, {60, 1}, {200, 7}, {990, 10}} { // the last: to the end
		for i := range run[1] {
			gone[run[0]+i] = true
		}
	}
	var r Receiver
	for i := 0; i < 1000; i += 2 {
		for _, k := range []int{i + 1, i, i} { // pairs in reverse, the even one twice
			if !gone[k] && i+1 != 1 || k == 0 {
				r.Packet(time.Duration(k)*FrameTime, voice(uint16(k), uint32(k*FrameSize)), false)
			}
		}
	}
	r.Packet(time.Second*20, voice(1000, 1000*FrameSize), false) // so that the last run has an end
	r.End()
	e, lost := r.Loss()
	n, sum, long := r.Bursts()
	if e != 1001 || lost != 23 || n != 6 || sum != 23 || long != 10 {
		t.Errorf("expected %d lost %d bursts %d of %d, longest %d; want 1001 23 6 of 23, 10", e, lost, n, sum, long)
	}
}

// Packets that come alternately 0 and 8 ms late differ by 8 ms each: J tends to that.
func TestJitter(t *testing.T) {
	var r Receiver
	for i := range 500 {
		r.Packet(time.Duration(i)*FrameTime+time.Duration(i%2)*8*time.Millisecond, voice(uint16(i), uint32(i*FrameSize)), false)
	}
	if j, peak := r.Jitter(); j < 7900*time.Microsecond || j > 8*time.Millisecond || peak < j {
		t.Errorf("jitter %v, peak %v; want just below 8ms", j, peak)
	}
}

// A flood of sources, each with one packet, neither takes over nor costs memory.
func TestSourceFlood(t *testing.T) {
	var r Receiver
	r.Packet(0, voice(1, 0), false)
	allocs := testing.AllocsPerRun(1000, func() {
		p := voice(77, 0)
		p.SSRC = uint32(r.counts.Probation) + 2
		p.Payload = nil
		r.Packet(0, p, false)
	})
	if ssrc, _ := r.SSRC(); ssrc != 1 || r.Counts().Switches != 0 || allocs > 1 { // the payload above
		t.Errorf("source %d, %d switches, %v allocations", ssrc, r.Counts().Switches, allocs)
	}
}
