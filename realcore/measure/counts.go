package measure

import "callwright/realcore"

// Counts is what was counted of one queue (or of all) in one interval, by the
// instant of queue entry. Times are sums in nanoseconds. Only inbound visits
// count here; callbacks and dial requests are in Outbound.
type Counts struct {
	Offered      int64 // reached the queue
	Answered     int64
	Abandoned    int64
	Overflowed   int64
	CalledBack   int64
	Voicemailed  int64
	Disconnected int64 // and lost in a crash
	Open         int64 // still waiting when the run ended

	AnsweredInT   int64 // within the acceptable wait, inclusive
	AbandonedInT  int64
	AbandonedTau  int64 // within the short-abandon time, inclusive
	NotWaited     int64 // answered or gone at once: wait 0
	WaitAnswered  int64
	WaitAbandoned int64
	WaitAll       int64   // every visit, whatever its outcome
	WaitSquared   float64 // of answered, seconds squared, for spread

	Outbound      int64 // callbacks and dial requests answered by an agent
	OutboundWait  int64
	Requeued      int64 // offers that came back unanswered, inbound or not
	TransferredIn int64 // of Offered: not the contact's first visit
	Blocked       int64 // not Offered: found no line on a number that leads straight here
}

// Add adds d to c.
func (c *Counts) Add(d *Counts) {
	c.Offered += d.Offered
	c.Answered += d.Answered
	c.Abandoned += d.Abandoned
	c.Overflowed += d.Overflowed
	c.CalledBack += d.CalledBack
	c.Voicemailed += d.Voicemailed
	c.Disconnected += d.Disconnected
	c.Open += d.Open
	c.AnsweredInT += d.AnsweredInT
	c.AbandonedInT += d.AbandonedInT
	c.AbandonedTau += d.AbandonedTau
	c.NotWaited += d.NotWaited
	c.WaitAnswered += d.WaitAnswered
	c.WaitAbandoned += d.WaitAbandoned
	c.WaitAll += d.WaitAll
	c.WaitSquared += d.WaitSquared
	c.Outbound += d.Outbound
	c.OutboundWait += d.OutboundWait
	c.Requeued += d.Requeued
	c.TransferredIn += d.TransferredIn
	c.Blocked += d.Blocked
}

// Line is what was counted of contacts at the level of the centre, by the
// instant of arrival.
type Line struct {
	Attempts   int64
	Blocked    int64 // no line, or a limit of the plan
	OutOfHours int64
	Contained  int64 // ended in the flow as the flow says, never queued
	LeftInFlow int64
	StillIn    int64 // still in the flow when the run ended
	Offered    int64 // reached a queue at all

	Answered       int64
	Abandoned      int64
	Overflowed     int64 // of these VendorAnswered counts as answered at this level
	VendorAnswered int64
	CalledBack     int64
	CallbackDone   int64 // the customer was reached
	CallbackDelay  int64 // nanoseconds, of those
	Voicemailed    int64
	Disconnected   int64
	Open           int64
	Outbound       int64 // dial requests; in none of the others
}

// Add adds d to l.
func (l *Line) Add(d *Line) {
	l.Attempts += d.Attempts
	l.Blocked += d.Blocked
	l.OutOfHours += d.OutOfHours
	l.Contained += d.Contained
	l.LeftInFlow += d.LeftInFlow
	l.StillIn += d.StillIn
	l.Offered += d.Offered
	l.Answered += d.Answered
	l.Abandoned += d.Abandoned
	l.Overflowed += d.Overflowed
	l.VendorAnswered += d.VendorAnswered
	l.CalledBack += d.CalledBack
	l.CallbackDone += d.CallbackDone
	l.CallbackDelay += d.CallbackDelay
	l.Voicemailed += d.Voicemailed
	l.Disconnected += d.Disconnected
	l.Open += d.Open
	l.Outbound += d.Outbound
}

// Balanced reports whether l adds up as it must: every attempt has exactly one
// fate.
func (l *Line) Balanced() bool {
	return l.Attempts == l.Blocked+l.OutOfHours+l.Contained+l.LeftInFlow+l.StillIn+l.Offered &&
		l.Offered == l.Answered+l.Abandoned+l.Overflowed+l.CalledBack+l.Voicemailed+l.Disconnected+l.Open
}

// Balanced reports whether every visit has exactly one outcome.
func (c *Counts) Balanced() bool {
	return c.Offered == c.Answered+c.Abandoned+c.Overflowed+c.CalledBack+c.Voicemailed+c.Disconnected+c.Open
}

// Work is what was counted of one group's agents (or one queue's legs) in one
// interval: handled contacts by the instant of answer, agents' time by when it
// passed. Times are nanoseconds.
type Work struct {
	Handled int64
	Talk    int64
	Hold    int64
	Wrap    int64
	State   [realcore.NumAgentStates]int64 // agents x nanoseconds in each state
}

// Add adds d to w.
func (w *Work) Add(d *Work) {
	w.Handled += d.Handled
	w.Talk += d.Talk
	w.Hold += d.Hold
	w.Wrap += d.Wrap
	for i := range w.State {
		w.State[i] += d.State[i]
	}
}

// Handling returns the time agents spent with contacts, wrap-up included.
func (w *Work) Handling() int64 { return w.State[realcore.Handling] + w.State[realcore.WrapUp] }

// Staffed returns the time agents were there for contacts: handling, wrapping
// up, reserved or ready.
func (w *Work) Staffed() int64 {
	return w.Handling() + w.State[realcore.Reserved] + w.State[realcore.Ready]
}

// Reserved returns the time agents' phones rang for an offer.
func (w *Work) Reserved() int64 { return w.State[realcore.Reserved] }

// Paid returns all time agents were logged in.
func (w *Work) Paid() int64 { return w.Staffed() + w.State[realcore.NotReady] }
