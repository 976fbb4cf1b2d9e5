// Package measure turns records into the measures of a contact centre, by
// queue, group and interval, each with one definition (see Definitions).
//
// Everything that is counted is an integer: contacts, or agents times
// nanoseconds. A measure is a ratio of two such sums, so that intervals, days
// and replications add up exactly, and the division comes last. A ratio over
// nothing is undefined, never 0 or 1.
//
// Table consumes records one at a time as a cdr.Sink and keeps none of them.
// It serves simulated, live and imported records alike.
package measure
