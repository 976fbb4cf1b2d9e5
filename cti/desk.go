package cti

import (
	"strconv"

	"callwright/realcore"
)

// desk is what one agent does.
type desk struct {
	state  realcore.AgentState
	reason realcore.Reason
	since  realcore.Instant
	wants  *wish      // asked for, and true once the call is over; nil: nothing
	call   *call      // the one at hand, or the last one: what a note is about
	late   []*contact // before it, that a note may still come for
}

// wish is the state that an agent has asked for.
type wish struct {
	state  realcore.AgentState
	reason realcore.Reason
}

// stage is how far an agent is with a contact.
type stage uint8

const (
	ringing stage = iota
	dialling
	talking
	held
	consulting
	wrappingUp
	ended
)

var stageNames = [...]string{"ringing", "dialling", "talking", "held", "consulting", "wrap-up", "ended"}

func (s stage) String() string { return stageNames[s] }

// open reports whether the contact is still with the agent.
func (s stage) open() bool { return s < wrappingUp }

// call is one contact at one agent's desk.
type call struct {
	*contact
	offer realcore.Ref
	stage stage
	since realcore.Instant // of the stage
	began realcore.Instant // at this desk
}

const lateMost = 20 // contacts a desk remembers

func (d *desk) become(s realcore.AgentState, why realcore.Reason, at realcore.Instant) {
	if d.state == s && d.reason == why {
		return
	}
	d.state, d.reason, d.since = s, why, at
}

// take puts a contact on the desk, or moves on the one that is there.
func (d *desk) take(c *contact, to stage, at realcore.Instant) {
	if d.call != nil && d.call.contact == c && d.call.stage.open() {
		d.call.stage, d.call.since = to, at
		return
	}
	if d.call != nil {
		d.late = append(d.late, d.call.contact)
		if len(d.late) > lateMost {
			d.late = append(d.late[:0], d.late[1:]...)
		}
	}
	d.call = &call{contact: c, stage: to, since: at, began: at}
}

// had returns a contact that the agent has, or lately had; nil if he had not.
func (d *desk) had(key realcore.Key) *contact {
	if d.call != nil && d.call.key == key {
		return d.call.contact
	}
	for _, c := range d.late {
		if c.key == key {
			return c
		}
	}
	return nil
}

// deskView is a desk as pages and programs are shown it.
type deskView struct {
	Now    int64     `json:"now"`   // milliseconds since 1970 by the wall clock, as all times
	Speed  int       `json:"speed"` // how many times as fast the scenario's passes
	Agent  string    `json:"agent"`
	State  string    `json:"state"`
	Reason string    `json:"reason"`
	Since  int64     `json:"since"`
	Wants  *wishView `json:"wants"`
	Call   *callView `json:"call"`
}

type wishView struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
}

type callView struct {
	Contact   string     `json:"contact"`
	Stage     string     `json:"stage"`
	Since     int64      `json:"since"`
	Began     int64      `json:"began"`
	Number    string     `json:"number"`
	Queue     string     `json:"queue"`
	Direction string     `json:"direction"`
	Paused    bool       `json:"paused"`
	History   []pastView `json:"history"` // the caller's earlier contacts, the newest first
	Notes     []noteView `json:"notes"`   // of this contact
}

// view returns a desk as it is now; mu is held.
func (s *Server) view(a realcore.AgentID) deskView {
	d := &s.floor.desks[a]
	v := deskView{Now: milli(s.now()), Speed: s.host.Speed(), Agent: s.floor.plan.Agents[a].Name, State: d.state.String(), Reason: s.reasonName(d.reason), Since: s.wall(d.since)}
	if d.wants != nil {
		v.Wants = &wishView{d.wants.state.String(), s.reasonName(d.wants.reason)}
	}
	if c := d.call; c != nil {
		v.Call = &callView{Contact: keyText(c.key), Stage: c.stage.String(), Since: s.wall(c.since), Began: s.wall(c.began), Number: c.number,
			Queue: s.queueName(c.queue), Direction: c.dir.String(), Paused: c.paused, History: s.past.of(c.number, c.key), Notes: s.past.notesOf(c.key)}
	}
	return v
}

// reasonName is a reason as people name it: the core's own by its word, the plan's by the
// plan's.
func (s *Server) reasonName(r realcore.Reason) string {
	if i := int(r) - int(realcore.ReasonOwn); i >= 0 && i < len(s.floor.plan.Reasons) {
		return s.floor.plan.Reasons[i]
	}
	return r.String()
}

// reasonNamed is the opposite, for reasons that an agent may give.
func (s *Server) reasonNamed(name string) (realcore.Reason, bool) {
	if name == "" || name == realcore.ReasonBreak.String() {
		return realcore.ReasonBreak, true
	}
	for i, n := range s.floor.plan.Reasons {
		if n == name {
			return realcore.ReasonOwn + realcore.Reason(i), true
		}
	}
	return 0, false
}

func (s *Server) queueName(q realcore.QueueID) string {
	if q < 0 || int(q) >= len(s.floor.plan.Queues) {
		return ""
	}
	return s.floor.plan.Queues[q].Name
}

// keyText is a contact's key as it stands in JSON and addresses: a text, since browsers
// round large numbers.
func keyText(k realcore.Key) string { return strconv.FormatUint(uint64(k), 10) }

func keyOf(text string) (realcore.Key, bool) {
	k, err := strconv.ParseUint(text, 10, 64)
	return realcore.Key(k), err == nil
}
