package traffic

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Profile is an arrival rate that changes with time: contacts per second, over
// seconds since the run began, in pieces that are constant or straight. Outside
// its pieces it is 0, so the zero Profile has no arrivals. It is never changed
// after it was made; copies share the pieces.
type Profile struct{ pieces []piece }

type piece struct {
	from, to float64 // to is +Inf only if slope is 0
	rate     float64 // at from
	slope    float64
	before   float64 // contacts expected in earlier pieces
	count    float64 // contacts expected in this one
}

// at returns the rate at t within the piece.
func (p *piece) at(t float64) float64 {
	if p.slope == 0 {
		return p.rate
	}
	return max(0, p.rate+float64(p.slope*(t-p.from)))
}

// upTo returns the contacts expected from the piece's start to t within it.
func (p *piece) upTo(t float64) float64 {
	return float64((t-p.from)*(p.rate+p.at(t))) / 2
}

// after returns how long after a moment with this rate and slope x contacts are
// expected: the root of rate t + slope t²/2 = x in the form that cancels nothing.
func after(rate, slope, x float64) float64 {
	if slope == 0 {
		return x / rate
	}
	if x <= 0 {
		return 0
	}
	return 2 * x / (rate + math.Sqrt(max(0, float64(rate*rate)+float64(2*slope*x))))
}

// Constant is a rate that never changes and never ends. It panics if rate is
// negative, NaN or infinite.
func Constant(rate float64) Profile {
	if err := nonNegative("rate", rate); err != nil {
		panic("traffic: constant " + err.Error())
	}
	return profile([]piece{{to: math.Inf(1), rate: rate}})
}

// Steps is rates[i] from starts[i] to the next start, the last one to end, which
// may be +Inf. Starts rise and are not negative; neither are rates.
func Steps(starts, rates []float64, end float64) (Profile, error) {
	if len(starts) != len(rates) || len(starts) == 0 {
		return Profile{}, fmt.Errorf("steps: %d starts and %d rates; want as many of each, at least one", len(starts), len(rates))
	}
	var errs []error
	pieces := make([]piece, len(starts))
	for i, s := range starts {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		errs = append(errs, nonNegative(fmt.Sprintf("starts[%d]", i), s), nonNegative(fmt.Sprintf("rates[%d]", i), rates[i]))
		if !(to > s) {
			errs = append(errs, fmt.Errorf("starts[%d] is %g and its step ends at %g; want times that rise", i, s, to))
		}
		pieces[i] = piece{from: s, to: to, rate: rates[i]}
	}
	if err := check("steps", errs...); err != nil {
		return Profile{}, err
	}
	return profile(pieces), nil
}

// Point is a rate at a time in seconds since the run began.
type Point struct{ At, Rate float64 }

// Linear joins points by straight lines. Times do not fall and are not negative;
// two points at one time are a jump. Before the first and after the last the
// rate is 0.
func Linear(points []Point) (Profile, error) {
	if len(points) < 2 {
		return Profile{}, fmt.Errorf("linear: %d points; want at least two", len(points))
	}
	var errs []error
	var pieces []piece
	for i, q := range points {
		errs = append(errs, nonNegative(fmt.Sprintf("points[%d].At", i), q.At), nonNegative(fmt.Sprintf("points[%d].Rate", i), q.Rate))
		if i == 0 {
			continue
		}
		if l := points[i-1]; q.At > l.At {
			pieces = append(pieces, piece{from: l.At, to: q.At, rate: l.Rate, slope: (q.Rate - l.Rate) / (q.At - l.At)})
		} else if q.At < l.At {
			errs = append(errs, fmt.Errorf("points[%d].At is %g after %g; want times that do not fall", i, q.At, l.At))
		}
	}
	if err := check("linear", errs...); err != nil {
		return Profile{}, err
	}
	return profile(pieces), nil
}

// profile drops pieces without arrivals and counts the others.
func profile(pieces []piece) Profile {
	kept := pieces[:0]
	sum := 0.0
	for _, p := range pieces {
		if p.rate <= 0 && p.slope <= 0 {
			continue
		}
		p.before, p.count = sum, math.Inf(1)
		if !math.IsInf(p.to, 1) {
			p.count = p.upTo(p.to)
		}
		sum += p.count
		kept = append(kept, p)
	}
	return Profile{slices.Clip(kept)}
}

