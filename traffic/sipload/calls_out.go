package sipload

import (
	"fmt"

	"callwright/sipua/dialog"
	"callwright/sipua/digest"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// invite begins a call.
func (r *Run) invite(c *call) {
	if !r.openSound(c) {
		r.tell(c, callscript.Event{Kind: callscript.NoPort})
		return
	}
	c.registers = false // a call has a Call-ID of its own
	x := invitation{from: r.fromOf(c), contact: r.contactOf(func(b []byte) []byte { return r.appendUser(b, c) }, c.flow), callID: r.callIDOf(c), flow: c.flow, routes: r.cfg.Routes, headers: r.cfg.Headers, of: c}
	t := r.texts.number(r, r.numberOf(c))
	x.target, x.to = t.uri, t.to
	if r.cfg.Sound == nil && !c.reoffers {
		x.sdp = r.plainSDP(c)
	} else {
		c.ses = dialog.NewSession(r.random() >> 1)
		x.sdp = c.ses.Offer(r.local(c), dialog.SendRecv)
	}
	if c.dialog = r.sig.invite(r.now, &x); c.dialog.none() { // too many transactions at once
		r.check.NoPort++
		r.tell(c, callscript.Event{Kind: callscript.NoPort})
	}
}

// numberOf is whom a caller of a scenario's stream calls.
func (r *Run) numberOf(c *call) string {
	if c.who.Stream < len(r.cfg.Numbers) {
		return r.cfg.Numbers[c.who.Stream]
	}
	return ""
}

// flowOf is by which socket and to which address a call goes: sockets in turn.
func (r *Run) flowOf(number uint64) dialog.Flow {
	return dialog.Flow{Transport: r.cfg.Transport, Listener: int(number % uint64(len(r.socks))), Remote: r.cfg.Addrs[r.addr]}
}

// register sends REGISTER; one binding keeps its Call-ID (10.2).
func (r *Run) register(c *call) {
	c.registers = true
	if c.seq == 0 {
		c.seq = 1
	}
	if r.texts.registrar == nil {
		u := r.target
		u.User = ""
		r.texts.registrar = []byte(u.String())
	}
	c.asked++
	r.sig.register(r.now, &registration{target: r.texts.registrar, aor: r.fromOf(c), contact: r.contactOf(func(b []byte) []byte { return r.appendUser(b, c) }, c.flow), callID: r.callIDOf(c), seq: c.seq, expires: r.cfg.Expires, flow: c.flow, of: c})
	c.seq += 2 // a challenge has used one more
}

// registered: a REGISTER has its final answer, or none.
func (r *Run) registered(c *call, h *happening) {
	if c.agent != nil && c.dialog.none() && c == c.agent.reg {
		r.agentRegistered(c.agent, h)
		return
	}
	if c.a.Kind == loadstats.Registration {
		if h.code != 0 {
			c.a.Final = r.at()
		}
		c.a.Code = h.code
	}
	r.tell(c, callscript.Event{Kind: callscript.Replied, Code: h.code, Answer: h.msg})
}

// authorize answers a challenge with an account's secret.
func authorize(challenge, method, uri string, a *Account, random uint64) (string, bool) {
	if a.Secret == "" {
		return "", false
	}
	return digest.Authorize(challenge, method, uri, a.User, a.Secret, nil, fmt.Sprintf("%016x", random), 1)
}
