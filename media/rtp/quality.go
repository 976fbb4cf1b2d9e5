package rtp

import (
	"math"
	"time"
)

// Quality is what a call record keeps of one leg, as its near side heard it. Lengths
// are rounded to nothing finer than a timestamp unit, 125 us.
type Quality struct {
	Sent     uint32 // packets
	Received uint32 // different packets of the streams followed
	Expected uint32 // by their sequence numbers
	Lost     uint32 // Expected less Received: never came
	Late     uint32 // came, but after their time to be played

	Loss        float64 // Lost / Expected, in [0, 1]; 0 when nothing was expected
	Bursts      uint32  // runs of consecutive lost packets
	MeanBurst   float64 // lost packets a run; 0 without any
	LongestRun  uint32
	BurstRatio  float64 // G.107's BurstR: MeanBurst over its mean if loss were independent; at least 1
	Duplicates  uint32
	Reordered   uint32
	Foreign     uint32        // dropped: not from this leg's peer
	Bad         uint32        // dropped: no RTP, or a payload type nobody negotiated
	Switches    uint32        // changes of SSRC
	Concealed   uint32        // frames made up, in whole or part
	Jitter      time.Duration // RFC 3550 6.4.1, at the end
	JitterPeak  time.Duration
	JitterMean  time.Duration // mean of |D| of the same section, over the call
	RoundTrip   time.Duration // mean, by RTCP; 0 and Measured false without
	Measured    bool
	Buffer      time.Duration // mean delay in the jitter buffer, or assumedBuffer when relayed only
	Delay       time.Duration // one way, mouth to ear: what R was computed with; see Assumptions
	R           float64       // G.107 rating, narrow band: 93.2 at best; NaN when nothing came
	MOS         float64       // G.107 Annex B, 1 to 4.5: 4.41 at best; NaN when nothing came
	OneWay      bool          // for a second or more there were packets in one direction and none in the other
	Far         FarEnd        // the other direction, as the peer reported it
	Assumptions string        // how R was computed, for those who read it
}

// Assumptions states what R and MOS rest on beside the measured figures.
const Assumptions = "G.107 narrow band, G.711 (Ie 0), Bpl 25.1 as G.113 Appendix I gives with loss concealment (ours: " + Concealment + "); " +
	"loss counts late packets too; delay is half the round trip (20 ms when RTCP measured none) + 20 ms packet + buffer (40 ms when only relayed); " +
	"all else at G.107's defaults"

const (
	assumedTransit = 20 * time.Millisecond // one way, where no RTCP told
	assumedBuffer  = 40 * time.Millisecond // at the far end, where we only relay
	bpl            = 25.1                  // G.113 Appendix I (2007): G.711 with packet loss concealment
)

// oneWayFrom is how many packets of one direction, without any of the other, make a
// leg one-way: a second's.
const oneWayFrom = 50

// Rate computes the derived figures from the counted ones.
func (q *Quality) Rate() {
	q.Loss, q.MeanBurst, q.BurstRatio = 0, 0, 1
	if q.Expected > 0 {
		q.Loss = float64(q.Lost) / float64(q.Expected)
	}
	if q.Bursts > 0 {
		q.MeanBurst = float64(q.Lost) / float64(q.Bursts)
		q.BurstRatio = max(1, q.MeanBurst*(1-q.Loss))
	}
	transit, buffer := assumedTransit, q.Buffer
	if q.Measured {
		transit = q.RoundTrip / 2
	}
	if buffer == 0 {
		buffer = assumedBuffer
	}
	q.Buffer = buffer
	q.Delay = transit + FrameTime + buffer
	q.OneWay = q.Received == 0 && q.Sent >= oneWayFrom || q.Sent == 0 && q.Received >= oneWayFrom
	q.Assumptions = Assumptions
	if q.Expected == 0 {
		q.R, q.MOS = math.NaN(), math.NaN()
		return
	}
	heardLoss := min(1, float64(q.Lost+q.Late)/float64(q.Expected))
	q.R = R(q.Delay, heardLoss, q.BurstRatio)
	q.MOS = MOS(q.R)
}

// R returns the transmission rating of ITU-T G.107 (narrow band) for G.711 with
// concealment: a one-way delay, a fraction of packets lost in [0, 1], and a burst
// ratio of at least 1 (1: losses are independent).
//
// R = Ro - Is - Id - Ie,eff + A, where all parameters but these three have the
// defaults of G.107 table 2: Ro - Is = 93.36, A = 0, and Id consists of talker echo at
// TELR 65 dB, listener echo at WEPL 110 dB, and delay beyond 100 ms, all over the same
// path: T = Ta and Tr = 2 Ta. The result is in [0, 100].
func R(delay time.Duration, loss, burstRatio float64) float64 {
	const roLessIs = 94.7688 - 1.4136
	ppl := 100 * loss
	ieEff := 95 * ppl / (ppl/burstRatio + bpl) // (7-29), Ie = 0
	return min(100, max(0, roLessIs-delayImpairment(delay)-ieEff))
}

// delayImpairment returns G.107's Id, equations (7-18) to (7-28), at its defaults.
func delayImpairment(delay time.Duration) float64 {
	const (
		ro   = 94.7688
		roe  = 94.7688 // -1.5 (No - RLR)
		telr = 65
		wepl = 110
	)
	ta := float64(delay) / float64(time.Millisecond)
	terv := telr - 40*math.Log10((1+ta/10)/(1+ta/150)) + 6*math.Exp(-0.3*ta*ta)
	re := 80 + 2.5*(terv-14)
	idte := ((roe-re)/2 + math.Sqrt((roe-re)*(roe-re)/4+100) - 1) * (1 - math.Exp(-ta))
	rle := 10.5 * (wepl + 7) * math.Pow(2*ta+1, -0.25)
	idle := (ro-rle)/2 + math.Sqrt((ro-rle)*(ro-rle)/4+169)
	idd := 0.0
	if ta > 100 {
		x := math.Log2(ta / 100)
		idd = 25 * (math.Pow(1+math.Pow(x, 6), 1./6) - 3*math.Pow(1+math.Pow(x/3, 6), 1./6) + 2)
	}
	return idte + idle + idd
}

// MOS returns the mean opinion score of a rating, G.107 Annex B: 1 to 4.5. Just above
// R = 0 the formula falls below 1, which no listener can say; there it is 1.
func MOS(r float64) float64 {
	switch {
	case math.IsNaN(r):
		return r
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}

// Fill takes a receiver's, a buffer's and a control's figures into q. End the
// receiver first, so that the last packets' bursts count.
func (q *Quality) Fill(r *Receiver, j *JitterBuffer, c *Control) {
	q.Expected, q.Lost = r.Loss()
	q.Received = q.Expected - q.Lost
	q.Bursts, _, q.LongestRun = r.Bursts()
	q.Duplicates, q.Reordered, q.Switches = r.counts.Duplicates, r.counts.Reordered, r.counts.Switches
	q.Jitter, q.JitterPeak = r.Jitter()
	q.JitterMean = r.MeanJitter()
	q.Late, q.Concealed, q.Buffer = j.counts.Late, j.counts.Concealed, j.Delay()
	q.RoundTrip, _, q.Measured = c.RoundTrip()
	q.Far = c.far
}
