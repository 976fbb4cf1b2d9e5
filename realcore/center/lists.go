package center

import "callwright/realcore"

// contactList is contacts that wait in one pool, or for one agent, the first
// come first. A contact that comes back takes its old place.
type contactList struct {
	head, tail int32
	n          int32
}

// before reports whether k came before m.
func (k *contact) before(m *contact) bool {
	return k.since < m.since || k.since == m.since && k.seq < m.seq
}

// enlist puts the contact in a list of Center.waiting, searching its place
// from the tail: almost always there.
func (c *Center) enlist(k *contact, list int32) {
	l := &c.waiting[list]
	i := int32(k.ref.Index)
	after := l.tail
	for after >= 0 && k.before(&c.contacts.a[after]) {
		after = c.contacts.a[after].prev
	}
	k.prev, k.list = after, list
	if after >= 0 {
		k.next = c.contacts.a[after].next
		c.contacts.a[after].next = i
	} else {
		k.next = l.head
		l.head = i
	}
	if k.next >= 0 {
		c.contacts.a[k.next].prev = i
	} else {
		l.tail = i
	}
	l.n++
	if int(list) < len(c.pools) {
		c.full[list/64] |= 1 << (list % 64)
	} else {
		c.choosy++
	}
	c.queues[k.queue].waiting++
}

// delist takes the contact out of its list, if it is in one.
func (c *Center) delist(k *contact) {
	if k.list < 0 {
		return
	}
	l := &c.waiting[k.list]
	if k.prev >= 0 {
		c.contacts.a[k.prev].next = k.next
	} else {
		l.head = k.next
	}
	if k.next >= 0 {
		c.contacts.a[k.next].prev = k.prev
	} else {
		l.tail = k.prev
	}
	l.n--
	if int(k.list) >= len(c.pools) {
		c.choosy--
	} else if l.n == 0 {
		c.full[k.list/64] &^= 1 << (k.list % 64)
	}
	k.list = realcore.None
	c.queues[k.queue].waiting--
}

// agentList is the ready agents of a group for one channel in one order.
type agentList struct {
	head, tail int32
	n          int32
	place      int32 // index among the lists of its group: selects the link
}

// link is an agent's membership in one list.
type link struct {
	key        uint64
	prev, next int32 // prev is outside for an agent who is not in the list
}

const outside = -2

func (l *link) in() bool { return l.prev != outside }

func (c *Center) link(a realcore.AgentID, place int32) *link {
	return &c.links[int(a)*c.perAgent+int(place)]
}

// enlistAgent puts a ready agent in a list by (key, readySeq), from the tail.
func (c *Center) enlistAgent(a realcore.AgentID, list int32, key uint64) {
	l := &c.lists[list]
	me := c.link(a, l.place)
	me.key = key
	after := l.tail
	for after >= 0 {
		o := c.link(realcore.AgentID(after), l.place)
		if o.key < key || o.key == key && c.agents[after].readySeq < c.agents[a].readySeq {
			break
		}
		after = o.prev
	}
	me.prev = after
	if after >= 0 {
		o := c.link(realcore.AgentID(after), l.place)
		me.next = o.next
		o.next = int32(a)
	} else {
		me.next = l.head
		l.head = int32(a)
	}
	if me.next >= 0 {
		c.link(realcore.AgentID(me.next), l.place).prev = int32(a)
	} else {
		l.tail = int32(a)
	}
	l.n++
}

func (c *Center) delistAgent(a realcore.AgentID, list int32) {
	l := &c.lists[list]
	me := c.link(a, l.place)
	if !me.in() {
		return
	}
	if me.prev >= 0 {
		c.link(realcore.AgentID(me.prev), l.place).next = me.next
	} else {
		l.head = me.next
	}
	if me.next >= 0 {
		c.link(realcore.AgentID(me.next), l.place).prev = me.prev
	} else {
		l.tail = me.prev
	}
	me.prev = outside
	l.n--
}
