package world

import (
	"callwright/realcore"
	"callwright/traffic"
)

// knownTo returns the agents that a stream's callers may ask for: those who serve
// the queue it leads to, at whatever step of the search. Who comes in through a
// flow may ask for anybody.
func knownTo(p *realcore.Plan, s *traffic.Source) []realcore.AgentID {
	queue := s.Outbound
	if queue == realcore.None {
		queue = p.Straight(s.Entry)
	}
	var list []realcore.AgentID
	for a := range p.Agents {
		if queue == realcore.None || serves(p, p.Agents[a].Group, queue) {
			list = append(list, realcore.AgentID(a))
		}
	}
	return list
}

func serves(p *realcore.Plan, g realcore.GroupID, q realcore.QueueID) bool {
	for _, s := range p.Groups[g].Serves {
		if p.Classes[s.Class].Queue == q {
			return true
		}
	}
	return false
}

// pick returns the agent at u, in [0, 1), of a list.
func pick(list []realcore.AgentID, u float64) realcore.AgentID {
	if len(list) == 0 {
		return realcore.None
	}
	return list[min(int(u*float64(len(list))), len(list)-1)]
}
