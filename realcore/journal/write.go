package journal

import (
	"encoding/binary"
	"hash/crc32"
	"io"

	"callwright/realcore"
)

// Magic is how every journal begins.
const Magic = "CWJ1"

// Frame types.
const (
	framePlan  = 'P' // the plan's bytes: the first frame, and before each PlanChanged
	frameEvent = 'E'
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer encodes a run. Each call makes one Write: give it a buffer.
type Writer struct {
	w    io.Writer
	last realcore.Instant
	buf  []byte
}

// NewWriter begins a journal of a run under the plan.
func NewWriter(w io.Writer, p *realcore.Plan) (*Writer, error) {
	j := &Writer{w: w}
	if _, err := io.WriteString(w, Magic); err != nil {
		return nil, err
	}
	return j, j.Plan(p)
}

// Plan writes a plan that a later PlanChanged will name; they are numbered in
// the order written, the first being 0, as by Center.AddPlan.
func (j *Writer) Plan(p *realcore.Plan) error {
	j.buf = append(j.begin(), framePlan)
	j.buf = append(j.buf, p.Bytes()...)
	return j.end()
}

// Event writes one event, before it is stepped.
func (j *Writer) Event(now realcore.Instant, ev *realcore.Event) error {
	b := append(j.begin(), frameEvent)
	b = binary.AppendUvarint(b, uint64(now-j.last))
	j.last = now
	j.buf = appendEvent(b, ev)
	return j.end()
}

const headLen = 8 // length and checksum of what follows, little-endian

func (j *Writer) begin() []byte { return append(j.buf[:0], make([]byte, headLen)...) }

func (j *Writer) end() error {
	body := j.buf[headLen:]
	binary.LittleEndian.PutUint32(j.buf, uint32(len(body)))
	binary.LittleEndian.PutUint32(j.buf[4:], crc32.Checksum(body, castagnoli))
	_, err := j.w.Write(j.buf)
	return err
}

// appendEvent writes kind, code and a mask of the fields that are not zero,
// then these: most events are about one thing.
func appendEvent(b []byte, ev *realcore.Event) []byte {
	b = append(b, byte(ev.Kind), ev.Code, byte(ev.Chan))
	mask := len(b)
	b = append(b, 0)
	put := func(bit int, v uint64) {
		if v != 0 {
			b[mask] |= 1 << bit
			b = binary.AppendUvarint(b, v)
		}
	}
	put(0, uint64(uint32(ev.Entry)))
	put(1, uint64(uint32(ev.Queue)))
	put(2, uint64(uint32(ev.Agent)))
	put(3, uint64(ev.Contact.Index)<<32|uint64(ev.Contact.Gen))
	put(4, uint64(ev.Offer.Index)<<32|uint64(ev.Offer.Gen))
	put(5, uint64(ev.Key))
	put(6, uint64(ev.Side))
	return b
}
