// Package journal holds the events of a run as they happened, so that a day
// can be replayed to the same decisions, event by event.
//
// A journal begins with the plan's bytes (epoch and zone among them); then
// come frames, each with its length and checksum, each holding one event or
// one further plan. The Center's own timers are not in it: Expire gives the
// same effects however late it is called, so events and instants suffice.
//
// Writer and Reader take io.Writer and io.Reader; files, buffering and fsync
// belong to whoever opens them (realcore/live, cmd). A journal cut short by a
// crash reads up to its last whole frame: Reader.Torn tells.
package journal
