package loadreport

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"callwright/traffic/loadstats"
)

// JSON writes the run's summary, indented. Names are stable; what is undefined is null;
// seconds and shares are numbers, shares in [0, 1]. What each second saw is in the stream,
// or in CSV.
func JSON(w io.Writer, s *loadstats.Story) error {
	t, err := tell(s, "en")
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(t.summary())
}

// number is a float that JSON can hold: nil where it is undefined.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func seconds(d time.Duration) float64 { return d.Seconds() }

type summary struct {
	Verdict    string                    `json:"verdict"`
	Exit       int                       `json:"exit"`
	Whole      bool                      `json:"whole"` // false: the stream has no end
	Sentence   string                    `json:"sentence"`
	Reasons    []string                  `json:"reasons"`
	Run        loadstats.Run             `json:"run"`
	LastedS    float64                   `json:"lasted_s"`
	Early      string                    `json:"early,omitempty"`
	Counts     map[string]int64          `json:"counts"`
	Ratios     map[string]summaryRatio   `json:"ratios"`
	Measures   map[string]summaryMeasure `json:"measures"`
	Codes      map[string]int64          `json:"codes"`    // final answers to INVITE; "none": none came
	Refusals   map[string]int64          `json:"refusals"` // to REGISTER
	Failures   []summaryFailure          `json:"failures"`
	Thresholds []summaryThreshold        `json:"thresholds"`
	Check      *summaryCheck             `json:"check"`
	Warnings   []string                  `json:"warnings"`
}

type summaryRatio struct {
	Of     int64    `json:"of"`
	Part   int64    `json:"part"`
	Value  *float64 `json:"value"`
	AtMost *float64 `json:"at_most_95"`  // exact one-sided bounds with 95 % confidence
	Least  *float64 `json:"at_least_95"` // likewise
}

type summaryMeasure struct {
	Unit string   `json:"unit"` // s, fraction or none
	N    int64    `json:"n"`
	Mean *float64 `json:"mean"`
	P5   *float64 `json:"p5"`
	P50  *float64 `json:"p50"`
	P95  *float64 `json:"p95"`
	P99  *float64 `json:"p99"`
	Max  *float64 `json:"max"`
}

type summaryFailure struct {
	loadstats.Failure
	Count int64 `json:"count"`
}

type summaryThreshold struct {
	Text   string   `json:"text"`
	Got    *float64 `json:"got"`
	Bound  *float64 `json:"bound"`
	N      int64    `json:"n"`
	K      *int64   `json:"k"` // of a share
	Passed bool     `json:"passed"`
}

type summaryCheck struct {
	Faults       []string `json:"faults"`
	Starts       int64    `json:"starts"`
	StartsLate   int64    `json:"starts_late"`
	LateP50S     float64  `json:"late_p50_s"`
	LateP99S     float64  `json:"late_p99_s"`
	Read         int64    `json:"read"`
	ReadLate     int64    `json:"read_late"`
	ReadP99S     float64  `json:"read_p99_s"`
	Frames       int64    `json:"frames"`
	FramesLate   int64    `json:"frames_late"`
	PaceP99S     float64  `json:"pace_p99_s"`
	Datagrams    int64    `json:"datagrams"`
	Dropped      int64    `json:"dropped"`
	Unsent       int64    `json:"unsent"`
	NoPort       int64    `json:"no_port"`
	Busy         *float64 `json:"busy_fraction"`
	Waited       *float64 `json:"waited_fraction"`
	CPUS         *float64 `json:"cpu_s"`
	CPUThousand  *float64 `json:"cpu_s_per_1000_calls"`
	Cores        int      `json:"cores"`
	OwnRepeated  int64    `json:"own_repeated"`
	Rate         *float64 `json:"wanted_calls_per_s"`
	Reached      *float64 `json:"reached_calls_per_s"`
	SaturatesCPS *float64 `json:"saturates_calls_per_s"`
}

