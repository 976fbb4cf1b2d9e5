package preflight

import "time"

// Sheet is what a plan makes certain. Shares are in [0, 1], lengths without a unit in their
// name are time.Duration.
type Sheet struct {
	Trunk     Trunk
	Peak      Peak
	Bits      Bits
	Recorder  Recorder
	Voice     []Heard
	Invite    Unanswered
	Proof     Needed
	Observed  *Proved
	Generator *Rise
	Agents    *Behind
	Warnings  []Warning
}

// Sheet works everything out.
func (p *Plan) Sheet() (*Sheet, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	s := &Sheet{Trunk: p.trunk(), Peak: p.peak(), Bits: p.bits(), Recorder: p.recorder(), Voice: p.heard(), Invite: p.unanswered(),
		Proof: p.needed(), Observed: p.proved(), Generator: p.rise(), Agents: p.behind()}
	s.Warnings = p.warnings(s)
	return s, nil
}

// Warning is something that those who read the sheet would want to be told.
type Warning struct {
	Kind   WarningKind
	Values []float64 // as the kind says
}

// WarningKind is what a warning is about.
type WarningKind string

// The warnings.
const (
	Overloaded  WarningKind = "overloaded"  // load in erlangs, agents: no steady state but for the trunk's end
	ProofFills  WarningKind = "proof-fills" // rate, holding time in s, lines that takes, lines there are
	RiseFills   WarningKind = "rise-fills"  // rate, holding time in s, lines that takes, lines there are
	OtherHandle WarningKind = "handle"      // handle time in s, talk time in s: agents' is shorter than the talk
)

func (p *Plan) warnings(s *Sheet) (out []Warning) {
	lines := float64(p.Lines)
	hold := p.Holding.Sum().Seconds()
	if a := s.Agents; a != nil && a.Load >= float64(p.Agents.Servers) {
		out = append(out, Warning{Overloaded, []float64{a.Load, float64(p.Agents.Servers)}})
	}
	if n := p.Proof.Rate * hold; n > lines {
		out = append(out, Warning{ProofFills, []float64{p.Proof.Rate, hold, n, lines}})
	}
	if g := s.Generator; g != nil && g.Steady > lines {
		out = append(out, Warning{RiseFills, []float64{p.Generator.Rate, p.Generator.Hold.Seconds(), g.Steady, lines}})
	}
	if a := p.Agents; a != nil && a.HandleTime < p.Holding.Talk {
		out = append(out, Warning{OtherHandle, []float64{a.HandleTime.Seconds(), p.Holding.Talk.Seconds()}})
	}
	return out
}

// perSecond is the rate of a busy hour in calls/s.
func (p *Plan) perSecond() float64 { return p.CallsPerHour / time.Hour.Seconds() }
