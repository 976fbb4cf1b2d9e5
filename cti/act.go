package cti

import (
	"errors"
	"net/http"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
)

// agentOf returns the agent that a request is about: one's own, as me or by name, for
// people; any for programs, whose role says what they may do. It refuses the others.
func (s *Server) agentOf(w http.ResponseWriter, r *http.Request, by *visitor) (realcore.AgentID, bool) {
	name := r.PathValue("agent")
	s.mu.Lock()
	a := by.agent
	if name != "me" {
		a = s.floor.agentNamed(name)
	}
	ok := a != realcore.None && (by.session == nil && s.seesAgent(by.role, a) || by.session != nil && a == by.agent)
	s.mu.Unlock()
	if !ok {
		s.refuse(w, r, errNoAgent)
	}
	return a, ok
}

func (s *Server) showDesk(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	s.mu.Lock()
	v := s.view(a)
	s.mu.Unlock()
	s.answer(w, http.StatusOK, v)
}

// wish has the centre step an event and waits for what it says of it. nil: it was taken.
func (s *Server) wish(r *http.Request, ev realcore.Event) *failure {
	told := make(chan error, 1)
	s.host.PostWith(ev, func(err error) { told <- err })
	limit := time.NewTimer(answerLimit)
	defer limit.Stop()
	select {
	case err := <-told:
		switch {
		case err == nil:
			return nil
		case errors.Is(err, live.ErrDisk):
			return errDisk
		case errors.Is(err, live.ErrBusy), errors.Is(err, live.ErrStopped):
			return errBusy
		}
		return errLate // gone, or no longer in that state: normal, people are slow
	case <-r.Context().Done():
	case <-limit.C:
	}
	return errBusy
}

// done answers a wish.
func (s *Server) done(w http.ResponseWriter, r *http.Request, f *failure) {
	if f != nil {
		s.refuse(w, r, f)
		return
	}
	s.answer(w, http.StatusOK, struct{}{})
}

// setState says what an agent wants to be. A call in progress is finished first. To want
// what one is already is no mistake.
func (s *Server) setState(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	var in struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
	}
	if !s.body(w, r, &in) {
		return
	}
	ev := realcore.Event{Agent: a}
	switch in.State {
	case realcore.Ready.String():
		ev.Kind = realcore.AgentReady
	case realcore.LoggedOut.String():
		ev.Kind = realcore.AgentLogout
	case realcore.NotReady.String():
		s.mu.Lock()
		why, ok := s.reasonNamed(in.Reason)
		s.mu.Unlock()
		if !ok {
			s.refuse(w, r, errReason)
			return
		}
		ev.Kind, ev.Code = realcore.AgentNotReady, uint8(why)
	default:
		s.refuse(w, r, errState)
		return
	}
	f := s.wish(r, ev)
	if f == errLate {
		f = nil // he wanted that already
	}
	s.done(w, r, f)
}

func (s *Server) wrapUpDone(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	s.mu.Lock()
	var ref realcore.Ref
	if c := s.floor.desks[a].call; c != nil && c.stage == wrappingUp {
		ref = c.ref
	}
	s.mu.Unlock()
	if ref.IsZero() {
		s.refuse(w, r, errLate)
		return
	}
	s.done(w, r, s.wish(r, realcore.Event{Kind: realcore.WrapUpDone, Agent: a, Contact: ref}))
}

// act is what an agent does with the contact at his desk. The address names the contact,
// so that a click that comes late does not hit the next one.
func (s *Server) act(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	c, ok := s.inHand(a, r.PathValue("contact"))
	if !ok {
		s.refuse(w, r, errLate)
		return
	}
	switch r.PathValue("act") {
	case "hold":
		s.done(w, r, s.wish(r, realcore.OfContact(realcore.Held, c.ref)))
	case "retrieve":
		s.done(w, r, s.wish(r, realcore.OfContact(realcore.Retrieved, c.ref)))
	case "release":
		s.done(w, r, s.wish(r, realcore.Event{Kind: realcore.Released, Contact: c.ref, Agent: a}))
	case "reject":
		s.reject(w, r, &c)
	case "transfer":
		s.transfer(w, r, &c)
	case "recording":
		s.pause(w, r, a, &c)
	default:
		s.refuse(w, r, errNotFound)
	}
}

