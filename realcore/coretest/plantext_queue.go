package coretest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"callwright/realcore"
	"callwright/realcore/routing"
)

func (b *planText) queue(name string, a args) error {
	q := &b.p.Queues[b.queueID(name)]
	if v, ok := a["calendar"]; ok {
		q.Calendar = realcore.CalendarID(find(b.p.Calendars, v, func(c *realcore.Calendar) string { return c.Name }))
	}
	if v := a["chan"]; v == "chat" {
		q.Chan = realcore.Chat
	}
	if v, ok := a["max"]; ok && v == "none" {
		q.MaxLength = realcore.NoWaiting
	} else if err := a.int("max", &q.MaxLength); err != nil {
		return err
	}
	var err error
	if v, ok := a["closed"]; ok {
		if q.OnClosed, err = b.treatment(v); err != nil {
			return err
		}
	}
	if v, ok := a["full"]; ok {
		q.OnFull, err = b.treatment(v)
	}
	return err
}

func (b *planText) queueID(name string) realcore.QueueID {
	return realcore.QueueID(find(b.p.Queues, name, func(q *realcore.Queue) string { return q.Name }))
}

func (b *planText) class(queue string, f []string) error {
	a := argsOf(f)
	q := b.queueID(queue)
	if q < 0 {
		return fmt.Errorf("no queue %s", queue)
	}
	c := realcore.Class{Queue: q, Order: orders[a["order"]]}
	var tier int32
	if err := a.int("tier", &tier); err != nil {
		return err
	}
	c.Tier = uint8(tier)
	c.Name = fmt.Sprintf("%s/%d", queue, tier)
	for key, to := range map[string]*time.Duration{"credit": &c.Credit, "prefer": &c.PreferredWait, "repeat": &c.Repeat} {
		if err := a.dur(key, to); err != nil {
			return err
		}
	}
	for key, to := range map[string]*int32{"rate": &c.Rate, "reserve": &c.Reserve} {
		if err := a.int(key, to); err != nil {
			return err
		}
	}
	for _, w := range f {
		k, v, _ := strings.Cut(w, "=")
		switch k {
		case "groups", "step":
			pool, err := b.pool(v, groupings[a["by"]])
			if err != nil {
				return err
			}
			c.Pools = append(c.Pools, pool)
		case "do":
			what, at, _ := strings.Cut(v, "@")
			t, err := b.treatment(what)
			if err != nil {
				return err
			}
			d, err := time.ParseDuration(at)
			if err != nil {
				return err
			}
			c.Program = append(c.Program, realcore.Timed{After: d, Do: t})
		}
	}
	b.addClass(c)
	return nil
}

func (b *planText) addClass(c realcore.Class) {
	q := &b.p.Queues[c.Queue]
	q.Classes = append(q.Classes, realcore.ClassID(len(b.p.Classes)))
	b.p.Classes = append(b.p.Classes, c)
}

// pool reads g1:2*3,g2:1: groups with levels and weights.
func (b *planText) pool(v string, by routing.GroupOrder) (realcore.Pool, error) {
	levels, weights := make([]routing.Level, len(b.p.Groups)), make([]int32, len(b.p.Groups))
	var listed []realcore.GroupID
	for _, w := range strings.Split(v, ",") {
		name, lv, _ := strings.Cut(w, ":")
		lv, wt, _ := strings.Cut(lv, "*")
		g := find(b.p.Groups, name, func(g *realcore.Group) string { return g.Name })
		if g < 0 {
			return realcore.Pool{}, fmt.Errorf("no group %s", name)
		}
		levels[g], weights[g] = 1, 1
		if n, err := strconv.Atoi(lv); err == nil {
			levels[g] = routing.Level(n)
		}
		if n, err := strconv.Atoi(wt); err == nil {
			weights[g] = int32(n)
		}
		listed = append(listed, realcore.GroupID(g))
	}
	return routing.Ranks(by, levels, 1, listed, weights), nil
}

func (b *planText) treatment(v string) (realcore.Treatment, error) {
	what, arg, _ := strings.Cut(v, "/")
	t := realcore.Treatment{Prompt: realcore.None}
	named := int32(0)
	switch what {
	case "stay":
	case "widen":
		t.Op = realcore.Widen
	case "say", "offer-callback":
		t.Op = realcore.SayPosition
		if what == "offer-callback" {
			t.Op = realcore.OfferRinging
		}
		if arg != "" {
			named = find(b.p.Prompts, arg, func(p *realcore.Prompt) string { return p.Name })
			t.Prompt = realcore.PromptID(named)
		}
	case "to", "keep":
		t.Op, t.KeepTime = realcore.ToQueue, what == "keep"
		t.Queue = b.queueID(arg)
		named = int32(t.Queue)
	case "trunk":
		t.Op = realcore.ToTrunk
		named = find(b.p.Trunks, arg, func(x *realcore.Trunk) string { return x.Name })
		t.Trunk = realcore.TrunkID(named)
	case "voicemail":
		t.Op = realcore.ToVoicemail
	case "flow":
		t.Op = realcore.ToFlow
		named = b.nodeID(arg)
		t.Node = realcore.NodeID(named)
	case "disconnect":
		t.Op = realcore.Release
	default:
		return t, fmt.Errorf("no treatment %q", v)
	}
	if named < 0 {
		return t, fmt.Errorf("treatment %q names nothing known", v)
	}
	return t, nil
}

var orders = map[string]realcore.AgentOrder{"longest-idle": realcore.LongestIdle, "fewest-contacts": realcore.FewestContacts,
	"least-occupied": realcore.LeastOccupied, "round-robin": realcore.RoundRobin, "percent-split": realcore.PercentSplit}

var groupings = map[string]routing.GroupOrder{"": routing.Together, "together": routing.Together, "skill": routing.MostSkilled, "listed": routing.InOrder}
