package dialog

import (
	"github.com/emiago/sipgo/sip"
)

// Saved is what must be known of a call to end it after this process has died: plain
// data, for a file.
type Saved struct {
	CallID, Local, Remote, LocalTag, RemoteTag string
	Seq                                        uint32
	Target                                     string
	Routes                                     []string
	Flow                                       Flow
}

// Save returns what Orphan needs; ok is false for a call without a dialog.
func (c *Call) Save() (s Saved, ok bool) {
	if c.state != confirmed {
		return s, false
	}
	return Saved{c.id, c.local, c.remote, c.localTag, c.remoteTag, c.localSeq, c.target.String(), c.routes, c.flow}, true
}

// Orphan sends a BYE in a dialog that an earlier process had. Its number is well above
// what that may have used since it saved.
func (m *Machine) Orphan(now Instant, s Saved) []Out {
	m.begin(now)
	c := &Call{id: s.CallID, local: s.Local, remote: s.Remote, localTag: s.LocalTag, remoteTag: s.RemoteTag, localSeq: s.Seq + 1000, routes: s.Routes, flow: s.Flow, state: ending}
	if sip.ParseUri(s.Target, &c.target) != nil {
		return m.out
	}
	m.enter(c)
	m.sendBye(c, nil)
	return m.out
}
