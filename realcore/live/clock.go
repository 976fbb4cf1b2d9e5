package live

import (
	"math"
	"time"

	"callwright/realcore"
)

// clock is the scenario clock: scenario time passes speed times as fast as wall
// time. It is counted from one reading on, by the monotonic clock, so that setting
// the computer's clock does not move it.
type clock struct {
	wall  time.Time
	at    realcore.Instant // what it shows at wall
	speed int64
}

// instant returns what the clock shows at t, within the bounds of an Instant.
func (c *clock) instant(t time.Time) realcore.Instant {
	d := int64(t.Sub(c.wall))
	switch most := (math.MaxInt64 - int64(c.at)) / c.speed; {
	case d > most:
		return realcore.Never
	case d < -most:
		return -realcore.Never
	}
	return c.at + realcore.Instant(d*c.speed)
}

// wallOf returns the first wall time at which the clock shows i or more.
func (c *clock) wallOf(i realcore.Instant) time.Time {
	d := int64(i - c.at)
	wait := d / c.speed
	if d%c.speed > 0 {
		wait++
	}
	return c.wall.Add(time.Duration(wait))
}

// anchored returns the clock of a configuration, read at wall time now. It
// shows at least least.
func anchored(cfg *Config, now time.Time, least realcore.Instant) (c clock, behind time.Duration) {
	c = clock{wall: now, at: cfg.Start, speed: int64(cfg.Speed)}
	if !cfg.Anchor.IsZero() {
		past := clock{wall: cfg.Anchor, at: cfg.Start, speed: int64(cfg.Speed)}
		c.at = past.instant(now)
	}
	if c.at < least {
		if !cfg.Anchor.IsZero() {
			behind = least.Sub(c.at)
		}
		c.at = least
	}
	return c, behind
}
