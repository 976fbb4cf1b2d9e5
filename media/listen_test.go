package media

import (
	"net/netip"
	"testing"
	"time"

	"callwright/media/rtp"
	"callwright/netio"
)

// ears counts what a listener is told.
type ears struct{ came, went, ticks, keys, told int }

func (e *ears) Came(_ time.Duration, _ netip.AddrPort, b []byte, a rtp.Arrived) func() {
	e.came++
	if a.Key == 0 {
		return nil
	}
	e.keys++
	return func() { e.told++ } // the worker's goroutine reads it again only after deliver
}

func (e *ears) Went(time.Duration, netip.AddrPort, []byte) { e.went++ }

func (e *ears) Tick(time.Duration) func() { e.ticks++; return nil }

// A generator's legs take turns in the four steps of a frame, each is told of all its
// packets, goes on sending to who is silent, and is paced.
func TestGenerator(t *testing.T) {
	clock := netio.NewClock()
	e, w := still(t, Config{Generator: true, Clock: clock})
	const legs = 8
	var all [legs]*Leg
	var heard [legs]ears
	peer, err := netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	for i := range all {
		if all[i], err = e.Open(); err != nil {
			t.Fatal(err)
		}
	}
	w.mu.Lock() // from here on the test is the clock
	before := w.pace.Frames
	now := w.clock.Now()
	for i, l := range all {
		l.listener = &heard[i]
		l.params, l.set = Params{Remote: peer.Local(), Send: true, Receive: true}, true
		l.in.Set(rtp.PCMU, 0, 101)
		l.in.Source.Set(now, rtp.Strict, peer.Local(), loopback, true)
	}
	turns := map[int]int{} // legs by the step at which they sent
	for n := range 400 * stepsPerTick {
		w.turn = n % w.turns
		sent := w.stats.Sent
		w.tick(now, 0)
		turns[w.turn] += int(w.stats.Sent - sent)
		now += step
	}
	for turn := range stepsPerTick {
		if turns[turn] != 400*legs/stepsPerTick {
			t.Errorf("step %d sent %d packets of %d", turn, turns[turn], 400*legs/stepsPerTick)
		}
	}
	if n := w.pace.Frames - before; n != 400*legs {
		t.Errorf("%d frames were paced, want %d: 8 s to a peer that is silent", n, 400*legs)
	}
	for i := range heard {
		if heard[i].went != 400 || heard[i].ticks != 400 {
			t.Errorf("leg %d: %+v; want 400 of each", i, heard[i])
		}
	}
	w.leaveOut(3)
	if n := w.pace.Frames - before; n != 403*legs || w.pace.FramesLate < 3*legs {
		t.Errorf("%d frames, %d late, with three left out", n, w.pace.FramesLate)
	}
	w.mu.Unlock()
}
