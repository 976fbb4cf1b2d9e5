package sipload

import (
	"callwright/traffic/loadstats"
)

func (r *Run) newCall() *call {
	r.number++
	var c *call
	if n := len(r.idle); n > 0 {
		c = r.idle[n-1]
		r.idle = r.idle[:n-1]
		*c = call{gen: c.gen + 1}
	} else {
		c = &call{}
	}
	c.a = loadstats.Attempt{Number: r.number, Status: loadstats.Never, Ringing: loadstats.Never, Final: loadstats.Never, Bye: loadstats.Never, Ended: loadstats.Never}
	r.calls[c] = true
	return c
}

// forget keeps the object for another call, unless something may still come of this one:
// the BYE to a 2xx that crossed a CANCEL, an answer to a REGISTER or REFER. Its generation
// makes late events of its sound miss it.
func (r *Run) forget(c *call) {
	delete(r.calls, c)
	c.gen++
	if c.gone && !c.cancels && c.asked == 0 {
		r.idle = append(r.idle, c)
	}
}
