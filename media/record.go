package media

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"path/filepath"
	"time"

	"callwright/media/rtp"
)

// A recording's samples are written each half second, and lie in one of three buffers
// until then: the disk may lag 1.5 s behind before anything is lost.
const (
	frameBytes   = 2 * 2 * rtp.FrameSize // 16 bits, left and right
	chunkFrames  = 25
	chunkBytes   = chunkFrames * frameBytes
	chunksInHand = 3
)

// Recording is a stereo WAV file of what one leg's peer says (left) and hears (right),
// on the mixer's clock: a frame is written each 20 ms, whatever packets do, so both
// sides and the wall clock stay together. It follows the leg through bridges: agents,
// prompts and music are on the right in the order in which the customer heard them.
//
// The file's head is brought up to date with each half second written, so that a
// process killed at any time leaves a file that plays, but for its last second.
type Recording struct {
	leg  *Leg
	disk *disk
	path string

	// Guarded by the leg's worker.
	paused bool
	over   bool // no more frames come
	frames int64
	full   []byte // being filled
	missed int64  // bytes that found no buffer, to be left silent in the file

	spare chan []byte // capacity chunksInHand: all buffers there are

	// The disk's goroutine's, until ended is closed.
	file  tapeFile // nil: it could not be made
	at    int64    // where the next sample goes
	whole int64    // bytes of samples that the head in the file speaks of
	bad   error
	ended chan struct{}
}

// ErrNoDir says that Config.RecordDir is not set.
var ErrNoDir = errors.New("media: there is no directory for recordings")

// Record begins to record a leg. The file's name is random, and nobody but its owner
// may read it. A leg has one recording at a time. The file is made by the goroutine that
// writes, so that no disk holds up the caller: whether that fails, Config.Failed is told.
func (e *Engine) Record(customer *Leg) (*Recording, error) {
	if e.config.RecordDir == "" {
		return nil, ErrNoDir
	}
	var name [16]byte
	rand.Read(name[:]) // never fails
	path := filepath.Join(e.config.RecordDir, hex.EncodeToString(name[:])+".wav")
	r := &Recording{leg: customer, disk: e.disk, path: path, at: rtp.WAVHeaderSize,
		spare: make(chan []byte, chunksInHand), ended: make(chan struct{})}
	for range chunksInHand {
		r.spare <- make([]byte, 0, chunkBytes)
	}
	w := customer.lock()
	defer w.mu.Unlock()
	switch {
	case customer.closed:
		return nil, ErrClosed
	case customer.rec != nil:
		return nil, errors.New("media: the leg is being recorded already")
	}
	customer.rec = r
	r.disk.put(job{rec: r}) // makes the file
	return r, nil
}

// File returns the file's path.
func (r *Recording) File() string { return r.path }

// Pause makes the recording silent, in both channels, and drops the keys that the
// customer presses before they become events or reach anybody: card numbers are
// neither recorded nor logged. Time goes on.
func (r *Recording) Pause() { r.setPaused(true) }

// Resume ends a pause.
func (r *Recording) Resume() { r.setPaused(false) }

func (r *Recording) setPaused(p bool) {
	w := r.leg.lock()
	r.paused = p
	w.mu.Unlock()
}

// Close completes the file and returns its path, how long the recording lasted, and the
// first error of writing it, after which nothing more was written: the file is shorter
// then, or there is none. If the leg or the engine was closed before, the recording
// ended then.
func (r *Recording) Close() (file string, length time.Duration, err error) {
	w := r.leg.lock()
	if r.leg.rec == r {
		r.leg.rec = nil
	}
	r.end()
	frames := r.frames
	w.mu.Unlock()
	<-r.ended
	return r.path, time.Duration(frames) * rtp.FrameTime, r.bad
}

// record adds this tick's frame: what the customer said, and what was sent to him.
func (l *Leg) record(payload []byte, event bool) {
	r := l.rec
	r.frames++
	if r.full == nil {
		select {
		case r.full = <-r.spare:
		default:
			r.missed += frameBytes
			return
		}
	}
	b := r.full[:len(r.full)+frameBytes]
	to := b[len(r.full):]
	if r.paused {
		clear(to)
	} else {
		var right rtp.Frame
		if payload != nil && !event {
			l.params.Codec.Decode(right[:], payload)
		}
		for i := range l.voice {
			x, y := uint16(l.voice[i]), uint16(right[i])
			to[4*i], to[4*i+1], to[4*i+2], to[4*i+3] = byte(x), byte(x>>8), byte(y), byte(y>>8)
		}
	}
	r.full = b
	if len(b) == chunkBytes {
		r.flush()
	}
}

// leaveOut adds silence for frames that no tick was made for.
func (r *Recording) leaveOut(frames int64) {
	if r.full != nil {
		r.flush()
	}
	r.frames += frames
	r.missed += frames * frameBytes
}

// flush hands what is filled to the disk. Its queue has room for all buffers there are.
func (r *Recording) flush() {
	r.disk.put(job{rec: r, skip: r.missed, data: r.full})
	r.full, r.missed = nil, 0
}

// end hands the last samples over. The leg's worker is locked.
func (r *Recording) end() {
	if r.over {
		return
	}
	r.over = true
	r.disk.put(job{rec: r, skip: r.missed, data: r.full, last: true})
	r.full, r.missed = nil, 0
}
