package rtp

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Packets later than the delay above the fastest are late, whatever the timestamps'
// beginning and wherever they wrap.
func TestPlayout(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		o := Playout{Delay: 60 * time.Millisecond}
		ts := rng.Uint32()
		want := uint32(0)
		for n := range 2000 {
			// On multiples of the timestamp unit, so that nothing is rounded.
			delay := time.Duration(rng.IntN(800)) * 125 * time.Microsecond
			if n%100 == 0 {
				delay = 0 // the fastest is known at all times
			}
			if delay > o.Delay {
				want++
			}
			at := time.Second + time.Duration(n)*FrameTime + delay
			if got := o.Packet(at, &Packet{Timestamp: ts + uint32(n*FrameSize)}); got != (delay <= o.Delay) {
				t.Fatalf("packet %d, %v late: in time %v", n, delay, got)
			}
		}
		if o.Late() != want {
			t.Errorf("%d late, want %d", o.Late(), want)
		}
	}
}

// A clock that drifts by 200 ppm makes nobody late; a jump of the timestamps costs one
// packet, a late talkspurt none, a single stray one.
func TestPlayoutAnchor(t *testing.T) {
	o := Playout{Delay: 60 * time.Millisecond}
	n, now := 0, time.Second
	play := func(packets int, ts uint32, marker bool) {
		for k := range packets {
			n++
			now += FrameTime + FrameTime/5000
			o.Packet(now, &Packet{Timestamp: ts + uint32(n*FrameSize), Marker: marker && k == 0})
		}
	}
	late := func(what string, want uint32) {
		t.Helper()
		if o.Late() != want {
			t.Errorf("%s: %d late, want %d", what, o.Late(), want)
		}
		o.late = 0
	}
	play(100_000, 7, false)
	late("drift", 0)
	play(1, 1<<30, false)
	play(100, 7, false)
	late("a stray packet", 1)
	play(100, 1<<31, false)
	late("a jump", 1)
	now += 300 * time.Millisecond
	play(100, 1<<31, true)
	late("a talkspurt after a pause that the timestamps leave out", 0)
	now += 300 * time.Millisecond
	play(100, 1<<31, false)
	late("the same without a marker", 100)
}

// Power is what the decoded samples' squares sum to, in both laws.
func TestPower(t *testing.T) {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	for _, c := range []Codec{PCMU, PCMA} {
		var pcm [256]int16
		c.Decode(pcm[:], all[:])
		want := int64(0)
		for _, s := range pcm {
			want += int64(s) * int64(s)
		}
		if got := c.Power(all[:]); got != want {
			t.Errorf("%v: %d, want %d", c, got, want)
		}
	}
}
