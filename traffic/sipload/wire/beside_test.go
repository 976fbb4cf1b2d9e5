package wire

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// dialogDoor is sipua/dialog's Machine.
type dialogDoor struct {
	m    *dialog.Machine
	call *dialog.Call
	in   *dialog.Incoming
}

func newDialogDoor() *dialogDoor {
	n := uint64(0)
	return &dialogDoor{m: dialog.New(dialog.Config{Random: func() uint64 { n++; return n }, SentBy: func(dialog.Flow) string { return "127.0.0.1:5060" },
		Credentials: func(_ *dialog.Call, _ *dialog.Ask, _ *sip.Request, res *sip.Response) sip.Header {
			if h := res.GetHeader("WWW-Authenticate"); h != nil {
				return sip.NewHeader("Authorization", "Digest to "+h.Value())
			}
			return nil
		}})}
}

func (d *dialogDoor) deadline() (Instant, bool)  { return d.m.Deadline() }
func (d *dialogDoor) expire(now Instant) []event { return d.events(d.m.Expire(now)) }
func (d *dialogDoor) identity() (id, tag string) { return d.call.ID(), d.call.LocalTag() }

func (d *dialogDoor) receive(now Instant, raw string, flow Flow) []event {
	msg, err := sip.ParseMessage([]byte(raw))
	if err != nil {
		panic(err)
	}
	return d.events(d.m.Receive(now, msg, dialog.Flow{Remote: flow.Remote}))
}

func (d *dialogDoor) events(out []dialog.Out) (events []event) {
	for _, o := range out {
		e := event{send: o.Send, to: o.Flow.Remote, fact: o.Fact, code: o.Code, sdp: o.SDP != nil}
		switch {
		case o.Fact == dialog.Invited:
			d.call = o.Call
		case o.In != nil:
			d.in = o.In
		}
		if o.Req != nil {
			e.method = string(o.Req.Method)
		}
		events = append(events, e)
	}
	return events
}

func (d *dialogDoor) operate(now Instant, op, arg string, p func(string, string) string, flow Flow) []event {
	var out []dialog.Out
	code, _ := strconv.Atoi(arg)
	m, us, body := d.m, "<sip:us@127.0.0.1>", &dialog.Extra{Body: []byte(offer)}
	var peer sip.Uri
	_ = sip.ParseUri("sip:peer@127.0.0.2", &peer)
	if d.call == nil && op != "invite" && op != "send" || d.in == nil && (op == "answer" || op == "respond") {
		return nil
	}
	switch op {
	case "invite":
		limit, _ := time.ParseDuration(p("limit", "0s"))
		d.call, out = m.Invite(now, dialog.Invite{Target: peer, Flow: dialog.Flow{Remote: flow.Remote}, From: us, To: "<sip:peer@127.0.0.2>",
			Contact: "<sip:us@127.0.0.1:5060>", SDP: []byte(offer), RingLimit: limit})
	case "ring":
		out = m.Ring(now, d.call, code, nil)
	case "accept":
		out = m.Accept(now, d.call, "<sip:us@127.0.0.1:5060>", body)
	case "refuse":
		out = m.Refuse(now, d.call, code, "", nil)
	case "bye":
		out = m.Bye(now, d.call)
	case "cancel":
		out = m.Cancel(now, d.call)
	case "reoffer":
		out = m.Reoffer(now, d.call, []byte(offer))
	case "answer":
		if d.in.Request().Method == sip.INVITE { // it is for nothing else
			out = m.Answer(now, d.in, body)
		}
	case "respond":
		out = m.Respond(now, d.in, code, "", nil)
	case "ask":
		_, out = m.Ask(now, d.call, sip.RequestMethod(arg), nil, nil, "", nil)
	case "send":
		_, out = m.Send(now, dialog.Request{Method: sip.RequestMethod(arg), Target: sip.Uri{Scheme: "sip", Host: "127.0.0.2"}, Flow: dialog.Flow{Remote: flow.Remote}, From: us, To: us})
	}
	return d.events(out)
}

