package loadstats

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Failure is where and why calls failed.
type Failure struct {
	Step  string `json:"step"`
	Cause string `json:"cause"`
}

// Counts are what is counted. All of them can be added.
type Counts struct {
	Wanted     int64 `json:"wanted"`     // starts that the draw wanted
	Started    int64 `json:"started"`    // attempts whose first request was sent: calls
	Held       int64 `json:"held"`       // wanted, but not started: a limit on open calls or calls/s
	Ended      int64 `json:"ended"`      // of those started
	Answered   int64 `json:"answered"`   // 2xx to the INVITE
	Redirected int64 `json:"redirected"` // 3xx
	Completed  int64 `json:"completed"`  // answered, and the BYE too
	Abandoned  int64 `json:"abandoned"`
	Hurried    int64 `json:"hurried"` // cut short by the run's end
	Failed     int64 `json:"failed"`
	Redials    int64 `json:"redials"` // started as a redial

	Registrations int64 `json:"registrations"` // REGISTERs, the round of 401 counted once
	Unregistered  int64 `json:"unregistered"`  // of these, refused or unanswered

	MineRepeated   int64 `json:"mineRepeated"`   // messages we sent again
	TheirsRepeated int64 `json:"theirsRepeated"` // and the peer

	PacketsSent     int64 `json:"packetsSent"`
	PacketsReceived int64 `json:"packetsReceived"`
	PacketsLost     int64 `json:"packetsLost"`
	OneWay          int64 `json:"oneWay"` // calls
	KeysSent        int64 `json:"keysSent"`
	KeysExpected    int64 `json:"keysExpected"` // that scripts were to hear
	KeysWrong       int64 `json:"keysWrong"`    // and how many changes make what was heard that
}

func (c *Counts) add(o *Counts) {
	c.Wanted += o.Wanted
	c.Started += o.Started
	c.Held += o.Held
	c.Ended += o.Ended
	c.Answered += o.Answered
	c.Redirected += o.Redirected
	c.Completed += o.Completed
	c.Abandoned += o.Abandoned
	c.Hurried += o.Hurried
	c.Failed += o.Failed
	c.Redials += o.Redials
	c.Registrations += o.Registrations
	c.Unregistered += o.Unregistered
	c.MineRepeated += o.MineRepeated
	c.TheirsRepeated += o.TheirsRepeated
	c.PacketsSent += o.PacketsSent
	c.PacketsReceived += o.PacketsReceived
	c.PacketsLost += o.PacketsLost
	c.OneWay += o.OneWay
	c.KeysSent += o.KeysSent
	c.KeysExpected += o.KeysExpected
	c.KeysWrong += o.KeysWrong
}

// Interval is what was seen in a second, or in any sum of seconds. An attempt counts in
// the second in which it ended, its start in that in which it was started.
type Interval struct {
	At     time.Duration // when it began, since the run did
	Length time.Duration
	Open   int64   // calls open at its end
	Rate   float64 // calls/s that were wanted in it

	Counts
	Codes    map[int]int64     // final answers to INVITE; 0: none came
	Refusals map[int]int64     // final answers to REGISTER that are none
	Failures map[Failure]int64 // by where and why
	Histograms
}

// Start counts a call that has been started: when it was wanted, and when its INVITE was
// sent.
func (v *Interval) Start(intended, started time.Duration, try int) {
	v.Started++
	if try > 1 {
		v.Redials++
	}
	v.AddLength(Lateness, started-intended)
}

// Add counts an attempt that has ended.
func (v *Interval) Add(a *Attempt) {
	v.MineRepeated += int64(a.Mine)
	v.TheirsRepeated += int64(a.Theirs)
	if a.Kind == Registration {
		v.addRegistration(a)
	} else {
		v.addCall(a)
	}
	if a.Failed() {
		if v.Failures == nil {
			v.Failures = map[Failure]int64{}
		}
		f := Failure{a.Step, a.Cause}
		if _, known := v.Failures[f]; !known && len(v.Failures) >= waysKept {
			f = Failure{"other", "other causes"} // what a peer writes may be part of a cause
		}
		v.Failures[f]++
	}
}

// waysKept bounds the ways to fail that are told apart in an interval.
const waysKept = 200

func (v *Interval) addRegistration(a *Attempt) {
	v.Registrations++
	if a.Final != Never {
		m := RRDFailed
		if a.Code/100 == 2 {
			m = RRD
		}
		v.AddLength(m, a.Final-a.Started)
	}
	if a.Code/100 != 2 {
		v.Unregistered++
		count(&v.Refusals, a.Code)
	}
}

func count(m *map[int]int64, k int) {
	if *m == nil {
		*m = map[int]int64{}
	}
	(*m)[k]++
}

