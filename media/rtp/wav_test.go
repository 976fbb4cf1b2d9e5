package rtp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"
)

// wavFile makes a file of a tone of 440 Hz at half of full scale, a second long.
func wavFile(tag, bits, channels, rate int, extensible bool) []byte {
	var data []byte
	le := binary.LittleEndian
	for i := range rate {
		x := 0.5 * math.Sin(2*math.Pi*440*float64(i)/float64(rate))
		for range channels {
			switch {
			case tag == wavFloat && bits == 32:
				data = le.AppendUint32(data, math.Float32bits(float32(x)))
			case tag == wavFloat:
				data = le.AppendUint64(data, math.Float64bits(x))
			case tag == wavALaw, tag == wavMuLaw:
				c := map[int]Codec{wavALaw: PCMA, wavMuLaw: PCMU}[tag]
				var b [1]byte
				c.Encode(b[:], []int16{int16(x * 32767)})
				data = append(data, b[0])
			case bits == 8:
				data = append(data, byte(128+x*127))
			default:
				v := int32(x * math.MaxInt32)
				data = append(data, le.AppendUint32(nil, uint32(v))[4-bits/8:]...)
			}
		}
	}
	h := []byte("RIFF____WAVE")
	h = append(h, "LIST\x05\x00\x00\x00hello\x00"...) // odd: padded
	h = append(h, "fmt "...)
	f := le.AppendUint16(nil, uint16(tag))
	f = le.AppendUint16(f, uint16(channels))
	f = le.AppendUint32(f, uint32(rate))
	f = le.AppendUint32(f, uint32(rate*channels*bits/8))
	f = le.AppendUint16(f, uint16(channels*bits/8))
	f = le.AppendUint16(f, uint16(bits))
	if extensible {
		le.PutUint16(f, wavExtensible)
		f = append(f, 22, 0, byte(bits), 0, 3, 0, 0, 0, byte(tag), 0)
		f = append(f, make([]byte, 14)...)
	}
	h = append(le.AppendUint32(h, uint32(len(f))), f...)
	h = append(h, "data"...)
	return append(le.AppendUint32(h, uint32(len(data))), data...)
}

// TestWAV reads every format at many rates: the tone is there after resampling, at its
// level, and nothing else is.
func TestWAV(t *testing.T) {
	formats := []struct{ tag, bits int }{{wavPCM, 8}, {wavPCM, 16}, {wavPCM, 24}, {wavPCM, 32}, {wavFloat, 32}, {wavFloat, 64}, {wavALaw, 8}, {wavMuLaw, 8}}
	rates := []int{8000, 11025, 16000, 22050, 44100, 48000, 6000, 44101}
	for i, f := range formats {
		for k, rate := range rates {
			if testing.Short() && (i+k)%4 != 0 {
				continue
			}
			name := fmt.Sprintf("format %d, %d bits, %d Hz", f.tag, f.bits, rate)
			pcm, got, err := ReadWAV(bytes.NewReader(wavFile(f.tag, f.bits, 1+(i+k)%3, rate, k%2 == 1)))
			if err != nil || got != rate || len(pcm) != rate {
				t.Errorf("%s: %d samples at %d Hz, %v", name, len(pcm), got, err)
				continue
			}
			out := Resample(pcm, rate)
			mid := out[1000 : 1000+6000]
			if a := Tone(mid, 440); math.Abs(a-16384) > 200 {
				t.Errorf("%s: amplitude %.0f, want 16384", name, a)
			}
			noise := math.Sqrt(max(0, RMS(mid)*RMS(mid)-Tone(mid, 440)*Tone(mid, 440)/2))
			limit := 30.0
			if f.bits == 8 {
				limit = 500
			}
			if noise > limit || len(out) != Rate {
				t.Errorf("%s: %d samples, noise %.0f; want 8000, below %.0f", name, len(out), noise, limit)
			}
		}
	}
}

// What lies above 4 kHz is gone, and does not come back as another tone.
func TestResampleAlias(t *testing.T) {
	for _, hz := range []float64{4100, 5000, 7500, 11000} {
		pcm := make([]int16, 44100)
		for i := range pcm {
			pcm[i] = int16(20000 * math.Sin(2*math.Pi*hz*float64(i)/44100))
		}
		if loud := RMS(Resample(pcm, 44100)[500:7500]); loud > 5 {
			t.Errorf("%v Hz leaves %.1f RMS of 14142, want -69 dB", hz, loud)
		}
	}
	pcm := make([]int16, 44100)
	for i := range pcm {
		pcm[i] = int16(20000 * math.Sin(2*math.Pi*3400*float64(i)/44100))
	}
	if a := Tone(Resample(pcm, 44100)[500:7500], 3400); a < 19500 {
		t.Errorf("3.4 kHz at %.0f of 20000: it must pass", a)
	}
}

func TestWAVHeader(t *testing.T) {
	h := WAVHeader(2, 8)
	pcm, rate, err := ReadWAV(bytes.NewReader(append(h[:], 0, 1, 0, 3, 0, 0, 0, 0)))
	if err != nil || rate != Rate || len(pcm) != 2 || pcm[0] != 512 {
		t.Errorf("%v at %d, %v", pcm, rate, err)
	}
	zero := WAVHeader(1, 0) // as of a program killed before it knew
	if pcm, _, err := ReadWAV(bytes.NewReader(append(zero[:], 1, 0, 2, 0))); err != nil || len(pcm) != 2 {
		t.Errorf("length 0: %v, %v; want both samples", pcm, err)
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(wavFile(wavPCM, 16, 2, 1000, false)[:200])
	f.Add(wavFile(wavFloat, 32, 1, 1000, true)[:200])
	f.Fuzz(func(t *testing.T, b []byte) {
		pcm, rate, err := ReadWAV(bytes.NewReader(b))
		if err == nil && len(pcm) < 1000 {
			Resample(pcm, rate)
		}
	})
}
