package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"callwright/realcore/measure"
	"callwright/sim/beside"
)

// Limits of Read: far above any real centre, far below what hurts.
const (
	maxBytes     = 256 << 20
	maxQueues    = 10_000
	maxGroups    = 10_000
	maxIntervals = 1_000_000 // of all queues, or of all groups
	maxBins      = 100_000
	maxErrors    = 20
)

// Read reads a study that JSON wrote, strictly: an unknown key, a wrong version,
// a fraction outside [0, 1] or anything after the study is an error. Mistakes
// are reported together, each with its place.
func Read(r io.Reader) (*beside.Study, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("report: study: %w", err)
	}
	if len(data) > maxBytes {
		return nil, fmt.Errorf("report: study: more than %d bytes; want less", maxBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	s := &beside.Study{}
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("report: study:%s: %w", place(data, err, d.InputOffset()), err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("report: study:%s: something follows the study; want nothing", at(data, d.InputOffset()))
	}
	c := &checker{}
	c.study(s)
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return s, nil
}

func place(data []byte, err error, offset int64) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	return at(data, offset)
}

// at is line:column of an offset.
func at(data []byte, offset int64) string {
	head := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(head, []byte("\n"))
	return fmt.Sprintf("%d:%d", line+1, len(head)-bytes.LastIndexByte(head, '\n'))
}

type checker struct{ errs []error }

func (c *checker) wrong(format string, args ...any) {
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, fmt.Errorf("report: "+format, args...))
	}
}

func (c *checker) study(s *beside.Study) {
	if s.Version != 1 {
		c.wrong("callwright is %d; want 1, the version of this format", s.Version)
	}
	if !(s.Level > 0 && s.Level < 1) {
		c.wrong("level is %v; want a fraction in (0, 1)", s.Level)
	}
	if s.Reps < 0 {
		c.wrong("replications is %d; want at least 0", s.Reps)
	}
	if s.IntervalSec < 0 {
		c.wrong("interval_s is %v; want at least 0", s.IntervalSec)
	}
	if len(s.Queues) > maxQueues || len(s.Groups) > maxGroups {
		c.wrong("%d queues and %d groups; want at most %d and %d", len(s.Queues), len(s.Groups), maxQueues, maxGroups)
		return
	}
	c.measures("center", s.Center)
	c.judged("judged", s.Judged)
	rows, staff := 0, 0
	for i := range s.Queues {
		rows += len(s.Queues[i].Rows)
	}
	for i := range s.Groups {
		staff += len(s.Groups[i].Rows)
	}
	if rows > maxIntervals || staff > maxIntervals {
		c.wrong("%d intervals of queues and %d of groups; want at most %d", rows, staff, maxIntervals)
		return
	}
	for i := range s.Queues {
		c.queue(fmt.Sprintf("queues[%d]", i), &s.Queues[i])
	}
	for i := range s.Groups {
		g, path := &s.Groups[i], fmt.Sprintf("groups[%d]", i)
		c.measures(path+".day", g.Day)
		for k := range g.Rows {
			at := fmt.Sprintf("%s.intervals[%d]", path, k)
			c.positive(at+".agents", g.Rows[k].Agents)
			c.measure(at+".occupancy", g.Rows[k].Occupancy)
		}
	}
	for i := range s.Bridge {
		r, path := &s.Bridge[i], fmt.Sprintf("bridge[%d]", i)
		c.measure(path+".value", r.Value)
		c.change(path+".change", r.Change)
	}
}

func (c *checker) queue(path string, q *beside.Queue) {
	if def := measure.Find(q.Rule); def == nil || def.Unit != measure.Fraction {
		c.wrong("%s.rule is %q; want a service level, such as sl_offered", path, q.Rule)
	}
	c.positive(path+".awt_s", q.AWT)
	if !(q.Target >= 0 && q.Target <= 1) {
		c.wrong("%s.target is %v; want a fraction in [0, 1], not a percentage", path, q.Target)
	}
	if q.Meets != nil {
		c.measure(path+".meets_target", *q.Meets)
	}
	c.measures(path+".day", q.Day)
	c.measures(path+".run", q.Run)
	c.judged(path+".judged", q.Judged)
	if len(q.Days) > maxIntervals {
		c.wrong("%s: %d days; want at most %d", path, len(q.Days), maxIntervals)
		return
	}
	for i := range q.Days {
		c.day(fmt.Sprintf("%s.days[%d]", path, i), &q.Days[i], true)
	}
	for i := range q.Rows {
		c.row(fmt.Sprintf("%s.intervals[%d]", path, i), &q.Rows[i], true)
	}
	if w := q.Waits; w != nil {
		if !(w.BinSec > 0) {
			c.wrong("%s.waits.bin_s is %v; want more than 0", path, w.BinSec)
		}
		if max(len(w.Answered), len(w.Abandoned)) > maxBins {
			c.wrong("%s.waits has %d bins; want at most %d", path, max(len(w.Answered), len(w.Abandoned)), maxBins)
		}
		for _, list := range [][]int64{w.Answered, w.Abandoned} {
			for _, n := range list {
				if n < 0 {
					c.wrong("%s.waits counts %d; want at least 0", path, n)
				}
			}
		}
	}
}

