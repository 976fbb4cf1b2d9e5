// Package dialog is SIP's transactions and dialogs as a state machine without
// sockets and without a clock (RFC 3261 sections 9, 12 to 15 and 17; RFC 6026;
// RFC 3515 for REFER): messages go in with the instant at which they came, and
// messages to send and facts come out. T1, T2 and T4 are values.
//
// The Machine parses nothing and looks nothing up: callwright/sipua, the SIP
// door, hands it messages that have passed its guards, carries its datagrams and
// answers what it asks. One goroutine owns a Machine, so that the messages of a
// Call-ID are handled in the order in which they came.
//
//	m := dialog.New(dialog.Config{Random: r, Route: route})
//	out := m.Receive(now, invite, flow)    // Send 100; Fact Invited
//	out = m.Ring(now, call, 180, nil)      // Send 180
//	out = m.Accept(now, call, sdp)         // Send 200, again at T1 doubling until its ACK
//	at, ok := m.Deadline()                 // when to call Expire
//
// Where to look: machine.go for the way in, transaction.go and client.go and
// server.go for section 17, call.go for what a call is, uas.go and uac.go for its
// beginning, inside.go for what comes in a dialog, reoffer.go for re-INVITEs,
// ask.go for all other requests, build.go for how messages are written, session.go
// for SDP offers and answers.
package dialog
