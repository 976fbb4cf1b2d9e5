package cti

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Languages returns the languages of pages.
func Languages() []string { return []string{"en", "ja"} }

// words says everything in one language.
type words struct{ lang string }

// s returns the text of a key. A key that does not exist is a programmer's mistake; a
// test looks for every key used.
func (w words) s(key string) string {
	i, ok := places[key]
	if !ok {
		panic("cti: no words for " + key)
	}
	if w.lang == "ja" {
		return catalogue[i].ja
	}
	return catalogue[i].en
}

type entry struct{ key, en, ja string }

var places = func() map[string]int {
	m := map[string]int{}
	for i := range catalogue {
		m[catalogue[i].key] = i
	}
	return m
}()

// wordsJSON is the catalogue by language, as pages load it.
var wordsJSON = func() map[string][]byte {
	out := map[string][]byte{}
	for _, lang := range Languages() {
		m := map[string]string{}
		for _, e := range catalogue {
			m[e.key] = words{lang}.s(e.key)
		}
		b, err := json.Marshal(m)
		if err != nil {
			panic("cti: " + err.Error())
		}
		out[lang] = b
	}
	return out
}()

// langCookie is the language that somebody has chosen. It is no secret, and pages read it.
const langCookie = "callwright-lang"

// lang is the language of a request: what was chosen, or else the site's, or else the
// first that the browser asks for and we have.
func (s *Server) lang(r *http.Request) string {
	if c, err := r.Cookie(langCookie); err == nil && slices.Contains(Languages(), c.Value) {
		return c.Value
	}
	if s.cfg.Lang != "" {
		return s.cfg.Lang
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if slices.Contains(Languages(), base) {
			return base
		}
	}
	return "en"
}

// words serves the catalogue in one language.
func (s *Server) words(w http.ResponseWriter, r *http.Request) {
	b, ok := wordsJSON[r.PathValue("lang")]
	if !ok {
		s.refuse(w, r, errNotFound)
		return
	}
	serveFile(w, r, s.files["words."+r.PathValue("lang")], b)
}
