package journal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"callwright/realcore"
)

// maxFrame bounds what a damaged length can make the reader allocate.
const maxFrame = 64 << 20

// Reader decodes a journal.
type Reader struct {
	r     *bufio.Reader
	plan  *realcore.Plan
	last  realcore.Instant
	off   int64 // bytes of whole frames read
	torn  bool
	frame []byte
}

// NewReader reads the journal's head and first plan.
func NewReader(r io.Reader) (*Reader, error) {
	j := &Reader{r: bufio.NewReaderSize(r, 1<<16)}
	head := make([]byte, len(Magic))
	if _, err := io.ReadFull(j.r, head); err != nil || string(head) != Magic {
		return nil, errors.New("journal: this is no callwright journal: it does not begin with " + Magic)
	}
	j.off = int64(len(Magic))
	f, err := j.next()
	if err != nil {
		return nil, fmt.Errorf("journal: no plan at its beginning: %w", err)
	}
	if f[0] != framePlan {
		return nil, errors.New("journal: the first frame is no plan")
	}
	j.plan, err = realcore.ParsePlan(f[1:])
	return j, err
}

// Plan returns the plan the run began with.
func (j *Reader) Plan() *realcore.Plan { return j.plan }

// Offset returns the length of the whole frames read so far: where to cut a
// torn journal.
func (j *Reader) Offset() int64 { return j.off }

// Torn reports, after io.EOF, whether the journal ended in the middle of a
// frame, as a crash leaves it.
func (j *Reader) Torn() bool { return j.torn }

// Next returns the next event, or the next plan (ev.Kind is then NoEvent). At
// the end, torn or not, it returns io.EOF; damage before the end is an error
// that names the offset.
func (j *Reader) Next() (now realcore.Instant, ev realcore.Event, p *realcore.Plan, err error) {
	f, err := j.next()
	if err != nil {
		return 0, ev, nil, err
	}
	switch f[0] {
	case framePlan:
		p, err = realcore.ParsePlan(f[1:])
		return j.last, ev, p, err
	case frameEvent:
		d, n := binary.Uvarint(f[1:])
		if n <= 0 || realcore.Instant(d) < 0 || j.last+realcore.Instant(d) < j.last {
			return 0, ev, nil, j.damage("instant")
		}
		j.last += realcore.Instant(d)
		if !parseEvent(f[1+n:], &ev) {
			return 0, ev, nil, j.damage("event")
		}
		return j.last, ev, nil, nil
	}
	return 0, ev, nil, j.damage("frame type")
}

func (j *Reader) damage(what string) error {
	return fmt.Errorf("journal: unreadable %s in the frame that ends at byte %d", what, j.off)
}

// next reads one frame.
func (j *Reader) next() ([]byte, error) {
	var head [headLen]byte
	switch _, err := io.ReadFull(j.r, head[:]); err {
	case nil:
	case io.EOF:
		return nil, io.EOF
	case io.ErrUnexpectedEOF:
		j.torn = true
		return nil, io.EOF
	default:
		return nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n == 0 || n > maxFrame {
		return nil, j.tornOrDamaged()
	}
	if cap(j.frame) < int(n) {
		j.frame = make([]byte, n)
	}
	f := j.frame[:n]
	if _, err := io.ReadFull(j.r, f); err == io.EOF || err == io.ErrUnexpectedEOF {
		j.torn = true
		return nil, io.EOF
	} else if err != nil {
		return nil, err
	}
	if crc32.Checksum(f, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, j.tornOrDamaged()
	}
	j.off += headLen + int64(n)
	return f, nil
}

// tornOrDamaged tells a bad last frame, which a crash may leave (a hole of
// zeros where the disk had not caught up), from damage with events after it.
func (j *Reader) tornOrDamaged() error {
	for {
		b, err := j.r.ReadByte()
		if err != nil {
			j.torn = true
			return io.EOF
		}
		if b != 0 {
			return fmt.Errorf("journal: damaged frame at byte %d", j.off)
		}
	}
}

func parseEvent(b []byte, ev *realcore.Event) bool {
	if len(b) < 4 || realcore.EventKind(b[0]) >= realcore.NumEvents {
		return false
	}
	*ev = realcore.Event{Kind: realcore.EventKind(b[0]), Code: b[1], Chan: realcore.Channel(b[2])}
	mask := b[3]
	b = b[4:]
	ok := mask < 1<<7
	take := func(bit int) uint64 {
		if mask&(1<<bit) == 0 {
			return 0
		}
		v, n := binary.Uvarint(b)
		if n <= 0 {
			ok = false
			return 0
		}
		b = b[n:]
		return v
	}
	ref := func(v uint64) realcore.Ref { return realcore.Ref{Index: uint32(v >> 32), Gen: uint32(v)} }
	ev.Entry = realcore.EntryID(uint32(take(0)))
	ev.Queue = realcore.QueueID(uint32(take(1)))
	ev.Agent = realcore.AgentID(uint32(take(2)))
	ev.Contact = ref(take(3))
	ev.Offer = ref(take(4))
	ev.Key = realcore.Key(take(5))
	ev.Side = int64(take(6))
	return ok && len(b) == 0
}
