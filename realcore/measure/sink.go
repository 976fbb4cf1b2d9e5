package measure

import (
	"callwright/realcore"
	"callwright/realcore/cdr"
)

// Contact counts a contact in the interval of its arrival.
func (t *Table) Contact(r *cdr.Contact) {
	if r.At < t.cfg.From {
		return
	}
	i := t.interval(r.At)
	l := &t.Center[i]
	if r.Dir != realcore.Inbound {
		l.Outbound++
		return
	}
	l.Attempts++
	switch {
	case r.Outcome == realcore.Blocked:
		l.Blocked++
		if int(r.Entry) < len(t.leads) && t.leads[r.Entry] != realcore.None {
			t.Queue[i*t.queues+int(t.leads[r.Entry])].Blocked++
		}
		return
	case r.Visits == 0:
		l.unqueued(r.Outcome)
		return
	}
	l.Offered++
	switch r.Outcome {
	case realcore.Answered:
		l.Answered++
	case realcore.Abandoned, realcore.LeftInFlow: // left for a flow after queueing
		l.Abandoned++
	case realcore.Overflowed:
		l.Overflowed++
		if r.VendorAnswered {
			l.VendorAnswered++
		}
	case realcore.CalledBack:
		l.CalledBack++
		if r.CallbackDelay > 0 {
			l.CallbackDone++
			l.CallbackDelay += int64(r.CallbackDelay)
		}
	case realcore.Voicemailed:
		l.Voicemailed++
	case realcore.Open:
		if r.Answered != realcore.Never {
			l.Answered++ // from the answer on
		} else {
			l.Open++
		}
	default:
		l.Disconnected++
	}
}

func (l *Line) unqueued(o realcore.Outcome) {
	switch o {
	case realcore.OutOfHours:
		l.OutOfHours++
	case realcore.LeftInFlow:
		l.LeftInFlow++
	case realcore.Open:
		l.StillIn++
	default:
		l.Contained++
	}
}

// Visit counts a queue visit in the interval of queue entry.
func (t *Table) Visit(v *cdr.Visit) {
	if v.At < t.cfg.From {
		return
	}
	c := &t.Queue[t.interval(v.At)*t.queues+int(v.Queue)]
	wait := v.Wait()
	if v.Offers > 1 || v.Offers == 1 && v.Outcome != realcore.Answered {
		c.Requeued += int64(v.Offers)
		if v.Outcome == realcore.Answered {
			c.Requeued--
		}
	}
	if v.Dir != realcore.Inbound {
		if v.Outcome == realcore.Answered && v.Dir == realcore.Outbound {
			c.Outbound++
			c.OutboundWait += int64(wait)
		}
		return
	}
	if v.Again {
		c.TransferredIn++
	}
	c.Offered++
	c.WaitAll += int64(wait)
	inT := wait <= t.AWT(v.Queue)
	if t.cfg.Bins > 0 {
		t.Waits[v.Queue].add(wait, v.Outcome)
	}
	if wait == 0 {
		c.NotWaited++
	}
	switch v.Outcome {
	case realcore.Answered:
		c.Answered++
		c.WaitAnswered += int64(wait)
		s := float64(wait) * 1e-9
		c.WaitSquared += s * s
		if inT {
			c.AnsweredInT++
		}
	case realcore.Abandoned:
		c.Abandoned++
		c.WaitAbandoned += int64(wait)
		if inT {
			c.AbandonedInT++
		}
		if tau := t.Tau(v.Queue); tau > 0 && wait <= tau {
			c.AbandonedTau++
		}
	case realcore.Overflowed:
		c.Overflowed++
	case realcore.CalledBack:
		c.CalledBack++
	case realcore.Voicemailed:
		c.Voicemailed++
	case realcore.Open:
		c.Open++
	default:
		c.Disconnected++
	}
}

// Leg counts an agent's part in the interval of the answer. Ringing a customer
// who does not pick up is no handled contact: it counts in agents' time alone.
func (t *Table) Leg(l *cdr.Leg) {
	if l.At < t.cfg.From || l.Unreached {
		return
	}
	i := t.interval(l.At)
	t.Group[i*t.groups+int(t.groupOf[l.Agent])].leg(l)
	t.Legs[i*t.queues+int(l.Queue)].leg(l)
}

func (w *Work) leg(l *cdr.Leg) {
	w.Handled++
	w.Talk += int64(l.Talk)
	w.Hold += int64(l.Hold)
	w.Wrap += int64(l.Wrap)
}

// Span counts agents' time in the intervals in which it passes.
func (t *Table) Span(s *cdr.AgentSpan) {
	from := max(s.From, t.cfg.From)
	g := int(t.groupOf[s.Agent])
	for from < s.To {
		i := t.interval(from)
		to := min(s.To, t.hi)
		t.Group[i*t.groups+g].State[s.State] += int64(to - from)
		from = to
	}
}
