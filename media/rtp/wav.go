package rtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// What ReadWAV accepts at most: 192 kHz of eight channels, and 100 minutes of stereo
// at 44.1 kHz with 16 bits.
const (
	maxWAVBytes    = 1 << 30
	maxWAVRate     = 192000
	maxWAVChannels = 8
)

// The format tags of RIFF WAVE that ReadWAV knows.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavALaw       = 6
	wavMuLaw      = 7
	wavExtensible = 0xfffe
)

// ReadWAV reads a RIFF WAVE file of any rate and up to eight channels, which are
// averaged: integers of 8, 16, 24 or 32 bits, floats of 32 or 64, G.711 of either law.
// It returns the samples and their rate; [Resample] makes 8,000 a second of them.
// A data chunk whose length is 0 or too long, as a program that was killed leaves it,
// is read to the end of the file.
func ReadWAV(r io.Reader) (pcm []int16, rate int, err error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, 0, errors.New("wav: this is no WAV file: it does not begin with RIFF and WAVE")
	}
	var f *wavFormat
	for {
		var h [8]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return nil, 0, errors.New("wav: no data chunk")
		}
		size := int64(binary.LittleEndian.Uint32(h[4:]))
		switch string(h[:4]) {
		case "fmt ":
			if f, err = readFormat(r, size); err != nil {
				return nil, 0, err
			}
		case "data":
			if f == nil {
				return nil, 0, errors.New("wav: the data chunk comes before the fmt chunk")
			}
			pcm, err = f.read(r, size)
			return pcm, f.rate, err
		default:
			if _, err := io.CopyN(io.Discard, r, size+size&1); err != nil { // chunks are padded to an even length
				return nil, 0, fmt.Errorf("wav: chunk %q is cut short", h[:4])
			}
		}
	}
}

type wavFormat struct {
	tag, channels, rate, bits int
}

func readFormat(r io.Reader, size int64) (*wavFormat, error) {
	if size < 16 || size > 1024 {
		return nil, fmt.Errorf("wav: fmt chunk of %d bytes; want 16 to 1,024", size)
	}
	b := make([]byte, size+size&1)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, errors.New("wav: fmt chunk is cut short")
	}
	le := binary.LittleEndian
	f := &wavFormat{tag: int(le.Uint16(b)), channels: int(le.Uint16(b[2:])), rate: int(le.Uint32(b[4:])), bits: int(le.Uint16(b[14:]))}
	if f.tag == wavExtensible && size >= 26 {
		f.tag = int(le.Uint16(b[24:])) // the first two bytes of the sub-format's GUID
	}
	switch {
	case f.channels < 1 || f.channels > maxWAVChannels:
		return nil, fmt.Errorf("wav: %d channels; want 1 to %d", f.channels, maxWAVChannels)
	case f.rate < 1000 || f.rate > maxWAVRate:
		return nil, fmt.Errorf("wav: %d samples a second; want 1,000 to 192,000", f.rate)
	case f.sample() == nil:
		return nil, fmt.Errorf("wav: format %d with %d bits is not known; want PCM of 8, 16, 24 or 32 bits, float, A-law or mu-law", f.tag, f.bits)
	}
	return f, nil
}

// sample returns what reads one channel's sample as a fraction of full scale, or nil
// if the format is not known.
func (f *wavFormat) sample() func(b []byte) float64 {
	le := binary.LittleEndian
	switch [2]int{f.tag, f.bits} {
	case [2]int{wavPCM, 8}:
		return func(b []byte) float64 { return float64(int(b[0])-128) / (1 << 7) }
	case [2]int{wavPCM, 16}:
		return func(b []byte) float64 { return float64(int16(le.Uint16(b))) / (1 << 15) }
	case [2]int{wavPCM, 24}:
		return func(b []byte) float64 {
			return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}
	case [2]int{wavPCM, 32}:
		return func(b []byte) float64 { return float64(int32(le.Uint32(b))) / (1 << 31) }
	case [2]int{wavFloat, 32}:
		return func(b []byte) float64 { return float64(math.Float32frombits(le.Uint32(b))) }
	case [2]int{wavFloat, 64}:
		return func(b []byte) float64 { return math.Float64frombits(le.Uint64(b)) }
	case [2]int{wavALaw, 8}:
		return func(b []byte) float64 { return float64(fromA[b[0]]) / (1 << 15) }
	case [2]int{wavMuLaw, 8}:
		return func(b []byte) float64 { return float64(fromMu[b[0]]) / (1 << 15) }
	}
	return nil
}

func (f *wavFormat) read(r io.Reader, size int64) ([]int16, error) {
	width := f.bits / 8
	block := width * f.channels
	if size == 0 {
		size = maxWAVBytes + 1
	}
	b, err := io.ReadAll(io.LimitReader(r, min(size, maxWAVBytes+1)))
	if err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	if len(b) > maxWAVBytes {
		return nil, errors.New("wav: longer than 1 GiB")
	}
	sample := f.sample()
	pcm := make([]int16, len(b)/block)
	for i := range pcm {
		sum := 0.0
		for c := range f.channels {
			sum += sample(b[i*block+c*width:])
		}
		x := sum / float64(f.channels) * (1 << 15)
		if math.IsNaN(x) {
			x = 0
		}
		pcm[i] = int16(math.Round(max(-1<<15, min(1<<15-1, x))))
	}
	return pcm, nil
}

// WAVHeaderSize is the length of WAVHeader's result: samples begin there.
const WAVHeaderSize = 44

// WAVHeader returns the head of a 16-bit PCM file at 8,000 samples a second with data
// bytes of samples after it. A file of more than 4 GiB (37 hours of stereo) says the
// most that it can; readers then read on to the end.
func WAVHeader(channels int, data int64) [WAVHeaderSize]byte {
	var h [WAVHeaderSize]byte
	le := binary.LittleEndian
	size := uint32(min(data, math.MaxUint32-WAVHeaderSize))
	copy(h[0:], "RIFF")
	le.PutUint32(h[4:], size+WAVHeaderSize-8)
	copy(h[8:], "WAVEfmt ")
	le.PutUint32(h[16:], 16)
	le.PutUint16(h[20:], wavPCM)
	le.PutUint16(h[22:], uint16(channels))
	le.PutUint32(h[24:], Rate)
	le.PutUint32(h[28:], uint32(Rate*2*channels))
	le.PutUint16(h[32:], uint16(2*channels))
	le.PutUint16(h[34:], 16)
	copy(h[36:], "data")
	le.PutUint32(h[40:], size)
	return h
}
