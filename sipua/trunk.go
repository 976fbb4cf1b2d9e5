package sipua

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
	"callwright/sipua/digest"
	"callwright/sipua/locate"
)

// trunkState is what is known of a trunk: who carries it now, whether it answers.
type trunkState struct {
	busy    int // calls on it
	out     int // of these, made by us
	addrs   []netip.AddrPort
	now     int // which of addrs is used
	down    bool
	nextAsk time.Time
	asking  bool

	callID  string
	seq     uint32
	nextReg time.Time
	backOff time.Duration
}

func (s *Server) full(i int) bool {
	n := s.cfg.Trunks[i].Lines
	return n > 0 && s.trunks[i].busy >= n
}

// outTrunk is the trunk to call out by: the contact's own, or the first that can.
func (s *Server) outTrunk(own int) int {
	if own >= 0 && s.cfg.Trunks[own].Target.Host != "" && !s.trunks[own].down {
		return own
	}
	for i := range s.cfg.Trunks {
		if s.cfg.Trunks[i].Target.Host != "" && !s.trunks[i].down && !s.full(i) {
			return i
		}
	}
	return -1
}

// trunkTo is the trunk to call a number by; an emergency call has any, were it full or
// thought to be down.
func (s *Server) trunkTo(number string) int {
	if i := s.outTrunk(-1); i >= 0 || !s.emergency(number) {
		return i
	}
	return slices.IndexFunc(s.cfg.Trunks, func(t Trunk) bool { return t.Target.Host != "" })
}

func (s *Server) emergency(number string) bool {
	return slices.Contains(s.cfg.Dial.Emergency, normal(number))
}

// beginTrunks looks up where the trunks are.
func (s *Server) beginTrunks() {
	for i := range s.cfg.Trunks {
		if s.cfg.Trunks[i].Target.Host != "" {
			s.resolve(i)
		}
	}
}

// resolve finds a trunk's addresses without holding up the loop: addresses as they are,
// names by SRV where no port is given (RFC 3263 4.2), then by address.
func (s *Server) resolve(i int) {
	t := s.cfg.Trunks[i]
	targets := append([]Target{t.Target}, t.Next...)
	if a, ok := literal(targets); ok {
		s.trunks[i].addrs = a
		return
	}
	s.readers.Add(1)
	go func() {
		defer s.readers.Done()
		ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
		defer cancel()
		var all []netip.AddrPort
		for _, x := range targets {
			list, err := locate.Addrs(ctx, net.DefaultResolver, x.Host, x.Port, x.Transport)
			if all = append(all, list...); err != nil {
				s.cfg.Log.Warn("a trunk's server is not found", "trunk", t.Name, "err", err)
			}
		}
		s.do(false, func() { s.trunks[i].addrs = all })
	}()
}

func literal(list []Target) (out []netip.AddrPort, ok bool) {
	for _, t := range list {
		a, ok := locate.Literal(t.Host, t.Port, t.Transport)
		if !ok {
			return nil, false
		}
		out = append(out, a)
	}
	return out, true
}

// trunkFlow is by what requests to a trunk go now.
func (s *Server) trunkFlow(i int) (dialog.Flow, bool) {
	t := &s.trunks[i]
	if len(t.addrs) == 0 {
		return dialog.Flow{}, false
	}
	f := dialog.Flow{Transport: dialog.UDP, Remote: t.addrs[t.now%len(t.addrs)]}
	for k := range s.cfg.Listeners {
		if s.cfg.Listeners[k].Transport == s.cfg.Trunks[i].Target.Transport {
			f.Transport, f.Listener = s.cfg.Listeners[k].Transport, k
			return f, true
		}
	}
	return f, s.cfg.Trunks[i].Target.Transport == dialog.UDP
}

// renewTrunks asks each trunk whether it is there, and renews registrations; every
// second.
func (s *Server) renewTrunks() {
	now := time.Now()
	for i := range s.trunks {
		t, cfg := &s.trunks[i], &s.cfg.Trunks[i]
		if cfg.Target.Host == "" || len(t.addrs) == 0 {
			continue
		}
		if !t.asking && now.After(t.nextAsk) {
			s.askTrunk(i)
		}
		if cfg.Register > 0 && now.After(t.nextReg) {
			s.registerTrunk(i)
		}
	}
}

