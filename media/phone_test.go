package media

import (
	"bytes"
	"math"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callwright/media/meter"
	"callwright/media/rtp"
	"callwright/netio"
)

func TestMain(m *testing.M) {
	if childRecords() || meter.Child() {
		return
	}
	goleak.VerifyTestMain(m)
}

var loopback = netip.MustParseAddr("127.0.0.1")

func engine(t testing.TB, c Config) *Engine {
	t.Helper()
	c.Bind = loopback
	e, err := New(c)
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

// phone is a far end: it says a tone, keeps what it hears, and counts.
type phone struct {
	t     testing.TB
	codec rtp.Codec
	pair  netio.Pair
	to    netip.AddrPort

	stop chan struct{}
	done sync.WaitGroup

	mu     sync.Mutex
	hz     float64 // 0: says nothing and sends nothing; below 0: sends silence
	drop   func(n int) bool
	extra  [][]byte // packets to be sent as they are
	keys   rtp.DTMFSender
	said   int
	in     rtp.Inbound
	pcm    []int16
	digits string
	ssrcs  map[uint32]bool
	n      int // audio packets heard
}

const eventType = 101

func newPhone(t testing.TB, codec rtp.Codec, hz float64) *phone {
	t.Helper()
	pair, err := netio.ListenPair(loopback, 0, netio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, codec: codec, pair: pair, hz: hz, stop: make(chan struct{}), ssrcs: map[uint32]bool{}}
	p.in.Set(codec, uint8(codec), eventType)
	p.done.Add(1)
	go p.run()
	t.Cleanup(func() {
		close(p.stop)
		p.done.Wait()
		pair.Close()
	})
	return p
}

// leg opens a leg of the engine whose peer the phone is.
func (p *phone) leg(e *Engine) *Leg {
	p.t.Helper()
	l, err := e.Open()
	if err != nil {
		p.t.Fatal(err)
	}
	l.Set(p.params())
	p.dial(l)
	return l
}

func (p *phone) params() Params {
	return Params{Remote: p.pair.RTP.Local(), Signalling: loopback, Codec: p.codec, SendType: uint8(p.codec), ReceiveType: uint8(p.codec),
		SendEvent: eventType, ReceiveEvent: eventType, Send: true, Receive: true}
}

func (p *phone) dial(l *Leg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.to = netip.AddrPortFrom(loopback, uint16(l.Port()))
	p.in.Source.Set(0, rtp.Strict, p.to, loopback, true)
}

func (p *phone) run() {
	defer p.done.Done()
	clock := netio.NewClock()
	batch := netio.NewBatch(16, rtp.MaxPacket)
	s := rtp.NewSender(uint32(p.pair.RTP.Port()), 65500, 4242)
	for n := 0; ; n++ {
		select {
		case <-p.stop:
			return
		default:
		}
		now := time.Duration(n) * 5 * time.Millisecond
		clock.SleepUntil(now)
		p.mu.Lock()
		p.listen(batch, clock)
		if n%4 == 0 && p.to.IsValid() {
			p.speak(&s, now)
		}
		p.mu.Unlock()
	}
}

func (p *phone) listen(batch *netio.Batch, clock netio.Clock) {
	in, _ := batch.Receive(p.pair.RTP, clock)
	for _, d := range in {
		a := p.in.Datagram(d.At, d.Addr, d.B, false)
		if a.Key != 0 {
			p.digits += string(a.Key)
		}
		if a.Kind != rtp.Voice {
			continue
		}
		p.n++
		p.ssrcs[a.Packet.SSRC] = true
		pcm := make([]int16, len(a.Packet.Payload))
		p.codec.Decode(pcm, a.Packet.Payload)
		p.pcm = append(p.pcm, pcm...)
	}
}

func (p *phone) speak(s *rtp.Sender, now time.Duration) {
	for _, b := range p.extra {
		_ = p.pair.RTP.Send(b, p.to)
	}
	p.extra = nil
	if p.hz == 0 {
		return
	}
	b, ok := p.keys.Next(nil, s, now, eventType)
	if !ok {
		b = s.Packet(nil, now, uint8(p.codec), p.frame())
	}
	p.said++
	if p.drop == nil || !p.drop(p.said) {
		_ = p.pair.RTP.Send(b, p.to)
	}
}

func (p *phone) frame() []byte {
	var f rtp.Frame
	for i := range f {
		if p.hz > 0 {
			f[i] = int16(6000 * math.Sin(2*math.Pi*p.hz*float64(p.said*rtp.FrameSize+i)/rtp.Rate))
		}
	}
	b := make([]byte, rtp.FrameSize)
	p.codec.Encode(b, f[:])
	return b
}

// with runs f with the phone's lock held.
func (p *phone) with(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// hears returns the amplitude of a tone in the last 200 ms that came.
func (p *phone) hears(hz float64) (a float64) {
	p.with(func() {
		if len(p.pcm) >= 1600 {
			a = rtp.Tone(p.pcm[len(p.pcm)-1600:], hz)
		}
	})
	return a
}

// eventually waits until a condition holds, for twenty seconds at most.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if cond() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// only waits until a phone hears one of the tones at its level, and none of the others.
func (p *phone) only(hz float64, others ...float64) {
	p.t.Helper()
	what := "a phone hears one tone only"
	eventually(p.t, what, func() bool {
		if hz > 0 && math.Abs(p.hears(hz)-6000) > 900 {
			return false
		}
		for _, o := range others {
			if p.hears(o) > 300 {
				return false
			}
		}
		return true
	})
}

// steady skips the rest of a test on a machine that did not keep time: figures that
// depend on it would be the machine's.
func steady(t testing.TB, e *Engine) {
	t.Helper()
	if s := e.Stats(); s.Latest > 80*time.Millisecond {
		t.Skipf("SKIPPED, NOT CHECKED: the machine stood still for %v, %d frames were left out", s.Latest, s.Missed)
	}
}

func wav(t testing.TB, pcm []int16) *Clip {
	t.Helper()
	h := rtp.WAVHeader(1, int64(2*len(pcm)))
	b := h[:]
	for _, s := range pcm {
		b = append(b, byte(s), byte(s>>8))
	}
	c, err := LoadWAV(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func toneClip(t testing.TB, hz float64, d time.Duration) *Clip {
	pcm := make([]int16, int(d*rtp.Rate/time.Second))
	for i := range pcm {
		pcm[i] = int16(6000 * math.Sin(2*math.Pi*hz*float64(i)/rtp.Rate))
	}
	return wav(t, pcm)
}
