package sound

import (
	"net/netip"
	"testing"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/netio"
)

// An echo at one port for all calls sends each its own, by its SSRC.
func TestEcho(t *testing.T) {
	t.Parallel()
	e := begin(t, Dense, Config{Workers: 1, Sockets: 2})
	echo, err := netio.Listen(netip.AddrPortFrom(loopback, 0), netio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		clock, batch := netio.NewClock(), netio.NewBatch(64, rtp.MaxPacket)
		for n := time.Duration(0); ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			clock.SleepUntil(n * 5 * time.Millisecond)
			in, _ := batch.Receive(echo, clock)
			for _, d := range in {
				_ = echo.Send(d.B, d.Addr)
			}
		}
	}()
	defer func() {
		close(stop)
		<-done
		echo.Close()
	}()
	var legs [6]Leg
	var logs [6]log
	for i := range legs {
		legs[i] = open(t, e)
		hz := 500 + 100*float64(i)
		legs[i].On(logs[i].add)
		legs[i].Set(params(echo.Port()))
		legs[i].Listen(hz)
		legs[i].Play(Tone(hz))
	}
	for i := range legs {
		eventually(t, "each hears its own tone", func() bool { return logs[i].count(ToneOn) == 1 })
	}
	steady(t, e)
	for i := range legs {
		if h := legs[i].Close(); h.Lost != 0 || h.Switches != 0 || logs[i].count(ToneOff) != 0 {
			t.Errorf("leg %d: %+v", i, h)
		}
	}
}

// Ports: a range is kept to; a leg that is Set first avoids a port where its remote is
// another's; and closed legs leave nothing behind.
func TestDensePorts(t *testing.T) {
	e := begin(t, Dense, Config{Workers: 1, Sockets: 3, PortMin: 42000, PortMax: 42999})
	ports := map[int]bool{}
	var legs []Leg
	for range 3 {
		l := open(t, e)
		l.Set(params(30000))
		ports[l.Port()] = true
		legs = append(legs, l)
	}
	if len(ports) != 3 {
		t.Errorf("three legs with one remote at ports %v", ports)
	}
	for p := range ports {
		if p < 42000 || p > 42999 || p%2 != 0 {
			t.Errorf("port %d", p)
		}
	}
	fourth := open(t, e) // shares its remote with another, in whichever order they go
	fourth.Set(params(30000))
	legs = append(legs, fourth)
	for _, l := range legs {
		l.Close()
	}
	for _, p := range e.(*dense).workers[0].ports {
		if len(p.peers.byAddr)+len(p.peers.bySSRC)+p.peers.legs != 0 {
			t.Errorf("left behind: %+v", p.peers)
		}
	}
	if n := e.Stats().Legs; n != 0 {
		t.Errorf("%d legs", n)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if _, err := e.Open(); err != media.ErrClosed {
		t.Errorf("Open after Close: %v", err)
	}
}

// A dense worker's step allocates nothing once warm.
func TestDenseNoAllocation(t *testing.T) {
	e := begin(t, Dense, Config{Workers: 1, Sockets: 1, CaptureBytes: -1})
	w := e.(*dense).workers[0]
	a, b := open(t, e), open(t, e)
	p := params(a.Port())
	a.Set(p)
	b.Set(p) // to one another by one port: each gets its own echo
	a.Listen(1000)
	a.Play(Tone(1000))
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	frame := func() {
		now += rtp.FrameTime
		for k := range w.turns {
			for _, t := range w.turns[k] {
				w.send(t, now)
			}
		}
		w.read()
	}
	for range 20 {
		frame()
	}
	before := w.stats.Datagrams
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v allocations a frame of two legs, want 0", n)
	}
	if got := w.stats.Datagrams - before; got < 200 {
		t.Errorf("%d datagrams of 202", got)
	}
}
