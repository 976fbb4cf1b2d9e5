package media

import (
	"net/netip"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// still holds an engine's only worker, so that a test can be its clock.
func still(t *testing.T, c Config) (*Engine, *worker) {
	c.Workers = 1
	e := engine(t, c)
	return e, e.workers[0]
}

// A worker's poll and tick allocate nothing once warm: relayed, mixed and recorded.
// Reports, every five seconds, are put off here.
func TestNoAllocation(t *testing.T) {
	for _, record := range []bool{false, true} {
		e, w := still(t, Config{RecordDir: t.TempDir()})
		from, err := netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer from.Close()
		var legs [2]*Leg
		var to [2]netip.AddrPort
		senders := [2]rtp.Sender{rtp.NewSender(1, 1, 1), rtp.NewSender(2, 2, 2)}
		for i := range legs {
			if legs[i], err = e.Open(); err != nil {
				t.Fatal(err)
			}
			legs[i].Set(Params{Remote: from.Local(), Send: true, Receive: true})
			to[i] = netip.AddrPortFrom(loopback, uint16(legs[i].Port()))
		}
		e.Join(legs[0], legs[1])
		if record {
			if _, err := e.Record(legs[0]); err != nil {
				t.Fatal(err)
			}
		}
		w.mu.Lock()
		now := w.clock.Now()
		for _, l := range legs {
			l.nextReport = now + time.Hour
		}
		buf, payload := make([]byte, 0, rtp.MaxPacket), make([]byte, rtp.FrameSize)
		frame := func() {
			now += rtp.FrameTime
			for i := range legs {
				b := senders[i].Packet(buf, now, 0, payload)
				if err := from.Send(b, to[i]); err != nil {
					t.Fatal(err)
				}
			}
			w.poll()
			w.tick(now, 0)
		}
		for range 30 { // all of it within the five seconds after which we fall silent: packets
			// arrive by the real clock
			frame()
		}
		before := w.stats
		n := testing.AllocsPerRun(200, frame)
		after := w.stats
		w.mu.Unlock()
		if n != 0 {
			t.Errorf("recorded %v: %v allocations a frame of a call, want 0", record, n)
		}
		if sent, relayed := after.Sent-before.Sent, after.Relayed-before.Relayed; sent < 400 || (relayed == 0) != record {
			t.Errorf("recorded %v: %d packets sent, %d relayed, of 400", record, sent, relayed)
		}
	}
}

// Frames that were left out are silence in a recording, in their place and at its end.
func TestLeaveOut(t *testing.T) {
	e, w := still(t, Config{RecordDir: t.TempDir()})
	l, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	l.Set(Params{})
	rec, err := e.Record(l)
	if err != nil {
		t.Fatal(err)
	}
	l.Loop(toneClip(t, 1000, time.Second))
	w.mu.Lock()
	before := rec.frames
	now := w.clock.Now()
	for _, ticks := range []int{3, 30} {
		for range ticks {
			now += rtp.FrameTime
			w.tick(now, 0)
		}
		w.leaveOut(50)
	}
	if got := rec.frames - before; got != 133 {
		t.Errorf("%d frames, want 133", got)
	}
	l.rec = nil // so that the worker adds no more
	w.mu.Unlock()
	file, length, err := rec.Close()
	_, right := sides(t, file)
	if err != nil || len(right) != int(length/rtp.FrameTime)*rtp.FrameSize {
		t.Fatalf("%d samples for %v, %v", len(right), length, err)
	}
	loud := func(from, to int) float64 { // frames, from the end
		return rtp.RMS(right[len(right)-from*rtp.FrameSize : len(right)-to*rtp.FrameSize])
	}
	if loud(133, 130) < 3000 || loud(130, 80) != 0 || loud(80, 50) < 3000 || loud(50, 0) != 0 {
		t.Errorf("levels %.0f, %.0f, %.0f, %.0f; want loud, silent, loud, silent", loud(133, 130), loud(130, 80), loud(80, 50), loud(50, 0))
	}
}

// A leg is Dead after 30 s without a packet, once; not when it is on hold; and Alive with
// the next packet.
func TestDead(t *testing.T) {
	e, w := still(t, Config{})
	from, err := netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	l, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	l.On(func(Event) {})
	p := Params{Remote: from.Local(), Send: true, Receive: true}
	kinds := func(after time.Duration) (k []EventKind) {
		w.mu.Lock()
		defer w.mu.Unlock()
		now := l.last + after
		for range 3 {
			w.poll()
			w.tick(now, 0)
			now += rtp.FrameTime
		}
		for _, c := range w.calls {
			k = append(k, c.ev.Kind)
		}
		w.calls = w.calls[:0]
		return k
	}
	l.Set(p)
	if k := kinds(29 * time.Second); len(k) != 0 {
		t.Errorf("after 29 s: %v", k)
	}
	if k := kinds(31 * time.Second); len(k) != 1 || k[0] != Dead {
		t.Errorf("after 31 s: %v, want Dead once", k)
	}
	w.mu.Lock() // so that the worker's own goroutine does not take the packet
	s := rtp.NewSender(1, 1, 1)
	if err := from.Send(s.Packet(nil, 0, 0, make([]byte, 160)), netip.AddrPortFrom(loopback, uint16(l.Port()))); err != nil {
		t.Fatal(err)
	}
	w.poll()
	alive := len(w.calls) == 2 && w.calls[0].ev.Kind == Alive && w.calls[1].ev.Kind == FirstPacket
	w.calls = w.calls[:0]
	w.mu.Unlock()
	if !alive {
		t.Error("no Alive with the next packet")
	}
	p.Receive = false
	l.Set(p)
	if k := kinds(time.Minute); len(k) != 0 {
		t.Errorf("on hold: %v", k)
	}
}

// Two legs that are each other's peers report to each other: round trip and loss.
func TestReports(t *testing.T) {
	e, w := still(t, Config{})
	a, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	local := func(l *Leg) netip.AddrPort { return netip.AddrPortFrom(loopback, uint16(l.Port())) }
	a.Set(Params{Remote: local(b), Send: true, Receive: true})
	b.Set(Params{Remote: local(a), Send: true, Receive: true, RemoteRTCP: netip.AddrPortFrom(loopback, uint16(a.Port()+1))})
	eventually(t, "both hear each other", func() bool { return a.Quality().Received > 3 && b.Quality().Received > 3 })
	for range 3 {
		for _, l := range []*Leg{a, b} {
			w.mu.Lock()
			w.report(l, w.clock.Now(), false)
			w.poll()
			w.mu.Unlock()
		}
	}
	for _, l := range []*Leg{a, b} {
		q := l.Quality()
		if !q.Measured || q.RoundTrip > 20*time.Millisecond || q.Far.Reports < 2 || q.Far.Loss != 0 {
			t.Errorf("round trip %v (%v), far end %+v", q.RoundTrip, q.Measured, q.Far)
		}
	}
	b.Close()
	eventually(t, "a is told goodbye", func() bool { return a.Quality().Far.Bye })
}
