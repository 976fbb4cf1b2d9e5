package sipload

import (
	"strconv"
	"strings"
	"time"

	"callwright/sipua/dialog"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// settle sends what is to be sent and deals with what has become true, until nothing more
// comes of it.
func (r *Run) settle() {
	r.settleFacts()
	r.flush()
	r.sig.sent()
}

// settleFacts is settle, but what is to be sent waits.
func (r *Run) settleFacts() {
	for {
		list := r.sig.take()
		if len(list) == 0 {
			break
		}
		for i := range list {
			if h := &list[i]; h.send != nil {
				r.queue(h)
			} else {
				r.fact(h)
			}
		}
	}
}

func (r *Run) fact(h *happening) {
	c := h.of
	switch h.fact {
	case dialog.Invited:
		r.invited(h)
		return
	case dialog.Requested:
		r.sig.respond(r.now, h.in, 200)
		return
	}
	if c == nil {
		return
	}
	switch h.fact {
	case dialog.Progress:
		r.progress(c, h)
	case dialog.Answered:
		r.answered(c, h)
	case dialog.Refused:
		r.refused(c, h)
	case dialog.Cancelled:
		c.gone, c.a.Abandoned, c.a.Code = true, true, 487
		r.tell(c, callscript.Event{Kind: callscript.Cancelled})
		r.departed(c)
	case dialog.Confirmed:
		r.confirmed(c, h)
	case dialog.Ended:
		r.byeCame(c, h.code)
	case dialog.Departed:
		r.byeAnswered(c, h.code)
	case dialog.Reoffered:
		r.reoffered(c, h)
	case dialog.Reanswered:
		if h.sdp != nil && c.ses != nil {
			if m, err := c.ses.Accept(h.sdp); err == nil {
				r.agree(c, m)
			}
		}
		r.tell(c, callscript.Event{Kind: callscript.Replied, Code: h.code, Answer: h.msg})
	case dialog.Inside:
		r.inside(c, h)
	case dialog.Replied:
		r.replied(c, h)
	}
}

func (r *Run) progress(c *call, h *happening) {
	if h.code > 100 && c.a.Status == loadstats.Never {
		c.a.Status = r.at()
	}
	if (h.code == 180 || h.code == 183) && c.a.Ringing == loadstats.Never {
		c.a.Ringing = r.at()
	}
	if h.sdp != nil && c.leg != nil && c.ses != nil && !c.up { // early media
		if m, err := c.ses.Accept(h.sdp); err == nil {
			r.agree(c, m)
		}
	}
	r.tell(c, callscript.Event{Kind: callscript.Progressed, Code: h.code, Answer: h.msg})
}

func (r *Run) answered(c *call, h *happening) {
	c.a.Final, c.a.Code, c.up = r.at(), h.code, true
	if c.a.Status == loadstats.Never {
		c.a.Status = c.a.Final
	}
	if c.over { // the script has given up, and the answer crossed it
		r.hangUp(c)
		return
	}
	if c.ses != nil {
		m, err := c.ses.Accept(h.sdp)
		if err != nil && c.leg != nil {
			r.tell(c, callscript.Event{Kind: callscript.Broken, Why: "answered without audio that we can use"})
			return
		}
		if err == nil {
			r.agree(c, m)
		}
		if c.leg != nil && m.ToPeer && !r.reaches(m.Remote.Addr()) {
			r.tell(c, callscript.Event{Kind: callscript.Broken, Why: "answered with audio at an address that cannot be reached, or is not listed"})
			return
		}
	}
	if c.leg != nil {
		c.leg.Play(silence)
	}
	r.tell(c, callscript.Event{Kind: callscript.Answered, Code: h.code, Answer: h.msg})
}

func (r *Run) refused(c *call, h *happening) {
	if h.code != 0 {
		c.a.Final = r.at()
		if c.a.Status == loadstats.Never {
			c.a.Status = c.a.Final
		}
	}
	if h.code == 0 && len(r.cfg.Addrs) > 1 { // later calls go to the next address (RFC 3263 4.3)
		r.addr = (r.addr + 1) % len(r.cfg.Addrs)
	}
	c.a.Code = h.code
	c.gone = true
	if h.msg != nil {
		c.after = retryAfter(h.msg.Header("Retry-After"))
	}
	r.tell(c, callscript.Event{Kind: callscript.Refused, Code: h.code, Answer: h.msg})
	r.departed(c)
}

// retryAfter reads "30;duration=60" and "30 (busy)" (20.33).
func retryAfter(v string) time.Duration {
	n := strings.IndexFunc(v, func(c rune) bool { return c < '0' || c > '9' })
	if n < 0 {
		n = len(v)
	}
	s, err := strconv.Atoi(v[:n])
	if err != nil || s > 86400 {
		return 0
	}
	return time.Duration(s) * time.Second
}

// byeCame: the dialog is over, by whomever.
func (r *Run) byeCame(c *call, by int) {
	switch by {
	case dialog.EndedByUs: // its answer is still to come
		return
	case dialog.EndedLost:
		c.asked++ // BYE is sent all the same, and how that fares is told
		c.a.Bye = r.at()
		r.tell(c, callscript.Event{Kind: callscript.HungUp})
		if !c.a.Failed() && !c.cut {
			c.a.Step, c.a.Cause = "end", "the other side knows the call no more, or did not acknowledge it"
		}
		r.departed(c)
		return
	}
	if c.a.Bye == loadstats.Never {
		c.a.Bye = r.at()
	}
	c.a.Completed = c.up && !c.cut
	c.gone = true
	r.tell(c, callscript.Event{Kind: callscript.HungUp})
	r.departed(c)
}

// byeAnswered: the other side has answered our BYE, or has not.
func (r *Run) byeAnswered(c *call, code int) {
	switch {
	case code == 0 || code == 408:
		c.a.ByeLate = true
		if !c.a.Failed() {
			c.a.Step, c.a.Cause = "hang up", "BYE is not answered"
		}
	case code/100 == 2 || code == 481: // 481: it had hung up itself (15.1.2)
		c.a.Completed = c.up && !c.cut
		if c.sentBye != 0 {
			r.second.Disconnect(r.at() - c.sentBye)
		}
	default:
		if !c.a.Failed() {
			c.a.Step, c.a.Cause = "hang up", "BYE: code "+strconv.Itoa(code)
		}
	}
	r.departed(c)
}

func (r *Run) replied(c *call, h *happening) {
	c.asked--
	if h.method == "REGISTER" {
		r.registered(c, h)
		return
	}
	if h.method == "REFER" {
		r.tell(c, callscript.Event{Kind: callscript.Replied, Code: h.code, Answer: h.msg})
	}
}

// reoffered answers the other side's re-INVITE.
func (r *Run) reoffered(c *call, h *happening) {
	if h.sdp == nil {
		r.sig.respond(r.now, h.in, 488)
		return
	}
	if c.ses == nil { // a call without sound, which keeps none until it must
		c.ses = dialog.NewSession(r.random() >> 1)
	}
	body, m, err := c.ses.Answer(h.sdp, r.local(c), dialog.SendRecv)
	if err != nil {
		r.sig.respond(r.now, h.in, 488)
		return
	}
	r.sig.answer(r.now, h.in, body)
	r.agree(c, m)
}

// inside answers other requests of a call; a NOTIFY tells how a REFER fared (RFC 3515).
func (r *Run) inside(c *call, h *happening) {
	switch h.method {
	case "NOTIFY":
		r.sig.respond(r.now, h.in, 200)
		line, _, _ := strings.Cut(string(h.body), "\r\n")
		if f := strings.Fields(line); len(f) >= 2 {
			if code, err := strconv.Atoi(f[1]); err == nil {
				r.tell(c, callscript.Event{Kind: callscript.Notified, Code: code, Answer: h.msg})
			}
		}
	case "OPTIONS", "INFO":
		r.sig.respond(r.now, h.in, 200)
	case "CANCEL":
	default:
		r.sig.respond(r.now, h.in, 501)
	}
}
