package rtp

// Concealment names how gaps are filled, for those who read a quality figure.
const Concealment = "repetition of the last pitch period, fading out within 60 ms"

const (
	minLag  = 40            // 200 Hz; a higher pitch repeats in a multiple of its period
	maxLag  = FrameSize     // 50 Hz
	compare = FrameSize     // samples two stretches are compared over
	hold    = 80            // 10 ms at full level, then
	fadeOut = 400           // 50 ms down to nothing: G.711 Appendix I's 20 % each 10 ms
	seam    = 32            // 4 ms from the made up back to the real
	history = 2 * FrameSize // what is remembered: compare + maxLag
)

// concealer makes up audio for gaps from what was played last. It repeats the
// last pitch period, so that a vowel or a tone goes on without a break in phase.
// It works by chunks of 1 ms.
type concealer struct {
	heard bool // something real, silence or not
	past  [history]int16
	at    int           // oldest of past
	wave  [maxLag]int16 // the period repeated in this gap
	lag   int           // its length
	gap   int           // samples made up so far; 0 outside gaps
	back  int           // samples still to be blended after a gap
}

// real takes in a chunk that is there; after a gap its beginning is faded in.
func (c *concealer) real(b []int16) {
	c.heard = true
	for i := range b {
		if c.back == 0 {
			c.gap = 0
			break
		}
		b[i] = int16((int(b[i])*(seam-c.back) + int(c.made())*c.back) / seam)
		c.back--
	}
	c.remember(b)
}

// fill makes up a chunk.
func (c *concealer) fill(b []int16) {
	if c.gap == 0 {
		c.findPeriod()
	}
	for i := range b {
		b[i] = c.made()
	}
	c.back = seam
	c.remember(b)
}

func (c *concealer) made() int16 {
	s := int(c.wave[c.gap%c.lag])
	s = s * max(0, min(fadeOut, fadeOut+hold-c.gap)) / fadeOut
	c.gap++
	return int16(s)
}

func (c *concealer) remember(b []int16) {
	for _, s := range b {
		c.past[c.at] = s
		c.at++
		if c.at == history {
			c.at = 0
		}
	}
}

// findPeriod chooses the lag at which the last 20 ms are most like what was before
// them: the highest normalised cross-correlation. 25,000 multiplications, once a gap.
func (c *concealer) findPeriod() {
	var line [history]int16
	copy(line[copy(line[:], c.past[c.at:]):], c.past[:c.at])
	last := line[history-compare:]
	best, bestLag := -1.0, maxLag
	for lag := minLag; lag <= maxLag; lag++ {
		was := line[history-compare-lag : history-lag]
		cross, energy := 0, 1
		for i, s := range last {
			cross += int(s) * int(was[i])
			energy += int(was[i]) * int(was[i])
		}
		if cross <= 0 {
			continue
		}
		if like := float64(cross) * float64(cross) / float64(energy); like > best {
			best, bestLag = like, lag
		}
	}
	c.lag = bestLag
	copy(c.wave[:bestLag], line[history-bestLag:])
}
