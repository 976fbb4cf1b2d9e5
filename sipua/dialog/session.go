package dialog

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Session is our side of the session descriptions of one call (RFC 3264): what we
// offered, what was agreed, and the version that each change raises.
type Session struct {
	id      uint64
	version uint64
	body    string // last sent, but for the o= line
	agreed  Codec  // once agreed, later offers name it first
	mine    Codec  // the payload numbers of our own last offer
	lines   []line
}

// line is one m= line of the call: later descriptions keep their number and order
// (RFC 3264 8).
type line struct {
	media, proto string
	formats      []string
	audio        bool // the one that is used
}

// Law is which of the two laws of G.711 a stream has.
type Law uint8

// The laws, by the names that rtpmap knows them by.
const (
	NoLaw Law = iota
	PCMU
	PCMA
)

func (l Law) String() string { return [...]string{"none", "PCMU", "PCMA"}[l] }

// Codec is what the audio is coded in.
type Codec struct {
	Law     Law
	Payload uint8 // the payload type number that the peer wants it under
	Event   uint8 // that of telephone events (RFC 4733) at 8 kHz; 0: none agreed
}

// Media is the audio of a call as agreed.
type Media struct {
	Remote   netip.AddrPort // where the peer wants its audio; not valid where it gave a name, or 0.0.0.0
	RTCP     netip.AddrPort // and its reports (RFC 3605), or the next port
	Send     Codec          // the peer's numbers
	Receive  Codec          // ours
	ToPeer   bool           // the peer wants to hear us
	FromPeer bool           // the peer sends
	Hold     bool           // the peer has put us on hold, in either notation
}

// ErrNoAudio says that a description has no audio that we can use: 488.
var ErrNoAudio = errors.New("no audio line with PCMU or PCMA over RTP/AVP")

// Direction is what we want to do.
type Direction uint8

// The directions.
const (
	SendRecv Direction = iota
	SendOnly
	RecvOnly
	Inactive
)

func (d Direction) String() string {
	return [...]string{"sendrecv", "sendonly", "recvonly", "inactive"}[d]
}

// NewSession returns a Session with an id that no other of this host has.
func NewSession(id uint64) *Session { return &Session{id: id >> 1} }

// eventPayload is what our offers call telephone events.
const eventPayload = 101

// Offer writes an offer with audio at local. Lines that were agreed earlier keep
// their place.
func (s *Session) Offer(local netip.AddrPort, want Direction) []byte {
	s.mine = Codec{Law: PCMU, Payload: 0, Event: eventPayload}
	laws := []Law{PCMU, PCMA}
	if s.agreed.Law != NoLaw {
		laws = []Law{s.agreed.Law}
	}
	if len(s.lines) == 0 {
		s.lines = []line{{media: "audio", audio: true}}
	}
	var b strings.Builder
	for i := range s.lines {
		if l := &s.lines[i]; !l.audio {
			refuseLine(&b, l)
			continue
		}
		var formats []string
		for _, l := range laws {
			formats = append(formats, strconv.Itoa(int(payloadOf(l))))
		}
		fmt.Fprintf(&b, "m=audio %d RTP/AVP %s %d\r\n", local.Port(), strings.Join(formats, " "), eventPayload)
		for _, l := range laws {
			fmt.Fprintf(&b, "a=rtpmap:%d %v/8000\r\n", payloadOf(l), l)
		}
		audioEnd(&b, eventPayload, want)
	}
	return s.write(local, b.String())
}

func payloadOf(l Law) uint8 {
	if l == PCMA {
		return 8
	}
	return 0
}

