package guard

import (
	"strconv"
	"strings"

	"callwright/sipua/dialog"
)

// ReplyTo is where the answer to a refused request goes: to the address it came from,
// at the port of its Via, or at its own if Rport.
type ReplyTo struct {
	Port  int // 0: 5060
	Rport bool
}

// refuse writes the answer to a request that is none, from what could be read of it:
// without Via, From, To, Call-ID and CSeq there is nobody to tell. A response is never
// answered, nor an ACK.
func (h *head) refuse(f *fault) Verdict {
	v := Verdict{Code: f.code, Why: f.why}
	method, _, ok := strings.Cut(h.start, " ")
	vias := h.get("via")
	if f.code == 0 || !ok || !token(method) || method == "ACK" || strings.HasPrefix(strings.ToUpper(h.start), "SIP/") || len(vias) == 0 || len(vias) > maxVias {
		v.Code = 0
		return v
	}
	top, bad := parseVia(vias[0], f.code == 505)
	if bad != nil || top.host == "" {
		v.Code = 0
		return v
	}
	var b strings.Builder
	b.WriteString("SIP/2.0 " + strconv.Itoa(f.code) + " " + dialog.Reason(f.code) + "\r\n")
	for _, s := range vias {
		b.WriteString("Via: " + s + "\r\n")
	}
	for _, name := range []string{"from", "to", "call-id", "cseq"} {
		list := h.get(name)
		if len(list) == 0 {
			v.Code = 0
			return v
		}
		b.WriteString(title[name] + ": " + list[0])
		if name == "to" && !strings.Contains(strings.ToLower(list[0]), ";tag=") {
			b.WriteString(";tag=refused") // no dialog comes of it, so any tag does
		}
		b.WriteString("\r\n")
	}
	b.WriteString("Content-Length: 0\r\n\r\n")
	v.Answer, v.Reply = []byte(b.String()), ReplyTo{top.port, top.rport}
	return v
}

var title = map[string]string{"from": "From", "to": "To", "call-id": "Call-ID", "cseq": "CSeq"}
