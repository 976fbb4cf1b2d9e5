package sound

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/netio"
)

// Engine makes the sound of a load run's calls. Its methods may be called from any
// goroutine, but Close not from a callback.
type Engine interface {
	// Open opens a leg. media.ErrPorts: no port is left.
	Open() (Leg, error)
	Stats() Stats
	// Close closes what is open, and waits for the engine's goroutines.
	Close() error
}

// Leg is one call's sound. Its methods may be called from any goroutine, callbacks
// included.
type Leg interface {
	// Port returns the port to be said in SDP.
	Port() int
	// Set takes in what SDP agreed on; again after a re-INVITE. Before, nothing is sent
	// or heard.
	Set(media.Params)
	// Play plays a sound from now on, looped. Until then, and with the zero Sound,
	// frames of silence are sent: a telephone without silence suppression goes on sending.
	Play(Sound)
	// Digits sends keys as RFC 4733 events, after those that wait already. They replace
	// the sound while they last.
	Digits(keys string) error
	// Listen has ToneOn and ToneOff told of a frequency from now on; 0: of none.
	Listen(hz float64)
	// On says whom to tell what happens. f is called from the engine's goroutines, which
	// serve other calls: it must not block. A last call may come just after Close.
	On(f func(Event))
	// Close ends the leg, and returns what was heard. It is called once.
	Close() Heard
}

// EventKind says what happened on a leg.
type EventKind uint8

// The kinds. A frame is loud from -45 dBm0 on. It is in the tone when it is loud and at
// least half of its energy lies at the frequency that is listened to (Goertzel's
// algorithm over 20 ms: within 25 Hz or so of it).
const (
	FirstPacket EventKind = iota + 1 // the peer's first RTP packet
	SoundOn                          // a loud frame
	SoundOff                         // no loud frame for 200 ms
	ToneOn                           // three frames in order in the tone
	ToneOff                          // no frame in the tone for 200 ms
	Key                              // the peer pressed a key: Event.Key
)

func (k EventKind) String() string {
	return [...]string{"", "first packet", "sound on", "sound off", "tone on", "tone off", "key"}[k]
}

// Event is something that happened on a leg. Its instants are Config.Clock's.
type Event struct {
	Kind  EventKind
	At    time.Duration // when it was known; it does not go back from event to event of a leg
	Since time.Duration // since when it is so: SoundOff's is where the sound ended, ToneOn's where the tone began
	Key   byte          // '0'-'9', '*', '#', 'A'-'D'
}

// Heard is how a leg's sound was, at our side.
type Heard struct {
	// Quality has the packets, and R and MOS with a jitter buffer of Config.Buffer: what
	// came later counts as Late, and as lost for R. Dense has no round trip.
	rtp.Quality

	Frames   uint32        // 20 ms of audio each, that came in time
	Silent   uint32        // of these: not loud
	First    time.Duration // instant of the first packet; -1: none came
	Gap      time.Duration // longest time without a packet while we were to receive
	Keys     string        // that the peer pressed, the first 256
	KeysSent int           // that we pressed, to their end
	Capture  *Capture      // its packets; nil: none, see Config.CaptureBytes
}

// Silence returns the part of frames that were silent, in [0, 1]; 0 when none came.
func (h *Heard) Silence() float64 {
	if h.Frames == 0 {
		return 0
	}
	return float64(h.Silent) / float64(h.Frames)
}

// Stats is how the engine itself does, since it was made: trouble here is not the
// target's.
type Stats struct {
	Legs       int   // open
	Frames     int64 // that were due to be sent
	FramesLate int64 // of these, sent more than a frame (20 ms) late, or not at all
	PaceP50    time.Duration
	PaceP99    time.Duration // from when a frame was due to when it had been sent
	Datagrams  int64         // received
	Dropped    int64         // by the kernel, because our receive buffers were full
	Unsent     int64         // that the kernel did not take
	Foreign    int64         // received, but of no open leg; of Dense only, Heard has those of Pairs
	Uncaptured int64         // legs whose packets were not, or not all, kept
	Busy       float64       // the busiest worker's last whole second: at work, in [0, 1]
	Waited     float64       // the worst worker's: it could have run, and had no core
}

// Config says where an engine listens. Bind must be set; the rest may not.
type Config struct {
	Bind netip.Addr // the address legs listen at

	PortMin, PortMax int           // even ports of this range; both 0: any
	PortRest         time.Duration // until a port pair is used again; 0: 5 s

	Workers int // loops, each with a thread; 0: one per CPU
	Sockets int // Dense: shared ones a worker; 0: 20

	// Buffer is the fixed delay of the jitter buffer with which R and MOS are stated;
	// 0: 60 ms.
	Buffer time.Duration

	// CaptureBytes bounds the memory for packets kept of open and closed calls, all
	// together; 0: 64 MiB, which is some 2,700 s of one call; below 0: none are kept.
	// What finds it full is not kept, and counted in Stats.Uncaptured.
	CaptureBytes int64

	ReceiveBuffer int // bytes a socket; 0: 64 KiB for Pairs, 4 MiB for Dense

	Clock netio.Clock  // of all instants; zero: a new one
	Log   *slog.Logger // nil: nothing is logged
}

const (
	defaultBuffer  = 60 * time.Millisecond
	defaultCapture = 64 << 20
	defaultSockets = 20
)

// Validate returns everything that is wrong with c.
func (c *Config) Validate() error {
	bad := []error{c.media().Validate()}
	if c.Sockets < 0 || c.Buffer < 0 || c.Buffer > time.Second {
		bad = append(bad, fmt.Errorf("sound: %d sockets, a buffer of %v; want neither negative, and 1s at most", c.Sockets, c.Buffer))
	}
	return errors.Join(bad...)
}

func (c *Config) media() *media.Config {
	return &media.Config{Bind: c.Bind, PortMin: c.PortMin, PortMax: c.PortMax, PortRest: c.PortRest, Workers: c.Workers,
		Clock: c.Clock, Log: c.Log, Generator: true, ReceiveBuffer: c.ReceiveBuffer}
}

func (c Config) withDefaults() Config {
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Sockets == 0 {
		c.Sockets = defaultSockets
	}
	if c.Buffer == 0 {
		c.Buffer = defaultBuffer
	}
	if c.CaptureBytes == 0 {
		c.CaptureBytes = defaultCapture
	}
	if c.Clock == (netio.Clock{}) {
		c.Clock = netio.NewClock()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
