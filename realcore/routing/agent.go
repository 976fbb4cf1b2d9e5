package routing

import (
	"math/bits"

	"callwright/realcore"
)

// AgentStats is what the agent orders look at, as it stands at the instant
// the agent becomes ready.
type AgentStats struct {
	ReadySince realcore.Instant // when the agent became ready
	Contacts   uint32           // contacts answered since logging in
	Busy       int64            // nanoseconds handled and wrapped up since logging in
	LoggedIn   int64            // nanoseconds since logging in
	Turn       uint64           // number of the last offer made to the agent, counted over the whole centre; 0: none yet
}

// AgentKey returns the place of an agent among the ready ones: the lowest key
// is taken first, ties go to who became ready first. It is computed when the
// agent becomes ready and does not change until he is taken, which is what
// lets the Center keep lists instead of searching.
func AgentKey(o realcore.AgentOrder, s *AgentStats) uint64 {
	switch o {
	case realcore.LongestIdle, realcore.PercentSplit:
		return uint64(s.ReadySince)
	case realcore.FewestContacts:
		return uint64(s.Contacts)
	case realcore.LeastOccupied:
		return share(s.Busy, s.LoggedIn)
	case realcore.RoundRobin:
		return s.Turn
	}
	panic("routing: unknown agent order")
}

// share returns part/whole in units of 2^-32; 0 for an agent just logged in.
func share(part, whole int64) uint64 {
	if part <= 0 || whole <= 0 {
		return 0
	}
	if part >= whole {
		return 1 << 32
	}
	hi, lo := bits.Mul64(uint64(part), 1<<32)
	q, _ := bits.Div64(hi, lo, uint64(whole)) // part < whole, so hi < whole
	return q
}

// Behind reports whether a group with a contacts taken at weight wa is
// further behind its share than one with b at weight wb. Weights are at
// least 1. Equal shares are not behind: the one listed first stays first.
func Behind(a uint64, wa int32, b uint64, wb int32) bool {
	h1, l1 := bits.Mul64(a, uint64(wb))
	h2, l2 := bits.Mul64(b, uint64(wa))
	return h1 < h2 || h1 == h2 && l1 < l2
}
