package center

import (
	"callwright/realcore"
	"callwright/realcore/ivr"
)

// enterFlow begins the flow at k.flow.Node.
func (c *Center) enterFlow(k *contact, moves int) {
	k.flow.Try = 0
	if n := &c.plan.Nodes[k.flow.Node]; n.Kind == realcore.QueueNode { // no flow at all, as most entries have
		c.admit(k, n.Queue, max(n.Tier, k.tier), c.now, moves)
		return
	}
	c.inFlow(k, ivr.Begin, 0, moves)
}

// inFlow gives the interpreter one input and carries out its answer.
func (c *Center) inFlow(k *contact, in ivr.Input, key byte, moves int) {
	act := ivr.Step(c.plan, c.splits, c.now, &k.flow, in, key)
	n := act.Node
	switch act.Do {
	case ivr.Ignore:
	case ivr.PlayPrompt:
		k.state = inFlow
		k.epoch++
		e := c.say(realcore.Play, k)
		e.Prompt, e.Node = n.Prompt, k.flow.Node
	case ivr.AwaitKey:
		k.epoch++
		c.timers.arm(c, n.Timeout, menuTimer, k.ref.Index, k.epoch)
	case ivr.EnterQueue:
		c.admit(k, n.Queue, max(n.Tier, k.tier), c.now, moves)
	case ivr.TakeCallback:
		c.enter(k, n.Queue, max(n.Tier, k.tier), c.now)
		c.takeCallback(k)
	case ivr.TakeMessage:
		if n.Queue != realcore.None {
			k.queue = n.Queue
		}
		c.record(k)
	case ivr.Divert:
		if !c.divert(k, n.Trunk) {
			c.inFlow(k, ivr.NoLine, 0, moves+1)
		}
	case ivr.End:
		c.release(k, realcore.Contained, realcore.CauseFlow)
	case ivr.Loop:
		c.release(k, realcore.Contained, realcore.CauseLoop)
	}
}

// digit is a key pressed by the caller: in a menu, or to take a callback that
// has been offered over the music.
func (c *Center) digit(k *contact, key byte) error {
	switch {
	case k.state == inFlow:
		k.epoch++ // the time-out is over
		c.inFlow(k, ivr.Key, key, 0)
		return nil
	case k.state == waiting && k.has(callbackOpen) && key == '1':
		c.takeCallback(k)
		return nil
	}
	return ErrState
}

func (c *Center) promptDone(k *contact) error {
	if k.state != inFlow {
		return ErrState // an announcement, or a prompt that a key cut short
	}
	c.inFlow(k, ivr.PromptOver, 0, 0)
	return nil
}

func (c *Center) menuTimeOut(k *contact) {
	c.inFlow(k, ivr.TimeOut, 0, 0)
}
