package coretest

import (
	"flag"
	"testing"

	"callwright/realcore"
)

var (
	seeds = flag.Int("faults", 1000, "how many random worlds with faults to play")
	seed  = flag.Uint64("fault-seed", 0, "play this one world only")
)

func TestFaults(t *testing.T) {
	if *seed != 0 {
		if err := Faults(*seed, nil); err != nil {
			t.Fatal(err)
		}
		return
	}
	bad := 0
	for s := uint64(1); s <= uint64(*seeds) && bad < 3; s++ {
		if err := Faults(s, nil); err != nil {
			bad++
			t.Errorf("%v\nagain: go test ./realcore/coretest -run TestFaults -fault-seed %d", err, s)
		}
	}
}

// Each selection rule is broken in turn: the Center gets a plan with another
// rule than the one the Reference judges by, and must be caught.
func TestPlantedBugsAreCaught(t *testing.T) {
	order := func(o realcore.AgentOrder) func(*realcore.Plan) {
		return func(p *realcore.Plan) {
			for i := range p.Classes {
				if p.Classes[i].Order == o {
					p.Classes[i].Order = (o + 1) % (realcore.NumAgentOrders - 1) // any order but a split, which needs no weights
				}
			}
		}
	}
	bugs := map[string]func(*realcore.Plan){
		"longest idle":    order(realcore.LongestIdle),
		"fewest contacts": order(realcore.FewestContacts),
		"least occupied":  order(realcore.LeastOccupied),
		"round robin":     order(realcore.RoundRobin),
		"percent split":   order(realcore.PercentSplit),
		"weights":         func(p *realcore.Plan) { eachShare(p, func(s *realcore.Share) { s.Weight = 6 - s.Weight }) },
		"ranks of groups": func(p *realcore.Plan) { reverseRanks(p) },
		"contact order": func(p *realcore.Plan) {
			for i := range p.Groups {
				p.Groups[i].Order = 1 - p.Groups[i].Order
			}
		},
		"queue order": func(p *realcore.Plan) {
			for i := range p.Groups {
				s := p.Groups[i].Serves
				for k := range s {
					s[k].Rank = 0
				}
			}
		},
		"credit": func(p *realcore.Plan) { eachClass(p, func(c *realcore.Class) { c.Credit = 0 }) },
		"ageing": func(p *realcore.Plan) { eachClass(p, func(c *realcore.Class) { c.Rate = 0 }) },
		"reserve": func(p *realcore.Plan) {
			eachClass(p, func(c *realcore.Class) { c.Reserve = 0 })
		},
		"preferred agent": func(p *realcore.Plan) { eachClass(p, func(c *realcore.Class) { c.PreferredWait = 0 }) },
		"penalty": func(p *realcore.Plan) {
			eachGroup(p, func(g *realcore.Group) { g.RONAPenalty, g.RejectPenalty = 1, 1 })
		},
	}
	planted := map[string]*Bug{
		"last come first": {NewestContact: true}, // among contacts of equal rank
		"shortest idle":   {NewestAgent: true},   // and among agents of equal key
	}
	for name, plan := range bugs {
		planted[name] = &Bug{Plan: plan}
	}
	for name, bug := range planted {
		t.Run(name, func(t *testing.T) {
			for s := uint64(1); s <= 300; s++ {
				if err := Faults(s, bug); err != nil {
					t.Logf("caught: %v", err)
					return
				}
			}
			t.Error("not caught in 300 worlds")
		})
	}
}

func eachClass(p *realcore.Plan, f func(*realcore.Class)) {
	for i := range p.Classes {
		f(&p.Classes[i])
	}
}

func eachGroup(p *realcore.Plan, f func(*realcore.Group)) {
	for i := range p.Groups {
		f(&p.Groups[i])
	}
}

func eachShare(p *realcore.Plan, f func(*realcore.Share)) {
	eachClass(p, func(c *realcore.Class) {
		for k := range c.Pools {
			for _, rank := range c.Pools[k].Ranks {
				for s := range rank {
					f(&rank[s])
				}
			}
		}
	})
}

func reverseRanks(p *realcore.Plan) {
	eachClass(p, func(c *realcore.Class) {
		for k := range c.Pools {
			r := c.Pools[k].Ranks
			for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
				r[i], r[j] = r[j], r[i]
			}
		}
	})
}
