package erlang

import "math"

// Steady is the steady state of a queue, as MMn.Solve and MMnM.Solve return it.
// It is a plain value; its methods compute what is asked. Waits and thresholds
// are seconds, probabilities and service levels fractions in [0, 1], numbers of
// contacts and loads erlangs.
//
// In the descriptions V is the offered wait of a caller who never gives up, R
// the patience, W the caller's wait: min(V, R), and the ring time on top for who
// is answered. A caller is answered if V = 0 or R > V, and abandons otherwise.
// A threshold t is inclusive; a negative one is met by nobody.
//
// Special cases, beside those of single methods:
//
//	invalid parameters, or NaN as an argument: NaN
//	no steady state (Stable is false): the limit after an infinite time, see Stable
//	no servers (n = 0) and finite patience: all wait and abandon; the means over
//	  those answered, of whom there are none, are NaN
//	no load (a = 0): the answers are the limits for a -> 0
type Steady struct {
	servers    float64
	load       float64 // erlangs of server time, ring time included
	serverTime float64 // seconds, ring time included
	ring       float64 // seconds
	unit       float64 // seconds: mean patience, or the server time without it
	law        offeredWait
	logNoWait  float64 // ln P(V = 0)
	logWait    float64 // ln P(V > 0)
	all        moments // over V in (0, +Inf)
}

// logPatient returns -ln P(R > u units).
func (s Steady) logPatient(u float64) float64 {
	if s.law.impatient {
		return u
	}
	return 0 * s.unit
}

// Stable reports whether there is a steady state: always with finite patience,
// otherwise only if the load (with ring time) is below the number of servers.
//
// Where it is false the queue grows for ever: PWait is 1, waits and queue are
// +Inf, service levels 0, nobody abandons, every server is busy (Occupancy 1,
// Carried n). It is false for invalid parameters too.
func (s Steady) Stable() bool {
	return !math.IsNaN(s.unit) && (s.law.impatient || !s.law.never)
}

// PWait returns the probability that all servers are busy at an arrival, V > 0;
// golden's p_wait. For MMn it is C(n, a).
func (s Steady) PWait() float64 { return math.Exp(s.logWait) }

// PAbandon returns the fraction of offered contacts that abandon; golden's p_ab.
// It is 0 for MMn.
func (s Steady) PAbandon() float64 { return math.Exp(s.Log().PAbandon()) }

// PAnswered returns the fraction of offered contacts that are answered, the
// complement of PAbandon with its own accuracy.
func (s Steady) PAnswered() float64 { return math.Exp(s.Log().PAnswered()) }

// PAbandonDelayed returns the fraction that abandons of those who find all
// servers busy; golden's p_ab_delayed.
func (s Steady) PAbandonDelayed() float64 { return math.Exp(s.all.f - s.all.j) }

// PAbandonWithin returns the fraction of offered contacts that abandon at or
// before t seconds; golden's p_ab_within.
func (s Steady) PAbandonWithin(t float64) float64 { return math.Exp(s.Log().PAbandonWithin(t)) }

// ASA returns the mean wait of answered contacts, zeros included, in seconds;
// golden's asa_served, and asa for MMn. It is NaN if there are no servers and
// patience is finite: nobody is answered.
func (s Steady) ASA() float64 { return math.Exp(s.Log().ASA()) }

// WaitAll returns the mean wait of all offered contacts, abandoned ones and
// zeros included, in seconds; golden's asa_all.
func (s Steady) WaitAll() float64 { return math.Exp(s.Log().WaitAll()) }

// WaitDelayed returns the mean wait of those who find all servers busy, answered
// or not, in seconds; golden's asa_delayed.
func (s Steady) WaitDelayed() float64 {
	x := s.all.f
	if !s.law.impatient {
		x = s.all.jx
	}
	wait := math.Exp(x-s.all.j) * s.unit
	if s.ring > 0 {
		wait += s.ring * math.Exp(s.all.h-s.all.j)
	}
	return wait
}

// WaitAbandoned returns the mean wait of those who abandon, in seconds; golden's
// wait_ab. It is NaN for MMn, where nobody does.
func (s Steady) WaitAbandoned() float64 {
	if !s.law.impatient {
		return math.NaN()
	}
	return math.Exp(s.all.g-s.all.f) * s.unit
}

// OfferedWait returns E[V], the mean wait of a caller who never gives up among
// callers who do, in seconds, ring time included; golden's offered_wait. It is
// +Inf if there are no servers.
func (s Steady) OfferedWait() float64 { return math.Exp(s.Log().OfferedWait()) }

