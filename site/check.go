package site

import (
	"fmt"
	"slices"
	"strings"

	"callwright/yamlfile"
)

// Known is the names of a scenario that a site file may use.
type Known struct {
	Agents  []string
	Queues  []string
	Entries []string // its numbers and streams of calls
	Vendors []string
	Prompts []string
}

// Check judges the file's names against a scenario's. The error joins all mistakes, each
// an *Error; the warnings are what can be served, but perhaps not as meant.
func (f *File) Check(k Known) (warnings []string, err error) {
	c := &checker{judge{&yamlfile.Faults{File: f.Name}, &f.Site, f.places}, k, nil}
	c.exposed()
	c.people()
	c.numbers()
	c.sounds()
	return c.warnings, c.Err()
}

type checker struct {
	judge
	known    Known
	warnings []string
}

// named reports a name that the scenario does not have.
func (c *checker) named(path, what, name string, known []string) {
	if !slices.Contains(known, name) {
		c.bad(path, "is %s, and the scenario has no %s of that name; %s", shown(name), what, yamlfile.DidYouMean(name, known))
	}
}

func (c *checker) warn(format string, args ...any) {
	c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
}

// exposed warns of what insecure: true lets others reach in the clear.
func (c *checker) exposed() {
	for i := range c.s.SIP.Listen {
		if transport, at := c.s.SIP.Listen[i].At(); transport != "tls" && !at.Addr().IsLoopback() {
			c.warn("sip.listen[%d], %s %v: whoever is on the way hears who calls whom", i, transport, at)
		}
	}
	if h := &c.s.HTTP; h.TLS == nil && !h.Listen.Addr().IsLoopback() {
		c.warn("http.listen, %v: whoever is on the way reads passwords of screens", h.Listen)
	}
}

func (c *checker) people() {
	staffed := map[string]bool{}
	for i, name := range c.s.People.Names {
		if p := c.s.People.Items[i]; p.Agent != "" {
			c.named("people."+name+".agent", "agent", p.Agent, c.known.Agents)
			staffed[p.Agent] = true
		}
	}
	var nobody []string
	for _, a := range c.known.Agents {
		if !staffed[a] {
			nobody = append(nobody, a)
		}
	}
	switch n := len(nobody); {
	case n > 3:
		c.warn("%d of %d agents of the scenario are nobody here, %s and %s among them", n, len(c.known.Agents), nobody[0], nobody[1])
	case n > 0:
		c.warn("agents of the scenario who are nobody here: %s", strings.Join(nobody, ", "))
	}
	for i, name := range c.s.Roles.Names {
		for k, q := range c.s.Roles.Items[i].Queues {
			c.named(fmt.Sprintf("roles.%s.queues[%d]", name, k), "queue", q, c.known.Queues)
		}
	}
}

func (c *checker) numbers() {
	reached := map[string]bool{}
	for i, name := range c.s.Trunks.Names {
		x, path := c.s.Trunks.Items[i], "trunks."+name
		for k, entry := range x.Inbound.Names {
			c.named(path+".inbound."+x.Inbound.Numbers[k], "number or stream of calls", entry, c.known.Entries)
			reached[entry] = true
		}
		if x.Vendor != "" {
			c.named(path+".vendor", "vendor", x.Vendor, c.known.Vendors)
		}
	}
	for i, q := range c.s.QueueNumbers.Names {
		c.named("queue-numbers."+c.s.QueueNumbers.Numbers[i], "queue", q, c.known.Queues)
	}
	if c.s.Recording != nil {
		for i, q := range c.s.Recording.Queues {
			c.named(fmt.Sprintf("recording.queues[%d]", i), "queue", q, c.known.Queues)
		}
	}
	for _, e := range c.known.Entries {
		if !reached[e] {
			c.warn("no trunk's number leads to %s of the scenario", e)
		}
	}
	for _, v := range c.known.Vendors {
		if !slices.ContainsFunc(c.s.Trunks.Items, func(x *Trunk) bool { return x.Vendor == v }) {
			c.warn("no trunk reaches the vendor %s: calls that overflow there stay", v)
		}
	}
}

func (c *checker) sounds() {
	for _, name := range c.s.Prompts.Names {
		c.named("prompts."+name, "prompt", name, c.known.Prompts)
	}
	for _, name := range c.known.Prompts {
		if c.s.Prompts.Find(name) == nil {
			c.warn("prompt %s of the scenario has no sound: callers hear nothing", name)
		}
	}
}
