package wire

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"callwright/sipua/dialog"
)

// sends returns what is to be sent, as text.
func sends(out []Out) (s []string) {
	for _, o := range out {
		if o.Send != nil {
			s = append(s, string(o.Send))
		}
	}
	return s
}

func invite(cseq int, to string) string {
	return fmt.Sprintf("INVITE sip:us@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKp%d\r\nFrom: <sip:peer@127.0.0.2>;tag=peer\r\nTo: <sip:us@127.0.0.1>%s\r\nCall-ID: c\r\n"+
		"CSeq: %d INVITE\r\nContact: <sip:peer@127.0.0.2>\r\nContent-Length: 0\r\n\r\n", cseq, to, cseq)
}

// What is not kept is written again to the byte: answers to BYE, and the ACK to a 2xx.
func TestWrittenAnew(t *testing.T) {
	p := newPair()
	_, out := p.uac.Invite(0, p.inv)
	called := p.uas.Receive(0, []byte(sends(out)[0]), p.toUAC)
	ok := sends(p.uas.Accept(0, called[len(called)-1].Call, p.contact, &p.extra))[0]
	ack := sends(p.uac.Receive(0, []byte(ok), p.toUAS))
	bye := sends(p.uac.Bye(0, Call{0, 1}))[0]
	p.uas.Receive(0, []byte(ack[0]), p.toUAC)
	done := sends(p.uas.Receive(0, []byte(bye), p.toUAC))
	p.uac.Receive(0, []byte(done[0]), p.toUAS)
	if p.uac.Calls()+p.uas.Calls() != 0 {
		t.Fatalf("%d and %d calls left", p.uac.Calls(), p.uas.Calls())
	}
	for range 3 {
		if again := sends(p.uac.Receive(Instant(time.Second), []byte(ok), p.toUAS)); len(again) != 1 || again[0] != ack[0] {
			t.Errorf("ACK\n%q, again\n%q", ack, again)
		}
		if again := sends(p.uas.Receive(Instant(time.Second), []byte(bye), p.toUAC)); len(again) != 1 || again[0] != done[0] {
			t.Errorf("answer\n%q, again\n%q", done, again)
		}
	}
	if p.uac.Repeats != (Repeats{0, 3}) || p.uas.Repeats != (Repeats{0, 3}) {
		t.Errorf("repeats %+v and %+v", p.uac.Repeats, p.uas.Repeats)
	}
}

// Retransmissions are counted, ours and theirs, in all and in the call that they end with.
func TestRepeats(t *testing.T) {
	m := newMachine()
	from := Flow{Remote: newPair().toUAS.Remote}
	out := m.Receive(0, []byte(invite(1, "")), from)
	c := out[1].Call
	m.Receive(0, []byte(invite(1, "")), from)
	m.Accept(0, c, []byte("<sip:us@127.0.0.1>"), nil)
	out = m.Expire(Instant(33 * time.Second))
	var ended Repeats
	for _, o := range out {
		if o.Fact == dialog.Ended {
			ended = o.Repeats
		}
	}
	if ended != (Repeats{10, 1}) || m.Repeats != (Repeats{11, 1}) { // and one of the BYE
		t.Errorf("the call's %+v, all %+v", ended, m.Repeats)
	}
}

// At the limit new requests are left unanswered and new calls are not made; what belongs
// to a call goes on.
func TestLimit(t *testing.T) {
	m := newMachine()
	m.cfg.Limit = 2
	from := Flow{Remote: newPair().toUAS.Remote}
	c := m.Receive(0, []byte(invite(1, "")), from)[1].Call
	m.Accept(0, c, []byte("<sip:us@127.0.0.1>"), nil)
	m.Send(0, Request{Method: "OPTIONS", Target: []byte("sip:a"), Flow: from, From: []byte("<sip:a>"), To: []byte("<sip:a>")})
	if out := m.Receive(0, []byte(strings.ReplaceAll(invite(2, ""), "Call-ID: c", "Call-ID: d")), from); len(out) != 0 {
		t.Errorf("at the limit: %v", sends(out))
	}
	if h, out := m.Invite(0, newPair().inv); h != (Call{}) || len(out) != 0 {
		t.Errorf("a call at the limit: %v", sends(out))
	}
	ack := strings.NewReplacer("INVITE", "ACK", "z9hG4bKp1", "z9hG4bKack", "To: <sip:us@127.0.0.1>", "To: <sip:us@127.0.0.1>;tag="+string(m.LocalTag(nil, c))).Replace(invite(1, ""))
	if out := m.Receive(0, []byte(ack), from); len(out) != 1 || out[0].Fact != dialog.Confirmed {
		t.Errorf("the ACK: %v", out)
	}
	if out := m.Bye(0, c); len(sends(out)) != 1 {
		t.Errorf("the BYE: %v", out)
	}
	if m.Dropped != 2 {
		t.Errorf("dropped %d", m.Dropped)
	}
}

// A handle of a call that is over does nothing, though its record is another's.
func TestOldHandles(t *testing.T) {
	m := newMachine()
	from := Flow{Remote: newPair().toUAS.Remote}
	old := m.Receive(0, []byte(invite(1, "")), from)[1]
	m.Refuse(0, old.Call, 486, "", nil)
	c := m.Receive(0, []byte(strings.ReplaceAll(invite(2, ""), "Call-ID: c", "Call-ID: d")), from)[1]
	if c.Call.n != old.Call.n || c.Call == old.Call {
		t.Fatalf("%v after %v", c.Call, old.Call)
	}
	for what, out := range map[string][]Out{"Ring": m.Ring(0, old.Call, 180, nil), "Accept": m.Accept(0, old.Call, nil, nil), "Bye": m.Bye(0, old.Call), "Respond": m.Respond(0, old.In, 200, "", nil),
		"Answer": m.Answer(0, old.In, nil), "Cancel": m.Cancel(0, old.Call), "Reoffer": m.Reoffer(0, old.Call, []byte(sdp))} {
		if len(out) != 0 {
			t.Errorf("%s: %v", what, out)
		}
	}
	if !m.Over(old.Call) || m.Over(c.Call) || m.Data(old.Call) != nil {
		t.Error("the wrong call is over")
	}
}

