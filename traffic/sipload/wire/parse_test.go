package wire

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"callwright/internal/shared"
	"callwright/sipua/guard"
)

// What RFC 3261 7.3 and 25 allow is read for what it says.
func TestParse(t *testing.T) {
	var m Message
	raw := "INVITE sip:us@[2001:db8::1]:5070;transport=udp SIP/2.0\r\n" +
		"v : SIP / 2.0 / UDP [2001:db8::2] : 5080 ; Branch = z9hG4bKa ;rport;x=\"a;branch=no, b\" , SIP/2.0/UDP second;branch=z9hG4bKb\r\n" +
		"VIA: SIP/2.0/UDP third\r\n" +
		"f: \"a \\\"quoted\\\" <name>;tag=no\"\r\n <sip:a@b;tag=no> ;\r\n\tTag = yes;other\r\n" +
		"t: sip:us@c;x=y\r\n" +
		"i: id@host\r\nCSEQ:  7  \t INVITE\r\n" +
		"m: \"x, y\" <sip:me@10.0.0.1:5061;lr?a=b>;q=1, <sip:second@c>\r\n" +
		"Record-Route: <sip:p1;lr>, \"q, r\" <sip:p2;lr>;x\r\nrecord-ROUTE: <sip:p3>\r\n" +
		"Subject:\r\nk: timer\r\nX-Own: 1\r\nx-own: 2\r\n" +
		"c: Application/SDP ; charset=x\r\nl: 3\r\n\r\nv=0rest"
	if err := m.Parse([]byte(raw)); err != nil {
		t.Fatal(err)
	}
	supported, _ := m.Header("Supported")
	one, next := m.Next("x-own", 0)
	two, _ := m.Next("x-own", next)
	routes := m.values(recordRouteKind, nil)
	for _, c := range []struct{ what, got, want string }{
		{"method", m.Method(), "INVITE"},
		{"URI", string(m.URI()), "sip:us@[2001:db8::1]:5070;transport=udp"},
		{"branch", string(m.Branch()), "z9hG4bKa"},
		{"Via host", string(m.of(m.via.host)), "[2001:db8::2]"},
		{"From tag", string(m.FromTag()), "yes"},
		{"From URI", string(m.FromURI()), "sip:a@b;tag=no"},
		{"To tag", string(m.ToTag()), ""},
		{"To URI", string(m.ToURI()), "sip:us@c"},
		{"Call-ID", string(m.CallID()), "id@host"},
		{"Contact", string(m.Contact()), "sip:me@10.0.0.1:5061;lr?a=b"},
		{"Record-Route", string(bytes.Join(routes, []byte("|"))), `<sip:p1;lr>|"q, r" <sip:p2;lr>;x|<sip:p3>`},
		{"Supported", string(supported), "timer"},
		{"others", string(one) + string(two), "12"},
		{"SDP", string(m.SDP()), "v=0"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if m.via.port != 5080 || !m.via.rport || m.Vias() != 4 || m.Seq() != 7 { // the comma in quotes is counted too
		t.Errorf("via port %d, rport %v, %d vias, number %d", m.via.port, m.via.rport, m.Vias(), m.Seq())
	}
}

const good = "OPTIONS sip:us@a SIP/2.0\r\nVia: SIP/2.0/UDP b;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:us@a>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 3\r\n\r\nabc"

// What is malformed is refused.
func TestRefused(t *testing.T) {
	var m Message
	if err := m.Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"OPTIONS sip:us@a SIP/2.0", "OPTIONS  sip:us@a SIP/2.0"}, {"OPTIONS sip:us@a SIP/2.0", "OPTIONS <sip:us@a> SIP/2.0"}, {"us@a SIP/2.0", "us@a SIP/3.0"},
		{"OPTIONS sip:us@a SIP/2.0", "SIP/2.0 99 No"}, {"OPTIONS sip:us@a SIP/2.0", "SIP/2.0 2000 No"}, {"OPTIONS sip:us@a SIP/2.0", "SIP/2.0 20"}, {"sip:us@a S", "sip: S"},
		{"Via: SIP/2.0/UDP b", "Via: SIP/2.0/UDP "}, {"Via: SIP/2.0/UDP b", "Via: SIP/2.0/UDP b:0"}, {"Via: SIP/2.0/UDP b", "Via: SIP/1.0/UDP b"}, {"Via: SIP/2.0/UDP b", "Via: SIP/2.0/UDP [b"},
		{"<sip:a@b>;tag=1", "\"x <sip:a@b>;tag=1"}, {"<sip:a@b>;tag=1", "<sip:a@b;tag=1"}, {"<sip:a@b>;tag=1", "<sip:a@b>, <sip:c@d>"}, {"<sip:a@b>;tag=1", "<sip:a@b:99999>"}, {"<sip:a@b>;tag=1", "<sip:a@b>tag=1"},
		{"From: <sip:a@b>;tag=1\r\n", ""}, {"To: <sip:us@a>", "To: "}, {"Call-ID: x", "Call-ID: x y"}, {"Call-ID: x", "Call-ID: x\r\ni: y"},
		{"CSeq: 1 OPTIONS", "CSeq: 1 INVITE"}, {"CSeq: 1 OPTIONS", "CSeq: 2147483648 OPTIONS"}, {"CSeq: 1 OPTIONS", "CSeq: -1 OPTIONS"}, {"Max-Forwards: 70", "Max-Forwards: 256"},
		{"Content-Length: 3", "Content-Length: 4"}, {"Content-Length: 3", "Content-Length: 3x"}, {"Content-Length: 3", "Content-Length: 3\r\nl: 3"}, {"Content-Length: 3", "Content-Length: 99999999999999999999"},
		{"Call-ID: x", "Call-ID: x\ny"}, {"Call-ID: x", "Call-ID: x\x00"}, {"Call-ID: x", "Call-ID: x\r\nno header"}, {"Call-ID: x", "Call-ID: x\r\nE y: z"}, {"\r\n\r\nabc", "\r\nabc"},
	} {
		bad := strings.Replace(good, c[0], c[1], 1)
		if bad == good {
			t.Fatalf("nothing changed by %q", c)
		}
		if m.Parse([]byte(bad)) == nil {
			t.Errorf("taken: %q for %q", c[1], c[0])
		}
	}
}

