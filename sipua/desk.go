package sipua

import (
	"errors"
	"time"

	"callwright/realcore"
)

// What others may ask of the door: the agents' pages do.
var (
	ErrNoCall    = errors.New("sipua: there is no such call")
	ErrNotTaped  = errors.New("sipua: the call is not recorded")
	ErrForbidden = errors.New("sipua: this number may not be dialled")
)

// Caller returns the number that a contact calls from, or is rung back at; "" if he
// does not show it. It may be called from any goroutine.
func (s *Server) Caller(key realcore.Key) (number string, ok bool) {
	v, ok := s.callers.Load(key)
	if !ok {
		return "", false
	}
	return v.(string), true
}

// ask has the loop do something and waits for what it says.
func (s *Server) ask(f func() error) error {
	told := make(chan error, 1)
	s.do(false, func() { told <- f() })
	select {
	case err := <-told:
		return err
	case <-time.After(2 * time.Second): // the loop has ended, or has more to do than it can
		return errors.New("sipua: no answer")
	}
}

// PauseRecording pauses or resumes the recording of a contact: while card data are said.
func (s *Server) PauseRecording(key realcore.Key, pause bool) error {
	return s.ask(func() error {
		c := s.contacts[key]
		switch {
		case c == nil:
			return ErrNoCall
		case c.tape == nil:
			return ErrNotTaped
		case pause:
			c.tape.Pause()
		default:
			c.tape.Resume()
		}
		return nil
	})
}

// Dial has an agent call a number: the contact waits for him in a queue like any other,
// and the customer is rung once he has picked up.
func (s *Server) Dial(agent realcore.AgentID, queue realcore.QueueID, number string) error {
	return s.ask(func() error {
		if !s.mayDial(s.agentKey(agent), number, false) {
			return ErrForbidden
		}
		c := &contact{key: s.host.Key(), by: s.agentKey(agent), queue: queue, trunk: -1, agentID: realcore.None, ani: normal(number), number: normal(number), allowed: true}
		s.enter(c)
		err := s.host.Post(realcore.Event{Kind: realcore.Dialled, Key: c.key, Queue: queue, Agent: agent})
		if err != nil {
			s.forget(c)
		}
		return err
	})
}

// enter and forget keep the contacts, and what others see of them.
func (s *Server) enter(c *contact) {
	s.contacts[c.key] = c
	s.callers.Store(c.key, c.ani)
}

func (s *Server) forget(c *contact) {
	delete(s.contacts, c.key)
	if s.most = max(s.most, len(s.contacts)+1); len(s.contacts) == 0 && s.most > 1024 {
		s.contacts, s.most = map[realcore.Key]*contact{}, 0 // a map keeps the room of a flood
	}
	s.callers.Delete(c.key)
}
