package traffic

import "time"

// The purposes of what people do. Whoever plays them, a simulator or a load
// generator, asks for these, so that both meet the same person.
var (
	ForTalk     = PurposeOf("talk")
	ForWrapUp   = PurposeOf("wrap-up")
	ForPatience = PurposeOf("patience")
	ForRing     = PurposeOf("ring")
	ForMiss     = PurposeOf("miss")
)

// Behaviour is how people behave in calls of one kind: how long the two talk, the
// agent writes, the caller waits, the telephone rings. All chance is the
// caller's; who serves him changes lengths by a pace, never the person.
type Behaviour struct {
	Talk, WrapUp Law
	Patience     Law     // from queue entry
	Ring         Law     // from the offer to the agent's answer
	Miss         float64 // probability that an offer is not answered at all
}

// Validate reports what is wrong with b. Laws are right by construction.
func (b *Behaviour) Validate() error {
	return check("behaviour", probability("Miss", b.Miss))
}

// Paced returns b as a group meets it that takes pace times as long to talk and
// write: 1.3 for novices.
func (b Behaviour) Paced(pace float64) (Behaviour, error) {
	var err error
	if b.Talk, err = Scaled(b.Talk, pace); err == nil {
		b.WrapUp, err = Scaled(b.WrapUp, pace)
	}
	if err != nil {
		return Behaviour{}, check("pace", err)
	}
	return b, nil
}

// HandleTime returns the talk and wrap-up times of the k-th talk, from 0 on, of
// the caller with this luck. They are independent.
func (b *Behaviour) HandleTime(luck Luck, k uint32) (talk, wrapUp time.Duration) {
	return b.Talk.Draw(luck, ForTalk, k), b.WrapUp.Draw(luck, ForWrapUp, k)
}

// Wait returns how long the caller waits in his k-th queue, from 0 on, before he
// hangs up.
func (b *Behaviour) Wait(luck Luck, k uint32) time.Duration {
	return b.Patience.Draw(luck, ForPatience, k)
}

// Answer returns how long the telephone rings when the caller is offered to an
// agent for the k-th time, from 0 on; ok is false if nobody answers.
func (b *Behaviour) Answer(luck Luck, k uint32) (ring time.Duration, ok bool) {
	if b.Miss > 0 && luck.Uniform(ForMiss, k) < b.Miss {
		return 0, false
	}
	return b.Ring.Draw(luck, ForRing, k), true
}
