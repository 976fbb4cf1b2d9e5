package erlang

import (
	"errors"
	"fmt"
	"math"
)

// MMnK is Erlang's delay system with finite room, M/M/n/k: as MMn, but a contact
// that finds all Places taken is blocked. Nobody abandons. It has a steady state
// at any load; Places = Servers makes it Erlang's loss system.
//
// Blocked contacts are attempts, not offered ones: what golden's
// erlang_ak table calls accepted is offered here, and its offered (all arrivals)
// is attempts here.
type MMnK struct {
	Servers int     // n >= 0
	Places  int     // k >= n: servers and waiting places together, such as trunks
	Load    float64 // a = attempts per second times AHT, erlangs, >= 0
	AHT     float64 // mean handle time, seconds, > 0
}

// Validate reports every parameter outside its range, or nil.
func (q MMnK) Validate() error {
	var errs []error
	bad := func(name string, value any, want string) {
		errs = append(errs, fmt.Errorf("erlang: %s is %v; want %s", name, value, want))
	}
	if q.Servers < 0 {
		bad("Servers", q.Servers, "0 or more")
	}
	if q.Places < q.Servers {
		bad("Places", q.Places, fmt.Sprintf("Servers (%d) or more", q.Servers))
	}
	if !(q.Load >= 0) || math.IsInf(q.Load, 1) {
		bad("Load", q.Load, "a finite number of erlangs, 0 or more")
	}
	if !(q.AHT > 0) || math.IsInf(q.AHT, 1) {
		bad("AHT", q.AHT, "a finite number of seconds above 0")
	}
	if q.Servers == 0 && q.Places > 0 {
		bad("Servers", q.Servers, "1 or more if there are places to wait")
	}
	return errors.Join(errs...)
}

// Solve returns the steady state: geometric above n, Poisson below, joined by
// 1/B(n, a). If Validate fails, every answer of the result is NaN. Time is
// O(sqrt(n)). Reference: ITU Teletraffic Engineering Handbook, chapter on delay
// systems, limited number of waiting positions.
func (q MMnK) Solve() SteadyK {
	if q.Validate() != nil {
		nan := math.NaN()
		return SteadyK{servers: nan, load: nan, aht: nan, rooms: nan, logN: nan, logRho: nan}
	}
	n := float64(q.Servers)
	s := SteadyK{servers: n, load: q.Load, aht: q.AHT, rooms: float64(q.Places - q.Servers)}
	if q.Servers > 0 {
		s.logRho = logRatio(q.Load, n)
	}
	// In units of the probability of n in system: 1/B up to n, rho^j above.
	s.logN = -logSum(-LogB(q.Servers, q.Load), s.logGeometric(1, s.rooms))
	return s
}

// SteadyK is the steady state of a queue with finite room. Waits and thresholds
// are seconds, probabilities and service levels fractions in [0, 1]. Invalid
// parameters, or NaN as an argument, make NaN.
type SteadyK struct {
	servers, load, aht float64
	rooms              float64 // waiting places, k - n
	logN               float64 // ln P(n in system)
	logRho             float64 // ln(a/n)
}

// logGeometric returns the logarithm of the sum of rho^j for j from lo to hi.
func (s SteadyK) logGeometric(lo, hi float64) float64 {
	m := hi - lo + 1
	switch {
	case m <= 0 || math.IsInf(s.logRho, -1) && lo > 0:
		return math.Inf(-1)
	case s.logRho == 0:
		return math.Log(m)
	case m == 1:
		return lo * s.logRho
	}
	// Summed from its largest term downwards, with ratio e^-r.
	r, top := -s.logRho, lo*s.logRho
	if r < 0 {
		r, top = -r, hi*s.logRho
	}
	if lo == 0 && s.logRho < 0 {
		top = 0
	}
	return top + logGap(m*r) - logGap(r)
}

// PBlock returns the fraction of attempts that find all places taken; golden's
// p_block.
func (s SteadyK) PBlock() float64 {
	if s.rooms == 0 {
		return math.Exp(s.logN)
	}
	return math.Exp(s.logN + s.rooms*s.logRho)
}

// logOffered returns ln P(fewer than k in system).
func (s SteadyK) logOffered() float64 {
	if s.rooms == 0 {
		// 1 - B(n), which B(n) = a B(n-1)/(n + a B(n-1)) makes n B(n)/(a B(n-1)).
		if c := Carried(int(s.servers), s.load); c > 0 {
			return math.Log(c) - math.Log(s.load)
		}
		if s.servers > 0 {
			return 0 // no load
		}
		return math.Inf(-1)
	}
	return logSum(s.logNoWait(), s.logN+s.logGeometric(0, s.rooms-1))
}

// logNoWait returns ln P(fewer than n in system), by the cut between n-1 and n:
// a P(N < n) = sum of i p_i for i <= n, as in a group of n alone.
func (s SteadyK) logNoWait() float64 {
	if s.servers == 0 || math.IsNaN(s.logN) {
		return math.Inf(-1) + 0*s.logN
	}
	// sum_{i<n} p_i/p_n = (n/a)/B(n-1, a)
	if s.load == 0 {
		return 0
	}
	return s.logN - s.logRho - LogB(int(s.servers)-1, s.load)
}

