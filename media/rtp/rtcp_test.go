package rtp

import (
	"bytes"
	"testing"
	"time"
)

// TestRoundTrip sends reports both ways over a path of 30 ms there and 50 ms back,
// between clocks that are hours apart.
func TestRoundTrip(t *testing.T) {
	const there, back, apart = 30 * time.Millisecond, 50 * time.Millisecond, 5 * time.Hour
	a := struct {
		Sender
		Receiver
		Control
	}{Sender: NewSender(0xa, 1, 0)}
	b := struct {
		Sender
		Receiver
		Control
	}{Sender: NewSender(0xb, 1, 0)}
	epoch := 1764000000 * time.Second
	for i := range 100 { // a's audio, of which each tenth packet is lost
		now := time.Duration(i) * FrameTime
		p := a.Sender.Packet(nil, now, 0, make([]byte, FrameSize))
		parsed, err := new(Parser).Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		if i%10 != 5 {
			b.Receiver.Packet(now+there, &parsed, false)
		}
	}
	at := 2 * time.Second
	sr := a.Report(at, epoch+at, &a.Sender, &a.Receiver, "a", false)
	if err := b.Control.Packet(at+there, epoch+apart+at+there, sr, 0xb, 0xa); err != nil {
		t.Fatal(err)
	}
	wait := 700 * time.Millisecond
	rr := b.Report(at+there+wait, epoch+apart+at+there+wait, &b.Sender, &b.Receiver, "b", true)
	at += there + wait + back
	if err := a.Control.Packet(at, epoch+at, rr, 0xa, 0xb); err != nil {
		t.Fatal(err)
	}
	mean, _, ok := a.RoundTrip()
	if d := mean - (there + back); !ok || d < -time.Millisecond || d > time.Millisecond {
		t.Errorf("round trip %v, %v; want 80ms", mean, ok)
	}
	far := a.FarEnd()
	if far.Lost != 10 || far.Highest != 100 || far.Loss < 0.09 || far.Loss > 0.11 || !far.Bye {
		t.Errorf("far end %+v; want 10 of 100 lost, highest 100, bye", far)
	}
	if len(sr)%4 != 0 || len(rr)%4 != 0 || sr[1] != 200 || rr[1] != 201 {
		t.Errorf("reports begin %x, %x; want a sender's and a receiver's", sr[:4], rr[:4])
	}
}

// A goodbye of a source that is not the stream's is not believed.
func TestForeignBye(t *testing.T) {
	s, r := NewSender(0xb, 1, 0), Receiver{}
	var c, other Control
	b := other.Report(0, 0, &s, &r, "b", true)
	if err := c.Packet(0, 0, b, 0xa, 0xc); err != nil || c.FarEnd().Bye {
		t.Errorf("error %v, bye %v; want none", err, c.FarEnd().Bye)
	}
}

// RFC 3550 6.4.1's own example: SR with LSR 0xb705:2000, delay 5.25 s, received at
// 0xb710:8000: round trip 6.125 s.
func TestRoundTripExample(t *testing.T) {
	var c Control
	c.trip(0xb7108000 - 0xb7052000 - 0x00054000)
	if d, _, _ := c.RoundTrip(); d != 6125*time.Millisecond {
		t.Errorf("round trip %v, want 6.125s", d)
	}
}

func TestNTP(t *testing.T) {
	if got := NTP(1500 * time.Millisecond); got != 2208988801<<32|1<<31 {
		t.Errorf("NTP(1.5 s after 1970) = %#x", got)
	}
}

func FuzzControl(f *testing.F) {
	s, r := NewSender(0xb, 1, 0), Receiver{}
	var c Control
	f.Add(c.Report(0, 0, &s, &r, "b", true))
	f.Add([]byte{0x80, 0xc9, 0, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		was := bytes.Clone(b)
		var c Control
		_ = c.Packet(time.Second, time.Second, b, 0xa, 0xb)
		if !bytes.Equal(was, b) {
			t.Error("the datagram was changed")
		}
	})
}
