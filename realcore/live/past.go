package live

import (
	"errors"
	"fmt"
	"io"

	"callwright/realcore"
	"callwright/realcore/center"
	"callwright/realcore/journal"
)

// past is what a journal holds, replayed up to its last whole frame.
type past struct {
	center *center.Center
	first  *realcore.Plan // the one it began with
	plan   *realcore.Plan // the one last put in force, as it was given
	plans  int
	events int64
	last   realcore.Instant
	key    realcore.Key // the highest seen
	end    int64        // bytes of whole frames
	out    []realcore.Effect
}

// listener is told every event of a journal with its effects; begin comes first.
type listener interface {
	begin(first *realcore.Plan, c *center.Center)
	add(now realcore.Instant, ev *realcore.Event, effects []realcore.Effect, refused error)
}

// replayed reads a journal through a new Center. journal.Replay would do the
// same, but does not say which plan was last put in force.
func replayed(r io.Reader, to listener) (*past, error) {
	rd, err := journal.NewReader(r)
	if err != nil {
		return nil, err
	}
	p := &past{first: rd.Plan(), plan: rd.Plan(), plans: 1}
	if p.center, err = center.New(p.first); err != nil {
		return nil, err
	}
	to.begin(p.first, p.center)
	given := []*realcore.Plan{p.first}
	for {
		now, ev, plan, err := rd.Next()
		switch {
		case errors.Is(err, io.EOF):
			p.plans, p.end = len(given), rd.Offset()
			return p, nil
		case err != nil:
			return nil, err
		case plan != nil:
			p.center.AddPlan(plan)
			given = append(given, plan)
			continue
		}
		if err := p.center.Plan().Check(&ev, len(given)); err != nil {
			return nil, fmt.Errorf("journal: event %d: %w", p.events+1, err)
		}
		out := p.center.Expire(now, p.out[:0])
		out, refused := p.center.Step(now, &ev, out)
		if ev.Kind == realcore.PlanChanged && refused == nil {
			p.plan = given[ev.Side]
		}
		p.events, p.last, p.key, p.out = p.events+1, now, max(p.key, ev.Key), out
		to.add(now, &ev, out, refused)
	}
}

// somebody reports whether a contact is open or an agent logged in.
func somebody(c *center.Center) bool {
	if c.Contacts() > 0 {
		return true
	}
	for a := range c.Plan().Agents {
		if s, _ := c.Agent(realcore.AgentID(a)); s != realcore.LoggedOut {
			return true
		}
	}
	return false
}
