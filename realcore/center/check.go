package center

import (
	"fmt"

	"callwright/realcore"
)

// Check verifies the Center's own bookkeeping: every contact in exactly the
// list its state says, every list in order, every slot, offer and line
// accounted for, no ready agent idle while somebody waits whom he may take. It
// is O(everything) and for tests; an error is a defect in this package.
func (c *Center) Check() error {
	for _, f := range []func() error{c.checkContacts, c.checkLists, c.checkSlots, c.checkLines, c.checkIdle} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Center) checkContacts() error {
	open := int32(0)
	for i := range c.contacts.a {
		k := &c.contacts.a[i]
		if k.state == free {
			continue
		}
		open++
		hasAgent := k.state >= offered && k.state <= consulting
		if hasAgent != (k.agent != realcore.None) || hasAgent != (k.slot != realcore.None) {
			return fmt.Errorf("contact %d in state %d has agent %d, slot %d", k.key, k.state, k.agent, k.slot)
		}
		if hasAgent && c.slots[k.slot].contact != k.ref {
			return fmt.Errorf("contact %d: its slot holds %v", k.key, c.slots[k.slot].contact)
		}
		if (k.state == waiting) != (k.list != realcore.None) {
			return fmt.Errorf("contact %d in state %d is in list %d", k.key, k.state, k.list)
		}
		if (k.state == waiting || k.state == offered) != (k.class != realcore.None) {
			return fmt.Errorf("contact %d in state %d has class %d", k.key, k.state, k.class)
		}
		if (k.state == offered) != (c.offers.at(k.offer) != nil) {
			return fmt.Errorf("contact %d in state %d has offer %v", k.key, k.state, k.offer)
		}
	}
	if open != c.contacts.open || int(open)+len(c.contacts.free) != len(c.contacts.a) {
		return fmt.Errorf("%d contacts open, %d counted, %d free of %d", open, c.contacts.open, len(c.contacts.free), len(c.contacts.a))
	}
	if out := len(c.offers.a) - len(c.offers.free); out < 0 {
		return fmt.Errorf("%d offers out", out)
	}
	return nil
}

func (c *Center) checkLists() error {
	inQueue := make([]int32, len(c.queues))
	for l := range c.waiting {
		n, last := int32(0), int32(realcore.None)
		for i := c.waiting[l].head; i >= 0; i = c.contacts.a[i].next {
			k := &c.contacts.a[i]
			if k.list != int32(l) || k.prev != last || last >= 0 && !c.contacts.a[last].before(k) {
				return fmt.Errorf("list %d is out of order at contact %d", l, k.key)
			}
			if k.pool != c.base[k.class]+k.step {
				return fmt.Errorf("contact %d looks in pool %d, not in that of its class and step", k.key, k.pool)
			}
			if l < len(c.pools) && k.pool != int32(l) {
				return fmt.Errorf("contact %d waits in list %d, not in pool %d", k.key, l, k.pool)
			}
			inQueue[k.queue]++
			last = i
			n++
		}
		if n != c.waiting[l].n || last != c.waiting[l].tail {
			return fmt.Errorf("list %d has %d contacts, counted %d", l, n, c.waiting[l].n)
		}
		if l < len(c.pools) && (c.full[l/64]&(1<<(l%64)) != 0) != (n > 0) {
			return fmt.Errorf("list %d has %d contacts, its bit says otherwise", l, n)
		}
	}
	for q := range inQueue {
		if inQueue[q] != c.queues[q].waiting {
			return fmt.Errorf("queue %d has %d waiting, counted %d", q, inQueue[q], c.queues[q].waiting)
		}
	}
	for l := range c.lists {
		n, last := int32(0), int32(realcore.None)
		for i := c.lists[l].head; i >= 0; i = c.link(realcore.AgentID(i), c.lists[l].place).next {
			n++
			last = i
		}
		if n != c.lists[l].n || last != c.lists[l].tail {
			return fmt.Errorf("agent list %d has %d agents, counted %d", l, n, c.lists[l].n)
		}
	}
	return nil
}

func (c *Center) checkSlots() error {
	staffed := make([]int32, len(c.groups))
	for a := range c.agents {
		ag := &c.agents[a]
		staffed[ag.group] += b2i(c.wants(ag))
		if s, r := c.stateOf(ag); s != ag.shown || r != ag.shownReason {
			return fmt.Errorf("agent %d is %v %v but %v %v was told", a, s, r, ag.shown, ag.shownReason)
		}
		for i, l := range c.groups[ag.group].lists {
			if in := c.link(realcore.AgentID(a), int32(i)).in(); in != c.routable(ag, l.chan_) {
				return fmt.Errorf("agent %d: in list %d is %v, routable %v", a, i, in, !in)
			}
		}
	}
	for g := range staffed {
		if staffed[g] != c.groups[g].staffed {
			return fmt.Errorf("group %d has %d staffed, counted %d", g, staffed[g], c.groups[g].staffed)
		}
	}
	for s := range c.slots {
		sl := &c.slots[s]
		k := c.contacts.at(sl.contact)
		held := sl.state == realcore.Reserved || sl.state == realcore.Handling
		if held && (k == nil || k.slot != int32(s)) || sl.state == idle && !sl.contact.IsZero() {
			return fmt.Errorf("slot %d in state %v holds %v", s, sl.state, sl.contact)
		}
	}
	return nil
}

func (c *Center) checkLines() error {
	lines := make([]int32, len(c.lines))
	for i := range c.contacts.a {
		if k := &c.contacts.a[i]; k.state != free {
			for _, t := range [...]realcore.TrunkID{k.trunk, k.vendor} {
				if t != realcore.None {
					lines[t]++
				}
			}
		}
	}
	for t := range lines {
		if lines[t] != c.lines[t] {
			return fmt.Errorf("trunk %d has %d lines in use, counted %d", t, lines[t], c.lines[t])
		}
	}
	return nil
}

// checkIdle: nobody waits in a pool that has a ready agent beyond its reserve.
func (c *Center) checkIdle() error {
	for l := range c.pools {
		if c.waiting[l].n > 0 {
			if a := c.bestAgent(&c.pools[l]); a != realcore.None {
				return fmt.Errorf("agent %d is ready while contact %d waits", a, c.contacts.a[c.waiting[l].head].key)
			}
		}
	}
	return nil
}
