package wire

import (
	"net/netip"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

const sdp = "v=0\r\no=callwright 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"

// pair is two Machines that call each other, without a network between them, at 4,000 calls a
// second of their own time.
type pair struct {
	uac, uas         *Machine
	now              Instant
	toUAS, toUAC     Flow
	inv              Invite
	extra            Extra
	contact          []byte
	sent, back       [][]byte
	calls            []Call
	uacTime, uasTime time.Duration
	ended, confirmed int
}

const batch = 64

func newPair() *pair {
	seed := uint64(1)
	random := func() uint64 { // splitmix64
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	config := func(sentBy string) Config {
		return Config{Random: random, SentBy: func(int) string { return sentBy }, Seed: [2]uint64{3, 4}}
	}
	p := &pair{uac: New(config("192.0.2.1:5060")), uas: New(config("192.0.2.2:5060")), contact: []byte("<sip:192.0.2.2:5060>")}
	p.toUAS = Flow{Remote: netip.MustParseAddrPort("192.0.2.2:5060")}
	p.toUAC = Flow{Remote: netip.MustParseAddrPort("192.0.2.1:5060")}
	p.inv = Invite{Target: []byte("sip:service@192.0.2.2:5060"), Flow: p.toUAS, From: []byte("\"load\" <sip:+15551234@192.0.2.1>"), To: []byte("<sip:service@192.0.2.2:5060>"),
		Contact: []byte("<sip:load@192.0.2.1:5060>"), SDP: []byte(sdp)}
	p.extra = Extra{Body: []byte(sdp)}
	return p
}

// take collects what is to be sent.
func take(to [][]byte, out []Out) [][]byte {
	for i := range out {
		if out[i].Send != nil {
			to = append(to, out[i].Send)
		}
	}
	return to
}

func (p *pair) timed(at *time.Duration, f func()) {
	start := time.Now()
	f()
	*at += time.Since(start)
}

// callerReceives hands the caller what came back.
func (p *pair) callerReceives() {
	p.sent = p.sent[:0]
	for _, b := range p.back {
		p.sent = take(p.sent, p.uac.Receive(p.now, b, p.toUAS))
	}
}

func (p *pair) begin() {
	p.sent, p.calls = p.sent[:0], p.calls[:0]
	for range batch {
		c, out := p.uac.Invite(p.now, p.inv)
		p.sent, p.calls = take(p.sent, out), append(p.calls, c)
	}
}

func (p *pair) calledReceives() {
	p.back = p.back[:0]
	for _, b := range p.sent {
		out := p.uas.Receive(p.now, b, p.toUAC)
		p.back = take(p.back, out)
		switch o := out[len(out)-1]; o.Fact {
		case dialog.Invited:
			p.back = take(p.back, p.uas.Ring(p.now, o.Call, 180, nil))
			p.back = take(p.back, p.uas.Accept(p.now, o.Call, p.contact, &p.extra))
		case dialog.Confirmed:
			p.confirmed++
		case dialog.Ended:
			p.ended++
		}
	}
}

func (p *pair) hangUp() {
	p.sent = p.sent[:0]
	for _, c := range p.calls {
		p.sent = take(p.sent, p.uac.Bye(p.now, c))
	}
}

// open makes a batch of calls, close ends them.
func (p *pair) open() {
	p.timed(&p.uacTime, p.begin)
	p.timed(&p.uasTime, p.calledReceives) // 100, 180, 200
	p.timed(&p.uacTime, p.callerReceives) // ACK
	p.timed(&p.uasTime, p.calledReceives)
}

func (p *pair) close() {
	p.timed(&p.uacTime, p.hangUp)
	p.timed(&p.uasTime, p.calledReceives)
	p.timed(&p.uacTime, p.callerReceives)
}

func (p *pair) next() {
	p.now += Instant(batch * 250 * time.Microsecond)
	p.timed(&p.uacTime, func() { p.uac.Recycle(); p.uac.Expire(p.now) })
	p.timed(&p.uasTime, func() { p.uas.Recycle(); p.uas.Expire(p.now) })
}

func (p *pair) round() {
	p.open()
	p.close()
	p.next()
}

// warm goes on until what lingers is as much as it will be.
func (p *pair) warm() {
	for range 35 * 4000 / batch {
		p.round()
	}
}

// A call allocates nothing, neither where it is made nor where it is answered.
func TestNoAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("35 s of 4,000 calls/s")
	}
	p := newPair()
	p.warm()
	p.ended, p.confirmed = 0, 0
	const rounds = 50
	if n := testing.AllocsPerRun(rounds, p.round); n != 0 {
		t.Errorf("%v allocations in %d calls", n, batch)
	}
	if want := (rounds + 1) * batch; p.ended != want || p.confirmed != want || p.uac.Dropped+p.uas.Dropped != 0 || p.uac.Calls()+p.uas.Calls() != 0 {
		t.Errorf("ended %d, confirmed %d of %d calls; dropped %d and %d, open %d", p.ended, p.confirmed, want, p.uac.Dropped, p.uas.Dropped, p.uac.Calls())
	}
}

// What lingers at 4,000 calls/s, and 20,000 open calls beside it, in both roles.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("35 s of 4,000 calls/s")
	}
	before := heap()
	p := newPair()
	p.warm()
	lingering := heap() - before
	for range 20000/batch + 1 {
		p.open()
		p.next()
	}
	open := heap() - before - lingering
	t.Logf("lingering: %d transactions, %.1f MB; %d open calls: %.1f MB more (both sides); texts %.1f MB", p.uac.Transactions()+p.uas.Transactions(),
		float64(lingering)/1e6, p.uac.Calls(), float64(open)/1e6, float64(p.uac.mem.held()+p.uas.mem.held())/1e6)
	if total := lingering + open; total > 150e6 {
		t.Errorf("%d bytes", total)
	}
	runtime.KeepAlive(p)
}

func heap() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

func BenchmarkUAC(b *testing.B) { benchmarkSide(b, func(p *pair) *time.Duration { return &p.uacTime }) }
func BenchmarkUAS(b *testing.B) { benchmarkSide(b, func(p *pair) *time.Duration { return &p.uasTime }) }

// benchmarkSide reports what one side of a call costs: INVITE, 100, 180, 200, ACK, BYE, 200.
func benchmarkSide(b *testing.B, side func(*pair) *time.Duration) {
	p := newPair()
	p.warm()
	*side(p) = 0
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		p.round()
		n += batch
	}
	b.ReportMetric(float64(side(p).Nanoseconds())/float64(n), "ns/call")
	b.ReportMetric(0, "ns/op")
}

var parsed = []byte("INVITE sip:service@192.0.2.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK0123456789abcdef12\r\nMax-Forwards: 70\r\n" +
	"From: \"load\" <sip:+15551234@192.0.2.1>;tag=0123456789abcdef\r\nTo: <sip:service@192.0.2.2:5060>\r\nCall-ID: 0123456789abcdef0123456789abcdef\r\n" +
	"CSeq: 1 INVITE\r\nContact: <sip:load@192.0.2.1:5060>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Type: application/sdp\r\nContent-Length: " + strconv.Itoa(len(sdp)) + "\r\n\r\n" + sdp)

func BenchmarkParse(b *testing.B) {
	b.Run("wire", func(b *testing.B) {
		var m Message
		b.ReportAllocs()
		b.SetBytes(int64(len(parsed)))
		for b.Loop() {
			if err := m.Parse(parsed); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sipgo", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(parsed)))
		for b.Loop() {
			if _, err := sip.ParseMessage(parsed); err != nil {
				b.Fatal(err)
			}
		}
	})
}
