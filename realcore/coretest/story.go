package coretest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callwright/realcore"
	"callwright/realcore/center"
)

// A story file is a plan, a line of dashes, and a script: lines beginning with
// an instant are events (or "expire"), lines beginning with ">" the effects
// they must have, "!" an event that must be refused. Each story runs the
// Center's timers up to its instants and checks all invariants after each line.
//
//	12s     arrive c1 main tier=1 prefer=a1
//	        > queued c1 sales
//	12s     dial c2 outbound           14s  hangup c1        14s  digit c1 5
//	20s     answer a1                  20s  reject a1        20s  undelivered a1
//	20s     ready a1                   20s  not-ready a1 break          logout a1
//	30s     release a1 c1              30s  wrapup-done a1 c1
//	30s     transfer c1 support prefer=a2     consult c1 support as=k1
//	30s     plan                       (the second plan of the file, after a line "== plan")
//
// "# text" is a comment and is kept by -update.

// Stories runs every testdata/*.txt below dir as a subtest. With update it
// rewrites the expected effects instead.
func Stories(t *testing.T, dir string, update bool) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in %s (%v)", dir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Tell(string(want))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("%s differs; -update rewrites it\n%s", file, firstDifference(string(want), got))
			}
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n  want %s\n  got  %s", i+1, a, b)
		}
	}
	return ""
}

// Tell runs a story and returns it with the effects the Center really had.
func Tell(text string) (string, error) {
	plan, script, ok := strings.Cut(text, "\n----\n")
	if !ok {
		return "", fmt.Errorf("no line ---- between plan and script")
	}
	first, second, two := strings.Cut(plan, "\n== plan\n")
	p, err := ParsePlan(first)
	if err != nil {
		return "", err
	}
	c, err := center.New(p)
	if err != nil {
		return "", err
	}
	s := &story{c: c, keys: map[string]realcore.Key{}, refs: map[string]realcore.Ref{}, offers: map[string]realcore.Ref{}, names: map[realcore.Key]string{}}
	if two {
		p2, err := ParsePlan(second)
		if err != nil {
			return "", err
		}
		c.AddPlan(p2)
	}
	var out bytes.Buffer
	out.WriteString(plan + "\n----\n")
	for i, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		f := strings.Fields(line)
		if len(f) > 0 && (f[0] == ">" || f[0] == "!") {
			continue
		}
		out.WriteString(line + "\n")
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if err := s.line(f, &out); err != nil {
			return "", fmt.Errorf("script line %d: %s: %w", i+1, line, err)
		}
	}
	return out.String(), nil
}

type story struct {
	c      *center.Center
	keys   map[string]realcore.Key
	names  map[realcore.Key]string
	refs   map[string]realcore.Ref // contacts by name
	offers map[string]realcore.Ref // pending offers by agent
	now    realcore.Instant
}

func (s *story) line(f []string, out *bytes.Buffer) error {
	d, err := time.ParseDuration(f[0])
	if err != nil {
		return err
	}
	s.now = realcore.Instant(d)
	effects := s.c.Expire(s.now, nil)
	s.print(effects, out)
	if err := s.c.Check(); err != nil {
		return err
	}
	if f[1] == "expire" {
		return nil
	}
	ev, err := s.event(f[1:])
	if err != nil {
		return err
	}
	effects, refused := s.c.Step(s.now, &ev, nil)
	if refused != nil {
		fmt.Fprintf(out, "        ! %v\n", refused)
	}
	s.print(effects, out)
	return s.c.Check()
}

func (s *story) event(f []string) (realcore.Event, error) {
	p := s.c.Plan()
	a := argsOf(f[1:])
	ev := realcore.Event{Agent: realcore.None}
	need := map[string]int{"arrive": 2, "dial": 3, "digit": 3, "release": 3, "wrapup-done": 3, "transfer": 3, "consult": 3, "not-ready": 3, "plan": 1}
	n, ok := need[f[0]]
	if !ok {
		n = 2
	}
	if len(f) < n {
		return ev, fmt.Errorf("too few words")
	}
	agent := func(name string) realcore.AgentID {
		return realcore.AgentID(find(p.Agents, name, func(a *realcore.Agent) string { return a.Name }))
	}
	queue := func(name string) realcore.QueueID {
		return realcore.QueueID(find(p.Queues, name, func(q *realcore.Queue) string { return q.Name }))
	}
	for k := range realcore.NumEvents {
		if k.String() == f[0] {
			ev.Kind = k
		}
	}
	if f[0] == "undelivered" {
		ev.Kind = realcore.OfferFailed
	}
	var tier int32
	if err := a.int("tier", &tier); err != nil {
		return ev, err
	}
	if v, ok := a["prefer"]; ok {
		ev.Agent = agent(v)
	}
	switch ev.Kind {
	case realcore.NoEvent:
		return ev, fmt.Errorf("unknown event %q", f[0])
	case realcore.Arrived:
		ev.Key, ev.Code = s.key(f[1]), uint8(tier)
		if len(f) > 2 && !strings.Contains(f[2], "=") {
			ev.Entry = realcore.EntryID(find(p.Entries, f[2], func(e *realcore.Entry) string { return e.Name }))
		}
	case realcore.Dialled:
		ev.Key, ev.Code, ev.Queue = s.key(f[1]), uint8(tier), queue(f[2])
	case realcore.OfferAnswered, realcore.OfferRejected, realcore.OfferFailed:
		ev.Offer = s.offers[f[1]]
	case realcore.AgentReady, realcore.AgentLogout, realcore.DeviceLost, realcore.DeviceBack:
		ev.Agent = agent(f[1])
	case realcore.AgentNotReady:
		ev.Agent, ev.Code = agent(f[1]), uint8(realcore.ReasonBreak)
	case realcore.Released, realcore.WrapUpDone:
		ev.Agent, ev.Contact = agent(f[1]), s.refs[f[2]]
	case realcore.TransferBlind:
		ev.Contact, ev.Queue, ev.Code = s.refs[f[1]], queue(f[2]), uint8(tier)
	case realcore.ConsultBegan:
		ev.Contact, ev.Queue, ev.Code = s.refs[f[1]], queue(f[2]), uint8(tier)
		ev.Key = s.key(a["as"])
	case realcore.Digit:
		ev.Contact, ev.Code = s.refs[f[1]], f[2][0]
	case realcore.PlanChanged:
		ev.Side = 1
	case realcore.Shutdown:
	default:
		ev.Contact = s.refs[f[1]]
	}
	return ev, nil
}

