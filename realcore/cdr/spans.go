package cdr

import "callwright/realcore"

func (f *Fold) agentAt(a realcore.AgentID) *agentOpen {
	if i := int(a); uint(i) < uint(len(f.agents)) { // nearly always
		return &f.agents[i]
	}
	for int(a) >= len(f.agents) {
		f.agents = append(f.agents, agentOpen{})
	}
	return &f.agents[a]
}

// agentIs begins a span. Effects that say an agent's state by what they are
// come through here as AgentBecame does.
func (f *Fold) agentIs(a realcore.AgentID, at realcore.Instant, s realcore.AgentState, r realcore.Reason) {
	ag := f.agentAt(a)
	if ag.state == s && ag.reason == r {
		return
	}
	f.span(a, ag, at)
	ag.state, ag.reason, ag.since = s, r, at
}

func (f *Fold) span(a realcore.AgentID, ag *agentOpen, to realcore.Instant) {
	if ag.state == realcore.LoggedOut || ag.since == to {
		return
	}
	s := &f.stretch
	s.Agent, s.State, s.Reason, s.From, s.To = a, ag.state, ag.reason, ag.since, to
	f.sink.Span(s)
}

// Flush hands over agents' spans up to now and lets them begin anew, so that
// time is counted while it passes. It does not end contacts.
func (f *Fold) Flush(now realcore.Instant) {
	for i := range f.agents {
		f.span(realcore.AgentID(i), &f.agents[i], now)
		f.agents[i].since = now
	}
}
