package cti

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"callwright/realcore"
)

// note is one line of the notes' file: what an agent says of a contact, or where its
// recording is. Nothing is changed later: a correction is another line.
type note struct {
	At          time.Time    `json:"at"`
	Contact     realcore.Key `json:"contact"`
	Number      string       `json:"number,omitempty"`
	Queue       string       `json:"queue,omitempty"`
	Agent       string       `json:"agent,omitempty"`
	By          string       `json:"by,omitempty"`
	Disposition string       `json:"disposition,omitempty"`
	Text        string       `json:"text,omitempty"`
	Recording   string       `json:"recording,omitempty"`
	Seconds     float64      `json:"seconds,omitempty"`
	Broken      bool         `json:"broken,omitempty"` // of the recording, only so much could be written
}

// openNotes opens the file and remembers what it says.
func (s *Server) openNotes() (err error) {
	s.notes, err = openLines(s.cfg.Notes, func(line []byte) {
		var n note
		if json.Unmarshal(line, &n) == nil {
			s.remember(n)
		}
	})
	return err
}

func (s *Server) remember(n note) {
	if n.Recording != "" {
		s.tapes.add(n)
		return
	}
	s.past.note(n)
}

// writable reports whether a text may be kept: UTF-8, not too long, and no control
// characters beyond line ends and tabs, which would fool a terminal that shows it.
func writable(text string, most int) bool {
	if len(text) > most || !utf8.ValidString(text) {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) < 0
}

// addNote keeps what an agent says of a contact that he has or lately had.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request, by *visitor) {
	var in struct {
		Text        string `json:"text"`
		Disposition string `json:"disposition"`
	}
	key, ok := keyOf(r.PathValue("contact"))
	if !ok {
		s.refuse(w, r, errNoContact)
		return
	}
	if !s.body(w, r, &in) {
		return
	}
	in.Text = strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n"))
	switch {
	case in.Text == "" && in.Disposition == "":
		s.refuse(w, r, errEmptyNote)
		return
	case !writable(in.Text, noteMost):
		s.refuse(w, r, errLongNote)
		return
	case in.Disposition != "" && !slices.Contains(s.cfg.Dispositions, in.Disposition):
		s.refuse(w, r, errDisposition)
		return
	}
	n := note{At: s.now().UTC().Truncate(time.Millisecond), Contact: key, By: by.name, Disposition: in.Disposition, Text: in.Text}
	if !s.about(&n, by) {
		s.refuse(w, r, errNoContact)
		return
	}
	if err := s.notes.add(n); err != nil {
		s.cfg.Log.Error("a note is not kept", "contact", key, "err", err)
		s.refuse(w, r, errDisk)
		return
	}
	s.mu.Lock()
	s.remember(n)
	if by.agent != realcore.None {
		s.wake(by.agent)
	}
	s.mu.Unlock()
	s.answer(w, http.StatusCreated, noteView{milli(n.At), n.By, n.Disposition, n.Text})
}

// about fills in what a note is about, and reports whether this visitor may say it.
func (s *Server) about(n *note, by *visitor) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if by.agent == realcore.None {
		return false
	}
	c := s.floor.desks[by.agent].had(n.Contact)
	if c == nil {
		return false
	}
	n.Agent, n.Number, n.Queue = s.floor.plan.Agents[by.agent].Name, c.number, s.queueName(c.queue)
	return true
}

// showNotes shows a contact's notes to its agent and to whoever may read records.
func (s *Server) showNotes(w http.ResponseWriter, r *http.Request, by *visitor) {
	key, ok := keyOf(r.PathValue("contact"))
	s.mu.Lock()
	own := ok && by.agent != realcore.None && s.floor.desks[by.agent].had(key) != nil
	list := s.past.notesOf(key)
	s.mu.Unlock()
	if !ok || !own && !by.role.may(MayRecords) {
		s.refuse(w, r, errNoContact)
		return
	}
	s.answer(w, http.StatusOK, struct {
		Notes []noteView `json:"notes"`
	}{list})
}
