package scenarios

import (
	"fmt"
	"strconv"

	"callwright/realcore"
	"callwright/traffic"
)

// mostCalls is how many calls one stream may expect in a run: a quarter of an hour
// of simulating.
const mostCalls = 1e9

// calls compiles the streams.
func (c *compiler) calls() {
	if len(c.f.Calls.Names) == 0 {
		c.bad("calls", "is empty; want at least one stream of calls")
	}
	for i, name := range c.f.Calls.Names {
		s, path := c.f.Calls.Items[i], "calls."+name
		src := traffic.Source{Name: name, Outbound: realcore.None}
		if s.Dial != "" {
			src.Outbound = c.queueOf(path+".dial", s.Dial)
			src.Tier = c.tierOf(path+".tier", src.Outbound, s.Tier)
			if s.Number+s.Queue+s.Flow+s.Trunk != "" {
				c.bad(path+".dial", "is %s beside number, queue, flow or trunk; want one of them", s.Dial)
			}
		} else {
			src.Entry, src.Tier = c.comesIn(s, name, path)
		}
		src.Arrivals = c.arrivals(s, name, path)
		if n := src.Arrivals.Rate.Total(); n > mostCalls && c.f.MostCalls == 0 {
			c.bad(path, "expects %.3g calls; want at most %.0e in a run (or most-calls)", n, mostCalls)
		}
		src.Redial = c.redial(s.Redial, path+".redial")
		src.Callers = c.callers(s, path)
		c.demand.Sources = append(c.demand.Sources, src)
	}
}

// comesIn returns where the calls of a stream begin. One that does not say takes
// the only number, flow or queue there is.
func (c *compiler) comesIn(s *Stream, name, path string) (realcore.EntryID, uint8) {
	number, queue, flow := s.Number, s.Queue, s.Flow
	f := c.f
	if number+queue+flow == "" {
		switch {
		case len(f.Numbers.Names) == 1:
			number = f.Numbers.Names[0]
		case len(f.Numbers.Names) > 1:
		case len(f.Flows.Names) == 1:
			flow = f.Flows.Names[0]
		case len(f.Flows.Names) == 0 && len(f.Queues.Names) == 1:
			queue = f.Queues.Names[0]
		}
	}
	if number != "" {
		if queue+flow+s.Trunk != "" {
			c.bad(path+".number", "is %s beside queue, flow or trunk, which belong to the number; want one of them", number)
		}
		n := c.named(path+".number", "number", number, f.Numbers.Names)
		if n == realcore.None || int(n) >= len(c.plan.Entries) {
			return 0, 0
		}
		return realcore.EntryID(n), c.streamTier(s, path, c.plan.Nodes[c.plan.Entries[n].Start].Queue)
	}
	if queue+flow == "" {
		c.bad(path, "reaches nobody; want number, queue, flow or dial")
		return 0, 0
	}
	if f.Numbers.Index(name) >= 0 {
		c.bad(path, "has the name of a number; want another, or number: %s", name)
	}
	id := c.entry(name, path, queue, flow, s.Trunk, "")
	q := realcore.QueueID(realcore.None)
	if queue != "" {
		q = realcore.QueueID(f.Queues.Index(queue))
	}
	return id, c.streamTier(s, path, q)
}

// streamTier returns the tier of a stream; behind a flow only a number can be
// checked at run time, so names are refused there.
func (c *compiler) streamTier(s *Stream, path string, q realcore.QueueID) uint8 {
	if s.Tier == "" {
		return 0
	}
	if q >= 0 {
		return c.tierOf(path+".tier", q, s.Tier)
	}
	if i, err := strconv.ParseUint(string(s.Tier), 10, 8); err == nil && i < mostTiers {
		return uint8(i)
	}
	c.bad(path+".tier", "is %s; want a number behind a flow, which may lead to several queues", s.Tier)
	return 0
}

func (c *compiler) redial(r *Redial, path string) traffic.Redial {
	if r == nil {
		return traffic.Redial{}
	}
	return traffic.Redial{AfterAbandon: float64(r.Abandon), AfterBusy: float64(r.Busy), AfterClosed: float64(r.Closed),
		Delay: c.lawOr(path+".delay", r.Delay, "exponential 5m", "no delay of redials given"), MaxAttempts: r.Attempts}
}

// callers compiles how the people of a stream behave, by period. A period that
// does not say something keeps what held from the start.
func (c *compiler) callers(s *Stream, path string) []traffic.Callers {
	all := []traffic.Callers{c.behaviour(&s.Behaviour, nil, path, s.Dial != "")}
	for day := range c.days {
		for i := range s.Periods {
			p, at := &s.Periods[i], path+".periods["+itoa(i)+"]"
			if day == 0 && i > 0 && p.From <= s.Periods[i-1].From {
				c.bad(at+".from", "is %v, no later than the one before; want times that rise", p.From)
			}
			from := c.at(day, p.From, false)
			if p.From < c.day.From { // after midnight, in a day that ends then
				from = c.at(day, p.From+24*3600, false)
			}
			if day == 0 && !c.has(at+".from") {
				c.bad(at, "has no from; want the time of day from which it holds")
			}
			b := c.behaviour(&p.Behaviour, &all[0], at, s.Dial != "")
			b.From = from
			if last := all[len(all)-1].From; from > last || from == last && len(all) > 1 {
				all = append(all, b)
			} else if from <= 0 && len(all) == 1 {
				c.bad(at+".from", "is %v, when the day begins; what holds then stands beside periods", p.From)
			}
		}
		if len(s.Periods) > 0 && day+1 < c.days { // the next day begins anew
			b := all[0]
			b.From = c.opens[day+1]
			all = append(all, b)
		}
	}
	return all
}

