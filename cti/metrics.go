package cti

import (
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"callwright/realcore"
	"callwright/realcore/cdr"
)

// metrics are for Prometheus: of the centre, of the host and of this server.
type metrics struct {
	s        *Server
	registry *prometheus.Registry
	page     http.Handler
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	logins   *prometheus.CounterVec
	visits   *prometheus.CounterVec

	agents, waiting, oldest, pages, events, refused, away, taking *prometheus.Desc
}

func newMetrics(s *Server) *metrics {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("callwright_"+name, help, labels, nil)
	}
	m := &metrics{s: s,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "callwright_http_requests_total", Help: "Requests answered."}, []string{"route", "code"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "callwright_http_request_seconds", Help: "Time to answer, streams and sockets left out.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2}}, []string{"route"}),
		logins:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "callwright_logins_total", Help: "Logins to pages."}, []string{"result"}),
		visits:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "callwright_queue_visits_total", Help: "Stays in a queue that have ended, since this process began."}, []string{"queue", "outcome", "direction"}),
		agents:  desc("agents", "Agents now.", "state"),
		waiting: desc("contacts_waiting", "Callers who wait now, ringing included.", "queue"),
		oldest:  desc("longest_wait_seconds", "Of those who wait now, in scenario time.", "queue"),
		pages:   desc("open_pages", "Agents' sockets and wallboards' streams."),
		events:  desc("events_total", "Events stepped, the journal's included."),
		refused: desc("events_refused_total", "Of these, those that came too late, and marks."),
		away:    desc("events_turned_away_total", "Events not taken: too many, no disk, no new calls."),
		taking:  desc("taking_calls", "1 if new calls are taken."),
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(m, m.requests, m.took, m.logins, m.visits, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry = reg
	m.page = promhttp.HandlerFor(reg, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
	return m
}

// visit counts a queue visit that has ended; Server.mu is held.
func (m *metrics) visit(v *cdr.Visit) {
	if m.s.host == nil { // of a continued journal: counted by the process that had it
		return
	}
	m.visits.WithLabelValues(m.s.queueName(v.Queue), v.Outcome.String(), v.Dir.String()).Inc()
}

// Describe tells Prometheus what Collect will send.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.agents, m.waiting, m.oldest, m.pages, m.events, m.refused, m.away, m.taking} {
		ch <- d
	}
}

// Collect looks at the centre as it is now.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	s := m.s
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	s.mu.Lock()
	b := s.board(&Role{})
	var agents [realcore.NumAgentStates]int
	for a := range s.floor.desks {
		agents[s.floor.desks[a].state]++
	}
	pages := s.watchers.n
	s.mu.Unlock()
	for st, n := range agents {
		gauge(m.agents, float64(n), realcore.AgentState(st).String())
	}
	for i := range b.Queues {
		q := &b.Queues[i]
		wait := 0.0
		if q.Oldest != 0 {
			wait = float64(b.Now-q.Oldest) / 1000 * float64(b.Speed)
		}
		gauge(m.waiting, float64(q.Waiting), q.Name)
		gauge(m.oldest, max(0, wait), q.Name)
	}
	gauge(m.pages, float64(pages))
	c := s.host.Counts()
	for d, n := range map[*prometheus.Desc]int64{m.events: c.Events, m.refused: c.Refused, m.away: c.TurnedAway} {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	taking := 0.0
	if b.Taking {
		taking = 1
	}
	gauge(m.taking, taking)
	m.others(ch)
}

// others are the figures of other doors. Their names are known when they are asked for,
// so Describe does not tell them; Prometheus allows that.
func (m *metrics) others(ch chan<- prometheus.Metric) {
	if m.s.cfg.Figures == nil {
		return
	}
	for _, f := range m.s.cfg.Figures() {
		kind := prometheus.GaugeValue
		if strings.HasSuffix(f.Name, "_total") {
			kind = prometheus.CounterValue
		}
		ch <- prometheus.MustNewConstMetric(prometheus.NewDesc("callwright_"+f.Name, f.Help, nil, nil), kind, f.Value)
	}
}

// metricsPage is for programs with a token and for those on this machine.
func (s *Server) metricsPage(w http.ResponseWriter, r *http.Request) {
	if !nearby(r) || r.Header.Get("Authorization") != "" {
		by, why := s.visitorOf(r)
		if why == nil && !by.role.may(MayWallboard) {
			why = errRole
		}
		if why != nil {
			s.refuse(w, r, why)
			return
		}
	}
	s.metrics.page.ServeHTTP(w, r)
}

// measured counts requests by route: patterns, so that strangers' paths make no labels.
func (s *Server) measured(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline(w, 30*time.Second)
		began := time.Now()
		x := &status{ResponseWriter: w, code: http.StatusOK}
		s.recovered(mux, x, r)
		took := time.Since(began)
		s.metrics.requests.WithLabelValues(r.Pattern, strconv.Itoa(x.code)).Inc()
		if !x.lasting {
			s.metrics.took.WithLabelValues(r.Pattern).Observe(took.Seconds())
		}
		s.cfg.Log.Debug("request", "method", r.Method, "route", r.Pattern, "code", x.code, "took", took)
	})
}

// recovered serves a request. A mistake of ours ends that request alone, and is told.
func (s *Server) recovered(mux *http.ServeMux, x *status, r *http.Request) {
	defer func() {
		switch why := recover(); why {
		case nil:
		case http.ErrAbortHandler:
			panic(why)
		default:
			s.cfg.Log.Error("a request fails", "route", r.Pattern, "why", why, "stack", string(debug.Stack()))
			if !x.begun {
				s.refuse(x, r, errOurs)
			}
		}
	}()
	mux.ServeHTTP(x, r)
}

// status notes how a request was answered.
type status struct {
	http.ResponseWriter
	code    int
	begun   bool
	lasting bool // a stream or a socket
}

func (x *status) WriteHeader(code int) {
	x.code, x.begun = code, true
	x.ResponseWriter.WriteHeader(code)
}

// lasts notes that an answer goes on until its page is closed.
func lasts(w http.ResponseWriter) {
	if x, ok := w.(*status); ok {
		x.lasting = true
	}
}

// Unwrap lets http.ResponseController and the WebSocket find what is beneath.
func (x *status) Unwrap() http.ResponseWriter { return x.ResponseWriter }
