package realcore

import "fmt"

// Key is the driver's own number for a contact: its arrival number in a
// simulation, the dialog's number at a live door. The Center echoes it in
// every effect about the contact and never interprets it.
type Key uint64

// Ref is the Center's handle of a contact or of an offer: a place in a slab
// and the generation of what lives there. A Ref whose thing has gone never
// matches again, so that late events are recognised instead of hitting a
// stranger. The zero Ref refers to nothing.
type Ref struct {
	Index uint32
	Gen   uint32
}

// IsZero reports whether r refers to nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String prints the handle as index.generation.
func (r Ref) String() string { return fmt.Sprintf("%d.%d", r.Index, r.Gen) }

// Dense indexes into the slices of a Plan. None means "no such thing".
type (
	QueueID    int32 // Plan.Queues
	ClassID    int32 // Plan.Classes
	GroupID    int32 // Plan.Groups
	AgentID    int32 // Plan.Agents
	TrunkID    int32 // Plan.Trunks
	EntryID    int32 // Plan.Entries
	NodeID     int32 // Plan.Nodes
	PromptID   int32 // Plan.Prompts
	CalendarID int32 // Plan.Calendars
)

// None is the index of nothing, for every index type.
const None = -1
