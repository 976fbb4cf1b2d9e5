// Package ivr runs call flows: menus, hours, prompts, splits and the ends of
// a flow. The flow is the plan's Nodes; the interpreter's state is a small
// value in the contact. It decides nothing about queues and agents and holds
// no clock: time-outs come in as inputs. realcore/center is its only caller.
package ivr

import "callwright/realcore"

// State is where a caller stands in the flow.
type State struct {
	Node realcore.NodeID
	Try  uint8 // failed tries of the menu at Node
}

// Input is what happened to the caller.
type Input uint8

// The inputs.
const (
	Begin      Input = iota // enter State.Node
	PromptOver              // the prompt asked for has ended
	Key                     // a key was pressed; it may interrupt the prompt
	TimeOut                 // no key in time
	NoLine                  // the trunk of a DivertNode had no line
)

// Do is what the Center has to do next.
type Do uint8

// What to do.
const (
	Ignore       Do = iota // the input means nothing here
	PlayPrompt             // Prompt; wait for PromptOver (or a key)
	AwaitKey               // wait for a key for Timeout
	EnterQueue             // Queue, Tier
	TakeCallback           // Queue, Tier
	TakeMessage            // Queue or None
	End                    // release the caller, contained
	Divert                 // Trunk
	Loop                   // the flow ran in a circle: release the caller
)

// Action is Do with its arguments: the node that asks for it.
type Action struct {
	Do   Do
	Node *realcore.Node
}

// maxHops bounds the nodes passed through without waiting. Longer chains are
// circles: a flow of that many hours and splits in a row would be absurd.
const maxHops = 256

// Splits counts how often each target of each SplitNode was taken, so that
// shares hold exactly over any stretch of calls. Index: node, then key.
type Splits [][]uint64

// NewSplits returns counters for the nodes.
func NewSplits(nodes []realcore.Node) Splits {
	s := make(Splits, len(nodes))
	for i := range nodes {
		if nodes[i].Kind == realcore.SplitNode {
			s[i] = make([]uint64, len(nodes[i].Keys))
		}
	}
	return s
}

// Step moves the caller on by one input and returns what to do.
func Step(p *realcore.Plan, splits Splits, now realcore.Instant, s *State, in Input, key byte) Action {
	n := &p.Nodes[s.Node]
	switch in {
	case Begin:
		return enter(p, splits, now, s)
	case PromptOver:
		return promptOver(p, splits, now, s, n)
	case Key:
		return pressed(p, splits, now, s, n, key)
	case TimeOut:
		switch n.Kind {
		case realcore.MenuNode:
			return again(p, splits, now, s, n)
		case realcore.CallbackNode:
			return move(p, splits, now, s, n.Next)
		}
	case NoLine:
		if n.Kind == realcore.DivertNode {
			return move(p, splits, now, s, n.Else)
		}
	}
	return Action{Do: Ignore}
}

func promptOver(p *realcore.Plan, splits Splits, now realcore.Instant, s *State, n *realcore.Node) Action {
	switch n.Kind {
	case realcore.PromptNode:
		return move(p, splits, now, s, n.Next)
	case realcore.MenuNode, realcore.CallbackNode:
		return Action{AwaitKey, n}
	}
	return Action{Do: Ignore}
}

func pressed(p *realcore.Plan, splits Splits, now realcore.Instant, s *State, n *realcore.Node, key byte) Action {
	switch n.Kind {
	case realcore.MenuNode:
		for _, k := range n.Keys {
			if k.Digit == key {
				return move(p, splits, now, s, k.Next)
			}
		}
		return again(p, splits, now, s, n)
	case realcore.CallbackNode:
		if key == '1' {
			return Action{TakeCallback, n}
		}
		return move(p, splits, now, s, n.Next)
	}
	return Action{Do: Ignore}
}

// again offers the menu once more, or gives up.
func again(p *realcore.Plan, splits Splits, now realcore.Instant, s *State, n *realcore.Node) Action {
	s.Try++
	if s.Try >= n.Tries {
		return move(p, splits, now, s, n.Else)
	}
	return Action{PlayPrompt, n}
}

func move(p *realcore.Plan, splits Splits, now realcore.Instant, s *State, to realcore.NodeID) Action {
	s.Node, s.Try = to, 0
	return enter(p, splits, now, s)
}

// enter walks from s.Node through the nodes that need no waiting.
func enter(p *realcore.Plan, splits Splits, now realcore.Instant, s *State) Action {
	for range maxHops {
		n := &p.Nodes[s.Node]
		switch n.Kind {
		case realcore.HoursNode:
			s.Node = n.Else
			if p.Calendars[n.Calendar].OpenAt(now) {
				s.Node = n.Next
			}
		case realcore.SplitNode:
			k := behind(splits[s.Node], n.Keys)
			splits[s.Node][k]++
			s.Node = n.Keys[k].Next
		case realcore.MenuNode, realcore.PromptNode, realcore.CallbackNode:
			return Action{PlayPrompt, n}
		case realcore.QueueNode:
			return Action{EnterQueue, n}
		case realcore.VoicemailNode:
			return Action{TakeMessage, n}
		case realcore.DivertNode:
			return Action{Divert, n}
		case realcore.DisconnectNode:
			return Action{End, n}
		}
	}
	return Action{Do: Loop}
}

// behind returns the target furthest behind its share, the first of equals.
// Targets of weight 0 are never taken.
func behind(taken []uint64, keys []realcore.MenuKey) int {
	best := -1
	for k := range keys {
		if keys[k].Weight <= 0 {
			continue
		}
		if best < 0 || taken[k]*uint64(keys[best].Weight) < taken[best]*uint64(keys[k].Weight) {
			best = k
		}
	}
	return best
}