// The torture messages are taken and refused as sipua/guard does; but not what its parser
// alone refuses, against their verdict.
func TestTorture(t *testing.T) {
	dir := shared.Path(t, "torture")
	f, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = '\t', -1, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range rows[1:] {
		switch row[0] {
		case "rfc4475", "rfc5118", "sip-own", "sofia-sip", "sip-seeds":
		default:
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, row[0], row[1]))
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if row[0] == "sofia-sip" && !bytes.Contains(b, []byte("\r\n")) {
			b = bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
		}
		var m Message
		ours, theirs := m.Parse(bytes.Clone(b)), guard.Datagram(b)
		taken := theirs.Message != nil
		if ours != nil && taken || ours == nil && !taken && row[4] != "good" { // one that is good sipgo alone refuses
			t.Errorf("%s/%s (%s): %v; the guard: %s", row[0], row[1], row[4], ours, theirs.Why)
		} else if taken {
			alike(t, &m, theirs.Message)
		}
	}
	if seen < 150 {
		t.Errorf("%d messages", seen)
	}
}

// stricter reports whether a message is refused that is none by the RFC, though guard and parser
// take it: a Via without a transport, or with a blank in its host; words between an address'
// bracket and its parameters, or a CSeq whose method is no token (25.1).
func stricter(err error, msg sip.Message) bool {
	via := msg.Via()
	return err == errAfter || err == errCSeq && !token([]byte(strings.TrimSpace(string(msg.CSeq().MethodName)))) || err == errVia && (!token([]byte(via.ProtocolName+via.ProtocolVersion+via.Transport)) || via.Transport == "" || strings.ContainsAny(via.Host, " \t"))
}

