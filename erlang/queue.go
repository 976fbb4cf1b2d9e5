package erlang

import (
	"errors"
	"fmt"
	"math"
)

// MMn is Erlang's delay system, Erlang C: contacts arrive as a Poisson process,
// wait in one queue in order of arrival, are served for an exponential time by
// the first of n alike servers to be free, and never give up.
//
// It has a steady state only while the load is below the number of servers; see
// Steady.Stable for what is answered otherwise.
type MMn struct {
	Servers  int     // n >= 0
	Load     float64 // a = arrival rate times AHT, erlangs, >= 0; ring time not included
	AHT      float64 // mean handle time, seconds, > 0
	RingTime float64 // seconds a reserved server rings before it answers, >= 0; 0 is the textbook
}

// MMnM is Palm's delay system, Erlang A: as MMn, but each caller has a patience,
// exponential with the given mean, and abandons when it ends before service
// begins. It has a steady state at any load. Patience +Inf makes it MMn.
//
// Ring time makes the server time RingTime + AHT, takes RingTime off every
// threshold for an answer and adds it to the wait of everyone who is answered;
// callers are taken not to abandon while it rings.
type MMnM struct {
	Servers  int     // n >= 0
	Load     float64 // a = arrival rate times AHT, erlangs, >= 0; ring time not included
	AHT      float64 // mean handle time, seconds, > 0
	Patience float64 // mean patience, seconds, > 0; above 1e60 it is taken for +Inf
	RingTime float64 // seconds a reserved server rings before it answers, >= 0; 0 is the textbook
}

// Validate reports every parameter outside its range, or nil.
func (q MMn) Validate() error { return q.patient().Validate() }

// Validate reports every parameter outside its range, or nil.
func (q MMnM) Validate() error {
	var errs []error
	bad := func(name string, value any, want string) {
		errs = append(errs, fmt.Errorf("erlang: %s is %v; want %s", name, value, want))
	}
	if q.Servers < 0 {
		bad("Servers", q.Servers, "0 or more")
	}
	if !(q.Load >= 0) || math.IsInf(q.Load, 1) {
		bad("Load", q.Load, "a finite number of erlangs, 0 or more")
	}
	if !(q.AHT > 0) || math.IsInf(q.AHT, 1) {
		bad("AHT", q.AHT, "a finite number of seconds above 0")
	}
	if !(q.Patience > 0) {
		bad("Patience", q.Patience, "seconds above 0 (callers who do not wait at all are B's)")
	}
	if !(q.RingTime >= 0) || math.IsInf(q.RingTime, 1) {
		bad("RingTime", q.RingTime, "a finite number of seconds, 0 or more")
	}
	return errors.Join(errs...)
}

func (q MMn) patient() MMnM {
	return MMnM{q.Servers, q.Load, q.AHT, math.Inf(1), q.RingTime}
}

// Solve returns the steady state, in O(sqrt(n)) time; see B for the method and
// the source. If Validate fails, every answer of the result is NaN.
func (q MMn) Solve() Steady { return q.patient().Solve() }

// Solve returns the steady state. If Validate fails, every answer of it is NaN.
//
// The offered wait V of a caller who never gives up has an atom at 0 and the
// density K e^h(x), h(x) = lambda(1-e^(-theta x))/theta - n mu x, with
// K = lambda/(E + lambda J), E = 1/B(n-1, a) and J the integral of e^h. All else
// is an integral of e^h times a positive weight, by Gauss-Legendre panels laid
// from the peak of h outwards and scaled by it. Time is O(sqrt(n)) for E and some
// 20 µs for the integrals; each threshold asked later costs as much again, and
// patience many million times the handle time up to a millisecond.
// References: C. Palm, Research on Telephone Traffic Carried by Full Availability
// Groups (1957); F. Baccelli and G. Hebuterne, On Queues with Impatient Customers
// (1981); A. Mandelbaum and S. Zeltyn, Service Engineering in Action: the
// Palm/Erlang-A Queue (2007).
func (q MMnM) Solve() Steady {
	if q.Validate() != nil {
		nan := math.NaN()
		return Steady{
			servers: nan, load: nan, serverTime: nan, ring: nan, unit: nan,
			law: offeredWait{s: nan}, logNoWait: nan, logWait: nan, all: allMoments(nan),
		}
	}
	n := float64(q.Servers)
	st := Steady{
		servers:    n,
		load:       q.Load / q.AHT * (q.AHT + q.RingTime),
		serverTime: q.AHT + q.RingTime,
		ring:       q.RingTime,
	}
	if q.RingTime == 0 {
		st.load = q.Load
	}
	a := st.load
	st.unit = st.serverTime
	if q.Patience <= 1e60 {
		st.unit = q.Patience
		st.law.impatient = true
	}
	scale := st.unit / st.serverTime
	st.law.s, st.law.c, st.law.d = n*scale, a*scale, (n-a)*scale
	if q.Servers > 0 {
		st.law.logCS = logRatio(a, n)
	}
	st.law.never = q.Servers == 0 || !st.law.impatient && a >= n
	st.all = st.law.over(0, math.Inf(1))
	if st.law.never {
		st.logNoWait = math.Inf(-1)
		return st
	}
	// ln of P(V>0)/P(V=0) = lambda J/E.
	odds := math.Log(st.law.c) + st.all.j + (st.law.summit() + LogB(q.Servers-1, a))
	st.logNoWait, st.logWait = -softplus(odds), -softplus(-odds)
	return st
}
