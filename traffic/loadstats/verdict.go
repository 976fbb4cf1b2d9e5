package loadstats

// Verdict is what a run comes to.
type Verdict uint8

// The verdicts, the worst last.
const (
	Pass        Verdict = iota
	CallsFailed         // some did, and no threshold says how many may
	Breached            // a threshold
	Invalid             // the generator was the bottleneck: nothing is said of the target
	Interrupted
)

var verdictNames = [...]string{"PASS", "CALLS FAILED", "THRESHOLD BREACHED", "INVALID", "INTERRUPTED"}

func (v Verdict) String() string { return verdictNames[v] }

// Exit is the program's exit code for it.
func (v Verdict) Exit() int { return [...]int{0, 1, 3, 4, 130}[v] }

// Decide comes to a verdict. Failed calls or registrations alone fail a run unless a
// threshold limits them: ser and its like only those that were not answered.
func Decide(total *Interval, check *SelfCheck, js []Judgement, interrupted bool) Verdict {
	breached := false
	failed, unregistered := total.Failed > 0, total.Unregistered > 0
	for _, j := range js {
		breached = breached || !j.Passed
		if j.Stat != "" {
			continue
		}
		switch j.What {
		case "failed", "scr":
			failed = false
		case "ser", "seer", "isa", "answered": // more failures than that are of answered calls
			failed = failed && total.Failed > total.Ended-total.Answered
		case "ira":
			unregistered = false
		}
	}
	switch {
	case interrupted:
		return Interrupted
	case len(check.Faults()) > 0:
		return Invalid
	case breached:
		return Breached
	case failed, unregistered, total.Nothing():
		return CallsFailed
	}
	return Pass
}

// Nothing reports whether there was nothing to judge the target by: no call of those
// wanted was started, none has ended, or none had a final answer, though callers who give
// up on a dead target are no failures by themselves.
func (v *Interval) Nothing() bool {
	return v.Registrations == 0 && v.Wanted > 0 && v.Started == 0 || v.Started > 0 && v.Codes[0] == v.Ended
}
