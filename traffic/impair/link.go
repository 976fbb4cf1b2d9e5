package impair

import (
	"errors"
	"fmt"
	"math"
	"time"

	"callwright/traffic"
)

// Link is what is done to the datagrams of one direction. The zero Link does nothing.
type Link struct {
	Loss      float64       // part that is lost, each by itself, in [0, 1]
	Delay     time.Duration // of every datagram
	Jitter    traffic.Law   // and more, drawn for each by itself; the zero Law: none
	Reorder   float64       // part that is held back by Behind as well
	Behind    time.Duration // 0: 30 ms, which is more than a frame of 20 ms
	Duplicate float64       // part that comes twice, the second time after Behind
	Seed      uint64
}

const behind = 30 * time.Millisecond

// Validate reports what is wrong with l.
func (l *Link) Validate() error {
	var errs []error
	for _, x := range []struct {
		name string
		v    float64
	}{{"loss", l.Loss}, {"reorder", l.Reorder}, {"duplicate", l.Duplicate}} {
		if !(x.v >= 0 && x.v <= 1) {
			errs = append(errs, fmt.Errorf("impair: %s is %v; want a part in [0, 1]", x.name, x.v))
		}
	}
	if l.Delay < 0 || l.Behind < 0 || math.IsInf(l.Jitter.Mean(), 1) {
		errs = append(errs, errors.New("impair: delays must be finite, and none negative"))
	}
	return errors.Join(errs...)
}

// The purposes of what is drawn for a datagram.
var (
	forStream    = traffic.PurposeOf("impair")
	forLoss      = traffic.PurposeOf("impair-loss")
	forJitter    = traffic.PurposeOf("impair-jitter")
	forReorder   = traffic.PurposeOf("impair-reorder")
	forDuplicate = traffic.PurposeOf("impair-duplicate")
)

// Fate is what becomes of a datagram.
type Fate struct {
	Lost  bool
	After time.Duration // it comes so much later
	Twice bool
	Again time.Duration // and a second time so much later
}

// Fate decides about datagram number n of a stream. It is pure: the same numbers have the
// same fate in every run.
func (l *Link) Fate(stream uint32, n uint64) Fate {
	luck := traffic.NewLuck(l.Seed, stream, forStream, n)
	if l.Loss > 0 && luck.Uniform(forLoss, 0) < l.Loss {
		return Fate{Lost: true}
	}
	late := l.Behind
	if late == 0 {
		late = behind
	}
	f := Fate{After: l.Delay + l.Jitter.Draw(luck, forJitter, 0)}
	if l.Reorder > 0 && luck.Uniform(forReorder, 0) < l.Reorder {
		f.After += late
	}
	if l.Duplicate > 0 && luck.Uniform(forDuplicate, 0) < l.Duplicate {
		f.Twice, f.Again = true, f.After+late
	}
	return f
}

// MeanDifference returns the mean of |X1 - X2| of two delays drawn from a law, in seconds:
// what RFC 3550's interarrival jitter (6.4.1) tends to when each packet's delay is drawn
// by itself. It is twice the integral of F(1-F) (Gini's mean difference), by quantiles: 4
// times that of (u-1/2) Q(u) over u, in n steps. NaN for a law without a finite mean.
func MeanDifference(law traffic.Law) float64 {
	if m := law.Mean(); math.IsInf(m, 1) || math.IsNaN(m) {
		return math.NaN()
	}
	const n = 200_000
	sum := 0.0
	for i := range n {
		u := (float64(i) + 0.5) / n
		sum += (u - 0.5) * law.Quantile(u)
	}
	return 4 * sum / n
}
