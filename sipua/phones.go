package sipua

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/realcore"
	"callwright/sipua/dialog"
)

// phones tells the centre whether an agent's phone is there: it is while one of his
// bindings is, and answers.
func (s *Server) phones(a *Account) {
	if a.Agent == realcore.None {
		return
	}
	there := len(s.reachable(a.User)) > 0 && !time.Now().Before(s.away[a.Agent].until)
	if s.present[a.Agent] == there {
		return
	}
	s.present[a.Agent] = there
	kind := realcore.DeviceLost
	if there {
		kind = realcore.DeviceBack
	}
	s.post(realcore.OfAgent(kind, a.Agent))
}

// reachable returns the bindings of a user that may be rung.
func (s *Server) reachable(user string) (out []*binding) {
	for _, b := range s.live(user, time.Now()) {
		if !b.silent {
			out = append(out, b)
		}
	}
	return out
}

// askPhones sends OPTIONS to each phone whose time has come, and drops what has
// expired. It is called every second.
func (s *Server) askPhones() {
	now := time.Now()
	for i := range s.cfg.Accounts {
		a := &s.cfg.Accounts[i]
		list := s.live(a.User, now)
		if len(list) != len(s.bindings[a.User]) {
			s.bind(a, list)
		}
		for _, b := range list {
			if !b.asking && now.After(b.nextAsk) {
				s.askPhone(a, b)
			}
		}
		s.phones(a)
	}
}

func (s *Server) askPhone(a *Account, b *binding) {
	var uri sip.Uri
	if sip.ParseUri(b.Contact, &uri) != nil {
		return
	}
	b.asking = true
	me := "<sip:callwright@" + s.hostFor(b.Flow) + ">"
	_, out := s.m.Send(s.now(), dialog.Request{Method: sip.OPTIONS, Target: uri, Flow: b.Flow, From: me, To: "<" + b.Contact + ">",
		Data: func(code int) {
			b.asking, b.silent = false, code == 0 || code == 408 || code == 503
			b.nextAsk = time.Now().Add(s.cfg.Keepalive)
			s.phones(a)
		}})
	s.run(out)
}

// beginPhones tells the centre of all agents whose phones are not there, which it
// takes for granted, and asks the phones that were there before a restart.
func (s *Server) beginPhones() {
	for i := range s.cfg.Accounts {
		a := &s.cfg.Accounts[i]
		if a.Agent == realcore.None {
			continue
		}
		s.present[a.Agent] = true
		for _, b := range s.bindings[a.User] {
			b.silent = true // until it has answered
		}
		s.phones(a)
	}
}