// WaitTail returns P(W > t), the fraction of offered contacts still waiting
// after t seconds; golden's tail_w. It is the complement of SLCountWithin with
// its own accuracy.
func (s Steady) WaitTail(t float64) float64 { return math.Exp(s.Log().WaitTail(t)) }

// MeanQueue returns the mean number of contacts in queue; golden's lq. A contact
// that rings at a reserved server has left the queue.
func (s Steady) MeanQueue() float64 { return math.Exp(s.Log().MeanQueue()) }

// MeanInSystem returns the mean number of contacts in queue, ringing or being
// handled; golden's l_system.
func (s Steady) MeanInSystem() float64 { return s.MeanQueue() + s.Carried() }

// Carried returns the mean number of servers that ring or handle, erlangs.
func (s Steady) Carried() float64 {
	if !s.law.impatient && s.law.never {
		return s.servers
	}
	return s.load * s.PAnswered()
}

// Occupancy returns the fraction of time a server rings or handles; golden's
// occupancy. It is NaN if there are no servers.
func (s Steady) Occupancy() float64 { return s.Carried() / s.servers }

// SLOffered returns the fraction of offered contacts answered within t seconds;
// golden's sl_offered, and sl for MMn.
func (s Steady) SLOffered(t float64) float64 { return math.Exp(s.Log().SLOffered(t)) }

// SLAnswered returns the fraction of answered contacts answered within t
// seconds; golden's sl_answered. It is NaN if there are no servers and patience
// is finite.
func (s Steady) SLAnswered(t float64) float64 { return math.Exp(s.Log().SLAnswered(t)) }

// SLExcludeWithin returns the fraction answered within t seconds of the offered
// contacts less those that abandon within t; golden's sl_excl_ab.
func (s Steady) SLExcludeWithin(t float64) float64 { return math.Exp(s.Log().SLExcludeWithin(t)) }

// SLExcludeShort returns the fraction answered within t seconds of the offered
// contacts less those that abandon within tau; golden's sl_excl_short. A tau
// below 0 leaves all in: SLOffered; tau = t is SLExcludeWithin; tau = +Inf is
// SLAnswered.
func (s Steady) SLExcludeShort(t, tau float64) float64 {
	return math.Exp(s.Log().SLExcludeShort(t, tau))
}

// SLCountWithin returns the fraction of offered contacts answered or abandoned
// within t seconds, P(W <= t); golden's sl_incl_ab.
func (s Steady) SLCountWithin(t float64) float64 { return math.Exp(s.Log().SLCountWithin(t)) }

// SLVirtual returns P(V <= t), the chance of a caller who never gives up to be
// answered within t seconds; golden's sl_virtual. It cannot be measured, only
// computed.
func (s Steady) SLVirtual(t float64) float64 { return math.Exp(s.Log().SLVirtual(t)) }

// WaitQuantile returns the smallest t >= 0 with P(W <= t) >= p, in seconds;
// golden's wait_q. It is 0 for p <= 1 - PWait without ring time, +Inf for p >= 1,
// NaN for p < 0. Closed form for MMn; otherwise Newton's method on the logarithm
// of the tail, which is concave, or bisection if there is ring time.
func (s Steady) WaitQuantile(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || math.IsNaN(s.unit):
		return math.NaN()
	case p >= 1:
		return math.Inf(1)
	}
	target := math.Log1p(-p)
	switch {
	case !s.law.impatient && s.logWait <= target:
		return s.ring
	case !s.law.impatient && s.law.never:
		return math.Inf(1)
	case !s.law.impatient:
		return s.ring + (s.logWait-target)/s.law.d*s.unit
	case s.law.never: // W = R
		return -target * s.unit
	case s.ring > 0:
		return s.bisectQuantile(target)
	case s.logWait <= target:
		return 0
	}
	// ln P(W>u) = ln P(V>0) + ln J(u)/J - u; its derivative is -1 - e^h(u)/J(u).
	// From any point the tangent of a concave function lands at or beyond the
	// root, and from there on the steps only go back.
	u := 0.0
	for i := 0; i < 100; i++ {
		m := s.law.over(u, math.Inf(1))
		excess := s.Log().ofDelayed(m, m.j) - u - target
		step := excess / (1 + math.Exp(s.law.height(u)-m.top-m.j))
		next := max(u+step, 0)
		if next == u || i > 1 && step >= 0 {
			break
		}
		u = next
	}
	return u * s.unit
}

// bisectQuantile returns the smallest t with ln P(W > t) <= target.
func (s Steady) bisectQuantile(target float64) float64 {
	lo, hi := 0.0, -target*s.unit+s.ring // W <= R + ring time
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return hi
		}
		if s.Log().WaitTail(mid) <= target {
			hi = mid
		} else {
			lo = mid
		}
	}
}
