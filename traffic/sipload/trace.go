package sipload

import (
	"bytes"
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/netio"
	"callwright/sipua/dialog"
	"callwright/traffic/loadstats"
	"callwright/traffic/sipload/sound"
)

// traces keep the messages of some calls at a time, and at the end of a run tell of an
// example for each way in which calls failed, and of the worst 20. Keeping all messages
// of all calls would cost more than making them.
type traces struct {
	open   map[string]*trace // by Call-ID, two each
	failed map[loadstats.Failure]*loadstats.Sample
	worst  []*loadstats.Sample // the worst first
	score  map[*loadstats.Sample]float64
	keep   map[*loadstats.Sample]*Kept
	next   instant
}

// Kept is what a sample has beside its messages.
type Kept struct {
	Capture *sound.Capture
	SIP     []sound.Packet
	clock   netio.Clock
}

type trace struct {
	ids   [2]string // its Call-IDs: of registrations, and of the call
	lines []traceLine
}

type traceLine struct {
	at   time.Duration
	ours bool
	b    []byte
	flow dialog.Flow
}

const (
	tracePause  = 10 * time.Millisecond // between two calls whose messages are kept
	worstKept   = 20
	failedKept  = 50 // ways to fail of which there are examples
	linesOfCall = 100
)

// begin keeps the messages of a call, if there is room.
func (t *traces) begin(r *Run, c *call) {
	if len(t.open) >= 2*r.cfg.Traced || r.now < t.next {
		return
	}
	t.next = r.now.Add(tracePause)
	if t.open == nil {
		t.open = map[string]*trace{}
	}
	c.trace = &trace{}
	for i, registers := range [...]bool{true, false} { // a script may do both, each with a Call-ID of its own
		c.registers = registers
		c.trace.ids[i] = string(r.callIDOf(c))
		t.open[c.trace.ids[i]] = c.trace
	}
}

func (t *traces) receivedMessage(r *Run, msg sip.Message, flow dialog.Flow) {
	if len(t.open) > 0 {
		t.line(r, []byte(msg.String()), false, flow)
	}
}

func (t *traces) line(r *Run, b []byte, ours bool, flow dialog.Flow) {
	if len(t.open) == 0 {
		return
	}
	if x := t.open[string(callIDOf(b))]; x != nil && len(x.lines) < linesOfCall {
		at := r.at()
		if ours {
			at = r.sentAt()
		}
		x.lines = append(x.lines, traceLine{at, ours, bytes.Clone(b), flow})
	}
}

// callIDOf finds the Call-ID as we write it, and as most do.
func callIDOf(b []byte) []byte {
	for _, name := range []string{"\nCall-ID:", "\nCall-Id:", "\ncall-id:", "\ni:"} {
		if _, rest, ok := bytes.Cut(b, []byte(name)); ok {
			v, _, _ := bytes.Cut(rest, []byte("\r\n"))
			return bytes.TrimSpace(v)
		}
	}
	return nil
}

// judgeTrace keeps the call's messages if it is an example, or among the worst.
func (r *Run) judgeTrace(c *call, capture *sound.Capture) {
	t := &r.traces
	if c.trace == nil {
		capture.Release()
		return
	}
	for _, id := range c.trace.ids {
		delete(t.open, id)
	}
	s := &loadstats.Sample{Number: c.a.Number}
	for _, l := range c.trace.lines {
		text := secret.ReplaceAllString(string(l.b), `${1}"..."`)
		first, _, _ := strings.Cut(text, "\r\n")
		s.Lines = append(s.Lines, loadstats.Message{At: l.at - c.a.Started, Ours: l.ours, First: first, Text: text})
	}
	kept := &Kept{Capture: capture, SIP: r.packets(c.trace), clock: r.clock}
	if c.a.Audio != nil {
		s.MOS = c.a.Audio.MOS
	}
	if c.a.Failed() {
		f := loadstats.Failure{Step: c.a.Step, Cause: c.a.Cause}
		if t.failed[f] == nil && len(t.failed) < failedKept {
			if t.failed == nil {
				t.failed = map[loadstats.Failure]*loadstats.Sample{}
			}
			s.Why, s.Failed = "failed: "+f.Step+", "+f.Cause, &f
			t.failed[f] = s
			t.hold(s, kept)
			return
		}
		capture.Release()
		return
	}
	if c.a.Hurried || c.a.Abandoned || !t.amongWorst(s, c) {
		capture.Release()
		return
	}
	t.hold(s, kept)
}

// secret is what credentials prove a password with (RFC 7616 3.4): ladders do without it.
// Capture files have the datagrams as they were.
var secret = regexp.MustCompile(`(?i)(\b(?:response|cnonce)=)"?[^",\r\n]*"?`)

// packets are a call's messages as a capture has them.
func (r *Run) packets(t *trace) (out []sound.Packet) {
	for _, l := range t.lines {
		p := sound.Packet{At: r.began + l.at, From: l.flow.Remote, To: r.socks[l.flow.Listener].addr, B: l.b}
		if l.ours {
			p.From, p.To = p.To, p.From
		}
		out = append(out, p)
	}
	return out
}

func (t *traces) hold(s *loadstats.Sample, k *Kept) {
	if t.keep == nil {
		t.keep = map[*loadstats.Sample]*Kept{}
	}
	t.keep[s] = k
}

// amongWorst puts the call among the worst, if it is: by MOS where it had sound, by the
// time to its answer where not.
func (t *traces) amongWorst(s *loadstats.Sample, c *call) bool {
	score := -c.a.Final.Seconds() + c.a.Started.Seconds()
	s.Why = "slowest answer"
	if c.a.Audio != nil {
		score, s.Why = c.a.Audio.MOS, "worst MOS"
	}
	if len(t.worst) == worstKept && score >= t.score[t.worst[worstKept-1]] {
		return false
	}
	if t.score == nil {
		t.score = map[*loadstats.Sample]float64{}
	}
	t.score[s] = score
	i, _ := slices.BinarySearchFunc(t.worst, score, func(x *loadstats.Sample, v float64) int { return cmp.Compare(t.score[x], v) })
	t.worst = slices.Insert(t.worst, i, s)
	if len(t.worst) > worstKept {
		out := t.worst[worstKept]
		t.keep[out].Capture.Release()
		delete(t.keep, out)
		delete(t.score, out)
		t.worst = t.worst[:worstKept]
	}
	return true
}

// tell hands the samples out, the failed ones first.
func (t *traces) tell(r *Run) {
	var list []*loadstats.Sample
	for _, f := range r.total.FailedBy() {
		if s := t.failed[f.Failure]; s != nil {
			list = append(list, s)
		}
	}
	for _, s := range append(list, t.worst...) {
		if r.cfg.OnSample != nil {
			k := t.keep[s]
			r.cfg.OnSample(s, k)
		}
		t.keep[s].Capture.Release()
	}
}

// WritePCAP writes the call's messages and packets as a capture file.
func (k *Kept) WritePCAP(w io.Writer) error {
	if k.Capture != nil {
		return k.Capture.PCAP(w, k.SIP)
	}
	return sound.WritePCAP(w, k.clock, k.SIP)
}
