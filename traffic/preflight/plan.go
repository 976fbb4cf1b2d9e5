package preflight

import (
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/sipua/dialog"
)

// Plan is what is to be carried and proved. Shares are in [0, 1].
type Plan struct {
	CallsPerHour float64 // attempts of the busy hour
	Holding      Holding
	Lines        int       // channels of the trunk
	Blocking     []float64 // shares of blocked attempts to find the lines for

	PeakCalls  int     // P(so many INVITEs or more in a second)
	PeakWithin float64 // the second's peak that is not exceeded with this probability

	Media     Media
	Recording Recording
	Voice     Voice

	Transport dialog.Transport
	T1        time.Duration // RFC 3261 17.1.1.1

	Proof     Proof
	Observed  *Observed  // nil: nothing was
	Generator *Generator // nil: not asked
	Agents    *Agents    // nil: not asked
}

// Holding is the parts of a call for which it holds a line of the trunk, each a mean.
type Holding struct{ Ring, IVR, Queue, Talk time.Duration }

// Sum is how long a call holds its line, in the mean.
func (h Holding) Sum() time.Duration { return h.Ring + h.IVR + h.Queue + h.Talk }

// Media is how sound is carried: through a B2BUA that relays it.
type Media struct {
	CodecRate   float64 // kbit/s of the codec alone
	PTime       time.Duration
	RTP, UDP    int // bytes of each packet's headers
	IP          int
	Ethernet    int // header and FCS, without preamble and gap
	Legs        int // of a call through the core
	PortsPerLeg int // 2: RTP and RTCP apart; 1: RFC 5761
}

// Recording is how the talk phase is kept, uncompressed.
type Recording struct {
	Channels   int // 2: each side on its own; 0: nothing is recorded
	SampleRate int // Hz
	Bytes      int // of a sample
}

// Voice is the E-model's parameters of a codec, and the paths to rate it on.
type Voice struct {
	Ie, Bpl    float64 // G.113 Appendix I
	BurstRatio float64 // G.107's BurstR; 1: losses are independent
	Paths      []Path
}

// Path is what packets meet.
type Path struct {
	Loss  float64       // share of packets
	Delay time.Duration // one way, mouth to ear
}

// Proof is a share of failed calls to be proved, and how fast calls are made for it.
type Proof struct {
	Failure    float64
	Confidence float64
	Rate       float64 // calls/s
}

// Observed is what a test that was run has seen.
type Observed struct{ Failed, Calls int64 }

// Generator is calls that begin at a constant rate on an empty system.
type Generator struct {
	Rate float64 // calls/s
	Hold time.Duration
	At   []time.Duration // since it began
}

// Agents is who answers the calls behind the trunk.
type Agents struct {
	Servers    int
	HandleTime time.Duration
	Patience   time.Duration // mean, exponential; 0: not asked
}

// Default is a plan without traffic: G.711 at 20 ms over IPv4 and Ethernet, stereo PCM16 at
// 8 kHz, UDP with RFC 3261's T1, 0.1 % with 95 % confidence at 5 calls/s.
func Default() Plan {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	return Plan{
		Blocking: []float64{0.01, 0.001}, PeakCalls: 3, PeakWithin: 0.9999,
		Media:     Media{CodecRate: 64, PTime: ms(20), RTP: 12, UDP: 8, IP: 20, Ethernet: 18, Legs: 2, PortsPerLeg: 2},
		Recording: Recording{Channels: 2, SampleRate: 8000, Bytes: 2},
		Voice:     Voice{Ie: 0, Bpl: g711Bpl, BurstRatio: 1, Paths: []Path{{0, ms(50)}, {0.01, ms(150)}, {0.03, ms(150)}, {0.01, ms(300)}}},
		T1:        ms(500),
		Proof:     Proof{Failure: 0.001, Confidence: 0.95, Rate: 5},
	}
}

// Mistake is a value outside its range. Name is what a command line calls it.
type Mistake struct{ Name, Value, Want string }

func (m *Mistake) Error() string { return m.Name + " is " + m.Value + "; want " + m.Want }

