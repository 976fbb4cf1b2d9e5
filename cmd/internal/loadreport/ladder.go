package loadreport

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"callwright/traffic/loadstats"
)

// Ladder writes a call's messages as a ladder in ASCII: when, since the call's start; how
// long after the message before, where that is a tenth of a second or more; -> ours or <-
// theirs; the first line, for an answer with the method it answers.
func Ladder(w io.Writer, s *loadstats.Sample) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "call %d: %s\n", s.Number, ascii(s.Why))
	if s.MOS > 0 {
		fmt.Fprintf(&b, "MOS %.2f\n", s.MOS)
	}
	for _, x := range []struct{ name, file string }{{"sound", s.Sound}, {"packets", s.Packet}} {
		if x.file != "" {
			fmt.Fprintf(&b, "%s: %s\n", x.name, ascii(x.file))
		}
	}
	ladder(&b, s)
	_, err := w.Write(b.Bytes())
	return err
}

const (
	firstLine = 96                     // of a message: what does not fit is cut
	gapShown  = 100 * time.Millisecond // shorter ones say nothing
)

func ladder(b *bytes.Buffer, s *loadstats.Sample) {
	last := time.Duration(0)
	for i, m := range s.Lines {
		gap := ""
		if d := m.At - last; i > 0 && d >= gapShown {
			gap = fmt.Sprintf("+%.1f s", d.Seconds())
		}
		last = m.At
		arrow := "<-"
		if m.Ours {
			arrow = "->"
		}
		first := ascii(m.First)
		if len(first) > firstLine {
			first = first[:firstLine-3] + "..."
		}
		if method := methodOf(m); method != "" {
			first += " [" + method + "]"
		}
		if repeated(s.Lines[:i], m) {
			first += " (again)"
		}
		line := fmt.Sprintf("%10.4f s %9s  %s  %s", m.At.Seconds(), gap, arrow, first)
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
}

// methodOf is the method that an answer is to, where its text tells.
func methodOf(m loadstats.Message) string {
	if !strings.HasPrefix(m.First, "SIP/") {
		return ""
	}
	for l := range strings.Lines(m.Text) {
		name, value, ok := strings.Cut(l, ":")
		if ok && strings.EqualFold(strings.TrimSpace(name), "CSeq") {
			if f := strings.Fields(value); len(f) == 2 {
				return ascii(f[1])
			}
		}
	}
	return ""
}

// repeated reports whether the same message went the same way before.
func repeated(before []loadstats.Message, m loadstats.Message) bool {
	if m.Text == "" {
		return false
	}
	for _, x := range before {
		if x.Ours == m.Ours && x.Text == m.Text {
			return true
		}
	}
	return false
}

// ascii keeps what every terminal shows in one cell.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r < 0x7f:
			return r
		case r == '\t':
			return ' '
		}
		return '?'
	}, s)
}
