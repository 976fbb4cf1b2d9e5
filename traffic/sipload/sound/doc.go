// Package sound is the audio of a load run's calls: it says what their callers say, and
// measures what they hear.
//
// The one idea in it: one pacing loop per core. A worker has a thread of its own, wakes
// at absolute instants, and sends the frames that are due then; the frames of different
// calls are spread over the 20 ms. It watches itself: how late frames went, what the
// kernel dropped at its sockets, what part of its time it worked or had no core. A run
// in which these are bad says nothing of the target.
//
//	e, err := sound.Pairs(sound.Config{Bind: addr, Clock: clock})
//	leg, err := e.Open()
//	... SDP says leg.Port() ...
//	leg.On(func(ev sound.Event) { ... })
//	leg.Set(media.Params{Remote: fromSDP, Codec: rtp.PCMU, ReceiveEvent: 101, SendEvent: 101, Send: true, Receive: true})
//	leg.Play(sound.Speech(1))
//	heard := leg.Close()
//
// There are two engines. [Pairs] gives each call a port pair of its own and RTCP, as
// telephones have, on package media: about 1,000 two-way calls a core. [Dense] shares
// a few ports among all calls, sends and reads many packets with one system call, and
// has no RTCP: some thousand calls a core.
//
// What is heard is judged packet by packet, as it comes, by both engines alike: its
// level, a tone, keys, and whether a jitter buffer of a fixed delay ([rtp.Playout])
// would have had it in time. Nothing is decoded to be played.
//
// It speaks no SIP and no SDP. sipload imports it.
package sound
