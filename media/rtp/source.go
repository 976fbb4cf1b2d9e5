package rtp

import (
	"net/netip"
	"time"
)

// Policy says where a leg's media may come from.
type Policy uint8

const (
	Auto   Policy = iota // SDP's address, or learned from the signalling source; see Source
	Strict               // SDP's address only: for trunks
)

// learnFrom is how many packets in order, of one SSRC and a negotiated type, an
// address that SDP does not name must show.
const learnFrom = 4

// Silence is how long we send to somebody who sends nothing back.
const Silence = 5 * time.Second

// Source says whose packets a leg listens to, and where it sends: a small state
// machine against two attacks, that a stranger's packets are heard and recorded, and
// that we are made to flood an address which never asked for it (RFC 8826, and
// RFC 5245 18.5.1's voice hammer).
//
//   - A packet from exactly the address in SDP locks the source to it at once.
//   - Where that address is private, or differs from where signalling came from (the
//     peer is behind NAT, or SDP names somebody else), signalling's address may be
//     locked to instead: after four packets in order, of one SSRC and a negotiated
//     type. With Strict it may not.
//   - Once locked, it stays until the next SDP, which opens learning again. Until
//     somebody locks then, the former source goes on being heard and sent to, if the
//     addresses in the new SDP are those of the old.
//   - All else is dropped, counted, and never sent to.
//
// Nothing is sent to multicast, broadcast or unspecified addresses, to ports below
// 1024, or to an address from which nothing came for five seconds, RTP or RTCP,
// unless it answered once and we told it not to send (hold).
//
// The zero Source knows nobody: it accepts nothing and sends nowhere.
type Source struct {
	Insist bool // goes on sending to an address from which nothing comes; not for a door that strangers may call at

	policy     Policy
	sdp        netip.AddrPort
	signalling netip.Addr
	locked     bool
	addr       netip.AddrPort // locked to, or else SDP's or the former source's
	learning   candidateSource

	expects bool          // we told it that it may send
	proven  bool          // addr has sent something
	quiet   time.Duration // since when nothing came from addr, or we began to send to it
	sending bool          // quiet is running

	foreign uint32
}

type candidateSource struct {
	addr netip.AddrPort
	ssrc uint32
	seq  uint16
	n    int
}

// Set takes in a new SDP: its address for RTP, the address its signalling came from
// (invalid if unknown), and whether the peer may send. now starts the five seconds.
func (s *Source) Set(now time.Duration, policy Policy, sdp netip.AddrPort, signalling netip.Addr, expects bool) {
	sdp = netip.AddrPortFrom(sdp.Addr().Unmap(), sdp.Port())
	signalling = signalling.Unmap()
	same := policy == s.policy && sdp == s.sdp && signalling == s.signalling
	if !same {
		s.addr, s.proven = sdp, false
	}
	if !same || expects != s.expects {
		s.quiet, s.sending = now, false
	}
	s.policy, s.sdp, s.signalling, s.expects = policy, sdp, signalling, expects
	s.locked, s.learning = false, candidateSource{}
}

// Packet reports whether a packet from an address is to be listened to. negotiated
// says that its payload type is one SDP agreed on.
func (s *Source) Packet(now time.Duration, from netip.AddrPort, p *Packet, negotiated bool) bool {
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	switch {
	case from == s.addr && (s.locked || from == s.sdp || s.proven):
		s.lock(now, from)
		return true
	case !s.locked && from == s.sdp:
		s.lock(now, from)
		return true
	case !s.locked && negotiated && s.mayLearn(from.Addr()) && s.learn(from, p):
		s.lock(now, from)
		return true
	}
	s.foreign++
	return false
}

// Control reports whether RTCP from an address is to be listened to: it comes from
// the machine whose RTP is, and proves that it is alive.
func (s *Source) Control(now time.Duration, from netip.AddrPort) bool {
	if !s.addr.IsValid() || from.Addr().Unmap() != s.addr.Addr() {
		s.foreign++
		return false
	}
	s.proven, s.quiet = true, now
	return true
}

func (s *Source) lock(now time.Duration, at netip.AddrPort) {
	s.locked, s.addr, s.proven, s.quiet, s.sending = true, at, true, now, true
}

func (s *Source) mayLearn(from netip.Addr) bool {
	return s.policy == Auto && from == s.signalling && s.sdp.IsValid() &&
		(Private(s.sdp.Addr()) || s.sdp.Addr() != s.signalling)
}

func (s *Source) learn(from netip.AddrPort, p *Packet) bool {
	c := &s.learning
	if c.n == 0 || c.addr != from || c.ssrc != p.SSRC || c.seq != p.Seq {
		*c = candidateSource{addr: from, ssrc: p.SSRC}
	}
	c.seq = p.Seq + 1
	c.n++
	return c.n >= learnFrom
}

// Target returns where to send at the instant now; ok is false when nobody may be
// sent to.
func (s *Source) Target(now time.Duration) (to netip.AddrPort, ok bool) {
	if !Sendable(s.addr) {
		return netip.AddrPort{}, false
	}
	if !s.sending { // the five seconds begin with the first packet
		s.sending, s.quiet = true, now
	}
	if now-s.quiet > Silence && !s.Insist && !(s.proven && !s.expects) {
		return netip.AddrPort{}, false
	}
	return s.addr, true
}

// Locked returns the address that is listened to; ok is false while learning.
func (s *Source) Locked() (at netip.AddrPort, ok bool) { return s.addr, s.locked }

// Foreign returns how many packets were dropped for where they came from.
func (s *Source) Foreign() uint32 { return s.foreign }

// Sendable reports whether media may be sent to an address at all.
func Sendable(a netip.AddrPort) bool {
	ip := a.Addr()
	return ip.IsValid() && !ip.IsUnspecified() && !ip.IsMulticast() &&
		ip != netip.AddrFrom4([4]byte{255, 255, 255, 255}) && a.Port() >= 1024
}

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

// Private reports whether an address means nothing outside its own network: RFC 1918,
// RFC 4193, RFC 6598, link-local and loopback.
func Private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || sharedSpace.Contains(a)
}
