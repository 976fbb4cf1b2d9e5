package loadreport

import (
	"math"

	"callwright/traffic/loadstats"
)

// told is a story with what is concluded from it, in a language.
type told struct {
	words
	story   *loadstats.Story
	v       *loadstats.Interval
	f       loadstats.Figures
	judged  []loadstats.Judgement
	verdict loadstats.Verdict
	faults  []loadstats.Fault
}

func tell(s *loadstats.Story, lang string) (*told, error) {
	w, err := wordsOf(lang)
	if err != nil {
		return nil, err
	}
	t := &told{words: w, story: s, v: &s.Total, f: s.Total.Figures(), faults: s.End.Check.Faults()}
	t.judged, t.verdict, err = s.Judge(nil)
	return t, err
}

// partial reports whether the run did not come to its own end.
func (t *told) partial() bool { return !t.story.Whole || t.story.End.Interrupted }

// invalid reports whether the generator was at fault, whatever else happened.
func (t *told) invalid() bool { return len(t.faults) > 0 }

// callsFailed reports whether calls failed that no threshold allows, whatever else
// happened: the verdict if all thresholds were met and the generator was well.
func (t *told) callsFailed() bool {
	met := append([]loadstats.Judgement(nil), t.judged...)
	for i := range met {
		met[i].Passed = true
	}
	return loadstats.Decide(t.v, &loadstats.SelfCheck{}, met, false) == loadstats.CallsFailed
}

// taken reports whether the calls are those that others made, and we answered.
func (t *told) taken() bool { return t.story.Run.Model == loadstats.Taken }

// title is the report's.
func (t *told) title() string {
	if t.taken() {
		return t.s("title.taken")
	}
	return t.s("title", t.story.Run.Target)
}

// confidence is that of the bounds printed beside shares.
const confidence = 0.95

// atMost is the exact upper bound of a share.
func atMost(r loadstats.Ratio) float64 { return loadstats.Upper(r.Part, r.Of, confidence) }

// wanted returns the lowest and the highest rate that the profile wanted, over whole
// seconds; NaN where it wanted none, as under a closed model.
func (t *told) wanted() (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for i := range t.story.Seconds {
		r := t.story.Seconds[i].Rate
		if !(r > 0) {
			continue
		}
		if math.IsNaN(low) || r < low {
			low = r
		}
		if math.IsNaN(high) || r > high {
			high = r
		}
	}
	return low, high
}

// started is the mean rate from the run's first start to its last, in calls/s.
func (t *told) started() float64 {
	var n int64
	first, last := -1, -1
	for i := range t.story.Seconds {
		if x := t.story.Seconds[i].Started; x > 0 {
			n += x
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return math.NaN()
	}
	d := t.story.Seconds[last].At + t.story.Seconds[last].Length - t.story.Seconds[first].At
	if d <= 0 {
		return math.NaN()
	}
	return float64(n) / d.Seconds()
}
