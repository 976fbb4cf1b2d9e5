package cti

import (
	"context"
	"time"

	"callwright/realcore"
)

// watcher is one open page: of an agent's desk, or of the wallboard (agent None).
type watcher struct {
	name  string // whose
	agent realcore.AgentID
	role  *Role
	wake  chan struct{} // capacity 1: there is something new; one word of it is enough
	ctx   context.Context
	drop  context.CancelFunc
	since time.Time
}

// watchers are all open pages. Server.mu guards them.
type watchers struct {
	desks  map[realcore.AgentID][]*watcher
	boards []*watcher
	n      int
}

func (x *watchers) init() { x.desks = map[realcore.AgentID][]*watcher{} }

// watch registers a page; the person's oldest page of that kind gives way if there are too
// many. It fails only if there are too many in all. The returned function ends it.
func (s *Server) watch(ctx context.Context, by *visitor, agent realcore.AgentID) (*watcher, func(), bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers.n >= watchersMost {
		return nil, nil, false
	}
	list := s.watchers.boards
	if agent != realcore.None {
		list = s.watchers.desks[agent]
	}
	own := 0
	var oldest *watcher
	for _, w := range list {
		if w.name == by.name {
			own++
			if oldest == nil || w.since.Before(oldest.since) {
				oldest = w
			}
		}
	}
	if own >= socketsMost {
		s.remove(oldest)
	}
	w := &watcher{name: by.name, agent: agent, role: by.role, wake: make(chan struct{}, 1), since: s.now()}
	if by.until.IsZero() {
		w.ctx, w.drop = context.WithCancel(ctx)
	} else { // a token that is no longer good shows nothing more
		w.ctx, w.drop = context.WithDeadline(ctx, by.until)
	}
	if agent != realcore.None {
		s.watchers.desks[agent] = append(s.watchers.desks[agent], w)
	} else {
		s.watchers.boards = append(s.watchers.boards, w)
	}
	s.watchers.n++
	w.nudge()
	return w, func() {
		s.mu.Lock()
		s.remove(w)
		s.mu.Unlock()
	}, true
}

// remove ends a watcher, if it has not ended; mu is held.
func (s *Server) remove(w *watcher) {
	w.drop()
	list := s.watchers.boards
	if w.agent != realcore.None {
		list = s.watchers.desks[w.agent]
	}
	for i := range list {
		if list[i] == w {
			list = append(list[:i:i], list[i+1:]...)
			s.watchers.n--
			break
		}
	}
	switch {
	case w.agent == realcore.None:
		s.watchers.boards = list
	case len(list) == 0:
		delete(s.watchers.desks, w.agent)
	default:
		s.watchers.desks[w.agent] = list
	}
}

// nudge wakes a watcher. It never blocks: who has been woken and has not looked yet will
// see this too.
func (w *watcher) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// wake wakes who watches a desk; mu is held.
func (s *Server) wake(a realcore.AgentID) {
	for _, w := range s.watchers.desks[a] {
		w.nudge()
	}
}

// showBoards wakes the wallboards.
func (s *Server) showBoards() {
	s.mu.Lock()
	for _, w := range s.watchers.boards {
		w.nudge()
	}
	s.mu.Unlock()
}
