package rtp

import "math"

// Resample returns pcm, taken rate times a second, as it is at 8,000: a Kaiser-windowed
// sinc, 32 zero crossings to either side, that cuts off just below the lower of both
// Nyquist frequencies (stop band -80 dB from 4 kHz on, pass band flat to 3.4 kHz). The
// result has len(pcm) * 8000 / rate samples, rounded up. rate must be above 0.
//
// It is for prompts, when they are loaded: it costs about 380 multiplications a sample
// from 44.1 kHz, and its table of filters is made each time.
func Resample(pcm []int16, rate int) []int16 {
	if rate == Rate {
		return pcm
	}
	// Output k lies at input k*rate/Rate. With both divided by their common factor, only
	// `phases` different fractions occur; a rate of no common factor is rounded to 1/1024.
	g := gcd(rate, Rate)
	phases, step := Rate/g, rate/g
	bank := newFilters(min(phases, maxPhases), rate)
	out := make([]int16, (len(pcm)*phases+step-1)/step)
	for k := range out {
		at := k * step
		whole, part := at/phases, at%phases
		if phases > maxPhases {
			part = part * maxPhases / phases
		}
		sum := 0.0
		from := whole - bank.reach + 1
		for i, w := range bank.taps[part] {
			if j := from + i; j >= 0 && j < len(pcm) {
				sum += w * float64(pcm[j])
			}
		}
		out[k] = int16(math.Round(max(-1<<15, min(1<<15-1, sum))))
	}
	return out
}

const maxPhases = 1024

// filters holds the sinc at each fraction of an input sample.
type filters struct {
	reach int // input samples to either side
	taps  [][]float64
}

func newFilters(phases, rate int) filters {
	const (
		crossings = 32
		beta      = 8 // Kaiser: -80 dB
	)
	// The cut-off is 3.7 kHz, or 0.4625 of the input's rate if that is lower: half of the
	// transition band of a filter this long lies above.
	cut := 0.4625 * float64(min(rate, Rate)) / float64(rate) // cycles an input sample
	half := crossings / (2 * cut)
	f := filters{reach: int(math.Ceil(half)), taps: make([][]float64, phases)}
	for p := range f.taps {
		t := make([]float64, 2*f.reach)
		sum := 0.0
		for i := range t {
			x := float64(i-f.reach+1) - float64(p)/float64(phases)
			if u := x / half; u > -1 && u < 1 {
				t[i] = sinc(2*cut*x) * bessel(beta*math.Sqrt(1-u*u))
			}
			sum += t[i]
		}
		for i := range t {
			t[i] /= sum // a constant stays the same constant at every phase
		}
		f.taps[p] = t
	}
	return f
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// bessel returns the modified Bessel function I0 by its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
