package routing

import (
	"slices"

	"callwright/realcore"
)

// Level is a group's skill level for one requirement: 0 not skilled, 1 and up
// the better.
type Level = int32

// GroupOrder says how groups that may take a contact are ranked among each
// other.
type GroupOrder uint8

// The group orders.
const (
	Together    GroupOrder = iota // one rank: agents of all groups compare as one team
	MostSkilled                   // one rank a level, the highest first
	InOrder                       // one rank a group, as listed
)

// Ranks returns the pool of the groups whose level is at least min, in ranks
// as the order asks. levels[g] is group g's level; listed gives the order of
// groups for InOrder (nil: by index), weights the shares (nil: all 1).
func Ranks(order GroupOrder, levels []Level, min Level, listed []realcore.GroupID, weights []int32) realcore.Pool {
	if listed == nil {
		for g := range levels {
			listed = append(listed, realcore.GroupID(g))
		}
	}
	var able []realcore.Share
	for _, g := range listed {
		if lv := levels[g]; lv > 0 && lv >= min {
			w := int32(1)
			if weights != nil {
				w = weights[g]
			}
			able = append(able, realcore.Share{Group: g, Weight: w})
		}
	}
	var pool realcore.Pool
	switch order {
	case Together:
		if len(able) > 0 {
			pool.Ranks = [][]realcore.Share{able}
		}
	case InOrder:
		for _, s := range able {
			pool.Ranks = append(pool.Ranks, []realcore.Share{s})
		}
	case MostSkilled:
		slices.SortStableFunc(able, func(a, b realcore.Share) int { return int(levels[b.Group] - levels[a.Group]) })
		for i, s := range able {
			if i == 0 || levels[s.Group] != levels[able[i-1].Group] {
				pool.Ranks = append(pool.Ranks, nil)
			}
			last := len(pool.Ranks) - 1
			pool.Ranks[last] = append(pool.Ranks[last], s)
		}
	}
	return pool
}
