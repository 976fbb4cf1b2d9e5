package sound

import (
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callwright/media"
	"callwright/media/rtp"
)

func TestMain(m *testing.M) {
	if beFar() {
		return
	}
	goleak.VerifyTestMain(m)
}

var loopback = netip.MustParseAddr("127.0.0.1")

func begin(t testing.TB, what func(Config) (Engine, error), c Config) Engine {
	t.Helper()
	c.Bind = loopback
	e, err := what(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func open(t testing.TB, e Engine) Leg {
	t.Helper()
	l, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func params(port int) media.Params {
	return media.Params{Remote: netip.AddrPortFrom(loopback, uint16(port)), Signalling: loopback, Codec: rtp.PCMU,
		SendEvent: 101, ReceiveEvent: 101, Send: true, Receive: true}
}

// connect has two legs hear each other.
func connect(a, b Leg) {
	b.Set(params(a.Port()))
	a.Set(params(b.Port()))
}

// log keeps a leg's events.
type log struct {
	mu  sync.Mutex
	all []Event
}

func (l *log) add(ev Event) {
	l.mu.Lock()
	l.all = append(l.all, ev)
	l.mu.Unlock()
}

func (l *log) events() []Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Event(nil), l.all...)
}

// count returns how many events of a kind there are.
func (l *log) count(k EventKind) (n int) {
	for _, ev := range l.events() {
		if ev.Kind == k {
			n++
		}
	}
	return n
}

func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !cond(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// steady skips the rest where the machine did not keep time: what depends on it would be
// the machine's.
func steady(t testing.TB, engines ...Engine) {
	t.Helper()
	for _, e := range engines {
		if s := e.Stats(); s.FramesLate > 0 || s.Dropped > 0 || s.Unsent > 0 {
			t.Skipf("SKIPPED, NOT CHECKED: this machine has other work: %+v", s)
		}
	}
}

var both = []struct {
	name string
	a, b func(Config) (Engine, error)
}{{"pairs-pairs", Pairs, Pairs}, {"dense-dense", Dense, Dense}, {"pairs-dense", Pairs, Dense}}

// Each of several calls hears its own peer: tone, keys, silence, figures.
func TestCalls(t *testing.T) {
	for _, x := range both {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			ea, eb := begin(t, x.a, Config{Workers: 1}), begin(t, x.b, Config{Workers: 1})
			const calls = 10
			const keys = "1234567890*#"
			var a, b [calls]Leg
			var la, lb [calls]log
			for i := range calls {
				a[i], b[i] = open(t, ea), open(t, eb)
				a[i].On(la[i].add)
				b[i].On(lb[i].add)
				connect(a[i], b[i])
				hz := 500 + 100*float64(i)
				a[i].Play(Tone(hz))
				a[i].Listen(hz)
				b[i].Listen(hz)
				if err := a[i].Digits(keys[i:] + keys[:i]); err != nil {
					t.Fatal(err)
				}
			}
			for i := range calls {
				eventually(t, "the tone, after the keys", func() bool { return lb[i].count(Key) == len(keys) && lb[i].count(ToneOn) > 0 })
			}
			time.Sleep(500 * time.Millisecond)
			for i := range calls {
				a[i].Play(Silence)
			}
			for i := range calls {
				eventually(t, "the sound's end", func() bool { return lb[i].count(SoundOff) > 0 && lb[i].count(ToneOff) > 0 })
			}
			steady(t, ea, eb)
			for i := range calls {
				ha, hb := a[i].Close(), b[i].Close()
				if hb.Keys != keys[i:]+keys[:i] || ha.Keys != "" || ha.KeysSent != len(keys) {
					t.Errorf("call %d: keys %q heard, %d sent", i, hb.Keys, ha.KeysSent)
				}
				if ha.Silence() != 1 || hb.Silence() < 0.05 || hb.Silence() > 0.6 {
					t.Errorf("call %d: silent %v of %d and %v of %d frames", i, ha.Silence(), ha.Frames, hb.Silence(), hb.Frames)
				}
				for k, h := range []*Heard{&ha, &hb} {
					if h.Lost > 0 || h.Late > 0 || h.OneWay || h.MOS < 4.3 || h.Buffer != 60*time.Millisecond || h.First < 0 || h.Gap > 200*time.Millisecond || h.Received < 100 {
						t.Errorf("call %d, side %d: %+v", i, k, h)
					}
				}
				if n := la[i].count(SoundOn) + la[i].count(ToneOn); n > 0 || la[i].count(FirstPacket) != 1 {
					t.Errorf("call %d: the speaker heard %v", i, la[i].events())
				}
				order(t, lb[i].events(), hb.First)
			}
		})
	}
}

