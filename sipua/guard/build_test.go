package guard

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// Whatever the guard takes, what the dialogs write because of it is a message that the
// guard takes too, with no header that nobody wrote.
func FuzzBuild(f *testing.F) {
	invite := "INVITE sip:us@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKa\r\nRecord-Route: <sip:p;lr>, <sip:q;lr>\r\nFrom: \"a \\\" b\" <sip:a@b>;tag=1\r\nTo: <sip:us@c>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.2>\r\nContent-Length: 0\r\n\r\n"
	f.Add([]byte(good))
	f.Add([]byte(invite))
	f.Add([]byte(strings.Replace(invite, "Contact: <sip:a@127.0.0.2>", "m: <sip:%0d%0a@127.0.0.2;x=y?Route=%3Csip:z%3E>", 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		v := Datagram(b)
		if v.Message == nil {
			if v.Answer != nil && strings.Count(string(v.Answer), "\r\n\r\n") != 1 {
				t.Errorf("our refusal is %q", v.Answer)
			}
			return
		}
		n := uint64(0)
		m := dialog.New(dialog.Config{Random: func() uint64 { n++; return n }, SentBy: func(dialog.Flow) string { return "127.0.0.1:5060" }})
		flow := dialog.Flow{Remote: netip.MustParseAddrPort("127.0.0.2:5060")}
		var calls []*dialog.Call
		check := func(out []dialog.Out) {
			for _, o := range append([]dialog.Out(nil), out...) {
				if o.Call != nil {
					calls = append(calls, o.Call)
				}
				if o.Send == nil {
					continue
				}
				if v := Datagram(o.Send); v.Message == nil {
					t.Errorf("we send what is no message (%s):\n%q\nafter\n%q", v.Why, o.Send, b)
				} else if r, ok := v.Message.(*sip.Request); ok && len(r.GetHeaders("call-id")) != 1 {
					t.Errorf("we send %q", o.Send)
				}
			}
		}
		check(m.Receive(0, v.Message, flow))
		for _, c := range calls {
			check(m.Ring(1, c, 180, nil))
			check(m.Accept(2, c, "<sip:us@127.0.0.1:5060>", nil))
			check(m.Expire(40e9)) // no ACK: a BYE
		}
	})
}
