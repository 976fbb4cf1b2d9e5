// Package bridge says why two answers about one centre differ. It goes from
// Erlang C to what was measured in rungs, each relaxing one assumption of the
// rung before:
//
//	Erlang C -> Erlang A -> time-varying -> fitted handle-time law ->
//	fitted patience -> priorities, skills, overflow, ring -> uncertain demand -> measured
//
// The first two are formulas, interval by interval, summed over the day by
// volume. The others are simulations with the same callers (common random
// numbers), so that a rung's change has a narrow interval. The changes add up
// to the whole gap by construction; what lies between the last simulation and
// the measured value is unexplained, and is said to be.
package bridge
