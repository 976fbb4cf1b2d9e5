package wire

import (
	"net/netip"

	"callwright/sipua/dialog"
)

// Flow is one of the driver's sockets and whom it speaks to.
type Flow struct {
	Local  int // the driver's number of the socket
	Remote netip.AddrPort
}

// Call names a call that a Machine keeps. The zero Call names none; the name of one that is
// over is never given again, and operations on it do nothing.
type Call struct{ n, gen uint32 }

// In names a request that waits for its answer, likewise.
type In struct{ n, gen uint32 }

// Ask names a request of ours that is no INVITE, until it is Replied.
type Ask struct{ n, gen uint32 }

// Out is one thing to do: a message to send or a fact to know, in order. Facts are those
// of sipua/dialog and mean the same.
//
// The slice that an Out comes in, its Msg and its SDP are good until the next call of the
// Machine. The bytes in Send are good, and never written again, until Recycle.
type Out struct {
	Send []byte
	Flow // where to; Invited, Requested: from where

	Fact    dialog.Fact // NoFact where Send is set
	Call    Call
	In      In  // Invited, Requested, Reoffered, Inside: to be answered
	Ask     Ask // Replied
	Data    any // the driver's, of the Ask or else of the Call: both may be over
	Code    int // of the answer; 0: none came
	Method  string
	Msg     *Message
	SDP     []byte  // the body, where its type is application/sdp
	Repeats Repeats // of the call, where the Fact ends it
}

// Repeats counts messages that were sent more than once.
type Repeats struct {
	Mine   int64 // ours, because nothing came: timers A, E and G, and 2xx without ACK
	Theirs int64 // the peer's: requests, and final answers, that came again
}

// send notes a message to be sent, and returns what is kept of it.
func (m *Machine) send(flow Flow, b []byte) text {
	if len(b) > MaxMessage {
		m.Dropped++ // no datagram is so long: it ends as if nobody had answered
		return text{}
	}
	kept := m.mem.keep(b)
	m.sendKept(flow, kept)
	return kept
}

func (m *Machine) sendKept(flow Flow, kept text) {
	if kept.size != 0 {
		m.out = append(m.out, Out{Send: m.mem.bytes(kept), Flow: flow})
	}
}

// sendOnce sends a message that is not kept.
func (m *Machine) sendOnce(flow Flow, b []byte) {
	kept := m.send(flow, b)
	m.mem.drop(&kept)
}

func (m *Machine) tell(o Out) { m.out = append(m.out, o) }

// about begins a fact about a call.
func (m *Machine) about(n uint32, f dialog.Fact) Out {
	c := m.calls.at(n)
	return Out{Fact: f, Call: Call{n, c.gen}, Data: c.data, Repeats: Repeats{int64(c.mine), int64(c.heardAgain)}}
}

// with adds a message that has come.
func (o Out) with(msg *Message) Out {
	if o.Msg = msg; msg != nil {
		o.Method = msg.method
	}
	return o
}

// described adds the session description in it.
func (o Out) described() Out {
	o.SDP = o.Msg.SDP()
	return o
}

func (o Out) coded(code int) Out {
	o.Code = code
	return o
}
