package realcore

import "time"

// Plan is everything the Center must know about a centre. It is immutable
// once a Center has it; all indexes are dense; all civil time (opening hours,
// holidays, daylight saving) has been compiled into instants. Validate checks
// it, Bytes gives its canonical form, Digest names it.
//
// What the Plan does not hold is chance: demand, patience and handle times
// belong to the world that plays against the Center.
type Plan struct {
	Name  string
	Epoch string // civil time of instant 0, RFC 3339, for people and replays
	Zone  string // IANA name of the zone the calendars were compiled in

	Limits    Limits
	Trunks    []Trunk
	Calendars []Calendar
	Prompts   []Prompt
	Entries   []Entry
	Nodes     []Node
	Queues    []Queue
	Classes   []Class
	Groups    []Group
	Agents    []Agent
	Reasons   []string // names of reasons from ReasonOwn upwards
}

// Limits bounds what can grow. Offers and timers need no limit of their own:
// an offer holds an agent's slot, and a timer belongs to a contact, an offer
// or an agent.
type Limits struct {
	MaxContacts int32 // contacts in the centre at once; further arrivals are Blocked (CauseLimit)
}

// Trunk is a group of lines shared by contacts, towards callers or a vendor.
type Trunk struct {
	Name  string
	Lines int32 // 0: no limit
	Drain bool  // taken out of the plan: no new contact gets a line
}

// Calendar tells when something is open: half-open spans in rising order.
type Calendar struct {
	Name string
	Open []Span
}

// Span is the half-open stretch of time [From, To).
type Span struct{ From, To Instant }

