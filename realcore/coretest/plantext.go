package coretest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"callwright/realcore"
)

// ParsePlan reads the plan language of stories, one thing a line:
//
//	trunk   NAME lines=2
//	calendar NAME open=8h..17h,20h..22h
//	prompt  NAME 3s
//	group   NAME ring=15s rona=30s reject=10s wrapup cap=60s order=priority chat=2
//	agents  GROUP a1 a2 ...
//	queue   NAME calendar=C closed=TREATMENT max=5|none full=TREATMENT chan=chat
//	class   QUEUE tier=0 credit=90s rate=1000 prefer=20s order=round-robin reserve=1
//	        groups=g1:2,g2:1 [by=together|skill|listed] step=g1:1,... steps follow widen treatments
//	        do=TREATMENT@30s ... repeat=30s
//	serve   GROUP QUEUE[/TIER] ...   the group's fixed order of queues; default: one rank
//	node    NAME KIND key=value ...
//	entry   NAME -> NODE|QUEUE [trunk=T] [tier=1]
//
// groups=NAME:LEVEL gives skill levels, with NAME:LEVEL*WEIGHT a weight too. A
// queue without a class line has one class that every group serves.
// TREATMENT is stay, widen, say[/PROMPT], offer-callback[/PROMPT], to/QUEUE,
// keep/QUEUE (time counts on), trunk/T, voicemail, flow/NODE or disconnect.
func ParsePlan(text string) (*realcore.Plan, error) {
	b := &planText{p: &realcore.Plan{Name: "story", Limits: realcore.Limits{MaxContacts: 1000}}, serves: map[realcore.GroupID][]string{}}
	lines := strings.Split(text, "\n")
	for pass := range 2 { // names first, then what refers to them
		for i, line := range lines {
			f := strings.Fields(line)
			if len(f) == 0 || strings.HasPrefix(f[0], "#") {
				continue
			}
			if err := b.line(pass, f); err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", i+1, strings.TrimSpace(line), err)
			}
		}
	}
	if err := b.finish(); err != nil {
		return nil, err
	}
	return b.p, b.p.Validate()
}

type planText struct {
	p      *realcore.Plan
	serves map[realcore.GroupID][]string // fixed orders
	nodes  []string
}

// args are a line's key=value words; a bare word is its own value.
type args map[string]string

func argsOf(f []string) args {
	a := args{}
	for _, w := range f {
		k, v, _ := strings.Cut(w, "=")
		if old, ok := a[k]; ok {
			v = old + " " + v
		}
		a[k] = v
	}
	return a
}

func (a args) dur(key string, to *time.Duration) error {
	if v, ok := a[key]; ok && v != "" {
		d, err := time.ParseDuration(v)
		*to = d
		return err
	}
	return nil
}

func (a args) int(key string, to *int32) error {
	if v, ok := a[key]; ok {
		n, err := strconv.Atoi(v)
		*to = int32(n)
		return err
	}
	return nil
}

func (b *planText) line(pass int, f []string) error {
	if pass == 0 {
		return b.declare(f)
	}
	return b.define(f)
}

func (b *planText) declare(f []string) error {
	p := b.p
	switch a := argsOf(f[2:]); f[0] {
	case "trunk":
		t := realcore.Trunk{Name: f[1]}
		p.Trunks = append(p.Trunks, t)
		return a.int("lines", &p.Trunks[len(p.Trunks)-1].Lines)
	case "calendar":
		c := realcore.Calendar{Name: f[1]}
		for _, s := range strings.Split(a["open"], ",") {
			from, to, _ := strings.Cut(s, "..")
			x, err := time.ParseDuration(from)
			if err != nil {
				return err
			}
			y, err := time.ParseDuration(to)
			if err != nil {
				return err
			}
			c.Open = append(c.Open, realcore.Span{From: realcore.Instant(x), To: realcore.Instant(y)})
		}
		p.Calendars = append(p.Calendars, c)
	case "prompt":
		d, err := time.ParseDuration(f[2])
		p.Prompts = append(p.Prompts, realcore.Prompt{Name: f[1], Length: d})
		return err
	case "group":
		return b.group(f[1], a)
	case "queue":
		p.Queues = append(p.Queues, realcore.Queue{Name: f[1], Calendar: realcore.None})
	case "node":
		b.nodes = append(b.nodes, f[1])
		p.Nodes = append(p.Nodes, realcore.Node{Name: f[1]})
	case "agents":
		g := find(p.Groups, f[1], func(g *realcore.Group) string { return g.Name })
		if g < 0 {
			return fmt.Errorf("no group %s yet", f[1])
		}
		for _, name := range f[2:] {
			p.Agents = append(p.Agents, realcore.Agent{Name: name, Group: realcore.GroupID(g)})
		}
	case "class", "serve", "entry":
	default:
		return fmt.Errorf("unknown word %q", f[0])
	}
	return nil
}

