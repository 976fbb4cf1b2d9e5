package rtp

import (
	"bytes"
	"testing"
	"time"
)

// A leg in the middle of a call allocates nothing, in or out, whatever comes.
func TestNoAllocation(t *testing.T) {
	l := newHeardLeg()
	s := NewSender(1, 1, 1)
	var d DTMFSender
	buf := make([]byte, 0, MaxPacket)
	payload := make([]byte, FrameSize)
	i := 0
	if n := testing.AllocsPerRun(5000, func() {
		if i++; i%100 == 0 {
			d.Push("1")
		}
		now := time.Duration(i) * FrameTime
		b, ok := d.Next(buf[:0], &s, now, 101)
		if !ok {
			b = s.Packet(buf[:0], now, 0, payload)
		}
		if i%20 != 0 {
			l.Datagram(now, peer, b, true)
		}
		l.tick()
	}); n != 0 {
		t.Errorf("%v allocations a frame, want 0", n)
	}
	if _, lost := l.Receiver.Loss(); lost == 0 {
		t.Error("the test lost nothing")
	}
}

// TestRelay: a relayed stream keeps its gaps, its order and its timing, after own
// packets and before them, and through a change of source.
func TestRelay(t *testing.T) {
	s := NewSender(9, 1000, 77)
	var r Receiver
	var out []Packet
	send := func(b []byte) {
		p, err := new(Parser).Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		p.Payload = nil
		out = append(out, p)
		r.Packet(0, &p, false)
	}
	now := time.Duration(0)
	own := func(n int) {
		for range n {
			send(s.Packet(nil, now, 0, make([]byte, FrameSize)))
			now += FrameTime
		}
	}
	relay := func(ssrc uint32, seqs ...int) {
		for _, q := range seqs {
			p := &Packet{Seq: uint16(q), Timestamp: uint32(q * FrameSize), SSRC: ssrc, Payload: make([]byte, FrameSize)}
			if b, ok := s.Relay(nil, now, p, 8); ok {
				send(b)
			}
			now += FrameTime
		}
	}
	own(5)
	relay(1, 65530, 65531, 65533, 65532, 65535, 65536, 65537) // one lost, two in reverse, a wrap
	own(3)
	relay(2, 10, 11, 12)
	relay(3, 40000, 40001)
	relay(3, 10001, 10002) // a jump
	own(1)
	e, lost := r.Loss()
	if c := r.Counts(); e != 24 || lost != 1 || c.Reordered != 1 || c.Switches+c.Resyncs+c.Duplicates != 0 {
		t.Errorf("the receiver behind: %d expected, %d lost, %+v; want 24, 1 lost, 1 reordered", e, lost, c)
	}
	for i := 1; i < len(out); i++ {
		seq, ts := int16(out[i].Seq-out[i-1].Seq), int32(out[i].Timestamp-out[i-1].Timestamp)
		if seq > 0 && ts <= 0 || seq < 0 && ts >= 0 || ts > 4*FrameSize {
			t.Errorf("packet %d: sequence by %d, timestamp by %d", i, seq, ts)
		}
	}
}

func FuzzDatagram(f *testing.F) {
	s := NewSender(1, 1, 1)
	var d DTMFSender
	d.Push("#")
	b, _ := d.Next(nil, &s, 0, 101)
	f.Add(b, b)
	f.Add(s.Packet(nil, 0, 0, make([]byte, FrameSize)), b)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		l := newHeardLeg()
		was := bytes.Clone(a)
		for range 3 {
			l.feed(peer, a)
			l.feed(peer, b)
			l.tick()
		}
		if !bytes.Equal(a, was) {
			t.Error("the datagram was changed")
		}
		if _, lost := l.Receiver.Loss(); lost > 3*maxDropout*6 {
			t.Errorf("%d lost of six packets", lost)
		}
		l.Receiver.End()
		var q Quality
		q.Fill(&l.Receiver, &l.Buffer, &Control{})
		q.Rate()
	})
}

// FuzzEvents feeds any run of event packets: never more keys than timestamps.
func FuzzEvents(f *testing.F) {
	f.Add([]byte{5, 10, 0, 160, 0, 5, 0x8a, 1, 64, 0, 5, 10, 0, 160, 200})
	f.Fuzz(func(t *testing.T, b []byte) {
		var d DTMFReceiver
		keys, stamps := 0, map[uint32]bool{}
		ts := uint32(0)
		for i := 0; i+5 <= len(b); i += 5 {
			ts += uint32(b[i+4]) * 100 // forwards only: what is eight presses late may count again
			stamps[ts] = true
			if _, ok := d.Packet(time.Duration(i)*time.Millisecond, &Packet{Timestamp: ts, Payload: b[i : i+4]}); ok {
				keys++
			}
		}
		if keys > len(stamps) {
			t.Errorf("%d keys from %d timestamps", keys, len(stamps))
		}
	})
}
