package realcore

// EffectKind says what the Center wants done, or what has become true.
type EffectKind uint8

// The effects. Commands are carried out by a driver, which reports failure as
// an event; facts are for the records, displays and logs.
const (
	NoEffect EffectKind = iota

	// Commands.

	Offer        // Agent, Offer, Contact, Queue, Chan: let the agent's phone ring
	Withdraw     // Agent, Offer: stop ringing
	Connect      // Agent, Contact, Queue: join customer and agent
	Dial         // Agent, Contact, Queue: ring the customer for this agent
	Divert       // Contact, Trunk: send the contact to a vendor's trunk group
	Play         // Contact, Node, Prompt: play once, then report PromptDone
	Announce     // Contact, Prompt, Queue, Code = 1 if a callback is offered, Arg = position<<32 | estimated wait in seconds: play over the music
	Record       // Contact, Queue: record a message
	HangUp       // Contact, Code = Cause: release the customer's leg
	StartConsult // Agent, Contact = the customer, Offer = handle of the consultation: put the customer on hold
	Hold         // Contact, Agent
	Retrieve     // Contact, Agent

	// Facts.

	Accepted      // Contact, Entry in Arg, Trunk, Code = tier: got a line; if Queue is set it has entered that at once, as Queued tells, Agent = preferred agent if it has one
	Rejected      // Key, Code = Cause: blocked; there is no contact
	Queued        // Contact, Queue, Code = tier, Agent = preferred agent if it has one, Arg = the instant from which its wait counts for its place
	Dequeued      // Contact, Queue, Code = Outcome, Agent if answered: the visit ended
	Widened       // Contact, Queue, Arg = step now searched
	Requeued      // Contact, Queue, Arg = position in its list: an offer came back unanswered
	OfferEnded    // Offer, Agent, Contact, Code = OfferOutcome
	AgentBecame   // Agent, Code = AgentState, Arg = Reason; not told where Offer (reserved), Connect, Dial, Joined (handling) or SegmentEnded with wrap-up say it
	Joined        // Agent, Contact, Queue: a consulted agent took the contact over
	SegmentEnded  // Agent, Contact, Queue, Arg = 1 with wrap-up: the agent's part of the contact is over
	WrapUpEnded   // Agent, Contact
	VendorJoined  // Contact, Trunk
	CallbackTaken // Contact, Queue: the caller has hung up, the place is kept
	Closed        // Contact, Code = Outcome, Arg = Cause: nothing of the contact is left
	PlanIs        // Arg = number of the plan now in force
	NumEffects
)

var effectNames = [...]string{"none", "offer", "withdraw", "connect", "dial", "divert", "play", "announce",
	"record", "hangup", "start-consult", "hold", "retrieve", "accepted", "rejected", "queued", "dequeued",
	"widened", "requeued", "offer-ended", "agent", "joined", "segment-ended", "wrapup-ended", "vendor-joined",
	"callback", "closed", "plan"}

func (k EffectKind) String() string { return name(effectNames[:], int(k)) }

// Enters reports whether the effect says that a contact has entered e.Queue with
// tier e.Code: Queued, or Accepted straight into a queue, which most are and which
// is told once.
func (e *Effect) Enters() bool { return e.Kind == Queued || e.Kind == Accepted && e.Queue != None }

// Since returns, for an effect that Enters, the instant from which the wait
// counts for the contact's place.
func (e *Effect) Since() Instant {
	if e.Kind == Accepted {
		return e.At
	}
	return Instant(e.Arg)
}

// OfferOutcome is how one agent's being asked about one contact ended.
type OfferOutcome uint8

// The offer outcomes.
const (
	OfferPending OfferOutcome = iota
	OfferTaken
	OfferDeclined
	OfferExpired // nobody picked up in the ring time (RONA)
	OfferUndelivered
	OfferCallerGone
	OfferWithdrawn // an overflow step, a device or a plan change took it back
)

var offerOutcomeNames = [...]string{"pending", "taken", "declined", "expired", "undelivered", "caller-gone", "withdrawn"}

func (o OfferOutcome) String() string { return name(offerOutcomeNames[:], int(o)) }

// Effect is one command or fact, with the instant from which it holds. It is
// a plain value of fixed size; see EffectKind for the fields each kind sets.
// Agent, Queue, Trunk and Node are None where they say nothing. It is 64 bytes: a
// cache line.
type Effect struct {
	At      Instant
	Kind    EffectKind
	Code    uint8
	Chan    Channel
	Dir     Direction
	Queue   QueueID
	Agent   AgentID
	Trunk   TrunkID
	Prompt  PromptID
	Node    NodeID
	Contact Ref
	Offer   Ref
	Key     Key
	Arg     int64
}
