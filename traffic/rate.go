package traffic

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Profile is an arrival rate over time: pieces on each of which it is linear
// (constant pieces are linear ones with equal ends). Outside its pieces the
// rate is 0. Times are seconds since the run began, rates contacts a second.
type Profile struct{ pieces []piece }

type piece struct {
	from, to float64 // to may be +Inf on a constant piece
	r0, r1   float64
}

func (p piece) area() float64 {
	if math.IsInf(p.to, 1) {
		return math.Inf(1)
	}
	return (p.r0 + p.r1) / 2 * (p.to - p.from)
}

// at returns the rate at t within the piece.
func (p piece) at(t float64) float64 {
	if p.r0 == p.r1 {
		return p.r0
	}
	return p.r0 + (p.r1-p.r0)*(t-p.from)/(p.to-p.from)
}

// inverse returns how far into the piece x contacts are expected, x at most its area.
func (p piece) inverse(x float64) float64 {
	if p.r0 == p.r1 {
		return x / p.r0
	}
	// r0 t + s t^2 / 2 = x, in the form that cancels nothing
	s := (p.r1 - p.r0) / (p.to - p.from)
	d := math.Sqrt(max(p.r0*p.r0+2*s*x, 0))
	return min(2*x/(p.r0+d), p.to-p.from)
}

// Constant returns a rate that never changes and never ends.
func Constant(rate float64) Profile {
	return Profile{[]piece{{0, math.Inf(1), rate, rate}}}
}

// Steps returns the rate that is rates[i] from starts[i] to the next start, the
// last until end. Starts must rise.
func Steps(starts, rates []float64, end float64) (Profile, error) {
	if len(starts) != len(rates) || len(starts) == 0 {
		return Profile{}, fmt.Errorf("rate profile has %d starts and %d rates; want as many, at least one", len(starts), len(rates))
	}
	var p Profile
	var errs []error
	for i, s := range starts {
		to := end
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		if !(to > s) {
			errs = append(errs, fmt.Errorf("rate profile: piece %d runs from %v s to %v s; want rising times", i+1, s, to))
		}
		if !(rates[i] >= 0) || math.IsInf(rates[i], 1) {
			errs = append(errs, fmt.Errorf("rate profile: rate %d is %v; want 0 or more a second", i+1, rates[i]))
		}
		p.pieces = append(p.pieces, piece{s, to, rates[i], rates[i]})
	}
	return p, errors.Join(errs...)
}

// Point is a rate at a time.
type Point struct{ At, Rate float64 }

// Linear returns the rate that joins the points by straight lines.
func Linear(points []Point) (Profile, error) {
	if len(points) < 2 {
		return Profile{}, fmt.Errorf("rate profile has %d points; want at least two", len(points))
	}
	var p Profile
	var errs []error
	for i := range points {
		if !(points[i].Rate >= 0) || math.IsInf(points[i].Rate, 1) {
			errs = append(errs, fmt.Errorf("rate profile: rate at %v s is %v; want 0 or more a second", points[i].At, points[i].Rate))
		}
		if i == 0 {
			continue
		}
		if !(points[i].At > points[i-1].At) {
			errs = append(errs, fmt.Errorf("rate profile: %v s comes after %v s; want rising times", points[i].At, points[i-1].At))
		}
		p.pieces = append(p.pieces, piece{points[i-1].At, points[i].At, points[i-1].Rate, points[i].Rate})
	}
	return p, errors.Join(errs...)
}

// Spike returns volume expected contacts that set in at onset, rise linearly
// for rise seconds, stay for stay seconds and fall for fall seconds: what a
// commercial or an outage adds to a day.
func Spike(onset, volume, rise, stay, fall float64) (Profile, error) {
	if err := errors.Join(positive("spike volume", volume), positive("spike length", rise+stay+fall)); err != nil {
		return Profile{}, err
	}
	if rise < 0 || stay < 0 || fall < 0 {
		return Profile{}, fmt.Errorf("spike has times %v, %v and %v s; want none negative", rise, stay, fall)
	}
	top := volume / (rise/2 + stay + fall/2)
	var p Profile
	t := onset
	for _, part := range []piece{{0, rise, 0, top}, {0, stay, top, top}, {0, fall, top, 0}} {
		if part.to > 0 {
			p.pieces = append(p.pieces, piece{t, t + part.to, part.r0, part.r1})
			t += part.to
		}
	}
	return p, nil
}

// Rate returns the rate at t.
func (p Profile) Rate(t float64) float64 {
	for _, q := range p.pieces {
		if t >= q.from && t < q.to {
			return q.at(t)
		}
	}
	return 0
}

// Cumulative returns the contacts expected before t.
func (p Profile) Cumulative(t float64) float64 {
	sum := 0.0
	for _, q := range p.pieces {
		if t <= q.from {
			break
		}
		if t >= q.to {
			sum += q.area()
			continue
		}
		sum += (q.r0 + q.at(t)) / 2 * (t - q.from)
	}
	return sum
}

// Inverse returns the time before which x contacts are expected; +Inf if there
// never are so many.
func (p Profile) Inverse(x float64) float64 {
	for _, q := range p.pieces {
		if a := q.area(); x > a || a == 0 {
			x -= a
			continue
		}
		return q.from + q.inverse(x)
	}
	return math.Inf(1)
}

// Total returns the contacts expected in all.
func (p Profile) Total() float64 { return p.Cumulative(math.Inf(1)) }

// End returns the time after which nobody is expected.
func (p Profile) End() float64 {
	if len(p.pieces) == 0 {
		return 0
	}
	return p.pieces[len(p.pieces)-1].to
}

// Scaled returns the profile with every rate times f.
func (p Profile) Scaled(f float64) Profile {
	q := slices.Clone(p.pieces)
	for i := range q {
		q[i].r0 *= f
		q[i].r1 *= f
	}
	return Profile{q}
}

// Sum returns the profile of all arrivals together.
func Sum(profiles ...Profile) Profile {
	var cuts []float64
	for _, p := range profiles {
		for _, q := range p.pieces {
			cuts = append(cuts, q.from, q.to)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out Profile
	for i := 1; i < len(cuts); i++ {
		from, to := cuts[i-1], cuts[i]
		var r0, r1 float64
		for _, p := range profiles {
			for _, q := range p.pieces {
				if q.from <= from && q.to >= to {
					r0 += q.at(from)
					if math.IsInf(to, 1) {
						r1 += q.r1
					} else {
						r1 += q.at(to)
					}
				}
			}
		}
		out.pieces = append(out.pieces, piece{from, to, r0, r1})
	}
	return out
}

// cut returns the pieces cut at every multiple of step seconds, each multiplied
// by factor of its ordinal.
func (p Profile) cut(step float64, factor func(i int64) float64) Profile {
	var out Profile
	for _, q := range p.pieces {
		from := q.from
		for from < q.to {
			i := math.Floor(from/step + 1e-9)
			to := min(q.to, (i+1)*step)
			f := factor(int64(i))
			out.pieces = append(out.pieces, piece{from, to, q.at(from) * f, q.at(to) * f})
			from = to
		}
	}
	return out
}