// behaviour compiles one set of people; what it leaves out comes from base, or,
// for the first, from defaults that are flagged.
func (c *compiler) behaviour(b *Behaviour, base *traffic.Callers, path string, dials bool) traffic.Callers {
	const patience = "exponential 2m"
	r := traffic.Callers{Patience: lawOf(patience), Callback: 0.5, Message: lawOf("always 30s"), Reached: 0.7, PickUp: lawOf("always 10s")}
	if base != nil {
		r = *base
	}
	if b.Handle != nil && b.Talk != nil {
		c.bad(path+".handle", "stands beside talk; want handle alone, or talk and wrapup")
	}
	talk, key := b.Talk, ".talk"
	if b.Handle != nil {
		talk, key = b.Handle, ".handle"
		if b.WrapUp != nil {
			c.bad(path+".handle", "has wrap-up inside, and wrapup is given too; want talk and wrapup")
		}
	}
	if talk != nil {
		c.law(path+key, talk, &r.Talk)
		if r.Talk.Kind() == traffic.Never().Kind() {
			c.bad(path+key, "is never: the talk would never end")
		}
	} else if base == nil {
		c.bad(path, "has no handle time; want handle, or talk and wrapup")
	}
	c.law(path+".wrapup", b.WrapUp, &r.WrapUp)
	c.law(path+".message", b.Message, &r.Message)
	c.law(path+".pick-up", b.PickUp, &r.PickUp)
	c.law(path+".patience", b.Patience, &r.Patience)
	if b.Patience == nil && base == nil && !dials {
		c.assume(path+".patience", patience, "no patience given; measured means are 60 s to 180 s")
	}
	fraction(b.Callback, &r.Callback)
	fraction(b.Reached, &r.Reached)
	fraction(b.Preferred, &r.Preferred)
	if base == nil {
		c.unsaid(b, &r, path, dials)
	}
	c.byGroup(b, &r, path)
	c.transfers(b, &r, path)
	if base == nil || len(b.Choices.Names) > 0 {
		r.Menus = c.choices(b, path, base == nil)
	}
	return r
}

// unsaid flags the defaults that the centre's own design makes matter.
func (c *compiler) unsaid(b *Behaviour, r *traffic.Callers, path string, dials bool) {
	offers := dials
	for i := range c.plan.Classes {
		for _, t := range c.plan.Classes[i].Program {
			offers = offers || t.Do.Op == realcore.OfferRinging
		}
	}
	for i := range c.plan.Nodes {
		offers = offers || c.plan.Nodes[i].Kind == realcore.CallbackNode
	}
	if !offers {
		return
	}
	if b.Callback == nil && !dials {
		c.assume(path+".callback", fmt.Sprint(r.Callback), "callbacks are offered, and no part that takes them is given")
	}
	if b.Reached == nil {
		c.assume(path+".reached", fmt.Sprint(r.Reached), "customers are rung, and no part that answers is given")
	}
}

func fraction(f *Fraction, to *float64) {
	if f != nil {
		*to = float64(*f)
	}
}

func (c *compiler) byGroup(b *Behaviour, r *traffic.Callers, path string) {
	for i, name := range b.ByGroup.Names {
		at := path + ".by-group." + name
		g := c.named(at, "group", name, c.f.Groups.Names)
		if g == realcore.None {
			continue
		}
		if i == 0 {
			r.ByGroup = append(make([]traffic.Law, 0, len(c.plan.Groups)), r.ByGroup...)
		}
		for len(r.ByGroup) <= int(g) {
			r.ByGroup = append(r.ByGroup, traffic.Law{})
		}
		c.law(at, b.ByGroup.Items[i], &r.ByGroup[g])
	}
}

func (c *compiler) transfers(b *Behaviour, r *traffic.Callers, path string) {
	if b.Transfer == nil {
		return
	}
	r.Transfer = nil
	sum := 0.0
	for i, t := range b.Transfer {
		at := path + ".transfer[" + itoa(i) + "]"
		q := c.queueOf(at+".queue", t.Queue)
		r.Transfer = append(r.Transfer, traffic.Transfer{P: float64(t.Share), Queue: q, Tier: c.tierOf(at+".tier", q, t.Tier)})
		sum += float64(t.Share)
	}
	if sum >= 1 {
		c.bad(path+".transfer", "has shares that sum to %.6g; want less than 1, or nobody ever leaves", sum)
	}
}