// alike compares a message with what sipgo has read of it. Left out is what sipgo reads
// otherwise than the RFC: parameters with quotes or blanks or names in capitals (25.1),
// and methods in small letters, which it raises (7.1 has them case-sensitive).
func alike(t *testing.T, m *Message, msg sip.Message) {
	t.Helper()
	same := func(what, got, want string) {
		if got != want {
			t.Errorf("%s: %q, sipgo %q, in\n%q", what, got, want, m.Bytes())
		}
	}
	switch r := msg.(type) {
	case *sip.Request:
		if !m.IsRequest() || !strings.EqualFold(m.Method(), string(r.Method)) {
			t.Errorf("method %q, sipgo %q", m.Method(), r.Method)
		}
	case *sip.Response:
		if m.IsRequest() || m.Code() != r.StatusCode {
			t.Errorf("code %d, sipgo %d", m.Code(), r.StatusCode)
		}
	}
	same("Call-ID", string(m.CallID()), msg.CallID().Value())
	if m.Seq() != msg.CSeq().SeqNo {
		t.Errorf("number %d, sipgo %d", m.Seq(), msg.CSeq().SeqNo)
	}
	if p := m.of(m.from.params); plain(p) {
		same("From tag", string(m.FromTag()), value(msg.From().Params, "tag"))
	}
	if p := m.of(m.to.params); plain(p) {
		same("To tag", string(m.ToTag()), value(msg.To().Params, "tag"))
	}
	if p := m.of(m.via.params); plain(p) && bytes.IndexByte(m.only(viaKind), ',') < 0 {
		same("branch", string(m.Branch()), value(msg.Via().Params, "branch"))
	}
	if !bytes.Equal(m.Body(), msg.Body()) {
		t.Errorf("body %q, sipgo %q", m.Body(), msg.Body())
	}
	if h := msg.(interface{ Contact() *sip.ContactHeader }).Contact(); h != nil && len(msg.GetHeaders("contact"))+len(msg.GetHeaders("m")) == 1 && !bytes.ContainsAny(m.only(contactKind), "\"\\") {
		same("Contact", canonical(m.Contact()), h.Address.String())
	}
	if list := m.values(recordRouteKind, nil); !bytes.ContainsAny(bytes.Join(list, nil), "\"\\") {
		theirs := msg.GetHeaders("record-route")
		if len(list) != len(theirs) {
			t.Errorf("%d Record-Routes, sipgo %d", len(list), len(theirs))
			return
		}
		for i := range list {
			same("Record-Route", canonical(uriOf(list[i])), theirs[i].(*sip.RecordRouteHeader).Address.String())
		}
	}
}

// plain reports whether sipgo reads parameters as the RFC wants.
func plain(p []byte) bool {
	for one := range bytes.SplitSeq(p, []byte{';'}) {
		if bytes.Count(one, []byte{'='}) > 1 {
			return false
		}
	}
	return !bytes.ContainsAny(p, "\" \t\\,<>") && bytes.Equal(p, bytes.ToLower(p)) && !bytes.Contains(p, []byte(";;"))
}

func value(p sip.HeaderParams, name string) string {
	v, _ := p.Get(name)
	return v
}

func canonical(uri []byte) string {
	var u sip.Uri
	if err := sip.ParseUri(string(uri), &u); err != nil {
		return string(uri)
	}
	return u.String()
}

// Nothing makes the parser panic or read beyond the end, it refuses what the guard refuses for
// its form, and what guard and parser of callwright's door take it reads alike.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(good))
	f.Add(bytes.Clone(parsed))
	f.Add([]byte("SIP/2.0 180 Ringing\r\nv: SIP/2.0/UDP a:5060;branch=z9hG4bKa;received=1.2.3.4\r\nRecord-Route: <sip:p;lr>,<sip:q>\r\nf: a <sip:a@b>;tag=1\r\nt: <sip:us@c>;tag=2\r\ni: x\r\nm: <sip:[::1]:5>\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n"))
	f.Add([]byte("BYE sip:us@c SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n ;branch=z9hG4bKa\r\nFrom: \"x\"\r\n\t<sip:a@b>;tag=1\r\nTo: sip:us@c;tag=2\r\nCall-ID: x\r\nCSeq: 1\r\n BYE\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		err := m.Parse(bytes.Clone(b))
		if err == nil {
			for _, part := range [][]byte{m.Reason(), m.URI(), m.Branch(), m.From(), m.To(), m.FromURI(), m.ToURI(), m.FromTag(), m.ToTag(), m.Contact(), m.Body(), m.SDP(), nameAddr(&m, &m.from, fromKind)} {
				_ = len(part)
			}
			tx := &tx{tag: 1, tagCall: 2}
			answered := new(Machine).answer(&m, tx, 200, "", nil)
			var again Message
			if m.IsRequest() {
				if err := again.Parse(answered); err != nil && len(answered) < MaxMessage {
					t.Errorf("%v: our answer to %q is\n%q", err, b, answered)
				}
			}
		}
		v := guard.Datagram(b)
		if v.Message == nil {
			return
		}
		if err != nil {
			if !stricter(err, v.Message) {
				t.Fatalf("refused: %v\n%q", err, b)
			}
			return
		}
		alike(t, &m, v.Message)
	})
}
