package loadstats

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// A stream is a run as JSON lines: a Run, an Interval for each second, the Samples, and
// the End. A stream without End is of a run that was killed: it reads, and says so.

// Run is what was asked for.
type Run struct {
	Version    string        `json:"version"`
	Target     string        `json:"target"`
	Began      time.Time     `json:"began"`
	Arrivals   string        `json:"arrivals"` // as people say it: "20/s for 1m0s, Poisson"
	Model      Model         `json:"model"`
	Script     string        `json:"script"`
	Scenario   string        `json:"scenario,omitempty"` // its digest
	Seed       uint64        `json:"seed"`
	Speed      float64       `json:"speed,omitempty"` // of a scenario's clock
	Planned    int64         `json:"planned"`         // calls; 0: not known
	Thresholds []string      `json:"thresholds,omitempty"`
	Transport  string        `json:"transport"`
	Sound      string        `json:"sound"`  // "none", "port pairs", "dense"
	Buffer     time.Duration `json:"buffer"` // of the jitter buffer that MOS is for
	Host       string        `json:"host"`   // system, cores
}

// Model is how calls come about.
type Model string

// The models.
const (
	Open   Model = "open"   // starts are drawn before
	Closed Model = "closed" // users call again when their calls have ended: a slow target slows them
	Taken  Model = "taken"  // others call
)

// Sample is one call told in full: its messages.
type Sample struct {
	Number uint64    `json:"number"`
	Why    string    `json:"why"` // "failed: step, cause", "slowest", "worst MOS"
	Failed *Failure  `json:"failed,omitempty"`
	Lines  []Message `json:"lines"`
	Sound  string    `json:"sound,omitempty"` // file of what was heard
	Packet string    `json:"pcap,omitempty"`  // file of its packets
	MOS    float64   `json:"mos,omitempty"`
}

// Message is one line of a ladder.
type Message struct {
	At    time.Duration `json:"at"`   // since the call's start
	Ours  bool          `json:"ours"` // we sent it
	First string        `json:"first"`
	Text  string        `json:"text,omitempty"`
}

// End is how the run ended.
type End struct {
	Verdict     string        `json:"verdict"`
	Interrupted bool          `json:"interrupted,omitempty"`
	Early       string        `json:"early,omitempty"` // the threshold that could no longer be met, which ended the run
	Lasted      time.Duration `json:"lasted"`
	Check       SelfCheck     `json:"check"`
}

type line struct {
	Run    *Run    `json:"run,omitempty"`
	Second *second `json:"second,omitempty"`
	Sample *Sample `json:"sample,omitempty"`
	End    *End    `json:"end,omitempty"`
}

// second is an Interval on paper.
type second struct {
	At     time.Duration `json:"at"`
	Length time.Duration `json:"length"`
	Open   int64         `json:"open"`
	Rate   float64       `json:"rate"`
	Counts
	Codes      map[int]int64 `json:"codes,omitempty"`
	Refusals   map[int]int64 `json:"refusals,omitempty"`
	Failures   []failed      `json:"failures,omitempty"`
	Histograms *Histograms   `json:"histograms"`
}

type failed struct {
	Failure
	Count int64 `json:"count"`
}

func (v *Interval) paper() *second {
	s := &second{At: v.At, Length: v.Length, Open: v.Open, Rate: v.Rate, Counts: v.Counts, Codes: v.Codes, Refusals: v.Refusals, Histograms: &v.Histograms}
	for f, n := range sorted(v.Failures, byFailure) {
		s.Failures = append(s.Failures, failed{f, n})
	}
	return s
}

func (s *second) interval() Interval {
	v := Interval{At: s.At, Length: s.Length, Open: s.Open, Rate: s.Rate, Counts: s.Counts, Codes: s.Codes, Refusals: s.Refusals}
	if s.Histograms != nil {
		v.Histograms = *s.Histograms
	}
	for _, f := range s.Failures {
		if v.Failures == nil {
			v.Failures = map[Failure]int64{}
		}
		v.Failures[f.Failure] += f.Count
	}
	return v
}

// Writer writes a stream. Its first error is kept and returned by each further call.
type Writer struct {
	w   io.Writer
	err error
}

// NewWriter returns a Writer; each line is written at once.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Run, Second, Sample and End write a line each.
func (w *Writer) Run(r *Run) error { return w.line(line{Run: r}) }

// Second writes what a second saw.
func (w *Writer) Second(v *Interval) error { return w.line(line{Second: v.paper()}) }

// Sample writes a call.
func (w *Writer) Sample(s *Sample) error { return w.line(line{Sample: s}) }

// End writes the last line.
func (w *Writer) End(e *End) error { return w.line(line{End: e}) }

func (w *Writer) line(l line) error {
	if w.err != nil {
		return w.err
	}
	b, err := json.Marshal(l)
	if err == nil {
		_, err = w.w.Write(append(b, '\n'))
	}
	w.err = err
	return err
}

// Story is a whole run, as read.
type Story struct {
	Run     Run
	Seconds []Interval
	Total   Interval
	Samples []Sample
	End     End
	Whole   bool // it has an End
}

// maxLine bounds a line of a stream.
const maxLine = 64 << 20

// ErrNoRun says that a file is no stream of a run.
var ErrNoRun = errors.New("not the stream of a load run: its first line names no run")

// Read reads a stream. A last line that is cut is left out, and Whole false.
func Read(r io.Reader) (*Story, error) {
	s := &Story{}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 1<<16), maxLine)
	n := 0
	var cut error
	for in.Scan() {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		if cut != nil {
			return nil, cut // it was not the last
		}
		n++
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			cut = fmt.Errorf("line %d: %w", n, err)
			if n == 1 {
				return nil, ErrNoRun
			}
			continue
		}
		if n == 1 {
			if l.Run == nil {
				return nil, ErrNoRun
			}
			s.Run = *l.Run
			continue
		}
		if err := s.take(&l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, ErrNoRun
	}
	return s, nil
}

func (s *Story) take(l *line) error {
	switch {
	case s.Whole:
		return errors.New("comes after the run's end")
	case l.Second != nil:
		v := l.Second.interval()
		s.Seconds = append(s.Seconds, v)
		s.Total.Merge(&v)
	case l.Sample != nil:
		s.Samples = append(s.Samples, *l.Sample)
	case l.End != nil:
		s.End, s.Whole = *l.End, true
	}
	return nil
}

// Judge comes to the thresholds and the verdict of a stored run anew, with its own
// thresholds or, if there are any, others.
func (s *Story) Judge(others Thresholds) ([]Judgement, Verdict, error) {
	ts := others
	if ts == nil {
		var err error
		if ts, err = ParseThresholds(s.Run.Thresholds); err != nil {
			return nil, 0, err
		}
	}
	js := ts.Judge(&s.Total)
	return js, Decide(&s.Total, &s.End.Check, js, s.End.Interrupted || !s.Whole), nil
}
