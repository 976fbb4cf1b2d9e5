package cti

import (
	"io"
	"net/http"
	"path/filepath"
	"time"

	"callwright/realcore"
)

// tapes is which files hold a contact's recording: the newest contacts', as far as the
// notes' file tells. Server.mu guards it.
type tapes struct{ of *recent[realcore.Key, []note] }

const (
	tapesMost    = 50_000
	tapesPer     = 8
	hearingLimit = 30 * time.Minute // for one answer to be read
)

func newTapes() *tapes { return &tapes{newRecent[realcore.Key, []note](tapesMost)} }

func (t *tapes) add(n note) {
	list, _ := t.of.get(n.Contact)
	if len(list) < tapesPer {
		t.of.put(n.Contact, append(list[:len(list):len(list)], n))
	}
}

func (t *tapes) find(key realcore.Key, file string) (note, bool) {
	list, _ := t.of.get(key)
	for _, n := range list {
		if n.Recording == file {
			return n, true
		}
	}
	return note{}, false
}

// Recorded is told of a contact's recording once it has ended, and how much of it the file
// has; broken: it could not be written to its end. It does not block. Who may hear it
// finds it under the contact.
func (s *Server) Recorded(key realcore.Key, file string, began time.Time, length time.Duration, broken bool) {
	n := note{At: began.UTC(), Contact: key, Recording: filepath.Base(file), Seconds: length.Seconds(), Broken: broken}
	s.mu.Lock()
	s.unwritten = broken
	if c := s.floor.known(key); c != nil {
		n.Number, n.Queue = c.number, s.queueName(c.queue)
	}
	s.tapes.add(n)
	s.mu.Unlock()
	select {
	case s.news <- n:
	default:
		s.cfg.Log.Error("a recording is not written down: too many end at once", "contact", key, "file", n.Recording)
	}
}

// Unwritten is told at once that a recording cannot be written: wallboards say so until one
// has been whole again. It does not block.
func (s *Server) Unwritten() {
	s.mu.Lock()
	s.unwritten = true
	s.mu.Unlock()
}

func (s *Server) writeTape(n note) {
	if err := s.notes.add(n); err != nil {
		s.cfg.Log.Error("a recording is not written down", "contact", n.Contact, "file", n.Recording, "err", err)
	}
}

// mayHear reports whether a recording's queue is one the role is about.
func mayHear(by *visitor, n *note) bool { return len(by.role.Queues) == 0 || by.role.sees(n.Queue) }

func (s *Server) showTapes(w http.ResponseWriter, r *http.Request, by *visitor) {
	type tape struct {
		File    string  `json:"file"`
		At      int64   `json:"at"`
		Seconds float64 `json:"seconds"`
		Broken  bool    `json:"broken"` // it is not whole: the disk
	}
	list := []tape{}
	key, _ := keyOf(r.PathValue("contact"))
	s.mu.Lock()
	all, _ := s.tapes.of.get(key)
	for i := range all {
		if mayHear(by, &all[i]) {
			list = append(list, tape{all[i].Recording, milli(all[i].At), all[i].Seconds, all[i].Broken})
		}
	}
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct {
		Recordings []tape `json:"recordings"`
	}{list})
}

// hear sends a recording, after a line of who hears it. Only files that were told of as
// this contact's are opened: no name from outside reaches the folder.
func (s *Server) hear(w http.ResponseWriter, r *http.Request, by *visitor) {
	key, _ := keyOf(r.PathValue("contact"))
	s.mu.Lock()
	n, ok := s.tapes.find(key, r.PathValue("file"))
	s.mu.Unlock()
	if !ok || s.cfg.Recordings == nil || !mayHear(by, &n) {
		s.refuse(w, r, errNoRecording)
		return
	}
	f, err := s.cfg.Recordings.Open(n.Recording)
	if err != nil { // its days are over
		s.refuse(w, r, errNoRecording)
		return
	}
	defer f.Close()
	sound, ok := f.(io.ReadSeeker)
	if !ok {
		s.refuse(w, r, errNoRecording)
		return
	}
	if err := s.witness(r, by, "hear", key, n.Recording); err != nil {
		s.cfg.Log.Error("nobody hears a recording: the audit cannot be written", "err", err)
		s.refuse(w, r, errDisk)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // the server's would end the request
	deadline(w, hearingLimit)
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "inline")
	http.ServeContent(w, r, "", n.At, sound)
}