// Rate returns the rate at t: at a jump, the rate from there on.
func (p Profile) Rate(t float64) float64 {
	if i := p.last(t); i >= 0 && t < p.pieces[i].to {
		return p.pieces[i].at(t)
	}
	return 0
}

// last returns the index of the last piece that has begun at t, or -1.
func (p Profile) last(t float64) int {
	return sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].from > t }) - 1
}

// Cumulative returns the number of contacts expected up to t. It is the inverse
// of Inverse to a relative 1e-9 wherever there are arrivals.
func (p Profile) Cumulative(t float64) float64 {
	i := p.last(t)
	if i < 0 {
		return 0
	}
	q := &p.pieces[i]
	if t >= q.to {
		return q.before + q.count
	}
	return q.before + q.upTo(t)
}

// Inverse returns the earliest time up to which x contacts are expected, 0 for x
// <= 0. If so many are never expected, or x is NaN, it returns +Inf and false.
func (p Profile) Inverse(x float64) (t float64, ok bool) {
	if x <= 0 {
		return 0, true
	}
	i := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].before+p.pieces[i].count >= x })
	if i == len(p.pieces) || math.IsInf(x, 1) {
		return math.Inf(1), false
	}
	q := &p.pieces[i]
	return min(q.from+after(q.rate, q.slope, x-q.before), q.to), true
}

// Total returns the number of contacts expected in all, +Inf for a rate without
// end.
func (p Profile) Total() float64 { return p.Cumulative(math.Inf(1)) }

// End returns the time in seconds after which nobody is expected, 0 if nobody is
// at all.
func (p Profile) End() float64 {
	if len(p.pieces) == 0 {
		return 0
	}
	return p.pieces[len(p.pieces)-1].to
}

// Scaled returns p with all rates times f. It panics if f is negative, NaN or
// infinite.
func (p Profile) Scaled(f float64) Profile {
	if err := nonNegative("factor", f); err != nil {
		panic("traffic: scaled profile's " + err.Error())
	}
	pieces := slices.Clone(p.pieces)
	for i := range pieces {
		pieces[i].rate *= f
		pieces[i].slope *= f
	}
	return profile(pieces)
}

// Times returns p with its rates times factors[i] from starts[i] to the next
// start, the last for ever, and unchanged before the first: noise by interval, a
// promotion's days. Starts rise; factors are not negative.
func (p Profile) Times(starts, factors []float64) (Profile, error) {
	if len(starts) != len(factors) {
		return Profile{}, fmt.Errorf("times: %d starts and %d factors; want as many of each", len(starts), len(factors))
	}
	var errs []error
	for i := range starts {
		errs = append(errs, nonNegative(fmt.Sprintf("starts[%d]", i), starts[i]), nonNegative(fmt.Sprintf("factors[%d]", i), factors[i]))
		if i > 0 && !(starts[i] > starts[i-1]) {
			errs = append(errs, fmt.Errorf("starts[%d] is %g after %g; want times that rise", i, starts[i], starts[i-1]))
		}
	}
	if err := check("times", errs...); err != nil {
		return Profile{}, err
	}
	var pieces []piece
	for _, q := range p.pieces {
		for t := q.from; t < q.to; {
			i := sort.Search(len(starts), func(i int) bool { return starts[i] > t })
			to, f := q.to, 1.0
			if i < len(starts) {
				to = min(to, starts[i])
			}
			if i > 0 {
				f = factors[i-1]
			}
			pieces = append(pieces, piece{from: t, to: to, rate: f * q.at(t), slope: f * q.slope})
			t = to
		}
	}
	return profile(pieces), nil
}

// Sum returns the rate of all the arrivals of several profiles together: a
// forecast and its spikes.
func Sum(profiles ...Profile) Profile {
	var cuts []float64
	for _, p := range profiles {
		for _, q := range p.pieces {
			cuts = append(cuts, q.from, q.to)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	next := make([]int, len(profiles)) // first piece of each that has not ended
	var pieces []piece
	for i := 1; i < len(cuts); i++ {
		sum := piece{from: cuts[i-1], to: cuts[i]}
		for k, p := range profiles {
			for next[k] < len(p.pieces) && p.pieces[next[k]].to <= sum.from {
				next[k]++
			}
			if next[k] < len(p.pieces) && p.pieces[next[k]].from <= sum.from {
				q := &p.pieces[next[k]]
				sum.rate += q.at(sum.from)
				sum.slope += q.slope
			}
		}
		pieces = append(pieces, sum)
	}
	return profile(pieces)
}