// story draws what happens to a call: messages of the peer's, right and wrong ones, and
// operations, at instants at which timers may fall between them.
func story(r *rand.Rand) (lines []string) {
	at := time.Duration(0)
	say := func(format string, a ...any) { lines = append(lines, at.String()+" "+fmt.Sprintf(format, a...)) }
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	routes := pick("", "", " rr=127.0.0.3;lr|127.0.0.4;lr", " rr=127.0.0.4|127.0.0.3")
	port := pick("", "", " port=5099")
	caller := r.IntN(2) == 0
	if caller {
		say("op invite%s", pick("", "", " limit=5s"))
	} else {
		say("recv INVITE sdp=1%s", routes)
	}
	for range 3 + r.IntN(20) {
		at += time.Duration(r.IntN(3)) * time.Duration([]int{0, 7, 130, 610, 2900, 11000, 34000}[r.IntN(7)]) * time.Millisecond
		switch k := r.IntN(12); {
		case k < 3 && caller, k < 1:
			say("recv %s INVITE%s%s%s", pick("100", "180", "183", "200", "200", "200", "401", "486", "487", "491", "481", "500"), pick("", " sdp=1"), routes+port, pick("", "", " tag=peer2"))
		case k < 4:
			say("recv %s %s", pick("100", "200", "200", "401", "481", "408", "404"), pick("BYE", "CANCEL", "INFO", "OPTIONS", "REGISTER"))
		case k < 7:
			n := 1 + r.IntN(4)
			say("recv %s cseq=%d%s%s", pick("ACK", "ACK", "BYE", "INFO", "INVITE", "INVITE", "CANCEL", "UPDATE"), n, pick("", "", " branch=own"+strconv.Itoa(n)), pick("", "", " sdp=1", " to=nobody"))
		case k < 9 && !caller:
			say("op %s", pick("ring 180", "ring 183", "accept", "accept", "accept", "refuse 486"))
		default:
			say("op %s", pick("bye", "cancel", "reoffer", "answer", "answer", "respond 200", "respond 488", "ask INFO", "ask OPTIONS", "send OPTIONS", "send REGISTER", "bye"))
		}
	}
	at += 3 * time.Minute
	say("expire")
	return lines
}

// Random stories must come out alike: the same messages in meaning, the same facts, at the
// same instants. The differences that are meant:
//
//   - merged requests get no 482 here; stories with one are left out (8.2.2.2 is for
//     those behind forking proxies)
//   - the BYE to another fork has the number after its INVITE's, also where the call has used
//     that in the dialog it took: each dialog counts for itself (12.2.1.1)
//   - the order of what two transactions' timers do at one instant
//   - the end of a BYE to another fork leaves the call that was taken alone; in sipua/dialog
//     it stops the repetition of a 2xx to a re-INVITE of that call. Such stories are left out
//
// Not drawn here: a peer that changes the Contact or Record-Route of a 2xx that it repeats
// gets its ACK where the copy says, since that is written from it; an answer with more than
// one Via is dropped (8.1.3.3); methods are taken as written (7.1).
func TestBesideDialog(t *testing.T) {
	n := 4000
	if testing.Short() {
		n = 500
	}
	bad, left := 0, 0
	for seed := range n {
		lines := story(rand.New(rand.NewPCG(uint64(seed), 1)))
		ours, theirs := tell(t, lines, &wireDoor{m: newMachine()}), tell(t, lines, newDialogDoor())
		switch {
		case strings.Contains(theirs, " > 482 "), forkedAndReoffered(theirs):
			left++
		case ours != theirs:
			t.Errorf("story %d: wire\n%s\ndialog\n%s", seed, ours, theirs)
			if bad++; bad > 3 {
				return
			}
		}
	}
	if left > n/10 {
		t.Errorf("%d of %d stories left out", left, n)
	}
	t.Logf("%d stories alike, %d left out", n-left, left)
}

// forkedAndReoffered reports whether a second fork was ended in a call whose peer re-INVITEs.
func forkedAndReoffered(story string) bool {
	return strings.Contains(story, "! reoffered") && strings.Contains(story, "ACK to=peer2") && strings.Contains(story+"\n", "ACK to=peer\n")
}

// forksBYE is any BYE's number: the ladders hold those of the others.
var forksBYE = regexp.MustCompile(`(> BYE .*)cseq=\d+ (BYE to=peer)`)

func tell(t *testing.T, lines []string, d door) string {
	l := newLadder(t, d)
	for _, line := range lines {
		l.lines = append(l.lines, line)
		f := strings.Fields(line)
		if f[1] == "recv" && f[2][0] <= '9' && l.sent[f[3]] == nil {
			continue // nothing to answer
		}
		from := len(l.lines)
		l.do(f)
		for i := range l.lines[from:] {
			l.lines[from+i] = forksBYE.ReplaceAllString(l.lines[from+i], "$1$2")
		}
		slices.SortStableFunc(l.lines[from:l.due], byInstant)
	}
	return strings.Join(l.lines, "\n")
}

func byInstant(a, b string) int {
	da, _ := time.ParseDuration(strings.Fields(a)[0])
	db, _ := time.ParseDuration(strings.Fields(b)[0])
	return cmp.Or(cmp.Compare(da, db), strings.Compare(a, b))
}
