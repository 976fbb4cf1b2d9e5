package cti

import (
	"net/http"
	"time"

	"callwright/realcore"
)

// handler is everything that is served.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.pageHome)
	mux.HandleFunc("GET /login", s.pageLogin)
	mux.HandleFunc("GET /agent", s.page("agent", MayState))
	mux.HandleFunc("GET /wallboard", s.page("wallboard", MayWallboard))
	mux.HandleFunc("GET /static/{file}", s.static)
	mux.HandleFunc("GET /words/{lang}", s.words)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /metrics", s.metricsPage)

	mux.HandleFunc("POST /api/login", s.login)
	mux.HandleFunc("POST /api/logout", s.known("", s.logout))
	mux.HandleFunc("GET /api/me", s.known("", s.me))
	mux.HandleFunc("GET /api/places", s.known(MayCall, s.places))
	mux.HandleFunc("GET /api/agents", s.known(MayAgents, s.showAgents))
	mux.HandleFunc("GET /api/agents/{agent}", s.known(MayState, s.showDesk))
	mux.HandleFunc("GET /api/agents/{agent}/socket", s.known(MayState, s.socket))
	mux.HandleFunc("POST /api/agents/{agent}/state", s.known(MayState, s.setState))
	mux.HandleFunc("POST /api/agents/{agent}/wrap-up-done", s.known(MayState, s.wrapUpDone))
	mux.HandleFunc("POST /api/agents/{agent}/dial", s.known(MayCall, s.dial))
	mux.HandleFunc("POST /api/agents/{agent}/contacts/{contact}/{act}", s.known(MayCall, s.act))
	mux.HandleFunc("GET /api/contacts/{contact}/notes", s.known("", s.showNotes))
	mux.HandleFunc("POST /api/contacts/{contact}/notes", s.known(MayCall, s.addNote))
	mux.HandleFunc("GET /api/contacts/{contact}/recordings", s.known(MayRecordings, s.showTapes))
	mux.HandleFunc("GET /api/contacts/{contact}/recordings/{file}", s.known(MayRecordings, s.hear))
	mux.HandleFunc("GET /api/board", s.known(MayWallboard, s.showBoard))
	mux.HandleFunc("GET /api/board/stream", s.known(MayWallboard, s.stream))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNotFound) })
	return s.guarded(s.measured(mux))
}

// known calls h with who asks, if that is somebody whose role may.
func (s *Server) known(x Right, h func(http.ResponseWriter, *http.Request, *visitor)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, why := s.visitorOf(r)
		if why == nil && x != "" && !by.role.may(x) {
			why = errRole
		}
		if why == nil {
			if ok, _ := s.asks.take(by.name, s.now()); !ok {
				why = errRate
			}
		}
		if why != nil {
			s.refuse(w, r, why)
			return
		}
		h(w, r, by)
	}
}

// me says who asks.
func (s *Server) me(w http.ResponseWriter, r *http.Request, by *visitor) {
	s.mu.Lock()
	agent, reasons := "", []string{}
	if by.agent != realcore.None {
		agent = s.floor.plan.Agents[by.agent].Name
	}
	reasons = append(reasons, realcore.ReasonBreak.String())
	reasons = append(reasons, s.floor.plan.Reasons...)
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct {
		Name         string   `json:"name"`
		Agent        string   `json:"agent"`
		Role         string   `json:"role"`
		May          []Right  `json:"may"`
		Reasons      []string `json:"reasons"`
		Dispositions []string `json:"dispositions"`
		Lang         string   `json:"lang"`
	}{by.name, agent, by.role.Name, by.role.May, reasons, s.cfg.Dispositions, s.lang(r)})
}

// places is where a call can be transferred to. States of colleagues are for those who
// may see them.
func (s *Server) places(w http.ResponseWriter, r *http.Request, by *visitor) {
	type place struct {
		Name  string `json:"name"`
		State string `json:"state,omitempty"`
	}
	queues, agents := []place{}, []place{}
	s.mu.Lock()
	for i := range s.floor.plan.Queues {
		if q := &s.floor.plan.Queues[i]; !q.Drain {
			queues = append(queues, place{Name: q.Name})
		}
	}
	for i := range s.floor.plan.Agents {
		a := &s.floor.plan.Agents[i]
		if a.Drain || realcore.AgentID(i) == by.agent || !s.staffed[a.Name] {
			continue
		}
		p := place{Name: a.Name}
		if by.role.may(MayAgents) {
			p.State = s.floor.desks[i].state.String()
		}
		agents = append(agents, p)
	}
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct {
		Queues []place `json:"queues"`
		Agents []place `json:"agents"`
	}{queues, agents})
}

// showAgents shows what the agents of the role's queues do.
func (s *Server) showAgents(w http.ResponseWriter, r *http.Request, by *visitor) {
	type agent struct {
		Agent  string `json:"agent"`
		State  string `json:"state"`
		Reason string `json:"reason"`
		Since  int64  `json:"since"`
	}
	list := []agent{}
	s.mu.Lock()
	for i := range s.floor.desks {
		if d := &s.floor.desks[i]; s.seesAgent(by.role, realcore.AgentID(i)) {
			list = append(list, agent{s.floor.plan.Agents[i].Name, d.state.String(), s.reasonName(d.reason), s.wall(d.since)})
		}
	}
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct {
		Now    int64   `json:"now"`
		Agents []agent `json:"agents"`
	}{milli(s.now()), list})
}

// seesAgent reports whether an agent serves a queue that the role is about; mu is held.
func (s *Server) seesAgent(role *Role, a realcore.AgentID) bool {
	if len(role.Queues) == 0 {
		return true
	}
	for q, serves := range s.floor.serves[s.floor.plan.Agents[a].Group] {
		if serves && role.sees(s.floor.plan.Queues[q].Name) {
			return true
		}
	}
	return false
}

// health says whether new calls are taken: for those who watch processes. It names no
// reason, since anybody may ask.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ok, _ := s.host.Accepting()
	code := http.StatusOK
	if !ok {
		code = http.StatusServiceUnavailable
	}
	s.answer(w, code, struct {
		OK bool `json:"ok"`
	}{ok})
}

// deadline bounds how long an answer may take to be read.
func deadline(w http.ResponseWriter, d time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d)) // a recorder in a test has none
}
