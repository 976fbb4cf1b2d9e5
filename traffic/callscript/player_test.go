package callscript

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

func always(d time.Duration) traffic.Law {
	l, err := traffic.Deterministic(d.Seconds())
	if err != nil {
		panic(err)
	}
	return l
}

var codes200 = []CodeRange{{200, 200}}

func lasts(op Op, d time.Duration) Step { return Step{Op: op, Law: always(d), HasLaw: true} }

func until(h Hearing, within time.Duration) Step { return Step{Op: Until, Hears: h, Within: within} }

var doings = [...]string{"register", "call", "cancel", "ring", "answer", "refuse", "keys", "play", "listen", "hold", "retrieve", "re-invite", "refer", "bye", "end"}

// story plays events ("1s answered 200") and returns what the player does, a line each.
func story(t *testing.T, s *Script, luck traffic.Luck, events string) string {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	var p Player
	var b strings.Builder
	say := func(at realcore.Instant, list []Do) {
		for _, d := range list {
			fmt.Fprintf(&b, "%v %s", time.Duration(at), doings[d.What])
			if d.Text != "" {
				fmt.Fprintf(&b, " %s", d.Text)
			}
			if d.Code != 0 {
				fmt.Fprintf(&b, " %d", d.Code)
			}
			b.WriteByte('\n')
		}
	}
	say(0, p.Begin(s, luck, 0, nil))
	upTo := func(at realcore.Instant) {
		for {
			d, ok := p.Deadline()
			if !ok || d > at {
				return
			}
			say(d, p.Expire(d, nil))
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(events), "\n") {
		var at, what string
		var code int
		fmt.Sscan(line, &at, &what, &code)
		d, err := time.ParseDuration(at)
		if err != nil {
			t.Fatal(err)
		}
		upTo(realcore.Instant(d))
		kinds := map[string]EventKind{"invited": Invited, "progress": Progressed, "answered": Answered, "refused": Refused, "cancelled": Cancelled, "hung-up": HungUp, "replied": Replied, "notified": Notified,
			"sound": SoundOn, "quiet": SoundOff, "tone": ToneOn, "no-tone": ToneOff, "key": Key, "broken": Broken, "no-port": NoPort, "cut": Cut}
		if k, ok := kinds[what]; ok {
			say(realcore.Instant(d), p.Happened(realcore.Instant(d), Event{Kind: k, Code: code, Why: "it broke"}, nil))
		} else if what != "" {
			t.Fatalf("unknown event %s", what)
		}
	}
	upTo(realcore.Instant(time.Hour))
	if o := p.Outcome(); o != (Outcome{}) {
		fmt.Fprintf(&b, "outcome %s", strings.TrimSpace(fmt.Sprintf("%s: %s", o.Step, o.Cause)))
		if o.Abandoned {
			b.WriteString(" abandoned")
		}
	}
	return strings.TrimSpace(b.String())
}

func TestStories(t *testing.T) {
	basic := []Step{{Op: Call}, lasts(Talk, 10*time.Second), {Op: HangUp}}
	ivr := []Step{{Op: Call}, {Op: Expect, Codes: codes200}, until(Hearing{What: SoundHeard, For: 100 * time.Millisecond}, 5*time.Second), until(Hearing{What: SilenceHeard, For: time.Second}, 20*time.Second),
		{Op: Keys, Text: "1"}, until(Hearing{What: ToneHeard, Hz: 440, For: 200 * time.Millisecond}, 30*time.Second), lasts(Talk, 5*time.Second)}
	patient := []Step{{Op: Call, Law: always(3 * time.Second), HasLaw: true}, lasts(Talk, time.Second)}
	for _, c := range []struct {
		name   string
		role   Role
		steps  []Step
		events string
		want   string
	}{
		{"a call", Caller, basic, "1s progress 180\n2s answered 200", "0s call|2s play|12s play|12s bye|12s end"},
		{"busy", Caller, basic, "1s refused 486", "0s call|1s end|outcome 1 call: code 486"},
		{"nobody answers", Caller, basic, "32s refused 0", "0s call|32s end|outcome 1 call: no answer"},
		{"hung up in the middle", Caller, basic, "1s answered 200\n5s hung-up", "0s call|1s play|5s end|outcome 2 talk: hung up by the other side"},
		{"no port", Caller, basic, "0s no-port", "0s call|0s end|outcome 1 call: no port"},
		{"answered in a way that is of no use, after a registration", Caller, append([]Step{{Op: Register}}, basic...), "1s replied 200\n2s broken", "0s register|1s call|2s bye|2s end|outcome 2 call: it broke"},
		{"the run ends", Caller, basic, "1s answered 200\n5s cut", "0s call|1s play|5s bye|5s end"},
		{"the run ends while it rings", Caller, basic, "5s cut", "0s call|5s bye|5s end"},
		{"gives up", Caller, patient, "1s progress 180\n4s refused 487", "0s call|3s cancel|4s end|outcome : abandoned"},
		{"gives up and is answered", Caller, patient, "2s answered 200", "0s call|2s play|3s play|3s bye|3s end"},
		{"expects to be refused", Caller, []Step{{Op: Call}, {Op: Expect, Codes: []CodeRange{{486, 486}, {600, 606}}}}, "1s refused 603", "0s call|1s end"},
		{"expects another code", Caller, []Step{{Op: Call}, {Op: Expect, Codes: []CodeRange{{486, 486}}}}, "1s refused 404", "0s call|1s end|outcome 2 expect: code 404"},
		{"a menu", Caller, ivr, "1s answered 200\n2s sound\n6s quiet\n6.5s sound\n8s quiet\n10s tone 440", "0s call|9s keys 1|9s listen|10.2s play|15.2s play|15.2s bye|15.2s end"},
		{"no prompt", Caller, ivr, "1s answered 200", "0s call|6s bye|6s end|outcome 3 until: no sound heard"},
		{"the tone breaks off", Caller, ivr, "1s answered 200\n2s sound\n6s quiet\n7s tone\n7.1s no-tone\n20s", "0s call|7s keys 1|7s listen|37s bye|37s end|outcome 6 until: tone of 440 Hz not heard"},
		{"hold", Caller, []Step{{Op: Call}, lasts(Hold, 4*time.Second), lasts(Talk, time.Second)}, "1s answered 200\n2s replied 200\n7s replied 200", "0s call|1s hold|6s retrieve|7s play|8s play|8s bye|8s end"},
		{"hold is refused", Caller, []Step{{Op: Call}, lasts(Hold, 4*time.Second)}, "1s answered 200\n2s replied 488", "0s call|1s hold|2s bye|2s end|outcome 2 hold: code 488"},
		{"refer", Caller, []Step{{Op: Call}, {Op: Refer, Text: "501", Within: 9 * time.Second}}, "1s answered 200\n2s replied 202\n3s notified 100\n4s notified 200", "0s call|1s refer 501|4s bye|4s end"},
		{"refer fails", Caller, []Step{{Op: Call}, {Op: Refer, Text: "501"}}, "1s answered 200\n2s replied 202\n4s notified 486", "0s call|1s refer 501|4s bye|4s end|outcome 2 refer: code 486"},
		{"refer in silence", Caller, []Step{{Op: Call}, {Op: Refer, Text: "501", Within: 9 * time.Second}}, "1s answered 200\n2s replied 202", "0s call|1s refer 501|10s bye|10s end|outcome 2 refer: no answer in time"},
		{"keys heard", Caller, []Step{{Op: Call}, until(Hearing{What: KeysHeard, Text: "12"}, 5*time.Second), {Op: Expect, Text: "912"}}, "1s answered 200\n2s key 57\n2.1s key 49\n2.2s key 50", "0s call|2.2s bye|2.2s end"},
		{"registers", Caller, []Step{{Op: Register}}, "1s replied 200", "0s register|1s end"},
		{"is not registered", Caller, []Step{{Op: Register}}, "1s replied 403", "0s register|1s end|outcome 1 register: code 403"},
		{"answers", Answerer, []Step{lasts(Ring, 2*time.Second), {Op: Answer}, until(Hearing{What: HangUpHeard}, 0)}, "1s invited\n3.1s answered\n9s hung-up", "1s ring|3s answer|9s end"},
		{"is given up on", Answerer, []Step{lasts(Ring, 9*time.Second), {Op: Answer}}, "1s invited\n3s cancelled", "1s ring|3s end"},
		{"hangs up himself", Answerer, []Step{{Op: Answer}, lasts(Talk, 4*time.Second), {Op: HangUp}}, "1s invited\n1.1s answered", "1s answer|1.1s play|5.1s play|5.1s bye|5.1s end"},
		{"refuses", Answerer, []Step{{Op: Refuse, Code: 486, Share: 1}, {Op: Answer}}, "1s invited", "1s refuse 486|1s end"},
		{"refuses nobody", Answerer, []Step{{Op: Refuse, Code: 486, Share: 0}, {Op: Answer}, lasts(Talk, time.Second)}, "1s invited\n1s answered", "1s answer|1s play|2s play|2s bye|2s end"},
		{"misses", Answerer, []Step{{Op: Miss, Share: 1}, {Op: Answer}}, "1s invited\n20s cancelled", "1s ring|20s end"},
		{"wraps up", Agent, []Step{{Op: Register}, {Op: Answer}, lasts(Talk, time.Minute), lasts(WrapUp, 5*time.Second)}, "1s invited\n1s answered\n9s hung-up", "1s answer|1s play|14s end"},
		{"within ends a call", Caller, []Step{{Op: Call, Within: 5 * time.Second}}, "1s progress 180", "0s call|5s cancel|5s end|outcome 1 call: no answer in time"},
	} {
		got := story(t, &Script{Name: c.name, Role: c.role, Steps: c.steps}, traffic.NewLuck(1, 0, 1, 1), c.events)
		if got = strings.ReplaceAll(got, "\n", "|"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// Shares and lengths are the luck's: the same again, and over many callers as written.
func TestLuck(t *testing.T) {
	s := &Script{Role: Answerer, Steps: []Step{{Op: Refuse, Code: 486, Share: 0.3}, {Op: Answer}}}
	n := 0
	for i := range uint64(10_000) {
		var p, q Player
		luck := traffic.NewLuck(7, 0, 1, i)
		p.Begin(s, luck, 0, nil)
		q.Begin(s, luck, 0, nil)
		a, b := p.Happened(0, Event{Kind: Invited}, nil), q.Happened(0, Event{Kind: Invited}, nil)
		if a[0] != b[0] {
			t.Fatal("the same caller does another thing")
		}
		if a[0].What == DoRefuse {
			n++
		}
	}
	if n < 2850 || n > 3150 { // 3,000 ± 3.3 standard deviations of 46
		t.Errorf("%d of 10,000 refused", n)
	}
}

// Playing allocates nothing once the driver's list has its room.
func TestNoAllocation(t *testing.T) {
	s := &Script{Role: Caller, Steps: []Step{{Op: Call}, lasts(Talk, time.Second), {Op: HangUp}}}
	var p Player
	out := make([]Do, 0, 16)
	if n := testing.AllocsPerRun(100, func() {
		out = p.Begin(s, traffic.Luck{}, 0, out[:0])
		out = p.Happened(1, Event{Kind: Answered, Code: 200}, out[:0])
		out = p.Expire(realcore.Instant(2*time.Second), out[:0])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What was heard is held against what was to be heard, key by key.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		heard string
		wrong int
	}{{"1234", 0}, {"124", 1}, {"1294", 1}, {"12334", 1}, {"", 4}, {"4321", 4}} {
		s := &Script{Role: Caller, Steps: []Step{{Op: Call}, {Op: Until, Hears: Hearing{What: KeysHeard, Text: "1234"}, Within: time.Second}}}
		var p Player
		p.Begin(s, traffic.Luck{}, 0, nil)
		p.Happened(0, Event{Kind: Answered, Code: 200}, nil)
		for i := range len(c.heard) {
			p.Happened(1, Event{Kind: Key, Code: int(c.heard[i])}, nil)
		}
		p.Expire(realcore.Instant(time.Minute), nil)
		if expected, wrong := p.Keys(); expected != 4 || wrong != c.wrong {
			t.Errorf("%q: %d of %d wrong, want %d", c.heard, wrong, expected, c.wrong)
		}
	}
}
