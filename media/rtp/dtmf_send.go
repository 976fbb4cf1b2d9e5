package rtp

import "time"

// The shape of a press as we send it: RFC 4733 2.5.1.2 asks for an update each 50 ms or
// so and three packets with the end; ITU-T Q.24 receivers want 40 ms of pause.
const (
	pressTime  = 100 * time.Millisecond
	pauseTime  = 60 * time.Millisecond
	endPackets = 3
	volume     = 10 // -10 dBm0
)

// MaxDigits bounds the keys that wait to be sent; more are refused.
const MaxDigits = 64

// DTMFSender turns keys into RFC 4733 events, one packet a frame: five that grow,
// three that end (20 ms apart too, so that a burst of loss does not take all three),
// then a pause of 60 ms. The zero DTMFSender has nothing to send.
type DTMFSender struct {
	queue [MaxDigits]byte // event codes
	head  int
	n     int

	on    bool
	ts    uint32 // of the segment
	units int64  // since then, of the packet before
	left  int64  // of the press, beyond the segment's units; <= 0: ending
	ends  int    // end packets sent
	pause int    // frames of silence still due
	press int64  // units each press lasts; 0: pressTime
}

// Push adds keys, and returns how many of them it took: it stops at one that is no
// key, or when MaxDigits wait.
func (d *DTMFSender) Push(keys string) int {
	for i := range len(keys) {
		code, ok := eventOf(keys[i])
		if !ok || d.n == MaxDigits {
			return i
		}
		d.queue[(d.head+d.n)%MaxDigits] = code
		d.n++
	}
	return len(keys)
}

// SetPress sets how long each press lasts, from the next frame on.
func (d *DTMFSender) SetPress(t time.Duration) { d.press = units(t) }

// Busy reports whether the next frame is an event's, or a pause between two.
func (d *DTMFSender) Busy() bool { return d.on || d.n > 0 || d.pause > 0 }

// Waiting returns how many keys are still to be sent, the one being sent included.
func (d *DTMFSender) Waiting() int { return d.n }

// Clear forgets what waits; a press that has begun is ended.
func (d *DTMFSender) Clear() {
	d.n = 0
	if d.on {
		d.n, d.left = 1, 0
	}
}

// Next appends this frame's event packet to b. ok is false when the frame is free for
// audio: nothing is pressed, or it is the pause after a press.
func (d *DTMFSender) Next(b []byte, s *Sender, now time.Duration, pt uint8) (out []byte, ok bool) {
	if !d.on {
		if d.pause > 0 {
			d.pause--
			return b, false
		}
		if d.n == 0 {
			return b, false
		}
		d.on, d.ts, d.units, d.ends = true, s.Begin(now), 0, 0
		d.left = d.press
		if d.left <= 0 {
			d.left = units(pressTime)
		}
		step := min(FrameSize, d.left)
		d.units, d.left = step, d.left-step
		return d.packet(b, s, pt, true, false), true
	}
	if d.left > 0 {
		step := min(FrameSize, d.left)
		if d.units+step > longest { // RFC 4733 2.5.1.3: the next segment, without a marker
			d.ts += longest
			d.units -= longest
		}
		d.units, d.left = d.units+step, d.left-step
		return d.packet(b, s, pt, false, false), true
	}
	d.ends++
	b = d.packet(b, s, pt, false, true)
	if d.ends == endPackets {
		d.on = false
		d.head, d.n = (d.head+1)%MaxDigits, d.n-1
		d.pause = int(units(pauseTime)) / FrameSize
		s.Pause()
	}
	return b, true
}

func (d *DTMFSender) packet(b []byte, s *Sender, pt uint8, marker, end bool) []byte {
	p := [4]byte{d.queue[d.head], volume, byte(d.units >> 8), byte(d.units)}
	if end {
		p[1] |= 0x80
	}
	return s.Event(b, d.ts, pt, marker, p[:])
}
