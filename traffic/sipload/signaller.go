package sipload

import (
	"callwright/realcore"
	"callwright/sipua/dialog"
	"callwright/traffic/sipload/wire"
)

// signaller is the machine of transactions and dialogs: sipua/dialog's, or for UDP wire's.
// What comes of its methods is taken with take.
type signaller interface {
	invite(now realcore.Instant, x *invitation) dialogRef
	attach(d dialogRef, c *call) // makes a call that comes in ours
	ring(now realcore.Instant, d dialogRef)
	accept(now realcore.Instant, d dialogRef, contact, sdp []byte)
	refuse(now realcore.Instant, d dialogRef, code int)
	cancel(now realcore.Instant, d dialogRef)
	bye(now realcore.Instant, d dialogRef)
	reoffer(now realcore.Instant, d dialogRef, sdp []byte)
	answer(now realcore.Instant, in request, sdp []byte)
	respond(now realcore.Instant, in request, code int)
	refer(now realcore.Instant, d dialogRef, to string)
	register(now realcore.Instant, x *registration)
	receive(now realcore.Instant, b []byte, flow dialog.Flow)
	unsent(now realcore.Instant, flow dialog.Flow)
	expire(now realcore.Instant)
	deadline() (realcore.Instant, bool)
	called(h *happening) string // the user whom a request is addressed to
	take() []happening          // since the last; valid until the next method is called
	sent()                      // all bytes that take has given have been sent
	repeats() dialog.Repeats
	repeatsOf(d dialogRef) dialog.Repeats
	transactions() int
}

// dialogRef names a dialog of either machine, and request one that waits for its answer.
// They are values, so that naming one costs no memory.
type (
	dialogRef struct {
		d *dialog.Call
		w wire.Call
	}
	request struct {
		d *dialog.Incoming
		w wire.In
	}
)

func (d dialogRef) none() bool { return d == dialogRef{} }

// invitation is a call to be made.
type invitation struct {
	target, from, to, contact, callID []byte
	flow                              dialog.Flow
	routes                            []string
	headers                           []string // whole lines
	sdp                               []byte
	of                                *call
}

// registration is a REGISTER.
type registration struct {
	target, aor, contact, callID []byte
	seq                          uint32
	expires                      int
	flow                         dialog.Flow
	of                           *call
}

// happening is one thing that has come of it: bytes to send, or a fact.
type happening struct {
	send []byte
	flow dialog.Flow

	fact   dialog.Fact
	of     *call     // whose; nil: a call that comes in, or a request of none
	dialog dialogRef // of Invited
	in     request
	code   int
	method string
	msg    message // the answer or request; good until the next take
	sdp    []byte
	body   []byte
}

// message is what may be looked up in an answer.
type message interface{ Header(name string) string }
