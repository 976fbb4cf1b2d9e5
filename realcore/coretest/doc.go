// Package coretest tests the core: story scripts (events and expected effects
// as text), invariants of a Center after every step, a brute-force reference
// router that shares no code with center or routing, and a driver that plays
// random worlds with faults against both. Only tests and the soak command
// import it.
package coretest
