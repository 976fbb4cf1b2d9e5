package live

import (
	"time"

	"callwright/realcore"
)

// SetUps is how many set-up times the shortest scaled timer must last: a
// phone that takes a twentieth of the ring time to ring moves no result by more.
const SetUps = 20

// MaxSpeed is the highest Config.Speed.
const MaxSpeed = 1000

// SpeedLimit returns the highest Speed at which no timer of the plan, scaled,
// falls under 20 times setup, the p99 of the time a call takes to be set up; and
// which timer that is. Without timers there is no limit: most is 0, timer "".
// Below 1 not even the real clock is slow enough.
func SpeedLimit(p *realcore.Plan, setup time.Duration) (most int, timer string) {
	var shortest time.Duration
	see := func(name string, d time.Duration) {
		if d > 0 && (timer == "" || d < shortest) {
			shortest, timer = d, name
		}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		see("ring time of group "+g.Name, g.RingTime)
		see("penalty for a missed offer in group "+g.Name, g.RONAPenalty)
		see("penalty for a declined offer in group "+g.Name, g.RejectPenalty)
		see("wrap-up limit of group "+g.Name, g.WrapUpCap)
	}
	for i := range p.Classes {
		c := &p.Classes[i]
		see("wait for the preferred agent in "+c.Name, c.PreferredWait)
		see("repeat of the last step in "+c.Name, c.Repeat)
		last := time.Duration(0)
		for _, step := range c.Program {
			see("step of "+c.Name, step.After-last)
			last = step.After
		}
	}
	for i := range p.Nodes {
		see("time-out of node "+p.Nodes[i].Name, p.Nodes[i].Timeout)
	}
	if timer == "" || setup <= 0 {
		return 0, timer
	}
	return int(shortest / (SetUps * setup)), timer
}
