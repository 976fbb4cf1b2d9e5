package sipua

import "sync/atomic"

// Stats are the door's figures since it opened, for meters. It may be read from any
// goroutine; what is there now is as old as a second.
type Stats struct {
	Contacts, Dialogs, Transactions, Phones int64 // now

	Unreadable  int64 // datagrams and messages that were none
	Scanners    int64 // requests met with silence for their sender's name
	Limited     int64 // requests of sources over their rate
	Challenged  int64 // requests answered 401
	Overloaded  int64 // calls refused 503
	Overrun     int64 // messages for which there was no room
	Unsent      int64 // messages that could not be sent
	TurnedAway  int64 // connections over the limit
	Interrupted int64 // connections that broke, or were silent too long
}

// presentNow is the figures that only the loop knows, left for others once a second.
type presentNow struct{ contacts, dialogs, transactions, phones atomic.Int64 }

func (s *Server) leaveFigures() {
	n := int64(0)
	for _, list := range s.bindings {
		n += int64(len(list))
	}
	s.figures.contacts.Store(int64(len(s.contacts)))
	s.figures.dialogs.Store(int64(s.m.Calls()))
	s.figures.transactions.Store(int64(s.m.Transactions()))
	s.figures.phones.Store(n)
}

// Stats returns the figures.
func (s *Server) Stats() Stats {
	c, f := &s.counts, &s.figures
	return Stats{Contacts: f.contacts.Load(), Dialogs: f.dialogs.Load(), Transactions: f.transactions.Load(), Phones: f.phones.Load(),
		Unreadable: c.unread.Load(), Scanners: c.scanners.Load(), Limited: c.limited.Load(), Challenged: c.challenged.Load(), Overloaded: c.overload.Load(),
		Overrun: c.overrun.Load(), Unsent: c.unsent.Load(), TurnedAway: c.turnedAway.Load(), Interrupted: c.cut.Load()}
}
