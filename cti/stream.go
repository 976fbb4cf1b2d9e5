package cti

import (
	"encoding/json"
	"net/http"
	"time"

	"callwright/realcore"
)

func (s *Server) showBoard(w http.ResponseWriter, r *http.Request, by *visitor) {
	s.mu.Lock()
	v := s.board(by.role)
	s.mu.Unlock()
	s.answer(w, http.StatusOK, v)
}

// stream shows the wallboard once a second, as server-sent events. A reader that does not
// take one in time is dropped; its browser asks again.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, by *visitor) {
	s.serving.Add(1)
	defer s.serving.Done()
	x, end, ok := s.watch(s.lifeOf(by), by, realcore.None)
	if !ok {
		s.refuse(w, r, errBusy)
		return
	}
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must not gather events
	lasts(w)
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the server's would end the request
	for {
		select {
		case <-x.wake:
		case <-x.ctx.Done():
			return
		case <-r.Context().Done():
			return
		}
		s.mu.Lock()
		v := s.board(by.role)
		s.mu.Unlock()
		if by.session != nil {
			s.sessions.use(by.session, s.now())
		}
		b, err := json.Marshal(v)
		if err != nil {
			panic("cti: " + err.Error())
		}
		b = append(append([]byte("data: "), b...), '\n', '\n')
		_ = out.SetWriteDeadline(time.Now().Add(s.slow)) // a recorder in a test has none
		if _, err := w.Write(b); err != nil {
			return
		}
		if out.Flush() != nil {
			return
		}
	}
}
