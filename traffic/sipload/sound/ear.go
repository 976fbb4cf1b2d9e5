package sound

import (
	"math"
	"time"

	"callwright/media"
	"callwright/media/rtp"
)

const (
	hangover  = 200 * time.Millisecond // for so long a pause between syllables may last
	toneShare = 0.5                    // of a frame's energy
	toneRun   = 3                      // frames
	maxKeys   = 256                    // remembered
)

// zero is the RMS of 0 dBm0 in units of the samples: 3.14 dB below that of a sinusoid of
// full scale (G.711 table 5).
var zero = math.MaxInt16 / math.Sqrt2 * math.Pow(10, -3.14/20)

// loudPower is the mean square from which a frame is loud: -45 dBm0, well above a
// line's noise (-65 dBm0) and well below speech (-15 to -30 dBm0).
var loudPower = math.Pow(zero*math.Pow(10, -45.0/20), 2)

// ear is what one leg hears. Its worker feeds it, with its lock held.
type ear struct {
	on   func(Event)
	told time.Duration // instant of the event before
	tell []Event

	codec    rtp.Codec
	playout  rtp.Playout
	capture  *Capture
	first    time.Duration
	samples  uint64
	silent   uint64
	keys     []byte
	gap      time.Duration
	last     time.Duration // a packet came, or was first to be expected
	receives bool

	sounding bool
	loud     time.Duration // end of the last loud frame

	hz     float64
	inTone bool
	run    int // frames in the tone, in order
	began  time.Duration
	tone   time.Duration // end of the last frame in it
}

func newEar(c Config, kept *store) ear {
	return ear{first: -1, playout: rtp.Playout{Delay: c.Buffer}, capture: kept.capture()}
}

// set takes in what SDP agreed on, such as whether packets are to come from now on.
func (e *ear) set(now time.Duration, p *media.Params) {
	if p.Receive != e.receives {
		e.pause(now)
		e.receives = p.Receive
	}
	e.codec = p.Codec
	if e.capture != nil {
		e.capture.codec, e.capture.types = p.Codec, [2]uint8{p.ReceiveType, p.SendType}
	}
}

// pause ends the time in which packets were to come, and begins another.
func (e *ear) pause(now time.Duration) {
	if e.receives {
		e.gap = max(e.gap, now-e.last)
	}
	e.last = now
}

// listen has a frequency listened to from now on.
func (e *ear) listen(hz float64) { e.hz, e.inTone, e.run = hz, false, 0 }

// voice takes in a packet of audio. One that is too late for the buffer is not heard.
func (e *ear) voice(at time.Duration, p *rtp.Packet) {
	e.came(at)
	if !e.playout.Packet(at, p) {
		return
	}
	for b := p.Payload; len(b) > 0; {
		n := min(len(b), rtp.FrameSize)
		e.frame(at, b[:n])
		b = b[n:]
	}
}

// event takes in a packet of an RFC 4733 event; key is not 0 where a press begins.
func (e *ear) event(at time.Duration, key byte) {
	e.came(at)
	if key == 0 {
		return
	}
	if len(e.keys) < maxKeys {
		e.keys = append(e.keys, key)
	}
	e.say(Event{Kind: Key, At: at, Since: at, Key: key})
}

func (e *ear) came(at time.Duration) {
	if e.first < 0 {
		e.first = at
		e.say(Event{Kind: FirstPacket, At: at, Since: at})
	}
	e.gap = max(e.gap, at-e.last)
	e.last = max(e.last, at)
}

// frame judges 20 ms of audio, or less where packets are shorter.
func (e *ear) frame(at time.Duration, b []byte) {
	power := float64(e.codec.Power(b))
	e.samples += uint64(len(b))
	if power < loudPower*float64(len(b)) {
		e.silent += uint64(len(b))
		e.run = 0
		return
	}
	e.loud = max(e.loud, at+rtp.FrameTime)
	if !e.sounding {
		e.sounding = true
		e.say(Event{Kind: SoundOn, At: at, Since: at})
	}
	if e.hz > 0 {
		e.judgeTone(at, b, power)
	}
}

func (e *ear) judgeTone(at time.Duration, b []byte, power float64) {
	var pcm rtp.Frame
	e.codec.Decode(pcm[:], b)
	a := rtp.Tone(pcm[:len(b)], e.hz)
	if a*a/2*float64(len(b)) < toneShare*power {
		e.run = 0
		return
	}
	if e.run++; e.run == 1 {
		e.began = at
	}
	e.tone = at + rtp.FrameTime
	if e.run >= toneRun && !e.inTone {
		e.inTone = true
		e.say(Event{Kind: ToneOn, At: at, Since: e.began})
	}
}

// tick notices what has ended: it comes at least each 20 ms.
func (e *ear) tick(now time.Duration) {
	if e.sounding && now-e.loud >= hangover {
		e.sounding = false
		e.say(Event{Kind: SoundOff, At: now, Since: e.loud})
	}
	if e.inTone && now-e.tone >= hangover {
		e.inTone = false
		e.say(Event{Kind: ToneOff, At: now, Since: e.tone})
	}
}

// say has an event told. Packets bear the kernel's time of arrival and may be read
// after a tick of a later instant: events do not go back all the same.
func (e *ear) say(ev Event) {
	if e.on == nil {
		return
	}
	ev.At = max(ev.At, e.told)
	e.told = ev.At
	e.tell = append(e.tell, ev)
}

// telling returns what tells the events so far, once no lock is held; nil: there are none.
func (e *ear) telling() func() {
	if len(e.tell) == 0 {
		return nil
	}
	on, tell := e.on, e.tell
	e.tell = nil
	return func() {
		for _, ev := range tell {
			on(ev)
		}
	}
}

// heard fills in the leg's figures when it is closed.
func (e *ear) heard(now time.Duration, q rtp.Quality) Heard {
	e.pause(now)
	q.Late, q.Buffer = e.playout.Late(), e.playout.Delay
	q.Rate()
	h := Heard{Quality: q, Frames: frames(e.samples), Silent: frames(e.silent), First: e.first, Gap: e.gap, Keys: string(e.keys)}
	if e.capture != nil && len(e.capture.chunks) > 0 {
		h.Capture = e.capture
	}
	return h
}

func frames(samples uint64) uint32 { return uint32((samples + rtp.FrameSize/2) / rtp.FrameSize) }
