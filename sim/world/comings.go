package world

import "callwright/realcore"

// comings is the next arrival of each stream, as a winner tree: the streams are
// its leaves, each inner node holds the stream that comes first below it, and a
// new arrival plays its way up alone. At one instant the first stream in the
// plan comes first.
type comings struct {
	at  []realcore.Instant // by stream; Never: none any more
	win []int32            // node i has children 2i and 2i+1; leaf of stream s: len(at)+s; the root is 1
}

func newComings(streams int) comings {
	c := comings{at: make([]realcore.Instant, streams), win: make([]int32, 2*streams)}
	for s := range streams {
		c.at[s], c.win[streams+s] = realcore.Never, int32(s)
	}
	for i := streams - 1; i >= 1; i-- {
		c.win[i] = c.winner(i)
	}
	return c
}

func (c *comings) winner(i int) int32 {
	a, b := c.win[2*i], c.win[2*i+1]
	if c.at[b] < c.at[a] || c.at[b] == c.at[a] && b < a {
		return b
	}
	return a
}

// set says when the stream's next arrival comes.
func (c *comings) set(stream int32, at realcore.Instant) {
	c.at[stream] = at
	for i := (len(c.at) + int(stream)) >> 1; i >= 1; i >>= 1 {
		c.win[i] = c.winner(i)
	}
}

// first returns the stream that comes first, and when; Never if none does.
func (c *comings) first() (realcore.Instant, int32) {
	if len(c.at) == 0 {
		return realcore.Never, 0
	}
	s := c.win[1]
	return c.at[s], s
}
