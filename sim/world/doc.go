// Package world is the simulated outside of a contact centre: callers who
// arrive, wait, choose, talk and call again; agents who come on shift, pick up
// and wrap up; vendors. It plays against a realcore/center exactly as real
// phones do, by events and effects, and owns the driver loop of the simulator.
//
// All its chance is addressed (traffic.Luck): the caller with a given number
// is the same person, with the same patience and the same work to do, in every
// design that meets him.
//
// A World runs once. Package sim runs many and compares them.
package world
