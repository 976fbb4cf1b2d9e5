package center

import (
	"callwright/realcore"
	"callwright/realcore/ivr"
)

// contactState is where a contact is.
type contactState uint8

const (
	free       contactState = iota
	inFlow                  // in the call flow: prompt or menu
	waiting                 // in a list
	offered                 // an agent's phone rings for it
	dialling                // an agent has it, the customer is being rung
	talking                 // customer and agent are joined
	held                    // joined, customer on hold
	consulting              // customer on hold, the agent speaks or waits for a colleague
	diverting               // the vendor's side rings
	diverted                // the vendor's side has it
	recording               // leaves a message
)

// contact is one contact in the centre: a slab entry, linked into at most one
// list of waiting contacts. It is 128 bytes: two cache lines.
type contact struct {
	ref   realcore.Ref
	key   realcore.Key
	state contactState
	dir   realcore.Direction
	tier  uint8
	flags contactFlags

	// epoch counts what timers and prompts may have been waiting for; a timer
	// with another epoch is dead. It survives the slab entry's reuse.
	epoch uint32

	queue realcore.QueueID
	class realcore.ClassID
	step  int32 // widening step of the search
	list  int32 // index into Center.waiting, or None
	prev  int32
	next  int32

	since realcore.Instant // queue entry, or an earlier one whose time counts on
	seq   uint64           // of queue entries: first come
	armed uint16           // program steps whose timer has been armed
	due   uint16           // program steps whose time has come
	done  uint16           // program steps carried out

	preferred realcore.AgentID
	agent     realcore.AgentID // who has it, while offered to talking
	slot      int32
	offer     realcore.Ref
	pool      int32 // of class and step, good while in a queue
	talkSince realcore.Instant

	trunk  realcore.TrunkID // the caller's line
	vendor realcore.TrunkID // the vendor's line
	flow   ivr.State
	peer   realcore.Ref // consultation <-> customer
}

type contactFlags uint8

const (
	answeredOnce  contactFlags = 1 << iota // spoke to an agent: the outcome is Answered
	callbackTaken                          // the caller has hung up; an agent will ring back
	callbackOpen                           // key 1 takes a callback now
)

func (k *contact) has(f contactFlags) bool { return k.flags&f != 0 }

// contactSlab keeps contacts at fixed places. Freed places are used again,
// last freed first, with a new generation.
type contactSlab struct {
	a    []contact
	free []uint32
	open int32
}

// at returns the contact that r refers to, or nil if it has gone.
func (s *contactSlab) at(r realcore.Ref) *contact {
	if int(r.Index) >= len(s.a) {
		return nil
	}
	if k := &s.a[r.Index]; k.ref == r && k.state != free {
		return k
	}
	return nil
}

func (s *contactSlab) take() *contact {
	s.open++
	var k *contact
	if n := len(s.free); n > 0 {
		k = &s.a[s.free[n-1]]
		s.free = s.free[:n-1]
	} else {
		s.a = append(s.a, contact{ref: realcore.Ref{Index: uint32(len(s.a))}})
		k = &s.a[len(s.a)-1]
	}
	index, gen, epoch := k.ref.Index, k.ref.Gen, k.epoch
	*k = contact{} // then field by field: a literal would be built elsewhere and copied
	k.ref.Index, k.ref.Gen, k.epoch = index, gen+1, epoch+1
	k.queue, k.class, k.list = realcore.None, realcore.None, realcore.None
	k.preferred, k.agent, k.slot = realcore.None, realcore.None, realcore.None
	k.trunk, k.vendor = realcore.None, realcore.None
	return k
}

func (s *contactSlab) put(k *contact) {
	s.open--
	k.state = free
	k.epoch++
	s.free = append(s.free, k.ref.Index)
}
