package media

import (
	"math"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"callwright/media/rtp"
)

// Two phones with one codec: packets are relayed, one SSRC comes out, none is lost.
func TestRelay(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 2})
	a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000)
	la, lb := a.leg(e), b.leg(e)
	br := e.Join(la, lb)
	a.only(1000, 440)
	b.only(440, 1000)
	if s := e.Stats(); s.Relayed == 0 || s.Legs != 2 {
		t.Errorf("%+v: nothing was relayed", s)
	}
	br.Part()
	a.only(0, 440, 1000)
	e.Join(lb, la)
	a.only(1000, 440)
	a.with(func() {
		if len(a.ssrcs) != 1 {
			t.Errorf("%d SSRCs, want one", len(a.ssrcs))
		}
		if _, lost := a.in.Receiver.Loss(); lost != 0 || a.in.Receiver.Counts().Resyncs != 0 {
			t.Errorf("%d packets missing, %+v", lost, a.in.Receiver.Counts())
		}
	})
	steady(t, e)
	q := la.Close()
	if q.Received == 0 || q.Lost != 0 || q.OneWay || q.MOS < 4 || q.R < 85 {
		t.Errorf("quality %+v", q)
	}
	if again := la.Close(); again.Received != q.Received {
		t.Error("a second Close says otherwise")
	}
}

// Different laws are mixed, as are three parties; a supervisor listens unheard.
func TestMix(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 2})
	a, b, c := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMA, 1000), newPhone(t, rtp.PCMU, 1800)
	la, lb, lc := a.leg(e), b.leg(e), c.leg(e)
	br := e.Join(la, lb)
	a.only(1000, 440)
	b.only(440, 1000)
	if s := e.Stats(); s.Relayed != 0 {
		t.Errorf("%d packets were relayed between PCMU and PCMA", s.Relayed)
	}
	if err := br.Add(lc); err != nil {
		t.Fatal(err)
	}
	br.Hear(la, lc, false) // whispers to b
	a.only(1000, 440, 1800)
	b.only(440, 1000)
	b.only(1800, 1000)
	c.only(440, 1800)
	c.only(1000, 1800)
	br.Remove(lc)
	b.only(440, 1800)
	c.only(0, 440, 1000)
	lb.Close()
	a.only(0, 1000)
}

// A clip is heard instead of the other side, which goes on hearing; done comes once.
func TestClip(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000)
	la, lb := a.leg(e), b.leg(e)
	e.Join(la, lb)
	a.only(1000)
	la.Loop(toneClip(t, 600, 130*time.Millisecond)) // no whole number of frames
	a.only(600, 1000)
	b.only(440)
	var done, second atomic.Int32
	la.Play(toneClip(t, 1500, 10*time.Second), func() { done.Add(1) })
	a.only(1500, 600)
	begun := make(chan time.Time, 1)
	ended := make(chan time.Time, 1)
	la.Play(toneClip(t, 700, 400*time.Millisecond), func() { second.Add(1); ended <- time.Now() })
	begun <- time.Now()
	eventually(t, "the replaced clip is done", func() bool { return done.Load() == 1 })
	steady(t, e)
	if d := (<-ended).Sub(<-begun); d < 300*time.Millisecond || d > 3*time.Second {
		t.Errorf("a clip of 400 ms took %v", d)
	}
	a.only(1000, 700)
	la.Loop(HoldMusic())
	la.Stop()
	a.only(1000)
	la.Play(toneClip(t, 700, time.Minute), func() { done.Add(1) })
	la.Close()
	eventually(t, "the closed leg's clip is done", func() bool { return done.Load() == 2 })
	if second.Load() != 1 {
		t.Errorf("done came %d times", second.Load())
	}
	if err := la.Digits("1"); err != ErrClosed {
		t.Errorf("Digits on a closed leg: %v", err)
	}
}

// Digits come as events, pass to the other side relayed and mixed, and are sent.
func TestDigits(t *testing.T) {
	t.Parallel()
	for _, codec := range []rtp.Codec{rtp.PCMU, rtp.PCMA} { // relayed, mixed
		e := engine(t, Config{Workers: 1})
		a, b := newPhone(t, rtp.PCMU, -1), newPhone(t, codec, -1)
		la, lb := a.leg(e), b.leg(e)
		got := make(chan byte, 100)
		first := make(chan bool, 10)
		la.On(func(ev Event) {
			switch ev.Kind {
			case Digit:
				got <- ev.Key
			case FirstPacket:
				first <- ev.Leg == la
			}
		})
		e.Join(la, lb)
		a.with(func() { a.keys.Push("12#") })
		for _, want := range "12#" {
			if key := <-got; key != byte(want) {
				t.Errorf("%v: key %c, want %c", codec, key, want)
			}
		}
		eventually(t, "b gets a's keys", func() (ok bool) { b.with(func() { ok = b.digits == "12#" }); return ok })
		if err := la.Digits("99*"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a gets the engine's keys", func() (ok bool) { a.with(func() { ok = a.digits == "99*" }); return ok })
		la.Press('7')
		if key := <-got; key != '7' {
			t.Errorf("a key from signalling: %c, want 7", key)
		}
		if !<-first || len(first) != 0 {
			t.Error("FirstPacket came not once, or of another leg")
		}
		p := a.params()
		p.SendEvent = 0
		la.Set(p)
		if err := la.Digits("1"); err != ErrNoEvents {
			t.Errorf("Digits without telephone-event: %v", err)
		}
	}
}

// On hold a is not heard, and b goes on getting packets.
func TestHold(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000)
	la, lb := a.leg(e), b.leg(e)
	e.Join(la, lb)
	b.only(440)
	p := a.params()
	p.Receive = false
	la.Set(p)
	la.Loop(toneClip(t, 700, time.Second))
	a.only(700, 1000)
	b.only(0, 440)
	n := 0
	b.with(func() { n = b.n })
	eventually(t, "b gets silence", func() (ok bool) { b.with(func() { ok = b.n > n+10 }); return ok })
	la.Set(a.params())
	la.Stop()
	a.only(1000, 700)
	b.only(440, 1000)
}

