package live

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// scribe brings the journal to the disk and, behind it, the records. It works on a
// goroutine of its own, since an fsync takes as long as the disk likes.
type scribe struct {
	journal File
	records File // or nil
	fail    func(what string, err error)

	mu    sync.Mutex
	lines []byte // records whose events are written to the journal
	spare []byte // the buffer that is not in use

	size    atomic.Int64  // of lines
	noMore  atomic.Bool   // the journal cannot be synced: it must not be written either
	noLines atomic.Bool   // the records cannot be written, or are not wanted
	written chan struct{} // capacity 1: the journal has grown since the last sync
	quit    chan struct{}
	gone    chan struct{}
}

func newScribe(journal, records File, fail func(string, error)) *scribe {
	s := &scribe{journal: journal, records: records, fail: fail,
		written: make(chan struct{}, 1), quit: make(chan struct{}), gone: make(chan struct{})}
	s.noLines.Store(records == nil)
	return s
}

// add takes over lines and has the journal synced soon.
func (s *scribe) add(lines []byte) {
	if len(lines) > 0 && !s.noLines.Load() {
		s.mu.Lock()
		s.lines = append(s.lines, lines...)
		s.size.Store(int64(len(s.lines)))
		s.mu.Unlock()
	}
	select {
	case s.written <- struct{}{}:
	default: // it has not yet heard of the last time
	}
}

// run works until stop, and then once more.
func (s *scribe) run() {
	defer close(s.gone)
	rest := time.NewTimer(syncEvery)
	defer rest.Stop()
	for {
		select {
		case <-s.written:
		case <-s.quit:
			s.sync()
			s.last()
			return
		}
		s.sync()
		rest.Reset(syncEvery)
		select {
		case <-rest.C:
		case <-s.quit: // the next round sees it too
		}
	}
}

// stop ends run and waits for it.
func (s *scribe) stop() {
	close(s.quit)
	<-s.gone
}

// sync brings the journal to the disk and then writes the lines that were there
// before: a record in the file is always implied by a journal on the disk.
func (s *scribe) sync() {
	if s.noMore.Load() {
		return
	}
	s.mu.Lock()
	out := s.lines
	s.lines, s.spare = s.spare[:0], nil
	s.size.Store(0)
	s.mu.Unlock()
	if err := s.journal.Sync(); err != nil {
		s.fail("the journal cannot be brought to the disk", err) // first: whoever sees noMore looks for the reason
		s.noMore.Store(true)
		return
	}
	if len(out) > 0 && !s.noLines.Load() {
		n, err := s.records.Write(out)
		if err == nil && n < len(out) {
			err = io.ErrShortWrite
		}
		if err != nil { // the next start makes them again
			s.noLines.Store(true)
			s.fail("the records cannot be written", err)
		}
	}
	s.mu.Lock()
	s.spare = out[:0]
	s.mu.Unlock()
}

// last brings the records to the disk too.
func (s *scribe) last() {
	if s.noLines.Load() || s.noMore.Load() {
		return
	}
	if err := s.records.Sync(); err != nil {
		s.fail("the records cannot be brought to the disk", err)
	}
}
