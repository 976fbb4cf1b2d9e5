package wire

import "bytes"

// Limits of a message; those of sipua/guard.
const (
	MaxMessage = 65535 // bytes, as a datagram
	maxHeaders = 256
	maxLine    = 8192 // bytes of a header
	maxVias    = 70   // as Max-Forwards begins with; of addresses in a header too
	maxCallID  = 512
	maxURI     = 2048
)

// Message is where the parts of a datagram are. It points into the datagram and is good
// as long as that is. The zero Message is ready for Parse; a used one may be used again.
type Message struct {
	b     []byte
	lines [maxHeaders]line
	n     int
	first [kinds]uint16 // 1 + the number of the first line of a kind; 0: none

	request          bool
	code             int
	method           string // a request's own, or that of a response's CSeq
	uri, reason      span
	seq              uint32
	via              via
	vias             int
	from, to, target address // target is that of the first Contact
	bodyAt, bodyEnd  int
}

// span is a part of a message.
type span struct{ at, end int }

// line is one header: where its name begins and its value is.
type line struct {
	name, nameEnd   uint16
	value, valueEnd uint16
	kind            kind
}

func (s span) of(b []byte) []byte { return b[s.at:s.end] }

func (m *Message) of(s span) []byte { return s.of(m.b) }

// IsRequest tells a request from a response.
func (m *Message) IsRequest() bool { return m.request }

// Method is a request's method, or the one that a response is about.
func (m *Message) Method() string { return m.method }

// Code is a response's status code; 0 for a request.
func (m *Message) Code() int { return m.code }

// Reason is a response's reason phrase.
func (m *Message) Reason() []byte { return m.of(m.reason) }

// URI is a request's Request-URI.
func (m *Message) URI() []byte { return m.of(m.uri) }

// Seq is the number in CSeq.
func (m *Message) Seq() uint32 { return m.seq }

// CallID is the Call-ID.
func (m *Message) CallID() []byte { return m.only(callIDKind) }

// Branch is the top Via's; empty if it has none.
func (m *Message) Branch() []byte { return m.of(m.via.branch) }

// Vias is the number of Via values.
func (m *Message) Vias() int { return m.vias }

// From is the From header as it was written.
func (m *Message) From() []byte { return m.only(fromKind) }

// To is the To header.
func (m *Message) To() []byte { return m.only(toKind) }

// FromURI is the URI in From.
func (m *Message) FromURI() []byte { return m.of(m.from.uri) }

// ToURI is the URI in To.
func (m *Message) ToURI() []byte { return m.of(m.to.uri) }

// FromTag is the tag of From; empty without one.
func (m *Message) FromTag() []byte { return m.of(m.from.tag) }

// ToTag is the tag of To; empty without one.
func (m *Message) ToTag() []byte { return m.of(m.to.tag) }

// Contact is the URI of the first Contact, "*" for all; empty if there is none.
func (m *Message) Contact() []byte { return m.of(m.target.uri) }

// Body is what follows the headers, as long as Content-Length says.
func (m *Message) Body() []byte { return m.b[m.bodyAt:m.bodyEnd] }

// ContentType is what the body is.
func (m *Message) ContentType() []byte { return m.only(contentTypeKind) }

// SDP is the body if it is a session description, or else nil.
func (m *Message) SDP() []byte {
	if m.bodyAt == m.bodyEnd {
		return nil
	}
	t, _, _ := bytes.Cut(m.ContentType(), []byte{';'})
	if !fold(trim(t), "application/sdp") {
		return nil
	}
	return m.Body()
}

// Bytes is the datagram. Parse has put spaces where a header was folded.
func (m *Message) Bytes() []byte { return m.b }

// only returns the value of a header by its kind, that of the first line if there are
// more; nil if there is none.
func (m *Message) only(k kind) []byte {
	if i := m.first[k]; i > 0 {
		l := &m.lines[i-1]
		return m.b[l.value:l.valueEnd]
	}
	return nil
}

// Header returns the value of the first header of a name, in its long form, in any case;
// ok is false if there is none.
func (m *Message) Header(name string) (value []byte, ok bool) {
	value, next := m.Next(name, 0)
	return value, next > 0
}

// Next returns the value of the next header of a name from line at on, and the line
// after it, or 0 if there is none: for those that come more than once.
func (m *Message) Next(name string, at int) (value []byte, next int) {
	k, short := kindOf([]byte(name)), compactOf(name)
	for i := at; i < m.n; i++ {
		l := &m.lines[i]
		if l.kind == k && (k != otherKind || named(m.b[l.name:l.nameEnd], name, short)) {
			return m.b[l.value:l.valueEnd], i + 1
		}
	}
	return nil, 0
}

// named reports whether a line's name is this one, or its compact form.
func named(b []byte, name string, short byte) bool {
	return len(b) == 1 && b[0]|0x20 == short && short != 0 || bytes.EqualFold(b, []byte(name))
}

// adopt becomes what msg is, over a copy of its bytes.
func (m *Message) adopt(msg *Message, b []byte) {
	copy(m.lines[:msg.n], msg.lines[:msg.n])
	m.b, m.n, m.first, m.request, m.code, m.method, m.uri, m.reason, m.seq = b, msg.n, msg.first, msg.request, msg.code, msg.method, msg.uri, msg.reason, msg.seq
	m.via, m.vias, m.from, m.to, m.target, m.bodyAt, m.bodyEnd = msg.via, msg.vias, msg.from, msg.to, msg.target, len(b), len(b)
}

// values appends all addresses of the headers of a kind, in order, each as it was
// written.
func (m *Message) values(k kind, out [][]byte) [][]byte {
	if m.first[k] == 0 {
		return out
	}
	for i := int(m.first[k]) - 1; i < m.n; i++ {
		l := &m.lines[i]
		if l.kind != k {
			continue
		}
		for at := int(l.value); at < int(l.valueEnd); {
			_, end, next, err := readAddress(m.b, at, int(l.valueEnd))
			if err != nil {
				break
			}
			out = append(out, trim(m.b[at:end]))
			at = next
		}
	}
	return out
}
