package sound

import (
	"io"
	"math"
	"math/rand/v2"

	"callwright/media"
	"callwright/media/rtp"
)

// Sound is what a leg plays, looped. It is made once and played by any number of legs.
type Sound struct{ clip *media.Clip }

// Silence is frames of silence.
var Silence Sound

// activeRMS is the level of speech while it lasts, and of tones: -16 dBm0.
var activeRMS = zero * math.Pow(10, -16.0/20)

// Tone returns a sinusoid of hz, rounded to 0.1 Hz.
func Tone(hz float64) Sound {
	n := rtp.Rate // after so many samples it begins anew, without a break in phase
	if hz != math.Trunc(hz) {
		n, hz = 10*rtp.Rate, math.Round(hz*10)/10
	}
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(math.Round(activeRMS * math.Sqrt2 * math.Sin(2*math.Pi*hz*float64(i)/rtp.Rate)))
	}
	return Sound{media.NewClip(pcm)}
}

// WAV reads a sound from a WAV file of any rate; see [rtp.ReadWAV].
func WAV(r io.Reader) (Sound, error) {
	c, err := media.LoadWAV(r)
	return Sound{c}, err
}

// Speech's measures: ITU-T P.59 table 1, for one side of a conversation, and syllables
// as in speech of four or so a second.
const (
	talkSeconds  = 1.004
	pauseSeconds = 1.587
	shortest     = 0.2 // seconds, of either
	loopSeconds  = 30
	syllables    = 4.0 // a second
)

// Speech returns 30 s of noise that is like speech to what measures it: its spectrum
// is about the long-term one of ITU-T P.50 (a peak at some 500 Hz, falling by 6 to 12 dB
// an octave above), talkspurts and pauses are P.59's, in means and as exponential times,
// and the level rises and falls with syllables. Each seed has its own, always the same.
// It begins with a talkspurt. Its loop and both encodings take about 1 MB.
func Speech(seed uint64) Sound {
	rng := rand.New(rand.NewPCG(seed, 0x50_59))
	pcm := make([]float64, loopSeconds*rtp.Rate)
	var low, lower, slow float64
	pole := func(hz float64) float64 { return 1 - math.Exp(-2*math.Pi*hz/rtp.Rate) }
	p500, p2000, p200 := pole(500), pole(2000), pole(200)
	noise := func() float64 {
		low += p500 * (rng.NormFloat64() - low)
		lower += p2000 * (low - lower)
		slow += p200 * (lower - slow)
		return lower - slow
	}
	length := func(mean float64) int {
		return int((shortest + (mean-shortest)*rng.ExpFloat64()) * rtp.Rate)
	}
	sum, active := 0.0, 0
	for at := 0; at < len(pcm); {
		n := min(length(talkSeconds), len(pcm)-at)
		phase := rng.Float64()
		for i := range n {
			swell := 0.55 - 0.45*math.Cos(2*math.Pi*(syllables*float64(i)/rtp.Rate+phase))
			pcm[at+i] = noise() * swell
			sum += pcm[at+i] * pcm[at+i]
		}
		at, active = at+n, active+n
		at += length(pauseSeconds)
	}
	gain := activeRMS / math.Sqrt(sum/float64(active))
	out := make([]int16, len(pcm))
	for i, x := range pcm {
		out[i] = int16(math.Round(max(math.MinInt16, min(math.MaxInt16, gain*x))))
	}
	return Sound{media.NewClip(out)}
}
