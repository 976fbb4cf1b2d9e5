// Package traffic holds demand and behaviour as random processes: when callers
// arrive, how long they talk and wait, how agents pick up, who calls again.
// It decides nothing about routing and runs nothing: sim/world and sipload
// draw from it, package fit finds its parameters, scenarios compiles files
// into it.
//
// All chance is addressed, not taken in turn. A caller carries Luck, a hash of
// (seed, replication, stream, number); each draw names its purpose and ordinal
// and goes through a quantile function. So the same caller is the same person
// in every design that meets him, a slower group is slower for the same call,
// and 10 % more volume keeps the callers there were:
//
//	patience, _ := traffic.Exponential(120)
//	luck := traffic.NewLuck(seed, rep, traffic.PurposeOf("sales"), 17)
//	d := patience.Draw(luck, traffic.PurposeOf("patience"), 0)
package traffic
