package preflight

import (
	"math"
	"time"

	"callwright/traffic/loadstats"
)

// Needed is what proves a share of failures.
type Needed struct {
	Calls   int64   // without a failure
	Seconds float64 // to start them at Proof.Rate
	Longest float64 // seconds that a call may last, in the mean, lest the lines fill at that rate
}

func (p *Plan) needed() Needed {
	n := loadstats.CleanCalls(p.Proof.Failure, p.Proof.Confidence)
	return Needed{n, float64(n) / p.Proof.Rate, float64(p.Lines) / p.Proof.Rate}
}

// Proved is what a test's outcome says.
type Proved struct {
	Estimate float64 // share of failures
	Upper    float64 // exact one-sided bound at Proof.Confidence
	Proved   bool    // Upper is below Proof.Failure
	Allowed  int64   // the most failures of so many calls that would prove it; -1: not even 0 do
}

func (p *Plan) proved() *Proved {
	o := p.Observed
	if o == nil {
		return nil
	}
	x := &Proved{Estimate: float64(o.Failed) / float64(o.Calls), Upper: loadstats.Upper(o.Failed, o.Calls, p.Proof.Confidence), Allowed: loadstats.Allowed(o.Calls, p.Proof.Failure, p.Proof.Confidence)}
	x.Proved = x.Upper < p.Proof.Failure
	return x
}

// Rise is how many calls are up at once after a generator begins.
type Rise struct {
	At     []AtOnce
	Steady float64 // in the end, whatever the law of the holding time: Little
}

// AtOnce is the calls up at an instant.
type AtOnce struct {
	At          time.Duration
	Fixed       float64 // every call lasts Generator.Hold
	Exponential float64 // lasts so long in the mean; this is a mean too
}

func (p *Plan) rise() *Rise {
	g := p.Generator
	if g == nil {
		return nil
	}
	hold := g.Hold.Seconds()
	r := &Rise{Steady: g.Rate * hold}
	for _, at := range g.At {
		t := at.Seconds()
		r.At = append(r.At, AtOnce{at, g.Rate * min(t, hold), -r.Steady * math.Expm1(-t/hold)})
	}
	return r
}