func (b *planText) group(name string, a args) error {
	g := realcore.Group{Name: name, Slots: [realcore.NumChannels]uint8{realcore.Voice: 1}}
	_, g.WrapUp = a["wrapup"]
	if a["order"] == "priority" {
		g.Order = realcore.Priority
	}
	if v, ok := a["chat"]; ok {
		n, err := strconv.Atoi(v)
		if err != nil {
			return err
		}
		g.Slots[realcore.Chat] = uint8(n)
	}
	for key, to := range map[string]*time.Duration{"ring": &g.RingTime, "rona": &g.RONAPenalty, "reject": &g.RejectPenalty, "cap": &g.WrapUpCap} {
		if err := a.dur(key, to); err != nil {
			return err
		}
	}
	b.p.Groups = append(b.p.Groups, g)
	return nil
}

func (b *planText) define(f []string) error {
	switch a := argsOf(f[2:]); f[0] {
	case "queue":
		return b.queue(f[1], a)
	case "class":
		return b.class(f[1], f[2:])
	case "serve":
		g := find(b.p.Groups, f[1], func(g *realcore.Group) string { return g.Name })
		if g < 0 {
			return fmt.Errorf("no group %s", f[1])
		}
		b.serves[realcore.GroupID(g)] = f[2:]
	case "node":
		return b.node(f[1], f[2], argsOf(f[3:]))
	case "entry":
		return b.entry(f)
	}
	return nil
}

// finish gives queues without a class one that all groups serve, and writes
// the groups' side of the pools.
func (b *planText) finish() error {
	p := b.p
	for q := range p.Queues {
		if len(p.Queues[q].Classes) == 0 {
			var rank []realcore.Share
			for g := range p.Groups {
				rank = append(rank, realcore.Share{Group: realcore.GroupID(g), Weight: 1})
			}
			b.addClass(realcore.Class{Name: p.Queues[q].Name + "/0", Queue: realcore.QueueID(q), Pools: []realcore.Pool{{Ranks: [][]realcore.Share{rank}}}})
		}
	}
	for g := range p.Groups {
		if err := Serve(p, realcore.GroupID(g), b.serves[realcore.GroupID(g)]); err != nil {
			return err
		}
	}
	return nil
}

// Serve fills a group's Serves from the pools that name it: one rank for all,
// or, if ranked is not nil, a rank for each queue or queue/tier in that order.
func Serve(p *realcore.Plan, g realcore.GroupID, ranked []string) error {
	var all []realcore.Serve
	for c := range p.Classes {
		for step := range p.Classes[c].Pools {
			if names(&p.Classes[c].Pools[step], g) {
				all = append(all, realcore.Serve{Class: realcore.ClassID(c), Step: int32(step)})
				break
			}
		}
	}
	if ranked == nil {
		p.Groups[g].Serves = all
		return nil
	}
	for rank, name := range ranked {
		found := false
		for _, s := range all {
			cl := &p.Classes[s.Class]
			if q := p.Queues[cl.Queue].Name; name == q || name == fmt.Sprintf("%s/%d", q, cl.Tier) {
				s.Rank, found = int32(rank), true
				p.Groups[g].Serves = append(p.Groups[g].Serves, s)
			}
		}
		if !found {
			return fmt.Errorf("group %s does not serve %s", p.Groups[g].Name, name)
		}
	}
	return nil
}

func names(pool *realcore.Pool, g realcore.GroupID) bool {
	for _, rank := range pool.Ranks {
		for _, s := range rank {
			if s.Group == g {
				return true
			}
		}
	}
	return false
}

func find[T any](in []T, name string, of func(*T) string) int32 {
	for i := range in {
		if of(&in[i]) == name {
			return int32(i)
		}
	}
	return -1
}
