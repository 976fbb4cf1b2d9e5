package sipload

import (
	"fmt"
	"strconv"

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
	c.ses = dialog.NewSession(r.random() >> 1)
	user := r.fromUser(c)
	domain := r.target.Host
	if a := r.accountOf(c); a != nil && a.Domain != "" {
		domain = a.Domain
	}
	to := r.target
	if n := r.numberOf(c); n != "" {
		to.User = n
	}
	x := invitation{target: to.String(), from: "<sip:" + user + "@" + domain + ">", to: "<" + to.String() + ">", contact: r.contact(user, c.flow), callID: r.callID(c), flow: c.flow,
		routes: r.cfg.Routes, headers: r.cfg.Headers, sdp: c.ses.Offer(r.local(c), dialog.SendRecv), of: c}
	c.dialog = r.sig.invite(r.now, &x)
}

// numberOf is whom a caller of a scenario's stream calls.
func (r *Run) numberOf(c *call) string {
	if c.who.Stream < len(r.cfg.Numbers) {
		return r.cfg.Numbers[c.who.Stream]
	}
	return ""
}

// callID begins with the call's number, so that its messages are found in a capture.
func (r *Run) callID(c *call) string {
	return strconv.FormatUint(c.a.Number, 10) + "-" + r.id + "@" + r.socks[c.flow.Listener].addr.Addr().String()
}

func (r *Run) contact(user string, flow dialog.Flow) string {
	v := "<sip:" + user + "@" + r.sentBy(flow)
	if flow.Transport == dialog.TCP {
		v += ";transport=tcp"
	}
	return v + ">"
}

// flowOf is by which socket and to which address a call goes: sockets in turn.
func (r *Run) flowOf(number uint64) dialog.Flow {
	return dialog.Flow{Transport: r.cfg.Transport, Listener: int(number % uint64(len(r.socks))), Remote: r.cfg.Addrs[r.addr]}
}

// register sends REGISTER; one binding keeps its Call-ID (10.2).
func (r *Run) register(c *call) {
	a := r.accountOf(c)
	user, domain := r.fromUser(c), r.target.Host
	if a != nil && a.Domain != "" {
		domain = a.Domain
	}
	aor := "<sip:" + user + "@" + domain + ">"
	if c.seq == 0 {
		c.seq = 1
	}
	registrar := r.target
	registrar.User = ""
	r.sig.register(r.now, &registration{target: registrar.String(), aor: aor, contact: r.contact(user, c.flow), callID: "r" + r.callID(c), seq: c.seq, expires: r.cfg.Expires, flow: c.flow, of: c})
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
