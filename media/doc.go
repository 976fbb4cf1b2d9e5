// Package media is the audio of live calls: it owns the sockets, the 20 ms clock and
// the recording files, and does to packets what media/rtp says.
//
// The one idea in it: one clock per worker. A worker is a goroutine with many legs. It
// wakes at absolute instants 5 ms apart, reads whatever sockets have something, and
// passes on at once what is only relayed; at every fourth of them, it plays, mixes,
// records and sends a frame for each of its legs, in one pass. No stream has a ticker
// or a goroutine of its own, so none is starved by the others.
//
// A [Leg] is one side of a call: a port pair, a peer, a codec. Two legs are joined by a
// [Bridge]. Where both have one codec and nobody taps, packets pass as they are, with
// our own SSRC; a recording, a third party or another codec makes it a mix. A [Clip]
// that plays to a leg is heard there instead of the others.
//
//	e, err := media.New(media.Config{Bind: addr, PortMin: 20000, PortMax: 29999, RecordDir: dir})
//	caller, err := e.Open()
//	caller.Set(media.Params{Remote: fromSDP, Signalling: from, Codec: rtp.PCMU, Send: true, Receive: true})
//	caller.Loop(media.HoldMusic())
//	...
//	call := e.Join(caller, agent)
//	rec, err := e.Record(caller)
//
// It speaks no SIP and no SDP, keeps no index of recordings and deletes none. sipua and
// sipload import it.
package media