// OpenAt reports whether the calendar is open at t.
func (c *Calendar) OpenAt(t Instant) bool {
	lo, hi := 0, len(c.Open) // first span that ends after t
	for lo < hi {
		if m := (lo + hi) / 2; c.Open[m].To <= t {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo < len(c.Open) && c.Open[lo].From <= t
}

// Prompt is something the caller hears. Length is how long the world takes to
// play it where no sound file says better.
type Prompt struct {
	Name   string
	Length time.Duration
}

// Entry is a dialled number: the trunk group that it comes in on and the
// place in the flow where the caller begins.
type Entry struct {
	Name  string
	Trunk TrunkID // or None: always a line
	Start NodeID
	Drain bool
}

// NodeKind is one kind of step in a call flow.
type NodeKind uint8

// The node kinds, with the fields of Node they read.
const (
	MenuNode       NodeKind = iota // Prompt, Keys, Timeout, Tries; Else after the last try
	HoursNode                      // Calendar; Next while open, Else while closed
	PromptNode                     // Prompt, then Next
	QueueNode                      // Queue, Tier
	CallbackNode                   // Prompt, Queue, Tier, Timeout; key 1 takes the callback, anything else goes to Next
	VoicemailNode                  // Queue or None
	DisconnectNode                 // counts as contained
	DivertNode                     // Trunk; Else if it has no line
	SplitNode                      // Keys as targets with weights: the target furthest behind its share
	NumNodeKinds
)

var nodeKindNames = [...]string{"menu", "hours", "prompt", "queue", "callback", "voicemail", "disconnect", "divert", "split"}

func (k NodeKind) String() string { return name(nodeKindNames[:], int(k)) }

// Node is one step of a call flow. Nodes refer to each other by index and may
// form circles, as long as each circle waits for something.
type Node struct {
	Name     string
	Kind     NodeKind
	Prompt   PromptID
	Next     NodeID
	Else     NodeID
	Keys     []MenuKey
	Timeout  time.Duration // from the end of the prompt to the first key
	Tries    uint8         // how often the menu is offered in all; 0 counts as 1
	Queue    QueueID
	Tier     uint8
	Trunk    TrunkID
	Calendar CalendarID
}

// MenuKey is one option of a menu, or one target of a split.
type MenuKey struct {
	Digit  byte
	Next   NodeID
	Weight int32
}

// Op is something a queue does to a contact: on entry when it is full or
// closed, or after a stretch of waiting.
type Op uint8

// The operations, with the fields of Treatment they read.
const (
	Stay         Op = iota // nothing
	Widen                  // search the class's next pool too
	SayPosition            // Prompt: announce position and estimated wait
	OfferRinging           // Prompt: as SayPosition, and key 1 takes a callback
	ToQueue                // Queue, Tier; the time waited counts on when KeepTime
	ToTrunk                // Trunk: to a vendor; without a line the contact stays
	ToVoicemail            //
	ToFlow                 // Node
	Release                // hang up
	NumOps
)

var opNames = [...]string{"stay", "widen", "announce", "offer-callback", "to-queue", "to-trunk", "voicemail", "to-flow", "disconnect"}

func (o Op) String() string { return name(opNames[:], int(o)) }

// Treatment is an operation with its arguments.
type Treatment struct {
	Op       Op
	Prompt   PromptID
	Queue    QueueID
	Tier     uint8
	Trunk    TrunkID
	Node     NodeID
	KeepTime bool
}

// NoWaiting as Queue.MaxLength: a contact is served at once or treated as
// OnFull says.
const NoWaiting = -1

// Queue is a place where contacts wait.
type Queue struct {
	Name      string
	Chan      Channel
	Calendar  CalendarID // opening hours, or None: always open
	OnClosed  Treatment  // for a contact that comes outside them
	MaxLength int32      // contacts waiting at once; 0: no limit, NoWaiting: none
	OnFull    Treatment  // for a contact that comes at MaxLength
	Classes   []ClassID  // by tier: 0 normal, 1 and up more important
	Drain     bool       // taken out of the plan: OnClosed for newcomers
}

// Class is what contacts of one queue and tier have in common.
type Class struct {
	Name   string
	Queue  QueueID
	Tier   uint8
	Credit time.Duration // waiting time it begins with, under Priority
	Rate   int32         // ageing in thousandths of a second a second waited, under Priority; 0 counts as 1000

	PreferredWait time.Duration // how long a contact waits for its preferred agent alone; 0: only if that agent is ready

	Order   AgentOrder // which of several ready agents in a rank
	Reserve int32      // ready agents a group must keep beyond the one taken (blending)
	Pools   []Pool     // where it looks: Pools[0] at once, Pools[k] after the k-th Widen
	Program []Timed    // what happens while it waits, in rising order of After
	Repeat  time.Duration
	// Repeat: after the last step of Program, that step again every Repeat; 0: never.
}

// Timed is a treatment after a stretch of waiting in the queue.
type Timed struct {
	After time.Duration
	Do    Treatment
}

// AgentOrder ranks the ready agents of one rank.
type AgentOrder uint8

// The agent orders. Ties go to the agent who became ready first.
const (
	LongestIdle AgentOrder = iota
	FewestContacts
	LeastOccupied // equal distribution of work: handling time over time logged in
	RoundRobin    // the agent whose last turn is longest ago
	PercentSplit  // first the group furthest behind its weight, in it LongestIdle
	NumAgentOrders
)

var agentOrderNames = [...]string{"longest-idle", "fewest-contacts", "least-occupied", "round-robin", "percent-split"}

func (o AgentOrder) String() string { return name(agentOrderNames[:], int(o)) }

// Pool is the agents a contact may go to at one step of the search: ranks of
// groups, tried in order. Most skilled first gives each level a rank; fixed
// group order gives each group one; longest idle puts all groups in one.
type Pool struct {
	Ranks [][]Share
}

// Share is a group in a rank, with its weight under PercentSplit.
type Share struct {
	Group  GroupID
	Weight int32
}

// ContactOrder ranks waiting contacts of one rank for a freed agent.
type ContactOrder uint8

// The contact orders. Ties go to the contact that came first. A fixed queue
// order is one rank per queue.
const (
	LongestWait ContactOrder = iota
	Priority                 // Credit + Rate x time waited, the highest first
	NumContactOrders
)

var contactOrderNames = [...]string{"longest-wait", "priority"}

func (o ContactOrder) String() string { return name(contactOrderNames[:], int(o)) }

// Serve lets a group take contacts of a class once their search has widened
// to Step. Lower ranks first.
type Serve struct {
	Class ClassID
	Step  int32
	Rank  int32
}

// MaxSlots is how many contacts one agent may have at once, over all channels.
const MaxSlots = 255

// Group is the agents with equal skills.
type Group struct {
	Name   string
	Order  ContactOrder
	Serves []Serve // in rising order of Rank

	RingTime      time.Duration      // an offer's life; then RONA. 0: no limit
	RONAPenalty   time.Duration      // not ready after RONA; 0: until the agent asks for contacts again
	RejectPenalty time.Duration      // likewise after declining
	WrapUp        bool               // handling ends with wrap-up, which the agent ends
	WrapUpCap     time.Duration      // or the core does after this; 0: never
	Slots         [NumChannels]uint8 // by channel; MaxSlots in all
}

// Agent is a person with a device. Whether he is there is not the plan's
// business: agents log in and out by events.
type Agent struct {
	Name  string
	Group GroupID
	Drain bool // taken out of the plan: logs out when free
}
