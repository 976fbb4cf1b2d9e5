package media

import (
	"errors"
	"log/slog"
	"sync"

	"callwright/media/rtp"
)

// disk is the goroutine that writes recordings, so that a slow disk delays no packet.
// Its queue needs no limit of its own: each recording has three buffers, and an end.
type disk struct {
	log  *slog.Logger
	wait sync.WaitGroup

	mu     sync.Mutex
	more   sync.Cond
	queue  []job
	doing  []job
	closed bool
}

// job is a piece of a recording.
type job struct {
	rec  *Recording
	skip int64  // bytes of silence before it
	data []byte // nil: none
	last bool
}

func newDisk(c Config) *disk {
	d := &disk{log: c.Log}
	d.more.L = &d.mu
	d.wait.Add(1)
	go d.run()
	return d
}

// put queues a job. It does not wait for the disk.
func (d *disk) put(j job) {
	d.mu.Lock()
	d.queue = append(d.queue, j)
	d.mu.Unlock()
	d.more.Signal()
}

func (d *disk) run() {
	defer d.wait.Done()
	for {
		d.mu.Lock()
		for len(d.queue) == 0 && !d.closed {
			d.more.Wait()
		}
		d.queue, d.doing = d.doing[:0], d.queue
		if len(d.doing) == 0 {
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		for i := range d.doing {
			d.write(&d.doing[i])
			d.doing[i] = job{}
		}
	}
}

// write writes the samples first and then the head that speaks of them. After an error
// the rest of the recording is not written: its place in the file would be wrong.
func (d *disk) write(j *job) {
	r := j.rec
	if r.bad == nil && (len(j.data) > 0 || j.skip > 0) {
		r.bad = r.write(j)
		if r.bad != nil {
			d.log.Error("media: recording", "file", r.path, "err", r.bad)
		}
	}
	if j.last {
		r.bad = errors.Join(r.bad, r.file.Close())
		close(r.ended)
		return
	}
	r.spare <- j.data[:0] // never waits: it has room for every buffer
}

func (r *Recording) write(j *job) error {
	r.at += j.skip // a hole, which reads as silence
	if _, err := r.file.WriteAt(j.data, r.at); err != nil {
		return err
	}
	r.at += int64(len(j.data))
	if j.last && len(j.data) == 0 {
		if err := r.file.Truncate(r.at); err != nil { // the hole at the end
			return err
		}
	}
	head := rtp.WAVHeader(2, r.at-rtp.WAVHeaderSize)
	_, err := r.file.WriteAt(head[:], 0)
	return err
}

// close writes what is queued and ends the goroutine. All legs are closed by then, and
// with them all recordings.
func (d *disk) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.more.Signal()
	d.wait.Wait()
}
