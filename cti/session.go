package cti

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"sync"
	"time"
)

// session is one browser of one person. Its id is in the browser's cookie alone; here is
// the id's hash, so that a dump of this process logs nobody in.
type session struct {
	person *Person
	hash   [32]byte
	ctx    context.Context // ends with the session: open pages go
	end    context.CancelFunc
	began  time.Time
	used   time.Time
}

// sessions are those of all people: in memory, so that a restart asks for passwords again.
type sessions struct {
	mu  sync.Mutex
	all map[[32]byte]*session
}

func newSessions() *sessions { return &sessions{all: map[[32]byte]*session{}} }

// open begins a session and returns its id. The person's oldest gives way if there are
// too many.
func (x *sessions) open(ctx context.Context, p *Person, now time.Time) (id string) {
	var b [32]byte
	rand.Read(b[:]) // never fails
	id = base64.RawURLEncoding.EncodeToString(b[:])
	n := &session{person: p, hash: sha256.Sum256([]byte(id)), began: now, used: now}
	n.ctx, n.end = context.WithCancel(ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	var own []*session
	for _, o := range x.all {
		if o.person == p {
			own = append(own, o)
		}
	}
	if len(own) >= sessionsMost {
		x.drop(slices.MinFunc(own, func(a, b *session) int { return a.used.Compare(b.used) }))
	}
	x.all[n.hash] = n
	return id
}

// find returns the session of an id, noting that it is used; nil if there is none.
func (x *sessions) find(id string, now time.Time) *session {
	if len(id) > 64 {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	o := x.all[sha256.Sum256([]byte(id))]
	if o == nil || o.over(now) {
		return nil
	}
	o.used = now
	return o
}

func (o *session) over(now time.Time) bool {
	return now.Sub(o.used) > sessionIdle || now.Sub(o.began) > sessionLife
}

// use notes that a session's page is open.
func (x *sessions) use(o *session, now time.Time) {
	x.mu.Lock()
	o.used = now
	x.mu.Unlock()
}

func (x *sessions) close(o *session) {
	x.mu.Lock()
	x.drop(o)
	x.mu.Unlock()
}

func (x *sessions) drop(o *session) {
	o.end()
	delete(x.all, o.hash)
}

// sweep ends the sessions that are over.
func (x *sessions) sweep(now time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range x.all {
		if o.over(now) {
			x.drop(o)
		}
	}
}

// closeAll ends all.
func (x *sessions) closeAll() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range x.all {
		x.drop(o)
	}
}

// cookieName is the session's cookie. The prefix __Host- has browsers refuse it from
// anywhere but this very host over TLS.
func (s *Server) cookieName() string {
	if s.cfg.TLS != nil {
		return "__Host-callwright"
	}
	return "callwright"
}

func (s *Server) cookie(value string, age time.Duration) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: int(age / time.Second), HttpOnly: true, Secure: s.cfg.TLS != nil, SameSite: http.SameSiteStrictMode}
}
