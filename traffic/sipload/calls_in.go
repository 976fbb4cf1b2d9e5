package sipload

import (
	"time"

	"callwright/sipua/dialog"
	"callwright/traffic"
	"callwright/traffic/callscript"
	"callwright/traffic/loadstats"
)

// agent is one of Accounts that registers and then takes calls.
type agent struct {
	account Account
	index   int
	reg     *call // its registration
	flow    dialog.Flow
	busy    bool
	calls   uint64
}

// registerAgents has all agents register, once. Their registrations are renewed at four
// fifths of the time that was asked for.
func (r *Run) registerAgents() {
	if r.cfg.Agents == nil {
		return
	}
	for i, a := range r.cfg.Accounts {
		x := &agent{account: a, index: i, flow: r.flowOf(uint64(i))}
		r.agents = append(r.agents, x)
		r.registerAgent(x)
	}
	r.settle()
}

func (r *Run) registerAgent(a *agent) {
	if a.reg == nil {
		a.reg = r.newCall()
		delete(r.calls, a.reg)
		a.reg.agent, a.reg.flow, a.reg.a.Kind = a, a.flow, loadstats.Registration
	}
	a.reg.a.Started, a.reg.a.Intended, a.reg.a.Final = r.at(), r.at(), loadstats.Never
	r.register(a.reg)
}

// agentRegistered counts it, and says when to renew it: after a failure, in 30 s.
func (r *Run) agentRegistered(a *agent, h *happening) {
	x := &a.reg.a
	if h.code != 0 {
		x.Final = r.at()
	}
	x.Code, x.Step, x.Cause = h.code, "", ""
	pause := time.Duration(r.cfg.Expires) * time.Second * 8 / 10
	if h.code/100 != 2 {
		x.Step, x.Cause = "register", "code "+itoa(h.code)
		pause = 30 * time.Second
	}
	r.second.Add(x)
	r.later = append(r.later, laterDo{r.now.Add(pause), func() {
		if !r.stopped {
			r.registerAgent(a)
		}
	}})
}

// invited takes a call that has come: by the agent who is called, or by the answerer.
func (r *Run) invited(h *happening) {
	script, a := r.cfg.Answer, r.agentCalled(h)
	r.second.Wanted++
	if a != nil {
		script = r.cfg.Agents
	}
	if script == nil || a != nil && a.busy {
		r.second.Held++
		r.sig.refuse(r.now, h.dialog, 486)
		return
	}
	if !r.taking.take(r.now) { // above Limit
		r.second.Held++
		r.sig.refuse(r.now, h.dialog, 503)
		return
	}
	c := r.newCall()
	c.came, c.agent, c.dialog, c.flow, c.offer = true, a, h.dialog, h.flow, append([]byte(nil), h.sdp...)
	key := c.a.Number
	if a != nil {
		a.busy = true
		a.calls++
		key = uint64(a.index)<<32 | a.calls
	}
	r.sig.attach(h.dialog, c)
	r.taken++
	c.a.Intended, c.a.Started = r.at(), r.at()
	r.second.Started++
	var room [8]callscript.Do
	r.do(c, c.player.Begin(script, traffic.NewLuck(r.cfg.Seed, 0, forAnswer, key), r.now, room[:0]))
	r.tell(c, callscript.Event{Kind: callscript.Invited})
}

var forAnswer = traffic.PurposeOf("load-answer")

// agentCalled finds whose contact an INVITE is addressed to.
func (r *Run) agentCalled(h *happening) *agent {
	if len(r.agents) == 0 || h.msg == nil {
		return nil
	}
	user := r.sig.called(h)
	if r.byUser == nil {
		r.byUser = map[string]*agent{}
		for _, a := range r.agents {
			r.byUser[a.account.User] = a
		}
	}
	return r.byUser[user]
}

// accept answers a call that came.
func (r *Run) accept(c *call) {
	if !r.openSound(c) {
		r.sig.refuse(r.now, c.dialog, 503)
		c.gone = true
		r.tell(c, callscript.Event{Kind: callscript.NoPort})
		return
	}
	c.ses = dialog.NewSession(r.random() >> 1)
	var body []byte
	if len(c.offer) > 0 {
		b, m, err := c.ses.Answer(c.offer, r.local(c), dialog.SendRecv)
		if err != nil {
			r.sig.refuse(r.now, c.dialog, 488)
			c.gone = true
			c.a.Code = 488
			r.tell(c, callscript.Event{Kind: callscript.Refused, Code: 488})
			return
		}
		body = b
		r.agree(c, m)
	} else {
		body = c.ses.Offer(r.local(c), dialog.SendRecv)
	}
	c.a.Code, c.a.Final, c.a.Status, c.up = 200, r.at(), r.at(), true
	if c.leg != nil {
		c.leg.Play(silence)
	}
	r.sig.accept(r.now, c.dialog, r.contactOf(func(b []byte) []byte { return append(b, r.calledUser(c)...) }, c.flow), body)
}

func (r *Run) calledUser(c *call) string {
	if c.agent != nil {
		return c.agent.account.User
	}
	return "answer"
}

// confirmed: our answer has been acknowledged.
func (r *Run) confirmed(c *call, h *happening) {
	if len(c.offer) == 0 && h.sdp != nil { // the answer to our offer is in the ACK
		if m, err := c.ses.Accept(h.sdp); err == nil {
			r.agree(c, m)
		}
	}
	r.tell(c, callscript.Event{Kind: callscript.Answered, Code: 200, Answer: h.msg})
}