// A stranger's packets from the same machine are neither heard nor answered.
func TestStranger(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	a, b := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMU, 1000)
	x := newPhone(t, rtp.PCMU, 1800)
	la, lb := a.leg(e), b.leg(e)
	e.Join(la, lb)
	b.only(440)
	x.dial(la)
	eventually(t, "strangers are counted", func() bool { return la.Quality().Foreign > 30 })
	b.only(440, 1800)
	x.with(func() {
		if x.n != 0 {
			t.Errorf("the stranger got %d packets", x.n)
		}
	})
}

// A phone behind NAT is learned from the fourth packet on, and again after a new SDP.
func TestLearn(t *testing.T) {
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	a := newPhone(t, rtp.PCMU, 440)
	la := a.leg(e)
	p := a.params()
	p.Remote = netip.MustParseAddrPort("10.255.255.1:4000")
	la.Set(p)
	la.Loop(toneClip(t, 700, time.Second))
	a.only(700)
	if q := la.Quality(); q.Foreign < 3 {
		t.Errorf("%d packets were not listened to, want three at least", q.Foreign)
	}
	strict := p
	strict.Source = rtp.Strict
	la.Set(strict)
	before := la.Quality().Received
	eventually(t, "strict: no longer listened to", func() bool { return la.Quality().Foreign > 20 })
	if n := la.Quality().Received - before; n > 2 {
		t.Errorf("strict: %d packets were taken from another address than SDP's", n)
	}
}

// Loss that the phone makes shows in the quality; so does a leg nobody answers on.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("takes four seconds")
	}
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	a, mute := newPhone(t, rtp.PCMU, 440), newPhone(t, rtp.PCMA, 0)
	a.drop = func(n int) bool { return n%20 == 10 }
	la, lm := a.leg(e), mute.leg(e)
	e.Join(la, lm)
	eventually(t, "four seconds' packets", func() bool { return la.Quality().Expected > 200 })
	steady(t, e)
	q := la.Close()
	if math.Abs(q.Loss-0.05) > 0.01 || q.MeanBurst != 1 || q.Concealed < 5 || q.R > 80 || q.R < 65 || q.MOS > 4.1 {
		t.Errorf("5 %% lost: %+v", q)
	}
	if q := lm.Close(); !q.OneWay || !math.IsNaN(q.MOS) {
		t.Errorf("never answered: one-way %v, MOS %v", q.OneWay, q.MOS)
	}
}

// Nothing is sent any more to who has not answered for five seconds.
func TestVoiceHammer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seven seconds")
	}
	t.Parallel()
	e := engine(t, Config{Workers: 1})
	mute := newPhone(t, rtp.PCMU, 0)
	l := mute.leg(e)
	l.Loop(HoldMusic())
	time.Sleep(6 * time.Second)
	var n int
	mute.with(func() { n = mute.n })
	time.Sleep(time.Second)
	steady(t, e)
	mute.with(func() {
		if mute.n != n || n < 230 || n > 270 {
			t.Errorf("%d packets in 6 s and %d after; want 250 and none", n, mute.n-n)
		}
	})
	l.Close()
}

func TestPorts(t *testing.T) {
	e := engine(t, Config{Workers: 1, PortMin: 41000, PortMax: 41005, PortRest: 300 * time.Millisecond})
	var legs []*Leg
	var got []int
	for range 3 {
		l, err := e.Open()
		if err != nil {
			t.Skip("SKIPPED, NOT CHECKED: somebody else has these ports: ", err)
		}
		legs, got = append(legs, l), append(got, l.Port())
	}
	if !slices.Equal(got, []int{41000, 41002, 41004}) {
		t.Errorf("ports %v", got)
	}
	if _, err := e.Open(); err != ErrPorts {
		t.Errorf("a fourth of three: %v", err)
	}
	legs[1].Close()
	if _, err := e.Open(); err != ErrPorts {
		t.Errorf("a port that still rests was given: %v", err)
	}
	eventually(t, "the port has rested", func() bool { _, err := e.Open(); return err == nil })
}

func TestConfig(t *testing.T) {
	for _, c := range []Config{{}, {Bind: loopback, PortMin: 80, PortMax: 90}, {Bind: loopback, PortMin: 2000, PortMax: 2000}, {Bind: loopback, Workers: -1}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	e := engine(t, Config{})
	l, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Record(l); err != ErrNoDir {
		t.Errorf("Record without a directory: %v", err)
	}
	e.Close()
	if _, err := e.Open(); err != ErrClosed {
		t.Errorf("Open after Close: %v", err)
	}
}
