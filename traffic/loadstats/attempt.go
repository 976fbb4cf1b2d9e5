package loadstats

import "time"

// Kind is what was attempted.
type Kind uint8

// The kinds.
const (
	Call         Kind = iota
	Registration      // a REGISTER, and again with credentials if it is challenged
)

// Never is the instant of what has not happened.
const Never time.Duration = -1

// Attempt is one call, or registration, from its first request to its end. A round of 401
// or 407 is part of it. Instants are since the run began, or Never.
type Attempt struct {
	Number uint64
	Kind   Kind
	Try    int // of its caller: 1, and more for redials

	Intended time.Duration // when the draw wanted it to start
	Started  time.Duration // when its first request was sent
	Status   time.Duration // the first answer but 100 and the challenge came
	Ringing  time.Duration // likewise the first 180 or 183
	Final    time.Duration // the final answer to the INVITE or REGISTER
	Bye      time.Duration // BYE was sent or came
	Ended    time.Duration // nothing more of it is to come

	Code      int    // the final answer; 0: none came
	Completed bool   // answered, and its BYE too
	Abandoned bool   // its caller gave up before he was answered
	Hurried   bool   // hung up by the run's end, not by its script: counts as neither completed nor failed
	ByeLate   bool   // the peer's answer to our BYE never came
	Step      string // where it failed, as the script calls it
	Cause     string // and why; "": it has not failed

	Mine, Theirs int // retransmissions

	Audio *Audio // nil: it had none
}

// Failed reports whether the attempt is one of those that went wrong. One whose caller
// gave up, as his script says he may, is none.
func (a *Attempt) Failed() bool { return a.Cause != "" }

// Audio is how the sound of a call was, at our side.
type Audio struct {
	Sent, Received, Expected, Lost, Late uint32

	Loss    float64       // lost and late of expected, in [0, 1]
	Burst   float64       // mean run of lost packets; 0 without any
	Jitter  time.Duration // mean of RFC 3550's |D| (6.4.1)
	First   time.Duration // from the answer to the first packet; Never: none came
	R, MOS  float64       // G.107 narrow band after Buffer; 0: nothing came
	Buffer  time.Duration
	Silence float64 // part of the frames that were silent, in [0, 1]
	OneWay  bool    // for a second or more nothing came while we sent

	KeysSent, KeysHeard     int // DTMF
	KeysExpected, KeysWrong int // that the script was to hear, and how many of these it did not hear right
}
