// Package rtp is the half of a telephone's audio that needs no socket: packets,
// G.711, the jitter buffer, DTMF, RTCP, tones, files, mixing, and the figures a
// call record keeps of a leg's quality.
//
// The one idea in it: time comes in. Every call that depends on time takes now, a
// time.Duration since the engine began (an int64 of nanoseconds that never goes
// back); nothing here reads a clock, sleeps, starts a goroutine or opens a socket.
// So a minute of packets with loss, reordering and a clock that drifts is a test
// of a millisecond, and plays the same every time.
//
// Audio is 8,000 samples a second, 16 bits, one channel, in frames of 20 ms: a
// [Frame]. What comes from the network goes
//
//	Parser.Parse -> Source.Packet -> Receiver.Packet -> JitterBuffer.Put ... Take -> Matrix.Mix
//
// and what leaves for it Codec.Encode -> Sender.Packet. DTMF events go from the
// Receiver to a [DTMFReceiver], and come from a [DTMFSender].
//
// After warming up nothing on these paths allocates; RTCP, every few seconds, does.
// The types are not safe for use by several goroutines at once: media gives each
// leg to one worker. media, sipua and sipload import it.
package rtp

import "time"

// Rate is the number of samples a second, and of RTP timestamp units: both laws of
// G.711, and the telephone-event stream beside them (RFC 3551 4.5.14, RFC 4733 2.1).
const Rate = 8000

// FrameTime is what one Frame lasts and how often a sender sends.
const FrameTime = 20 * time.Millisecond

// FrameSize is the number of samples in a Frame, and of bytes in its G.711 payload.
const FrameSize = 160

// Frame is 20 ms of linear audio. Full scale is the int16's.
type Frame [FrameSize]int16

// units converts a length of time to timestamp units, rounding down.
func units(d time.Duration) int64 { return int64(d) / (int64(time.Second) / Rate) }

// span converts timestamp units to a length of time.
func span(units int64) time.Duration { return time.Duration(units) * (time.Second / Rate) }
