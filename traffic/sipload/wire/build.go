package wire

import (
	"bytes"
	"strconv"

	"callwright/sipua/dialog"
)

// Header is a header of the driver's.
type Header struct {
	Name  string
	Value []byte
}

// Extra is what an answer has beyond what every answer has.
type Extra struct {
	Headers []Header
	Contact []byte // name-addr; none: the call's, in answers that make or change a dialog
	Type    string // of Body; "": application/sdp
	Body    []byte
}

// answer writes a response (8.2.6) into m.w: what it copies it copies as it was, but for
// where the request came from, which the top Via says. It is the same for the same request.
func (m *Machine) answer(msg *Message, t *tx, code int, reason string, extra *Extra) []byte {
	if reason == "" {
		reason = dialog.Reason(code)
	}
	w := append(m.w[:0], "SIP/2.0 "...)
	w = strconv.AppendUint(w, uint64(code), 10)
	w = append(w, ' ')
	w = append(appendClean(w, []byte(reason)), "\r\n"...)
	w = appendVias(w, msg, t)
	w = appendLine(w, "From: ", msg.only(fromKind))
	w = append(append(w, "To: "...), msg.only(toKind)...)
	if code != 100 && len(msg.ToTag()) == 0 { // with a tag of ours, but in 100 (8.2.6.2)
		if t.tag == 0 {
			t.tag = m.cfg.Random()
		}
		w = appendToken(append(w, ";tag="...), t.tag, t.tagCall)
	}
	w = append(w, "\r\n"...)
	w = appendLine(w, "Call-ID: ", msg.only(callIDKind))
	w = appendLine(w, "CSeq: ", msg.only(cseqKind))
	dialogue := msg.method == "INVITE" && code > 100 && code < 300
	if dialogue && msg.first[recordRouteKind] > 0 {
		w = appendAll(w, "Record-Route: ", msg, recordRouteKind)
	}
	w = m.answerContact(w, t, dialogue, extra)
	if extra != nil {
		w = appendHeaders(w, extra.Headers)
	}
	if code == 405 || code/100 == 2 && (msg.method == "INVITE" || msg.method == "OPTIONS") {
		w = append(append(append(w, "Allow: "...), m.cfg.Allow...), "\r\n"...)
	}
	if m.cfg.Agent != "" {
		w = append(append(append(w, "Server: "...), m.cfg.Agent...), "\r\n"...)
	}
	if extra == nil {
		m.w = appendBody(w, "", nil)
	} else {
		m.w = appendBody(w, extra.Type, extra.Body)
	}
	return m.w
}

func (m *Machine) answerContact(w []byte, t *tx, dialogue bool, extra *Extra) []byte {
	var contact []byte
	if extra != nil {
		contact = extra.Contact
	}
	if len(contact) == 0 && dialogue {
		if c := m.call(t.call); c != nil {
			contact = m.part(c, ourPart)
		}
	}
	if len(contact) > 0 {
		w = append(appendClean(append(w, "Contact: "...), contact), "\r\n"...)
	}
	return w
}

// appendVias copies the Vias of a request, and writes into the top one where the request
// came from (18.2.1, RFC 3581 4).
func appendVias(w []byte, msg *Message, t *tx) []byte {
	v := &msg.via
	from := t.came().Remote
	w = append(append(w, "Via: "...), msg.b[v.all.at:v.params.at]...)
	if v.rport || v.received {
		w = appendParams(w, msg.of(v.params))
	} else {
		w = append(w, msg.of(v.params)...)
	}
	if v.rport {
		w = strconv.AppendUint(append(w, ";rport="...), uint64(from.Port()), 10)
	}
	var addr [48]byte
	a := from.Addr().AppendTo(addr[:0])
	if v.rport || string(a) != string(bytes.Trim(msg.of(v.host), "[]")) {
		w = append(append(w, ";received="...), a...)
	}
	i := int(msg.first[viaKind]) - 1
	w = append(append(w, msg.b[v.params.end:msg.lines[i].valueEnd]...), "\r\n"...)
	if msg.vias > 1 {
		for i++; i < msg.n; i++ {
			if l := &msg.lines[i]; l.kind == viaKind {
				w = appendLine(w, "Via: ", msg.b[l.value:l.valueEnd])
			}
		}
	}
	return w
}

// appendParams copies parameters but for received and rport.
func appendParams(w, p []byte) []byte {
	for len(p) > 0 {
		end, quoted := 1, false
		for ; end < len(p) && (quoted || p[end] != ';'); end++ {
			if p[end] == '"' {
				quoted = !quoted
			} else if quoted && p[end] == '\\' {
				end++
			}
		}
		end = min(end, len(p))
		name, _, _ := bytes.Cut(p[1:end], []byte{'='})
		if name = trim(name); !fold(name, "received") && !fold(name, "rport") {
			w = append(w, p[:end]...)
		}
		p = p[end:]
	}
	return w
}

func appendLine(w []byte, name string, value []byte) []byte {
	return append(append(append(w, name...), value...), "\r\n"...)
}

func appendAll(w []byte, name string, msg *Message, k kind) []byte {
	for i := range msg.n {
		if l := &msg.lines[i]; l.kind == k {
			w = appendLine(w, name, msg.b[l.value:l.valueEnd])
		}
	}
	return w
}

func appendHeaders(w []byte, headers []Header) []byte {
	for i := range headers {
		w = append(append(w, headers[i].Name...), ": "...)
		w = append(appendClean(w, headers[i].Value), "\r\n"...)
	}
	return w
}

func appendBody(w []byte, kind string, body []byte) []byte {
	if len(body) > 0 {
		if kind == "" {
			kind = "application/sdp"
		}
		w = append(append(append(w, "Content-Type: "...), kind...), "\r\n"...)
	}
	w = strconv.AppendUint(append(w, "Content-Length: "...), uint64(len(body)), 10)
	return append(append(w, "\r\n\r\n"...), body...)
}

// appendClean copies what the driver has given, without control characters, so that nothing
// can make a line of its own.
func appendClean(w, v []byte) []byte {
	at := len(w)
	w = append(w, v...)
	for i := at; i < len(w); i++ {
		if c := w[i]; c < ' ' && c != '\t' || c == 0x7f {
			w = append(w[:i], w[i+1:]...)
			i--
		}
	}
	return w
}

// appendToken writes 64 bits as 16 digits, and a number behind them if it is not 0: a tag or a
// branch that leads to its record.
func appendToken(w []byte, x uint64, n uint32) []byte {
	const hex = "0123456789abcdef"
	for range 16 {
		w = append(w, hex[x&15])
		x >>= 4
	}
	for ; n > 0; n >>= 4 {
		w = append(w, hex[n&15])
	}
	return w
}

// readToken reads one.
func readToken(b []byte) (x uint64, n uint32, ok bool) {
	if len(b) < 16 || len(b) > 24 {
		return 0, 0, false
	}
	for i := len(b) - 1; i >= 0; i-- {
		d := uint64(b[i])
		switch {
		case '0' <= d && d <= '9':
			d -= '0'
		case 'a' <= d && d <= 'f':
			d -= 'a' - 10
		default:
			return 0, 0, false
		}
		if i >= 16 {
			n = n<<4 | uint32(d)
		} else {
			x = x<<4 | d
		}
	}
	return x, n, true
}
