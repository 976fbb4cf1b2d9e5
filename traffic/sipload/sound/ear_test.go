package sound

import (
	"bytes"
	"math"
	"testing"
	"time"

	"callwright/media"
	"callwright/media/rtp"
)

// stage feeds an ear frame by frame, by its own clock.
type stage struct {
	ear ear
	log log
	now time.Duration
	n   int
}

func newStage(codec rtp.Codec, hz float64) *stage {
	s := &stage{ear: newEar(Config{Buffer: 60 * time.Millisecond}, newStore(Config{CaptureBytes: -1}))}
	s.ear.on = s.log.add
	s.ear.set(0, &media.Params{Codec: codec, Receive: true})
	s.ear.listen(hz)
	return s
}

// play has frames of a sinusoid come at a level in dBm0, and returns when they began.
func (s *stage) play(frames int, hz, dBm0 float64) (began time.Duration) {
	began = s.now
	amplitude := zero * math.Sqrt2 * math.Pow(10, dBm0/20)
	for range frames {
		var pcm rtp.Frame
		for i := range pcm {
			pcm[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(s.n*rtp.FrameSize+i)/rtp.Rate)))
		}
		b := make([]byte, rtp.FrameSize)
		s.ear.codec.Encode(b, pcm[:])
		s.ear.voice(s.now, &rtp.Packet{Timestamp: uint32(s.n * rtp.FrameSize), Payload: b})
		s.tick()
	}
	return began
}

// nothing has time pass without packets.
func (s *stage) nothing(frames int) {
	for range frames {
		s.tick()
	}
}

func (s *stage) tick() {
	s.n++
	s.now += rtp.FrameTime
	s.ear.tick(s.now)
	if f := s.ear.telling(); f != nil {
		f()
	}
}

// The thresholds are what is said of them, in both laws, and instants are exact.
func TestEar(t *testing.T) {
	for _, codec := range []rtp.Codec{rtp.PCMU, rtp.PCMA} {
		s := newStage(codec, 1000)
		s.nothing(5)
		first := s.play(50, 1000, -46)
		loud := s.play(10, 700, -44)
		s.play(9, 700, -60) // 180 ms: a pause between syllables
		tone := s.play(20, 1000, -20)
		s.play(2, 1000, -60)
		s.nothing(8) // nothing is as silent as silence
		off := s.now
		s.nothing(50)
		s.play(2, 1000, -20) // too short for a tone
		s.nothing(20)
		want := []Event{
			{Kind: FirstPacket, At: first, Since: first},
			{Kind: SoundOn, At: loud, Since: loud},
			{Kind: ToneOn, At: tone + 2*rtp.FrameTime, Since: tone},
			{Kind: SoundOff, At: off, Since: tone + 20*rtp.FrameTime},
			{Kind: ToneOff, At: off, Since: tone + 20*rtp.FrameTime},
		}
		got := s.log.events()
		for i, w := range want {
			if i >= len(got) || got[i] != w {
				t.Fatalf("%v: event %d of %v, want %v", codec, i, got, w)
			}
		}
		if len(got) != len(want)+2 || got[5].Kind != SoundOn || got[6].Kind != SoundOff {
			t.Errorf("%v: then %v", codec, got[len(want):])
		}
		h := s.ear.heard(s.now, rtp.Quality{})
		if h.Frames != 93 || h.Silent != 61 || h.First != first || h.Gap != 59*rtp.FrameTime {
			t.Errorf("%v: %d frames, %d silent, first %v, gap %v", codec, h.Frames, h.Silent, h.First, h.Gap)
		}
	}
}

// Speech is hardly ever a tone, and never for long.
func TestEarSpeech(t *testing.T) {
	s := newStage(rtp.PCMU, 440)
	code := Speech(3).clip.Encoded(rtp.PCMU)
	for i := 0; i < len(code); i += rtp.FrameSize {
		s.ear.voice(s.now, &rtp.Packet{Timestamp: uint32(i), Payload: code[i : i+rtp.FrameSize]})
		s.tick()
	}
	if n := s.log.count(ToneOn); n > 1 {
		t.Errorf("a tone was heard %d times in 30 s of speech", n)
	}
	if n := s.log.count(SoundOn); n < 5 || n > 20 {
		t.Errorf("%d talkspurts in 30 s", n)
	}
}

// A WAV file is played as it is.
func TestWAVSound(t *testing.T) {
	head := rtp.WAVHeader(1, 400)
	s, err := WAV(bytes.NewReader(append(head[:], bytes.Repeat([]byte{0, 0x10}, 200)...)))
	if err != nil || s.clip.Length() != 25*time.Millisecond {
		t.Fatalf("%v, %v", s, err)
	}
	if _, err := WAV(bytes.NewReader([]byte("no WAV"))); err == nil {
		t.Error("what is no WAV file was read")
	}
	l := denseLeg{clip: s.clip}
	var room [rtp.FrameSize]byte
	for range 10 { // a loop that is no whole number of frames
		for i, b := range l.frame(&room) {
			if b != s.clip.Encoded(rtp.PCMU)[0] {
				t.Fatalf("byte %d is %x", i, b)
			}
		}
	}
}
