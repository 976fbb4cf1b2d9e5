package erlang

import "math"

// Logs answers with natural logarithms what Steady answers plainly, for values
// beyond the range of a float64: a probability of 1e-45678 is 0 there and
// -105178 here. Its methods are those of Steady, same names, same special cases;
// the logarithm of a plain 0 is -Inf. The absolute error of a logarithm L is
// about 1e-13 + |L|*1e-16.
type Logs struct{ s Steady }

// Log returns the same steady state, answering in natural logarithms.
func (s Steady) Log() Logs { return Logs{s} }

// ofDelayed returns the logarithm of P(V>0) times the mean over V given V > 0
// that x, an integral of range m, stands for.
func (l Logs) ofDelayed(m moments, x float64) float64 {
	return l.s.logWait + (m.top - l.s.all.top) + (x - l.s.all.j)
}

// served returns ln P(served, V <= t seconds).
func (l Logs) served(t float64) float64 {
	if t < 0 {
		return math.Inf(-1)
	}
	m := l.s.law.over(0, t/l.s.unit)
	return logSum(l.s.logNoWait, l.ofDelayed(m, m.h))
}

// queuing returns ln P(min(V, R) > t seconds): still in the queue after t, ring
// time not counted.
func (l Logs) queuing(t float64) float64 {
	if t < 0 {
		return 0
	}
	u := t / l.s.unit
	m := l.s.law.over(u, math.Inf(1))
	return l.ofDelayed(m, m.j) - l.s.logPatient(u)
}

// inTime returns ln(1 - P(abandoned, R <= t)), everyone but the early abandons.
func (l Logs) inTime(t float64) float64 {
	if t < 0 {
		return 0
	}
	return logSum(l.served(t), l.queuing(t))
}

// PWait returns ln Steady.PWait.
func (l Logs) PWait() float64 { return l.s.logWait }

// PAbandon returns ln Steady.PAbandon.
func (l Logs) PAbandon() float64 { return l.ofDelayed(l.s.all, l.s.all.f) }

// PAnswered returns ln Steady.PAnswered.
func (l Logs) PAnswered() float64 {
	return logSum(l.s.logNoWait, l.ofDelayed(l.s.all, l.s.all.h))
}

// PAbandonWithin returns ln Steady.PAbandonWithin.
func (l Logs) PAbandonWithin(t float64) float64 {
	if !l.s.law.impatient && !math.IsNaN(t) || t <= 0 {
		return math.Inf(-1) + 0*l.s.unit
	}
	u := t / l.s.unit
	below, above := l.s.law.over(0, u), l.s.law.over(u, math.Inf(1))
	return logSum(l.ofDelayed(below, below.f), logGap(u)+l.ofDelayed(above, above.j))
}

// OfferedWait returns ln Steady.OfferedWait.
func (l Logs) OfferedWait() float64 {
	return logSum(l.ofDelayed(l.s.all, l.s.all.jx)+math.Log(l.s.unit), math.Log(l.s.ring))
}

// ASA returns ln Steady.ASA.
func (l Logs) ASA() float64 {
	wait := l.ofDelayed(l.s.all, l.s.all.hx) - l.PAnswered() + math.Log(l.s.unit)
	return logSum(wait, math.Log(l.s.ring))
}

// inQueue returns ln E[min(V, R)] in seconds, the mean time in queue of all.
func (l Logs) inQueue() float64 {
	x := l.s.all.f
	if !l.s.law.impatient {
		x = l.s.all.jx
	}
	return l.ofDelayed(l.s.all, x) + math.Log(l.s.unit)
}

// WaitAll returns ln Steady.WaitAll.
func (l Logs) WaitAll() float64 {
	return logSum(l.inQueue(), math.Log(l.s.ring)+l.PAnswered())
}

// WaitTail returns ln Steady.WaitTail.
func (l Logs) WaitTail(t float64) float64 {
	if t < 0 {
		return 0 * l.s.unit
	}
	tail := l.queuing(t)
	if l.s.ring == 0 {
		return tail
	}
	// And those whom a server took up to t, but who have not yet been answered.
	from := t - l.s.ring
	m := l.s.law.over(max(from, 0)/l.s.unit, t/l.s.unit)
	ringing := l.ofDelayed(m, m.h)
	if from < 0 {
		ringing = logSum(ringing, l.s.logNoWait)
	}
	return logSum(tail, ringing)
}

// MeanQueue returns ln Steady.MeanQueue.
func (l Logs) MeanQueue() float64 {
	if l.s.load == 0 {
		return math.Inf(-1)
	}
	return l.inQueue() + math.Log(l.s.load/l.s.serverTime)
}

// SLOffered returns ln Steady.SLOffered.
func (l Logs) SLOffered(t float64) float64 { return l.served(t - l.s.ring) }

// SLAnswered returns ln Steady.SLAnswered.
func (l Logs) SLAnswered(t float64) float64 { return l.SLOffered(t) - l.PAnswered() }

// SLExcludeWithin returns ln Steady.SLExcludeWithin.
func (l Logs) SLExcludeWithin(t float64) float64 { return l.SLExcludeShort(t, t) }

// SLExcludeShort returns ln Steady.SLExcludeShort.
func (l Logs) SLExcludeShort(t, tau float64) float64 {
	return l.SLOffered(t) - l.inTime(tau)
}

// SLCountWithin returns ln Steady.SLCountWithin.
func (l Logs) SLCountWithin(t float64) float64 {
	return logSum(l.SLOffered(t), l.PAbandonWithin(t))
}

// SLVirtual returns ln Steady.SLVirtual.
func (l Logs) SLVirtual(t float64) float64 {
	t -= l.s.ring
	if t < 0 {
		return math.Inf(-1)
	}
	m := l.s.law.over(0, t/l.s.unit)
	return logSum(l.s.logNoWait, l.ofDelayed(m, m.j))
}
