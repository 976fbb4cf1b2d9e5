package loadreport

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"callwright/traffic/loadstats"
)

const ms = time.Millisecond

// made is a run of calls, evenly spaced at a rate for some seconds, against a target that
// refuses, forgets and delays a few of them. One seed gives one story.
type made struct {
	rate       func(at time.Duration) float64
	length     time.Duration
	sound      bool
	thresholds []string
	seed       uint64
}

func (m made) story() *loadstats.Story {
	g := rand.New(rand.NewPCG(m.seed, 4))
	end := int(m.length/time.Second) + 30
	s := &loadstats.Story{Whole: true, Seconds: make([]loadstats.Interval, end)}
	for i := range s.Seconds {
		s.Seconds[i].At, s.Seconds[i].Length = time.Duration(i)*time.Second, time.Second
	}
	var number uint64
	var last time.Duration
	for at := time.Duration(0); at < m.length; at += time.Duration(float64(time.Second) / m.rate(at)) {
		number++
		a := m.attempt(g, number, at)
		begin, over := int(a.Started/time.Second), min(int(a.Ended/time.Second), end-1)
		s.Seconds[begin].Wanted++
		s.Seconds[begin].Start(a.Intended, a.Started, a.Try)
		s.Seconds[over].Add(a)
		if a.Completed && number%2 == 0 {
			s.Seconds[over].Disconnect(a.Ended - a.Bye)
		}
		last = max(last, a.Ended)
		for i := begin; i < over; i++ {
			s.Seconds[i].Open++
		}
		keep(s, a)
	}
	s.Seconds = s.Seconds[:int(last/time.Second)+1]
	for i := range s.Seconds {
		if at := s.Seconds[i].At; at < m.length {
			s.Seconds[i].Rate = m.rate(at)
		}
		s.Total.Merge(&s.Seconds[i])
	}
	n := s.Total.Started
	s.Run = loadstats.Run{Version: "0.4", Target: "sip:500@127.0.0.1:5060", Began: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), Arrivals: fmt.Sprintf("%g/s for %v, evenly spaced", m.rate(0), m.length), Script: "call, talk, hang up",
		Seed: m.seed, Planned: n, Thresholds: m.thresholds, Transport: "udp", Sound: "none", Host: "linux/amd64, 2 cores, go1.26"}
	if m.sound {
		s.Run.Sound, s.Run.Buffer = "port pairs", 60*ms
	}
	s.End = loadstats.End{Lasted: last, Check: loadstats.SelfCheck{Starts: n, LateP50: 210 * time.Microsecond, LateP99: 4 * ms, Read: 7 * n, ReadP99: 2 * ms, Datagrams: 7 * n, Busy: 0.11, Waited: 0.04,
		CPU: 0.00021 * float64(n), Cores: 2, Rate: float64(n) / last.Seconds(), Reached: float64(n) / last.Seconds()}}
	if m.sound {
		s.End.Check.Frames, s.End.Check.FramesLate, s.End.Check.PaceP99 = 150*n, n/50, 3*ms
	}
	return s
}

// attempt draws a call.
func (m made) attempt(g *rand.Rand, number uint64, at time.Duration) *loadstats.Attempt {
	after := func(median time.Duration, sigma float64) time.Duration {
		return time.Duration(float64(median) * math.Exp(sigma*g.NormFloat64()))
	}
	a := &loadstats.Attempt{Number: number, Try: 1, Intended: at, Started: at + after(200*time.Microsecond, 0.8), Status: loadstats.Never, Ringing: loadstats.Never, Final: loadstats.Never, Bye: loadstats.Never}
	a.Status = a.Started + after(9*ms, 0.4)
	final := a.Started + after(31*ms, 0.5)
	switch u := g.Float64(); {
	case u < 0.012:
		a.Code, a.Final, a.Ended, a.Step, a.Cause = 503, final, final, "1 call", "code 503"
	case u < 0.016:
		a.Status, a.Ended, a.Step, a.Cause, a.Mine = loadstats.Never, a.Started+20*time.Second, "1 call", "no answer in time", 6
	case u < 0.05:
		a.Code, a.Ringing, a.Final, a.Ended, a.Abandoned = 487, a.Status, final, final, true
	default:
		a.Code, a.Ringing, a.Final, a.Bye = 200, a.Status, final, final+after(4*time.Second, 0.3)
		a.Ended, a.Completed = a.Bye+after(6*ms, 0.4), true
		if u > 0.998 {
			a.Completed, a.ByeLate, a.Step, a.Cause = false, true, "hang up", "BYE is not answered"
		}
	}
	a.Ended = max(a.Ended, a.Status)
	if a.Code == 200 && m.sound {
		lost := math.Abs(0.01 * g.NormFloat64())
		a.Audio = &loadstats.Audio{Sent: 200, Received: 198, Expected: 200, Lost: uint32(200 * lost), Loss: lost, Jitter: after(3*ms, 0.5), First: after(22*ms, 0.3), MOS: 4.41 - 12*lost, R: 93, Buffer: 60 * ms, Silence: 0.2 + 0.1*g.Float64(),
			OneWay: g.Float64() < 0.002, KeysSent: 4, KeysHeard: 4}
	}
	return a
}