// The top Via of an answer says where the request came from (18.2.1, RFC 3581 4).
func TestVia(t *testing.T) {
	from := Flow{Remote: newPair().toUAC.Remote} // 192.0.2.1:5060
	for _, c := range []struct{ via, want, to string }{
		{"192.0.2.1:5070;branch=z9hG4bKa", "192.0.2.1:5070;branch=z9hG4bKa", "192.0.2.1:5070"},
		{"192.0.2.1;branch=z9hG4bKa", "192.0.2.1;branch=z9hG4bKa", "192.0.2.1:5060"},
		{"10.0.0.1:5070;branch=z9hG4bKa", "10.0.0.1:5070;branch=z9hG4bKa;received=192.0.2.1", "192.0.2.1:5070"},
		{"host:5070;rport;branch=z9hG4bKa;x", "host:5070;branch=z9hG4bKa;x;rport=5060;received=192.0.2.1", "192.0.2.1:5060"},
		{"host:5070;received=1.1.1.1;branch=z9hG4bKa;maddr=9.9.9.9", "host:5070;branch=z9hG4bKa;maddr=9.9.9.9;received=192.0.2.1", "192.0.2.1:5070"},
		{"host;branch=z9hG4bKa, SIP/2.0/UDP next;rport", "host;branch=z9hG4bKa;received=192.0.2.1, SIP/2.0/UDP next;rport", "192.0.2.1:5060"},
	} {
		m := newMachine()
		out := m.Receive(0, []byte(strings.Replace(good, "b;branch=z9hG4bKx", c.via, 1)), from)
		out = m.Respond(0, out[0].In, 200, "", nil)
		if !bytes.Contains(out[0].Send, []byte("\r\nVia: SIP/2.0/UDP "+c.want+"\r\n")) || out[0].Remote.String() != c.to {
			t.Errorf("%s: to %v\n%s", c.via, out[0].Remote, out[0].Send)
		}
	}
}

// Nothing that comes breaks a Machine in the middle of calls: datagrams of a story with bytes
// changed, cut and moved.
func FuzzMachine(f *testing.F) {
	for i := range uint64(8) {
		f.Add(i, i*7)
	}
	f.Fuzz(func(t *testing.T, seed, damage uint64) {
		r, d := rand.New(rand.NewPCG(seed, 2)), rand.New(rand.NewPCG(damage, 3))
		l := newLadder(t, &damaged{wireDoor{m: newMachine()}, d})
		l.damaged = true
		for _, line := range story(r) {
			if w := strings.Fields(line); w[1] != "recv" || w[2][0] > '9' || l.sent[w[3]] != nil {
				l.do(w)
			}
		}
	})
}

// damaged is a door before which messages are hurt now and then.
type damaged struct {
	wireDoor
	r *rand.Rand
}

func (d *damaged) receive(now Instant, raw string, flow Flow) []event {
	b := []byte(raw)
	for range d.r.IntN(4) {
		switch i := d.r.IntN(len(b)); d.r.IntN(4) {
		case 0:
			b[i] = " \t\r\n\"<>;:,@=z\x00"[d.r.IntN(14)]
		case 1:
			b = append(b[:i:i], b[min(len(b), i+d.r.IntN(9)):]...)
		case 2:
			b = append(b[:i:i], append([]byte("\r\n \"<;tag=x"[:d.r.IntN(11)]), b[i:]...)...)
		case 3:
			k := d.r.IntN(len(b))
			b[i], b[k] = b[k], b[i]
		}
		if len(b) == 0 {
			return nil
		}
	}
	return d.wireDoor.receive(now, string(b), flow)
}

// The table finds what has been put and not dropped, whatever collides.
func TestTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var tab table
	want := map[key]uint32{}
	for i := range 200000 {
		k := key{r.Uint64N(700) << 3, uint32(r.IntN(3))}
		v, ok := tab.get(k)
		if w, there := want[k]; ok != there || ok && v != w {
			t.Fatalf("step %d: %v %v, want %v %v", i, v, ok, w, there)
		}
		if ok && r.IntN(2) == 0 {
			tab.drop(k, v)
			delete(want, k)
		} else if !ok {
			tab.put(k, uint32(i))
			want[k] = uint32(i)
		}
	}
	if tab.n != len(want) {
		t.Errorf("%d entries, want %d", tab.n, len(want))
	}
}

// Timers fire in the order of their instants, those of one instant as they were armed.
func TestTimers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var ts timers
	var last timer
	for range 3000 {
		ts.push(ts.next(Instant(r.IntN(500)), txTimer, 0, 0))
	}
	for n := 3000; n > 0; n-- {
		first := ts.heap[0]
		if first.before(&last) {
			t.Fatalf("%v after %v", first, last)
		}
		last = first
		ts.popHeap()
	}
}

// A message given to be sent stays as it is until Recycle, also when its call has gone.
func TestSendStays(t *testing.T) {
	p := newPair()
	var kept [][]byte
	var was []string
	for range 5 {
		p.open()
		p.close()
		for _, b := range append(p.sent, p.back...) {
			kept, was = append(kept, b), append(was, string(b))
		}
	}
	for i := range kept {
		if string(kept[i]) != was[i] {
			t.Fatalf("changed:\n%s\nwas\n%s", kept[i], was[i])
		}
	}
}
