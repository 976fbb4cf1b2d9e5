package loadstats

import (
	"errors"
	"math"
	"slices"
)

// Search looks for the highest rate that a target still carries: it says which rate to try
// next and is told how that went. It climbs by half until a rate fails, bisects what lies
// between, and then tries both ends again: a rate carries if most of its tries passed.
type Search struct {
	From, To  float64 // calls/s: the first to be tried, the highest
	Precision float64 // the ends may be so far apart, in (0, 1): 0.02 is 2 %
	Tries     int     // of each end; odd. 0: 3

	done []Trial
}

// Trial is one rate that was tried.
type Trial struct {
	Rate   float64
	Passed bool
	Valid  bool // the generator could; one that is not is tried no further
}

// Knee is what a search found.
type Knee struct {
	Low, High float64 // carried in most tries; not carried in most. Low 0: none was; High +Inf: all were, up to To
	Rate      float64 // between, geometric mean; NaN where one end is open
	Sure      bool    // all tries at either end agreed
	Generator bool    // the upper end is the generator's, not the target's
	Trials    []Trial
}

// Validate reports what is wrong with s.
func (s *Search) Validate() error {
	switch {
	case !(s.From > 0) || !(s.To > s.From) || math.IsInf(s.To, 1):
		return errors.New("rates must rise from above 0 to a finite one")
	case !(s.Precision > 0 && s.Precision < 1):
		return errors.New("precision must be between 0 and 1, as 0.02")
	}
	return nil
}

// Told takes in how a rate went.
func (s *Search) Told(t Trial) { s.done = append(s.done, t) }

// carried says how the tries of a rate went so far.
func (s *Search) carried(rate float64) (passed, tries int) {
	for _, t := range s.done {
		if t.Rate == rate && t.Valid {
			tries++
			if t.Passed {
				passed++
			}
		}
	}
	return passed, tries
}

// ends are the highest rate that most tries passed, below the lowest that most did not.
func (s *Search) ends() (low, high float64, invalid bool) {
	high = math.Inf(1)
	rates := make([]float64, 0, len(s.done))
	for _, t := range s.done {
		rates = append(rates, t.Rate)
	}
	slices.Sort(rates)
	for _, r := range slices.Compact(rates) {
		passed, tries := s.carried(r)
		switch {
		case tries == 0: // the generator could not
			return low, r, true
		case 2*passed <= tries:
			return low, r, false
		}
		low = r
	}
	return low, high, false
}

// Next returns the rate to try, or false if the knee is found.
func (s *Search) Next() (rate float64, ok bool) {
	low, high, invalid := s.ends()
	switch {
	case len(s.done) == 0:
		return s.From, true
	case low == 0: // not even the first: one try more, and then it is the target's
		return s.again(high, invalid)
	case math.IsInf(high, 1):
		if low >= s.To {
			return s.again(low, false)
		}
		return math.Min(1.5*low, s.To), true
	case high/low-1 > s.Precision:
		return math.Sqrt(low * high), true
	}
	if r, ok := s.again(low, false); ok {
		return r, true
	}
	return s.again(high, invalid)
}

// again asks for one more try of an end that has had too few.
func (s *Search) again(rate float64, invalid bool) (float64, bool) {
	n := s.Tries
	if n == 0 {
		n = 3
	}
	passed, tries := s.carried(rate)
	vain := 0
	for _, t := range s.done {
		if t.Rate == rate && !t.Valid {
			vain++
		}
	}
	if invalid || vain >= n || tries >= n || 2*passed > n || 2*(tries-passed) > n { // the majority is certain, or will not come
		return 0, false
	}
	return rate, true
}

// Knee returns what has been found.
func (s *Search) Knee() Knee {
	k := Knee{Rate: math.NaN(), Trials: slices.Clone(s.done)}
	k.Low, k.High, k.Generator = s.ends()
	if k.Low > 0 && !math.IsInf(k.High, 1) {
		k.Rate = math.Sqrt(k.Low * k.High)
	}
	pl, tl := s.carried(k.Low)
	ph, _ := s.carried(k.High)
	k.Sure = pl == tl && ph == 0
	return k
}