// askTrunk sends OPTIONS; a trunk that does not answer is down, and the next of its
// addresses is tried.
func (s *Server) askTrunk(i int) {
	t := &s.trunks[i]
	flow, ok := s.trunkFlow(i)
	if !ok {
		return
	}
	t.asking = true
	host := s.cfg.Trunks[i].Target.Host
	me := "<sip:callwright@" + s.hostFor(flow) + ">"
	_, out := s.m.Send(s.now(), dialog.Request{Method: sip.OPTIONS, Target: sip.Uri{Scheme: "sip", Host: host, Port: s.cfg.Trunks[i].Target.Port}, Flow: flow,
		From: me, To: "<sip:" + host + ">", Data: trunkAsk{i, func(code int) {
			t.asking, t.nextAsk = false, time.Now().Add(s.cfg.Keepalive)
			down := code == 0 || code == 503
			if down != t.down {
				s.cfg.Log.Warn("trunk", "name", s.cfg.Trunks[i].Name, "down", down)
			}
			if t.down = down; down {
				t.now++
			}
		}}})
	s.run(out)
}

// registerTrunk registers us with a trunk (10.2); after a failure it waits longer each
// time, from 30 s up to 30 min (RFC 5626 4.5).
func (s *Server) registerTrunk(i int) {
	t, cfg := &s.trunks[i], &s.cfg.Trunks[i]
	flow, ok := s.trunkFlow(i)
	if !ok {
		return
	}
	if t.callID == "" {
		t.callID = itoa(int(random() >> 1))
	}
	t.seq += 2 // a challenge uses the next one
	t.nextReg = time.Now().Add(time.Minute)
	domain := cfg.Domain
	if domain == "" {
		domain = cfg.Target.Host
	}
	aor := "<sip:" + cfg.User + "@" + domain + ">"
	seconds := itoa(int(cfg.Register.Seconds()))
	_, out := s.m.Send(s.now(), dialog.Request{Method: sip.REGISTER, Target: sip.Uri{Scheme: "sip", Host: domain, Port: portIn(cfg, domain)}, Flow: flow,
		From: aor, To: aor, CallID: t.callID, Seq: t.seq, Headers: []sip.Header{sip.NewHeader("Contact", s.contactFor(flow, cfg.User)), sip.NewHeader("Expires", seconds)},
		Data: trunkAsk{i, func(code int) {
			if code/100 == 2 {
				t.backOff = 0
				t.nextReg = time.Now().Add(cfg.Register * 8 / 10)
				return
			}
			t.backOff = min(max(2*t.backOff, 30*time.Second), 30*time.Minute)
			t.nextReg = time.Now().Add(t.backOff)
			s.cfg.Log.Warn("trunk refuses our registration", "name", cfg.Name, "code", code, "again in", t.backOff)
		}}})
	s.run(out)
}

// portIn is the port of a trunk's domain: the target's, where the two are the same.
func portIn(t *Trunk, domain string) int {
	if domain == t.Target.Host {
		return t.Target.Port
	}
	return 0
}

// trunkAsk is a request of ours to a trunk: its challenge may be answered with the trunk's
// secret, and no one else's.
type trunkAsk struct {
	trunk int
	done  func(code int)
}

// credentials answers challenges from configured trunks and their realms alone.
func (s *Server) credentials(call *dialog.Call, ask *dialog.Ask, req *sip.Request, res *sip.Response) sip.Header {
	i := -1
	if l := legOf(call); l != nil {
		i = l.trunk
	} else if ask != nil {
		if x, ok := ask.Data.(trunkAsk); ok {
			i = x.trunk
		}
	}
	if i < 0 || s.cfg.Trunks[i].User == "" {
		return nil
	}
	name, ours := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		name, ours = "Proxy-Authenticate", "Proxy-Authorization"
	}
	t := &s.cfg.Trunks[i]
	for _, h := range res.GetHeaders(name) {
		if v, ok := digest.Authorize(h.Value(), string(req.Method), req.Recipient.String(), t.User, t.Secret, t.Realms, itoa(int(random()>>1)), 1); ok {
			return sip.NewHeader(ours, v)
		}
	}
	return nil
}
