package main

import (
	"fmt"
	"time"

	"callwright/realcore"
	"callwright/realcore/live"
	"callwright/scenarios"
)

// speedOf judges --speed. Calls are set up in wall time, whatever the speed: where a timer
// of the centre's is not much longer than that, results would be the network's.
func (x *serving) speedOf(p *realcore.Plan) error {
	switch {
	case x.speed < 1 || x.speed > live.MaxSpeed:
		return fmt.Errorf("--speed is %d; want 1 to %d: %w", x.speed, live.MaxSpeed, errInput)
	case x.setup <= 0:
		return fmt.Errorf("--setup-p99 is %v; want the p99 of a call's set-up, as 20ms: %w", x.setup, errInput)
	case x.speed == 1:
		return nil // nothing is scaled
	}
	most, timer := live.SpeedLimit(p, x.setup)
	if timer == "" || x.speed <= most {
		return nil
	}
	return fmt.Errorf("--speed is %d, at which the %s is shorter than %d times --setup-p99 %v; want at most %d: %w",
		x.speed, timer, live.SetUps, x.setup, max(1, most), errInput)
}

// clock sets the scenario clock. At speed 1 it is the wall clock: instant 0 is the plan's
// epoch. A faster one shows now what the wall clock shows, and runs ahead from there.
func (x *serving) clock(cfg *live.Config, epoch, now time.Time) {
	cfg.Speed, cfg.Anchor = x.speed, epoch
	if x.speed > 1 {
		cfg.Anchor, cfg.Start = now, realcore.Instant(max(0, now.Sub(epoch)))
	}
}

// horizon warns when the days for which opening hours are known will soon be over: then
// everything with hours stays closed.
func (x *serving) horizon(k *scenarios.Scenario, now time.Time) []string {
	epoch, err := time.Parse(time.RFC3339, k.Plan.Epoch)
	if err != nil || len(k.Plan.Calendars) == 0 {
		return nil
	}
	end := epoch.AddDate(0, 0, scenarios.LiveDays)
	left := end.Sub(now) / time.Duration(x.speed)
	if left > 7*24*time.Hour {
		return nil
	}
	return []string{fmt.Sprintf("opening hours are known until %s, %v from now: begin a new journal with another --data before that", end.Format(time.DateOnly), left.Round(time.Minute))}
}
