package callscript

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"callwright/traffic"
)

// Role is which side a script is of.
type Role uint8

// The roles.
const (
	Caller   Role = iota // begins calls
	Answerer             // waits for calls
	Agent                // registers, and then waits for calls; each is followed by wrap-up
)

func (r Role) String() string { return [...]string{"caller", "answerer", "agent"}[r] }

// Script is what one of them does, from the beginning of a call to its end. It is not
// changed once it is used.
type Script struct {
	Name  string
	Role  Role
	Steps []Step
}

// Op is what a step does.
type Op uint8

// The steps.
const (
	Register Op = iota // Agent and Caller: REGISTER, with credentials if challenged; done with its 2xx
	Call               // Caller: INVITE; done with the final answer, or a 2xx; Law: patience, then CANCEL
	Ring               // Answerer: 180; done after Law
	Answer             // Answerer: 200
	Refuse             // Answerer: Code, in the part Share of calls; the others go on
	Miss               // Answerer: rings until the other gives up, in the part Share of calls
	Until              // done when Hears is heard; fails after Within; Law: patience, then hangs up
	Keys               // DTMF: Text
	Talk               // sound for Law
	Wait               // the same without sound
	Hold               // re-INVITE sendonly, for Law, and back
	Reinvite           // re-INVITE with the same session; done with its answer
	Refer              // REFER to Text; done with the NOTIFY that ends it
	Expect             // the last answer's Code is one of Codes, has Header with Text in it, or the keys heard are Text
	HangUp             // BYE
	WrapUp             // Agent: after the call, for Law
)

var opNames = [...]string{"register", "call", "ring", "answer", "refuse", "miss", "until", "keys", "talk", "wait", "hold", "re-invite", "refer", "expect", "hang up", "wrap up"}

func (o Op) String() string { return opNames[o] }

// OpOf returns the step with a name.
func OpOf(name string) (Op, bool) {
	i := slices.Index(opNames[:], name)
	return Op(max(i, 0)), i >= 0
}

// Ops returns the names of all steps.
func Ops() []string { return slices.Clone(opNames[:]) }

// Sound is what is played while talking.
type Sound struct {
	Kind SoundKind
	Hz   float64 // of Tone
	File string  // of WAV
}

// SoundKind is a kind of sound.
type SoundKind uint8

// The kinds.
const (
	Quiet  SoundKind = iota // frames of silence
	Tone                    // of Hz
	Speech                  // noise shaped and paused like talk
	WAV                     // a file
)

// Hearing is what Until waits for.
type Hearing struct {
	What Heard
	Hz   float64       // of ToneHeard
	For  time.Duration // so long without a break; 0: at once
	Text string        // of KeysHeard
}

// Heard is a kind of hearing.
type Heard uint8

// What may be heard.
const (
	Nothing      Heard = iota
	SoundHeard         // anything that is not silence: a prompt begins
	SilenceHeard       // nothing but silence: a prompt has ended
	ToneHeard
	KeysHeard
	HangUpHeard // the other hangs up
)

// Step is one step; which fields count depends on Op.
type Step struct {
	Op     Op
	At     string // where it is written, for messages: "calls.yaml:7:5"
	Law    traffic.Law
	HasLaw bool
	Code   int
	Codes  []CodeRange
	Share  float64 // in [0, 1]
	Text   string
	Header string
	Sound  Sound
	Hears  Hearing
	Within time.Duration // Until, Refer, Register, Call: it fails then; 0: never, but for the transaction's own end
}

// CodeRange is a range of status codes, both ends in it.
type CodeRange struct{ From, To int }

func (r CodeRange) String() string {
	if r.From == r.To {
		return fmt.Sprint(r.From)
	}
	return fmt.Sprintf("%d-%d", r.From, r.To)
}

// Reoffers reports whether the script has a step that makes a re-INVITE.
func (s *Script) Reoffers() bool {
	return slices.ContainsFunc(s.Steps, func(st Step) bool { return st.Op == Hold || st.Op == Reinvite })
}

// Problem is one thing that is wrong with a script.
type Problem struct {
	Step int // its number, from 0 on; -1: the whole
	What string
}

// Validate reports everything that is wrong.
func (s *Script) Validate() error {
	var errs []error
	for _, p := range s.Problems() {
		at := s.Name
		if p.Step >= 0 {
			at = s.Steps[p.Step].At
		}
		errs = append(errs, fmt.Errorf("%s: %s", at, p.What))
	}
	return errors.Join(errs...)
}

// Problems returns everything that is wrong with the order of the steps.
func (s *Script) Problems() (out []Problem) {
	i := -1
	bad := func(format string, args ...any) { out = append(out, Problem{i, fmt.Sprintf(format, args...)}) }
	if len(s.Steps) == 0 {
		bad("has no steps")
		return out
	}
	inCall, over, begun := false, false, false
	for i = range s.Steps {
		st := &s.Steps[i]
		if !allowed(s.Role, st.Op) {
			bad("%s is no step of a script of kind %s", st.Op, s.Role)
			continue
		}
		switch st.Op {
		case Call, Answer:
			if begun {
				bad("a script makes one call")
			}
			begun, inCall = true, true
		case Until, Keys, Talk, Hold, Reinvite, Refer, HangUp:
			if !inCall {
				bad("%s comes before the call is there", st.Op)
			}
			if over {
				bad("%s comes after the call's end", st.Op)
			}
			over = over || st.Op == HangUp
		case Ring, Refuse, Miss:
			if inCall {
				bad("%s comes after the answer", st.Op)
			}
		case Register:
			if begun {
				bad("register comes after the call")
			}
		}
	}
	if i = -1; !begun && s.Role == Caller && s.Steps[len(s.Steps)-1].Op != Register {
		bad("calls nobody; want the step call, or register as the last")
	}
	return out
}

func allowed(r Role, o Op) bool {
	switch o {
	case Call:
		return r == Caller
	case Ring, Answer, Refuse, Miss:
		return r != Caller
	case WrapUp:
		return r == Agent
	case Register:
		return r != Answerer
	}
	return true
}
