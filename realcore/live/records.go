package live

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"callwright/realcore"
	"callwright/realcore/cdr"
	"callwright/realcore/center"
)

// lines turns records into lines of JSON, numbered from 1. The first skip are in
// the file already: those are only counted, and the last of them is compared.
type lines struct {
	center *center.Center // whose plan has the names
	epoch  time.Time
	n      int64
	skip   int64
	last   []byte // line skip, as the file has it
	other  bool   // it is not the line that this journal makes
	off    bool   // the journal has failed: no more lines
	buf    []byte
}

// recordsHead is the first line of a records' file.
func recordsHead(p *realcore.Plan) []byte {
	return fmt.Appendf(nil, "{\"callwright-records\":1,\"plan\":%q,\"epoch\":%q}\n", p.Digest(), p.Epoch)
}

// epochOf returns the civil time of instant 0; without one, 1970 in UTC.
func epochOf(p *realcore.Plan) time.Time {
	if t, err := time.Parse(time.RFC3339, p.Epoch); err == nil {
		return t
	}
	return time.Unix(0, 0).UTC()
}

// Contact writes a finished contact.
func (l *lines) Contact(c *cdr.Contact) {
	l.line("contact", c.Key, func(p *realcore.Plan) {
		l.name("entry", int(c.Entry), len(p.Entries), func() string { return p.Entries[c.Entry].Name })
		l.queue(p, c.Queue)
		l.number("tier", int64(c.Tier))
		l.word("direction", c.Dir.String())
		l.word("outcome", c.Outcome.String())
		l.word("cause", c.Cause.String())
		l.instant("at", c.At)
		l.instant("queued", c.Queued)
		l.instant("answered", c.Answered)
		l.instant("end", c.End)
		l.seconds("wait_s", c.Wait)
		l.seconds("talk_s", c.Talk)
		l.seconds("hold_s", c.Hold)
		l.agent(p, c.Agent)
		l.number("visits", int64(c.Visits))
		l.number("legs", int64(c.Legs))
		l.flag("vendor_answered", c.VendorAnswered)
		l.seconds("callback_delay_s", c.CallbackDelay)
	})
}

// Visit writes a finished stay in a queue.
func (l *lines) Visit(v *cdr.Visit) {
	l.line("visit", v.Key, func(p *realcore.Plan) {
		l.queue(p, v.Queue)
		l.number("tier", int64(v.Tier))
		l.word("direction", v.Dir.String())
		l.flag("kept", v.Kept)
		l.flag("again", v.Again)
		l.word("outcome", v.Outcome.String())
		l.instant("at", v.At)
		l.instant("end", v.End)
		l.agent(p, v.Agent)
		l.seconds("ring_s", v.Ring)
		l.number("offers", int64(v.Offers))
	})
}

// Leg writes an agent's finished part in a contact.
func (l *lines) Leg(g *cdr.Leg) {
	l.line("leg", g.Key, func(p *realcore.Plan) {
		l.agent(p, g.Agent)
		l.queue(p, g.Queue)
		l.word("direction", g.Dir.String())
		l.instant("at", g.At)
		l.instant("end", g.End)
		l.seconds("ring_s", g.Ring)
		l.seconds("talk_s", g.Talk)
		l.seconds("hold_s", g.Hold)
		l.seconds("wrap_s", g.Wrap)
		l.flag("unreached", g.Unreached)
	})
}

// Span writes a stretch of an agent's time.
func (l *lines) Span(s *cdr.AgentSpan) {
	l.line("span", 0, func(p *realcore.Plan) {
		l.agent(p, s.Agent)
		l.word("state", s.State.String())
		reason := s.Reason.String()
		if own := int(s.Reason) - int(realcore.ReasonOwn); own >= 0 && own < len(p.Reasons) {
			reason = p.Reasons[own]
		}
		l.word("reason", reason)
		l.instant("from", s.From)
		l.instant("to", s.To)
	})
}

