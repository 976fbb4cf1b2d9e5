// Package meter is the far end of all calls of a measurement: a process that sends
// G.711 to many RTP ports, 50 packets a second each, and finds every one of them again
// where it comes out of the server.
//
// The one idea in it: a packet says who sent it. Its payload begins with bytes that hold
// the leg and the frame, and that G.711 gives back as they were whatever decodes, mixes
// and encodes them; so a relayed packet and a mixed one are found in the same way, at
// whatever leg they come out, and need no sequence numbers of the server's. What the
// meter itself did not send, or what the kernel dropped at its sockets, it counts apart:
// it is not the server's loss.
//
// All legs share a few sockets, so that one core carries some thousand of them; the
// server knows them apart by its own ports, a pair a leg, and so does the meter.
//
//	m, err := meter.Start(meter.Config{Listen: []netip.Addr{callers, agents}}, "taskset", "-c", "1", os.Args[0])
//	... calls are set up, whose SDP says m.Addrs() ...
//	err = m.Send(legs)
//	r, err := m.Window(20 * time.Second)
//
// The program that is started must call [Child] first of all. It is no part of the
// product: the tests of media and sipua import it, and it speaks no SIP.
package meter
