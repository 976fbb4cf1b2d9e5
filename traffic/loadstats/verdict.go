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
// threshold limits them.
func Decide(total *Interval, check *SelfCheck, js []Judgement, interrupted bool) Verdict {
	limited := false
	breached := false
	for _, j := range js {
		breached = breached || !j.Passed
		limited = limited || j.Stat == "" && (j.What == "failed" || j.What == "ser" || j.What == "seer" || j.What == "scr" || j.What == "isa" || j.What == "ira")
	}
	switch {
	case interrupted:
		return Interrupted
	case len(check.Faults()) > 0:
		return Invalid
	case breached:
		return Breached
	case !limited && (total.Failed > 0 || total.Unregistered > 0 || total.Started > 0 && total.Ended == 0):
		return CallsFailed
	}
	return Pass
}