// order checks that events come in order and begin with the first packet.
func order(t *testing.T, all []Event, first time.Duration) {
	t.Helper()
	if len(all) == 0 || all[0].Kind != FirstPacket || all[0].At != first {
		t.Errorf("events begin with %v; the first packet came at %v", all, first)
	}
	for i, ev := range all {
		if i > 0 && ev.At < all[i-1].At || ev.Since > ev.At {
			t.Errorf("event %d goes back: %v", i, all)
		}
	}
}

// A peer to which nothing is sent is one-way, and is sent to all the same.
func TestOneWay(t *testing.T) {
	for _, what := range []func(Config) (Engine, error){Pairs, Dense} {
		t.Run("", func(t *testing.T) {
			if testing.Short() {
				t.Skip("takes seven seconds")
			}
			t.Parallel()
			e := begin(t, what, Config{Workers: 1})
			a, b := open(t, e), open(t, e)
			connect(a, b)
			p := params(a.Port())
			p.Send = false
			b.Set(p)
			time.Sleep(7 * time.Second)
			steady(t, e)
			ha, hb := a.Close(), b.Close()
			if !ha.OneWay || ha.First != -1 || ha.Gap < 6*time.Second || ha.Sent < 300 {
				t.Errorf("who hears nothing: %+v", ha)
			}
			if !hb.OneWay || hb.Received < 300 || hb.First < 0 {
				t.Errorf("who says nothing: %+v", hb)
			}
		})
	}
}

// Speech is always the same for a seed, has its level while it lasts, and pauses as P.59
// says; nothing clips.
func TestSpeech(t *testing.T) {
	one, again, other := Speech(1), Speech(1), Speech(2)
	x, y, z := string(one.clip.Encoded(rtp.PCMU)), string(again.clip.Encoded(rtp.PCMU)), string(other.clip.Encoded(rtp.PCMU))
	if x != y || x == z || len(x) != loopSeconds*rtp.Rate {
		t.Error("a seed's speech is not its own")
	}
	spurts, loud := 0.0, 0.0
	for seed := range uint64(20) {
		code := Speech(seed).clip.Encoded(rtp.PCMU)
		pause := 100
		for i := 0; i+rtp.FrameSize <= len(code); i += rtp.FrameSize {
			if float64(rtp.PCMU.Power(code[i:i+rtp.FrameSize])) < loudPower*rtp.FrameSize {
				pause++
				continue
			}
			if pause >= 10 { // 200 ms: a pause between syllables is shorter
				spurts++
			}
			pause = 0
			loud++
		}
		if n := strings.Count(string(code), "\x80") + strings.Count(string(code), "\x00"); n > len(code)/1000 {
			t.Errorf("seed %d: %d samples at full scale", seed, n)
		}
	}
	if mean := loud * 0.02 / spurts; mean < 0.8 || mean > 1.3 {
		t.Errorf("talkspurts of %.2f s; want about 1.0", mean)
	}
	if share := loud * 0.02 / (20 * loopSeconds); share < 0.33 || share > 0.47 {
		t.Errorf("talks %.2f of the time; want about 0.39", share)
	}
}
