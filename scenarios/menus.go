package scenarios

import (
	"strings"

	"callwright/traffic"
	"callwright/yamlfile"
)

// choices compiles what the callers of a stream do at every menu: what the menu
// says of all callers, unless the stream says otherwise of its own.
func (c *compiler) choices(b *Behaviour, path string, flag bool) []traffic.Menu {
	if len(c.menus) == 0 {
		for _, name := range b.Choices.Names {
			c.bad(path+".choices."+name, "has choices, and there is no menu")
		}
		return nil
	}
	menus := make([]traffic.Menu, len(c.plan.Nodes))
	for i := range c.menus {
		m := &c.menus[i]
		menus[m.node] = c.choicesAt(m, path, flag)
	}
	for i, flow := range b.Choices.Names {
		at := path + ".choices." + flow
		m := c.firstMenu(flow)
		if m == nil {
			c.bad(at, "is no flow with a menu; %s", yamlfile.DidYouMean(flow, c.f.Flows.Names))
			continue
		}
		own := traffic.Menu{HangUp: float64(m.menu.HangUp)}
		for k, key := range b.Choices.Items[i].Keys {
			if !strings.Contains(string(m.menu.Keys.Keys), string(key)) {
				c.bad(at+"."+string(key), "is no key of that menu; want one of %s", string(m.menu.Keys.Keys))
			}
			own.Choices = append(own.Choices, traffic.Choice{Digit: key, P: float64(b.Choices.Items[i].Shares[k])})
		}
		menus[m.node] = own
	}
	return menus
}

// firstMenu returns the first menu of a flow, nil if there is none.
func (c *compiler) firstMenu(flow string) (first *menuAt) {
	for i := range c.menus {
		if m := &c.menus[i]; m.flow == flow && (first == nil || m.node < first.node) {
			first = m
		}
	}
	return first
}

// choicesAt compiles what all callers do at a menu. A menu that gives no shares
// has every key pressed equally often.
func (c *compiler) choicesAt(m *menuAt, path string, flag bool) traffic.Menu {
	r := traffic.Menu{HangUp: float64(m.menu.HangUp)}
	sum := 0.0
	for _, o := range m.menu.Keys.To {
		sum += float64(o.Share)
	}
	rest := 1 - float64(m.menu.HangUp) - float64(m.menu.Invalid)
	if flag && sum > rest+1e-9 {
		c.bad(m.path, "has shares, hang-up and invalid that sum to %.6g; want at most 1", sum+1-rest)
	}
	for i, k := range m.menu.Keys.Keys {
		p := float64(m.menu.Keys.To[i].Share)
		if sum == 0 {
			p = rest / float64(len(m.menu.Keys.Keys))
		}
		r.Choices = append(r.Choices, traffic.Choice{Digit: k, P: p})
	}
	if sum == 0 && flag {
		c.assume(m.path+".keys", "each key equally often", "no shares given, for "+path)
	}
	if p := float64(m.menu.Invalid); p > 0 {
		for _, k := range []byte("0123456789*#") {
			if !strings.Contains(string(m.menu.Keys.Keys), string(k)) {
				r.Choices = append(r.Choices, traffic.Choice{Digit: k, P: p})
				break
			}
		}
	}
	return r
}
