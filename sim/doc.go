// Package sim runs a centre in virtual time, often: independent replications
// of a day (Run), or one long run cut into batches (Steady), and compares
// designs under common random numbers (Compare). What happens in a run is
// sim/world's business, what decides is realcore/center, what counts is
// realcore/measure.
//
// Results do not depend on how many workers computed them: replication k is
// the same whoever runs it, and replications are merged in order of number.
// Goroutines live in parallel.go alone.
package sim
