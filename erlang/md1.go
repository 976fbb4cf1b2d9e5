package erlang

import (
	"errors"
	"fmt"
	"math"
)

// MD1 is a single server with a constant service time D and Poisson arrivals,
// M/D/1: one queue in order of arrival, unlimited room, nobody gives up. It has
// a steady state only for a load below 1; at or above that PWait is 1, waits are
// +Inf and service levels 0. Invalid parameters, or NaN as an argument, make NaN.
type MD1 struct {
	Load        float64 // arrival rate times ServiceTime, erlangs, >= 0
	ServiceTime float64 // D, seconds, > 0
}

// Validate reports every parameter outside its range, or nil.
func (q MD1) Validate() error {
	var errs []error
	if !(q.Load >= 0) || math.IsInf(q.Load, 1) {
		errs = append(errs, fmt.Errorf("erlang: Load is %v; want a finite number of erlangs, 0 or more", q.Load))
	}
	if !(q.ServiceTime > 0) || math.IsInf(q.ServiceTime, 1) {
		errs = append(errs, fmt.Errorf("erlang: ServiceTime is %v; want a finite number of seconds above 0", q.ServiceTime))
	}
	return errors.Join(errs...)
}

// PWait returns the probability that a contact must wait: the load.
func (q MD1) PWait() float64 {
	if q.Validate() != nil {
		return math.NaN()
	}
	return min(q.Load, 1)
}

// ASA returns the mean wait before service, zeros included, in seconds:
// rho D/(2(1-rho)), Pollaczek and Khinchin.
func (q MD1) ASA() float64 {
	switch {
	case q.Validate() != nil:
		return math.NaN()
	case q.Load >= 1:
		return math.Inf(1)
	}
	return q.Load / (1 - q.Load) * q.ServiceTime / 2
}

// MeanQueue returns the mean number of contacts in queue.
func (q MD1) MeanQueue() float64 {
	switch {
	case q.Validate() != nil:
		return math.NaN()
	case q.Load >= 1:
		return math.Inf(1)
	}
	return q.Load / (1 - q.Load) * q.Load / 2
}

// SLOffered returns P(wait <= t), the fraction answered within t seconds; as
// nobody abandons, every definition of the service level agrees.
//
// Crommelin's classical formula alternates in sign and is useless beyond a few
// service times. This is Franx's, with positive terms: for t in [(k-1)D, kD),
//
//	P(wait <= t) = sum over j < k of P(X = j) Q(k-1-j)
//
// X being Poisson with mean (kD-t)/D times the load, and Q(i) the probability
// that at most i contacts are in queue. Beyond
// 200 service times the exponential tail stands for it. Time is some 20 µs. Reference: G. J. Franx, A simple solution for the M/D/c
// waiting time distribution, Operations Research Letters 29 (2001).
func (q MD1) SLOffered(t float64) float64 {
	within, _ := q.split(t)
	return within
}

// WaitTail returns P(wait > t), t in seconds: the complement of SLOffered with
// its own accuracy. Method, cost and source are those of SLOffered.
func (q MD1) WaitTail(t float64) float64 {
	_, tail := q.split(t)
	return tail
}

// farSlots is the number of service times beyond which the exponential tail of
// M/D/1 is exact to rounding: the next term is smaller by e^-60 there, or both
// are below 1e-308.
const farSlots = 200

func (q MD1) split(t float64) (within, tail float64) {
	switch {
	case q.Validate() != nil || math.IsNaN(t):
		return math.NaN(), math.NaN()
	case t < 0 || q.Load >= 1:
		return 0, 1
	case q.Load == 0:
		return 1, 0
	}
	slots := math.Floor(t/q.ServiceTime) + 1
	decay, slope := q.decay()
	if slots > farSlots {
		tail = (1 - q.Load) / slope * math.Exp(-decay*t/q.ServiceTime)
		return 1 - tail, tail
	}
	k := int(slots)
	y := (slots - t/q.ServiceTime) * q.Load
	p := q.states(k + farSlots)
	// beyond = P(more than i in queue) = sum of p over states above i+1.
	atMost := make([]float64, k)
	sum := p[0]
	for i := range k {
		sum += p[i+1]
		atMost[i] = sum
	}
	beyond := p[len(p)-1] / math.Expm1(decay) // the rest is a geometric series
	for i := len(p) - 1; i > k; i-- {
		beyond += p[i]
	}
	for i := k - 1; i >= 0; i-- { // here beyond = 1 - atMost[i]
		x := math.Exp(logPoisson(float64(k-1-i), y))
		within += x * atMost[i]
		tail += x * beyond
		beyond += p[i+1]
	}
	return min(within, 1), tail + math.Exp(logPoissonFrom(slots, y))
}

// decay returns the x > 0 that solves load (e^x - 1) = x, and the slope of the
// difference there: the tail of the wait falls as (1-load)/slope e^(-x t/D), the
// probability of i in system as e^(-x i). Newton's method, from the right on a
// convex function.
func (q MD1) decay() (x, slope float64) {
	free := 1 - q.Load
	x = min(2*free/q.Load, 2-2*math.Log(q.Load))
	for range 100 {
		slope = q.Load*math.Expm1(x) - free
		next := x - (q.Load*expRest(-x)-free*x)/slope
		if !(next < x) {
			break
		}
		x = next
	}
	return x, slope
}

// states returns the probabilities of 0..k contacts in system.
//
// Contacts that arrive during a service are Poisson(rho); A is their number.
// Counting transitions between {0..i} and the rest at the ends of services, up
// equals down:
//
//	p(i+1) P(A = 0) = p(0) P(A > i) + sum over j in 1..i of p(j) P(A > i+1-j)
//
// Terms are positive, and P(A > i) vanishes within some twenty steps.
func (q MD1) states(k int) []float64 {
	var more []float64 // P(A > i)
	for i := 1; ; i++ {
		x := math.Exp(logPoissonFrom(float64(i), q.Load))
		if x < 1e-300 || i > 40 {
			break
		}
		more = append(more, x)
	}
	p := make([]float64, 1, k+1)
	p[0] = 1 - q.Load
	none := math.Exp(-q.Load)
	for i := range k {
		next := 0.0
		if i < len(more) {
			next = p[0] * more[i]
		}
		for j := max(1, i+2-len(more)); j <= i; j++ {
			next += p[j] * more[i+1-j]
		}
		p = append(p, next/none)
	}
	return p
}
