package realcore

// EventKind says what happened.
type EventKind uint8

// The events. Each names the fields of Event that it reads; all others are
// ignored and should be zero.
const (
	NoEvent EventKind = iota

	// The customer's side.

	Arrived        // Key, Entry, Code = tier, Agent = preferred agent or None: a contact reaches the centre
	Dialled        // Key, Queue, Code = tier, Agent = preferred agent or None: somebody asks for an outbound contact
	HungUp         // Contact: the customer hung up, in whatever state
	Digit          // Contact, Code = the key pressed ('0'-'9', '*', '#')
	PromptDone     // Contact: the prompt last asked for has ended
	DialAnswered   // Contact: the customer picked up the outbound leg
	DialFailed     // Contact: the outbound leg failed (busy, no answer)
	VendorAnswered // Contact: the vendor's side answered a diverted contact
	VendorFailed   // Contact: the vendor's side refused it; it goes back to its place

	// The agent's side.

	AgentReady    // Agent: logs in if need be, and wants contacts
	AgentNotReady // Agent, Code = Reason: logs in if need be, wants none
	AgentLogout   // Agent: wants to go; a contact in progress is finished
	DeviceLost    // Agent: the phone vanished; not offered, not punished
	DeviceBack    // Agent
	OfferAnswered // Offer
	OfferRejected // Offer: the agent declined
	OfferFailed   // Offer: it could not be delivered; the agent is not punished, the device counts as lost
	Released      // Contact, Agent: the agent ended the call (or leaves a consultation)
	WrapUpDone    // Contact, Agent: wrap-up after that contact has ended
	Held          // Contact
	Retrieved     // Contact

	// Transfers.

	TransferBlind   // Contact, Queue, Code = tier, Agent = preferred agent or None
	ConsultBegan    // Contact, Queue, Code = tier, Agent = preferred agent or None, Key = key of the consultation
	ConsultDone     // Contact: the consulted agent takes the contact over
	ConsultCanceled // Contact: back to the customer

	// The centre.

	PlanChanged // Side = number of a plan given to Center.AddPlan
	Shutdown    // every open contact closes as lost
	NumEvents
)

var eventNames = [...]string{"none", "arrive", "dial", "hangup", "digit", "prompt-done", "dial-answered",
	"dial-failed", "vendor-answered", "vendor-failed", "ready", "not-ready", "logout", "device-lost",
	"device-back", "answer", "reject", "offer-failed", "release", "wrapup-done", "hold", "retrieve",
	"transfer", "consult", "consult-done", "consult-cancel", "plan", "shutdown"}

func (k EventKind) String() string { return name(eventNames[:], int(k)) }

// Event is one thing that happened, to be given to Center.Step with the
// instant at which it did. It is a plain value of fixed size; see EventKind
// for the fields each kind reads.
type Event struct {
	Kind    EventKind
	Code    uint8
	Chan    Channel
	_       uint8
	Entry   EntryID
	Queue   QueueID
	Agent   AgentID
	Contact Ref
	Offer   Ref
	Key     Key
	Side    int64
}

// Arrive returns the arrival of an inbound contact at an entry, with no
// preferred agent and tier 0.
func Arrive(key Key, entry EntryID) Event {
	return Event{Kind: Arrived, Key: key, Entry: entry, Agent: None}
}

// OfOffer returns an event of the given kind about an offer.
func OfOffer(kind EventKind, offer Ref) Event { return Event{Kind: kind, Offer: offer} }

// OfContact returns an event of the given kind about a contact.
func OfContact(kind EventKind, contact Ref) Event { return Event{Kind: kind, Contact: contact} }

// OfAgent returns an event of the given kind about an agent.
func OfAgent(kind EventKind, agent AgentID) Event { return Event{Kind: kind, Agent: agent} }
