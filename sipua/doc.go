// Package sipua is the SIP door of a live contact centre: phones register here,
// trunks and phones call in, agents are rung, customers are rung back. It carries
// out the effects of a Center (realcore/live) with dialogs (sipua/dialog) and RTP
// streams (media), and posts what happens to them as events. It decides nothing
// about who gets which call.
//
// One goroutine, the loop of server.go, owns the dialogs and all that belongs to
// them. Sockets' readers, the media's clock and the centre's host only leave work
// in its box; so the messages of a Call-ID are handled in the order they came.
//
// Where to look: socket.go and stream.go for sockets, admit.go for whom is listened
// to at all, screen.go for RFC 3261 8.2's checks, digest.go, registrar.go and
// phones.go for who is who, inbound.go for calls that come in, effects.go for what
// the centre wants, agent.go, outbound.go and refer.go for the legs we make, maydial.go
// for whether we may, trunk.go for trunks.
package sipua
