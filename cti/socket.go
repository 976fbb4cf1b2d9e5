package cti

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"callwright/realcore"
)

// How a socket's other end is found to have gone.
const (
	pingEvery = 20 * time.Second
	pongLimit = 10 * time.Second
)

// socket shows an agent's desk as it is, and again whenever it has changed. What the
// agent wants comes by POST: a browser says then from which page, and gets an answer.
func (s *Server) socket(w http.ResponseWriter, r *http.Request, by *visitor) {
	a, ok := s.agentOf(w, r, by)
	if !ok {
		return
	}
	s.serving.Add(1)
	defer s.serving.Done()
	x, end, ok := s.watch(s.lifeOf(by), by, a)
	if !ok {
		s.refuse(w, r, errBusy)
		return
	}
	defer end()
	lasts(w)
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // visitorOf has looked at the origin
	if err != nil {
		return // it has answered
	}
	gone := make(chan struct{})
	said := false
	go func() { // a reader answers pings and sees the other end go; nobody has to say anything
		defer close(gone)
		_, _, err := conn.Read(context.Background()) // ends with the connection
		said = err == nil
	}()
	defer func() { conn.CloseNow(); <-gone }()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-x.wake:
			if s.sendDesk(conn, a) != nil {
				return
			}
		case <-ping.C:
			if by.session != nil {
				s.sessions.use(by.session, s.now())
			}
			alive, cancel := context.WithTimeout(context.Background(), pongLimit)
			err := conn.Ping(alive)
			cancel()
			if err != nil {
				return
			}
		case <-x.ctx.Done(): // a newer page of his, a logout, or closing time
			conn.Close(websocket.StatusGoingAway, "")
			return
		case <-gone:
			if said {
				conn.Close(websocket.StatusPolicyViolation, "wishes come by POST")
			}
			return
		}
	}
}

// sendDesk writes an agent's desk as it is now; who does not take it in time is dropped.
func (s *Server) sendDesk(conn *websocket.Conn, a realcore.AgentID) error {
	s.mu.Lock()
	v := s.view(a)
	s.mu.Unlock()
	b, err := json.Marshal(v)
	if err != nil {
		panic("cti: " + err.Error())
	}
	soon, cancel := context.WithTimeout(context.Background(), s.slow)
	defer cancel()
	return conn.Write(soon, websocket.MessageText, b)
}

// lifeOf is how long a visitor's pages may stay: a session's end closes them.
func (s *Server) lifeOf(by *visitor) context.Context {
	if by.session != nil {
		return by.session.ctx
	}
	return s.open
}
