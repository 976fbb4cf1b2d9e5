package guard

import (
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Verdict is what became of bytes.
type Verdict struct {
	Message sip.Message // nil: none
	Code    int         // to answer a request with; 0: no answer
	Why     string      // for the log, in our words: nothing of the message
	Answer  []byte      // the answer, if its sender can be told
	Reply   ReplyTo     // where to
}

// Datagram reads a UDP datagram.
func Datagram(b []byte) Verdict {
	if len(b) > MaxMessage {
		return Verdict{Why: "too long"}
	}
	return message(b, false)
}

// message reads one message; on a stream its body has been cut to length.
func message(b []byte, stream bool) Verdict {
	if !looksLikeSIP(b) {
		return Verdict{Why: "no SIP"}
	}
	h, f := read(b)
	if f == nil {
		f = h.check(stream)
	}
	if f != nil {
		return h.refuse(f)
	}
	b = b[:len(b)-len(h.body)+h.length()]
	msg, err := sip.ParseMessage(b)
	if err != nil {
		return h.refuse(bad("the parser refuses it"))
	}
	if r, ok := msg.(*sip.Request); ok {
		r.SipVersion = "SIP/2.0"
	}
	if msg.Via() == nil || msg.From() == nil || msg.To() == nil || msg.CallID() == nil || msg.CSeq() == nil {
		return h.refuse(bad("a header that every message has does not parse"))
	}
	if !h.sameVia(msg.Via()) {
		return h.refuse(bad("a via that the parser reads otherwise"))
	}
	return Verdict{Message: msg}
}

// sameVia reports whether the parser has read the top Via as we have: answers go by it.
func (h *head) sameVia(v *sip.ViaHeader) bool {
	ours, f := parseVia(h.get("via")[0], false)
	return f == nil && v.Host != "" && strings.EqualFold(strings.Trim(v.Host, "[] \t"), strings.Trim(ours.host, "[] \t")) && v.Port == ours.port
}

// looksLikeSIP keeps what is not meant for us from being answered: other protocols'
// first bytes, and noise. A first line that ends in SIP/ and a version is enough.
func looksLikeSIP(b []byte) bool {
	n := min(len(b), maxLine)
	for i := range n {
		if b[i] == '\r' || b[i] == '\n' {
			n = i
			break
		}
	}
	line := strings.ToUpper(string(b[:n]))
	return strings.HasPrefix(line, "SIP/") || strings.Contains(line, " SIP/")
}

// check applies the rules that every message must keep.
func (h *head) check(stream bool) *fault {
	method, f := h.startLine()
	if f != nil {
		return f
	}
	for _, name := range []string{"from", "to", "call-id", "cseq"} {
		if n := len(h.get(name)); n != 1 {
			return bad("not one " + name)
		}
	}
	for _, name := range []string{"content-length", "max-forwards", "content-type"} {
		if n := len(h.get(name)); n > 1 {
			return bad("more than one " + name)
		}
	}
	for _, rule := range []func() *fault{h.vias, func() *fault { return h.cseq(method) }, h.addresses, h.forwards, h.expires, func() *fault { return h.contentLength(stream) }} {
		if f := rule(); f != nil {
			return f
		}
	}
	if id := h.get("call-id")[0]; id == "" || len(id) > 512 || strings.ContainsAny(id, " \t,") {
		return bad("Call-ID")
	}
	return nil
}

// startLine returns a request's method, or "" for a response.
func (h *head) startLine() (string, *fault) {
	if strings.HasPrefix(strings.ToUpper(h.start), "SIP/") {
		f := strings.SplitN(h.start, " ", 3)
		if len(f) < 2 || !strings.EqualFold(f[0], "SIP/2.0") || len(f[1]) != 3 {
			return "", &fault{0, "status line"}
		}
		if n, err := strconv.Atoi(f[1]); err != nil || n < 100 || n > 699 {
			return "", &fault{0, "status code"}
		}
		return "", nil
	}
	f := strings.Split(h.start, " ")
	if len(f) != 3 || !token(f[0]) || f[1] == "" {
		return "", bad("request line")
	}
	if !strings.EqualFold(f[2], "SIP/2.0") {
		return f[0], &fault{505, "version"}
	}
	if len(f[1]) > 2048 {
		return f[0], &fault{414, "Request-URI"}
	}
	return f[0], checkURI(f[1])
}

// vias checks the top Via: an address to answer to must be in it (18.2.2).
func (h *head) vias() *fault {
	list := h.get("via")
	n := 0
	for _, v := range list {
		n += 1 + strings.Count(v, ",")
	}
	switch {
	case n == 0:
		return bad("no via")
	case n > maxVias:
		return &fault{513, "too many vias"}
	}
	v, f := parseVia(list[0], false)
	if f != nil {
		return f
	}
	if v.host == "" {
		return bad("via without an address")
	}
	return nil
}

// via is the top Via as far as it says where to answer.
type via struct {
	host  string
	port  int // 0: none
	rport bool
}

// parseVia reads it; of any version if its sender is only to be told so.
func parseVia(s string, anyVersion bool) (v via, f *fault) {
	s, _, _ = strings.Cut(s, ",")
	proto, rest, _ := strings.Cut(strings.TrimLeft(s, " \t"), " ")
	if p := strings.ToUpper(proto); !strings.HasPrefix(p, "SIP/2.0/") && !(anyVersion && strings.HasPrefix(p, "SIP/")) { // "SIP / 2.0 / UDP" is allowed (25.1)
		if i := strings.LastIndexByte(s[:strings.IndexByte(s+";", ';')], '/'); i >= 0 && strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(s[:i]), " ", ""), "\t", "") == "SIP/2.0" {
			_, rest, _ = strings.Cut(strings.TrimLeft(s[i+1:], " \t"), " ")
		} else {
			return v, bad("via of another version")
		}
	}
	sentBy, params, _ := strings.Cut(rest, ";")
	sentBy = strings.TrimSpace(sentBy)
	for _, p := range strings.Split(params, ";") {
		if k, _, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(strings.TrimSpace(k), "rport") {
			v.rport = true
		}
	}
	host, port := sentBy, ""
	if strings.HasPrefix(sentBy, "[") {
		i := strings.IndexByte(sentBy, ']')
		if i < 0 {
			return v, bad("via address")
		}
		host, port = sentBy[:i+1], strings.TrimPrefix(strings.TrimSpace(sentBy[i+1:]), ":")
	} else if a, b, ok := strings.Cut(sentBy, ":"); ok {
		host, port = strings.TrimSpace(a), strings.TrimSpace(b)
	}
	v.host = host
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return v, bad("via port")
		}
		v.port = int(n)
	}
	return v, nil
}