// PWaitAttempts returns the fraction of attempts that get a place but must wait;
// golden's p_wait_offered.
func (s SteadyK) PWaitAttempts() float64 {
	return math.Exp(s.logN + s.logGeometric(0, s.rooms-1))
}

// PWait returns the fraction of offered (not blocked) contacts that must wait;
// golden's p_wait_accepted. It is NaN if there are no places at all.
func (s SteadyK) PWait() float64 {
	return math.Exp(s.logN + s.logGeometric(0, s.rooms-1) - s.logOffered())
}

// MeanQueue returns the mean number of contacts in queue; golden's lq. Time is
// O(k-n) at most.
func (s SteadyK) MeanQueue() float64 {
	if math.IsNaN(s.logN) {
		return s.logN
	}
	if s.rooms == 0 || s.load == 0 {
		return 0
	}
	// Sum of j rho^j for j in 1..rooms over its largest power of rho.
	ratio, sum, power := math.Exp(-math.Abs(s.logRho)), 0.0, 1.0
	for i := 0.0; i < s.rooms && power*s.rooms > 1e-18*sum; i++ {
		j := i + 1
		if s.logRho > 0 {
			j = s.rooms - i
		}
		sum += j * power
		power *= ratio
	}
	top := s.logRho
	if s.logRho > 0 {
		top *= s.rooms
	}
	return math.Exp(s.logN+top) * sum
}

// ASA returns the mean wait of answered contacts, which are all offered ones, in
// seconds; golden's asa_accepted and asa_served. It is NaN if there are no places.
func (s SteadyK) ASA() float64 {
	if s.load == 0 {
		// One contact alone, which a free server takes at once.
		return 0 * s.servers / s.servers
	}
	return s.MeanQueue() * s.aht / s.load / math.Exp(s.logOffered())
}

// PAnswered returns the fraction of attempts that are answered, the complement
// of PBlock with its own accuracy; golden's p_served_offered.
func (s SteadyK) PAnswered() float64 { return math.Exp(s.logOffered()) }

// Carried returns the mean number of busy servers, erlangs.
func (s SteadyK) Carried() float64 { return s.load * math.Exp(s.logOffered()) }

// MeanInSystem returns the mean number of contacts in queue or being handled.
func (s SteadyK) MeanInSystem() float64 { return s.MeanQueue() + s.Carried() }

// Occupancy returns the fraction of time a server is busy; golden's occupancy.
// It is NaN if there are no servers.
func (s SteadyK) Occupancy() float64 { return s.Carried() / s.servers }

// SLAttempts returns the fraction of attempts answered within t seconds, blocked
// ones counted as bad; golden's sl_offered. Time is O(k-n).
func (s SteadyK) SLAttempts(t float64) float64 {
	if t < 0 {
		return 0 * s.servers
	}
	return math.Exp(logSum(s.logNoWait(), s.logN+s.logDelayed(t, true)))
}

// SLOffered returns the fraction of offered (not blocked) contacts answered
// within t seconds; golden's sl_accepted and sl_answered, as nobody abandons.
func (s SteadyK) SLOffered(t float64) float64 {
	return s.SLAttempts(t) / math.Exp(s.logOffered())
}

// WaitTail returns the fraction of offered contacts that wait longer than t
// seconds, the complement of SLOffered with its own accuracy. Time is O(k-n).
func (s SteadyK) WaitTail(t float64) float64 {
	if t < 0 {
		return 1 + 0*s.servers
	}
	return math.Exp(s.logN + s.logDelayed(t, false) - s.logOffered())
}

// logDelayed returns the logarithm of the sum over j = 0..k-n-1 of rho^j times
// the probability that a contact which finds n+j in system is answered within t
// (or is not): that at least j+1 servers come free in t (or at most j), their
// number X being Poisson with mean x = n t/AHT. The sums are taken by the value
// of X, so all terms are positive.
func (s SteadyK) logDelayed(t float64, within bool) float64 {
	if math.IsNaN(t + s.logN) {
		return math.NaN()
	}
	x := s.servers * t / s.aht
	total := math.Inf(-1)
	switch {
	case s.rooms == 0:
		return total
	case x == 0 && within, math.IsInf(x, 1) && !within:
		return total
	case x == 0 || math.IsInf(x, 1):
		return s.logGeometric(0, s.rooms-1)
	case within:
		for i := 1.0; i < s.rooms; i++ { // X = i answers j = 0..i-1
			total = logSum(total, logPoisson(i, x)+s.logGeometric(0, i-1))
		}
		return logSum(total, logPoissonFrom(s.rooms, x)+s.logGeometric(0, s.rooms-1))
	}
	for i := 0.0; i < s.rooms; i++ { // X = i leaves j = i..k-n-1
		total = logSum(total, logPoisson(i, x)+s.logGeometric(i, s.rooms-1))
	}
	return total
}
