package rtp

import "math"

// Tone returns the amplitude of a sinusoid of hz in pcm, in units of the samples, by
// Goertzel's algorithm: 10,000 for one of that amplitude, whatever its phase. Over n
// samples it tells tones apart that differ by more than Rate/n Hz.
// An empty pcm has no tone: 0.
func Tone(pcm []int16, hz float64) float64 {
	if len(pcm) == 0 {
		return 0
	}
	w := 2 * math.Pi * hz / Rate
	k := 2 * math.Cos(w)
	var a, b float64
	for _, s := range pcm {
		a, b = float64(s)+k*a-b, a
	}
	power := a*a + b*b - k*a*b
	return 2 * math.Sqrt(max(0, power)) / float64(len(pcm))
}

// RMS returns the root of the mean square of pcm, in units of the samples.
func RMS(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	if len(pcm) == 0 {
		return 0
	}
	return math.Sqrt(sum / float64(len(pcm)))
}
