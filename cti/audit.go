package cti

import (
	"net/http"
	"time"

	"callwright/realcore"
)

// heard is one line of the audit: who asked to hear what. Refusals stand there too.
type heard struct {
	At      time.Time    `json:"at"`
	Who     string       `json:"who"`
	Role    string       `json:"role"`
	From    string       `json:"from"`
	What    string       `json:"what"`
	Contact realcore.Key `json:"contact"`
	File    string       `json:"file"`
	Range   string       `json:"range,omitempty"`
}

// witness writes down that somebody hears a recording. It must be on the disk before the
// first byte is heard: if that fails, nothing is.
func (s *Server) witness(r *http.Request, by *visitor, what string, key realcore.Key, file string) error {
	h := heard{At: s.now().UTC(), Who: by.name, Role: by.role.Name, From: addrOf(r), What: what, Contact: key, File: file, Range: r.Header.Get("Range")}
	if len(h.Range) > 100 {
		h.Range = h.Range[:100]
	}
	return s.audit.add(h)
}
