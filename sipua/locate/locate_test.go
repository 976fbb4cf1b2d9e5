package locate

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"

	"callwright/sipua/dialog"
)

// nameServer answers what it has: "SRV name" to "priority weight port target", "A name" to
// an address, more than one apart by commas. It returns a resolver that asks it alone.
func nameServer(t *testing.T, records map[string]string) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(reply(b[:n], records), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

// reply writes an answer to a question (RFC 1035 4.1, RFC 2782).
func reply(q []byte, records map[string]string) []byte {
	end, name := 12, ""
	for q[end] != 0 {
		name += string(q[end+1:end+1+int(q[end])]) + "."
		end += 1 + int(q[end])
	}
	kind := binary.BigEndian.Uint16(q[end+1:])
	question := q[12 : end+5]
	text := records[map[uint16]string{1: "A ", 33: "SRV "}[kind]+name]
	out := append([]byte{q[0], q[1], 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	if text == "" {
		out[3] = 3 // no such name
		return out
	}
	for _, r := range strings.Split(text, ",") {
		out[7]++
		data := []byte(net.ParseIP(strings.TrimSpace(r)).To4())
		if kind == 33 {
			var p, w, port uint16
			var target string
			fmt.Sscan(r, &p, &w, &port, &target)
			data = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, p), w), port)
			for _, label := range strings.Split(strings.TrimSuffix(target, "."), ".") {
				data = append(append(data, byte(len(label))), label...)
			}
			data = append(data, 0)
		}
		out = append(out, 0xc0, 12) // the name asked for
		out = binary.BigEndian.AppendUint16(out, kind)
		out = append(out, 0, 1, 0, 0, 0, 60)
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(data))), data...)
	}
	return out
}

// SRV records count where no port is given, by their priority and with their ports; without
// any, the name's own addresses do.
func TestAddrs(t *testing.T) {
	r := nameServer(t, map[string]string{
		"SRV _sip._udp.carrier.test.": "20 0 5070 second.carrier.test., 10 0 5080 first.carrier.test.", "SRV _sips._tcp.carrier.test.": "1 0 5071 first.carrier.test.",
		"A first.carrier.test.": "192.0.2.1", "A second.carrier.test.": "192.0.2.2,192.0.2.3", "A carrier.test.": "192.0.2.9", "A plain.test.": "192.0.2.10"})
	for _, c := range []struct {
		host string
		port int
		t    dialog.Transport
		want string
	}{
		{"carrier.test", 0, dialog.UDP, "192.0.2.1:5080 192.0.2.2:5070 192.0.2.3:5070"},
		{"carrier.test", 0, dialog.TLS, "192.0.2.1:5071"},
		{"carrier.test", 0, dialog.TCP, "192.0.2.9:5060"},
		{"carrier.test", 5099, dialog.UDP, "192.0.2.9:5099"},
		{"plain.test", 0, dialog.TLS, "192.0.2.10:5061"},
		{"192.0.2.20", 0, dialog.UDP, "192.0.2.20:5060"},
		{"[2001:db8::1]", 5070, dialog.TCP, "[2001:db8::1]:5070"},
		{"nobody.test", 0, dialog.UDP, ""},
	} {
		got, err := Addrs(t.Context(), r, c.host, c.port, c.t)
		var list []string
		for _, a := range got {
			list = append(list, a.String())
		}
		if s := strings.Join(list, " "); s != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s:%d %v: %q %v, want %q", c.host, c.port, c.t, s, err, c.want)
		}
	}
}
