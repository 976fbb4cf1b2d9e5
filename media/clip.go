package media

import (
	"io"
	"sync"
	"time"

	"callwright/media/rtp"
)

// Clip is audio to be played: a prompt, music, a tone. It is encoded once for each
// codec, when first played with it, and may be played to any number of legs at once.
type Clip struct {
	pcm  []int16 // 8,000 a second
	once [2]sync.Once
	code [2][]byte
}

// NewClip returns a clip of samples, 8,000 a second, which must not be changed then.
func NewClip(pcm []int16) *Clip { return &Clip{pcm: pcm} }

// LoadWAV reads a clip from a WAV file of any rate; see [rtp.ReadWAV].
func LoadWAV(r io.Reader) (*Clip, error) {
	pcm, rate, err := rtp.ReadWAV(r)
	if err != nil {
		return nil, err
	}
	return NewClip(rtp.Resample(pcm, rate)), nil
}

// Length returns how long the clip lasts.
func (c *Clip) Length() time.Duration { return time.Duration(len(c.pcm)) * time.Second / rtp.Rate }

// Encoded returns the clip's bytes in a codec, which must not be changed.
func (c *Clip) Encoded(codec rtp.Codec) []byte {
	i := 0
	if codec == rtp.PCMA {
		i = 1
	}
	c.once[i].Do(func() {
		c.code[i] = make([]byte, len(c.pcm))
		codec.Encode(c.code[i], c.pcm)
	})
	return c.code[i]
}

// The built-in clips, made when first asked for.
var (
	holdMusic = sync.OnceValue(func() *Clip { return NewClip(rtp.HoldTune()) })
	beep      = sync.OnceValue(func() *Clip { return NewClip(rtp.BeepSignal().PCM()) })
)

// HoldMusic returns music on hold made of tones, to be looped.
func HoldMusic() *Clip { return holdMusic() }

// Beep returns a beep of 200 ms.
func Beep() *Clip { return beep() }

// Ringback returns what a caller hears while the other phone rings, to be looped.
// Legs that hear it share the clip if its maker keeps it.
func Ringback(c rtp.Country) *Clip { return NewClip(rtp.RingbackSignal(c).PCM()) }

// Busy returns the engaged tone, to be looped.
func Busy(c rtp.Country) *Clip { return NewClip(rtp.BusySignal(c).PCM()) }

// player is a clip on its way to one leg.
type player struct {
	clip  *Clip
	at    int // sample
	loop  bool
	done  func()
	frame [rtp.FrameSize]byte
}

// next returns the payload of the next frame, and whether it is the last. The end of a
// loop goes on with its beginning in the same frame; that of a clip is silence.
func (p *player) next(codec rtp.Codec) (payload []byte, last bool) {
	code := p.clip.Encoded(codec)
	if p.at+rtp.FrameSize <= len(code) {
		payload = code[p.at : p.at+rtp.FrameSize]
		p.at += rtp.FrameSize
		return payload, p.at == len(code) && !p.loop
	}
	for i := range p.frame {
		if p.at == len(code) && p.loop {
			p.at = 0
		}
		if p.at < len(code) {
			p.frame[i] = code[p.at]
			p.at++
		} else {
			p.frame[i] = codec.Silence()
		}
	}
	return p.frame[:], !p.loop
}
