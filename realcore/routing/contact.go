package routing

import (
	"time"

	"callwright/realcore"
)

// Score returns how urgent a waiting contact is under the Priority order:
// the credit it began with, plus its time waited at rate thousandths, in
// nanoseconds (the wait counts in whole microseconds). The highest score is
// served first, ties go to the contact that came first. When all rates are
// equal the order of two contacts never changes, and Score is a constant key
// less now.
func Score(now, since realcore.Instant, credit time.Duration, rate int32) int64 {
	if rate == 0 {
		rate = 1000
	}
	return int64(credit) + int64(rate)*(int64(now-since)/1000)
}
