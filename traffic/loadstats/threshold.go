package loadstats

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Threshold is one thing that a run must keep to:
//
//	p99(srd) < 800ms          a quantile, mean or max of a measure
//	ser > 99.5%               one of RFC 6076's ratios
//	failed < 0.5% at 95%      a share, proved with that confidence (exact, one-sided)
type Threshold struct {
	Text  string
	What  string  // the measure's or ratio's name
	Stat  string  // "mean", "max", "p99.9"; "": a ratio
	P     float64 // of the quantile, in [0, 1]
	Above bool    // must be above Value; else below
	Value float64 // seconds, a fraction or a number
	At    float64 // confidence in (0, 1); 0: the estimate decides
}

// Thresholds is several.
type Thresholds []Threshold

// ParseThresholds reads them; the error names all that are wrong, and what is right.
func ParseThresholds(texts []string) (Thresholds, error) {
	var out Thresholds
	var errs []error
	for _, s := range texts {
		t, err := parseThreshold(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", s, err))
			continue
		}
		out = append(out, t)
	}
	return out, errors.Join(errs...)
}

const thresholdWanted = "want p99(srd) < 800ms, ser > 99.5% or failed < 0.5% at 95%"

func parseThreshold(s string) (t Threshold, err error) {
	t.Text = strings.Join(strings.Fields(s), " ")
	i := strings.IndexAny(s, "<>")
	if i < 0 {
		return t, errors.New("has neither < nor >; " + thresholdWanted)
	}
	t.Above = s[i] == '>'
	what, value := strings.TrimSpace(s[:i]), strings.TrimSpace(strings.TrimPrefix(s[i+1:], "="))
	if v, at, ok := strings.Cut(value, " at "); ok {
		value = strings.TrimSpace(v)
		if t.At, err = share(strings.TrimSpace(at)); err != nil || t.At <= 0 || t.At >= 1 {
			return t, errors.New("the confidence after \"at\" must be between 0% and 100%, as 95%")
		}
	}
	if err := t.readWhat(strings.ToLower(what)); err != nil {
		return t, err
	}
	return t, t.readValue(value)
}

func (t *Threshold) readWhat(what string) error {
	stat, rest, ok := strings.Cut(what, "(")
	if !ok {
		if !slices.Contains(ratioNames, what) {
			return fmt.Errorf("knows no ratio %q; there are %s, and measures as p99(srd)", what, strings.Join(ratioNames, ", "))
		}
		t.What = what
		return nil
	}
	name, ok := strings.CutSuffix(rest, ")")
	m, known := MeasureOf(strings.TrimSpace(name))
	if !ok || !known {
		var names []string
		for m := range NumMeasures {
			names = append(names, m.String())
		}
		return fmt.Errorf("knows no measure %q; there are %s", strings.TrimSuffix(rest, ")"), strings.Join(names, ", "))
	}
	t.What, t.Stat = m.String(), strings.TrimSpace(stat)
	if t.Stat == "mean" || t.Stat == "max" {
		return nil
	}
	p, err := strconv.ParseFloat(strings.TrimPrefix(t.Stat, "p"), 64)
	if err != nil || !strings.HasPrefix(t.Stat, "p") || !(p >= 0 && p <= 100) {
		return fmt.Errorf("knows no statistic %q; there are mean, max and p0 to p100, as p99.9", t.Stat)
	}
	t.P = p / 100
	return nil
}

func (t *Threshold) readValue(s string) error {
	m, isMeasure := MeasureOf(t.What)
	var err error
	switch {
	case t.Stat == "" || isMeasure && measures[m].unit == ppm:
		if t.Value, err = share(s); err != nil {
			return fmt.Errorf("%q is no share; want a percentage, as 99.5%%", s)
		}
	case m.Length():
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 {
			return fmt.Errorf("%q is no length of time; want a number with ms or s, as 800ms", s)
		}
		t.Value = d.Seconds()
	default:
		if t.Value, err = strconv.ParseFloat(s, 64); err != nil || math.IsNaN(t.Value) {
			return fmt.Errorf("%q is no number", s)
		}
	}
	if t.At > 0 && t.Stat != "" {
		return errors.New("only a share is proved with a confidence (\"at\"), not a quantile or a mean")
	}
	return nil
}

// share reads 99.5% as 0.995. A bare number is refused: 0.5 might be meant either way.
func share(s string) (float64, error) {
	n, ok := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
	if err != nil || !ok || !(v >= 0 && v <= 100) {
		return 0, errors.New("no percentage")
	}
	return v / 100, nil
}

// Judgement is what became of a threshold.
type Judgement struct {
	Threshold
	Got    float64 // the estimate; NaN: there was nothing to judge by
	Bound  float64 // with At: the exact bound of the share, on the side that decides
	N, K   int64   // of a ratio: K of N
	Passed bool    // nothing to judge by has not passed
}

// Judge holds a run's total against the thresholds.
func (ts Thresholds) Judge(v *Interval) []Judgement {
	out := make([]Judgement, len(ts))
	for i := range ts {
		out[i] = ts[i].judge(v)
	}
	return out
}

func (t *Threshold) judge(v *Interval) Judgement {
	j := Judgement{Threshold: *t, Bound: math.NaN()}
	switch {
	case t.Stat == "":
		r, _ := v.ratioOf(t.What)
		j.N, j.K, j.Got = r.Of, r.Part, r.Value()
		if t.At > 0 {
			bound := Upper
			if t.Above {
				bound = Lower
			}
			j.Bound = bound(r.Part, r.Of, t.At)
		}
	default:
		m, _ := MeasureOf(t.What)
		j.N = v.N(m)
		switch t.Stat {
		case "mean":
			j.Got = v.Mean(m)
		case "max":
			j.Got = v.Max(m)
		default:
			j.Got = v.Quantile(m, t.P)
		}
	}
	decides := j.Got
	if t.At > 0 {
		decides = j.Bound
	}
	if t.Above {
		j.Passed = decides > t.Value
	} else {
		j.Passed = decides < t.Value
	}
	return j
}

// Lost reports whether a share can no longer be proved at the planned number of calls,
// whatever the calls to come do: then a run may end early. planned 0: it is not known.
//
// This is the exact test at the planned n, curtailed: it stops only when the result is
// certain, so its level is the planned one's (Alling, Biometrics 22, 1966). Only a share
// with a confidence is judged so.
func (t *Threshold) Lost(v *Interval, planned int64) bool {
	if t.At == 0 || t.Stat != "" || planned <= 0 || t.What == "keys-wrong" { // of keys there are more than calls
		return false
	}
	r, _ := v.ratioOf(t.What)
	n := max(planned, r.Of)
	if !t.Above {
		return r.Part > Allowed(n, t.Value, t.At)
	}
	misses := r.Of - r.Part // a share above p is one of misses below 1 - p
	return misses > Allowed(n, 1-t.Value, t.At)
}

// Enough returns how many calls can prove the threshold with a few failures among them:
// twice what would do without any. 0 where nothing is to be proved.
func (t *Threshold) Enough() int64 { return 2 * t.Least() }

// Least returns how many calls prove the threshold if all go well; 0 where nothing is to be
// proved.
func (t *Threshold) Least() int64 {
	if t.At == 0 || t.Stat != "" {
		return 0
	}
	p := t.Value
	if t.Above {
		p = 1 - p
	}
	if p <= 0 {
		return 0
	}
	return CleanCalls(p, t.At)
}
