package loadstats

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Measure is a quantity of which a run keeps a histogram.
type Measure uint8

// The measures. Delays are from the first request as sent; those named Intended from when
// it should have been sent, so that a generator, or a target, that holds callers up cannot
// hide it (coordinated omission).
const (
	SRD              Measure = iota // RFC 6076 4.3.1: to the first answer that shows something, of calls that were answered
	SRDFailed                       // 4.3.2: to the final answer of calls that were refused
	SetUp                           // to the 2xx
	PostDial                        // to the first 180 or 183, or the 2xx if there was none
	SRDIntended                     // SRD from the intended start
	SetUpIntended                   // SetUp likewise
	PostDialIntended                // PostDial likewise
	SDD                             // RFC 6076 4.4: from our BYE to its answer
	SDT                             // RFC 6076 4.5.1: from the 2xx to the BYE, of calls that completed
	SDTFailed                       // 4.5.2: likewise where the BYE was never answered
	RRD                             // RFC 6076 4.1: REGISTER to its 2xx
	RRDFailed                       // REGISTER to its refusal
	FirstRTP                        // from the answer to the first packet of sound
	Lateness                        // of starts: the generator's own
	Jitter                          // mean of RFC 3550 6.4.1's |D| over a call
	Loss                            // lost or late of expected, of a call; in ppm
	MOS                             // in thousandths
	Silence                         // part of silent frames, of a call; in ppm
	NumMeasures
)

// unit is how a measure is stored, and meant to be read.
type unit uint8

const (
	micros unit = iota // stored in microseconds, read as a length of time
	ppm                // stored in millionths, read as a fraction
	milli              // stored in thousandths, read as a number
)

type about struct {
	name string // in thresholds, files and tables
	unit unit
	top  int64 // highest value kept; greater ones count as it
}

const minutes = 60_000_000 // in microseconds

var measures = [NumMeasures]about{
	SRD: {"srd", micros, 10 * minutes}, SRDFailed: {"srd-failed", micros, 10 * minutes}, SetUp: {"setup", micros, 10 * minutes}, PostDial: {"pdd", micros, 10 * minutes},
	SRDIntended: {"srd-intended", micros, 60 * minutes}, SetUpIntended: {"setup-intended", micros, 60 * minutes}, PostDialIntended: {"pdd-intended", micros, 60 * minutes},
	SDD: {"sdd", micros, 10 * minutes}, SDT: {"sdt", micros, 600 * minutes}, SDTFailed: {"sdt-failed", micros, 600 * minutes}, RRD: {"rrd", micros, 10 * minutes}, RRDFailed: {"rrd-failed", micros, 10 * minutes},
	FirstRTP: {"first-rtp", micros, 10 * minutes}, Lateness: {"lateness", micros, 10 * minutes}, Jitter: {"jitter", micros, minutes}, Loss: {"loss", ppm, 1_000_000}, MOS: {"mos", milli, 5000},
	Silence: {"silence", ppm, 1_000_000},
}

// String returns the name, as thresholds have it.
func (m Measure) String() string {
	if m >= NumMeasures {
		return fmt.Sprintf("measure %d", m)
	}
	return measures[m].name
}

// Length reports whether the measure is a length of time.
func (m Measure) Length() bool { return measures[m].unit == micros }

// MeasureOf returns the measure with a name.
func MeasureOf(name string) (Measure, bool) {
	for m := range NumMeasures {
		if strings.EqualFold(measures[m].name, name) {
			return m, true
		}
	}
	return 0, false
}

// value turns what is stored into seconds, a fraction or a number.
func (m Measure) value(stored float64) float64 {
	if measures[m].unit == milli {
		return stored / 1000
	}
	return stored / 1e6
}

// stored is the other way round.
func (m Measure) stored(v float64) int64 {
	if measures[m].unit == milli {
		return int64(math.Round(v * 1000))
	}
	return int64(math.Round(v * 1e6))
}

// Histograms is one histogram for each measure of which there is something. The zero
// value is empty.
type Histograms struct {
	h      [NumMeasures]*hdrhistogram.Histogram
	packed [NumMeasures]string // of those that rest: an open one takes 300 kB
}

// Add counts a value: seconds, a fraction or a number, as the measure is. Values are kept to
// three digits; one above the highest that is kept counts as that.
func (h *Histograms) Add(m Measure, v float64) {
	x := h.open(m)
	if x == nil {
		x = hdrhistogram.New(1, measures[m].top, 3)
		h.h[m] = x
	}
	// within bounds there is no error
	_ = x.RecordValue(min(max(m.stored(v), 0), measures[m].top))
}

// open returns a histogram that may be changed, nil if there is none.
func (h *Histograms) open(m Measure) *hdrhistogram.Histogram {
	if h.packed[m] != "" {
		h.h[m], h.packed[m] = h.of(m), ""
	}
	return h.h[m]
}

