package loadstats

import "math"

// The answers that count as effective, or as ineffective, by RFC 6076. They are printed
// with the figures.
var (
	EffectiveCodes   = []int{480, 486, 600, 603} // of SEER, beside 2xx: the user's doing, not the network's (4.7)
	IneffectiveCodes = []int{408, 500, 503, 504} // of ISA (4.8); no answer at all counts with them
	ChallengeCodes   = []int{401, 402, 407}      // no failures: part of an attempt (4.2, 4.3.2)
)

// Ratio is a share with what it was made of.
type Ratio struct {
	Of, Part int64
}

// Value returns Part / Of in [0, 1], NaN where there was nothing.
func (r Ratio) Value() float64 {
	if r.Of == 0 {
		return math.NaN()
	}
	return float64(r.Part) / float64(r.Of)
}

// Figures are RFC 6076's ratios of calls and registrations that have ended.
type Figures struct {
	SER  Ratio // 4.6: answered 2xx, of all but those redirected
	SEER Ratio // 4.7: answered, busy or unavailable, of the same
	ISA  Ratio // 4.8: IneffectiveCodes and no answer, of all
	SCR  Ratio // 4.9: set up and ended by an answered BYE, of all
	IRA  Ratio // 4.2: registrations refused or unanswered, of all
	Fail Ratio // failed by their script, of all
}

// Figures returns the ratios. A call whose caller gave up before an answer counts as one
// attempt like any other, as the RFC has it (its 487 is neither effective nor
// ineffective); those cut short by the run's end are left out of SCR.
func (v *Interval) Figures() Figures {
	all := v.Ended
	f := Figures{SER: Ratio{all - v.Redirected, v.Answered}, SEER: Ratio{all - v.Redirected, v.Answered}, ISA: Ratio{Of: all}, SCR: Ratio{all - v.Hurried, v.Completed},
		IRA: Ratio{v.Registrations, v.Unregistered}, Fail: Ratio{all, v.Failed}}
	for _, c := range EffectiveCodes {
		f.SEER.Part += v.Codes[c]
	}
	f.ISA.Part = v.Codes[0]
	for _, c := range IneffectiveCodes {
		f.ISA.Part += v.Codes[c]
	}
	return f
}

// ratioOf returns the ratio with a name that thresholds use.
func (v *Interval) ratioOf(name string) (r Ratio, ok bool) {
	f := v.Figures()
	switch name {
	case "ser":
		return f.SER, true
	case "seer":
		return f.SEER, true
	case "isa":
		return f.ISA, true
	case "scr":
		return f.SCR, true
	case "ira":
		return f.IRA, true
	case "failed":
		return f.Fail, true
	case "abandoned":
		return Ratio{v.Ended, v.Abandoned}, true
	case "answered":
		return Ratio{v.Ended, v.Answered}, true
	case "one-way":
		return Ratio{v.Answered, v.OneWay}, true
	case "keys-wrong":
		return Ratio{v.KeysExpected, v.KeysWrong}, true
	}
	return r, false
}

var ratioNames = []string{"ser", "seer", "isa", "scr", "ira", "failed", "abandoned", "answered", "one-way", "keys-wrong"}
