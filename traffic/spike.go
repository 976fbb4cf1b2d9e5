package traffic

import (
	"errors"
	"fmt"
	"math"
)

// Spike is a surge of calls to be added to a profile: a television spot, an
// outage, the opening of a booking. Times are in seconds.
type Spike struct {
	Onset  float64 // when it begins, since the run began
	Volume float64 // contacts expected in all
	Ramp   float64 // from the onset to the peak, in a straight line
	Hold   float64 // at the peak
	Decay  float64 // from there to nothing, in a straight line
	// Exponential: the rate falls as e^(-t/Decay) instead, in 64 straight lines
	// that carry the whole volume and stay within 0.0006 of the peak; 12 Decay
	// later it stops.
	Exponential bool
}

// Profile returns the rate of the spike alone.
func (s Spike) Profile() (Profile, error) {
	errs := []error{nonNegative("Onset", s.Onset), nonNegative("Volume", s.Volume), nonNegative("Ramp", s.Ramp),
		nonNegative("Hold", s.Hold), nonNegative("Decay", s.Decay)}
	if s.Ramp+s.Hold+s.Decay == 0 {
		errs = append(errs, errors.New("Ramp, Hold and Decay are 0; want one of them > 0"))
	}
	if err := check("spike", errs...); err != nil {
		return Profile{}, err
	}
	top := s.Onset + s.Ramp
	points := []Point{{s.Onset, 0}, {top, 1}, {top + s.Hold, 1}}
	if !s.Exponential {
		points = append(points, Point{top + s.Hold + s.Decay, 0})
	} else {
		for i := 1; i <= 64; i++ {
			x := 12 * float64(i*i) / (64 * 64) // narrower lines where it bends
			points = append(points, Point{top + s.Hold + float64(x*s.Decay), math.Exp(-x)})
		}
	}
	p, err := Linear(points)
	if err != nil {
		return Profile{}, check("spike", err)
	}
	if p.Total() == 0 { // a spike shorter than the numbers around it resolve
		return Profile{}, fmt.Errorf("spike: at %g s, %g s is too short to be seen", s.Onset, s.Ramp+s.Hold+s.Decay)
	}
	return p.Scaled(s.Volume / p.Total()), nil
}
