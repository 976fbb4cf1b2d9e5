package media

import (
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"callwright/media/rtp"
)

// disk is the goroutine that writes recordings, so that a slow disk delays no packet.
// Its queue needs no limit of its own: each recording has three buffers, and an end.
type disk struct {
	log      *slog.Logger
	create   func(path string) (tapeFile, error)
	failed   func(file string, kept time.Duration, err error)
	failures atomic.Uint64
	wait     sync.WaitGroup

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

// tapeFile is what is needed of a file.
type tapeFile interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
}

// createTape makes a file that nobody but its owner may read.
func createTape(path string) (tapeFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil tapeFile
	}
	return f, nil
}

func newDisk(c Config) *disk {
	d := &disk{log: c.Log, create: c.create, failed: c.Failed}
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
	if r.bad == nil {
		d.check(r, r.write(j, d.create))
	}
	if j.last {
		d.check(r, r.finish())
		close(r.ended)
		return
	}
	if j.data != nil {
		r.spare <- j.data[:0] // never waits: it has room for every buffer
	}
}

// check notes a recording's first error and tells it.
func (d *disk) check(r *Recording, err error) {
	if err == nil || r.bad != nil {
		return
	}
	r.bad = err
	d.failures.Add(1)
	kept := time.Duration(r.whole/frameBytes) * rtp.FrameTime
	d.log.Error("media: a recording cannot be written", "file", r.path, "kept", kept, "err", err)
	if d.failed != nil {
		d.failed(r.path, kept, err)
	}
}

func (r *Recording) write(j *job, create func(string) (tapeFile, error)) (err error) {
	if r.file == nil {
		if r.file, err = create(r.path); err != nil {
			return err
		}
	} else if len(j.data) == 0 && j.skip == 0 {
		return nil // an end with nothing more
	}
	r.at += j.skip // a hole, which reads as silence
	if len(j.data) > 0 {
		if _, err := r.file.WriteAt(j.data, r.at); err != nil {
			return err
		}
	}
	r.at += int64(len(j.data))
	if j.last && len(j.data) == 0 {
		if err := r.file.Truncate(r.at); err != nil { // the hole at the end
			return err
		}
	}
	head := rtp.WAVHeader(2, r.at-rtp.WAVHeaderSize)
	if _, err = r.file.WriteAt(head[:], 0); err == nil {
		r.whole = r.at - rtp.WAVHeaderSize
	}
	return err
}

// finish closes the file. What an error has left behind the end that the head tells is cut
// off, and a file in which nothing can be heard is taken away.
func (r *Recording) finish() error {
	if r.file == nil {
		return nil
	}
	if r.bad != nil {
		_ = r.file.Truncate(rtp.WAVHeaderSize + r.whole) // told already that it is not whole
	}
	err := r.file.Close()
	if r.bad != nil && r.whole == 0 {
		_ = os.Remove(r.path)
	}
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