// hand is what an agent has in hand, as it was at one moment.
type hand struct {
	contact // a copy
	offer   realcore.Ref
	stage   stage
}

// inHand returns the contact of a key, if the agent has it now.
func (s *Server) inHand(a realcore.AgentID, text string) (h hand, ok bool) {
	key, ok := keyOf(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := &s.floor.desks[a]; ok && d.call != nil && d.call.key == key && d.call.stage.open() {
		return hand{*d.call.contact, d.call.offer, d.call.stage}, true
	}
	return h, false
}

func (s *Server) reject(w http.ResponseWriter, r *http.Request, c *hand) {
	if c.stage != ringing {
		s.refuse(w, r, errLate)
		return
	}
	s.done(w, r, s.wish(r, realcore.OfOffer(realcore.OfferRejected, c.offer)))
}

// transfer hands the customer on without a word: to a queue, or to a colleague, for whom
// he waits in the queue he came from.
func (s *Server) transfer(w http.ResponseWriter, r *http.Request, c *hand) {
	var in struct {
		Queue string `json:"queue"`
		Agent string `json:"agent"`
	}
	if !s.body(w, r, &in) {
		return
	}
	ev := realcore.Event{Kind: realcore.TransferBlind, Contact: c.ref, Queue: c.queue, Agent: realcore.None}
	var f *failure
	s.mu.Lock()
	if in.Queue != "" {
		if q, ok := s.floor.plan.QueueNamed(in.Queue); ok && !s.floor.plan.Queues[q].Drain {
			ev.Queue = q
		} else {
			f = errNoQueue
		}
	}
	if in.Agent != "" {
		if ev.Agent = s.floor.agentNamed(in.Agent); ev.Agent == realcore.None {
			f = errNoAgent
		}
	}
	s.mu.Unlock()
	if in.Queue == "" && in.Agent == "" || ev.Queue == realcore.None {
		f = errNoQueue
	}
	if f == nil {
		f = s.wish(r, ev)
	}
	s.done(w, r, f)
}

// pause makes the recording silent while card numbers are said, or ends that.
func (s *Server) pause(w http.ResponseWriter, r *http.Request, a realcore.AgentID, c *hand) {
	var in struct {
		Paused bool `json:"paused"`
	}
	if !s.body(w, r, &in) {
		return
	}
	if err := s.cfg.Phones.PauseRecording(c.key, in.Paused); err != nil {
		s.cfg.Log.Info("a recording is not paused", "contact", c.key, "err", err)
		s.refuse(w, r, errNotTaped)
		return
	}
	s.mu.Lock()
	if known := s.floor.contacts[c.key]; known != nil {
		known.paused = in.Paused
	}
	s.wake(a)
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct{}{})
}

// dial has an agent call a number. He must be ready: the call comes to him as any other,
// and would else ring at a colleague's.
func (s *Server) dial(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	var in struct {
		Number string `json:"number"`
		Queue  string `json:"queue"` // on whose behalf; "": the first that the agent serves
	}
	if !s.body(w, r, &in) {
		return
	}
	if in.Number == "" || len(in.Number) > 40 {
		s.refuse(w, r, errNumber)
		return
	}
	s.mu.Lock()
	q, ok := s.dialQueue(a, in.Queue)
	ready := s.floor.desks[a].state == realcore.Ready
	s.mu.Unlock()
	switch {
	case !ok:
		s.refuse(w, r, errNoQueue)
		return
	case !ready:
		s.refuse(w, r, errNotReady)
		return
	}
	if err := s.cfg.Phones.Dial(a, q, in.Number); err != nil {
		s.cfg.Log.Info("a number is not dialled", "agent", a, "err", err)
		s.refuse(w, r, errNumber)
		return
	}
	s.answer(w, http.StatusAccepted, struct{}{})
}

// dialQueue returns the queue of a name, if the agent serves it; mu is held.
func (s *Server) dialQueue(a realcore.AgentID, name string) (realcore.QueueID, bool) {
	g := &s.floor.plan.Groups[s.floor.plan.Agents[a].Group]
	for _, v := range g.Serves {
		q := s.floor.plan.Classes[v.Class].Queue
		if x := &s.floor.plan.Queues[q]; !x.Drain && (name == "" || x.Name == name) {
			return q, true
		}
	}
	return realcore.None, false
}
