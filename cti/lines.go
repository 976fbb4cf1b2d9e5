package cti

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// lines is a file of JSON lines that is only appended to. A line is there, on the disk,
// when add returns. Without a file (path "") it keeps nothing.
type lines struct {
	mu   sync.Mutex
	f    linesFile // nil: none
	torn bool      // a write has failed: what there is of its line is to be ended first
	over bool
}

type linesFile interface {
	io.WriteCloser
	Sync() error
}

// tailMost is how much of an old file is read at the start.
const tailMost = 8 << 20

// openLines opens or makes a file, 0600 since it names people, and tells each of its last
// lines. A last line that a crash cut off is closed, so that the next begins anew.
func openLines(path string, each func(line []byte)) (*lines, error) {
	if path == "" {
		return &lines{}, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(readTail(f, each), syncName(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return &lines{f: f}, nil
}

// syncName brings a new file's name to the disk, which its own fsync need not do.
func syncName(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); !errors.Is(err, syscall.EINVAL) { // not every file system can
		return err
	}
	return nil
}

func readTail(f *os.File, each func([]byte)) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return err
	}
	from := max(0, size-tailMost)
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(f, 64<<10)
	if from > 0 { // the rest of a line
		if _, err := r.ReadBytes('\n'); err != nil {
			return nil
		}
	}
	for {
		line, err := r.ReadBytes('\n')
		switch {
		case err == io.EOF && len(line) > 0:
			_, err = f.Write([]byte("\n"))
			return err
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		each(line)
	}
}

// add appends a value as one line.
func (l *lines) add(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.over:
		return os.ErrClosed
	case l.f == nil:
		return nil
	case l.torn:
		b = append([]byte{'\n'}, b...)
	}
	if _, err := l.f.Write(append(b, '\n')); err != nil {
		l.torn = true
		return err
	}
	l.torn = false
	return l.f.Sync()
}

func (l *lines) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil || l.over {
		return nil
	}
	l.over = true
	return l.f.Close()
}
