// Package cdr turns events and effects of a Center into records: of contacts,
// of their visits to queues, of agents' parts in them (legs), and of agents'
// time (spans). Fold is the one maker of records: the simulator, the live host
// and replay all use it, so a service level from a simulation and one from
// real phones are the same quantity by construction.
//
// A Fold holds only what is in progress and hands each finished record to a
// Sink. It computes no measures: that is realcore/measure.
package cdr

import (
	"time"

	"callwright/realcore"
)

// Contact is one finished contact: one outcome at the level of the centre,
// whatever queues it visited.
type Contact struct {
	Key     realcore.Key
	Entry   realcore.EntryID // None for dial requests
	Queue   realcore.QueueID // first queue visited, or None
	Tier    uint8
	Dir     realcore.Direction // as it began
	Outcome realcore.Outcome
	Cause   realcore.Cause

	At       realcore.Instant // reached the centre
	Queued   realcore.Instant // first entry to a queue, or Never
	Answered realcore.Instant // first answer by an agent, or Never
	End      realcore.Instant // nothing of it is left

	Wait   time.Duration // first queue entry to the answer, or to leaving the last queue
	Talk   time.Duration // with agents, all legs, holds excluded
	Hold   time.Duration
	Agent  realcore.AgentID // first who answered, or None
	Visits uint16
	Legs   uint16

	VendorAnswered bool          // overflowed, and the vendor answered
	CallbackDelay  time.Duration // callback taken to customer reached; 0 if never
}

// Visit is one stay in a queue. A contact that overflows or is transferred
// makes several.
type Visit struct {
	Key     realcore.Key
	Queue   realcore.QueueID
	Tier    uint8
	Dir     realcore.Direction
	Kept    bool             // the place was kept: a callback, or back from a vendor
	Again   bool             // not the contact's first visit
	Outcome realcore.Outcome // Open if the run ended first
	At      realcore.Instant // queue entry
	End     realcore.Instant
	Agent   realcore.AgentID // who answered, or None
	Ring    time.Duration    // of the offer that was answered
	Offers  uint16           // offers made, the answered one included
}

// Wait returns the time in the queue, ringing included.
func (v *Visit) Wait() time.Duration { return v.End.Sub(v.At) }

// Leg is one agent's part in one contact.
type Leg struct {
	Key   realcore.Key
	Agent realcore.AgentID
	Queue realcore.QueueID
	Dir   realcore.Direction
	At    realcore.Instant // answer
	End   realcore.Instant // end of talking
	Ring  time.Duration
	Talk  time.Duration // holds excluded
	Hold  time.Duration
	Wrap  time.Duration

	Unreached bool // outbound, and the customer did not pick up: the agent's time, but nobody handled
}

// Handle returns talk, hold and wrap-up together.
func (l *Leg) Handle() time.Duration { return l.Talk + l.Hold + l.Wrap }

// AgentSpan is a stretch of time in which an agent's state did not change.
// There are no spans of being logged out.
type AgentSpan struct {
	Agent  realcore.AgentID
	State  realcore.AgentState
	Reason realcore.Reason
	From   realcore.Instant
	To     realcore.Instant
}

// Sink receives finished records, in the order in which they are finished.
// The pointers are good until the call returns.
type Sink interface {
	Contact(*Contact)
	Visit(*Visit)
	Leg(*Leg)
	Span(*AgentSpan)
}
