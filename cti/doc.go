// Package cti is the one HTTP server of a live centre: a page for agents, a wallboard,
// and an interface for other systems. It shows what the live host's effects say and posts
// what people want; it decides nothing about calls, knows no SIP and no site file, and is
// imported by cmd alone.
//
// The one idea: pages are shown states, not told events. Carry folds effects into the
// state of each agent's desk and of each queue, and wakes whoever watches; who is slow
// gets the newest state next, not a backlog, and who is too slow is dropped. So nothing
// here can hold up the centre, and nothing grows with a reader that does not read.
//
//	s, err := cti.New(cti.Config{Listen: at, People: people, Phones: phones, Notes: "notes.jsonl", Audit: "audit.jsonl"})
//	h, _, err := live.Open(live.Config{Plan: p, Doors: []live.Door{phones, s}, Sink: s})
//	s.Attach(h)
//	err = s.Run(ctx) // until ctx ends
//
// People and programs are told apart by what they show: a browser has a session's cookie
// (HttpOnly, SameSite=Strict) and must come from the page's own origin; a program has a
// bearer token. What either may do is its Role.
//
// Where to look: floor.go for what effects mean, desk.go for an agent's state, board.go
// for the wallboard's, act.go for what agents want, routes.go for who may what, guard.go
// and session.go for strangers, notes.go and audit.go for what is kept, words.go for every
// text in English and Japanese, static and pages for the browser's side.
package cti
