package sipua

import (
	"net/netip"
	"time"

	"callwright/media"
	"callwright/media/rtp"
	"callwright/realcore"
	"callwright/sipua/dialog"
)

// leg is one side of a call: a dialog and the audio that belongs to it.
type leg struct {
	call     *dialog.Call
	session  *dialog.Session
	audio    *media.Leg
	role     role
	trunk    int // of Config.Trunks, or -1
	of       *contact
	ringing  *ringing // an agent's, before he answers
	offered  bool     // the peer gave its description in the INVITE
	awaiting bool     // our offer is in a 2xx, and its answer in the ACK to come
	offer    []byte
	up       bool      // answered
	probe    time.Time // when its peer is asked next whether it is there
	held     bool      // the peer has put us on hold
	handing  bool      // the peer waits to hear what became of his transfer
	ended    bool
	speaking bool          // an announcement is being played
	next     []*media.Clip // and these after it
	tries    int           // of a leg by a trunk: addresses tried before
	addr     int           // and the one it was sent to
	out      bool          // it counts among the trunk's calls out
	number   string        // and whom it calls, from whom
	from     string
	sentOn   bool // a redirection asked for it
}

// role is what a leg is to its contact.
type role uint8

const (
	customer role = iota
	agentSide
	vendor
)

func (r role) String() string { return [...]string{"customer", "agent", "vendor"}[r] }

// agentOf is whose leg it is.
func (c *contact) agentOf(l *leg) realcore.AgentID {
	if l.role == agentSide {
		return c.agentID
	}
	return realcore.None
}

// contact is one of the centre's contacts as the door sees it.
type contact struct {
	key      realcore.Key
	ref      realcore.Ref
	queue    realcore.QueueID
	ani      string // who calls, as shown to agents
	number   string // to be rung back
	came     bool   // from outside
	hops     int    // its Max-Forwards then, less one
	trunk    int    // by which he came, or is rung
	customer *leg
	agent    *leg
	agentID  realcore.AgentID
	vendor   *leg
	bridge   *media.Bridge
	tape     *media.Recording
	waiting  bool     // hears music
	by       string   // who had it called out, if anybody
	allowed  bool     // MayDial has been asked
	straight bool     // the centre does not know it: straight.go
	dialler  *leg     // the agent's, who has dialled it and waits
	from     *contact // of a straight call: whose customer is handed on to it
	handedTo *contact // and the other way round
	cause    int      // the status code to refuse with, if it comes to that
	closed   bool
}

// newLeg opens the audio of a leg.
func (s *Server) newLeg(r role, of *contact, trunk int) (*leg, error) {
	a, err := s.media.Open()
	if err != nil {
		return nil, err
	}
	l := &leg{role: r, of: of, trunk: trunk, audio: a, session: dialog.NewSession(random())}
	s.legs[l] = true
	a.On(func(e media.Event) { s.do(false, func() { s.heard(l, e) }) })
	return l, nil
}

// local is the address of a leg's audio, as its peer is told.
func (s *Server) local(l *leg, flow dialog.Flow) netip.AddrPort {
	return netip.AddrPortFrom(s.addrFor(flow), uint16(l.audio.Port()))
}

// agree tells the audio what has been agreed.
func (s *Server) agree(l *leg, m dialog.Media, flow dialog.Flow) {
	if l.call != nil {
		s.orphans.opened(l.call)
	}
	p := media.Params{Remote: m.Remote, RemoteRTCP: m.RTCP, Signalling: flow.Remote.Addr(), Send: m.ToPeer, Receive: m.FromPeer,
		SendType: m.Send.Payload, ReceiveType: m.Receive.Payload, SendEvent: m.Send.Event, ReceiveEvent: m.Receive.Event}
	if m.Send.Law == dialog.PCMA {
		p.Codec = rtp.PCMA
	}
	if l.trunk >= 0 {
		p.Source = rtp.Strict
	}
	l.audio.Set(p)
}

// endLeg hangs up on whoever is there and gives the audio back.
func (s *Server) endLeg(l *leg) {
	if l.ended {
		return
	}
	s.closeLeg(l)
	if l.call == nil {
		return
	}
	if !l.up && l.role == customer && l.of != nil && l.of.cause != 0 {
		s.run(s.m.Refuse(s.now(), l.call, l.of.cause, "", comeAgain(l.of.cause)))
	}
	s.run(s.m.Bye(s.now(), l.call))
}

// closeLeg is endLeg for a call that is over already.
func (s *Server) closeLeg(l *leg) {
	if l.ended {
		return
	}
	l.ended = true
	delete(s.legs, l)
	if l.call != nil {
		s.orphans.closed(l.call)
	}
	if l.of != nil {
		s.unjoin(l.of)
		if l.role == customer {
			s.stopRecording(l.of)
		}
	}
	q := l.audio.Close()
	if s.cfg.Quality != nil && l.of != nil && l.up {
		s.cfg.Quality(LegQuality{Key: l.of.key, Side: l.role.String(), Agent: l.of.agentOf(l), Ended: time.Now(), Quality: q})
	}
	if l.trunk >= 0 {
		s.trunks[l.trunk].busy--
		if l.out {
			s.trunks[l.trunk].out--
		}
	}
}

// join lets two legs of a contact hear each other.
func (s *Server) join(c *contact, a, b *leg) {
	s.unjoin(c)
	a.audio.Stop()
	b.audio.Stop()
	c.waiting = false
	c.bridge = s.media.Join(a.audio, b.audio)
}

func (s *Server) unjoin(c *contact) {
	if c.bridge != nil {
		c.bridge.Part()
		c.bridge = nil
	}
}
