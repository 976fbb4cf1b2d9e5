package scenarios

import (
	"fmt"
	"time"

	"callwright/realcore"
	"callwright/traffic"
)

// lines compiles prompts, trunks and vendors. Vendors are trunks after the
// trunks.
func (c *compiler) lines() {
	for i, name := range c.f.Prompts.Names {
		c.addPrompt(name, c.f.Prompts.Items[i].Length)
	}
	c.silences = map[time.Duration]realcore.PromptID{}
	for i, name := range c.f.Trunks.Names {
		path := "trunks." + name
		if c.f.Trunks.Items[i].Lines == 0 {
			c.bad(path, "says nothing; want its number of lines")
		}
		c.plan.Trunks = append(c.plan.Trunks, realcore.Trunk{Name: name, Lines: int32(c.f.Trunks.Items[i].Lines)})
	}
	for i, name := range c.f.Vendors.Names {
		v, path := c.f.Vendors.Items[i], "vendors."+name
		if c.f.Trunks.Index(name) >= 0 {
			c.bad(path, "has the name of a trunk; want another")
		}
		c.plan.Trunks = append(c.plan.Trunks, realcore.Trunk{Name: name, Lines: int32(v.Lines)})
		for len(c.demand.Vendors) < len(c.plan.Trunks)-1 {
			c.demand.Vendors = append(c.demand.Vendors, traffic.Vendor{})
		}
		handle := c.lawOr(path+".handle", v.Handle, "exponential 5m", "no handle time given for the vendor")
		c.demand.Vendors = append(c.demand.Vendors, traffic.Vendor{Answer: v.Answer.Law, Handle: handle, Refuse: float64(v.Refuse)})
	}
}

// law takes over a law, if the file gives it, and flags one that is only a mean.
func (c *compiler) law(path string, l *Law, to *traffic.Law) {
	if l == nil {
		return
	}
	if l.Bare {
		c.assume(path, "exponential", "only the mean "+l.Is+" is given")
	}
	*to = l.Law
}

// lawOr returns a law, or a default that is flagged.
func (c *compiler) lawOr(path string, l *Law, def, why string) traffic.Law {
	law := lawOf(def)
	if l == nil {
		c.assume(path, def, why)
	}
	c.law(path, l, &law)
	return law
}

func (c *compiler) addPrompt(name string, length time.Duration) realcore.PromptID {
	c.plan.Prompts = append(c.plan.Prompts, realcore.Prompt{Name: name, Length: length})
	return realcore.PromptID(len(c.plan.Prompts) - 1)
}

// promptOf returns the prompt of a reference; none is silence.
func (c *compiler) promptOf(path string, p *PromptRef) realcore.PromptID {
	if p == nil {
		p = &PromptRef{}
	}
	if p.Name != "" {
		return realcore.PromptID(c.named(path, "prompt", p.Name, c.f.Prompts.Names))
	}
	id, ok := c.silences[p.Length]
	if !ok {
		id = c.addPrompt(fmt.Sprintf("(%v)", p.Length), p.Length)
		c.silences[p.Length] = id
	}
	return id
}

func (c *compiler) vendorOf(path, name string) realcore.TrunkID {
	i := c.named(path, "vendor", name, c.f.Vendors.Names)
	if i == realcore.None {
		return 0
	}
	return realcore.TrunkID(i) + realcore.TrunkID(len(c.f.Trunks.Names))
}

func (c *compiler) trunkOf(path, name string) realcore.TrunkID {
	if name == "" {
		return realcore.None
	}
	return realcore.TrunkID(c.named(path, "trunk", name, c.f.Trunks.Names))
}