func audioEnd(b *strings.Builder, event uint8, want Direction) {
	if event != 0 {
		fmt.Fprintf(b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", event, event)
	}
	fmt.Fprintf(b, "a=ptime:20\r\na=%v\r\n", want)
}

func refuseLine(b *strings.Builder, l *line) {
	fmt.Fprintf(b, "m=%s 0 %s %s\r\n", l.media, l.proto, strings.Join(l.formats, " "))
}

// write puts the session's part before the media's, under a new version if anything
// but the version differs from what was sent last (RFC 3264 8).
func (s *Session) write(local netip.AddrPort, media string) []byte {
	kind, addr := "IP4", local.Addr().Unmap()
	if addr.Is6() {
		kind = "IP6"
	}
	body := fmt.Sprintf("s=-\r\nc=IN %s %s\r\nt=0 0\r\n%s", kind, addr, media)
	if body != s.body {
		s.version++
		s.body = body
	}
	return fmt.Appendf(nil, "v=0\r\no=callwright %d %d IN %s %s\r\n%s", s.id, s.version, kind, addr, body)
}

// Answer reads the peer's offer and writes our answer: the first audio line with one
// of our codecs over RTP/AVP is taken, all others are refused with port 0 (T.38 too),
// each in its place; payload numbers are the offerer's. What the peer has put on hold
// is answered recvonly, or inactive where it hears nothing either (RFC 3264 6.1).
// want is what we would do if the peer let us.
func (s *Session) Answer(offer []byte, local netip.AddrPort, want Direction) ([]byte, Media, error) {
	d, err := parse(offer)
	if err != nil {
		return nil, Media{}, err
	}
	var lines []line
	var m Media
	taken := -1
	for i := range d.media {
		md := &d.media[i]
		l := line{media: md.media, proto: md.proto, formats: md.formats}
		if taken < 0 {
			if got, ok := audio(d, md); ok {
				m, taken, l.audio = got, i, true
			}
		}
		lines = append(lines, l)
	}
	if taken < 0 {
		return nil, Media{}, ErrNoAudio
	}
	s.lines, s.agreed = lines, m.Send
	m.Receive = m.Send
	dir := answerTo(m, want)
	m.ToPeer, m.FromPeer = m.ToPeer && dir.sends(), m.FromPeer && dir.receives()
	var b strings.Builder
	for i := range lines {
		if i != taken {
			refuseLine(&b, &lines[i])
			continue
		}
		fmt.Fprintf(&b, "m=audio %d RTP/AVP %d", local.Port(), m.Send.Payload)
		if m.Send.Event != 0 {
			fmt.Fprintf(&b, " %d", m.Send.Event)
		}
		fmt.Fprintf(&b, "\r\na=rtpmap:%d %v/8000\r\n", m.Send.Payload, m.Send.Law)
		audioEnd(&b, m.Send.Event, dir)
	}
	return s.write(local, b.String()), m, nil
}

func (d Direction) sends() bool    { return d == SendRecv || d == SendOnly }
func (d Direction) receives() bool { return d == SendRecv || d == RecvOnly }

// answerTo is the direction of an answer: what we want, as far as the peer's goes.
func answerTo(m Media, want Direction) Direction {
	return directionOf(want.sends() && m.ToPeer, want.receives() && m.FromPeer)
}

func directionOf(send, receive bool) Direction {
	switch {
	case send && receive:
		return SendRecv
	case send:
		return SendOnly
	case receive:
		return RecvOnly
	}
	return Inactive
}

// Accept reads the peer's answer to our last offer.
func (s *Session) Accept(answer []byte) (Media, error) {
	d, err := parse(answer)
	if err != nil {
		return Media{}, err
	}
	for i := range d.media {
		if i >= len(s.lines) || !s.lines[i].audio {
			continue
		}
		m, ok := audio(d, &d.media[i])
		if !ok {
			break
		}
		s.agreed = m.Send
		m.Receive = Codec{Law: m.Send.Law, Payload: payloadOf(m.Send.Law)}
		if m.Send.Event != 0 {
			m.Receive.Event = eventPayload
		}
		return m, nil
	}
	return Media{}, ErrNoAudio
}

// audio reads one m= line, if it is audio that we can use.
func audio(d *description, md *mediaLine) (m Media, ok bool) {
	if md.media != "audio" || md.proto != "RTP/AVP" || md.port <= 0 {
		return m, false
	}
	if m.Send, ok = codecOf(md); !ok {
		return m, false
	}
	host := md.conn
	if host == "" {
		host = d.conn
	}
	if host == "" {
		return m, false
	}
	dir := direction(d, md)
	m.ToPeer, m.FromPeer = dir.receives(), dir.sends()
	addr, err := netip.ParseAddr(host)
	switch {
	case err != nil: // a name: the peer is heard before it is sent to
	case addr.IsUnspecified(): // the old notation of hold (RFC 2543 B.5)
		m.ToPeer = false
	case addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) || addr.Zone() != "":
		return m, false
	default:
		m.Remote = netip.AddrPortFrom(addr.Unmap(), uint16(md.port))
		m.RTCP = rtcpOf(md, m.Remote)
	}
	m.Hold = !m.ToPeer
	return m, true
}

// rtcpOf is where reports go: a=rtcp (RFC 3605) at the same address, or the next port.
func rtcpOf(md *mediaLine, remote netip.AddrPort) netip.AddrPort {
	if v, ok := md.attribute("rtcp"); ok {
		port, _, _ := strings.Cut(strings.TrimSpace(v), " ")
		if n, err := strconv.ParseUint(port, 10, 16); err == nil && n >= 1024 {
			return netip.AddrPortFrom(remote.Addr(), uint16(n))
		}
	}
	if remote.Port() == 65535 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(remote.Addr(), remote.Port()+1)
}

// codecOf takes the first of the line's formats that is ours, and its telephone
// events. Static numbers need no rtpmap (RFC 3551 6); a number that an rtpmap calls
// something else is that.
func codecOf(md *mediaLine) (c Codec, ok bool) {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"}
	for _, a := range md.attrs {
		if a.key != "rtpmap" {
			continue
		}
		if pt, name, found := strings.Cut(a.value, " "); found {
			names[pt] = strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(name), "/1"))
		}
	}
	for _, f := range md.formats {
		n, err := strconv.ParseUint(f, 10, 8)
		if err != nil || n > 127 {
			continue
		}
		switch names[f] {
		case "PCMU/8000":
			c.take(PCMU, uint8(n))
		case "PCMA/8000":
			c.take(PCMA, uint8(n))
		case "TELEPHONE-EVENT/8000":
			if c.Event == 0 {
				c.Event = uint8(n)
			}
		}
	}
	return c, c.Law != NoLaw
}

func (c *Codec) take(l Law, payload uint8) {
	if c.Law == NoLaw {
		c.Law, c.Payload = l, payload
	}
}

// direction is the first direction of the line, or else of the session.
func direction(d *description, md *mediaLine) Direction {
	for _, list := range [][]attribute{md.attrs, d.attrs} {
		for _, a := range list {
			for dir := SendRecv; dir <= Inactive; dir++ {
				if a.key == dir.String() {
					return dir
				}
			}
		}
	}
	return SendRecv
}