func (s *story) key(name string) realcore.Key {
	k, ok := s.keys[name]
	if !ok {
		k = realcore.Key(len(s.keys) + 1)
		s.keys[name], s.names[k] = k, name
	}
	return k
}

func (s *story) print(effects []realcore.Effect, out *bytes.Buffer) {
	for i := range effects {
		e := &effects[i]
		if e.Kind != realcore.AgentBecame && e.Kind != realcore.WrapUpEnded && e.Kind != realcore.PlanIs && e.Kind != realcore.Rejected {
			s.refs[s.names[e.Key]] = e.Contact
		}
		if e.Kind == realcore.Offer {
			s.offers[s.c.Plan().Agents[e.Agent].Name] = e.Offer
		}
		at := ""
		if e.At != s.now {
			at = " @" + e.At.String()
		}
		if e.Kind == realcore.Accepted && e.Queue != realcore.None { // two facts in one
			accepted, queued := *e, *e
			accepted.Queue, accepted.Agent = realcore.None, realcore.None
			queued.Kind, queued.Arg = realcore.Queued, int64(e.At)
			fmt.Fprintf(out, "        > %s%s\n        > %s%s\n", s.say(&accepted), at, s.say(&queued), at)
			continue
		}
		fmt.Fprintf(out, "        > %s%s\n", s.say(e), at)
	}
}

// say writes an effect with names, and only what its kind means.
func (s *story) say(e *realcore.Effect) string {
	p := s.c.Plan()
	var w []string
	add := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	add("%s", e.Kind)
	if n, ok := s.names[e.Key]; ok {
		add("%s", n)
	}
	if e.Agent != realcore.None {
		add("%s", p.Agents[e.Agent].Name)
	}
	switch e.Kind {
	case realcore.AgentBecame:
		add("%s", realcore.AgentState(e.Code))
		if e.Arg != 0 {
			add("reason=%s", realcore.Reason(e.Arg))
		}
	case realcore.Queued:
		add("%s tier=%d", p.Queues[e.Queue].Name, e.Code)
		if e.Arg != int64(e.At) {
			add("since=%v", realcore.Instant(e.Arg))
		}
	case realcore.Dequeued:
		add("%s %s", p.Queues[e.Queue].Name, realcore.Outcome(e.Code))
	case realcore.Closed:
		add("%s", realcore.Outcome(e.Code))
		if e.Arg != 0 {
			add("cause=%s", realcore.Cause(e.Arg))
		}
	case realcore.HangUp, realcore.Rejected:
		if e.Code != 0 {
			add("cause=%s", realcore.Cause(e.Code))
		}
	case realcore.OfferEnded:
		add("%s", realcore.OfferOutcome(e.Code))
	case realcore.Play:
		add("%s at=%s", p.Prompts[e.Prompt].Name, p.Nodes[e.Node].Name)
	case realcore.Announce:
		add("position=%d wait=%ds", e.Arg>>32, uint32(e.Arg))
		if e.Code != 0 {
			add("callback?")
		}
	case realcore.Divert, realcore.VendorJoined:
		add("%s", p.Trunks[e.Trunk].Name)
	case realcore.Widened:
		add("step=%d", e.Arg)
	case realcore.SegmentEnded:
		if e.Arg != 0 {
			add("wrapup")
		}
	case realcore.Offer, realcore.Connect, realcore.Dial, realcore.Joined:
		add("%s", p.Queues[e.Queue].Name)
	case realcore.PlanIs:
		add("%d", e.Arg)
	}
	if e.Dir == realcore.Internal {
		add("internal")
	}
	return strings.Join(w, " ")
}
