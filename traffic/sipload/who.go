package sipload

import (
	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
)

// credentials answers a challenge for whoever the call is of.
func (r *Run) credentials(c *call, challenge, method, uri string) (string, bool) {
	a := r.accountOf(c)
	if a == nil {
		return "", false
	}
	return authorize(challenge, method, uri, a, r.random())
}

func (r *Run) accountOf(c *call) *Account {
	switch {
	case c == nil || len(r.cfg.Accounts) == 0:
		return nil
	case c.agent != nil:
		return &c.agent.account
	case c.who.Key == 0:
		return nil
	}
	return &r.cfg.Accounts[(c.who.Key-1)%uint64(len(r.cfg.Accounts))]
}

// screen lets calls in where somebody answers them.
func (r *Run) screen(req *sip.Request, _ dialog.Flow) (int, *dialog.Extra) {
	return r.screenMethod(string(req.Method)), nil
}

func (r *Run) screenMethod(method string) int {
	switch method {
	case "INVITE":
		if r.cfg.Answer == nil && r.cfg.Agents == nil || r.stopped {
			return 480
		}
	case "OPTIONS":
	default:
		return 405
	}
	return 0
}
