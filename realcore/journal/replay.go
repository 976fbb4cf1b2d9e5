package journal

import (
	"fmt"
	"io"

	"callwright/realcore"
	"callwright/realcore/center"
)

// Replay drives a fresh Center with the events of a journal. See gives every
// event with its effects as the Center decides them.
type Replay struct {
	Center *center.Center
	r      *Reader
	out    []realcore.Effect
	plans  int // given to the Center

	Events  int64 // stepped so far
	Refused int64 // of these, returned ErrGone or ErrState, as they did in the run
	Digest  Digest
}

// NewReplay returns a replay of the journal from its beginning.
func NewReplay(r *Reader) (*Replay, error) {
	c, err := center.New(r.Plan())
	if err != nil {
		return nil, err
	}
	return &Replay{Center: c, r: r, plans: 1}, nil
}

// Step replays one event: what the Center's timers did before it, then the
// event. The slice is good until the next call. At the journal's end it
// returns io.EOF.
func (p *Replay) Step() (now realcore.Instant, ev realcore.Event, effects []realcore.Effect, err error) {
	for {
		var plan *realcore.Plan
		now, ev, plan, err = p.r.Next()
		if err != nil {
			return
		}
		if plan == nil {
			break
		}
		p.Center.AddPlan(plan)
		p.plans++
	}
	if err = p.Center.Plan().Check(&ev, p.plans); err != nil {
		return now, ev, nil, fmt.Errorf("journal: %w", err)
	}
	out := p.Center.Expire(now, p.out[:0])
	out, refused := p.Center.Step(now, &ev, out)
	if refused != nil {
		p.Refused++
	}
	p.Events++
	p.out = out
	p.Digest.Add(out)
	return now, ev, out, nil
}

// Finish runs the timers up to the end of the run, which the journal does not
// hold, and returns their effects.
func (p *Replay) Finish(end realcore.Instant) []realcore.Effect {
	p.out = p.Center.Expire(end, p.out[:0])
	p.Digest.Add(p.out)
	return p.out
}

// All replays the whole journal, handing every batch of effects to each.
func (p *Replay) All(each func(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect)) error {
	for {
		now, ev, effects, err := p.Step()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if each != nil {
			each(now, &ev, effects)
		}
	}
}
