// Package wire is SIP over UDP for the load generator: what sipua/dialog does, over
// bytes instead of parsed messages, so that a call costs microseconds and an open one
// half a kilobyte a side. The same ladders hold both (ladder_test.go), and random stories
// must end alike in both (beside_test.go).
//
// The one idea is that nothing is built which can be pointed at. A Message is the
// places of a datagram's parts (RFC 3261 7 and 25). A Machine keeps records of fixed
// size without pointers to each other, and bytes only where they cannot be had again: our
// branches and tags carry the number of the record that they belong to, so that an
// answer finds its transaction, and a request its call, without a table; an answer that
// consists of its request alone is written anew when that comes again, and so is the
// ACK to a 2xx; what lingers for 32 seconds after a call (timers D, I to M of 17) is
// a record and no text. Once warm, a call allocates nothing.
//
// The Machine has no clock, no socket and no goroutine. It is for callwright's own load:
// TCP, TLS, merged requests (8.2.2.2) and dialogs saved over a crash are
// sipua/dialog's. One goroutine owns it; traffic/sipload drives it.
//
//	m := wire.New(wire.Config{Random: r, SentBy: func(int) string { return "192.0.2.1:5060" }})
//	call, out := m.Invite(now, wire.Invite{Target: uri, Flow: flow, From: from, To: to, SDP: sdp})
//	out = m.Receive(now, datagram, flow) // Facts Progress, Answered; Send ACK
//	out = m.Bye(now, call)               // Send BYE; Fact Ended
//	at, ok := m.Deadline()               // when to call Expire
//	m.Recycle()                          // after everything in out has been sent
//
// Where to look: message.go, parse.go, via.go and address.go for reading; build.go for
// writing; machine.go for the way in; transaction.go, client.go and server.go for section 17;
// call.go, uac.go, uas.go, inside.go, reoffer.go and ask.go as in sipua/dialog; memory.go,
// slab.go, table.go and timers.go for where things are kept.
package wire
