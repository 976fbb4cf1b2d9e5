package loadstats

import (
	"fmt"
	"math"
	"time"
)

// SelfCheck is how the generator itself did. A run is invalid where it was the generator
// that could not: what it measured then says nothing of the target.
type SelfCheck struct {
	Starts      int64         `json:"starts"`      // calls started
	StartsLate  int64         `json:"startsLate"`  // of these, later than LateAt
	LateP50     time.Duration `json:"lateP50"`     // of starts
	LateP99     time.Duration `json:"lateP99"`     // printed, and judged by nothing: on shared cores it is the host's
	Read        int64         `json:"read"`        // messages of SIP
	ReadLate    int64         `json:"readLate"`    // of these, read later than LateAt after the kernel had them
	ReadP99     time.Duration `json:"readP99"`     // from the kernel's time of arrival to our reading
	Frames      int64         `json:"frames"`      // of sound, that were due
	FramesLate  int64         `json:"framesLate"`  // sent more than a frame late, or not at all
	PaceP99     time.Duration `json:"paceP99"`     // from when a frame was due to when it was sent
	Dropped     int64         `json:"dropped"`     // datagrams that found our receive buffers full
	Datagrams   int64         `json:"datagrams"`   // received
	Unsent      int64         `json:"unsent"`      // datagrams that the kernel did not take
	NoPort      int64         `json:"noPort"`      // calls for which there was no port or socket left
	Busy        float64       `json:"busy"`        // of the busiest worker's time, in [0, 1]: the median of the run's seconds
	Waited      float64       `json:"waited"`      // of its thread's time it could have run, and had no core: likewise
	CPU         float64       `json:"cpu"`         // seconds of all our threads
	Cores       int           `json:"cores"`       // that we may use
	MineWaiting int64         `json:"mineWaiting"` // messages that lay unread for longer than T1, for which we repeat ours in vain
	Rate        float64       `json:"rate"`        // calls/s wanted, over the run
	Reached     float64       `json:"reached"`     // calls/s started
}

// LateAt is when a start or a reading is late enough to be counted: a fifth of SIP's T1.
// A scheduler that gives a core back within a few tens of milliseconds does not make it.
const LateAt = 100 * time.Millisecond

// The limits: above any of them a run is invalid.
const (
	TooLate    = 0.01   // part of starts, messages or frames
	TooDropped = 0.0001 // part of datagrams that were dropped, or not sent
	TooBusy    = 0.95
	TooWaiting = 0.5
	MedianLate = 4 * time.Millisecond // half of all starts may be so late: a healthy one's median is under a millisecond
)

// Fault is one reason for which a run is invalid.
type Fault string

// The faults.
const (
	FaultStarts Fault = "starts-late"
	FaultReads  Fault = "reads-late"
	FaultFrames Fault = "frames-late"
	FaultDrops  Fault = "drops"
	FaultUnsent Fault = "unsent"
	FaultPorts  Fault = "no-port"
	FaultBusy   Fault = "busy"
	FaultCore   Fault = "no-core" // it could have run for more than half of its time, and had no core
	FaultMedian Fault = "median-late"
)

// Faults returns why the run is invalid; none: it may be believed.
func (c *SelfCheck) Faults() (out []Fault) {
	for _, x := range []struct {
		fault Fault
		is    bool
	}{
		{FaultStarts, part(c.StartsLate, c.Starts) > TooLate},
		{FaultReads, part(c.ReadLate, c.Read) > TooLate},
		{FaultFrames, part(c.FramesLate, c.Frames) > TooLate},
		{FaultDrops, part(c.Dropped, c.Datagrams+c.Dropped) > TooDropped},
		{FaultUnsent, part(c.Unsent, c.Datagrams+c.Unsent) > TooDropped},
		{FaultPorts, c.NoPort > 0},
		{FaultBusy, c.Busy > TooBusy},
		{FaultCore, c.Waited > TooWaiting},
		{FaultMedian, c.LateP50 > MedianLate},
	} {
		if x.is {
			out = append(out, x.fault)
		}
	}
	return out
}

func part(k, n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(k) / float64(n)
}

// Figure is a fault's number, as it is printed beside it.
func (c *SelfCheck) Figure(f Fault) string {
	percent := func(k, n int64) string { return fmt.Sprintf("%.2f %%", 100*part(k, n)) }
	switch f {
	case FaultStarts:
		return percent(c.StartsLate, c.Starts)
	case FaultReads:
		return percent(c.ReadLate, c.Read)
	case FaultFrames:
		return percent(c.FramesLate, c.Frames)
	case FaultDrops:
		return fmt.Sprint(c.Dropped)
	case FaultUnsent:
		return fmt.Sprint(c.Unsent)
	case FaultPorts:
		return fmt.Sprint(c.NoPort)
	case FaultCore:
		return fmt.Sprintf("%.0f %%", 100*c.Waited)
	case FaultMedian:
		return c.LateP50.Round(10 * time.Microsecond).String()
	}
	return fmt.Sprintf("%.0f %%", 100*c.Busy)
}

// Saturates is the rate in calls/s at which the generator would have no time left: what
// it reached, where it fell behind, or else what its use of the core leads to in
// proportion. NaN without calls, or where it used too little for that to mean anything.
func (c *SelfCheck) Saturates() float64 {
	switch {
	case c.Reached <= 0:
		return math.NaN()
	case part(c.StartsLate, c.Starts) > TooLate, c.Waited > TooWaiting, c.LateP50 > MedianLate:
		return c.Reached
	case c.Busy < 0.02:
		return math.NaN()
	}
	return c.Reached / math.Min(c.Busy, 1)
}
