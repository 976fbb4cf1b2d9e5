package live

import (
	"time"

	"callwright/realcore"
)

// turn steps a batch of events, all stamped with one instant. The journal is
// written before anything is carried out.
func (h *Host) turn(batch []item) {
	now := h.tick()
	for i := range batch {
		h.check(&batch[i])
	}
	h.write(now, batch)
	h.expire(now)
	for i := range batch {
		h.step(now, &batch[i])
	}
	h.counts.Turns++
	h.occupied = true // as far as one knows
	h.handOver()
}

// tick reads the scenario clock, which does not go back even if time.Now does.
func (h *Host) tick() realcore.Instant {
	h.now = max(h.now, h.clock.instant(time.Now()))
	return h.now
}

// check refuses what would panic in the Center: a door's mistake must not stop the
// other doors' calls.
func (h *Host) check(it *item) {
	if it.plan != nil {
		it.ev.Side = h.center.AddPlan(it.plan)
		h.plans++
	}
	if err := h.center.Plan().Check(&it.ev, h.plans); err != nil {
		h.cfg.Log.Error("a door posted an event outside the plan", "kind", it.ev.Kind, "err", err)
		it.err = err
	}
}

// journaling reports whether there is a journal that can still be written.
func (h *Host) journaling() bool { return h.book != nil && !h.dead }

// giveUp ends the journal for good, and the records with it.
func (h *Host) giveUp() { h.dead, h.lines.off = true, true }

// write journals a batch. If that fails, new calls in it are refused, and no more is
// written.
func (h *Host) write(now realcore.Instant, batch []item) {
	if h.book == nil {
		return
	}
	if h.journaling() {
		for i := range batch {
			if it := &batch[i]; it.err == nil {
				h.frame(now, it)
			}
		}
		if _, due := h.center.Due(now); due && len(h.book.frames) == 0 { // no event came that counts: the timers want a mark
			h.mark(now)
		}
		if h.flush() {
			return
		}
	}
	t := h.trouble.Load()
	for i := range batch {
		if it := &batch[i]; it.err == nil && isNew(it.ev.Kind) {
			it.err = t.err
		}
	}
}

// frame adds an event, and the plan that it puts in force, to what will be
// written. The book takes frames into memory, which does not fail.
func (h *Host) frame(now realcore.Instant, it *item) {
	if it.plan != nil {
		_ = h.book.w.Plan(it.plan)
	}
	_ = h.book.w.Event(now, &it.ev)
}

// flush writes what has gathered, and reports whether the journal lives.
func (h *Host) flush() bool {
	if h.scribe.noMore.Load() { // it could not be synced: what comes after a hole is worth nothing
		h.giveUp()
		return false
	}
	if len(h.book.frames) == 0 {
		return true
	}
	if err := h.book.flush(); err != nil {
		h.fail("the journal cannot be written", err)
		h.giveUp()
		return false
	}
	h.beat, h.wrote = time.Now(), true
	return true
}

// pass runs the timers that are due although nothing was posted, and marks the
// journal first: to say what it implies, or just that the host is alive.
func (h *Host) pass() {
	now := h.tick()
	_, due := h.center.Due(now)
	if h.journaling() && (due || h.mustMark()) {
		h.mark(now)
	}
	h.expire(now)
	h.handOver()
}

// mark journals an event about nothing, and reports whether the journal lives.
func (h *Host) mark(now realcore.Instant) bool {
	_ = h.book.w.Event(now, &mark)
	if !h.flush() {
		return false
	}
	h.counts.Marks++
	h.counts.Events++
	h.counts.Refused++
	return true
}

// mustMark reports whether the journal is silent for too long while somebody is there.
func (h *Host) mustMark() bool {
	if !h.occupied || time.Since(h.beat) < markEvery {
		return false
	}
	h.occupied = somebody(h.center)
	return h.occupied
}

// expire runs the centre's timers up to now.
func (h *Host) expire(now realcore.Instant) {
	h.out = h.center.Expire(now, h.out[:0])
	h.tell(now, nil, nil)
}

// step steps one event, if nothing speaks against it.
func (h *Host) step(now realcore.Instant, it *item) {
	if it.err != nil {
		h.refuse(now, it)
	} else {
		h.out, it.err = h.center.Step(now, &it.ev, h.out[:0])
		if it.plan != nil {
			h.plan.Store(h.center.Plan())
		}
		h.tell(now, &it.ev, it.err)
		if _, ok := h.center.Due(now); ok {
			h.expire(now)
		}
	}
	if it.done != nil {
		it.done(it.err)
	}
}

// refuse tells the doors that a new call they had posted is not taken after all. It
// is blocked as by a limit of the plan, though the Center has never heard of it.
func (h *Host) refuse(now realcore.Instant, it *item) {
	if !isNew(it.ev.Kind) {
		return
	}
	h.turnedAway.Add(1)
	ev := &it.ev
	e := realcore.Effect{At: now, Kind: realcore.Rejected, Code: uint8(realcore.CauseLimit), Key: ev.Key, Arg: realcore.None,
		Queue: realcore.None, Agent: realcore.None, Trunk: realcore.None, Node: realcore.None}
	if ev.Kind == realcore.Arrived {
		e.Arg = int64(ev.Entry)
	} else {
		e.Dir, e.Queue = realcore.Outbound, ev.Queue
	}
	h.carry(now, ev, append(h.out[:0], e))
}

// tell hands the effects in h.out to records, digest and doors.
func (h *Host) tell(now realcore.Instant, ev *realcore.Event, refused error) {
	h.observe(now, ev, h.out, refused)
	if len(h.out) > 0 || refused == nil && ev != nil && isWish(ev.Kind) {
		h.carry(now, ev, h.out)
	}
}

// isWish reports whether an event says what an agent wants to be.
func isWish(k realcore.EventKind) bool {
	return k == realcore.AgentReady || k == realcore.AgentNotReady || k == realcore.AgentLogout
}

func (h *Host) carry(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect) {
	for _, d := range h.cfg.Doors {
		d.Carry(now, ev, effects)
	}
}

// handOver gives the scribe what this turn has written, and shows the counts.
func (h *Host) handOver() {
	if h.wrote && !h.dead {
		h.scribe.add(h.lines.buf)
	}
	h.wrote = false
	h.lines.buf = h.lines.buf[:0]
	h.publish()
}
