package world

import (
	"math/bits"

	"callwright/realcore"
)

// comings is the next arrival of each stream, as a winner tree: the streams are
// its leaves, each inner node holds what comes first below it, and a new arrival
// plays its way up alone. At one instant the first stream in the plan comes
// first.
type comings struct {
	tree []coming // node i has children 2i and 2i+1; the leaf of stream s is len/2 + s; the root is 1
}

type coming struct {
	at     uint64 // Never: none any more
	stream uint64
}

func newComings(streams int) comings {
	c := comings{tree: make([]coming, max(2*streams, 2))}
	for i := range c.tree {
		c.tree[i] = coming{uint64(realcore.Never), uint64(max(i-streams, 0))}
	}
	return c
}

// set says when the stream's next arrival comes. The winner of two is found
// without a branch, which would go either way like the flip of a coin.
func (c *comings) set(stream int32, at realcore.Instant) {
	i := len(c.tree)/2 + int(stream)
	c.tree[i].at = uint64(at)
	for i >>= 1; i >= 1; i >>= 1 {
		pair := c.tree[2*i : 2*i+2 : 2*i+2]
		_, second := bits.Sub64(pair[1].stream, pair[0].stream, 0)
		_, second = bits.Sub64(pair[1].at, pair[0].at, second)
		c.tree[i] = pair[second&1]
	}
}

// first returns the stream that comes first, and when; Never if none does.
func (c *comings) first() (realcore.Instant, int32) {
	return realcore.Instant(c.tree[1].at), int32(c.tree[1].stream)
}
