package sipload

import "callwright/traffic/callscript"

// due is a script that wants to be run; it counts while the call still says so.
type due struct {
	at  instant
	gen uint32
	c   *call
}

// dues is a binary heap by time: small values, no interface.
type dues []due

func (h *dues) push(d due) {
	*h = append(*h, d)
	q := *h
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 2
		if q[up].at <= q[i].at {
			return
		}
		q[up], q[i] = q[i], q[up]
		i = up
	}
}

func (h *dues) pop() due {
	q := *h
	top, n := q[0], len(q)-1
	q[0] = q[n]
	q[n] = due{}
	q = q[:n]
	*h = q
	for i := 0; ; {
		low := 2*i + 1
		if low >= n {
			return top
		}
		if low+1 < n && q[low+1].at < q[low].at {
			low++
		}
		if q[i].at <= q[low].at {
			return top
		}
		q[i], q[low] = q[low], q[i]
		i = low
	}
}

// expireDue runs scripts whose time has come.
func (r *Run) expireDue() {
	for len(r.due) > 0 && r.due[0].at <= r.now {
		d := r.due.pop()
		if d.c.due != d.at || d.c.gen != d.gen || d.c.over {
			continue
		}
		d.c.due = 0
		var room [8]callscript.Do
		r.do(d.c, d.c.player.Expire(r.now, room[:0]))
	}
}

// schedule notes when a script wants to be run.
func (r *Run) schedule(c *call) {
	at, ok := c.player.Deadline()
	if !ok {
		c.due = 0
		return
	}
	if c.due != at {
		c.due = at
		r.due.push(due{at, c.gen, c})
	}
}