func (t *told) summary() *summary {
	s := &summary{Verdict: t.verdict.String(), Exit: t.verdict.Exit(), Whole: t.story.Whole, Sentence: t.sentence(), Reasons: list(t.reasons()), Run: t.story.Run, LastedS: seconds(lasted(t.story)), Early: t.story.End.Early,
		Counts: map[string]int64{}, Ratios: map[string]summaryRatio{}, Measures: map[string]summaryMeasure{}, Codes: map[string]int64{}, Refusals: map[string]int64{},
		Failures: []summaryFailure{}, Thresholds: []summaryThreshold{}, Warnings: list(t.warnings())}
	for _, x := range counted(&t.v.Counts) {
		s.Counts[x.name] = x.n
	}
	for name, r := range map[string]loadstats.Ratio{"ser": t.f.SER, "seer": t.f.SEER, "isa": t.f.ISA, "scr": t.f.SCR, "ira": t.f.IRA, "failed": t.f.Fail,
		"answered": {Of: t.v.Ended, Part: t.v.Answered}, "abandoned": {Of: t.v.Ended, Part: t.v.Abandoned}, "one_way": {Of: t.v.Answered, Part: t.v.OneWay}, "keys_wrong": {Of: t.v.KeysExpected, Part: t.v.KeysWrong}} {
		s.Ratios[name] = summaryRatio{r.Of, r.Part, number(r.Value()), number(atMost(r)), number(loadstats.Lower(r.Part, r.Of, confidence))}
	}
	for m := range loadstats.NumMeasures {
		q := func(p float64) *float64 { return number(t.v.Quantile(m, p)) }
		s.Measures[fileName(m)] = summaryMeasure{unitOf(m), t.v.N(m), number(t.v.Mean(m)), q(0.05), q(0.5), q(0.95), q(0.99), number(t.v.Max(m))}
	}
	coded(s.Codes, t.v.Codes)
	coded(s.Refusals, t.v.Refusals)
	for _, f := range t.v.FailedBy() {
		s.Failures = append(s.Failures, summaryFailure{f.Failure, f.Count})
	}
	for _, j := range t.judged {
		x := summaryThreshold{Text: j.Text, Got: number(j.Got), Bound: number(j.Bound), N: j.N, Passed: j.Passed}
		if j.Stat == "" {
			x.K = &j.K
		}
		s.Thresholds = append(s.Thresholds, x)
	}
	if t.story.Whole {
		s.Check = t.check()
	}
	return s
}

func (t *told) check() *summaryCheck {
	c := &t.story.End.Check
	x := &summaryCheck{Faults: []string{}, Starts: c.Starts, StartsLate: c.StartsLate, LateP50S: seconds(c.LateP50), LateP99S: seconds(c.LateP99), Read: c.Read, ReadLate: c.ReadLate, ReadP99S: seconds(c.ReadP99),
		Frames: c.Frames, FramesLate: c.FramesLate, PaceP99S: seconds(c.PaceP99), Datagrams: c.Datagrams, Dropped: c.Dropped, Unsent: c.Unsent, NoPort: c.NoPort, Busy: number(c.Busy), Waited: number(c.Waited),
		CPUS: number(c.CPU), CPUThousand: number(perThousand(t.story)), Cores: c.Cores, OwnRepeated: c.MineWaiting, Rate: number(c.Rate), Reached: number(c.Reached), SaturatesCPS: number(c.Saturates())}
	for _, f := range t.faults {
		x.Faults = append(x.Faults, string(f))
	}
	return x
}

func coded(out map[string]int64, in map[int]int64) {
	for _, c := range keys(in) {
		name := strconv.Itoa(c)
		if c == 0 {
			name = "none"
		}
		out[name] = in[c]
	}
}

// list is [] where there is nothing, so that readers need not ask.
func list(x []string) []string {
	if x == nil {
		return []string{}
	}
	return x
}
