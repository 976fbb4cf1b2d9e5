package sipload

import (
	"container/heap"

	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// draw takes the next caller from the arrivals into those ahead.
func (r *Run) draw() {
	if r.stopped {
		return
	}
	if c, ok := r.cfg.Arrivals.Next(); ok {
		heap.Push(&r.ahead, c)
		r.drawn = false
		return
	}
	r.drawn = len(r.ahead) == 0 || r.drawn
}

// startsAtOnce bounds the starts between two looks at the sockets: one that cannot keep up
// must still read answers, and be stopped.
const startsAtOnce = 1000

// startDue starts those whose time has come.
func (r *Run) startDue() {
	for n := 0; n < startsAtOnce && len(r.ahead) > 0 && instant(r.began+r.ahead[0].At) <= r.now; n++ {
		who, _ := r.ahead.pop()
		users, closed := r.cfg.Arrivals.(*Users)
		switch held := r.held(); {
		case held && closed: // a user is not lost: he waits for room
			users.later(who, r.at())
		case held:
			r.second.Wanted++
			r.second.Held++
		default:
			r.second.Wanted++
			r.lasted = max(r.lasted, r.at())
			r.start(who)
		}
		if len(r.ahead) == 0 {
			r.draw()
		}
		r.tick()
	}
	r.settleFacts()
}

// held reports whether a limit keeps a caller from starting. He is not started later: his
// start would be another.
func (r *Run) held() bool {
	if r.cfg.MaxOpen > 0 && r.open >= r.cfg.MaxOpen {
		return true
	}
	return !r.starting.take(r.now)
}

func (r *Run) start(who Caller) {
	c := r.newCall()
	c.who = who
	c.a.Try, c.a.Intended, c.a.Started = who.Try, who.At, r.at()
	script := r.cfg.Script
	if script == nil {
		script = r.cfg.ScriptOf(&c.who)
	}
	if script.Steps[0].Op == callscript.Register && len(script.Steps) <= 2 {
		c.a.Kind = loadstats.Registration
	}
	r.open++
	c.flow = r.flowOf(c.a.Number)
	c.reoffers = script.Reoffers()
	r.traces.begin(r, c)
	var room [8]callscript.Do
	r.do(c, c.player.Begin(script, who.Luck, r.now, room[:0]))
	if c.a.Kind == loadstats.Call {
		r.second.Start(who.At, c.a.Started, who.Try)
	} else {
		r.second.AddLength(loadstats.Lateness, c.a.Started-who.At)
	}
	r.watch.started(c.a.Started - who.At)
}
