package cti

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

// failure is why something is not done: a status, and a word that programs read and whose
// sentence people read, in their language.
type failure struct {
	code int
	word string
}

func (f *failure) Error() string { return f.word }

// The failures. Each has its sentence in the catalogue as err.<word>.
var (
	errStranger    = &failure{http.StatusUnauthorized, "stranger"}
	errToken       = &failure{http.StatusUnauthorized, "token"}
	errLogin       = &failure{http.StatusUnauthorized, "login"}
	errOrigin      = &failure{http.StatusForbidden, "origin"}
	errRole        = &failure{http.StatusForbidden, "role"}
	errNumber      = &failure{http.StatusForbidden, "number"}
	errNoAgent     = &failure{http.StatusNotFound, "no-agent"}
	errNoContact   = &failure{http.StatusNotFound, "no-contact"}
	errNoQueue     = &failure{http.StatusNotFound, "no-queue"}
	errNoRecording = &failure{http.StatusNotFound, "no-recording"}
	errNotFound    = &failure{http.StatusNotFound, "not-found"}
	errLate        = &failure{http.StatusConflict, "late"}
	errNotReady    = &failure{http.StatusConflict, "not-ready"}
	errNotTaped    = &failure{http.StatusConflict, "not-recorded"}
	errLarge       = &failure{http.StatusRequestEntityTooLarge, "large"}
	errNotJSON     = &failure{http.StatusUnsupportedMediaType, "not-json"}
	errBody        = &failure{http.StatusBadRequest, "body"}
	errState       = &failure{http.StatusBadRequest, "state"}
	errReason      = &failure{http.StatusBadRequest, "reason"}
	errEmptyNote   = &failure{http.StatusBadRequest, "empty-note"}
	errLongNote    = &failure{http.StatusBadRequest, "long-note"}
	errDisposition = &failure{http.StatusBadRequest, "disposition"}
	errRate        = &failure{http.StatusTooManyRequests, "rate"}
	errOurs        = &failure{http.StatusInternalServerError, "ours"}
	errBusy        = &failure{http.StatusServiceUnavailable, "busy"}
	errDisk        = &failure{http.StatusServiceUnavailable, "disk"}
)

// refuse answers with a failure.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, f *failure) {
	type told struct {
		Word    string `json:"word"`
		Message string `json:"message"`
	}
	if f.code == http.StatusUnauthorized && f != errLogin {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	s.answer(w, f.code, struct {
		Error told `json:"error"`
	}{told{f.word, words{s.lang(r)}.s("err." + f.word)}})
}

// answer answers with a value as JSON, which no cache keeps.
func (s *Server) answer(w http.ResponseWriter, code int, v any) {
	b, err := json.Marshal(v) // escapes <, > and &, so that it is harmless even where it is taken for a page
	if err != nil {
		panic("cti: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	w.Write(append(b, '\n')) // who has gone is not told
}

// body reads a request's JSON, strictly, or answers why it cannot. The content type must
// say JSON: a form on another page cannot send that without asking first.
func (s *Server) body(w http.ResponseWriter, r *http.Request, into any) bool {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		s.refuse(w, r, errNotJSON)
		return false
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		_, err = d.Token() // nothing may follow
		if err == io.EOF {
			return true
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		s.refuse(w, r, errLarge)
	} else {
		s.refuse(w, r, errBody)
	}
	return false
}
