package realcore

// Channel is the medium of a contact. Chat and mail have no door yet; agents
// already have slots for them.
type Channel uint8

// The channels.
const (
	Voice Channel = iota
	Chat
	Mail
	NumChannels
)

var channelNames = [...]string{"voice", "chat", "mail"}

func (c Channel) String() string { return name(channelNames[:], int(c)) }

// Direction says who began the contact, or that agents talk among themselves.
type Direction uint8

// The directions.
const (
	Inbound  Direction = iota
	Outbound           // a dial request or a callback
	Internal           // a consultation between agents
)

var directionNames = [...]string{"in", "out", "internal"}

func (d Direction) String() string { return name(directionNames[:], int(d)) }

// AgentState is what an agent does, derived from intent, device and slots.
// With several slots the state is the busiest slot's.
type AgentState uint8

// The agent states, in rising order of "busiest".
const (
	LoggedOut AgentState = iota
	NotReady             // logged in, will not be offered contacts; has a Reason
	Ready
	Reserved // an offer is out: the phone rings
	WrapUp
	Handling // talking, holding, consulting or dialling
	NumAgentStates
)

var agentStateNames = [...]string{"logged-out", "not-ready", "ready", "reserved", "wrap-up", "handling"}

func (s AgentState) String() string { return name(agentStateNames[:], int(s)) }

// Reason says why an agent is not ready. Reasons from ReasonOwn upwards are
// the plan's (Plan.Reasons).
type Reason uint8

// The core's own reasons.
const (
	ReasonNone   Reason = iota
	ReasonRONA          // redirected on no answer: let the phone ring out
	ReasonReject        // declined an offer
	ReasonDevice        // the device is gone
	ReasonBreak         // asked for by the agent, no reason given
	ReasonDrain         // taken out of the plan
	ReasonOwn    Reason = 16
)

var reasonNames = [...]string{"", "rona", "reject", "device", "break", "drain"}

func (r Reason) String() string { return name(reasonNames[:], int(r)) }

// Outcome is how a contact, or one visit to a queue, ended.
type Outcome uint8

// The outcomes. A queue visit ends in one of Answered to Disconnected or Lost.
const (
	Open         Outcome = iota // not ended yet
	Blocked                     // found no line, or a limit of the plan
	OutOfHours                  // came when the queue was closed, and the plan says disconnect
	Contained                   // ended in the flow by the flow
	LeftInFlow                  // hung up in the flow
	Answered                    // spoke to an agent
	Abandoned                   // hung up while waiting or being offered
	Overflowed                  // left this queue for another queue or a vendor
	CalledBack                  // took the callback
	Voicemailed                 // left a message
	Disconnected                // released by the centre while waiting
	Lost                        // open when the centre crashed
	NumOutcomes
)

var outcomeNames = [...]string{"open", "blocked", "closed", "contained", "left-in-flow", "answered", "abandoned",
	"overflowed", "callback", "voicemail", "disconnected", "lost"}

func (o Outcome) String() string { return name(outcomeNames[:], int(o)) }

// Cause says why the centre hangs up or blocks.
type Cause uint8

// The causes.
const (
	CauseNone     Cause = iota
	CauseNoLine         // the trunk group is full
	CauseLimit          // Plan.Limits.MaxContacts
	CauseClosed         // outside opening hours, and the plan says disconnect
	CauseFull           // the queue is at its largest length, and the plan says disconnect
	CauseTimeout        // waited too long, and the plan says disconnect
	CauseFlow           // the flow says disconnect
	CauseLoop           // the flow ran in a circle without waiting for anything
	CauseFarEnd         // the other party hung up
	CauseAgent          // the agent released the call
	CauseDialFail       // the customer could not be reached
	CauseDevice         // the agent's device vanished during the call
	CauseShutdown       // the centre closes
	NumCauses
)

var causeNames = [...]string{"", "no-line", "limit", "closed", "full", "timeout", "flow", "loop", "far-end",
	"agent", "dial-failed", "device", "shutdown"}

func (c Cause) String() string { return name(causeNames[:], int(c)) }

func name(names []string, i int) string {
	if i >= 0 && i < len(names) {
		return names[i]
	}
	return "?"
}
