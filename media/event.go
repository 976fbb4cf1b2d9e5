package media

// EventKind says what happened on a leg.
type EventKind uint8

const (
	FirstPacket EventKind = iota + 1 // the peer's first RTP packet was accepted
	Digit                            // a key was pressed: Key
	Dead                             // neither RTP nor RTCP came for 30 s on a leg that sends and receives
	Alive                            // packets come again after Dead
)

// Event is something that happened on a leg.
type Event struct {
	Kind EventKind
	Leg  *Leg
	Key  byte // of a Digit: '0'-'9', '*', '#', 'A'-'D'
}

// call is something to be told to the engine's user, once no lock is held.
type call struct {
	on   func(Event)
	ev   Event
	done func()
}

func (c *call) make() {
	switch {
	case c.done != nil:
		c.done()
	case c.on != nil:
		c.on(c.ev)
	}
}