// Mistakes returns all of a plan, nil if it is sound.
func (p *Plan) Mistakes() (out []*Mistake) {
	bad := func(name string, value any, want string) {
		out = append(out, &Mistake{name, fmt.Sprint(value), want})
	}
	share := func(name string, x float64, as string) {
		if !(x > 0 && x < 1) {
			bad(name, percent(x), "a share between 0% and 100%, as "+as)
		}
	}
	rate := func(name string, x, most float64, as string) {
		if !(x > 0 && x <= most) {
			bad(name, x, fmt.Sprintf("a number above 0, at most %.0f, as %s", most, as))
		}
	}
	count := func(name string, n, least, most int) {
		if n < least || n > most {
			bad(name, n, fmt.Sprintf("%d to %d", least, most))
		}
	}
	length := func(name string, d, least, most time.Duration, as string) {
		if d < least || d > most {
			bad(name, d, fmt.Sprintf("%v to %v, as %s", least, most, as))
		}
	}
	rate("calls-per-hour", p.CallsPerHour, 1e8, "600")
	length("ring", p.Holding.Ring, 0, day, "6s")
	length("ivr", p.Holding.IVR, 0, day, "25s")
	length("queue", p.Holding.Queue, 0, day, "30s")
	length("talk", p.Holding.Talk, 0, day, "240s")
	if p.Holding.Sum() == 0 {
		bad("talk", p.Holding.Talk, "a length, as 240s: a call that holds no line loads none")
	}
	count("channels", p.Lines, 1, 1_000_000)
	for _, b := range p.Blocking {
		share("blocking", b, "1%")
	}
	count("peak-calls", p.PeakCalls, 1, 1_000_000)
	share("peak-within", p.PeakWithin, "99.99%")

	m := &p.Media
	rate("codec-rate", m.CodecRate, 10_000, "64 (kbit/s)")
	length("ptime", m.PTime, time.Millisecond, time.Second, "20ms")
	if b := m.CodecRate * float64(m.PTime) / 8e6; b > 0 && math.Abs(b-math.Round(b)) > 1e-9 {
		bad("ptime", m.PTime, fmt.Sprintf("one that makes whole bytes at %v kbit/s, as 20ms", m.CodecRate))
	}
	count("rtp-header", m.RTP, 0, 1500)
	count("udp-header", m.UDP, 0, 1500)
	count("ip-header", m.IP, 0, 1500)
	count("ethernet-header", m.Ethernet, 0, 1500)
	count("legs", m.Legs, 1, 10)
	count("ports-per-leg", m.PortsPerLeg, 1, 2)
	count("record-channels", p.Recording.Channels, 0, 2)
	count("record-rate", p.Recording.SampleRate, 1, 192_000)

	v := &p.Voice
	if !(v.Ie >= 0 && v.Ie <= 95) {
		bad("ie", v.Ie, "0 to 95, as 0 for G.711")
	}
	rate("bpl", v.Bpl, 1000, "25.1 for G.711 with concealment")
	if !(v.BurstRatio >= 1 && v.BurstRatio <= 100) {
		bad("burst-ratio", v.BurstRatio, "1 (independent losses) to 100")
	}
	for _, x := range v.Paths {
		if !(x.Loss >= 0 && x.Loss <= 1) {
			bad("path", percent(x.Loss), "a loss between 0% and 100%, and a delay, as 1%:150ms")
		}
		length("path", x.Delay, 0, 10*time.Second, "1%:150ms")
	}
	length("t1", p.T1, time.Millisecond, time.Minute, "500ms")
	share("prove", p.Proof.Failure, "0.1%")
	share("confidence", p.Proof.Confidence, "95%")
	rate("proof-rate", p.Proof.Rate, 1e6, "5 (calls/s)")
	if o := p.Observed; o != nil && (o.Calls < 1 || o.Failed < 0 || o.Failed > o.Calls) {
		bad("observed", fmt.Sprintf("%d/%d", o.Failed, o.Calls), "failed calls of all, as 12/20000")
	}
	if g := p.Generator; g != nil {
		rate("generator-rate", g.Rate, 1e6, "2.5 (calls/s)")
		length("generator-hold", g.Hold, time.Millisecond, day, "100s")
		for _, at := range g.At {
			length("generator-at", at, 0, 365*day, "40s")
		}
	}
	if a := p.Agents; a != nil {
		if a.Servers < 1 || a.Servers > p.Lines {
			bad("agents", a.Servers, fmt.Sprintf("1 to the trunk's %d channels: each caller, waiting or not, holds one", p.Lines))
		}
		length("handle", a.HandleTime, time.Millisecond, day, "300s")
		length("patience", a.Patience, 0, day, "90s")
	}
	return out
}

// Validate returns all mistakes of a plan as one error, or nil.
func (p *Plan) Validate() error {
	var errs []error
	for _, m := range p.Mistakes() {
		errs = append(errs, m)
	}
	return errors.Join(errs...)
}

const day = 24 * time.Hour

func percent(x float64) string { return fmt.Sprintf("%v%%", 100*x) }
