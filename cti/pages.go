package cti

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"path"
	"slices"
	"time"
)

//go:embed static pages
var embedded embed.FS

// file is one static file, and the tag by which a browser knows that it has it.
type file struct {
	body []byte
	kind string
	tag  string
}

var kinds = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json; charset=utf-8"}

func staticFiles() map[string]*file {
	out := map[string]*file{}
	add := func(name string, body []byte, kind string) {
		sum := sha256.Sum256(body)
		out[name] = &file{body, kind, `"` + hex.EncodeToString(sum[:8]) + `"`}
	}
	list, err := embedded.ReadDir("static")
	if err != nil {
		panic("cti: " + err.Error())
	}
	for _, e := range list {
		body, err := embedded.ReadFile("static/" + e.Name())
		if err != nil {
			panic("cti: " + err.Error())
		}
		add(e.Name(), body, kinds[path.Ext(e.Name())])
	}
	for _, lang := range Languages() {
		add("words."+lang, wordsJSON[lang], kinds[".json"])
	}
	return out
}

func (s *Server) static(w http.ResponseWriter, r *http.Request) {
	f := s.files[r.PathValue("file")]
	if f == nil {
		s.refuse(w, r, errNotFound)
		return
	}
	serveFile(w, r, f, f.body)
}

// serveFile serves what a browser may keep, if it asks each time whether it is still so.
func serveFile(w http.ResponseWriter, r *http.Request, f *file, body []byte) {
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("ETag", f.tag)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// sheet is what a page's template is told.
type sheet struct {
	Lang string
	Name string // of the page
	User string
	Home bool // there is an agent page for this one
}

// T is a text of the catalogue.
func (x sheet) T(key string) string { return words{x.Lang}.s(key) }

var templates = template.Must(template.ParseFS(embedded, "pages/*.html"))

func (s *Server) render(w http.ResponseWriter, x sheet) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, x.Name+".html", x); err != nil {
		panic("cti: " + err.Error())
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(b.Bytes()) // who has gone is not told
}

// language takes over a language chosen in the address, and goes on to the page without
// it.
func (s *Server) language(w http.ResponseWriter, r *http.Request) bool {
	lang := r.URL.Query().Get("lang")
	if !slices.Contains(Languages(), lang) {
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, Secure: s.cfg.TLS != nil, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return true
}

// page serves a page to those whose role may see it, and sends the others to the login.
func (s *Server) page(name string, x Right) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.language(w, r) {
			return
		}
		by, why := s.visitorOf(r)
		switch {
		case why != nil || by.session == nil:
			http.Redirect(w, r, "/login", http.StatusSeeOther)
		case !by.role.may(x) || name == "agent" && by.session.person.Agent == "":
			s.refuse(w, r, errRole)
		default:
			s.render(w, sheet{Lang: s.lang(r), Name: name, User: by.name, Home: home(by.session.person) == "/agent"})
		}
	}
}

func (s *Server) pageHome(w http.ResponseWriter, r *http.Request) {
	to := "/login"
	if by, why := s.visitorOf(r); why == nil && by.session != nil {
		to = home(by.session.person)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) pageLogin(w http.ResponseWriter, r *http.Request) {
	if !s.language(w, r) {
		s.render(w, sheet{Lang: s.lang(r), Name: "login"})
	}
}
