// Package erlang computes the steady state of a group of servers from closed
// forms: how many contacts are lost, wait, give up, and for how long.
//
// The one idea in it: the sums and integrals of every model are put into a form
// with positive terms only, kept as logarithms where they leave the range of a
// float64. Nothing cancels, so tails and complements are as
// accurate as the values themselves, from 0.01 to 1,000,000 erlangs.
//
//   - B and C are Erlang's loss and delay probabilities, LogB and LogC their
//     natural logarithms;
//   - MMn (Erlang C) and MMnM (Erlang A, callers with patience) describe a queue;
//     Solve gives a Steady, which answers for both the same questions: service
//     level by each of its definitions, waits, abandonment, occupancy;
//   - MMnK (finite room) and MD1 (constant handle time) are the models a simulator
//     is checked against.
//
// It works in erlangs and seconds, fractions are in [0, 1]. A first call:
//
//	s := erlang.MMnM{Servers: 51, Load: 48.87, AHT: 180, Patience: 60}.Solve()
//	fmt.Println(s.SLOffered(20), s.PAbandon(), s.ASA())
//
// It does not simulate, fit, forecast or search for a number of servers, and it
// knows nothing of calendars, skills, retrials or arrival rates that change with
// time: each value is that of one queue which has run for ever at one rate. It
// is pure: no clock, no file, no goroutine, no state, no dependency on any other
// room. sim/plan and sim/bridge import it for staffing and comparison, cmd for
// its calculators, and tests of the simulator as their reference.
//
// Functions follow package math: NaN in, NaN out, special cases listed. NaN is
// also the answer to a question that has none (the mean wait of those who
// abandon where nobody does); it is never the result of a rounding accident.
package erlang
