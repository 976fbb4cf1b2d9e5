package sipload

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
