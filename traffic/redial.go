package traffic

import "time"

// Cause is why a caller did not get through.
type Cause uint8

// The causes of calling again.
const (
	CauseAbandon Cause = iota // hung up while waiting, or was disconnected
	CauseBusy                 // found no line
	CauseClosed               // came out of hours
)

// Redial is how callers who did not get through try again.
type Redial struct {
	AfterAbandon, AfterBusy, AfterClosed float64 // probabilities
	Delay                                Law     // from the end of one attempt to the next
	MaxAttempts                          int     // in all; 0 counts as 1: nobody calls again
}

var (
	drawAgain = PurposeOf("calls again")
	drawDelay = PurposeOf("redial delay")
)

// Next returns whether a caller tries again after attempt attempts, when, and
// with what luck: a child of his own, so that the next attempt's draws do not
// repeat the last one's.
func (r *Redial) Next(luck Luck, why Cause, attempt int) (delay time.Duration, child Luck, again bool) {
	if attempt >= r.MaxAttempts {
		return 0, Luck{}, false
	}
	p := [...]float64{r.AfterAbandon, r.AfterBusy, r.AfterClosed}[why]
	if p <= 0 || luck.Uniform(drawAgain, 0) >= p {
		return 0, Luck{}, false
	}
	return r.Delay.Draw(luck, drawDelay, 0), luck.Child(drawAgain, uint32(attempt)), true
}