// cseq checks the number, below 2^31 (8.1.1.5), and that the method is the request's.
func (h *head) cseq(method string) *fault {
	f := strings.Fields(h.get("cseq")[0])
	if len(f) != 2 || !digits(f[0]) {
		return bad("CSeq")
	}
	if n, err := strconv.ParseUint(f[0], 10, 32); err != nil || n >= 1<<31 {
		return bad("CSeq number")
	}
	if method != "" && f[1] != method {
		return bad("CSeq of another method")
	}
	return nil
}

// forwards checks Max-Forwards: 0 to 255 (20.22).
func (h *head) forwards() *fault {
	if v := h.get("max-forwards"); len(v) == 1 {
		if n, err := strconv.ParseUint(v[0], 10, 16); err != nil || !digits(v[0]) || n > 255 {
			return bad("Max-Forwards")
		}
	}
	return nil
}

// expires checks Expires, a number of seconds (20.19).
func (h *head) expires() *fault {
	if v := h.get("expires"); len(v) > 0 && !digits(v[0]) {
		return bad("Expires")
	}
	return nil
}

// contentLength checks the length that the message says: what follows must be so long
// at least; on UDP what is more is no part of it (18.3).
func (h *head) contentLength(stream bool) *fault {
	v := h.get("content-length")
	switch {
	case len(v) == 0 && stream:
		return bad("no Content-Length")
	case len(v) == 0:
		return nil
	case !digits(v[0]):
		return bad("Content-Length")
	}
	if n, err := strconv.ParseUint(v[0], 10, 32); err != nil || n > uint64(len(h.body)) {
		return bad("Content-Length beyond the end")
	}
	return nil
}

// length is that of the body.
func (h *head) length() int {
	if v := h.get("content-length"); len(v) == 1 {
		n, _ := strconv.Atoi(v[0])
		return n
	}
	return len(h.body)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
