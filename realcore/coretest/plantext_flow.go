package coretest

import (
	"fmt"
	"strconv"

	"callwright/realcore"
)

func (b *planText) nodeID(name string) int32 {
	return find(b.p.Nodes, name, func(n *realcore.Node) string { return n.Name })
}

// node reads, by kind: prompt=P next=N else=N timeout=5s tries=2 queue=Q
// tier=1 trunk=T calendar=C, and keys 1=N or weights N=30 for a split.
func (b *planText) node(name, kind string, a args) error {
	k, ok := nodeKinds[kind]
	if !ok {
		return fmt.Errorf("no node kind %q", kind)
	}
	n := &b.p.Nodes[b.nodeID(name)]
	*n = realcore.Node{Name: name, Kind: k, Next: realcore.None, Else: realcore.None, Prompt: realcore.None, Queue: realcore.None,
		Trunk: realcore.None, Calendar: realcore.None}
	var tries, tier int32
	if err := a.int("tries", &tries); err != nil {
		return err
	}
	if err := a.int("tier", &tier); err != nil {
		return err
	}
	n.Tries, n.Tier = uint8(tries), uint8(tier)
	if err := a.dur("timeout", &n.Timeout); err != nil {
		return err
	}
	for key, to := range map[string]func(string) int32{
		"next":  func(v string) int32 { n.Next = realcore.NodeID(b.nodeID(v)); return int32(n.Next) },
		"else":  func(v string) int32 { n.Else = realcore.NodeID(b.nodeID(v)); return int32(n.Else) },
		"queue": func(v string) int32 { n.Queue = b.queueID(v); return int32(n.Queue) },
		"prompt": func(v string) int32 {
			n.Prompt = realcore.PromptID(find(b.p.Prompts, v, func(p *realcore.Prompt) string { return p.Name }))
			return int32(n.Prompt)
		},
		"trunk": func(v string) int32 {
			n.Trunk = realcore.TrunkID(find(b.p.Trunks, v, func(t *realcore.Trunk) string { return t.Name }))
			return int32(n.Trunk)
		},
		"calendar": func(v string) int32 {
			n.Calendar = realcore.CalendarID(find(b.p.Calendars, v, func(c *realcore.Calendar) string { return c.Name }))
			return int32(n.Calendar)
		},
	} {
		if v, ok := a[key]; ok && to(v) < 0 {
			return fmt.Errorf("%s=%s names nothing known", key, v)
		}
	}
	for d := range "0123456789*#" {
		digit := "0123456789*#"[d : d+1]
		if v, ok := a[digit]; ok && k == realcore.MenuNode {
			n.Keys = append(n.Keys, realcore.MenuKey{Digit: digit[0], Next: realcore.NodeID(b.nodeID(v))})
		}
	}
	if k == realcore.SplitNode {
		for _, target := range b.nodes {
			if v, ok := a[target]; ok {
				w, err := strconv.Atoi(v)
				if err != nil {
					return err
				}
				n.Keys = append(n.Keys, realcore.MenuKey{Next: realcore.NodeID(b.nodeID(target)), Weight: int32(w)})
			}
		}
	}
	return nil
}

func (b *planText) entry(f []string) error {
	if len(f) < 4 || f[2] != "->" {
		return fmt.Errorf("want: entry NAME -> NODE or QUEUE")
	}
	a := argsOf(f[4:])
	e := realcore.Entry{Name: f[1], Trunk: realcore.None, Start: realcore.NodeID(b.nodeID(f[3]))}
	if e.Start < 0 {
		q := b.queueID(f[3])
		if q < 0 {
			return fmt.Errorf("no node or queue %s", f[3])
		}
		e.Start = realcore.NodeID(len(b.p.Nodes))
		b.p.Nodes = append(b.p.Nodes, realcore.Node{Name: f[3], Kind: realcore.QueueNode, Queue: q})
	}
	if v, ok := a["trunk"]; ok {
		e.Trunk = realcore.TrunkID(find(b.p.Trunks, v, func(t *realcore.Trunk) string { return t.Name }))
	}
	b.p.Entries = append(b.p.Entries, e)
	return nil
}

var nodeKinds = map[string]realcore.NodeKind{"menu": realcore.MenuNode, "hours": realcore.HoursNode, "prompt": realcore.PromptNode,
	"queue": realcore.QueueNode, "callback": realcore.CallbackNode, "voicemail": realcore.VoicemailNode,
	"disconnect": realcore.DisconnectNode, "divert": realcore.DivertNode, "split": realcore.SplitNode}