func (c *checker) row(path string, r *beside.Row, outer bool) {
	c.positive(path+".agents", r.Agents)
	c.positive(path+".load", r.Load)
	c.measure(path+".erlang_c", r.ErlangC)
	c.measure(path+".erlang_a", r.ErlangA)
	c.measure(path+".erlang_a_abandonment", r.AbandonA)
	for _, n := range []*int{r.NeedC, r.NeedA} {
		if n != nil && *n < 0 {
			c.wrong("%s: required is %d; want at least 0", path, *n)
		}
	}
	for _, m := range []beside.Measure{r.Offered, r.AHT, r.SL, r.SLDay, r.Abandon, r.ASA, r.Occup} {
		c.measure(path+"."+string(m.Definition), m)
	}
	if r.Measured != nil {
		if !outer {
			c.wrong("%s.measured: a measured interval has no measured one itself", path)
			return
		}
		c.row(path+".measured", r.Measured, false)
	}
}

func (c *checker) day(path string, d *beside.Day, outer bool) {
	for _, m := range []beside.Measure{d.Offered, d.SL, d.SLDay, d.Abandon, d.ASA} {
		c.measure(path+"."+string(m.Definition), m)
	}
	if d.Measured != nil {
		if !outer {
			c.wrong("%s.measured: a measured day has no measured one itself", path)
			return
		}
		c.day(path+".measured", d.Measured, false)
	}
}

func (c *checker) judged(path string, list []beside.Judgement) {
	for i := range list {
		j := &list[i]
		at := fmt.Sprintf("%s[%d]", path, i)
		if measure.Find(j.Definition) == nil || j.Predicted.Definition != j.Definition {
			c.wrong("%s: definition is %q, predicted %q; want the same measure's id", at, j.Definition, j.Predicted.Definition)
			continue
		}
		c.measure(at+".predicted", j.Predicted)
		if !(j.Level >= 0 && j.Level < 1) {
			c.wrong("%s.level is %v; want a fraction in [0, 1)", at, j.Level)
		}
		if measure.Find(j.Definition).Unit == measure.Fraction {
			c.fraction(at+".measured", j.Measured)
		}
	}
}

func (c *checker) measures(path string, list []beside.Measure) {
	for _, m := range list {
		c.measure(path+"."+string(m.Definition), m)
	}
}

func (c *checker) measure(path string, m beside.Measure) {
	c.change(path, m)
	if def := measure.Find(m.Definition); def != nil {
		for _, x := range []*float64{m.Value, m.Low, m.High} {
			if def.Unit == measure.Fraction && m.Kind != "confidence" {
				c.fraction(path, x) // a confidence interval by the delta method may reach beyond
			}
		}
		if def.Unit == measure.Fraction {
			c.fraction(path, m.Value)
		}
	}
}

// change checks a measure whose value may have either sign.
func (c *checker) change(path string, m beside.Measure) {
	if m.Definition == "" && m.Value == nil && m.Low == nil && m.High == nil {
		return // not given
	}
	if measure.Find(m.Definition) == nil {
		c.wrong("%s: definition is %q; want a measure's id", path, m.Definition)
	}
	switch m.Kind {
	case "confidence", "prediction", "none", "":
	default:
		c.wrong("%s: interval is %q; want confidence, prediction or none", path, m.Kind)
	}
	if (m.Low == nil) != (m.High == nil) {
		c.wrong("%s: only one of low and high is given; want both or null", path)
	} else if m.Low != nil && *m.Low > *m.High {
		c.wrong("%s: low %v is above high %v", path, *m.Low, *m.High)
	}
}

func (c *checker) fraction(path string, x *float64) {
	if x != nil && !(*x >= 0 && *x <= 1) {
		c.wrong("%s is %v; want a fraction in [0, 1], not a percentage", path, *x)
	}
}

func (c *checker) positive(path string, x float64) {
	if !(x >= 0) {
		c.wrong("%s is %v; want at least 0", path, x)
	}
}
