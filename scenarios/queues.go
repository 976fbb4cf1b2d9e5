package scenarios

import (
	"fmt"
	"strconv"
	"time"

	"callwright/realcore"
	"callwright/realcore/measure"
	"callwright/yamlfile"
)

func itoa(i int) string { return strconv.Itoa(i) }

// stepPath returns where step i of a tier's program stands.
func stepPath(q *Queue, path string, tier, i int) string {
	if tier < len(q.Tiers) && q.Tiers[tier].Waiting != nil {
		return fmt.Sprintf("%s.tiers[%d].while-waiting[%d]", path, tier, i)
	}
	return fmt.Sprintf("%s.while-waiting[%d]", path, i)
}

// treatments fills in what queues do to contacts.
func (c *compiler) treatments(id realcore.QueueID, q *Queue, path string) {
	r := &c.plan.Queues[id]
	release := realcore.Treatment{Op: realcore.Release}
	r.OnClosed, r.OnFull = release, release
	if q.Closed.Verb != "" {
		r.OnClosed = c.treatment(q.Closed, path+".closed")
	}
	if q.Full.Verb != "" {
		r.OnFull = c.treatment(q.Full, path+".full")
	}
	for _, on := range []struct {
		a   Action
		key string
	}{{q.Closed, ".closed"}, {q.Full, ".full"}} {
		if v := on.a.Verb; v == "widen" || v == "announce" || v == "offer-callback" {
			c.bad(path+on.key, "is %s; want queue, vendor, voicemail, flow, stay or disconnect", v)
		}
	}
	if q.Closed.Verb != "" && q.Hours == nil {
		c.bad(path+".closed", "is %s, and the queue is always open; want hours beside it", q.Closed.Verb)
	}
	if q.Full.Verb != "" && q.Most == 0 {
		c.bad(path+".full", "is %s, and the queue has no limit; want most-waiting beside it", q.Full.Verb)
	}
	for t, cl := range r.Classes {
		c.program(&c.plan.Classes[cl], q, q.steps(t), path, t)
	}
}

// program fills in what happens while contacts of a class wait.
func (c *compiler) program(cl *realcore.Class, q *Queue, steps []Step, path string, tier int) {
	last := time.Duration(0)
	for i, s := range steps {
		at := stepPath(q, path, tier, i)
		if s.Do.Verb == "" {
			c.bad(at, "does nothing; want do: and what")
			continue
		}
		if s.After < last {
			c.bad(at+".after", "is %v, and the step before comes after %v; want times that do not fall", s.After, last)
		}
		last = s.After
		if s.Do.Verb != "widen" && (!s.Groups.empty() || len(s.Needs.Names) > 0) {
			c.bad(at, "has groups or needs, which belong to widen")
		}
		if s.Repeat > 0 {
			v := s.Do.Verb
			switch {
			case i != len(steps)-1:
				c.bad(at+".repeat", "is not of the last step; want it there, or nowhere")
			case v != "announce" && v != "offer-callback" && v != "vendor":
				c.bad(at+".repeat", "repeats %s; want an announcement or a vendor", v)
			case s.Repeat < time.Second:
				c.bad(at+".repeat", "is %v; want 1s or more", s.Repeat)
			}
			cl.Repeat = s.Repeat
		}
		cl.Program = append(cl.Program, realcore.Timed{After: s.After, Do: c.treatment(s.Do, at+".do")})
	}
}

// treatment compiles an action.
func (c *compiler) treatment(a Action, path string) realcore.Treatment {
	t := realcore.Treatment{Prompt: realcore.None}
	switch a.Verb {
	case "widen":
		t.Op = realcore.Widen
	case "announce", "offer-callback":
		t.Op = realcore.SayPosition
		if a.Verb == "offer-callback" {
			t.Op = realcore.OfferRinging
		}
		if a.Name != "" {
			var ref PromptRef
			if x, ok := parseLength(a.Name); ok {
				ref.Length = x
			} else {
				ref.Name = a.Name
			}
			t.Prompt = c.promptOf(path, &ref)
		}
	case "queue":
		t.Op, t.KeepTime = realcore.ToQueue, a.KeepTime
		t.Queue = c.queueOf(path, a.Name)
		t.Tier = c.tierOf(path, t.Queue, a.Tier)
	case "vendor":
		t.Op, t.Trunk = realcore.ToTrunk, c.vendorOf(path, a.Name)
	case "voicemail":
		c.notLive(path, "voicemail")
		t.Op = realcore.ToVoicemail
	case "flow":
		t.Op = realcore.ToFlow
		if i := c.named(path, "flow", a.Name, c.f.Flows.Names); i != realcore.None {
			t.Node = c.starts[i]
		}
	case "disconnect":
		t.Op = realcore.Release
	}
	return t
}

// queueOf returns a queue by name; 0 after a complaint.
func (c *compiler) queueOf(path, name string) realcore.QueueID {
	return max(0, realcore.QueueID(c.named(path, "queue", name, c.f.Queues.Names)))
}

// tierOf returns a tier of a queue, by name or number.
func (c *compiler) tierOf(path string, q realcore.QueueID, tier Name) uint8 {
	if tier == "" || int(q) >= len(c.f.Queues.Items) {
		return 0
	}
	tiers := c.f.Queues.Items[q].Tiers
	var known []string
	for i := range tiers {
		if tiers[i].Name == string(tier) || itoa(i) == string(tier) {
			return uint8(i)
		}
		known = append(known, tiers[i].Name)
	}
	if tier == "0" {
		return 0
	}
	c.bad(path, "has tier %s, and queue %s has none of that name; %s", tier, c.f.Queues.Names[q], yamlfile.DidYouMean(string(tier), known))
	return 0
}

// rules are the service levels by name.
var rules = map[string]measure.ID{"": "sl_offered", "offered": "sl_offered", "answered": "sl_answered", "exclude-within": "sl_exclude_within",
	"exclude-short": "sl_exclude_short", "count-within": "sl_count_within", "attempts": "sl_attempts"}

// target returns what a report needs to know about a queue's promise.
func (c *compiler) target(name string, t *Target, path string) QueueInfo {
	q := Usual(name)
	if t == nil {
		c.assume(path, "0.80 within 20s", "no target given; the usual one")
		return q
	}
	q.AWT, q.Target, q.Rule = t.Within, float64(t.Level), rules[t.Rule]
	if c.has(path + ".short") {
		q.Short = t.Short
	}
	if t.Level == 0 {
		c.bad(path, "has no level; want level and within, or 0.80 within 20s")
	}
	return q
}
