// Package live runs a contact centre by the wall clock: one goroutine owns a
// Center, its journal and its records. Doors (SIP phones, agents' desktops) post
// what happened and carry out the effects. It knows no protocol and no civil
// time, and is imported by the doors and by cmd.
//
// The one idea is the order in which a turn does things: take what was posted,
// stamp it with the scenario clock, write it to the journal in one write, and
// only then run the timers, step the events and hand their effects to the doors.
// So nothing is ever carried out that the journal does not imply, and a replay
// of it decides the same, effect by effect.
//
//	h, recovered, err := live.Open(live.Config{Plan: p, Journal: "day.journal", Records: "day.jsonl", Doors: doors})
//	err = h.Run(ctx)                       // until ctx ends
//	err = h.Post(realcore.Arrive(h.Key(), 0)) // from any goroutine; never blocks
//
// # What a crash may cost
//
// If the process dies (kill -9, a panic), nothing: what was carried out is in the
// journal. If the machine dies, up to the last fsync, which another goroutine
// does at most every 100 ms; the journal then ends in the middle of a frame,
// which is cut off. A write or fsync that fails is not tried again: new calls are
// refused from then on, with the reason, those in progress go on without a
// journal, and what was written before stays as it was.
//
// When a journal is opened again, contacts that were open close as lost and
// agents are logged out, at the last instant the journal knows. To know it
// well, the host writes a mark (an event about nothing, which the Center
// refuses) before timers are carried out that no event came with, and every second
// while somebody is there.
//
// # Records
//
// Config.Records is a file of JSON lines, one for every finished contact, visit,
// leg and agent's span, numbered from 1. Records are a function of the journal,
// so the n-th is always the same. They are written behind: only once the
// journal that implies them is on disk. After a crash the lines that are whole are
// counted, the rest of the records is made again from the journal and appended;
// so none is lost and none comes twice. After the journal has failed no records are
// written: the contacts in progress then will be the lost ones of the next start.
//
// # Overload
//
// The inbox is bounded. New calls (Arrived, Dialled) are refused when it is half
// full, events about calls in progress only when it is full.
package live