// keep adds a call's messages to the story's samples if it is the first of its way to fail,
// or the first that was slow.
func keep(s *loadstats.Story, a *loadstats.Attempt) {
	x := loadstats.Sample{Number: a.Number, Why: "slowest answer"}
	switch {
	case a.Failed():
		x.Failed = &loadstats.Failure{Step: a.Step, Cause: a.Cause}
		x.Why = "failed: " + a.Step + ", " + a.Cause
	case a.Code != 200 || a.Final-a.Started < 60*ms:
		return
	}
	if a.Audio != nil {
		x.MOS = a.Audio.MOS
		if x.Failed == nil {
			x.Why = "worst MOS"
		}
	}
	for i := range s.Samples {
		if s.Samples[i].Why == x.Why {
			return
		}
	}
	line := func(at time.Duration, ours bool, first, cseq string) {
		if at != loadstats.Never {
			x.Lines = append(x.Lines, loadstats.Message{At: at - a.Started, Ours: ours, First: first, Text: first + "\r\nCall-ID: c@h\r\nCSeq: 1 " + cseq + "\r\n\r\n"})
		}
	}
	line(a.Started, true, "INVITE sip:500@127.0.0.1:5060 SIP/2.0", "INVITE")
	for i, wait := 0, 500*ms; i < a.Mine; i, wait = i+1, 2*wait {
		line(x.Lines[len(x.Lines)-1].At+a.Started+wait, true, "INVITE sip:500@127.0.0.1:5060 SIP/2.0", "INVITE")
	}
	line(a.Status, false, "SIP/2.0 180 Ringing", "INVITE")
	switch {
	case a.Code == 200:
		line(a.Final, false, "SIP/2.0 200 OK", "INVITE")
	case a.Code != 0:
		line(a.Final, false, fmt.Sprintf("SIP/2.0 %d Service Unavailable", a.Code), "INVITE")
	}
	if a.Code != 0 {
		line(a.Final+ms, true, "ACK sip:500@127.0.0.1:5060 SIP/2.0", "ACK")
	}
	line(a.Bye, true, "BYE sip:500@127.0.0.1:5060 SIP/2.0", "BYE")
	if a.Completed {
		line(a.Ended, false, "SIP/2.0 200 OK", "BYE")
	}
	s.Samples = append(s.Samples, x)
}

// small is the story of the golden texts.
func small() *loadstats.Story {
	return made{rate: func(time.Duration) float64 { return 20 }, length: 20 * time.Second, sound: true, seed: 3, thresholds: []string{"p99(srd) < 800ms", "ser > 99.5%", "p5(mos) > 3.8", "failed < 5% at 95%"}}.story()
}

// ramp is one that a person looks at.
func ramp() *loadstats.Story {
	s := made{rate: func(at time.Duration) float64 { return 5 + at.Seconds()/2 }, length: 90 * time.Second, sound: true, seed: 5, thresholds: []string{"p99(srd) < 800ms", "p5(mos) > 3.8", "failed < 3% at 95%"}}.story()
	s.Run.Arrivals = "ramp from 5/s to 50/s in 1m30s, evenly spaced"
	return s
}

// flooded is one whose generator was at fault.
func flooded() *loadstats.Story {
	s := small()
	c := &s.End.Check
	c.StartsLate, c.Dropped, c.Busy, c.LateP99 = 37, 211, 0.97, 480*ms
	return s
}

// registrations is one without calls.
func registrations() *loadstats.Story {
	s := &loadstats.Story{Whole: true, Run: loadstats.Run{Target: "sip:127.0.0.1", Seed: 1, Transport: "udp", Sound: "none", Arrivals: "50/s for 2s, Poisson"}}
	for i := range 2 {
		v := loadstats.Interval{At: time.Duration(i) * time.Second, Length: time.Second, Rate: 50}
		for k := range 50 {
			a := loadstats.Attempt{Kind: loadstats.Registration, Started: v.At, Final: v.At + time.Duration(10+k)*ms, Code: 200}
			if k == 7 {
				a.Code, a.Step, a.Cause = 403, "1 register", "code 403"
			}
			v.Wanted++
			v.Add(&a)
		}
		s.Seconds = append(s.Seconds, v)
		s.Total.Merge(&v)
	}
	s.End.Lasted = 2 * time.Second
	return s
}

// stories are all of them, with those that have nothing in them.
func stories() map[string]*loadstats.Story {
	cut := small()
	cut.Whole, cut.End = false, loadstats.End{}
	stopped := small()
	stopped.End.Interrupted = true
	failed := small()
	failed.Run.Thresholds = nil
	users := small()
	users.Run.Arrivals, users.Run.Model, users.End.Early = "10 users, closed model", loadstats.Closed, "failed < 0.1% at 95%"
	users.Total.Held, users.Total.Hurried, users.Run.Planned = 3, 2, 1000
	for i := range users.Seconds {
		users.Seconds[i].Rate = 0
	}
	taken := small()
	taken.Run.Model, taken.Run.Arrivals, taken.Run.Target = loadstats.Taken, "whoever calls", ""
	return map[string]*loadstats.Story{"taken": taken, "small": small(), "ramp": ramp(), "flooded": flooded(), "registrations": registrations(), "cut": cut, "stopped": stopped, "failed": failed, "users": users,
		"empty": {Whole: true}, "nothing": {}}
}