// line writes one line, whose fields fill writes.
func (l *lines) line(kind string, key realcore.Key, fill func(*realcore.Plan)) {
	l.n++
	if l.off || l.n < l.skip {
		return
	}
	from := len(l.buf)
	l.buf = append(strconv.AppendInt(append(l.buf, `{"n":`...), l.n, 10), `,"record":"`...)
	l.buf = append(append(l.buf, kind...), '"')
	if key != 0 {
		l.field("key")
		l.buf = strconv.AppendUint(l.buf, uint64(key), 10)
	}
	fill(l.center.Plan())
	l.buf = append(l.buf, "}\n"...)
	if l.n == l.skip {
		l.other = !bytes.Equal(l.buf[from:], l.last)
		l.buf = l.buf[:from]
	}
}

func (l *lines) field(name string) {
	l.buf = append(append(append(l.buf, `,"`...), name...), `":`...)
}

func (l *lines) number(name string, x int64) {
	l.field(name)
	l.buf = strconv.AppendInt(l.buf, x, 10)
}

func (l *lines) flag(name string, on bool) {
	l.field(name)
	l.buf = strconv.AppendBool(l.buf, on)
}

func (l *lines) word(name, text string) {
	l.field(name)
	l.buf = appendText(l.buf, text)
}

func (l *lines) queue(p *realcore.Plan, q realcore.QueueID) {
	l.name("queue", int(q), len(p.Queues), func() string { return p.Queues[q].Name })
}

func (l *lines) agent(p *realcore.Plan, a realcore.AgentID) {
	l.name("agent", int(a), len(p.Agents), func() string { return p.Agents[a].Name })
}

// name writes the name of an index, or null for None.
func (l *lines) name(name string, i, n int, of func() string) {
	l.field(name)
	if i < 0 || i >= n {
		l.buf = append(l.buf, "null"...)
		return
	}
	l.buf = appendText(l.buf, of())
}

// instant writes civil time with the epoch's offset, exact to the nanosecond.
func (l *lines) instant(name string, at realcore.Instant) {
	l.field(name)
	if at == realcore.Never {
		l.buf = append(l.buf, "null"...)
		return
	}
	l.buf = append(l.epoch.Add(time.Duration(at)).AppendFormat(append(l.buf, '"'), time.RFC3339Nano), '"')
}

// seconds writes a length of time in seconds, exact to the nanosecond.
func (l *lines) seconds(name string, d time.Duration) {
	l.field(name)
	if d < 0 {
		l.buf, d = append(l.buf, '-'), -d
	}
	l.buf = strconv.AppendInt(l.buf, int64(d/time.Second), 10)
	if rest := int64(d % time.Second); rest != 0 {
		digits := strconv.AppendInt(nil, rest+int64(time.Second), 10) // a leading 1 keeps the zeros
		l.buf = append(append(l.buf, '.'), bytes.TrimRight(digits[1:], "0")...)
	}
}

// appendText writes a text as JSON does.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s { // what is not UTF-8 comes as U+FFFD, as in encoding/json
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// there is what a records' file holds of the lines that a journal makes.
type there struct {
	n    int64  // whole lines, the head aside
	last []byte // the last of them
	end  int64  // where they end
}

// recordsIn reads a records' file up to the first line that is torn or is not the
// next one. Whatever follows can be made again.
func recordsIn(r io.Reader, head []byte) (t there, err error) {
	br := bufio.NewReaderSize(r, 1<<16)
	line, err := br.ReadBytes('\n')
	switch {
	case err == io.EOF && bytes.HasPrefix(head, line):
		return there{}, nil // empty, or died while it was created
	case err != nil && err != io.EOF:
		return there{}, err
	case !bytes.Equal(line, head):
		return there{}, fmt.Errorf("its first line is not %s; want the records of this journal, or a new file", bytes.TrimSpace(head))
	}
	t.end = int64(len(line))
	var want []byte
	for {
		line, err := br.ReadBytes('\n')
		want = append(strconv.AppendInt(append(want[:0], `{"n":`...), t.n+1, 10), ',')
		if err == io.EOF || err == nil && (!bytes.HasPrefix(line, want) || !bytes.HasSuffix(line, []byte("}\n"))) {
			return t, nil
		}
		if err != nil {
			return there{}, err
		}
		t.n++
		t.end += int64(len(line))
		t.last = append(t.last[:0], line...)
	}
}
