package traffic

import (
	"fmt"
	"time"
)

// Cause is why an attempt came to nothing.
type Cause uint8

// The causes.
const (
	CauseAbandon Cause = iota // hung up while waiting, or was disconnected
	CauseBusy                 // found no line
	CauseClosed               // called outside opening hours
)

// Redial says who calls again after an attempt that came to nothing, and when.
// The zero Redial: nobody.
type Redial struct {
	AfterAbandon, AfterBusy, AfterClosed float64 // probability of calling again
	Delay                                Law     // from the end of an attempt to the next one
	MaxAttempts                          int     // of one caller in all, the first included; 0: 10
}

const (
	defaultAttempts = 10
	mostAttempts    = 16 // the world numbers attempts in four bits of its keys
)

// Validate reports what is wrong with r.
func (r *Redial) Validate() error {
	errs := []error{probability("AfterAbandon", r.AfterAbandon), probability("AfterBusy", r.AfterBusy), probability("AfterClosed", r.AfterClosed)}
	if r.MaxAttempts < 0 || r.MaxAttempts > mostAttempts {
		errs = append(errs, fmt.Errorf("MaxAttempts is %d; want 1 to %d, or 0 for %d", r.MaxAttempts, mostAttempts, defaultAttempts))
	}
	return check("redial", errs...)
}

// Next says whether the caller with this luck tries again after his attempt
// number attempt, from 1 on, failed for a cause: after which delay, and with
// which luck. That is a child of his own, so the person who calls again is as
// fixed as the one who called.
func (r *Redial) Next(luck Luck, cause Cause, attempt int) (delay time.Duration, child Luck, again bool) {
	most := r.MaxAttempts
	if most == 0 {
		most = defaultAttempts
	}
	p := r.after(cause)
	if p == 0 || attempt >= most || luck.Uniform(forRedial, uint32(attempt)) >= p {
		return 0, Luck{}, false
	}
	return r.Delay.Draw(luck, forDelay, uint32(attempt)), luck.Child(forRedial, uint32(attempt)), true
}

func (r *Redial) after(cause Cause) float64 {
	switch cause {
	case CauseAbandon:
		return r.AfterAbandon
	case CauseBusy:
		return r.AfterBusy
	case CauseClosed:
		return r.AfterClosed
	}
	panic("traffic: redial after no known cause")
}

var (
	forRedial = PurposeOf("redial")
	forDelay  = PurposeOf("redial delay")
)
