// Package impair is a network that is worse than the real one, by a seed: a proxy for SIP
// and its RTP that loses, delays, reorders and repeats datagrams, for tests of ours and of
// its users.
//
// The one idea in it: what happens to a datagram is a function of (seed, stream, its
// number), so the same run meets the same network, and what a measurement must find can
// be computed before: the loss, the jitter, how many come twice.
//
//	link := impair.Link{Loss: 0.01, Delay: 40 * time.Millisecond, Jitter: law, Seed: 1}
//	p, err := impair.Listen(impair.Config{At: at, To: target, Calls: link})
//	defer p.Close()
//
// Where to look: link.go decides, proxy.go passes SIP on with a Via of its own (RFC 3261
// 16), sdp.go puts its addresses into session descriptions, relay.go passes RTP on.
package impair
