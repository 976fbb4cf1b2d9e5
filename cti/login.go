package cti

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// gate is what a stranger meets who wants to log in: a rate by address and name, one by
// address, and few passwords checked at once, since a check costs memory and time on
// purpose.
type gate struct {
	byBoth *rate
	byAddr *rate
	byName *rate
	checks chan struct{} // capacity: how many are checked at once
}

func newGate() *gate {
	return &gate{byBoth: newRate(5, 10*time.Second), byAddr: newRate(30, 2*time.Second), byName: newRate(60, 5*time.Second), checks: make(chan struct{}, 2)}
}

// passes reports whether a name may be tried from an address now. It does not ask whether
// the name exists.
func (g *gate) passes(addr, name string, now time.Time) (ok bool, wait time.Duration) {
	for _, x := range []struct {
		r    *rate
		name string
	}{{g.byAddr, addr}, {g.byBoth, addr + " " + name}, {g.byName, name}} {
		if ok, wait := x.r.take(x.name, now); !ok {
			return false, wait
		}
	}
	return true, 0
}

// login begins a session. A wrong password and a user that does not exist get the same
// answer after the same time.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r, s.cfg.TLS != nil) {
		s.refuse(w, r, errOrigin)
		return
	}
	var in struct {
		User     string `json:"user"`
		Password string `json:"password"`
	}
	if !s.body(w, r, &in) {
		return
	}
	if len(in.User) > 64 || len(in.Password) > 256 {
		s.refuse(w, r, errLogin)
		return
	}
	addr := addrOf(r)
	if ok, wait := s.gate.passes(addr, in.User, s.now()); !ok {
		s.metrics.logins.WithLabelValues("limited").Inc()
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		s.refuse(w, r, errRate)
		return
	}
	select {
	case s.gate.checks <- struct{}{}:
	case <-r.Context().Done():
		return
	case <-time.After(answerLimit):
		s.refuse(w, r, errBusy)
		return
	}
	p, check := s.people[in.User], s.cfg.Nobody
	if p != nil {
		check = p.Check
	}
	good := check(in.Password)
	<-s.gate.checks
	if p == nil || !good {
		s.metrics.logins.WithLabelValues("refused").Inc()
		user := "(unknown)" // not what was typed: some type their password there
		if p != nil {
			user = p.Name
		}
		s.cfg.Log.Warn("a login is refused", "user", user, "from", addr)
		s.refuse(w, r, errLogin)
		return
	}
	s.gate.byBoth.forgive(addr + " " + in.User)
	s.metrics.logins.WithLabelValues("taken").Inc()
	s.cfg.Log.Info("login", "user", p.Name, "from", addr)
	http.SetCookie(w, s.cookie(s.sessions.open(s.open, p, s.now()), sessionLife))
	s.answer(w, http.StatusOK, struct {
		Go string `json:"go"`
	}{home(p)})
}

// home is the page that a person works with.
func home(p *Person) string {
	if p.Agent != "" && p.Role.may(MayState) {
		return "/agent"
	}
	return "/wallboard"
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request, by *visitor) {
	if by.session != nil {
		s.sessions.close(by.session)
		s.cfg.Log.Info("logout", "user", by.name)
	}
	http.SetCookie(w, s.cookie("", -time.Second))
	s.answer(w, http.StatusOK, struct{}{})
}

// addrOf is where a request comes from. An IPv6 host has a whole network of addresses:
// its /64 counts as one.
func addrOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
