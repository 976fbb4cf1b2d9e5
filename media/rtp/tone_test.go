package rtp

import (
	"math"
	"testing"
)

func TestTone(t *testing.T) {
	pcm := make([]int16, Rate/5)
	for i := range pcm {
		pcm[i] = int16(10000 * math.Sin(2*math.Pi*697*float64(i)/Rate+1))
	}
	if a := Tone(pcm, 697); math.Abs(a-10000) > 100 {
		t.Errorf("Tone at its frequency: %.0f, want 10000", a)
	}
	if a := Tone(pcm, 770); a > 500 {
		t.Errorf("Tone at another: %.0f, want next to nothing", a)
	}
}

// The plans' frequencies are in the tones, and nothing is in the pauses.
func TestSignals(t *testing.T) {
	for _, c := range []Country{Japan, NorthAmerica, UnitedKingdom, Europe} {
		for _, s := range []Signal{RingbackSignal(c), BusySignal(c)} {
			pcm := s.PCM()
			on := pcm[:units(s.On[0])]
			for _, hz := range s.Hz {
				want := s.Level * 32767
				if s.Mod > 0 {
					want /= 2
				}
				if a := Tone(on, hz); math.Abs(a-want) > 0.1*want {
					t.Errorf("%s: %v Hz at %.0f, want %.0f", c, hz, a, want)
				}
			}
			if off := pcm[len(pcm)-int(units(s.Off[len(s.Off)-1])):]; RMS(off) != 0 {
				t.Errorf("%s: the pause is not silent", c)
			}
		}
	}
	if tune := HoldTune(); RMS(tune) < 500 || RMS(tune) > 8000 {
		t.Errorf("hold tune at %.0f RMS; want it audible and not clipped", RMS(tune))
	}
}