// of returns a histogram to look at, nil if there is none.
func (h *Histograms) of(m Measure) *hdrhistogram.Histogram {
	if h.packed[m] == "" {
		return h.h[m]
	}
	x, err := decode([]byte(h.packed[m]))
	if err != nil {
		panic("loadstats: " + err.Error()) // it was read before, or made by us
	}
	return x
}

// Pack makes the histograms small, to be kept and seldom looked at.
func (h *Histograms) Pack() {
	for m, x := range h.h {
		if x != nil {
			h.h[m], h.packed[m] = nil, encode(x)
		}
	}
}

func encode(h *hdrhistogram.Histogram) string {
	b, err := h.EncodeV2()
	if err != nil {
		panic("loadstats: " + err.Error()) // into memory
	}
	return string(b)
}

// AddLength is Add of a length of time.
func (h *Histograms) AddLength(m Measure, d time.Duration) { h.Add(m, d.Seconds()) }

// N returns how many values there are.
func (h *Histograms) N(m Measure) int64 {
	if x := h.of(m); x != nil {
		return x.TotalCount()
	}
	return 0
}

// Quantile returns the value that a part p of all, in [0, 1], are not above: NaN if there
// are none.
func (h *Histograms) Quantile(m Measure, p float64) float64 {
	x := h.of(m)
	if x == nil || x.TotalCount() == 0 {
		return math.NaN()
	}
	return m.value(float64(x.ValueAtQuantile(100 * p)))
}

// Mean returns the mean, NaN if there is nothing.
func (h *Histograms) Mean(m Measure) float64 {
	x := h.of(m)
	if x == nil || x.TotalCount() == 0 {
		return math.NaN()
	}
	return m.value(x.Mean())
}

// Max returns the greatest value, NaN if there is nothing.
func (h *Histograms) Max(m Measure) float64 {
	x := h.of(m)
	if x == nil || x.TotalCount() == 0 {
		return math.NaN()
	}
	return m.value(float64(x.Max()))
}

// Bar is one bar of a histogram: values from From up to To.
type Bar struct {
	From, To float64
	Count    int64
}

// Bars returns the bars of a measure that hold something, in order.
func (h *Histograms) Bars(m Measure) (out []Bar) {
	x := h.of(m)
	if x == nil {
		return nil
	}
	for _, b := range x.Distribution() {
		if b.Count > 0 {
			out = append(out, Bar{From: m.value(float64(b.From)), To: m.value(float64(b.To)), Count: b.Count})
		}
	}
	return out
}

// Merge adds all of o, which is not changed.
func (h *Histograms) Merge(o *Histograms) {
	for m := range NumMeasures {
		h.merge(m, o)
	}
}

func (h *Histograms) merge(m Measure, o *Histograms) {
	from := o.of(m)
	switch to := h.open(m); {
	case from == nil:
	case to == nil:
		h.h[m] = from.Clone()
	default:
		to.Merge(from)
	}
}

// Clear empties the histograms and keeps their room.
func (h *Histograms) Clear() {
	for m, x := range h.h {
		h.packed[m] = ""
		if x != nil {
			x.Reset()
		}
	}
}

// MarshalJSON writes the histograms by name, in HDR's own compressed form (V2, base64),
// which other tools read too.
func (h *Histograms) MarshalJSON() ([]byte, error) {
	out := map[string]string{}
	for m, x := range h.h {
		switch {
		case h.packed[m] != "":
			out[measures[m].name] = h.packed[m]
		case x != nil && x.TotalCount() > 0:
			out[measures[m].name] = encode(x)
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads them, and leaves them packed. A histogram of a name that is not known
// is an error, as is one that is damaged.
func (h *Histograms) UnmarshalJSON(b []byte) error {
	var in map[string]string
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*h = Histograms{}
	for m := range NumMeasures {
		s, ok := in[measures[m].name]
		if !ok {
			continue
		}
		delete(in, measures[m].name)
		x, err := decode([]byte(s))
		if err != nil {
			return fmt.Errorf("histogram %s: %w", m, err)
		}
		if x.LowestTrackableValue() != 1 || x.HighestTrackableValue() != measures[m].top || x.SignificantFigures() != 3 {
			return fmt.Errorf("histogram %s: of another shape", m)
		}
		h.packed[m] = s
	}
	if len(in) > 0 {
		return fmt.Errorf("%d histograms are not known", len(in))
	}
	return nil
}

// decode is hdrhistogram.Decode, which may panic on a damaged text.
func decode(b []byte) (h *hdrhistogram.Histogram, err error) {
	defer func() {
		if x := recover(); x != nil {
			h, err = nil, fmt.Errorf("damaged: %v", x)
		}
	}()
	return hdrhistogram.Decode(b)
}
