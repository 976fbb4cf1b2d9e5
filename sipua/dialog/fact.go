package dialog

import "github.com/emiago/sipgo/sip"

// Out is one thing to do: a message to send or a fact to know, in order.
type Out struct {
	Send []byte // to Flow; good until the next call of the Machine changes nothing about it: it is never written again
	Flow Flow

	Fact Fact // NoFact where Send is set
	Call *Call
	In   *Incoming // Invited, Requested, Reoffered, Inside: to be answered
	Ask  *Ask      // Replied
	Code int       // of the answer; 0: none came
	Req  *sip.Request
	Res  *sip.Response
	SDP  []byte // the body, where its type is application/sdp
}

// Fact says what has become true.
type Fact uint8

// The facts.
const (
	NoFact Fact = iota

	// Of calls that come in.

	Invited   // Call, Req, SDP: somebody calls; 100 has been sent. To be answered with Ring, Accept or Refuse
	Cancelled // Call: the caller gave up before the answer; 487 has been sent
	Confirmed // Call, SDP: our answer has been acknowledged

	// Of calls that go out.

	Progress // Call, Code, Res, SDP: 180, 183 and the like
	Answered // Call, Res, SDP: a 2xx; it has been acknowledged
	Refused  // Call, Code, Res: a final answer that is none, or Code 0: nobody answered. The call is over

	// Of both.

	Ended      // Call, Code = EndedBy...: the call is over
	Reoffered  // Call, In, Req, SDP: a re-INVITE; to be answered with Answer or Respond
	Reanswered // Call, Code, SDP: what became of our Reoffer
	Inside     // Call, In, Req: any other request in the dialog; to be answered with Respond

	// Outside of calls.

	Requested // In, Req: to be answered with Respond
	Replied   // Ask, Call if in a dialog, Code, Res: what became of an Ask; Code 0: no answer

	Departed // Call, Code: our BYE has its answer, or none (0); only with Config.Departures
)

// Who ended a call.
const (
	EndedByPeer = iota + 1 // its BYE
	EndedByUs              // our Bye, answered or not
	EndedLost              // our 2xx was never acknowledged, or the peer knows the dialog no more; BYE has been sent
)

func (m *Machine) send(flow Flow, b []byte) { m.out = append(m.out, Out{Send: b, Flow: flow}) }

func (m *Machine) tell(o Out) { m.out = append(m.out, o) }

// sdpOf returns a message's body if it is a session description.
func sdpOf(msg interface {
	Body() []byte
	ContentType() *sip.ContentTypeHeader
}) []byte {
	body := msg.Body()
	if len(body) == 0 {
		return nil
	}
	if ct := msg.ContentType(); ct == nil || mediaType(ct.Value()) != "application/sdp" {
		return nil
	}
	return body
}
