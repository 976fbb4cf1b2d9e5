package traffic

import "callwright/realcore"

// Demand is everything about a centre that the Plan leaves to chance or to
// people: who calls, how they behave, who works when.
type Demand struct {
	Sources []Source
	Staff   []Shift
	Teams   []Team   // by GroupID; missing ones pick up at once
	Vendors []Vendor // by TrunkID; missing ones answer at once

	End   realcore.Instant // no arrivals at or after this; Never with Calls set
	Stop  realcore.Instant // the run ends here even if contacts are open; 0: when the last has gone
	Calls int64            // stop arrivals after so many over all streams; 0: no such limit
}

// Common returns the names of the streams that d and o both have. Under one seed
// these have the same callers in both, as luck goes by the name.
func (d *Demand) Common(o *Demand) (names []string) {
	for i := range d.Sources {
		for k := range o.Sources {
			if name := d.Sources[i].Arrivals.Name; name == o.Sources[k].Arrivals.Name {
				names = append(names, name)
			}
		}
	}
	return names
}

// Source is one stream of contacts with the people behind it.
type Source struct {
	Name     string
	Arrivals Stream
	Entry    realcore.EntryID
	Outbound realcore.QueueID // dial requests into this queue instead of arrivals, if not None
	Tier     uint8
	Callers  []Callers // by period of arrival: rising From; the first holds from the start
	Redial   Redial
}

// Callers is how the callers of one stream behave when they arrive at From or
// later.
type Callers struct {
	From     realcore.Instant
	Talk     Law
	WrapUp   Law   // where the group has wrap-up
	Patience Law   // from queue entry
	ByGroup  []Law // talk by GroupID where it differs; zero Laws (deterministic 0) fall back to Talk

	Menus     []Menu  // by NodeID
	Callback  float64 // probability of taking an offered callback
	Message   Law
	Reached   float64 // probability that an outbound leg is answered
	PickUp    Law     // how long it rings when it is, or until it fails
	Preferred float64 // probability of asking for a preferred agent, drawn evenly from the plan's
	Transfer  []Transfer
}

// Menu is what a caller does at a menu: each choice with its probability; with
// what remains he presses nothing.
type Menu struct {
	Choices []Choice
	HangUp  float64 // hangs up while the prompt plays
}

// Choice is one key and how many callers press it.
type Choice struct {
	Digit byte
	P     float64
}

// Transfer is a part of the answered contacts that is passed on at the end of
// the talk.
type Transfer struct {
	P     float64
	Queue realcore.QueueID
	Tier  uint8
}

// Team is how the agents of a group behave.
type Team struct {
	Ring   Law     // from the offer to picking up
	Miss   float64 // probability that an offer is let pass
	Reject float64 // probability that it is declined, after Ring
	Pace   float64 // factor on handle times; 0 counts as 1
}

// Shift is an agent's time at work, or a break within it.
type Shift struct {
	Agent  realcore.AgentID
	From   realcore.Instant
	To     realcore.Instant
	Reason realcore.Reason // not ReasonNone: a break with this reason
	Crew   bool            // one of so many: who is idle goes first, see sim/world/crew.go
}

// Vendor is how the far side of an overflow trunk behaves.
type Vendor struct {
	Answer Law // from the diversion to the answer
	Handle Law
	Refuse float64 // probability that it does not take the contact
}
