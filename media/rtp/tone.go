package rtp

import (
	"math"
	"time"
)

// Signal is a call progress tone: sinusoids, on and off in turn. The plans are those of
// ITU-T E.180's supplement of national tones.
type Signal struct {
	Hz    []float64 // each at Level
	Level float64   // amplitude of one sinusoid, as a fraction of full scale
	Mod   float64   // Hz by which the sum is modulated fully; 0: it is not
	On    []time.Duration
	Off   []time.Duration // after the On of the same place; 0 on and off: continuous for a second
}

// level is -16 dBm0 for each sinusoid, within E.180's -10 +- 5 dBm0 for the sum and
// soft enough beside speech. 0 dBm0 is 3.14 dB below a full-scale sinusoid.
const level = 0.11

// Country chooses a national tone plan.
type Country string

// The plans known. Any other code gets Europe's, the commonest.
const (
	Japan         Country = "jp"
	NorthAmerica  Country = "us"
	UnitedKingdom Country = "gb"
	Europe        Country = "eu"
)

// RingbackSignal is what a caller hears while the other phone rings.
func RingbackSignal(c Country) Signal {
	switch c {
	case Japan: // 400 Hz modulated by 16 Hz
		return Signal{Hz: []float64{400}, Mod: 16, Level: level, On: seconds(1), Off: seconds(2)}
	case NorthAmerica:
		return Signal{Hz: []float64{440, 480}, Level: level, On: seconds(2), Off: seconds(4)}
	case UnitedKingdom:
		return Signal{Hz: []float64{400, 450}, Level: level, On: seconds(.4, .4), Off: seconds(.2, 2)}
	}
	return Signal{Hz: []float64{425}, Level: level, On: seconds(1), Off: seconds(4)}
}

// BusySignal says that the other phone is engaged.
func BusySignal(c Country) Signal {
	switch c {
	case Japan:
		return Signal{Hz: []float64{400}, Level: level, On: seconds(.5), Off: seconds(.5)}
	case NorthAmerica:
		return Signal{Hz: []float64{480, 620}, Level: level, On: seconds(.5), Off: seconds(.5)}
	case UnitedKingdom:
		return Signal{Hz: []float64{400}, Level: level, On: seconds(.375), Off: seconds(.375)}
	}
	return Signal{Hz: []float64{425}, Level: level, On: seconds(.5), Off: seconds(.5)}
}

// BeepSignal asks to speak after it: voicemail, agent's whisper.
func BeepSignal() Signal {
	return Signal{Hz: []float64{1000}, Level: 2 * level, On: seconds(.2), Off: seconds(0)}
}

// PCM returns one period of the signal, to be repeated.
func (s Signal) PCM() []int16 {
	var pcm []int16
	for i, on := range s.On {
		pcm = append(pcm, s.burst(on)...)
		pcm = append(pcm, make([]int16, units(s.Off[i]))...)
	}
	return pcm
}

// burst returns the tone itself, with 5 ms of slope at either end against clicks.
func (s Signal) burst(d time.Duration) []int16 {
	const slope = Rate / 200
	pcm := make([]int16, units(d))
	for i := range pcm {
		t := float64(i) / Rate
		x := 0.0
		for _, hz := range s.Hz {
			x += math.Sin(2 * math.Pi * hz * t)
		}
		if s.Mod > 0 {
			x *= (1 - math.Cos(2*math.Pi*s.Mod*t)) / 2
		}
		edge := min(1, float64(min(i, len(pcm)-1-i))/slope)
		pcm[i] = int16(math.Round(x * s.Level * edge * math.MaxInt16))
	}
	return pcm
}

func seconds(s ...float64) []time.Duration {
	d := make([]time.Duration, len(s))
	for i, x := range s {
		d[i] = time.Duration(x * float64(time.Second))
	}
	return d
}
