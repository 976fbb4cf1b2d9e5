package sipua_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua"
	"callwright/sipua/dialog"
)

// net is a phone that plays the telephone network: calls go out to it.
func withNet(p *phone) func(*sipua.Config) {
	at := p.conn.LocalAddr()
	return func(cfg *sipua.Config) {
		addr := netip.MustParseAddrPort(at.String())
		cfg.Trunks[0].Target = sipua.Target{Host: addr.Addr().String(), Port: int(addr.Port())}
		cfg.Trunks[0].Plan = 0
		cfg.Trunks[0].Number = "0312345678"
		cfg.Dial = sipua.DialRules{Allowed: []string{"03"}, Emergency: []string{"110"}}
	}
}

// newNet is a centre with a phone for its trunk's other side; the plan has a queue that
// overflows to the trunk after half a second.
func newNet(t *testing.T, change func(*sipua.Config)) (*centre, *phone) {
	t.Helper()
	engine, err := media.New(media.Config{Bind: netip.MustParseAddr("127.0.0.1"), PortMin: 29000, PortMax: 29998, RecordDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	far := newPhoneAt(t, "127.0.0.8", "0398765432", "", netip.AddrPort{}, engine)
	plan := onePlan()
	plan.Trunks = []realcore.Trunk{{Name: "vendor"}}
	plan.Classes[1].Program = []realcore.Timed{{After: 500 * time.Millisecond, Do: realcore.Treatment{Op: realcore.ToTrunk, Trunk: 0, Prompt: realcore.None}}}
	plan.Classes[0].Program = []realcore.Timed{{After: 300 * time.Millisecond, Do: realcore.Treatment{Op: realcore.OfferRinging, Prompt: realcore.None}}}
	plan.Entries = append(plan.Entries, realcore.Entry{Name: "overflows", Trunk: realcore.None, Start: 3})
	plan.Nodes = append(plan.Nodes, realcore.Node{Name: "second", Kind: realcore.QueueNode, Queue: 1})
	c := newCentreOf(t, plan, func(cfg *sipua.Config) {
		withNet(far)(cfg)
		cfg.Numbers["700"] = 2
		if change != nil {
			change(cfg)
		}
	})
	far.mu.Lock()
	far.server = c.addr
	far.mu.Unlock()
	return c, far
}

// An agent asks for a call: he is rung, then the customer, and the two speak.
func TestClickToCall(t *testing.T) {
	c, far := newNet(t, nil)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	far.auto.Store(200)
	c.ready(anna)
	if err := c.server.Dial(0, 0, "0398765432"); err != nil {
		t.Fatal(err)
	}
	anna.want("invited")
	far.want("invited")
	time.Sleep(300 * time.Millisecond)
	far.bye()
	anna.want("ended")
	r := c.ended(1)
	if r.Dir != realcore.Outbound || r.Outcome != realcore.Answered || r.Talk < 200*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
	for _, number := range []string{"010442071234567", "09012345678", ""} {
		if err := c.server.Dial(0, 0, number); err != sipua.ErrForbidden {
			t.Errorf("%q may be dialled: %v", number, err)
		}
	}
}

// The customer does not pick up: the agent is free again.
func TestNotReached(t *testing.T) {
	c, far := newNet(t, nil)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	far.auto.Store(486)
	c.ready(anna)
	if err := c.server.Dial(0, 0, "0398765432"); err != nil {
		t.Fatal(err)
	}
	anna.want("invited")
	far.want("invited")
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Disconnected || r.Cause != realcore.CauseDialFail {
		t.Errorf("recorded as %+v", r)
	}
}

// The caller takes a callback over the music: he is hung up on, keeps his place, and is
// rung once an agent is ready.
func TestCallback(t *testing.T) {
	c, far := newNet(t, nil)
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	far.auto.Store(200)
	far.dial("500")
	far.want("answered")
	time.Sleep(500 * time.Millisecond)
	far.do(func() []dialog.Out { far.audio.Digits("1"); return nil })
	far.want("ended")
	if code := anna.register(3600); code != 200 {
		t.Fatalf("register: %d", code)
	}
	anna.auto.Store(0)
	anna.dial("*11")
	anna.want("answered")
	anna.want("invited") // before the code's call has ended
	anna.want("ended")
	anna.do(func() []dialog.Out { anna.accept(anna.in); return nil })
	far.want("invited")
	time.Sleep(300 * time.Millisecond)
	far.bye()
	anna.want("ended")
	r := c.ended(1)
	if r.Outcome != realcore.CalledBack || r.CallbackDelay <= 0 || r.Talk < 200*time.Millisecond {
		t.Errorf("recorded as %+v", r)
	}
}

// The trunk's first server answers 503: the next is called, and the one after silence.
func TestNextTrunk(t *testing.T) {
	engine, err := media.New(media.Config{Bind: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	silent, err := net.ListenPacket("udp", "127.0.0.8:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	third := newPhoneAt(t, "127.0.0.8", "third", "", netip.AddrPort{}, engine)
	third.auto.Store(200)
	target := func(a net.Addr) sipua.Target {
		at := netip.MustParseAddrPort(a.String())
		return sipua.Target{Host: at.Addr().String(), Port: int(at.Port())}
	}
	c, far := newNet(t, func(cfg *sipua.Config) {
		cfg.Trunks[0].Next = []sipua.Target{target(silent.LocalAddr()), target(third.conn.LocalAddr())}
		cfg.Times = dialog.Times{T1: 10 * time.Millisecond, T2: 50 * time.Millisecond}
	})
	anna := c.phone("anna", "a1")
	anna.auto.Store(200)
	far.auto.Store(503)
	c.ready(anna)
	if err := c.server.Dial(0, 0, "0398765432"); err != nil {
		t.Fatal(err)
	}
	anna.want("invited")
	third.want("invited")
	time.Sleep(200 * time.Millisecond)
	third.bye()
	anna.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Answered {
		t.Errorf("recorded as %+v", r)
	}
}

// Nobody takes a call in time: it overflows to the vendor's trunk and is spoken there.
func TestOverflow(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(200)
	carl.dial("700")
	carl.want("answered")
	far.want("invited")
	time.Sleep(300 * time.Millisecond)
	carl.bye()
	far.want("ended")
	if r := c.ended(1); r.Outcome != realcore.Overflowed || !r.VendorAnswered {
		t.Errorf("recorded as %+v", r)
	}
}

// The vendor is busy: the caller keeps his place.
func TestVendorBusy(t *testing.T) {
	c, far := newNet(t, nil)
	carl := c.phone("carl", "c3")
	far.auto.Store(486)
	carl.dial("700")
	carl.want("answered")
	far.want("invited")
	time.Sleep(200 * time.Millisecond)
	carl.bye()
	if r := c.ended(1); r.Outcome != realcore.Abandoned {
		t.Errorf("recorded as %+v", r)
	}
}

// A call is recorded, caller on the left and agent on the right, and silent while the
// recording rests; digits pressed then are no events.
func TestRecording(t *testing.T) {
	dir := t.TempDir()
	files := make(chan string, 1)
	c := newCentreRecorded(t, dir, func(cfg *sipua.Config) {
		cfg.Record = true
		cfg.Recorded = func(_ realcore.Key, file string, _ time.Time, _ time.Duration) { files <- file }
	})
	anna, carl := c.phone("anna", "a1"), c.phone("carl", "c3")
	anna.auto.Store(200)
	c.ready(anna)
	carl.dial("500")
	anna.want("invited")
	carl.want("answered")
	play := func(p *phone, hz float64) {
		p.do(func() []dialog.Out {
			clip, err := media.LoadWAV(reader(tone(hz, 5)))
			if err != nil {
				t.Error(err)
			}
			p.audio.Loop(clip)
			return nil
		})
	}
	play(anna, 700)
	play(carl, 1100)
	time.Sleep(1000 * time.Millisecond)
	if err := c.server.PauseRecording(1, true); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1000 * time.Millisecond)
	if err := c.server.PauseRecording(1, false); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1000 * time.Millisecond)
	carl.bye()
	anna.want("ended")
	file := <-files
	if filepath.Dir(file) != dir {
		t.Errorf("recorded into %s", file)
	}
	left, right := stereo(t, file)
	at := func(pcm []int16, from, to, hz float64) float64 {
		return rtp.Tone(pcm[int(from*8000):int(to*8000)], hz) / loud
	}
	for _, x := range []struct {
		what     string
		got      float64
		min, max float64
	}{
		{"caller, left", at(left, 0.3, 0.8, 1100), 0.8, 1.2}, {"agent, left", at(left, 0.3, 0.8, 700), 0, 0.05},
		{"agent, right", at(right, 0.3, 0.8, 700), 0.8, 1.2}, {"caller, right", at(right, 0.3, 0.8, 1100), 0, 0.05},
		{"caller while it rests", at(left, 1.3, 1.8, 1100), 0, 0.01}, {"agent while it rests", at(right, 1.3, 1.8, 700), 0, 0.01},
		{"caller after it", at(left, 2.3, 2.8, 1100), 0.8, 1.2}, {"agent after it", at(right, 2.3, 2.8, 700), 0.8, 1.2},
	} {
		if x.got < x.min || x.got > x.max {
			t.Errorf("%s: %.3f, want %v to %v", x.what, x.got, x.min, x.max)
		}
	}
}

// stereo reads both channels of a 16-bit file.
func stereo(t *testing.T, file string) (left, right []int16) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := rtp.WAVHeaderSize; i+3 < len(b); i += 4 {
		left = append(left, int16(b[i])|int16(b[i+1])<<8)
		right = append(right, int16(b[i+2])|int16(b[i+3])<<8)
	}
	if len(left) < 3*8000*9/10 {
		t.Fatalf("%d samples", len(left))
	}
	return left, right
}

// Who waits is told where he stands, and hears music again after it.
func TestAnnouncement(t *testing.T) {
	said := make(chan string, 10)
	c, far := newNet(t, func(cfg *sipua.Config) {
		cfg.Announcement = func(position, wait int, callback bool, then func(*media.Clip)) {
			said <- fmt.Sprint(position, wait, callback)
			go then(media.Beep())
		}
	})
	far.dial("500")
	far.want("answered")
	if got := <-said; got != "1 0 true" {
		t.Errorf("said %s", got)
	}
	time.Sleep(300 * time.Millisecond)
	far.bye()
	c.ended(1)
}
