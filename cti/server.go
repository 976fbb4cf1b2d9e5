package cti

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
)

// Server is the HTTP door. New makes it and begins to listen, Attach tells it the host,
// Run serves.
type Server struct {
	cfg      Config
	listener net.Listener
	people   map[string]*Person
	staffed  map[string]bool // agents who are somebody here
	tokens   map[[32]byte]*Token
	sessions *sessions
	gate     *gate
	asks     *rate // requests of one visitor
	notes    *lines
	audit    *lines
	files    map[string]*file
	metrics  *metrics
	now      func() time.Time
	beat     time.Duration // of wallboards
	slow     time.Duration // writeLimit, unless a test has less patience
	open     context.Context
	shut     context.CancelFunc
	serving  sync.WaitGroup // handlers whose connections http.Server no longer knows
	news     chan note      // recordings to be written down
	host     *live.Host     // set by Attach, under mu

	mu        sync.Mutex // short: the host's goroutine takes it
	floor     *floor
	today     today
	past      *past
	tapes     *tapes
	unwritten bool // the last recording could not be
	watchers  watchers
}

// New checks the configuration, opens the files and begins to listen.
func New(cfg Config) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg.filled(), people: map[string]*Person{}, staffed: map[string]bool{}, tokens: map[[32]byte]*Token{}, sessions: newSessions(),
		gate: newGate(), asks: newRate(200, 20*time.Millisecond), floor: newFloor(), past: newPast(), tapes: newTapes(), now: time.Now, beat: time.Second,
		slow: writeLimit, news: make(chan note, 256)} // 256: calls that end at once
	s.today.zone = s.cfg.Zone
	for i := range s.cfg.People {
		p := &s.cfg.People[i]
		s.people[p.Name] = p
		s.staffed[p.Agent] = true
	}
	for i := range s.cfg.Tokens {
		s.tokens[s.cfg.Tokens[i].SHA256] = &s.cfg.Tokens[i]
	}
	s.files = staticFiles()
	s.metrics = newMetrics(s)
	s.watchers.init()
	s.open, s.shut = context.WithCancel(context.Background())
	if err := s.openNotes(); err != nil {
		return nil, fmt.Errorf("cti: notes: %w", err)
	}
	var err error
	if s.audit, err = openLines(cfg.Audit, func([]byte) {}); err != nil {
		return nil, errors.Join(fmt.Errorf("cti: audit: %w", err), s.notes.close())
	}
	l, err := net.Listen("tcp", cfg.Listen.String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cti: %w", err), s.notes.close(), s.audit.close())
	}
	s.listener = bounded(l, connsMost, connsOfOne)
	return s, nil
}

// Addr returns where it listens.
func (s *Server) Addr() netip.AddrPort { return s.listener.Addr().(*net.TCPAddr).AddrPort() }

// URL returns the address for a browser.
func (s *Server) URL() string {
	scheme := "http"
	if s.cfg.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + s.Addr().String() + "/"
}

// Attach tells the server its host, before either runs.
func (s *Server) Attach(h *live.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host = h
	s.floor.adopt(h.Plan())
	s.today.begin(h.Plan(), &s.cfg, h.Instant(s.now()))
	for i := range s.cfg.People {
		if p := &s.cfg.People[i]; p.Agent != "" && s.floor.agentNamed(p.Agent) == realcore.None {
			s.cfg.Log.Warn("a person's agent is not in the plan", "person", p.Name, "agent", p.Agent)
		}
	}
}

// Carry folds the effects of one event, or of timers, into what pages show, and wakes
// whoever watches. It never blocks.
func (s *Server) Carry(_ realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil {
		return
	}
	for i := range effects {
		if effects[i].Kind == realcore.PlanIs {
			s.replan()
		}
		s.floor.effect(&effects[i], s.caller)
	}
	if ev != nil && len(effects) == 0 {
		s.floor.wish(ev)
	}
	for _, a := range s.floor.touched {
		s.wake(a)
	}
	s.floor.touched = s.floor.touched[:0]
}

// replan takes over the plan that has come into force. What was counted today stays.
func (s *Server) replan() {
	p := s.host.Plan()
	s.floor.adopt(p)
	s.today.table.Extend(p)
}

func (s *Server) caller(key realcore.Key) string {
	number, _ := s.cfg.Phones.Caller(key)
	return number
}

// Run serves until ctx ends, then closes all pages, waits for who is being answered, and
// closes the files. It runs once.
func (s *Server) Run(ctx context.Context) error {
	if s.host == nil {
		panic("cti: Run before Attach")
	}
	h := &http.Server{Handler: s.handler(), TLSConfig: s.cfg.TLS, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: quiet(s.cfg.Log)}
	served := make(chan error, 1)
	go func() {
		if s.cfg.TLS != nil {
			served <- h.ServeTLS(s.listener, "", "")
		} else {
			served <- h.Serve(s.listener)
		}
	}()
	s.cfg.Log.Info("pages", "at", s.URL())
	beats := make(chan struct{})
	go func() { s.beats(); close(beats) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	s.shut()
	s.sessions.closeAll()
	soon, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if h.Shutdown(soon) != nil {
		h.Close()
	}
	<-beats
	s.serving.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, s.notes.close(), s.audit.close())
}

// beats does what comes round: wallboards once a second, old sessions once a minute, and
// what is to be written down.
func (s *Server) beats() {
	second, minute := time.NewTicker(s.beat), time.NewTicker(time.Minute)
	defer second.Stop()
	defer minute.Stop()
	for {
		select {
		case <-second.C:
			s.showBoards()
		case <-minute.C:
			s.sessions.sweep(s.now())
		case n := <-s.news:
			s.writeTape(n)
		case <-s.open.Done():
			for {
				select {
				case n := <-s.news:
					s.writeTape(n)
				default:
					return
				}
			}
		}
	}
}
