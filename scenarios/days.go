package scenarios

import (
	"time"

	"callwright/realcore"
)

// DayOf returns the number of the day that an instant belongs to, from 0 on: days
// begin when the first one did, so that a night shift is one day, and as long as
// clocks say, so that one is of 23 hours and one of 25.
func (s *Scenario) DayOf(t realcore.Instant) int {
	at := s.Epoch.Add(time.Duration(t))
	n := dateOf(at).number() - dateOf(s.Epoch).number()
	if clockOf(at) < clockOf(s.Epoch) {
		n--
	}
	return int(n)
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func clockOf(t time.Time) Clock { return Clock(t.Hour()*3600 + t.Minute()*60 + t.Second()) }

// OpenAt reports whether an instant lies in the hours that are simulated.
func (s *Scenario) OpenAt(t realcore.Instant) bool {
	for i := range s.Opens {
		if t >= s.Opens[i] && t < s.Closes[i] {
			return true
		}
	}
	return false
}

// Closing is when the last day ends; 0 for a scenario of no days.
func (s *Scenario) Closing() realcore.Instant {
	if len(s.Closes) == 0 {
		return 0
	}
	return s.Closes[len(s.Closes)-1]
}
