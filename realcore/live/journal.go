package live

import (
	"bytes"
	"fmt"
	"io"

	"callwright/realcore"
	"callwright/realcore/journal"
)

// book is the journal's file, open at its end. It is the buffer behind the
// journal's Writer: frames gather in it and go out in one write a turn.
type book struct {
	f      File
	w      *journal.Writer
	frames []byte
}

// Write takes a frame from the journal's Writer.
func (b *book) Write(frame []byte) (int, error) {
	b.frames = append(b.frames, frame...)
	return len(frame), nil
}

// flush writes what has gathered. After an error the file may end in the
// middle of a frame, which the next Open cuts off.
func (b *book) flush() error {
	n, err := b.f.Write(b.frames)
	if err == nil && n < len(b.frames) {
		err = io.ErrShortWrite
	}
	b.frames = b.frames[:0]
	return err
}

// created begins a new journal in an empty file.
func created(f File, p *realcore.Plan) (*book, error) {
	b := &book{f: f}
	if err := cut(f, 0); err != nil {
		return nil, err
	}
	var err error
	if b.w, err = journal.NewWriter(b, p); err != nil {
		return nil, err
	}
	if err := b.flush(); err != nil {
		return nil, err
	}
	return b, f.Sync()
}

// continued returns a journal at whose end, at byte end and instant last, one
// can go on. The Writer counts instants from its last event, so it writes a
// head and an event at last first, which are thrown away.
func continued(f File, p *realcore.Plan, last realcore.Instant, end int64) (*book, error) {
	b := &book{f: f}
	var err error
	if b.w, err = journal.NewWriter(b, p); err != nil {
		return nil, err
	}
	if err := b.w.Event(last, &mark); err != nil {
		return nil, err
	}
	b.frames = b.frames[:0]
	return b, cut(f, end)
}

// cut ends a file at a byte and goes there.
func cut(f File, end int64) error {
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err := f.Seek(end, io.SeekStart)
	return err
}

// mark is an event about nothing. The Center refuses it (ErrGone) and changes
// nothing, so a journal may hold as many as the host likes: each says that the
// process was alive, and its timers carried out, up to an instant.
var mark = realcore.OfContact(realcore.HungUp, realcore.Ref{})

// hardlyBegun reports whether a file of size bytes holds nothing but the
// beginning of a journal under p: the process died while it was created.
func hardlyBegun(f File, size int64, p *realcore.Plan) (bool, error) {
	var head bytes.Buffer
	if _, err := journal.NewWriter(&head, p); err != nil {
		return false, err
	}
	if size >= int64(head.Len()) {
		return false, nil
	}
	there := make([]byte, size)
	if _, err := io.ReadFull(f, there); err != nil {
		return false, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	return bytes.HasPrefix(head.Bytes(), there), nil
}

// sizeOf returns a file's size and leaves it at its beginning.
func sizeOf(f File) (int64, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return size, err
}

// sameDays refuses a plan whose instants mean other times than the journal's.
func sameDays(old, next *realcore.Plan) error {
	if old.Epoch == next.Epoch && old.Zone == next.Zone {
		return nil
	}
	return fmt.Errorf("the plan counts from %s in zone %q; want %s in zone %q, as the journal does, or a new journal",
		orNone(next.Epoch), next.Zone, orNone(old.Epoch), old.Zone)
}

func orNone(epoch string) string {
	if epoch == "" {
		return "no epoch"
	}
	return epoch
}
