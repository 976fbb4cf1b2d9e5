package rtp

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"
	"time"
)

// wire is what a DTMFSender sent, and when.
type wire struct {
	at time.Duration
	b  []byte
}

// press sends keys, each as long as length says, with silence between them.
func press(keys string, length func(i int) time.Duration) (sent []wire) {
	s := NewSender(7, 100, 5000)
	var d DTMFSender
	now := time.Duration(0)
	frame := func() {
		b, ok := d.Next(nil, &s, now, 101)
		if !ok {
			b = s.Packet(nil, now, 0, make([]byte, FrameSize))
		}
		sent = append(sent, wire{now, b})
		now += FrameTime
	}
	for i := range keys {
		d.SetPress(length(i))
		d.Push(keys[i : i+1])
		for d.Busy() {
			frame()
		}
	}
	for range 20 {
		frame()
	}
	return sent
}

func receive(sent []wire) (keys string, r *DTMFReceiver) {
	l := newHeardLeg()
	for _, w := range sent {
		l.now = w.at
		l.feed(peer, w.b)
	}
	return l.keys, &l.Keys
}

// TestThousandDigits: 1,000 digits of 80 to 120 ms under 5 % independent loss, some
// with all three end packets lost, a tenth of the packets up to 60 ms late and so out
// of order, 2 % doubled: each exactly once, in order. Several fixed seeds.
func TestThousandDigits(t *testing.T) {
	for seed := range uint64(20) {
		g := rand.New(rand.NewPCG(seed, 4733))
		keysWanted := make([]byte, 1000)
		for i := range keysWanted {
			keysWanted[i] = keys[g.IntN(12)] // many doubles: "55" must stay two
		}
		sent := press(string(keysWanted), func(int) time.Duration {
			return time.Duration(80+g.IntN(41)) * time.Millisecond
		})
		var came []wire
		ends := 0
		for _, w := range sent {
			if len(w.b) == 16 && w.b[13]&0x80 != 0 {
				ends++
				if ends/3%10 == 0 { // each tenth press loses its end
					continue
				}
			}
			if g.Float64() < 0.05 {
				continue
			}
			if g.Float64() < 0.1 {
				w.at += time.Duration(g.IntN(60)) * time.Millisecond
			}
			came = append(came, w)
			if g.Float64() < 0.02 {
				came = append(came, w)
			}
		}
		sort.SliceStable(came, func(a, b int) bool { return came[a].at < came[b].at })
		if got, _ := receive(came); got != string(keysWanted) {
			t.Errorf("seed %d: %d keys of 1000, or others, or in another order", seed, len(got))
		}
	}
}

// TestLongPress: 20 s are three segments, and one key; the end of a segment may be lost.
func TestLongPress(t *testing.T) {
	for lose := range 8 {
		sent := press("*5", func(i int) time.Duration { return []time.Duration{20 * time.Second, 100 * time.Millisecond}[i] })
		var came []wire
		for i, w := range sent {
			boundary := i > 409-4 && i < 411 // segments end after 65,535/160 = 409.6 packets
			if boundary && lose&(1<<(i%3)) != 0 {
				continue
			}
			came = append(came, w)
		}
		if got, _ := receive(came); got != "*5" {
			t.Errorf("loss pattern %d: %q, want *5", lose, got)
		}
	}
}

// TestLostEnd: a key whose end never comes counts as released after 100 ms, and the
// same key pressed again is another press.
func TestLostEnd(t *testing.T) {
	sent := press("55", func(int) time.Duration { return 100 * time.Millisecond })
	var came []wire
	for _, w := range sent {
		if len(w.b) != 16 || w.b[13]&0x80 == 0 {
			came = append(came, w)
		}
	}
	got, r := receive(came)
	if got != "55" {
		t.Errorf("%q, want 55", got)
	}
	last := came[len(came)-1].at
	if r.Held(last) {
		t.Errorf("still held after %v", last)
	}
}

// Only one packet of a press comes, whichever it is.
func TestOnePacketIsEnough(t *testing.T) {
	sent := press("7", func(int) time.Duration { return 100 * time.Millisecond })
	for i, w := range sent {
		if len(w.b) != 16 {
			continue
		}
		if got, _ := receive([]wire{w}); got != "7" {
			t.Errorf("packet %d alone: %q, want 7", i, got)
		}
	}
}

// The time of a press is silence to the buffer, no gap to be filled.
func TestEventIsNoGap(t *testing.T) {
	l := newHeardLeg()
	for i, w := range press("123", func(int) time.Duration { return 100 * time.Millisecond }) {
		l.now = w.at
		l.feed(peer, w.b)
		if i == 0 { // a call does not begin with a press
			for k := range 10 {
				l.feed(peer, (&Packet{Seq: uint16(90 + k), Timestamp: uint32(5000 - (10-k)*FrameSize), SSRC: 7, Payload: make([]byte, FrameSize)}).Append(nil))
			}
		}
		l.tick()
	}
	if c := l.Buffer.Counts(); c.Concealed > 0 || c.Frames < 30 || l.keys != "123" {
		t.Errorf("%+v, keys %q; want nothing concealed", c, l.keys)
	}
}

func ExampleDTMFSender() {
	s := NewSender(0x1234, 1, 0)
	var d DTMFSender
	d.Push("5")
	for i := range 9 {
		b, ok := d.Next(nil, &s, time.Duration(i)*FrameTime, 101)
		if ok {
			fmt.Printf("marker=%d seq=%d timestamp=%d event=%d end=%d duration=%d\n", b[1]>>7, b[3], b[7], b[12], b[13]>>7, int(b[14])<<8|int(b[15]))
		}
	}
	// Output:
	// marker=1 seq=1 timestamp=0 event=5 end=0 duration=160
	// marker=0 seq=2 timestamp=0 event=5 end=0 duration=320
	// marker=0 seq=3 timestamp=0 event=5 end=0 duration=480
	// marker=0 seq=4 timestamp=0 event=5 end=0 duration=640
	// marker=0 seq=5 timestamp=0 event=5 end=0 duration=800
	// marker=0 seq=6 timestamp=0 event=5 end=1 duration=800
	// marker=0 seq=7 timestamp=0 event=5 end=1 duration=800
	// marker=0 seq=8 timestamp=0 event=5 end=1 duration=800
}