func (v *Interval) addCall(a *Attempt) {
	v.Ended++
	count(&v.Codes, a.Code)
	flags := []struct {
		is bool
		n  *int64
	}{{a.Failed(), &v.Failed}, {a.Abandoned, &v.Abandoned}, {a.Hurried, &v.Hurried}, {a.Completed, &v.Completed}, {a.Code/100 == 2, &v.Answered}, {a.Code/100 == 3, &v.Redirected}}
	for _, f := range flags {
		if f.is {
			*f.n++
		}
	}
	v.addDelays(a)
	if a.Audio != nil {
		v.addAudio(a.Audio)
	}
}

func (v *Interval) addDelays(a *Attempt) {
	since := func(m, intended Measure, at time.Duration) {
		if at != Never {
			v.AddLength(m, at-a.Started)
			v.AddLength(intended, at-a.Intended)
		}
	}
	switch {
	case a.Code/100 == 2:
		since(SRD, SRDIntended, a.Status)
		since(SetUp, SetUpIntended, a.Final)
	case a.Final != Never && a.Code >= 400 && !a.Abandoned && !slices.Contains(ChallengeCodes, a.Code):
		v.AddLength(SRDFailed, a.Final-a.Started)
	}
	shown := a.Ringing
	if shown == Never && a.Code/100 == 2 {
		shown = a.Final
	}
	since(PostDial, PostDialIntended, shown)
	if a.Code/100 != 2 || a.Bye == Never {
		return
	}
	switch {
	case a.Completed:
		v.AddLength(SDT, a.Bye-a.Final)
	case a.ByeLate:
		v.AddLength(SDTFailed, a.Bye-a.Final)
	}
}

// Disconnect counts the delay of the answer to a BYE of ours.
func (v *Interval) Disconnect(d time.Duration) { v.AddLength(SDD, d) }

func (v *Interval) addAudio(x *Audio) {
	v.PacketsSent += int64(x.Sent)
	v.PacketsReceived += int64(x.Received)
	v.PacketsLost += int64(x.Lost) + int64(x.Late)
	v.KeysSent += int64(x.KeysSent)
	v.KeysExpected += int64(x.KeysExpected)
	v.KeysWrong += int64(x.KeysWrong)
	if x.OneWay {
		v.OneWay++
	}
	if x.First != Never {
		v.AddLength(FirstRTP, x.First)
	}
	if x.Received == 0 {
		return
	}
	v.AddLength(Jitter, x.Jitter)
	v.Histograms.Add(Loss, x.Loss)
	v.Histograms.Add(Silence, x.Silence)
	if x.MOS > 0 {
		v.Histograms.Add(MOS, x.MOS)
	}
}

// Merge adds a later interval, or another machine's of the same time.
func (v *Interval) Merge(o *Interval) {
	v.counts(o)
	v.Length = max(v.Length, o.At+o.Length-v.At)
	v.Open = o.Open
	v.Histograms.Merge(&o.Histograms)
}

func (v *Interval) counts(o *Interval) {
	v.Counts.add(&o.Counts)
	for _, x := range []struct {
		to   *map[int]int64
		from map[int]int64
	}{{&v.Codes, o.Codes}, {&v.Refusals, o.Refusals}} {
		for k, n := range sorted(x.from, cmp.Compare[int]) {
			if *x.to == nil {
				*x.to = map[int]int64{}
			}
			(*x.to)[k] += n
		}
	}
	for k, n := range sorted(o.Failures, byFailure) {
		if v.Failures == nil {
			v.Failures = map[Failure]int64{}
		}
		v.Failures[k] += n
	}
}

func byFailure(a, b Failure) int {
	return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Cause, b.Cause))
}

// sorted walks through a map in the order of its keys.
func sorted[K comparable](m map[K]int64, less func(a, b K) int) func(func(K, int64) bool) {
	return func(yield func(K, int64) bool) {
		for _, k := range slices.SortedFunc(maps.Keys(m), less) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// FailedBy returns the failures, the most frequent first.
func (v *Interval) FailedBy() []FailureCount {
	var out []FailureCount
	for f, n := range sorted(v.Failures, byFailure) {
		out = append(out, FailureCount{f, n})
	}
	slices.SortStableFunc(out, func(a, b FailureCount) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// FailureCount is how often something failed in one way.
type FailureCount struct {
	Failure
	Count int64
}

// CodesBy returns the final answers to INVITE in order of their codes.
func (v *Interval) CodesBy() (codes []int, counts []int64) {
	for c, n := range sorted(v.Codes, cmp.Compare[int]) {
		codes, counts = append(codes, c), append(counts, n)
	}
	return codes, counts
}

// Snapshot returns a copy that shares nothing with v and takes little room.
func (v *Interval) Snapshot() *Interval {
	c := &Interval{At: v.At, Length: v.Length, Open: v.Open, Rate: v.Rate}
	c.counts(v)
	c.Histograms.Merge(&v.Histograms)
	c.Histograms.Pack()
	return c
}
