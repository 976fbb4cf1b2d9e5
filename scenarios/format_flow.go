package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"callwright/yamlfile"
)

// Flow is steps before the queue, one after the other. The last one is an end:
// a menu, split, queue, vendor, voicemail, disconnect or flow. A single step
// needs no list.
type Flow struct{ Steps []FlowStep }

func (f *Flow) read(d *decoder, t *tree, path string) {
	items := t.Items
	if t.Kind != yamlfile.List {
		items = []*tree{t}
	}
	f.Steps = make([]FlowStep, len(items))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if t.Kind != yamlfile.List {
			at = path
		}
		d.Places[at] = item.At
		f.Steps[i].read(d, item, at)
		f.Steps[i].path = at
		if i > 0 && f.Steps[i-1].ends() {
			d.Add(item.At, at, "is never reached; want nothing after %s", f.Steps[i-1].kind())
		} else if i == len(items)-1 && !f.Steps[i].ends() {
			d.Add(item.At, at, "is the last step and leads nowhere; want queue, menu, split, vendor, voicemail, flow or disconnect after it")
		}
	}
	if len(items) == 0 {
		d.Wrong(t, path, "at least one step")
	}
}

// FlowStep is one step. As a text: queue NAME, vendor NAME, flow NAME, say
// PROMPT, voicemail or disconnect.
type FlowStep struct {
	Say        *PromptRef `key:"say" doc:"A prompt, by name or just its length."`
	Hours      *HoursRef  `key:"hours" doc:"While these are open the flow goes on."`
	Closed     *Flow      `key:"closed" doc:"With hours: outside them it goes here."`
	Menu       *Menu      `key:"menu" doc:"Press 1 for ..."`
	Split      []Branch   `key:"split" doc:"By percentage, call by call."`
	Offer      *Offer     `key:"offer-callback" doc:"Press 1 to be rung back; whoever does not goes on."`
	Queue      string     `key:"queue"`
	Tier       Name       `key:"tier" doc:"With queue."`
	Vendor     string     `key:"vendor"`
	Busy       *Flow      `key:"busy" doc:"With vendor: when it has no line; default disconnect."`
	Voicemail  bool       // as a text alone
	Disconnect bool       // likewise
	Flow       string     `key:"flow" doc:"Go on with another flow."`

	path string
}

func (s *FlowStep) read(d *decoder, t *tree, path string) {
	if t.Kind == yamlfile.Mapping {
		type plain FlowStep
		before := len(d.List)
		d.Structure(valueOf((*plain)(s)), t, path)
		if n := len(s.kinds()); n != 1 && len(d.List) == before {
			d.Add(t.At, path, "says %d things at once (%s); want one, and only what belongs to it", n, strings.Join(s.kinds(), ", "))
		}
		return
	}
	text, _ := d.Text(t, path)
	verb, name, _ := strings.Cut(text, " ")
	known := []string{"queue", "vendor", "flow", "say", "voicemail", "disconnect"}
	switch {
	case !slices.Contains(known, verb):
		d.Unknown(t, path, verb, known)
	case (name == "") != (verb == "voicemail" || verb == "disconnect"):
		d.Wrong(t, path, "queue NAME, vendor NAME, flow NAME, say PROMPT, voicemail or disconnect")
	}
	switch verb {
	case "queue":
		s.Queue = name
	case "vendor":
		s.Vendor = name
	case "flow":
		s.Flow = name
	case "say":
		s.Say = &PromptRef{}
		s.Say.read(d, &tree{At: t.At, Text: name}, path)
	case "voicemail":
		s.Voicemail = true
	case "disconnect":
		s.Disconnect = true
	}
}

func (s *FlowStep) kinds() (k []string) {
	for _, c := range []struct {
		on   bool
		name string
	}{{s.Say != nil, "say"}, {s.Hours != nil, "hours"}, {s.Menu != nil, "menu"}, {s.Split != nil, "split"}, {s.Offer != nil, "offer-callback"},
		{s.Queue != "", "queue"}, {s.Vendor != "", "vendor"}, {s.Voicemail, "voicemail"}, {s.Disconnect, "disconnect"}, {s.Flow != "", "flow"}} {
		if c.on {
			k = append(k, c.name)
		}
	}
	return k
}

func (s *FlowStep) kind() string { return strings.Join(s.kinds(), " and ") }

func (s *FlowStep) ends() bool { return s.Say == nil && s.Hours == nil && s.Offer == nil }

// PromptRef is a prompt by name, or one that has only a length.
type PromptRef struct {
	Name   string
	Length time.Duration
}

func (p *PromptRef) read(d *decoder, t *tree, path string) {
	s, _ := d.Text(t, path)
	if x, ok := parseLength(s); ok {
		p.Length = x
		return
	}
	p.Name = s
}

// Menu is a choice by keys.
type Menu struct {
	Prompt    *PromptRef    `key:"prompt" doc:"By name or just its length."`
	Keys      MenuKeys      `key:"keys" doc:"{1: {to: queue sales, share: 0.6}}: where each key leads and the part of callers that presses it."`
	Timeout   time.Duration `key:"timeout" doc:"From the end of the prompt to the first key; default 5s."`
	Tries     int           `key:"tries" min:"1" max:"9" doc:"How often the menu is offered in all, after no key or a wrong one; default 2."`
	Otherwise *Flow         `key:"otherwise" doc:"After the last try; default disconnect."`
	HangUp    Fraction      `key:"hang-up" doc:"Part that hangs up while the prompt plays."`
	Invalid   Fraction      `key:"invalid" doc:"Part that presses a key that is not on offer."`
}

// MenuKeys are the keys of a menu.
type MenuKeys struct {
	Keys []byte
	To   []*MenuKey
}

// MenuKey is one key's target and the part of callers who press it.
type MenuKey struct {
	To    Flow     `key:"to"`
	Share Fraction `key:"share"`
}

func (o *MenuKeys) read(d *decoder, t *tree, path string) {
	if t.Kind != yamlfile.Mapping {
		d.Wrong(t, path, "a mapping from keys, as {1: {to: queue sales, share: 0.6}}")
		return
	}
	sum := 0.0
	for i, k := range t.Keys {
		at := yamlfile.Join(path, k.Text)
		o.Keys = append(o.Keys, digit(d, k, at))
		d.Places[at] = k.At
		x := &MenuKey{}
		d.Structure(valueOf(x), t.Items[i], at)
		if len(x.To.Steps) == 0 {
			d.Add(t.Items[i].At, at, "leads nowhere; want to: queue NAME, or other steps")
		}
		o.To = append(o.To, x)
		sum += float64(x.Share)
	}
	checkSum(d, t.At, path, sum)
}

// Branch is one target of a split.
type Branch struct {
	Share Fraction `key:"share" doc:"All shares of a split sum to 1."`
	To    Flow     `key:"to"`
}

// Offer is a callback on offer in the flow.
type Offer struct {
	Queue   string        `key:"queue"`
	Tier    Name          `key:"tier"`
	Prompt  *PromptRef    `key:"prompt"`
	Timeout time.Duration `key:"timeout" doc:"Default 5s."`
}
